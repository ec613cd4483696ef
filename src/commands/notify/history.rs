//! What became of notifications, the delivered and the dead included: the ledger, and what stands in the
//! queue and was not tried yet, by id.

use std::cmp::Ordering;
use std::pin::{Pin, pin};

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use jiff::Timestamp;

use super::QUEUE;
use super::list::queued;
use super::obstacles::Obstacles;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::{NotificationState, NotificationStatus, Target};
use crate::model::{Page, PageRequest};
use crate::records::{DEVICES, INBOX, InboxKey, OUTCOMES, USERS};

/// Devices of one person that are looked for.
const DEVICES_AT_MOST: usize = 1000;
/// Rows handed on at a time.
const CHUNK: usize = 100;

/// Which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Only those for this user, their devices included.
    pub user: Option<String>,
    /// Only those that came into the queue, or changed what became of them, since then.
    pub since: Option<Timestamp>,
    /// Only those that nobody could receive.
    pub dead: bool,
}

impl HistoryFilter {
    /// Whether anything is asked for that the queue alone does not tell.
    pub fn is_set(&self) -> bool {
        *self != Self::default()
    }
}

/// One page of them.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn page(
    context: &Context,
    filter: &HistoryFilter,
    limit: Option<usize>,
    after: Option<String>,
) -> Result<Page<NotificationStatus>> {
    let page = PageRequest::checked(limit, after)?;
    let names = names(context, filter).await?;
    let obstacles = Obstacles::look(context).await?;
    let mut all = pin!(merged(context, page.after));
    let mut items: Vec<NotificationStatus> = Vec::new();
    while let Some(status) = all.try_next().await? {
        if !fits(&status, filter, &names) {
            continue;
        }
        if items.len() == page.limit {
            let next = items.last().map(|last| last.id.clone());
            return Ok(Page::new(items, next));
        }
        let status = told(context, status, filter).await?;
        items.push(obstacles.tell(status));
    }
    Ok(Page::new(items, None))
}

/// All of them, some at a time.
pub fn all(
    context: &Context,
    filter: HistoryFilter,
) -> BoxStream<'static, Result<Vec<NotificationStatus>>> {
    let context = context.clone();
    stream::once(async move {
        let names = names(&context, &filter).await?;
        let obstacles = Obstacles::look(&context).await?;
        let all = merged(&context, None).map_ok(move |status| obstacles.tell(status));
        let all = all.try_filter_map(move |status| {
            let (context, filter) = (context.clone(), filter.clone());
            let wanted = fits(&status, &filter, &names);
            async move {
                if !wanted {
                    return Ok(None);
                }
                told(&context, status, &filter).await.map(Some)
            }
        });
        Ok::<_, Error>(all.try_chunks(CHUNK).map_err(|error| error.1))
    })
    .try_flatten()
    .boxed()
}

/// Ledger and queue by id, each notification once: what is in the queue has not ended.
fn merged(
    context: &Context,
    after: Option<String>,
) -> impl futures_util::Stream<Item = Result<NotificationStatus>> + Send + use<> {
    let documents = context.documents.clone();
    let ledger = OUTCOMES.scan(documents.as_ref(), OUTCOMES.all().after(after.clone()));
    let queue = documents.scan(QUEUE.all().after(after));
    let ledger = ledger
        .map_ok(|entry| entry.record.status)
        .boxed()
        .peekable();
    let queue = queue
        .map_ok(|document| queued(&document))
        .boxed()
        .peekable();
    stream::unfold((ledger, queue), async |(mut ledger, mut queue)| {
        let ends = {
            let known = Pin::new(&mut ledger).peek().await;
            let waits = Pin::new(&mut queue).peek().await;
            match (known, waits) {
                (None, None) => return None,
                (None, Some(_)) => Ordering::Greater,
                (Some(Ok(known)), Some(Ok(waits))) => known.id.cmp(&waits.id),
                (Some(_), _) => Ordering::Less,
            }
        };
        let next = match ends {
            Ordering::Less => ledger.next().await,
            Ordering::Greater => queue.next().await,
            Ordering::Equal => {
                let (known, waits) = (ledger.next().await, queue.next().await);
                let is_tried =
                    |status: &NotificationStatus| status.state == NotificationState::Retrying;
                match known {
                    Some(Ok(known)) if is_tried(&known) => Some(Ok(known)),
                    _ => waits,
                }
            }
        };
        next.map(|next| (next, (ledger, queue)))
    })
}

/// How the receiver asked for may be called in the ledger.
async fn names(context: &Context, filter: &HistoryFilter) -> Result<Vec<String>> {
    let Some(user) = &filter.user else {
        return Ok(Vec::new());
    };
    let documents = context.documents.as_ref();
    let mut targets = vec![Target::User(user.clone())];
    let devices = DEVICES
        .find(documents, "user_id", user, DEVICES_AT_MOST)
        .await?;
    targets.extend(devices.into_iter().map(|device| Target::Device(device.id)));
    // The app's own notifications name the token.
    let record = USERS.get(documents, user.as_str()).await?;
    let token = record.and_then(|found| Some(found.record.0.get("token")?.as_str()?.to_owned()));
    targets.extend(token.map(Target::Token));
    Ok(targets.iter().map(ToString::to_string).collect())
}

fn fits(status: &NotificationStatus, filter: &HistoryFilter, names: &[String]) -> bool {
    let is_for = || {
        let mut to = status.to.iter().flat_map(|to| to.split(", "));
        to.any(|to| names.iter().any(|name| name == to))
    };
    let last = status.at.unwrap_or(status.queued_at).max(status.queued_at);
    (filter.user.is_none() || is_for())
        && filter.since.is_none_or(|since| last >= since)
        && (!filter.dead || status.state == NotificationState::Dead)
}

/// With whether the app took it out of the inbox.
async fn told(
    context: &Context,
    mut status: NotificationStatus,
    filter: &HistoryFilter,
) -> Result<NotificationStatus> {
    let by_inbox = status
        .via
        .as_deref()
        .is_some_and(|via| via.contains("inbox"));
    if let Some(user) = filter.user.as_ref().filter(|_| by_inbox) {
        let key = InboxKey::new(&Target::User(user.clone()), &status.id);
        let waits = INBOX.get(context.documents.as_ref(), &key).await?;
        status.taken = Some(waits.is_none());
    }
    Ok(status)
}
