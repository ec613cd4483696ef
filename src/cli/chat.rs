//! `tok chat …`

use clap::{Args, Subcommand};
use futures_util::{StreamExt, TryStreamExt};
use serde::Serialize;

use super::invocation::Invocation;
use super::output::{Format, Row};
use super::room::Consent;
use super::stdin_names;
use super::table::{counted, harmless, time};
use super::workplace::perform;
use crate::commands::chat::{delete, edit, export, history, send, show, tail};
use crate::error::Result;
use crate::model::chat::{EVERYONE, Message};
use crate::model::happening::{MessageChange, MessageEvent};
use crate::model::meeting::Actor;
use crate::model::{PageRequest, RoomName};

/// Read and write messages in local rooms
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a message, as the operator
    Send(SendArgs),
    /// Let a message say something else
    Edit(EditArgs),
    /// Remove messages
    Delete(DeleteArgs),
    /// List the latest messages, oldest first
    History(HistoryArgs),
    /// Show messages as they come, change and go, until Ctrl-C
    Tail(RoomArgs),
    /// Print all messages, oldest first
    #[command(after_help = "Example:\n  tok chat export standup -o jsonl > standup.jsonl")]
    Export(RoomArgs),
}

#[derive(Debug, Args)]
pub(super) struct RoomArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok chat send standup 'We end in five minutes'")]
pub(super) struct SendArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// What it says
    #[arg(value_name = "TEXT")]
    content: String,
    /// For this participant only [default: everybody]
    #[arg(long, value_name = "ID")]
    to: Option<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct EditArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// The message
    #[arg(value_name = "ID")]
    id: String,
    /// What it says from now on
    #[arg(value_name = "TEXT")]
    content: String,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// Messages; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Debug, Args)]
pub(super) struct HistoryArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// At most so many messages, up to 1000 [default: 100]
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Only those before this message
    #[arg(long, value_name = "ID")]
    before: Option<String>,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let output = invocation.output;
    match command {
        Command::Send(arguments) => send(invocation, arguments).await,
        Command::Edit(arguments) => edit(invocation, arguments).await,
        Command::Delete(arguments) => delete(invocation, &arguments).await,
        Command::History(arguments) => {
            let page = PageRequest::checked(arguments.limit, arguments.before)?;
            let input = history::Input {
                room: arguments.room.parse()?,
                reader: Actor::Operator,
                page,
            };
            let found = perform!(invocation, chat::history::run(input))?;
            output.items(&found.items)
        }
        Command::Tail(arguments) => tail(invocation, &arguments.room).await,
        Command::Export(arguments) => {
            let room = arguments.room.parse()?;
            let all = perform!(invocation, chat::export::run(export::Input { room }))?;
            output.list(all, None).await
        }
    }
}

/// A message that would be written.
#[derive(Serialize)]
struct PlannedMessage {
    room: RoomName,
    to: String,
    content: String,
}

async fn send(invocation: &Invocation<'_>, arguments: SendArgs) -> Result<()> {
    let output = invocation.output;
    let room: RoomName = arguments.room.parse()?;
    let (to, content) = (arguments.to, arguments.content);
    let to = to.unwrap_or_else(|| EVERYONE.to_owned());
    let by = Actor::Operator;
    if arguments.dry_run {
        let page = PageRequest::checked(Some(1), None)?;
        let (reader, in_room) = (Actor::Operator, room.clone());
        let room_is_there = history::Input {
            room: in_room,
            reader,
            page,
        };
        perform!(invocation, chat::history::run(room_is_there))?;
        output.one(&PlannedMessage { room, to, content }, "")?;
        output.nothing_done();
        return Ok(());
    }
    let input = send::Input {
        room,
        by,
        to,
        content,
        client_id: None,
    };
    let sent = perform!(invocation, chat::send::run(input))?;
    output.one(&sent, &sent.id)
}

