//! Removes a document that nobody can read.

use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::records::documents::{Precondition, Write};
use crate::records::unreadable::UNREADABLE;
use crate::records::{self, Declaration, UnreadableKey};

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

/// Removes a document that cannot be read, and the note of it. One that can be is not touched: what
/// belongs to it is known only to the operation that removes it.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::Conflict`] when it can be read.
pub async fn run(context: &Context, collection: &str, id: &str) -> Result<Discarded> {
    let declared = declared(collection)?;
    let documents = context.documents.as_ref();
    let Some(found) = documents.get(collection, id).await? else {
        let message = format!("there is no document {collection}/{id}");
        return Err(Error::new(Kind::NotFound, message));
    };
    let Err(reason) = declared.check(&found) else {
        return Err(Error::conflict(format!(
            "{collection}/{id} can be read; remove it with the command for what it is"
        )));
    };
    let unchanged = Precondition::Version(found.version);
    let gone = Write::delete(collection, id).only_if(unchanged);
    let note = UNREADABLE.delete(&UnreadableKey::new(collection, id));
    documents.commit(vec![gone, note]).await?;
    Ok(Discarded {
        collection: collection.to_owned(),
        id: id.to_owned(),
        reason: reason.message().to_owned(),
    })
}
