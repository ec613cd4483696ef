//! `tok call …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::room::At;
use super::table::time;
use super::values;
use super::workplace::{Workplace, perform, stream};
use crate::client;
use crate::commands::call::{create, end};
use crate::error::{Error, Result};
use crate::model::call::{Call, Party, PartyRef, Side};
use crate::model::{Minter, Span};

/// Ring people and see calls
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Ring somebody
    Start(StartArgs),
    /// End calls, or one side's part in them
    End(EndArgs),
    /// List calls in the order they began
    List(ListArgs),
    /// Show a call
    Show(ShowArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "People are named by their id, devices as device:ID.\n\n\
    Example:\n  tok call start ada grace --ring-for 30s")]
pub(super) struct StartArgs {
    /// Who calls
    #[arg(value_name = "CALLER")]
    caller: String,
    /// Who is called
    #[arg(value_name = "CALLEE")]
    callee: String,
    #[command(flatten)]
    at: At,
    /// How long it rings [default: calls.ring_for of the configuration]
    #[arg(long, value_name = "DURATION")]
    ring_for: Option<Span>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct EndArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Only this side's part: caller or callee
    #[arg(long, value_name = "SIDE", value_parser = values::side(), hide_possible_values = true)]
    by: Option<Side>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Those that are over and cleaned up, instead of those that are not
    #[arg(long)]
    past: bool,
    /// Stop after so many calls
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The call
    #[arg(value_name = "ID")]
    id: String,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Start(arguments) => start(invocation, &arguments).await,
        Command::End(arguments) => end(invocation, &arguments).await,
        Command::List(arguments) => {
            let pages = stream!(invocation, call::list::all(arguments.past));
            invocation.output.list(pages, arguments.limit).await
        }
        Command::Show(arguments) => {
            let call = perform!(invocation, call::show::run(arguments.id.into()))?;
            if call.overdue {
                let what = "its ring is overdue: no worker ends it; start `tok work`";
                invocation.output.warn(what);
            }
            invocation.output.one(&call, &call.id)
        }
    }
}

fn party(text: &str) -> PartyRef {
    match text.strip_prefix("device:") {
        Some(id) => PartyRef::Device(id.to_owned()),
        None => PartyRef::User(text.to_owned()),
    }
}

async fn start(invocation: &Invocation<'_>, arguments: &StartArgs) -> Result<()> {
    let input = create::Input {
        caller: party(&arguments.caller),
        callee: party(&arguments.callee),
        backend: arguments.at.backend,
        ring_for: arguments.ring_for,
        token_in_ring: false,
        minter: Minter::OPERATOR,
    };
    if arguments.dry_run {
        let plan = match &invocation.workplace {
            Workplace::Store(store) => create::plan(&store.context, input).await?,
            Workplace::Server(server) => client::call::create::plan(server, input).await?,
        };
        invocation.output.one(&plan, plan.backend.as_str())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let started = match &invocation.workplace {
        Workplace::Store(store) => create::run(&store.context, input).await?,
        Workplace::Server(server) => client::call::create::run(server, input).await?,
    };
    let id = &started.call.id;
    let printed = invocation.output.one(&started, id);
    match printed.and_then(|()| invocation.output.flush()) {
        Ok(()) => Ok(()),
        Err(unseen) => Err(end_unseen(invocation, id, unseen).await),
    }
}

/// Ends a call whose join token nobody saw: nobody could come in, and while it rings neither side is in
/// another one.
async fn end_unseen(invocation: &Invocation<'_>, id: &str, unseen: Error) -> Error {
    let (call, by) = (id.to_owned(), None);
    let said = match perform!(invocation, call::end::run(end::Input { call, by })) {
        Ok(_) => {
            "the call is ended again, as its join token cannot be written to stdout".to_owned()
        }
        Err(error) => {
            format!(
                "the call {id} goes on, and its join token cannot be written to stdout: {error}"
            )
        }
    };
    unseen.saying(said)
}

async fn end(invocation: &Invocation<'_>, arguments: &EndArgs) -> Result<()> {
    let ids = super::stdin_names::read(&arguments.ids)?;
    let calls = if arguments.dry_run {
        let act = async |id: &str| perform!(invocation, call::show::run(id.into()));
        invocation.each(&ids, act).await?
    } else {
        let act = async |id: &str| {
            let (call, by) = (id.to_owned(), arguments.by);
            perform!(invocation, call::end::run(end::Input { call, by }))
        };
        invocation.each(&ids, act).await?
    };
    invocation.output.items(&calls)?;
    if arguments.dry_run {
        invocation.output.nothing_done();
    }
    Ok(())
}

fn known_as(party: &Party) -> String {
    match (&party.user_id, &party.device_id) {
        (Some(user), _) => user.clone(),
        (None, Some(device)) => format!("device:{device}"),
        (None, None) => "-".to_owned(),
    }
}

impl Row for Call {
    const COLUMNS: &'static [&'static str] =
        &["id", "state", "caller", "callee", "backend", "began"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            if self.overdue {
                format!("{}, overdue", self.state.as_str())
            } else {
                self.state.as_str().to_owned()
            },
            known_as(&self.caller),
            known_as(&self.callee),
            self.backend.to_string(),
            time(self.created_at),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