async fn edit(invocation: &Invocation<'_>, arguments: EditArgs) -> Result<()> {
    let output = invocation.output;
    let (room, id, content) = (arguments.room.parse()?, arguments.id, arguments.content);
    if arguments.dry_run {
        let now = perform!(invocation, chat::show::run(show::Input { room, id }))?;
        output.one(&Message { content, ..now }, "")?;
        output.nothing_done();
        return Ok(());
    }
    let (by, message) = (Actor::Operator, id);
    let input = edit::Input {
        room,
        by,
        message,
        content,
    };
    let now = perform!(invocation, chat::edit::run(input))?;
    output.one(&now, &now.id)
}

async fn delete(invocation: &Invocation<'_>, arguments: &DeleteArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    let room = &arguments.room;
    if arguments.consent.dry_run {
        let found = invocation
            .each(&ids, async |id| {
                let (room, id) = (room.parse()?, id.to_owned());
                perform!(invocation, chat::show::run(show::Input { room, id }))
            })
            .await?;
        invocation.output.nothing_done();
        return invocation.output.items(&found);
    }
    let question = format!("Delete {} of {room}?", counted(ids.len(), "message"));
    invocation.confirm(arguments.consent.yes, question).await?;
    let removed = invocation
        .each(&ids, async |id| {
            let input = delete::Input {
                room: room.parse()?,
                by: Actor::Operator,
                message: id.to_owned(),
            };
            perform!(invocation, chat::delete::run(input))
        })
        .await?;
    invocation.output.items(&removed)
}

async fn tail(invocation: &Invocation<'_>, room: &str) -> Result<()> {
    invocation.stop_on_signal()?;
    let input = tail::Input {
        room: room.parse()?,
        after: None,
    };
    let stop = invocation.stop().clone();
    let opening = async { perform!(invocation, chat::tail::run(input)) };
    let mut messages = tokio::select! {
        opened = opening => opened?,
        () = stop.cancelled() => futures_util::stream::empty().boxed(),
    };
    let output = invocation.output;
    let mut printer = output.printer();
    loop {
        let told = tokio::select! {
            told = messages.try_next() => told?,
            () = stop.cancelled() => None,
        };
        let Some(told) = told else {
            break;
        };
        let Some(event) = told.event else {
            continue;
        };
        let MessageEvent { change, message } = event;
        if output.format == Format::Table {
            let what = match change {
                MessageChange::New => "",
                MessageChange::Edit => " (changed)",
                MessageChange::Delete => " (deleted)",
            };
            let Message {
                from_name, content, ..
            } = &message;
            let at = time(message.created_at);
            output.line(&harmless(&format!("{at} {from_name}{what}: {content}")))?;
        } else {
            printer.item(&MessageEvent { change, message })?;
        }
        output.flush()?;
        if output.is_closed() {
            return Ok(());
        }
    }
    // A list of JSON is closed, CSV has its headings; an empty table says nothing.
    if output.format != Format::Table {
        printer.end::<MessageEvent>()?;
    }
    Ok(())
}

impl Row for MessageEvent {
    const COLUMNS: &'static [&'static str] = &["change", "id", "at", "from", "to", "content"];

    fn cells(&self) -> Vec<String> {
        let mut cells = self.message.cells();
        let change = match self.change {
            MessageChange::New => "new",
            MessageChange::Edit => "edit",
            MessageChange::Delete => "delete",
        };
        cells.insert(0, change.to_owned());
        cells
    }

    fn name(&self) -> &str {
        &self.message.id
    }
}

impl Row for Message {
    const COLUMNS: &'static [&'static str] = &["id", "at", "from", "to", "content"];

    fn cells(&self) -> Vec<String> {
        let to = if self.is_public() {
            "everyone"
        } else {
            &self.to
        };
        vec![
            self.id.clone(),
            time(self.created_at),
            self.from_name.clone(),
            to.to_owned(),
            self.content.clone(),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
