//! What was delivered in the app to a person and not taken yet.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::pages;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::{NotificationKind, Target};
use crate::model::page::LARGEST_PAGE;
use crate::model::user::UserId;
use crate::model::{Page, PageRequest};
use crate::records::{INBOX, InboxKey, StoredArrival};

/// A notification in an inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
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

/// Whose inbox, and which part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
    /// At most so many, 1 to [`LARGEST_PAGE`].
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

impl Input {
    /// The newest of an inbox.
    pub fn of(user: UserId) -> Self {
        Self {
            user,
            limit: None,
            after: None,
        }
    }
}

/// Where an item stands in its inbox: the newest first, of one moment by id.
type InboxPlace = (Reverse<Timestamp>, String);

/// One page of what waits for a person, the newest first; what is not worth anything any more is not
/// told. The inbox is read as a whole, and no more of it is kept than the page.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range or the cursor is
/// none; those of the store.
pub async fn run(context: &Context, input: Input) -> Result<Page<InboxItem>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let after = page.after.as_deref().map(place).transpose()?;
    let mut found = waiting(context, &input.user);
    let mut items: BTreeMap<InboxPlace, InboxItem> = BTreeMap::new();
    while let Some(item) = found.try_next().await? {
        let place = (Reverse(item.at), item.id.clone());
        if after.as_ref().is_some_and(|after| place <= *after) {
            continue;
        }
        items.insert(place, item);
        // One more tells whether there is a next page.
        if items.len() > page.limit + 1 {
            items.pop_last();
        }
    }
    let more = items.len() > page.limit;
    let items: Vec<_> = items.into_values().take(page.limit).collect();
    let next = items.last().filter(|_| more);
    let next = next.map(|last| format!("{}/{}", last.at, last.id));
    Ok(Page::new(items, next))
}

/// All of it, some at a time.
pub fn all(context: &Context, user: UserId) -> BoxStream<'static, Result<Vec<InboxItem>>> {
    pages::every(
        context,
        "notifications",
        |item| &item.id,
        move |context, after| {
            let input = Input {
                limit: Some(LARGEST_PAGE),
                after,
                ..Input::of(user.clone())
            };
            async move { run(&context, input).await }
        },
    )
}

/// Some of what waits for a person, in no order that means anything: enough to hand on.
///
/// # Errors
/// Those of the store.
pub async fn some(context: &Context, user: &UserId, most: usize) -> Result<Vec<InboxItem>> {
    waiting(context, user).take(most).try_collect().await
}

/// What a cursor says.
fn place(cursor: &str) -> Result<InboxPlace> {
    let place = cursor.split_once('/').and_then(|(at, id)| {
        let at: Timestamp = at.parse().ok()?;
        Some((Reverse(at), id.to_owned()))
    });
    place.ok_or_else(|| Error::invalid("`after` is not the `next` of a page of this list"))
}

/// Everything that waits for a person, in the order of the store.
fn waiting(context: &Context, user: &UserId) -> BoxStream<'static, Result<InboxItem>> {
    let user = user.to_string();
    let scan = INBOX
        .all()
        .prefix(InboxKey::all_of(&Target::User(user.clone())));
    let now = context.clock.now();
    let found = INBOX.scan(context.documents.as_ref(), scan);
    found
        .try_filter_map(move |stored| {
            // A user's name may begin with another one's and a colon.
            let found = read(&stored.id, stored.record, now);
            let own = found.filter(|(of, _)| *of == user).map(|(_, item)| item);
            std::future::ready(Ok(own))
        })
        .boxed()
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
