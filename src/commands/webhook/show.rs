//! Shows a delivery.

use super::{COLLECTION, missing};
use crate::commands::device;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::Delivery;

/// Looks the delivery up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, id: &str) -> Result<Delivery> {
    if !device::is_id(id) {
        return Err(missing(id));
    }
    match context.documents.get(COLLECTION, id).await? {
        Some(document) => document.decode(),
        None => Err(missing(id)),
    }
}
