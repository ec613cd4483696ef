//! Where a command works: on the configured store, or at a server elsewhere.

use std::path::{Path, PathBuf};

use secrecy::SecretString;

use super::contexts::{SavedContext, SavedContexts};
use super::{Global, keyring, stdin_names};
use crate::client::{Server, ServerAddress};
use crate::config::{Environment, exposure};
use crate::context::Context;
use crate::error::{Error, Result};

/// In the place of a name: the store of this machine.
pub(super) const OWN_STORE: &str = "-";

/// Where a command works.
pub(super) enum Workplace {
    /// On a store, with everything that is configured beside it.
    Store(Box<OpenedStore>),
    /// At a server, through its API.
    Server(Box<Server>),
}

/// A store that was opened.
pub(super) struct OpenedStore {
    pub(super) context: Context,
    /// Where data is kept.
    pub(super) data_dir: PathBuf,
}

/// Carries an operation out where the command works: `perform!(invocation, room::show::run(input))`.
macro_rules! perform {
    ($invocation:expr, $($part:ident)::+ ( $($argument:expr),* $(,)? )) => {
        match &$invocation.workplace {
            $crate::cli::workplace::Workplace::Store(store) => {
                $crate::commands::$($part)::+(&store.context, $($argument),*).await
            }
            $crate::cli::workplace::Workplace::Server(server) => {
                $crate::client::$($part)::+(server, $($argument),*).await
            }
        }
    };
}

/// The same for what answers at once: a stream, of which the items come later.
macro_rules! stream {
    ($invocation:expr, $($part:ident)::+ ( $($argument:expr),* $(,)? )) => {
        match &$invocation.workplace {
            $crate::cli::workplace::Workplace::Store(store) => {
                $crate::commands::$($part)::+(&store.context, $($argument),*)
            }
            $crate::cli::workplace::Workplace::Server(server) => {
                $crate::client::$($part)::+(server, $($argument),*)
            }
        }
    };
}

pub(super) use {perform, stream};

/// A server that a command was sent to.
pub(super) struct ChosenServer {
    pub(super) address: ServerAddress,
    pub(super) key: Option<SecretString>,
    /// A warning, if others can read the file that the key is in.
    pub(super) exposed: Option<String>,
    /// Whether nobody said so for this command: it is the context in use.
    pub(super) by_habit: bool,
}

/// The server that a command is sent to, if it is: by its flags, then by the environment, then by the
/// context in use. What somebody says of a store for this command, or in this shell, keeps it there.
pub(super) fn chosen(global: &Global, environment: &Environment) -> Result<Option<ChosenServer>> {
    let server = looked_up(global, environment)?;
    if server.is_none() && global.key_file.is_some() {
        return Err(Error::invalid(
            "a key is for a server, and none is named; name it with --server or --context",
        ));
    }
    Ok(server)
}

fn looked_up(global: &Global, environment: &Environment) -> Result<Option<ChosenServer>> {
    match destination(global, environment)? {
        CommandDestination::Store => Ok(None),
        CommandDestination::Address(url) => at(&url, global, environment).map(Some),
        CommandDestination::Context {
            name,
            saved,
            by_habit,
        } => {
            let server = saved_server(&name, &saved, global)?;
            Ok(Some(ChosenServer { by_habit, ..server }))
        }
    }
}

/// Where a command goes, before any key is read.
enum CommandDestination {
    Store,
    Address(String),
    Context {
        name: String,
        saved: SavedContext,
        by_habit: bool,
    },
}

fn destination(global: &Global, environment: &Environment) -> Result<CommandDestination> {
    let at_store = global.data_dir.is_some() || global.config.is_some() || global.profile.is_some();
    if let Some(url) = &global.server {
        return Ok(CommandDestination::Address(url.clone()));
    }
    if let Some(name) = &global.context {
        return named(name, environment);
    }
    if at_store {
        return Ok(CommandDestination::Store);
    }
    if let Some(url) = environment.get("TOK_SERVER") {
        return Ok(CommandDestination::Address(url.to_owned()));
    }
    if let Some(name) = environment.get("TOK_CONTEXT") {
        return named(name, environment);
    }
    let variables = ["TOK_DATA_DIR", "TOK_CONFIG", "TOK_PROFILE"];
    if variables.iter().any(|name| environment.get(name).is_some()) {
        return Ok(CommandDestination::Store);
    }
    let contexts = SavedContexts::load(environment)?;
    let Some(name) = &contexts.in_use else {
        return Ok(CommandDestination::Store);
    };
    let saved = contexts.get(name)?.clone();
    Ok(CommandDestination::Context {
        name: name.clone(),
        saved,
        by_habit: true,
    })
}

/// Whether a command goes to the store of this machine.
pub(super) fn is_at_store(global: &Global, environment: &Environment) -> bool {
    matches!(
        destination(global, environment),
        Ok(CommandDestination::Store)
    )
}

/// The server at an address.
fn at(url: &str, global: &Global, environment: &Environment) -> Result<ChosenServer> {
    let file = global
        .key_file
        .as_deref()
        .or(environment.get("TOK_KEY_FILE"));
    let key = match (file, environment.get("TOK_KEY")) {
        (Some(file), _) => Some(stdin_names::secret(file)?.into()),
        (None, key) => key.map(SecretString::from),
    };
    Ok(ChosenServer {
        address: ServerAddress::parse(url)?,
        key,
        exposed: file.and_then(exposed),
        by_habit: false,
    })
}

/// The server of a context.
fn named(name: &str, environment: &Environment) -> Result<CommandDestination> {
    if name == OWN_STORE {
        return Ok(CommandDestination::Store);
    }
    let saved = SavedContexts::load(environment)?.get(name)?.clone();
    Ok(CommandDestination::Context {
        name: name.to_owned(),
        saved,
        by_habit: false,
    })
}

/// A key goes to the server that it was saved with, and to no other.
fn saved_server(name: &str, saved: &SavedContext, global: &Global) -> Result<ChosenServer> {
    let address = ServerAddress::parse(&saved.server)?;
    let file = global.key_file.as_deref().or(saved.key_file.as_deref());
    let key = match file {
        Some(file) => Some(stdin_names::secret(file)?.into()),
        None if saved.keyring => Some(keyring::read(name, saved)?),
        None => None,
    };
    Ok(ChosenServer {
        address,
        key,
        exposed: file.and_then(exposed),
        by_habit: false,
    })
}

/// A warning, if others can read the file of a key.
fn exposed(file: &str) -> Option<String> {
    let is_stdin = file == "-";
    (!is_stdin).then(|| exposure(Path::new(file), "an API key"))?
}

/// That a command is about the store itself, which no API gives away.
pub(super) fn only_on_store(command: &str, by_habit: bool) -> Error {
    let refused = Error::invalid(format!(
        "`tok {command}` works on the store itself; run it on the server's machine"
    ));
    if by_habit {
        return refused
            .advise("a context is in use; back to the store of this machine: `tok context use -`");
    }
    refused
}
