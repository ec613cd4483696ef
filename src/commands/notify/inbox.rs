//! What was delivered in the app to a person and not taken yet.

use std::collections::BTreeMap;

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::backends::documents::{Document, Scan, Write};
use crate::backends::push::{INBOX, inbox_of};
use crate::commands::sweep::sweep_all;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::{NotificationKind, Target};
use crate::model::page::LARGEST_PAGE;
use crate::model::user::UserId;

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

#[derive(Deserialize)]
struct Stored {
    to: Target,
    kind: NotificationKind,
    data: BTreeMap<String, String>,
    at: Timestamp,
    expires_at: Option<Timestamp>,
}

/// What waits for a person, in the order of ids; what is not worth anything any more is not told.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `user` cannot be an id.
pub async fn run(context: &Context, user: &str) -> Result<Vec<InboxItem>> {
    first(context, user, LARGEST_PAGE).await
}

/// The first of what waits for a person, at most `limit`.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `user` cannot be an id.
pub async fn first(context: &Context, user: &str, limit: usize) -> Result<Vec<InboxItem>> {
    let prefix = prefix(user)?;
    let now = context.clock.now();
    let mut found = context.documents.scan(Scan::all(INBOX).prefix(&prefix));
    let mut items = Vec::new();
    while items.len() < limit
        && let Some(document) = found.try_next().await?
    {
        // A user's name may begin with another one's and a colon.
        let found = read(&document, now)?;
        items.extend(found.filter(|(of, _)| of == user).map(|(_, item)| item));
    }
    Ok(items)
}

/// Takes one out: the app has shown it.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when it does not wait for this person.
pub async fn take(context: &Context, user: &str, id: &str) -> Result<()> {
    let key = format!("{}{id}", prefix(user)?);
    if context.documents.get(INBOX, &key).await?.is_none() {
        return Err(Error::not_found(format!(
            "there is no notification `{id}` for {user}"
        )));
    }
    let write = Write::delete(INBOX, &key);
    context.documents.commit(vec![write]).await.map(|_| ())
}

/// Removes what is not worth anything any more; returns how much that was.
///
/// # Errors
/// Those of the store.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    sweep_all(context, INBOX, |document| {
        let stored: Stored = document.decode()?;
        Ok(stored.expires_at.is_none_or(|end| end > now))
    })
    .await
}

/// A notification that waits for a user, with whom it is for; nothing for what is for others or not
/// worth anything any more.
///
/// # Errors
/// [`Kind::Internal`](crate::Kind::Internal) when it cannot be read.
pub(super) fn read(document: &Document, now: Timestamp) -> Result<Option<(String, InboxItem)>> {
    let stored: Stored = document.decode()?;
    let over = stored.expires_at.is_some_and(|end| end <= now);
    let Target::User(user) = &stored.to else {
        return Ok(None);
    };
    let id = document.id.strip_prefix(&inbox_of(&stored.to));
    Ok(id.filter(|_| !over).map(|id| {
        let item = InboxItem {
            id: id.to_owned(),
            kind: stored.kind,
            data: stored.data,
            at: stored.at,
        };
        (user.clone(), item)
    }))
}

fn prefix(user: &str) -> Result<String> {
    let user: UserId = user.parse()?;
    Ok(inbox_of(&Target::User(user.into())))
}
