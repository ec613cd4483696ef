//! `tok context …`

use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde::Serialize;

use super::contexts::{SavedContext, SavedContexts, check_name};
use super::invocation::{Within, block_on};
use super::output::Row;
use super::terminal::is_interactive;
use super::workplace::OWN_STORE;
use super::{Global, confirm, keyring, stdin_names};
use crate::client::ServerAddress;
use crate::error::{Error, Result};

/// Name servers that commands are sent to
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give a server a name: its address in --server, its key in the system's keyring or in --key-file
    #[command(
        after_help = "With --key-file the key stays in its file; only where that is gets noted. With --keyring it is \
        asked for, or read from stdin, and kept in the keyring of the system for this server alone; the same command \
        once more replaces it.\n\n\
        Examples:\n  tok context add prod --server https://calls.example.com --keyring\n  \
        tok context add prod --server https://calls.example.com --key-file ~/.tok-key"
    )]
    Add(AddArgs),
    /// List the servers that have a name; the one in use is marked
    List,
    /// Send commands to this server from now on; - goes back to the store of this machine
    Use(NameArgs),
    /// Forget a name, and the key that the keyring has for it
    Remove(NameArgs),
}

#[derive(Debug, Args)]
pub(super) struct AddArgs {
    #[command(flatten)]
    named: NameArgs,
    /// Keep the key in the keyring of the system; it is asked for, or read from stdin
    #[arg(long, conflicts_with = "key_file")]
    keyring: bool,
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
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    keyring: bool,
    in_use: bool,
}

pub(super) fn run(command: Command, within: &Within<'_>) -> Result<()> {
    // What cannot be done is refused before somebody is asked and before anything is written.
    let known = SavedContexts::load(within.environment)?;
    match command {
        Command::List => list(&known, within),
        Command::Add(given) => add(&known, &given, within),
        Command::Use(given) => switch(&known, &given, within),
        Command::Remove(given) => remove(&known, &given, within),
    }
}

fn add(known: &SavedContexts, given: &AddArgs, within: &Within<'_>) -> Result<()> {
    let name = &given.named.name;
    check_name(name)?;
    let Some(url) = &within.global.server else {
        return Err(Error::invalid(
            "no server is given; say its address with --server",
        ));
    };
    let new = SavedContext {
        server: ServerAddress::parse(url)?.shown().to_owned(),
        key_file: key_file(within.global)?,
        keyring: given.keyring,
    };
    check_free(known, name, &new)?;
    if new.keyring {
        // Before somebody is asked.
        keyring::check(name, &new)?;
    }
    if given.named.dry_run {
        within.output.nothing_done();
        return Ok(());
    }
    let key = new.keyring.then(asked_key).transpose()?;
    SavedContexts::change(within.environment, |saved| {
        check_free(saved, name, &new)?;
        if let Some(key) = key {
            keyring::keep(name, &new, &key)?;
        }
        saved.all.insert(name.clone(), new);
        Ok(())
    })
}

/// Insists that the name is not that of another server, or of one with its key elsewhere.
fn check_free(saved: &SavedContexts, name: &str, new: &SavedContext) -> Result<()> {
    match saved.all.get(name).filter(|old| *old != new) {
        Some(old) => Err(Error::conflict(format!(
            "there is a context `{name}` already, for {}; remove it first",
            old.server
        ))),
        None => Ok(()),
    }
}

fn switch(known: &SavedContexts, given: &NameArgs, within: &Within<'_>) -> Result<()> {
    let name = Some(&given.name).filter(|name| *name != OWN_STORE);
    let is_there = |saved: &SavedContexts| name.map_or(Ok(()), |name| saved.get(name).map(|_| ()));
    is_there(known)?;
    if given.dry_run {
        within.output.nothing_done();
        return Ok(());
    }
    SavedContexts::change(within.environment, |saved| {
        is_there(saved)?;
        saved.in_use = name.cloned();
        Ok(())
    })
}

fn remove(known: &SavedContexts, given: &NameArgs, within: &Within<'_>) -> Result<()> {
    let name = &given.name;
    known.get(name)?;
    let mut was_in_use = known.in_use.as_ref() == Some(name);
    if !given.dry_run {
        SavedContexts::change(within.environment, |saved| {
            let old = saved.get(name)?;
            if old.keyring {
                keyring::remove(name, old).map_err(stays)?;
            }
            saved.all.remove(name);
            was_in_use = saved.in_use.take_if(|used| *used == *name).is_some();
            Ok(())
        })?;
    }
    if was_in_use {
        let would = if given.dry_run { "would work" } else { "work" };
        within.output.warn(&format!(
            "{name} is the context in use; without it commands {would} on the store of this machine"
        ));
    }
    if given.dry_run {
        within.output.nothing_done();
    }
    Ok(())
}

/// A key that nobody knows of any more would stay in the keyring for ever, so the name stays as well.
fn stays(error: Error) -> Error {
    error.advise(
        "nothing was removed: its key is in there; do it again where the keyring can be used",
    )
}

/// The file that a context is to read its key from.
fn key_file(global: &Global) -> Result<Option<String>> {
    match global.key_file.as_deref() {
        None => Ok(None),
        Some("-") => Err(Error::invalid(
            "the key of a context is in a file that stays; name it with --key-file, or use --keyring",
        )),
        Some(file) => {
            // That it can be read is better known now.
            stdin_names::secret(file)?;
            let absolute = std::path::absolute(file);
            let absolute = absolute.map_err(|error| super::io_error(file, error))?;
            Ok(Some(absolute.display().to_string()))
        }
    }
}

/// The key for the keyring: typed unseen by somebody who is there, otherwise from stdin.
fn asked_key() -> Result<SecretString> {
    if !is_interactive() {
        return Ok(stdin_names::secret("-")?.into());
    }
    let mut key = SecretString::default();
    block_on(async {
        key = confirm::secret("API key").await?;
        Ok(())
    })?;
    Ok(key)
}

fn list(saved: &SavedContexts, within: &Within<'_>) -> Result<()> {
    let named = saved.all.iter().map(|(name, context)| NamedServer {
        name: name.clone(),
        server: context.server.clone(),
        key_file: context.key_file.clone(),
        keyring: context.keyring,
        in_use: saved.in_use.as_ref() == Some(name),
    });
    within.output.items(&named.collect::<Vec<_>>())
}

impl Row for NamedServer {
    const COLUMNS: &'static [&'static str] = &["name", "server", "key", "in use"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.server.clone(),
            match &self.key_file {
                Some(file) => file.clone(),
                None if self.keyring => "in the keyring".to_owned(),
                None => "-".to_owned(),
            },
            if self.in_use { "yes" } else { "" }.to_owned(),
        ]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
