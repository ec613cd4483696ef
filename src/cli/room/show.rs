//! `tok room list`, `show` and `participants`

use clap::Args;

use super::At;
use crate::cli::invocation::Invocation;
use crate::cli::stdin_names;
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

pub(super) async fn list(invocation: &Invocation<'_>, arguments: ListArgs) -> Result<()> {
    let pages = room::list::all(&invocation.context, arguments.at.backend);
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
        let room = room::show::run(&invocation.context, input(name)).await?;
        return invocation.output.one(&room, room.name.as_str());
    }
    let act = async |name: &str| room::show::run(&invocation.context, input(name)).await;
    let rooms = invocation.each(&names, act).await?;
    invocation.output.items(&rooms)
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
    let context = &invocation.context;
    let input = room::participants::Input {
        name: arguments.name.parse()?,
        backend: arguments.at.backend,
    };
    let people = room::participants::run(context, input).await?;
    invocation.output.items(&people)
}
