//! What a mirror waits for.

use futures_util::future::BoxFuture;

use super::send::Sent;
use crate::error::Result;
use crate::records::documents::Event;

/// What there is to do next.
pub(super) enum Next {
    /// A batch was sent.
    Sent(Result<Sent>),
    /// The collection with this number told something.
    Told(usize, Result<Event>),
}

/// The end of the batch that is on its way; never if there is none.
pub(super) async fn landed(sending: &mut Option<BoxFuture<'static, Result<Sent>>>) -> Result<Sent> {
    match sending {
        Some(sending) => sending.await,
        None => std::future::pending().await,
    }
}
