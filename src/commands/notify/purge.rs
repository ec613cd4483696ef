//! Removes push tokens that are worth nothing any more.

use serde_json::{Map, Value};

use crate::context::Context;
use crate::error::{Kind, Result};
use crate::records::documents::{Document, Precondition, Write};
use crate::records::{DEVICES, USERS};

/// How often holders that change at the same moment are looked at again.
const MOST_CHANGES: u32 = 3;
/// People or devices that share one token at most.
const MOST_HOLDERS: usize = 100;

/// Removes a token that is worth nothing any more, wherever it is noted, unless it was replaced.
pub(super) async fn purge_token(context: &Context, token: &str) -> Result<()> {
    // Somebody who changes another field at the same moment must not save the token.
    for _ in 0..MOST_CHANGES {
        let users = holders(context, USERS.name(), token, |user| {
            let cleared = Map::from_iter([("token".to_owned(), Value::Null)]);
            USERS.merge(&user.id, cleared)
        });
        let devices = holders(context, DEVICES.name(), token, |device| {
            DEVICES.delete(&device.id)
        });
        let unchanged = users.await? & devices.await?;
        if unchanged {
            return Ok(());
        }
    }
    Ok(())
}

/// Changes every document that holds the token; whether all of them were still as they were found.
async fn holders(
    context: &Context,
    collection: &str,
    token: &str,
    change: impl Fn(&Document) -> Write,
) -> Result<bool> {
    let documents = &context.documents;
    let mut unchanged = true;
    for found in documents
        .find(collection, "token", token, MOST_HOLDERS)
        .await?
    {
        let write = change(&found).only_if(Precondition::Version(found.version));
        match documents.commit(vec![write]).await {
            Err(error) if error.kind() == Kind::Conflict => unchanged = false,
            outcome => drop(outcome?),
        }
    }
    Ok(unchanged)
}
