//! Lists deliveries, by vendor and id.

use std::cmp::Reverse;

use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;

use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::WebhookDelivery;
use crate::model::{BackendName, Page, PageRequest};
use crate::records::documents::Scan;
use crate::records::{WEBHOOKS, delivery_id};

/// Which page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Only those of this vendor.
    pub backend: Option<BackendName>,
    /// At most so many, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

fn scan(backend: Option<BackendName>) -> Scan {
    let all = WEBHOOKS.all();
    match backend {
        Some(backend) => all.prefix(delivery_id(backend, "")),
        None => all,
    }
}

/// One page of deliveries.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
pub async fn run(context: &Context, input: Input) -> Result<Page<WebhookDelivery>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let all = scan(input.backend);
    pages::one(context, WEBHOOKS, all, page, |kept| kept.record).await
}

/// The latest deliveries, the newest first; all of them without a limit.
///
/// # Errors
/// Those of the store.
pub async fn latest(
    context: &Context,
    backend: Option<BackendName>,
    limit: Option<usize>,
) -> Result<Vec<WebhookDelivery>> {
    let pages = pages::chunks(context, WEBHOOKS, scan(backend), |kept| kept.record);
    newest(pages, limit).await
}

/// The latest of these, the newest first.
pub(crate) async fn newest(
    mut pages: BoxStream<'_, Result<Vec<WebhookDelivery>>>,
    limit: Option<usize>,
) -> Result<Vec<WebhookDelivery>> {
    let most = limit.unwrap_or(usize::MAX);
    let mut latest: Vec<WebhookDelivery> = Vec::new();
    while let Some(some) = pages.try_next().await? {
        latest.extend(some);
        latest.sort_by_key(|delivery| Reverse(delivery.received_at));
        latest.truncate(most);
    }
    Ok(latest)
}
