//! What else ends when somebody leaves: a ringing call that they made, and their typing.

use serde_json::{Map, Value};

use crate::commands::room;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::RoomName;
use crate::model::report::Outcome;
use crate::model::told_causes::kind_of;
use crate::records::documents::{Document, Precondition, Write};
use crate::records::{APP_ROOMS, USER_CALL, fields_of, user_calls};

/// The writes that end an abandoned ring: both sides' call documents. The room of the call is
/// deleted first, so that a crash in between leaves the documents that lead here again.
pub(super) async fn end_ring(context: &Context, user: &str) -> Result<Vec<Write>> {
    let Some((own, call)) = find_call(context, user).await? else {
        return Ok(Vec::new());
    };
    let is = |name: &str, value: bool| call.get(name).and_then(Value::as_bool) == Some(value);
    if !is("isCaller", true) || !is("otherUserJoined", false) {
        return Ok(Vec::new());
    }
    let room = room_of(&call);
    if let Some(room) = &room {
        delete_room(context, room).await?;
    }
    let mut writes = vec![removal(user, &own)];
    let other = call.get("otherID").and_then(Value::as_str);
    if let Some(other) = other.filter(|other| *other != user)
        && let Some((found, theirs)) = find_call(context, other).await?
        // The other side may ring somewhere else by now.
        && room_of(&theirs) == room
    {
        writes.push(removal(other, &found));
    }
    Ok(writes)
}

fn removal(user: &str, document: &Document) -> Write {
    let unchanged = Precondition::Version(document.version);
    Write::delete(&user_calls(user), USER_CALL).only_if(unchanged)
}

async fn find_call(
    context: &Context,
    user: &str,
) -> Result<Option<(Document, Map<String, Value>)>> {
    let found = match context.documents.get(&user_calls(user), USER_CALL).await {
        // An id that cannot be part of a path has no call.
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    Ok(found.map(|document| {
        let call = fields_of(&document);
        (document, call)
    }))
}

fn room_of(call: &Map<String, Value>) -> Option<String> {
    let room = call.get("room")?.get("name")?.as_str()?;
    Some(room.to_owned())
}

/// Deletes the room of a call; that there is none, or that it cannot be, stops nothing.
async fn delete_room(context: &Context, address: &str) -> Result<()> {
    let Ok(name) = address.parse::<RoomName>() else {
        tracing::warn!(room = address, "the room of a call has an impossible name");
        return Ok(());
    };
    let deleted = match room::delete::one(context, None, &name).await {
        // Whoever cannot delete rooms must not keep presence from being true.
        Err(error) if !error.kind().is_temporary() => {
            if context.told.is_news(&kind_of(error.message(), address)) {
                tracing::warn!(room = address, %error, "the room of an abandoned call stays");
            }
            return Ok(());
        }
        deleted => deleted?,
    };
    if deleted.outcome == Outcome::Failed {
        let error = deleted.error.as_deref().unwrap_or_default();
        if context.told.is_news(&kind_of(error, address)) {
            tracing::warn!(room = address, error, "the room of an abandoned call stays");
        }
    }
    Ok(())
}

/// The write that ends somebody's typing in the room they were in, if there is such a room.
pub(super) async fn end_typing(
    context: &Context,
    user: &str,
    fields: &Map<String, Value>,
) -> Result<Option<Write>> {
    let Some(room) = fields.get("onRoom").and_then(Value::as_str) else {
        return Ok(None);
    };
    let found = match APP_ROOMS.document(context.documents.as_ref(), room).await {
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    let typing = Map::from_iter([(user.to_owned(), Value::Bool(false))]);
    Ok(found.map(|_| APP_ROOMS.merge(room, typing).only_if(Precondition::Exists)))
}
