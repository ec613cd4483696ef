//! Reading a stream of server-sent events.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use serde_json::Value;
use tokio::time::timeout;

use super::events::{EventParser, ServerSentEvent};
use super::{Upstream, UpstreamCall, UpstreamReply, count, outcome_of, retry_after};
use crate::error::{Error, Kind, Result};

/// The longest event that is taken.
const LONGEST_EVENT: usize = 8 * 1024 * 1024;
/// A stream goes on for as long as it is not silent; this is for ever.
const NO_END: Duration = Duration::from_secs(u32::MAX as u64);

static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What somebody answers who is asked for a stream of events.
pub enum EventReply {
    /// The stream.
    Stream(Box<EventReader>),
    /// Something else, with its status.
    Other(UpstreamReply),
}

/// A stream of events as it comes in.
pub struct EventReader {
    response: Response,
    parser: EventParser,
    waiting: VecDeque<ServerSentEvent>,
    vendor: &'static str,
    silence: Duration,
}

impl Upstream {
    /// Asks once for a stream of events, of which those after the one with the id `last` are told; it
    /// counts as broken when nothing comes for `silence`.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] and [`Kind::Timeout`] when there is no answer.
    pub async fn open_events(
        &self,
        call: &UpstreamCall<'_>,
        last: Option<&str>,
        silence: Duration,
    ) -> Result<EventReply> {
        let began = Instant::now();
        let outcome = self.open_uncounted(call, last, silence).await;
        let label = match &outcome {
            Ok(EventReply::Stream(_)) => "ok",
            Ok(EventReply::Other(reply)) => {
                reqwest::StatusCode::from_u16(reply.status).map_or("ok", outcome_of)
            }
            Err(error) => error.kind().code(),
        };
        count(self.vendor, began, label);
        outcome
    }

    async fn open_uncounted(
        &self,
        call: &UpstreamCall<'_>,
        last: Option<&str>,
        silence: Duration,
    ) -> Result<EventReply> {
        let mut request = self.request(call, None)?;
        let headers = request.headers_mut();
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        // Whoever packs it holds back what is not much yet.
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        if let Some(last) = last.and_then(|last| HeaderValue::from_str(last).ok()) {
            headers.insert(LAST_EVENT_ID.clone(), last);
        }
        *request.timeout_mut() = Some(NO_END);
        let asked = timeout(silence, self.client.ready()?.execute(request)).await;
        let mut response = asked
            .map_err(|_| silent(self.vendor))?
            .map_err(|error| self.transport(error).error)?;
        if response.status().is_success() && is_stream(&response) {
            return Ok(EventReply::Stream(Box::new(EventReader {
                response,
                parser: EventParser::new(LONGEST_EVENT),
                waiting: VecDeque::new(),
                vendor: self.vendor,
                silence,
            })));
        }
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let read = timeout(silence, self.read(response)).await;
        let text = read
            .map_err(|_| silent(self.vendor))?
            .map_err(|failure| failure.error)?;
        Ok(EventReply::Other(UpstreamReply {
            status,
            body: serde_json::from_slice(&text).unwrap_or(Value::Null),
            retry_after: retry_after(&headers),
        }))
    }
}

fn is_stream(response: &Response) -> bool {
    let told = response.headers().get(CONTENT_TYPE);
    let told = told.and_then(|value| value.to_str().ok()).unwrap_or("");
    let kind = told.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("text/event-stream")
}

fn silent(vendor: &str) -> Error {
    Error::new(Kind::Timeout, format!("{vendor} fell silent"))
}

impl EventReader {
    /// The next event; nothing when the stream ends.
    ///
    /// # Errors
    /// [`Kind::Timeout`] when nothing comes any more, [`Kind::BadGateway`] when the connection breaks, or
    /// brings what is no event.
    pub async fn next(&mut self) -> Result<Option<ServerSentEvent>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Ok(Some(event));
            }
            let vendor = self.vendor;
            let broke = |error: reqwest::Error| {
                let what = format!("the connection to {vendor} broke");
                Error::bad_gateway(what).because(error.without_url())
            };
            let chunk = timeout(self.silence, self.response.chunk()).await;
            let Some(chunk) = chunk.map_err(|_| silent(vendor))?.map_err(broke)? else {
                return Ok(None);
            };
            let garbage =
                |_| Error::bad_gateway(format!("{vendor} sent something that is no event"));
            self.waiting
                .extend(self.parser.feed(&chunk).map_err(garbage)?);
        }
    }
}
