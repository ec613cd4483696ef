//! What people do who are in a room: each of their events as the operation that it means.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::incoming::{EventWork, PositionalArguments};
use super::outgoing::WireMedia;
use super::socket::{Connection, Joined};
use super::{LiveRooms, hosting, media_offer, messages};
use crate::commands::participant;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::RoomName;
use crate::model::meeting::Actor;

/// The work that an event means of somebody who is in a room.
pub(super) fn work(
    live: &Arc<LiveRooms>,
    connection: &Arc<Connection>,
    joined: Joined,
    event: &str,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    live.admits_room(&joined.room)?;
    let context = live.context().clone();
    let room = joined.room.clone();
    let by = Actor::Seated {
        id: joined.id.clone(),
        seat: connection.id().to_owned(),
    };
    match event {
        "leave" => Ok(leave(context, connection.clone(), room, by).boxed()),
        "update-mediaState" | "update-settings" => send_media(context, room, by, arguments),
        "media-offer" => media_offer::work(context, room, by, arguments),
        "update-name" | "change-name" => rename(context, room, by, arguments),
        "kick-participant"
        | "unban-participant"
        | "banned-participants"
        | "mute-participant"
        | "lock-room"
        | "end-room" => hosting::work(context, room, by, event, arguments),
        "waiting-room-decision" => decide(context, room, by, arguments),
        "transfer-host" => promote(context, room, by, arguments),
        "signal" => signal(live, connection, joined, arguments),
        "history" => messages::history(context, room, by, arguments),
        "ice-servers" => Ok(async move {
            let input = participant::ice::Input { room, by };
            let servers = participant::ice::run(&context, input).await?;
            Ok(json!(servers))
        }
        .boxed()),
        _ => messages::work(live, connection, joined, by, event, arguments),
    }
}

/// Work that tells nothing but that it is done.
fn done(work: impl Future<Output = Result<()>> + Send + 'static) -> EventWork {
    work.map(|done| done.map(|()| Value::Null)).boxed()
}

async fn leave(
    context: Arc<Context>,
    connection: Arc<Connection>,
    room: RoomName,
    by: Actor,
) -> Result<Value> {
    let input = participant::leave::Input { room, by };
    participant::leave::run(&context, input).await?;
    connection.leave();
    Ok(Value::Null)
}

fn send_media(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let what = "an object of booleans";
    let media: Option<WireMedia> = arguments.object(0, what)?;
    let missing = || Error::invalid(format!("argument 1 is missing; it is {what}"));
    let media = media.ok_or_else(missing)?.into();
    let input = participant::media::Input { room, by, media };
    Ok(done(async move {
        participant::media::run(&context, input).await
    }))
}

fn rename(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let name: String = arguments.required(0, "a name")?;
    let input = participant::rename::Input { room, by, name };
    Ok(done(async move {
        participant::rename::run(&context, input).await
    }))
}

/// A host lets somebody in who waits, or not.
fn decide(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let target = target(arguments)?;
    let decision: String = arguments.required(1, "accept or reject")?;
    let accept = match decision.as_str() {
        "accept" => true,
        "reject" => false,
        _ => return Err(Error::invalid("argument 2 must be accept or reject")),
    };
    let input = participant::admit::Input {
        room,
        by,
        target,
        accept,
    };
    Ok(done(async move {
        participant::admit::run(&context, input).await
    }))
}

fn promote(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let target = target(arguments)?;
    let input = participant::promote::Input { room, by, target };
    Ok(done(async move {
        participant::promote::run(&context, input).await
    }))
}

fn signal(
    live: &Arc<LiveRooms>,
    connection: &Connection,
    joined: Joined,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let (to, data) = (target(arguments)?, arguments.raw(1)?);
    live.limits.check_signal(&joined.sender, data.get().len())?;
    let input = participant::signal::Input {
        room: joined.room,
        from: joined.id,
        seat: connection.id().to_owned(),
        to,
        data,
    };
    let context = live.context().clone();
    Ok(done(async move {
        participant::signal::run(&context, input).await
    }))
}

fn target(arguments: &PositionalArguments) -> Result<String> {
    arguments.required(0, "a participant")
}
