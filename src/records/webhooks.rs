//! What vendors told by web callbacks.

use super::{After, Collection, Record};
use crate::model::BackendName;
use crate::model::callback::Delivery;

/// Deliveries, by [`webhook_key`].
pub const WEBHOOKS: Collection<Delivery> =
    Collection::new("tok_webhooks", "").expires("received_at", After::Calls);

impl Record for Delivery {}

/// The id of a delivery; with an empty `id` the beginning of all of a vendor's.
pub fn webhook_key(backend: BackendName, id: &str) -> String {
    format!("{backend}:{id}")
}
