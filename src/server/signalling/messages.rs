//! What people do who write in a room: send, edit, delete, react, and read what was written before.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::LiveRooms;
use super::incoming::{EventWork, PositionalArguments, SendOptions};
use super::socket::{Connection, Joined};
use crate::commands::chat;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::chat::Message;
use crate::model::meeting::Actor;
use crate::model::{PageRequest, RoomName};
use crate::server::video_web_app::message_summary;

/// What changes a message, and gives it as it is then.
type MessageWork = BoxFuture<'static, Result<Message>>;

/// The work that an event about messages means; any other event is unknown.
pub(super) fn work(
    live: &Arc<LiveRooms>,
    connection: &Connection,
    joined: Joined,
    by: Actor,
    event: &str,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let bytes = match event {
        "send-message" | "edit-message" => content(arguments)?.len(),
        _ => 0,
    };
    if event != "delete-message" {
        live.admits_message(connection, &joined, bytes)?;
    }
    let (context, room) = (live.context().clone(), joined.room);
    let work = match event {
        "send-message" => send(context, room, by, arguments)?,
        "edit-message" => edit(context, room, by, arguments)?,
        "delete-message" => delete(context, room, by, arguments)?,
        "react" => react(context, room, by, arguments)?,
        _ => {
            let what = format!("there is no event {event:?}");
            return Err(Error::not_found(what));
        }
    };
    let summarised = work.map(|message| message.map(|message| message_summary(&message)));
    Ok(summarised.boxed())
}

fn message(arguments: &PositionalArguments) -> Result<String> {
    arguments.required(0, "a message")
}

fn content(arguments: &PositionalArguments) -> Result<String> {
    arguments.required(1, "a text")
}

fn send(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<MessageWork> {
    let to: String = arguments.required(0, "a participant or everyone")?;
    let content = content(arguments)?;
    let options: Option<SendOptions> = arguments.object(2, "{clientId}")?;
    let input = chat::send::Input {
        room,
        by,
        to,
        content,
        client_id: options.and_then(|options| options.client_id),
    };
    Ok(async move { chat::send::run(&context, input).await }.boxed())
}

fn edit(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<MessageWork> {
    let input = chat::edit::Input {
        room,
        by,
        message: message(arguments)?,
        content: content(arguments)?,
    };
    Ok(async move { chat::edit::run(&context, input).await }.boxed())
}

fn delete(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<MessageWork> {
    let message = message(arguments)?;
    let input = chat::delete::Input { room, by, message };
    Ok(async move { chat::delete::run(&context, input).await }.boxed())
}

fn react(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<MessageWork> {
    let input = chat::react::Input {
        room,
        by,
        message: message(arguments)?,
        kind: arguments.required(1, "a number from 0 to 7")?,
        remove: arguments.optional(2, "true or false")?.unwrap_or(false),
    };
    Ok(async move { chat::react::run(&context, input).await }.boxed())
}

/// What was written before.
pub(super) fn history(
    context: Arc<Context>,
    room: RoomName,
    reader: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let before: Option<String> = arguments.optional(0, "a message or null")?;
    let limit = arguments.optional(1, "a number")?;
    let page = PageRequest::checked(limit, before)?;
    let input = chat::history::Input { room, reader, page };
    Ok(async move {
        let page = chat::history::run(&context, input).await?;
        let messages: Vec<Value> = page.items.iter().map(message_summary).collect();
        Ok(json!({ "messages": messages, "more": page.next.is_some(), "before": page.next }))
    }
    .boxed())
}
