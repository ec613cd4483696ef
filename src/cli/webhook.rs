//! `tok webhook …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::room::At;
use super::stdin_names;
use super::table::time;
use super::workplace::perform;
use crate::error::Result;
use crate::model::callback::WebhookDelivery;

/// See what vendors told by web callback
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List deliveries, the newest first
    List(ListArgs),
    /// Show a delivery
    Show(ShowArgs),
    /// Note once more what deliveries say
    Replay(ReplayArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    #[command(flatten)]
    at: At,
    /// Stop after so many deliveries
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The delivery
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct ReplayArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::List(arguments) => {
            let latest = perform!(
                invocation,
                webhook::list::latest(arguments.at.backend, arguments.limit)
            )?;
            invocation.output.items(&latest)
        }
        Command::Show(arguments) => {
            let delivery = perform!(invocation, webhook::show::run(arguments.id.into()))?;
            invocation.output.one(&delivery, &delivery.id)
        }
        Command::Replay(arguments) => {
            let ids = stdin_names::read(&arguments.ids)?;
            if arguments.dry_run {
                let act = async |id: &str| perform!(invocation, webhook::show::run(id.into()));
                invocation
                    .output
                    .items(&invocation.each(&ids, act).await?)?;
                invocation.output.nothing_done();
                return Ok(());
            }
            let act = async |id: &str| perform!(invocation, webhook::replay::run(id.into()));
            let done = invocation.each(&ids, act).await?;
            invocation.output.items(&done)
        }
    }
}

impl Row for WebhookDelivery {
    const COLUMNS: &'static [&'static str] = &["id", "kind", "state", "received", "reason"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.kind.clone(),
            self.state.as_str().to_owned(),
            time(self.received_at),
            self.reason.clone().unwrap_or_default(),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
