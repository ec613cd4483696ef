//! Writes one person's presence into their document.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::leave::{end_ring, end_typing};
use super::people::{Noted, is_untrue};
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

/// What is to be noted of somebody.
#[derive(Debug, Clone, Copy)]
pub(super) struct PresenceNews {
    /// What the source says; nothing if it knows nothing any more.
    pub(super) told: Option<Presence>,
    /// It was heard just now, and so is news whatever any clock says.
    pub(super) heard: bool,
}

impl PresenceNews {
    /// Whether a document that says `noted` has to be written.
    pub(super) fn is_news(self, noted: Noted, now: Timestamp) -> bool {
        let turned = self
            .told
            .is_some_and(|told| noted.state != Some(told.state));
        (self.heard && turned) || is_untrue(noted, self.told, now)
    }
}

/// Writes what is told of somebody, unless the document knows better.
pub(super) async fn apply(context: &Context, user: &str, news: PresenceNews) -> Result<Applied> {
    let contended = || Error::unavailable(format!("the user `{user}` changes all the time"));
    contend(|| attempt(context, user, news), contended).await
}

async fn attempt(context: &Context, user: &str, news: PresenceNews) -> Result<Applied> {
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
    let moment = context.clock.now();
    let noted = Noted::of(&fields);
    if !news.is_news(noted, moment) {
        return Ok(Applied::Known);
    }
    let now = news.told.unwrap_or(Presence {
        state: PresenceState::Offline,
        // No later than it has to be: whoever comes back has a clock of its own.
        last_changed: noted.last_changed,
        by_connection: false,
    });
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
        0 => moment,
        // What apps were told never goes back, also where a clock was ahead.
        at => Timestamp::from_millisecond(at.max(noted.last_changed.saturating_add(1)))
            .unwrap_or(moment),
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
