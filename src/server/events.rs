//! Streams of server-sent events: one operation's stream for each follower, told by its id so that whoever
//! comes back goes on behind it.
//! <https://html.spec.whatwg.org/multipage/server-sent-events.html>
//!
//! What a follower does not take waits in a queue of bounded size; one that takes nothing for a while is
//! ended. Whatever the reason, the last event tells it, unless the connection broke.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{BoxStream, TryStreamExt, unfold};
use metrics::{counter, gauge};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::time::{Instant, interval_at, timeout};
use tokio_util::task::AbortOnDropHandle;

use super::App;
use super::address::ClientAddress;
use super::auth::Caller;
use super::error::{ProblemResponse, log, status};
use crate::config::ServerSection;
use crate::error::{Error, Kind, Result};
use crate::model::key::Scope;
use crate::model::stream_end::{CURRENT, END, StreamEnd, StreamEndReason};
use crate::request_id::same_request;

/// A word at least so often: whoever hears nothing for longer knows that the connection is dead.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How often it is looked whether the key is still good.
const LOOK: Duration = Duration::from_secs(2);
/// The most that waits for one follower,
const QUEUE: usize = 256;
/// and how many bytes of it.
const QUEUE_BYTES: usize = 256 * 1024;
/// A follower whose queue is full may take nothing for so long.
const PATIENCE: Duration = Duration::from_secs(10);

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// How many streams there are, and of whom.
pub(super) struct EventStreams {
    most: usize,
    /// The most of one caller.
    of_one: usize,
    open: Mutex<OpenStreams>,
}

#[derive(Default)]
struct OpenStreams {
    all: usize,
    by: HashMap<String, usize>,
}

impl EventStreams {
    pub(super) fn new(server: &ServerSection) -> Arc<Self> {
        Arc::new(Self {
            most: server.max_streams,
            of_one: server.key_streams,
            open: Mutex::default(),
        })
    }

    fn open(&self) -> MutexGuard<'_, OpenStreams> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for one more stream of this caller.
    ///
    /// # Errors
    /// [`Kind::RateLimited`] when the caller has enough of them, [`Kind::Unavailable`] when there are enough.
    fn take(self: &Arc<Self>, caller: String) -> Result<StreamSeat> {
        let mut open = self.open();
        if open.by.get(&caller).copied().unwrap_or(0) >= self.of_one {
            let what = "as many streams of events are open for you as may be (server.key_streams); end one first";
            return Err(Error::new(Kind::RateLimited, what));
        }
        if open.all >= self.most {
            let what = "all streams of events are taken (server.max_streams); try again later";
            let soon = Some(Duration::from_secs(1));
            return Err(Error::new(Kind::Unavailable, what).retry_after(soon));
        }
        open.all += 1;
        *open.by.entry(caller.clone()).or_default() += 1;
        drop(open);
        gauge!("tok_event_streams").increment(1);
        Ok(StreamSeat {
            streams: self.clone(),
            caller,
        })
    }
}

/// The place of one stream, given back when it is dropped.
struct StreamSeat {
    streams: Arc<EventStreams>,
    caller: String,
}

impl Drop for StreamSeat {
    fn drop(&mut self) {
        let mut open = self.streams.open();
        open.all -= 1;
        if let Some(own) = open.by.get_mut(&self.caller) {
            *own -= 1;
            if *own == 0 {
                open.by.remove(&self.caller);
            }
        }
        drop(open);
        gauge!("tok_event_streams").decrement(1);
    }
}

/// Somebody who wants to follow something.
pub(super) struct Follower {
    app: App,
    caller: Caller,
    address: Option<ClientAddress>,
    /// The id of the last event that they know.
    last: Option<String>,
}

impl FromRequestParts<App> for Follower {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemResponse> {
        let last = parts.headers.get(&LAST_EVENT_ID);
        let last = last.map(|id| id.to_str().unwrap_or_default().to_owned());
        Ok(Self {
            app: app.clone(),
            address: parts.extensions.get().copied(),
            last: last.filter(|id| !id.is_empty()),
            caller: Caller::from_request_parts(parts, app).await?,
        })
    }
}

impl Follower {
    /// The id of the last event that they know.
    pub(super) fn last(&self) -> Option<&str> {
        self.last.as_deref()
    }

    /// Insists on a scope, also while they follow.
    ///
    /// # Errors
    /// [`Kind::Forbidden`].
    pub(super) fn need(&self, scope: Scope) -> Result<()> {
        self.caller.need(scope)
    }

    /// Tells them what an operation tells, once it has begun.
    ///
    /// # Errors
    /// Those of the operation; [`Kind::RateLimited`] and [`Kind::Unavailable`] when there are too many
    /// streams.
    pub(super) async fn tell(
        self,
        begin: impl Future<Output = Result<BoxStream<'static, Result<SentEvent>>>>,
    ) -> Result<Response> {
        let who = match (&self.caller, self.address) {
            (Caller::Anybody, Some(client)) => client.network().address.to_string(),
            (caller, _) => caller.identity(),
        };
        let seat = self.app.0.streams.take(who)?;
        let told = begin.await?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let pump = same_request(async move {
            let end = pump(self, told, queue).await;
            ended(end.reason.as_str());
            end
        });
        let stream = OpenStream {
            waiting,
            pump: AbortOnDropHandle::new(tokio::spawn(pump)),
            _seat: seat,
        };
        let events = unfold(Some(stream), async |stream| match stream {
            Some(stream) => Some(stream.next().await),
            None => None,
        });
        let keep_alive = KeepAlive::new().interval(KEEP_ALIVE);
        let mut response = Sse::new(events).keep_alive(keep_alive).into_response();
        // nginx would hold events back otherwise.
        let buffering = HeaderName::from_static("x-accel-buffering");
        let headers = response.headers_mut();
        headers.insert(buffering, HeaderValue::from_static("no"));
        Ok(response)
    }

