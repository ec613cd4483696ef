//! Compares the user documents with the source; changes nothing.

use std::collections::HashMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::list::everybody;
use super::people::{Noted, is_untrue};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::counted::agreed;
use crate::model::presence::{Presence, PresenceState};
use crate::records::{USERS, fields_of};

/// A user whose document says something else than the source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PresenceDrift {
    /// The user.
    pub id: String,
    /// What the source says; absent if it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<PresenceState>,
    /// What the document says; absent if it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<PresenceState>,
    /// Since when the source says so, where the document says the same since earlier.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub since: Option<Timestamp>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PresenceAuditReport)]
pub struct Report {
    /// People the source tells of.
    pub people: u64,
    /// User documents.
    pub users: u64,
    /// Those who are there.
    pub online: u64,
    /// People without a user document.
    pub nobody: u64,
    /// Users whose document is not true.
    pub drift: Vec<PresenceDrift>,
}

impl Report {
    /// What keeps the documents from being true.
    pub fn verdict(&self) -> Option<Error> {
        let drift = self.drift.len();
        (drift > 0).then(|| {
            let message = format!(
                "the presence of {} is not noted truly",
                agreed(drift as u64, "user", "users")
            );
            Error::new(Kind::Drift, message)
        })
    }
}

/// Compares both sides.
///
/// # Errors
/// Those of the source and the store.
pub async fn run(context: &Context) -> Result<Report> {
    let mut source: HashMap<String, Presence> = everybody(context).await?.into_iter().collect();
    let moment = context.clock.now();
    let online = |presence: &&Presence| presence.state == PresenceState::Online;
    let mut report = Report {
        people: source.len() as u64,
        users: 0,
        online: source.values().filter(online).count() as u64,
        nobody: 0,
        drift: Vec::new(),
    };
    let mut users = context.documents.scan(USERS.all());
    while let Some(document) = users.try_next().await? {
        report.users += 1;
        let noted = Noted::of(&fields_of(&document));
        let now = source.remove(&document.id);
        if is_untrue(noted, now.map(|now| now.believed(moment)), moment) {
            let same = now.filter(|now| Some(now.state) == noted.state);
            report.drift.push(PresenceDrift {
                id: document.id,
                since: same.and_then(|now| now.moment(moment)),
                source: now.map(|now| now.state),
                document: noted.state,
            });
        }
    }
    report.nobody = source.len() as u64;
    Ok(report)
}
