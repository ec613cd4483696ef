//! What hosts do to the others: send them out, let them in again, mute them, lock the room, end the call.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::incoming::{EventWork, LiftOptions, PositionalArguments};
use super::outgoing::banned_person;
use crate::commands::{participant, room};
use crate::context::Context;
use crate::error::Result;
use crate::model::meeting::Actor;
use crate::model::{BackendName, RoomName};

/// The work that one of their events means.
pub(super) fn work(
    context: Arc<Context>,
    room: RoomName,
    by: Actor,
    event: &str,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    match event {
        "banned-participants" => return Ok(bans(context, room, by).boxed()),
        "end-room" => return Ok(end(context, room, by).boxed()),
        "lock-room" => {
            let lift = is_lifted(arguments, 0)?;
            return Ok(lock(context, room, by, lift).boxed());
        }
        _ => {}
    }
    let target: String = arguments.required(0, "a participant")?;
    match event {
        "unban-participant" => Ok(unban(context, room, by, target).boxed()),
        "mute-participant" => {
            let input = participant::mute::Input {
                room,
                by,
                target,
                lift: is_lifted(arguments, 1)?,
            };
            Ok(mute(context, input).boxed())
        }
        _ => {
            let options = arguments.optional::<Value>(1, "an object")?;
            let input = participant::kick::Input {
                room,
                by,
                target,
                ban: options.is_some_and(|options| options["ban"] == true),
            };
            Ok(kick(context, input).boxed())
        }
    }
}

/// Whether what the event does is taken back.
fn is_lifted(arguments: &PositionalArguments, place: usize) -> Result<bool> {
    let options: Option<LiftOptions> = arguments.object(place, "an object with lift")?;
    Ok(options.is_some_and(|options| options.lift))
}

async fn bans(context: Arc<Context>, room: RoomName, by: Actor) -> Result<Value> {
    let input = participant::bans::Input { room, by };
    let bans = participant::bans::run(&context, input).await?;
    Ok(json!(bans.iter().map(banned_person).collect::<Vec<_>>()))
}

async fn end(context: Arc<Context>, name: RoomName, by: Actor) -> Result<Value> {
    let input = room::end::Input {
        name,
        backend: Some(BackendName::Local),
        by,
    };
    let output = room::end::run(&context, input).await?;
    Ok(json!({ "ended": output.ended }))
}

async fn lock(context: Arc<Context>, name: RoomName, by: Actor, lift: bool) -> Result<Value> {
    let input = room::lock::Input {
        name,
        backend: Some(BackendName::Local),
        by,
        lift,
    };
    let output = room::lock::run(&context, input).await?;
    Ok(json!({ "locked": output.locked }))
}

async fn unban(context: Arc<Context>, room: RoomName, by: Actor, target: String) -> Result<Value> {
    let input = participant::unban::Input { room, by, target };
    participant::unban::run(&context, input).await?;
    Ok(Value::Null)
}

async fn mute(context: Arc<Context>, input: participant::mute::Input) -> Result<Value> {
    participant::mute::run(&context, input).await?;
    Ok(Value::Null)
}

async fn kick(context: Arc<Context>, input: participant::kick::Input) -> Result<Value> {
    participant::kick::run(&context, input).await?;
    Ok(Value::Null)
}