    /// Whether their key is good as it was when they came.
    fn is_welcome(&self) -> bool {
        match &self.caller {
            Caller::Key(key) => self.app.0.keys.still_opens(&self.app.0.context, key),
            Caller::Anybody | Caller::User(_) => true,
        }
    }
}

/// An event on its way out.
pub(super) struct SentEvent {
    event: Event,
    bytes: usize,
}

impl SentEvent {
    /// News of no name of its own, as the command line prints it with `-o jsonl`.
    pub(super) fn news(data: &impl Serialize) -> Result<Self> {
        let text = serde_json::to_string(data)
            .map_err(|error| Error::internal("an event cannot be written").because(error))?;
        Ok(Self {
            bytes: text.len(),
            event: Event::default().data(text),
        })
    }

    /// Everything that was so before is told.
    pub(super) fn current() -> Self {
        let event = Event::default().event(CURRENT).data("{}");
        Self { event, bytes: 0 }
    }

    /// The same with an id by which to go on after it.
    pub(super) fn with_id(self, id: &impl ToString) -> Self {
        Self {
            event: self.event.id(id.to_string()),
            ..self
        }
    }

    fn end(end: &StreamEnd) -> Event {
        // It has nothing that JSON could not hold.
        let text = serde_json::to_string(end).unwrap_or_default();
        Event::default().event(END).data(text)
    }
}

/// An event that waits, and its share of the bytes that may.
type QueuedEvent = (SentEvent, OwnedSemaphorePermit);

/// A stream at work.
struct OpenStream {
    waiting: mpsc::Receiver<QueuedEvent>,
    pump: AbortOnDropHandle<StreamEnd>,
    _seat: StreamSeat,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        if !self.pump.is_finished() {
            ended("left");
        }
    }
}

/// Counts a stream that is not told anything more.
fn ended(reason: &'static str) {
    counter!("tok_event_streams_ended_total", "reason" => reason).increment(1);
}

impl OpenStream {
    /// The next event, and the stream unless that is its last one.
    async fn next(mut self) -> (Result<Event, Infallible>, Option<Self>) {
        if let Some((next, _)) = self.waiting.recv().await {
            return (Ok(next.event), Some(self));
        }
        let end = (&mut self.pump).await.unwrap_or_else(|_| {
            StreamEnd::failed(&Error::internal("something broke; the log says more"))
        });
        (Ok(SentEvent::end(&end)), None)
    }
}

/// Puts what is told into the queue, until there is a reason to end.
async fn pump(
    follower: Follower,
    mut told: BoxStream<'static, Result<SentEvent>>,
    queue: mpsc::Sender<QueuedEvent>,
) -> StreamEnd {
    let budget = Arc::new(Semaphore::new(QUEUE_BYTES));
    let stop = &follower.app.0.context.stop;
    let mut look = interval_at(Instant::now() + LOOK, LOOK);
    loop {
        let next = tokio::select! {
            () = stop.cancelled() => return stopping(),
            _ = look.tick() => {
                if follower.is_welcome() {
                    continue;
                }
                let what = "the API key is not good any more";
                return StreamEnd::new(StreamEndReason::Refused, what);
            }
            next = told.try_next() => next,
        };
        let event = match next {
            Ok(Some(event)) => event,
            Ok(None) => return StreamEnd::new(StreamEndReason::Gone, "what was followed is gone"),
            Err(error) => {
                log(status(error.kind()), &error);
                return StreamEnd::failed(&error);
            }
        };
        let bytes = u32::try_from(event.bytes.min(QUEUE_BYTES)).unwrap_or(u32::MAX);
        let put = async {
            // Neither is closed while the stream is open; whoever closes it ends this.
            if let Ok(share) = budget.clone().acquire_many_owned(bytes).await {
                drop(queue.send((event, share)).await);
            }
        };
        let put = tokio::select! {
            () = stop.cancelled() => return stopping(),
            put = timeout(PATIENCE, put) => put,
        };
        if put.is_err() {
            let what =
                "too little of the stream was read for too long; go on behind the last event";
            return StreamEnd::new(StreamEndReason::TooSlow, what);
        }
    }
}

fn stopping() -> StreamEnd {
    let what = "the server stops; go on behind the last event when it is there again";
    StreamEnd::new(StreamEndReason::Stopping, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_has_no_more_streams_than_may_be_and_all_no_more_than_there_are() {
        let streams = Arc::new(EventStreams {
            most: 3,
            of_one: 2,
            open: Mutex::default(),
        });
        let take = |who: &str| streams.take(who.to_owned());
        let mut taken = vec![take("ada").expect("one"), take("ada").expect("two")];
        let refused = take("ada").err().expect("too many of hers");
        assert_eq!(refused.kind(), Kind::RateLimited);
        taken.push(take("bob").expect("one"));
        let refused = take("eve").err().expect("too many");
        assert_eq!(refused.kind(), Kind::Unavailable);
        taken.clear();
        assert!(take("ada").is_ok());
        assert!(streams.open().by.is_empty(), "nobody is remembered");
    }
}
