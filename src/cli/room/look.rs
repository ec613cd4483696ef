//! `tok room list`, `show` and `participants`

use clap::Args;

use super::At;
use crate::cli::session::Session;
use crate::cli::targets;
use crate::commands::room;
use crate::error::Result;

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

pub(super) async fn list(session: &Session<'_>, arguments: ListArgs) -> Result<()> {
    let pages = room::list::all(&session.context, arguments.at.backend);
    session.output.list(pages, arguments.limit).await
}

#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Names; - reads them from stdin
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
}

pub(super) async fn show(session: &Session<'_>, arguments: ShowArgs) -> Result<()> {
    let input = |name: &str| room::show::Input {
        name: name.to_owned(),
        backend: arguments.at.backend,
    };
    let names = targets::read(&arguments.names)?;
    if let [name] = arguments.names.as_slice()
        && name != "-"
    {
        let room = room::show::run(&session.context, input(name)).await?;
        return session.output.one(&room, room.name.as_str());
    }
    let act = async |name: &str| room::show::run(&session.context, input(name)).await;
    let rooms = session.each(&names, act).await?;
    session.output.items(&rooms)
}

#[derive(Debug, Args)]
pub(crate) struct ParticipantsArgs {
    /// The room
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    at: At,
}

pub(super) async fn participants(session: &Session<'_>, arguments: ParticipantsArgs) -> Result<()> {
    let context = &session.context;
    let input = room::participants::Input {
        name: arguments.name.parse()?,
        backend: arguments.at.backend,
    };
    let people = room::participants::run(context, input).await?;
    session.output.items(&people)
}
