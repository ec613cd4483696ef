//! Removes a document that nobody can read.

use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::records::documents::{Document, Precondition, Write};
use crate::records::unreadable::UNREADABLE;
use crate::records::{
    self, DEVICES, Declaration, KEYS, NOTIFICATIONS, PARKED_NOTIFICATIONS, ROOMS, USERS,
    UnreadableKey, sealed,
};

/// Which document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its collection.
    pub collection: String,
    /// Its id.
    pub id: String,
}

/// What was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DiscardedDocument)]
pub struct Discarded {
    /// Its collection.
    pub collection: String,
    /// Its id.
    pub id: String,
    /// Why it could not be read.
    pub reason: String,
}

/// The collection called so.
///
/// # Errors
/// [`Kind::InvalidInput`], with all there are, when there is none.
pub fn declared(name: &str) -> Result<&'static Declaration> {
    records::declared(name).ok_or_else(|| {
        let all = records::ALL.map(|declared| declared.name).join(", ");
        Error::invalid(format!("there is no collection {name}; there are: {all}"))
    })
}

/// Removes a document that cannot be read, or is not believed, and the note of it. One that can be is not touched: what
/// belongs to it is known only to the operation that removes it.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Conflict`] when it can be read, or another command removes it with all
/// that belongs to it.
pub async fn run(context: &Context, input: Input) -> Result<Discarded> {
    let (found, discarded) = find(context, &input).await?;
    let Input { collection, id } = &input;
    let unchanged = Precondition::Version(found.version);
    let gone = Write::delete(collection, id).only_if(unchanged);
    let note = UNREADABLE.delete(&UnreadableKey::new(collection, id));
    context.documents.commit(vec![gone, note]).await?;
    Ok(discarded)
}

/// Says what [`run`] would do.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Discarded> {
    let found = find(context, &input).await;
    found.map(|(_, discarded)| discarded)
}

async fn find(context: &Context, input: &Input) -> Result<(Document, Discarded)> {
    let Input { collection, id } = input;
    let declared = declared(collection)?;
    let Some(found) = context.documents.get(collection, id).await? else {
        let message = format!("there is no document {collection}/{id}");
        return Err(Error::new(Kind::NotFound, message));
    };
    let Err(reason) = sealed::check(&context.seal, declared, &found) else {
        return Err(Error::conflict(format!(
            "{collection}/{id} can be read; remove it with the command for what it is"
        )));
    };
    if let Some(command) = own_command(collection, id) {
        return Err(Error::conflict(format!(
            "remove {collection}/{id} with {command}, with all that belongs to it"
        )));
    }
    let discarded = Discarded {
        collection: collection.clone(),
        id: id.clone(),
        reason: reason.message().to_owned(),
    };
    Ok((found, discarded))
}

/// The command that removes a document whatever it says, and what belongs to it.
fn own_command(collection: &str, id: &str) -> Option<String> {
    let command = if collection == ROOMS.name() {
        let (backend, name) = id.split_once(':')?;
        return Some(format!("tok room delete {name} --backend {backend}"));
    } else if collection == USERS.name() {
        "user delete"
    } else if collection == DEVICES.name() {
        "device delete"
    } else if collection == KEYS.name() {
        "key revoke"
    } else if [NOTIFICATIONS.name(), PARKED_NOTIFICATIONS.name()].contains(&collection) {
        "notify discard"
    } else {
        return None;
    };
    Some(format!("tok {command} {id}"))
}
