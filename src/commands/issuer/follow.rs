//! Keeps the keys of all issuers fresh, so that nobody who signs in waits for them.

use crate::context::Context;

/// Goes on for ever.
pub async fn run(context: &Context) {
    context.issuers.follow().await;
}
