//! Notes once more what a kept delivery says, for instance after a defect in reading it was mended.

use super::{apply, receive, show};
pub use crate::commands::by_id::ById as Input;
use crate::context::Context;
use crate::error::Result;
use crate::model::callback::{DeliveryState, WebhookDelivery};
use crate::records::{WEBHOOKS, contend};

/// Reads the delivery again and notes what it says. Doing so twice changes nothing.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::BadGateway`](crate::Kind::BadGateway) when it cannot be understood.
pub async fn run(context: &Context, input: Input) -> Result<WebhookDelivery> {
    let kept = show::run(context, input).await?;
    let told = receive::callbacks(context, kept.backend)?.read(&kept.body)?;
    let noting = || async {
        let mut writes = apply::writes(context, kept.backend, &told.news).await?;
        let delivery = WebhookDelivery {
            kind: told.kind.clone(),
            reason: None,
            state: DeliveryState::of(writes.len()),
            ..kept.clone()
        };
        writes.push(WEBHOOKS.put(&delivery.id, &delivery)?);
        context.documents.commit(writes).await?;
        Ok(delivery)
    };
    contend(noting, receive::contended).await
}
