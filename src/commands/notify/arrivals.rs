//! What is delivered in the app, as it comes.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use super::inbox::{InboxItem, read};
use crate::context::Context;
use crate::error::Result;
use crate::records::INBOX;
use crate::records::documents::Event;

/// For whom, and what.
pub type Arrival = (String, InboxItem);

/// Everything that waits for people, then whatever comes for them; it only ends with an error.
pub fn run(context: &Context) -> BoxStream<'static, Result<Arrival>> {
    let clock = context.clock.clone();
    let events = context.documents.watch(INBOX.name(), None);
    events
        .try_filter_map(move |event| {
            let arrival = match event {
                Event::Put(document) => INBOX
                    .readable(&document)
                    .and_then(|stored| read(&document.id, stored, clock.now())),
                Event::Reset | Event::Removed(_) | Event::Current(_) => None,
            };
            std::future::ready(Ok(arrival))
        })
        .boxed()
}
