//! `tok token …`

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::io_error;
use super::room::{At, properties};
use crate::commands::token::{create, inspect};
use crate::error::{Error, Kind, Result};
use crate::model::{Moment, Role, Span};

/// The most that is read from stdin.
const LONGEST: u64 = 64 * 1024;

/// Manage join tokens
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Mint a token that lets one person into one room
    Create(CreateArgs),
    /// Read a token from stdin and say whether it opens anything now
    Inspect(InspectArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tok token create standup --role host --user-name Ada --ttl 2h -o name"
)]
pub(super) struct CreateArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    #[command(flatten)]
    at: At,
    /// What the holder may do: viewer, participant or host
    #[arg(long, value_name = "ROLE", default_value = "participant")]
    role: Role,
    /// The app's id of the person
    #[arg(long, value_name = "ID")]
    user_id: Option<String>,
    /// The name shown in the call
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// How long it is good [default: tokens.ttl of the configuration]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Span>,
    /// Good only from then on: a time, or how long from now
    #[arg(long, value_name = "WHEN")]
    not_before: Option<Moment>,
    /// A further option by the backend's own name; the value is JSON or a plain text
    #[arg(long = "property", value_name = "KEY=VALUE")]
    properties: Vec<String>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "A token is a secret and would be seen in the list of processes, so it is read from stdin.\n\n\
    Example:\n  tok token create standup -o name | tok token inspect"
)]
pub(super) struct InspectArgs {
    #[command(flatten)]
    at: At,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Create(arguments) => create(invocation, arguments).await,
        Command::Inspect(arguments) => inspect(invocation, &arguments).await,
    }
}

async fn create(invocation: &Invocation<'_>, arguments: CreateArgs) -> Result<()> {
    let spec = create::TokenSpec {
        backend: arguments.at.backend,
        role: arguments.role,
        user_id: arguments.user_id,
        user_name: arguments.user_name,
        ttl: arguments.ttl,
        not_before: arguments.not_before,
        properties: properties(&arguments.properties)?,
    };
    let input = create::Input {
        room: arguments.room.parse()?,
        room_id: None,
        spec,
        strongest: Role::Host,
    };
    let token = create::run(&invocation.context, input).await?;
    invocation.output.one(&token, &token.token)
}

async fn inspect(invocation: &Invocation<'_>, arguments: &InspectArgs) -> Result<()> {
    if std::io::stdin().is_terminal() {
        invocation
            .output
            .inform("Paste the token, then press Enter and Ctrl-D.");
    }
    let mut token = String::new();
    std::io::stdin()
        .take(LONGEST)
        .read_to_string(&mut token)
        .map_err(|error| io_error("stdin", error))?;
    let input = inspect::Input {
        token,
        backend: arguments.at.backend,
    };
    let facts = inspect::run(&invocation.context, input).await?;
    invocation
        .output
        .one(&facts, facts.room.as_deref().unwrap_or_default())?;
    match facts.reason {
        None => Ok(()),
        Some(reason) => Err(Error::new(
            Kind::Unauthenticated,
            format!("the token opens nothing: {reason}"),
        )),
    }
}
