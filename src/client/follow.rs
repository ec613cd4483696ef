//! Following what a server tells: a stream of events, which goes on where its connection broke.

use std::time::Duration;

use tokio::time::Instant;

use super::answer;
use super::request::ApiRequest;
use crate::backends::http::{EventReader, ServerSentEvent};
use crate::error::{Error, Kind, Result};
use crate::model::backoff::{Backoff, Delays};
use crate::model::stream_end::{END, StreamEnd, StreamEndReason};

/// The delays between tries to open a stream again.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(200), Duration::from_secs(5)).with_jitter();
/// How long that is tried: servers are brought up again, or somebody has to look.
const GIVE_UP: Duration = Duration::from_mins(10);
/// A stream that went on for so long was a good one: what breaks it is another fault than the last.
const GOOD: Duration = Duration::from_secs(10);

/// What somebody is told who follows.
pub(super) enum FollowerNews {
    /// An event.
    Event(ServerSentEvent),
    /// The connection broke and there is another one.
    OpenedAgain,
}

/// A stream of events, over one connection after the other.
pub(super) struct FollowedStream<'a> {
    request: ApiRequest<'a>,
    /// The id of the last event.
    last: Option<String>,
    reader: Option<EventReader>,
    opened: Instant,
    delays: Delays,
    /// Since when no connection was good.
    broken: Option<Instant>,
}

impl<'a> FollowedStream<'a> {
    /// Opens what a request asks for, behind the event with the id `last`.
    ///
    /// # Errors
    /// What the server says.
    pub(super) async fn open(request: ApiRequest<'a>, last: Option<String>) -> Result<Self> {
        let reader = request.events(last.as_deref()).await?;
        Ok(Self {
            request,
            last,
            reader: Some(reader),
            opened: Instant::now(),
            delays: BACKOFF.delays(),
            broken: None,
        })
    }

    /// What is told next; nothing when that which is followed is gone. Whoever stops waiting misses nothing.
    ///
    /// # Errors
    /// Why it cannot be followed any more.
    pub(super) async fn next(&mut self) -> Result<Option<FollowerNews>> {
        let Some(reader) = &mut self.reader else {
            return self.back().await;
        };
        let why = match reader.next().await {
            Ok(Some(event)) if event.name == END => {
                let end: StreamEnd = answer::read_text(&event.data)?;
                match end.reason {
                    StreamEndReason::Gone => return Ok(None),
                    // The server says it better to whoever asks again.
                    StreamEndReason::Refused => {
                        self.reader = None;
                        return self.back().await;
                    }
                    _ => match answer::ended(end) {
                        passing if passing.kind().is_temporary() => passing,
                        // It would be the same again.
                        lasting => return Err(lasting),
                    },
                }
            }
            Ok(Some(event)) => {
                self.last = event.id.clone().or(self.last.take());
                return Ok(Some(FollowerNews::Event(event)));
            }
            Ok(None) => Error::bad_gateway("the connection to the server ended"),
            Err(error) => error,
        };
        self.broke(&why);
        self.back().await
    }

    async fn back(&mut self) -> Result<Option<FollowerNews>> {
        let back = self.open_again().await?;
        Ok(back.then_some(FollowerNews::OpenedAgain))
    }

    /// Tells once that a stream broke.
    fn broke(&mut self, why: &Error) {
        self.reader = None;
        if self.opened.elapsed() >= GOOD {
            self.broken = None;
            self.delays.reset();
        }
        if self.broken.is_none() {
            self.broken = Some(Instant::now());
            tracing::warn!("{why}; trying again");
        }
    }

    /// Opens the stream again behind the last event. Says whether what is followed is still there.
    async fn open_again(&mut self) -> Result<bool> {
        let since = *self.broken.get_or_insert_with(Instant::now);
        let mut asked = None;
        loop {
            tokio::time::sleep(self.delays.next(asked)).await;
            match self.request.events(self.last.as_deref()).await {
                Ok(reader) => {
                    self.reader = Some(reader);
                    self.opened = Instant::now();
                    return Ok(true);
                }
                // It went meanwhile, which ends what is followed over a store.
                Err(error) if error.kind() == Kind::NotFound => return Ok(false),
                Err(error) if error.kind().is_temporary() && since.elapsed() < GIVE_UP => {
                    asked = error.wait();
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// What a server says of a request to follow something that an older one does not know.
pub(super) fn too_old() -> Error {
    Error::unsupported(
        "the server is of an older release, which lets nobody follow this; bring it up to date, or run the command on its machine",
    )
}
