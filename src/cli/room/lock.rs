//! `tok room lock`

use clap::Args;

use super::At;
use crate::cli::invocation::Invocation;
use crate::cli::output::Row;
use crate::cli::stdin_names;
use crate::cli::workplace::perform;
use crate::commands::room::lock;
use crate::error::Result;
use crate::model::meeting::Actor;

#[derive(Debug, Args)]
#[command(
    after_help = "Hosts by a token always come in, and unlock it from the page as well. A lock ends with the last who goes.\n\n\
    Example:\n  tok room lock standup\n  tok room lock standup --lift"
)]
pub(crate) struct LockArgs {
    /// Names; - reads them from stdin
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
    /// Unlock them: people come in again
    #[arg(long)]
    lift: bool,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, arguments: LockArgs) -> Result<()> {
    let names = stdin_names::read(&arguments.names)?;
    let room = |name: &str| -> Result<lock::Input> {
        Ok(lock::Input {
            name: name.parse()?,
            backend: arguments.at.backend,
            by: Actor::Operator,
            lift: arguments.lift,
        })
    };
    let done = invocation
        .each(&names, async |name| {
            if arguments.dry_run {
                perform!(invocation, room::lock::plan(room(name)?))
            } else {
                perform!(invocation, room::lock::run(room(name)?))
            }
        })
        .await?;
    match done.as_slice() {
        [one] => invocation.output.one(one, one.name.as_str())?,
        all => invocation.output.items(all)?,
    }
    if arguments.dry_run {
        invocation.output.nothing_done();
    }
    Ok(())
}

impl Row for lock::Output {
    const COLUMNS: &'static [&'static str] = &["name", "backend", "locked"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.to_string(),
            self.backend.to_string(),
            self.locked.to_string(),
        ]
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }
}
