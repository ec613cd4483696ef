//! Takes a delivery in.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::apply;
use crate::backends::rooms::Callbacks;
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::BackendName;
use crate::model::callback::{DeliveryState, RawCallback, WebhookDelivery};
use crate::records::documents::{Precondition, Write};
use crate::records::{WEBHOOKS, contend, delivery_id};

/// What was made of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// It is kept, with what it changes.
    Kept,
    /// It came before.
    Known,
    /// Somebody, who need not be the vendor, only tries the address.
    Trial,
}

/// What came, and from whom it says to be.
pub struct Input<'a> {
    /// The vendor.
    pub backend: BackendName,
    /// What came.
    pub raw: RawCallback<'a>,
}

/// Checks who sent it, keeps it and what it changes in one commit.
///
/// # Errors
/// [`Kind::Unauthenticated`]; [`Kind::Unsupported`] when this vendor is not listened to;
/// [`Kind::InvalidInput`] when it is not JSON.
pub async fn run(context: &Context, input: Input<'_>) -> Result<Received> {
    let Input { backend, raw } = input;
    let callbacks = callbacks(context, backend)?;
    callbacks.check(&raw, context.clock.now())?;
    let body: Value = serde_json::from_slice(raw.body)
        .map_err(|error| Error::invalid("the callback is not JSON").because(error))?;
    let told = callbacks.read(&body);
    if told.as_ref().is_ok_and(|told| told.trial) {
        return Ok(Received::Trial);
    }
    let id = told.as_ref().ok().and_then(|told| told.id.clone());
    let id = match id.filter(|id| is_id(id)) {
        Some(id) => id,
        // The same bytes are the same delivery: they carry the moment.
        None => hex::encode(&Sha256::digest(raw.body)[..16]),
    };
    let mut delivery = WebhookDelivery {
        id: delivery_id(backend, &id),
        backend,
        kind: String::new(),
        state: DeliveryState::Unread,
        reason: None,
        received_at: context.clock.now(),
        body,
    };
    let news = match told {
        Ok(told) => {
            delivery.kind = told.kind;
            told.news
        }
        Err(error) => {
            tracing::warn!(%error, id = delivery.id, "a callback could not be understood");
            "unknown".clone_into(&mut delivery.kind);
            delivery.reason = Some(error.message().to_owned());
            return keep(context, &delivery, Vec::new()).await;
        }
    };
    let keeping = || async {
        let writes = apply::writes(context, backend, &news).await?;
        let state = DeliveryState::of(writes.len());
        let delivery = WebhookDelivery {
            state,
            ..delivery.clone()
        };
        keep(context, &delivery, writes).await
    };
    contend(keeping, contended).await
}

pub(super) fn contended() -> Error {
    Error::unavailable("what the callback is about is being changed by others")
}

/// Who reads this vendor's callbacks.
///
/// # Errors
/// [`Kind::Unsupported`], naming the setting.
pub(super) fn callbacks(context: &Context, backend: BackendName) -> Result<&dyn Callbacks> {
    let vendor = context.backends.get(Some(backend))?;
    vendor.callbacks.as_deref().ok_or_else(|| {
        Error::unsupported(format!(
            "callbacks of {} are not listened to; set {backend}.webhook_secret",
            backend.vendor()
        ))
    })
}

async fn keep(
    context: &Context,
    delivery: &WebhookDelivery,
    writes: Vec<Write>,
) -> Result<Received> {
    let first = WEBHOOKS.put(&delivery.id, delivery)?;
    let first = first.only_if(Precondition::Missing);
    let mut all = vec![first];
    all.extend(writes);
    match context.documents.commit(all).await {
        Ok(_) => {
            metrics::counter!(
                "tok_callbacks_total",
                "vendor" => delivery.backend.as_str(), "state" => delivery.state.as_str()
            )
            .increment(1);
            Ok(Received::Kept)
        }
        Err(error) if error.kind() == Kind::Conflict => {
            match WEBHOOKS
                .document(context.documents.as_ref(), &delivery.id)
                .await?
            {
                Some(_) => Ok(Received::Known),
                None => Err(error),
            }
        }
        Err(error) => Err(error),
    }
}
