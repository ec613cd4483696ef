//! Writes one person's presence into their document.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::leave::{end_ring, end_typing};
use super::people::Noted;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::presence::{Presence, PresenceState};
use crate::records::documents::Precondition;
use crate::records::{Fields, USERS, contend};

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Applied {
    /// The document says so now.
    Written,
    /// It said so already, or something newer.
    Known,
    /// There is no such user.
    Nobody,
}

/// Writes `now`, or that nothing is known any more, unless the document knows better.
pub(super) async fn apply(context: &Context, user: &str, now: Option<Presence>) -> Result<Applied> {
    let contended = || Error::unavailable(format!("the user `{user}` changes all the time"));
    contend(|| attempt(context, user, now), contended).await
}

async fn attempt(context: &Context, user: &str, now: Option<Presence>) -> Result<Applied> {
    let found = match USERS.document(context.documents.as_ref(), user).await {
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    let Some(document) = found else {
        return Ok(Applied::Nobody);
    };
    // What is no user document is left as it is.
    let Some(Fields(fields)) = USERS.readable(&document) else {
        return Ok(Applied::Nobody);
    };
    let noted = Noted::of(&fields);
    let now = now.unwrap_or(Presence {
        state: PresenceState::Offline,
        // No later than it has to be: whoever comes back has a clock of its own.
        last_changed: match noted.last_changed {
            0 => 0,
            last => last + 1,
        },
        by_connection: false,
    });
    if !noted.differs(now) {
        return Ok(Applied::Known);
    }
    let mut writes = Vec::new();
    let mut change = Map::new();
    if now.state == PresenceState::Offline {
        writes.extend(end_ring(context, user).await?);
        if noted.state == Some(PresenceState::Online) {
            if let Some(typing) = end_typing(context, user, &fields).await? {
                writes.push(typing);
            }
            if fields.get("onRoom").is_some_and(Value::is_string) {
                change.insert("onRoom".to_owned(), Value::Bool(false));
            }
        }
    }
    let at = match now.last_changed {
        0 => context.clock.now(),
        at => Timestamp::from_millisecond(at.max(noted.last_changed + 1))
            .unwrap_or_else(|_| context.clock.now()),
    };
    change.insert("state".to_owned(), Value::from(now.state.as_str()));
    change.insert("last_changed".to_owned(), Value::from(at.to_string()));
    change.insert("id".to_owned(), Value::from(user));
    let write = USERS.merge(user, change);
    writes.push(write.only_if(Precondition::Version(document.version)));
    context.documents.commit(writes).await?;
    metrics::counter!("tok_presence_changes_total", "state" => now.state.as_str()).increment(1);
    Ok(Applied::Written)
}
