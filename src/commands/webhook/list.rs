//! Lists deliveries, by vendor and id.

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

/// All deliveries, some at a time.
pub fn all(
    context: &Context,
    backend: Option<BackendName>,
) -> BoxStream<'static, Result<Vec<WebhookDelivery>>> {
    pages::chunks(context, WEBHOOKS, scan(backend), |kept| kept.record)
}
