//! `tok token …`

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::io_error;
use super::output::Row;
use super::room::{At, properties};
use super::values;
use super::workplace::{Workplace, perform};
use crate::commands::issuer::explain;
use crate::commands::token::{create, inspect};
use crate::error::{Error, Kind, Result};
use crate::model::plain_text;
use crate::model::sign_in::ClaimFact;
use crate::model::{Minter, Moment, Role, Span};

/// The most that is read from stdin.
const LONGEST: u64 = 64 * 1024;

/// Manage join tokens
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Mint a token that lets one person into one room
    Create(CreateArgs),
    /// Read a token from stdin and say whether it opens anything now, or lets somebody sign in
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
    #[arg(long, value_name = "ROLE", default_value = "participant", value_parser = values::role(), hide_possible_values = true)]
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
    /// Let many use it; else whoever comes with it takes the place of whoever came with it before
    #[arg(long)]
    shared: bool,
    /// A further option by the backend's own name; the value is JSON or a plain text
    #[arg(long = "property", value_name = "KEY=VALUE")]
    properties: Vec<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
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
        shared: arguments.shared,
        properties: properties(&arguments.properties)?,
    };
    let input = create::Input {
        room: arguments.room.parse()?,
        room_id: None,
        spec,
        minter: Minter::OPERATOR,
    };
    if arguments.dry_run {
        let plan = perform!(invocation, token::create::plan(input))?;
        invocation.output.one(&plan, plan.room.as_str())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let token = perform!(invocation, token::create::run(input))?;
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
    let token = plain_text::bare(&token).to_owned();
    // Who may sign in is known to the server's configuration alone.
    if let Workplace::Store(store) = &invocation.workplace
        && arguments.at.backend.is_none()
        && explain::is_one(&store.context, &token)
    {
        return explained(invocation, token).await;
    }
    let input = inspect::Input {
        token,
        backend: arguments.at.backend,
    };
    let facts = perform!(invocation, token::inspect::run(input))?;
    invocation
        .output
        .one(&facts, facts.room.as_deref().unwrap_or_default())?;
    match facts.reason {
        None => Ok(()),
        Some(reason) => Err(Error::new(
            Kind::Unauthenticated,
            format!("the token opens nothing: {reason}"),
        )
        .advise("make another one: `tok token create ROOM`")),
    }
}

/// A token that people sign in with, claim by claim.
async fn explained(invocation: &Invocation<'_>, token: String) -> Result<()> {
    let facts = explain::run(&invocation.store()?.context, explain::Input { token }).await?;
    if invocation.output.is_machine() {
        let user = facts.user_id.as_deref().unwrap_or_default();
        invocation.output.one(&facts, user)?;
    } else {
        invocation.output.items(&facts.claims)?;
    }
    match facts.reason {
        None => Ok(()),
        Some(reason) => Err(Error::new(
            Kind::Unauthenticated,
            format!("nobody can sign in with this token: {reason}"),
        )
        .advise("sign in anew for another one; what tokens must say is set in `auth`")),
    }
}

impl Row for ClaimFact {
    const COLUMNS: &'static [&'static str] = &["claim", "found", "good", "says"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.claim.clone(),
            self.found.clone().unwrap_or_default(),
            if self.good { "yes" } else { "no" }.to_owned(),
            self.says.clone(),
        ]
    }

    fn name(&self) -> &str {
        &self.claim
    }
}
