//! `tok context …`

use clap::{Args, Subcommand};
use serde::Serialize;

use super::contexts::{SavedContext, SavedContexts, check_name};
use super::invocation::Within;
use super::output::Row;
use super::stdin_names;
use super::workplace::OWN_STORE;
use crate::client::ServerAddress;
use crate::error::{Error, Result};

/// Name servers that commands are sent to
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give a server a name: its address in --server, the file with its key in --key-file
    #[command(
        after_help = "The key stays in its file; only where that is gets noted.\n\n\
        Example:\n  tok context add prod --server https://calls.example.com --key-file ~/.tok-key"
    )]
    Add(NameArgs),
    /// List the servers that have a name; the one in use is marked
    List,
    /// Send commands to this server from now on; - goes back to the store of this machine
    Use(NameArgs),
    /// Forget a name
    Remove(NameArgs),
}

#[derive(Debug, Args)]
pub(super) struct NameArgs {
    /// The name
    #[arg(value_name = "NAME", allow_hyphen_values = true)]
    name: String,
    /// Only check what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// A server that has a name.
#[derive(Debug, Serialize)]
struct NamedServer {
    name: String,
    server: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_file: Option<String>,
    in_use: bool,
}

pub(super) fn run(command: Command, within: &Within<'_>) -> Result<()> {
    let mut saved = SavedContexts::load(within.environment)?;
    let dry_run = match command {
        Command::List => return list(&saved, within),
        Command::Add(given) => {
            add(&mut saved, &given.name, within)?;
            given.dry_run
        }
        Command::Use(given) if given.name == OWN_STORE => {
            saved.in_use = None;
            given.dry_run
        }
        Command::Use(given) => {
            saved.get(&given.name)?;
            saved.in_use = Some(given.name);
            given.dry_run
        }
        Command::Remove(given) => {
            saved.get(&given.name)?;
            saved.all.remove(&given.name);
            saved.in_use.take_if(|name| *name == given.name);
            given.dry_run
        }
    };
    if dry_run {
        within.output.nothing_done();
        return Ok(());
    }
    saved.save(within.environment)
}

fn add(saved: &mut SavedContexts, name: &str, within: &Within<'_>) -> Result<()> {
    check_name(name)?;
    let Some(url) = &within.global.server else {
        return Err(Error::invalid(
            "no server is given; say its address with --server",
        ));
    };
    let address = ServerAddress::parse(url)?;
    let key_file = match within.global.key_file.as_deref() {
        None => None,
        Some("-") => {
            return Err(Error::invalid(
                "the key of a context is in a file that stays; name it with --key-file",
            ));
        }
        Some(file) => {
            // That it can be read is better known now.
            stdin_names::secret(file)?;
            let absolute = std::path::absolute(file);
            let absolute = absolute.map_err(|error| super::io_error(file, error))?;
            Some(absolute.display().to_string())
        }
    };
    let new = SavedContext {
        server: address.shown().to_owned(),
        key_file,
    };
    match saved.all.get(name) {
        Some(old) if *old != new => Err(Error::conflict(format!(
            "there is a context `{name}` already, for {}; remove it first",
            old.server
        ))),
        _ => {
            saved.all.insert(name.to_owned(), new);
            Ok(())
        }
    }
}

fn list(saved: &SavedContexts, within: &Within<'_>) -> Result<()> {
    let named = saved.all.iter().map(|(name, context)| NamedServer {
        name: name.clone(),
        server: context.server.clone(),
        key_file: context.key_file.clone(),
        in_use: saved.in_use.as_ref() == Some(name),
    });
    within.output.items(&named.collect::<Vec<_>>())
}

impl Row for NamedServer {
    const COLUMNS: &'static [&'static str] = &["name", "server", "key file", "in use"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.server.clone(),
            self.key_file.clone().unwrap_or_else(|| "-".to_owned()),
            if self.in_use { "yes" } else { "" }.to_owned(),
        ]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
