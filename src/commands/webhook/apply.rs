//! What news change in the store.

use jiff::Timestamp;
use serde_json::{Map, json};

use crate::commands::call;
use crate::commands::session::record;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::{CallbackEvent, CallbackNews, RoomOf};
use crate::model::session::Stay;
use crate::model::{BackendName, Room};
use crate::records::documents::{Precondition, Write};
use crate::records::{ROOMS, RoomKey};

/// The writes that note all of it.
///
/// # Errors
/// Those of the store.
pub(super) async fn writes(
    context: &Context,
    backend: BackendName,
    news: &[CallbackNews],
) -> Result<Vec<Write>> {
    let mut out = Vec::new();
    for news in news {
        match news {
            CallbackNews::Used { room, at } => out.extend(used(context, backend, room, *at).await?),
            CallbackNews::Session {
                session,
                room,
                at,
                what,
            } => {
                let room = match named(context, backend, room).await? {
                    Some(room) => room.name.to_string(),
                    None => session.clone(),
                };
                let news = record::News {
                    backend,
                    session: session.clone(),
                    room,
                    at: *at,
                    what: what.clone(),
                };
                out.extend(record::writes(context, &news).await?);
            }
            CallbackNews::Connected { participant, at } => {
                out.extend(call::told(context, participant, true).await?);
                out.extend(stay(context, backend, participant, *at, true).await?);
            }
            CallbackNews::Disconnected { participant, at } => {
                out.extend(call::told(context, participant, false).await?);
                out.extend(stay(context, backend, participant, *at, false).await?);
            }
        }
    }
    Ok(out)
}

/// The registered room that a vendor means.
async fn named(context: &Context, backend: BackendName, room: &RoomOf) -> Result<Option<Room>> {
    let documents = context.documents.as_ref();
    let found = match room {
        RoomOf::Name(name) => {
            let found = ROOMS
                .document(documents, &RoomKey::new(backend, name))
                .await?;
            return Ok(found.and_then(|document| ROOMS.readable(&document)));
        }
        RoomOf::Id(id) => ROOMS.find(documents, "id", id, 10).await?,
    };
    let mut rooms = found.into_iter().map(|found| found.record);
    Ok(rooms.find(|room| room.backend == backend))
}

async fn used(
    context: &Context,
    backend: BackendName,
    room: &RoomOf,
    at: Timestamp,
) -> Result<Option<Write>> {
    let Some(room) = named(context, backend, room).await? else {
        return Ok(None);
    };
    if room.last_joined_at.is_some_and(|last| last >= at) {
        return Ok(None);
    }
    let fields = Map::from_iter([("last_joined_at".to_owned(), json!(at))]);
    let write = ROOMS.merge(&RoomKey::new(backend, room.name.as_str()), fields);
    Ok(Some(write.only_if(Precondition::Exists)))
}

/// A participant of a call came or went: the call's room is the session.
async fn stay(
    context: &Context,
    backend: BackendName,
    participant: &str,
    at: Timestamp,
    came: bool,
) -> Result<Vec<Write>> {
    let Some((call, side)) = call::of_participant(context, participant).await? else {
        return Ok(Vec::new());
    };
    let party = call.party(side);
    let leg = Stay {
        participant_id: participant.to_owned(),
        user_id: party.tag().map(str::to_owned),
        user_name: party.name.clone(),
        joined_at: if came { at } else { call.created_at.min(at) },
        left_at: (!came).then_some(at),
        node: None,
        why: None,
    };
    let room = call.room.to_string();
    let news = record::News {
        backend,
        session: room.clone(),
        room,
        at,
        what: if came {
            CallbackEvent::Joined(leg)
        } else {
            CallbackEvent::Left(leg)
        },
    };
    record::writes(context, &news).await
}
