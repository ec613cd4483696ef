//! What vendors told by web callbacks.

use super::{After, Collection, Record};
use crate::model::BackendName;
use crate::model::callback::WebhookDelivery;

/// Deliveries of web callbacks, by backend and the vendor's id, as [`delivery_id`] joins them.
pub const WEBHOOKS: Collection<WebhookDelivery> =
    Collection::new("tok_webhooks", "").expires("received_at", After::DeliveriesKeep);

impl Record for WebhookDelivery {}

/// The id of a delivery, which is also shown; with an empty `id` the beginning of all of a vendor's.
pub fn delivery_id(backend: BackendName, id: &str) -> String {
    format!("{backend}:{id}")
}
