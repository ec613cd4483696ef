//! What is delivered in the app, as it comes.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::inbox::{InboxItem, read};
use crate::backends::documents::Event;
use crate::backends::push::INBOX;
use crate::context::Context;
use crate::error::Result;

/// For whom, and what.
pub type Arrival = (String, InboxItem);

/// Everything that waits for people, then whatever comes for them; it only ends with an error.
pub fn run(context: &Context) -> BoxStream<'static, Result<Arrival>> {
    let clock = context.clock.clone();
    let events = context.documents.watch(INBOX, None);
    events
        .try_filter_map(move |event| {
            let arrival = match event {
                Event::Put(document) => read(&document, clock.now()),
                Event::Reset | Event::Removed(_) | Event::Current(_) => Ok(None),
            };
            std::future::ready(arrival)
        })
        .boxed()
}
