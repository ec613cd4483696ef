//! `tok room list`, `show` and `participants`

use clap::Args;

use super::At;
use crate::cli::invocation::Invocation;
use crate::cli::output::Row;
use crate::cli::stdin_names;
use crate::cli::table::time;
use crate::cli::workplace::{perform, stream};
use crate::commands::room;
use crate::commands::room::history::RoomMoment;
use crate::error::Result;
use crate::model::Since;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok room list\n  \
    tok room list -o name | grep ^test- | tok room delete - --yes")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    at: At,
    /// Stop after so many rooms
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

pub(super) async fn list(invocation: &Invocation<'_>, arguments: ListArgs) -> Result<()> {
    let pages = stream!(invocation, room::list::all(arguments.at.backend));
    invocation.output.list(pages, arguments.limit).await
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Names; - reads them from stdin
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
}

pub(super) async fn show(invocation: &Invocation<'_>, arguments: ShowArgs) -> Result<()> {
    let input = |name: &str| room::show::Input {
        name: name.to_owned(),
        backend: arguments.at.backend,
    };
    let names = stdin_names::read(&arguments.names)?;
    if let [name] = arguments.names.as_slice()
        && name != "-"
    {
        let room = perform!(invocation, room::show::run(input(name)))?;
        return invocation.output.one(&room, room.name.as_str());
    }
    let act = async |name: &str| perform!(invocation, room::show::run(input(name)));
    let rooms = invocation.each(&names, act).await?;
    invocation.output.items(&rooms)
}

#[derive(Debug, Args)]
#[command(
    after_help = "Who was refused at the door is in the log of tok serve only.\n\n\
    Example:\n  tok room history standup --since 14:00"
)]
pub(crate) struct HistoryArgs {
    /// The room
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    at: At,
    /// Only since then: 1h (ago), 14:00 (the last, in UTC), 2026-12-24T18:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
}

pub(super) async fn history(invocation: &Invocation<'_>, arguments: HistoryArgs) -> Result<()> {
    let input = room::history::Input {
        room: arguments.name,
        backend: arguments.at.backend,
        since: arguments.since.map(|since| since.from(invocation.now())),
    };
    let moments = perform!(invocation, room::history::run(input))?;
    invocation.output.items(&moments)
}

impl Row for RoomMoment {
    const COLUMNS: &'static [&'static str] =
        &["at", "event", "user", "name", "id", "node", "reason"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            time(self.at),
            self.event.as_str().to_owned(),
            text(&self.user_id),
            text(&self.user_name),
            self.id.clone(),
            text(&self.node),
            text(&self.reason),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

#[derive(Debug, Args)]
pub(crate) struct ParticipantsArgs {
    /// The room
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    at: At,
}

pub(super) async fn participants(
    invocation: &Invocation<'_>,
    arguments: ParticipantsArgs,
) -> Result<()> {
    let input = room::participants::Input {
        name: arguments.name.parse()?,
        backend: arguments.at.backend,
    };
    let people = perform!(invocation, room::participants::run(input))?;
    invocation.output.items(&people)
}
