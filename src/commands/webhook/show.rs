//! Shows a delivery.

use super::missing;
pub use crate::commands::by_id::ById as Input;
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::WebhookDelivery;
use crate::records::WEBHOOKS;

/// Looks the delivery up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<WebhookDelivery> {
    let id = input.id.as_str();
    if !is_id(id) {
        return Err(missing(id));
    }
    let found = WEBHOOKS.get(context.documents.as_ref(), id).await?;
    let found = found.ok_or_else(|| missing(id))?;
    Ok(found.record)
}
