//! Notes once more what a kept delivery says, for instance after a defect in reading it was mended.

use super::{COLLECTION, TRIES, apply, receive, show};
use crate::backends::documents::Write;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::callback::{Delivery, DeliveryState};

/// Reads the delivery again and notes what it says. Doing so twice changes nothing.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::BadGateway`] when it cannot be understood.
pub async fn run(context: &Context, id: &str) -> Result<Delivery> {
    let mut delivery = show::run(context, id).await?;
    let told = receive::callbacks(context, delivery.backend)?.read(&delivery.body)?;
    delivery.kind = told.kind;
    delivery.reason = None;
    for _ in 0..TRIES {
        let mut writes = apply::writes(context, delivery.backend, &told.news).await?;
        delivery.state = DeliveryState::of(writes.len());
        writes.push(Write::put(COLLECTION, &delivery.id, &delivery)?);
        match context.documents.commit(writes).await {
            Err(error) if error.kind() == Kind::Conflict => {}
            other => return other.map(|_| delivery),
        }
    }
    Err(Error::unavailable(
        "what the delivery is about is being changed by others",
    ))
}
