//! What was delivered in the app to a person and not taken yet.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::Result;
use crate::model::notification::{NotificationKind, Target};
use crate::model::page::LARGEST_PAGE;
use crate::model::user::UserId;
use crate::records::{INBOX, InboxKey, StoredArrival};

/// A notification in an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct InboxItem {
    /// The notification's id.
    pub id: String,
    /// What it is about.
    pub kind: NotificationKind,
    /// What the app receives.
    pub data: BTreeMap<String, String>,
    /// When it was delivered.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
}

/// Whose inbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
    /// At most so many.
    pub limit: usize,
}

impl Input {
    /// As much of an inbox as is told at a time.
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            limit: LARGEST_PAGE,
        }
    }
}

/// The first of what waits for a person, in the order of ids; what is not worth anything any more is
/// not told.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context, input: Input) -> Result<Vec<InboxItem>> {
    let user = String::from(input.user);
    let prefix = InboxKey::all_of(&Target::User(user.clone()));
    let now = context.clock.now();
    let scan = INBOX.all().prefix(&prefix);
    let mut found = INBOX.scan(context.documents.as_ref(), scan);
    let mut items = Vec::new();
    while items.len() < input.limit
        && let Some(stored) = found.try_next().await?
    {
        // A user's name may begin with another one's and a colon.
        let found = read(&stored.id, stored.record, now);
        items.extend(found.filter(|(of, _)| *of == user).map(|(_, item)| item));
    }
    Ok(items)
}

/// A notification that waits for a user, with whom it is for; nothing for what is for others or not
/// worth anything any more.
pub(super) fn read(
    key: &str,
    stored: StoredArrival,
    now: Timestamp,
) -> Option<(String, InboxItem)> {
    if stored.expires_at.is_some_and(|end| end <= now) {
        return None;
    }
    let id = key.strip_prefix(&InboxKey::all_of(&stored.to))?.to_owned();
    let Target::User(user) = stored.to else {
        return None;
    };
    let item = InboxItem {
        id,
        kind: stored.kind,
        data: stored.data,
        at: stored.at,
    };
    Some((user, item))
}
