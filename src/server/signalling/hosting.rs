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
    if event == "banned-participants" {
        return Ok(async move {
            let input = participant::bans::Input { room, by };
            let bans = participant::bans::run(&context, input).await?;
            Ok(json!(bans.iter().map(banned_person).collect::<Vec<_>>()))
        }
        .boxed());
    }
    if event == "end-room" {
        return Ok(async move {
            let input = room::end::Input {
                name: room,
                backend: Some(BackendName::Local),
                by,
            };
            let output = room::end::run(&context, input).await?;
            Ok(json!({ "ended": output.ended }))
        }
        .boxed());
    }
    if event == "lock-room" {
        let options: Option<LiftOptions> = arguments.object(0, "an object with lift")?;
        let input = room::lock::Input {
            name: room,
            backend: Some(BackendName::Local),
            by,
            lift: options.is_some_and(|options| options.lift),
        };
        return Ok(async move {
            let output = room::lock::run(&context, input).await?;
            Ok(json!({ "locked": output.locked }))
        }
        .boxed());
    }
    let target: String = arguments.required(0, "a participant")?;
    if event == "unban-participant" {
        return Ok(async move {
            let input = participant::unban::Input { room, by, target };
            participant::unban::run(&context, input).await?;
            Ok(Value::Null)
        }
        .boxed());
    }
    if event == "mute-participant" {
        let options: Option<LiftOptions> = arguments.object(1, "an object with lift")?;
        let lift = options.is_some_and(|options| options.lift);
        return Ok(async move {
            let input = participant::mute::Input {
                room,
                by,
                target,
                lift,
            };
            participant::mute::run(&context, input).await?;
            Ok(Value::Null)
        }
        .boxed());
    }
    let options = arguments.optional::<Value>(1, "an object")?;
    let ban = options.is_some_and(|options| options["ban"] == true);
    Ok(async move {
        let input = participant::kick::Input {
            room,
            by,
            target,
            ban,
        };
        participant::kick::run(&context, input).await?;
        Ok(Value::Null)
    }
    .boxed())
}
