//! `tok room create`

use std::pin::pin;

use clap::Args;
use futures_util::{StreamExt, stream};
use tokio_util::sync::CancellationToken;

use super::{At, Settings, properties};
use crate::cli::invocation::Invocation;
use crate::cli::terminal::is_interactive;
use crate::cli::workplace::perform;
use crate::cli::{confirm, stdin_names};
use crate::commands::room::create::Input;
use crate::error::{Error, Kind, Result};
use crate::model::{Moment, Privacy, Room, RoomName};

/// Rooms made at the same time; the results keep their order.
const AT_ONCE: usize = 32;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok room create standup\n  \
    tok room create --expires 24h --privacy private\n  \
    cat names | tok room create - -o jsonl")]
pub(crate) struct CreateArgs {
    /// Names of 1 to 128 of A-Z a-z 0-9 - _; - reads them from stdin; without any, tok makes one up
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    settings: Settings,
    /// If a room exists with these settings already, print it instead of failing
    #[arg(long)]
    exist_ok: bool,
    /// Only say what would be created
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, arguments: CreateArgs) -> Result<()> {
    let settings = arguments.settings;
    let mut input = Input {
        name: None,
        backend: arguments.at.backend,
        privacy: settings.privacy,
        not_before: settings.not_before,
        expires: settings.expires,
        max_participants: settings.max_participants,
        properties: properties(&settings.properties)?,
        exist_ok: arguments.exist_ok,
    };
    let from_stdin = arguments.names.iter().any(|name| name == "-");
    let names = stdin_names::read_all(&arguments.names)?;
    if arguments.names.is_empty() && is_interactive() {
        invocation.output.tell_early();
        input = ask(input).await?;
    }
    if names.is_empty() && from_stdin {
        invocation
            .output
            .inform("there is no name on stdin: nothing to do");
        return Ok(());
    }
    if arguments.dry_run {
        return dry_run(invocation, &names, input).await;
    }
    match names.as_slice() {
        [] => one(invocation, input).await,
        [name] if !from_stdin => {
            input.name = Some(name.clone());
            one(invocation, input).await
        }
        _ => many(invocation, names, &input).await,
    }
}

async fn one(invocation: &Invocation<'_>, input: Input) -> Result<()> {
    let room = perform!(invocation, room::create::run(input))?;
    invocation.output.one(&room, room.name.as_str())
}

/// Each room is printed once it is there, so that an interrupted run has told what it did. A room
/// that cannot be made does not stop the others; trouble with the backend does.
async fn many(invocation: &Invocation<'_>, names: Vec<String>, input: &Input) -> Result<()> {
    for name in &names {
        name.parse::<RoomName>()?;
    }
    invocation.stop_on_signal()?;
    let asked = names.len();
    let stop = invocation.stop();
    let trouble = CancellationToken::new();
    let rooms = stream::iter(names)
        .take_until(async {
            tokio::select! {
                () = stop.cancelled() => {}
                () = trouble.cancelled() => {}
            }
        })
        .map(|name| async {
            let input = Input {
                name: Some(name.clone()),
                ..input.clone()
            };
            (name, perform!(invocation, room::create::run(input)))
        })
        .buffered(AT_ONCE);
    let mut rooms = pin!(rooms);
    let mut printer = invocation.output.printer();
    let (mut failed, mut first) = (0, None);
    while let Some((name, made)) = rooms.next().await {
        match made {
            Ok(room) => {
                printer.item(&room)?;
                invocation.output.flush()?;
            }
            Err(error) if matches!(error.kind(), Kind::Conflict | Kind::InvalidInput) => {
                failed += 1;
                invocation.output.warn(&format!("{name}: {error}"));
            }
            Err(error) => {
                trouble.cancel();
                first.get_or_insert(error);
            }
        }
    }
    printer.end::<Room>()?;
    match first {
        Some(error) => Err(error),
        None if stop.is_cancelled() => Err(Error::new(
            Kind::Interrupted,
            "interrupted; the rooms printed were created",
        )),
        None if failed > 0 => Err(Error::new(
            Kind::Partial,
            format!("{failed} of {asked} rooms could not be created"),
        )),
        None => Ok(()),
    }
}

async fn dry_run(invocation: &Invocation<'_>, names: &[String], input: Input) -> Result<()> {
    let inputs: Vec<Input> = match names {
        [] => vec![input],
        names => names
            .iter()
            .map(|name| Input {
                name: Some(name.clone()),
                ..input.clone()
            })
            .collect(),
    };
    for input in inputs {
        let plan = perform!(invocation, room::create::plan(input))?;
        invocation.output.one(&plan, plan.name.as_str())?;
    }
    invocation.output.nothing_done();
    Ok(())
}

async fn ask(mut input: Input) -> Result<Input> {
    input.name = confirm::fill_in(
        "Name (Enter for a random one; whoever names one is not asked)",
        |name| name.parse::<RoomName>().map(|_| ()),
    )
    .await?;
    if input.privacy.is_none() {
        let chosen = confirm::choose(
            "Who may come in",
            &["everybody with the link", "holders of a token"],
        )
        .await?;
        input.privacy = Some(if chosen == 0 {
            Privacy::Public
        } else {
            Privacy::Private
        });
    }
    if input.expires.is_none() {
        let text = confirm::fill_in("Closes (like 24h or 30d; Enter for never)", |when| {
            when.parse::<Moment>().map(|_| ())
        })
        .await?;
        input.expires = text.map(|text| text.parse()).transpose()?;
    }
    Ok(input)
}
