//! The one outgoing HTTP client: base URL, credential, time limits, rate limit, retry, and the
//! one place where a vendor's status becomes a [`Kind`].

mod call;
mod cause;
mod classify;
mod event_reader;
mod events;

use std::time::{Duration, Instant};

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Request, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use tracing::Instrument;
use url::Url;

pub use self::call::{
    Signer, UpstreamAnswer, UpstreamBody, UpstreamCall, UpstreamCredential, UpstreamReply,
};
pub(crate) use self::cause::place;
use self::cause::unanswered;
pub(in crate::backends) use self::cause::{TlsFault, connected_to, unreached};
use self::classify::AttemptFailure;
pub use self::classify::parsed;
pub(in crate::backends) use self::classify::{beginning, outcome_of, retry_after, until, wait_in};
pub use self::event_reader::{EventReader, EventReply};
pub(in crate::backends) use self::events::EventParser;
pub use self::events::ServerSentEvent;
use super::http_client::HttpClient;
use super::rate_limit::LONGEST_WAIT;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::loopback::is_loopback;
use crate::model::told_causes::ToldCauses;
use crate::traces;

/// The most that is read of one answer.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// How often a call is repeated after its first try.
const RETRIES: u32 = 4;
/// The delays between the tries of a call.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(200), Duration::from_secs(5)).with_jitter();
/// Who waits for longer than this is told why.
const TOLD_AFTER: Duration = Duration::from_secs(1);
/// A call may be repeated for so long, or for two time limits of a single try.
const LEAST_PATIENCE: Duration = Duration::from_secs(8);

/// A vendor's API at one base URL with one credential.
pub struct Upstream {
    vendor: &'static str,
    setting: &'static str,
    base: Url,
    /// The configuration key that the base URL comes from.
    address: &'static str,
    credential: UpstreamCredential,
    /// What people were told who wait.
    told: ToldCauses,
    /// No further try begins when so much time has passed.
    patience: Duration,
    client: HttpClient,
}

impl Upstream {
    /// A client of `vendor`; `setting` is the configuration key of the credential, named when the
    /// vendor refuses it.
    pub fn new(
        vendor: &'static str,
        setting: &'static str,
        base: Url,
        credential: UpstreamCredential,
        timeout: Duration,
    ) -> Self {
        // What is open to whoever passes it on goes to this machine without a proxy.
        let stays_here = base.scheme() == "http" && is_loopback(&base);
        Self {
            vendor,
            setting,
            base,
            address: "the base URL",
            credential,
            told: ToldCauses::default(),
            patience: LEAST_PATIENCE.max(timeout * 2),
            client: HttpClient::new(move |client| {
                let client = if stays_here {
                    client.no_proxy()
                } else {
                    client
                };
                client
                    .redirect(reqwest::redirect::Policy::none())
                    .connect_timeout(timeout.min(Duration::from_secs(5)))
                    .timeout(timeout)
            }),
        }
    }

    /// Says which configuration key the base URL comes from.
    #[must_use]
    pub fn found_by(mut self, setting: &'static str) -> Self {
        self.address = setting;
        self
    }

    /// Gets ready what else the first call would.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the TLS machinery cannot start, [`Kind::Config`] when no request can carry
    /// the credential.
    pub fn prepare(&self) -> Result<()> {
        self.client.ready()?;
        let carried = match &self.credential {
            UpstreamCredential::Bearer(token) => can_be_carried(token),
            UpstreamCredential::Headers(headers) => {
                headers.iter().all(|(_, value)| can_be_carried(value))
            }
            UpstreamCredential::Google(_) | UpstreamCredential::Signed(_) => true,
        };
        if carried {
            return Ok(());
        }
        Err(Error::config(format!(
            "{}: it has line breaks or letters that no request to {} can carry; take it over once more",
            self.setting, self.vendor
        )))
    }

    /// Sends a call, waiting for the rate limit and repeating it while that may help.
    ///
    /// # Errors
    /// By status: 401 and 403 [`Kind::Refused`], 404 [`Kind::NotFound`], 409 [`Kind::Conflict`], 429
    /// [`Kind::RateLimited`], other 4xx [`Kind::InvalidInput`], anything else [`Kind::BadGateway`];
    /// [`Kind::Timeout`] when no answer came in time.
    pub async fn send(&self, call: UpstreamCall<'_>) -> Result<UpstreamAnswer> {
        self.send_reporting_lost(call).await.0
    }

    /// As [`send`](Self::send), and tells whether an earlier try of this call may have been
    /// carried out although its answer was lost.
    pub async fn send_reporting_lost(
        &self,
        call: UpstreamCall<'_>,
    ) -> (Result<UpstreamAnswer>, bool) {
        let began = Instant::now();
        let mut lost = false;
        let again = |failure: &AttemptFailure, planned: Duration| {
            let (error, asked) = (&failure.error, failure.error.wait().unwrap_or_default());
            let safe = !(call.non_idempotent && failure.processed);
            let worth = failure.repeatable && began.elapsed() < self.patience;
            let delay = (safe && worth && asked <= LONGEST_WAIT).then(|| planned.max(asked))?;
            lost |= failure.processed;
            tracing::debug!(vendor = self.vendor, %error, ?delay, "repeating a call");
            // Whoever waits hears why.
            if began.elapsed() + delay > TOLD_AFTER && self.told.is_news(error.message()) {
                let advice = error
                    .advice()
                    .map_or_else(String::new, |advice| format!(": {advice}"));
                tracing::warn!(target: traces::WAITS, "{error}; trying again{advice}");
            }
            Some(delay)
        };
        let outcome = BACKOFF
            .retry(RETRIES, || self.attempt(&call), again)
            .await
            .map_err(|failure| failure.error);
        (outcome, lost)
    }

    /// One try, counted by its outcome.
    async fn attempt(&self, call: &UpstreamCall<'_>) -> Result<UpstreamAnswer, AttemptFailure> {
        let began = Instant::now();
        let trying = async {
            let turn = call.limiter.turn(self.vendor).await;
            turn.map_err(AttemptFailure::final_)?;
            let (status, headers, text) = self.exchange(call).await?;
            self.classify(status, &headers, &text)
        };
        let outcome = trying.await;
        let code = outcome
            .as_ref()
            .err()
            .map_or("ok", |failure| failure.error.kind().code());
        count(self.vendor, began, code);
        outcome
    }

    /// Sends a call once and gives back whatever the vendor answers.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] and [`Kind::Timeout`] when there is no answer; [`Kind::Refused`] when
    /// there is no credential.
    pub async fn send_plainly(&self, call: &UpstreamCall<'_>) -> Result<UpstreamReply> {
        let began = Instant::now();
        let outcome = self.exchange(call).await;
        let label = outcome.as_ref().map_or_else(
            |failure| failure.error.kind().code(),
            |(status, ..)| outcome_of(*status),
        );
        count(self.vendor, began, label);
        let (status, headers, text) = outcome.map_err(|failure| failure.error)?;
        Ok(UpstreamReply {
            status: status.as_u16(),
            body: serde_json::from_slice(&text).unwrap_or(Value::Null),
            retry_after: retry_after(&headers),
        })
    }

    /// One request and its answer; a credential that is refused is renewed once.
    async fn exchange(
        &self,
        call: &UpstreamCall<'_>,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), AttemptFailure> {
        match &self.credential {
            UpstreamCredential::Google(tokens) => {
                let token = tokens.token().await.map_err(AttemptFailure::final_)?;
                let first = self.ask(call, Some(&token)).await?;
                let good = call
                    .good_credential_word
                    .is_some_and(|word| memchr::memmem::find(&first.2, word.as_bytes()).is_some());
                if first.0 != StatusCode::UNAUTHORIZED || good {
                    return Ok(first);
                }
                tokens.refused(&token).await;
                let fresh = tokens.token().await.map_err(AttemptFailure::final_)?;
                self.ask(call, Some(&fresh)).await
            }
            UpstreamCredential::Signed(signer) => {
                let first = self.ask(call, None).await?;
                let refused = matches!(first.0, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN);
                if refused && signer.refused() {
                    return self.ask(call, None).await;
                }
                Ok(first)
            }
            UpstreamCredential::Bearer(_) | UpstreamCredential::Headers(_) => {
                self.ask(call, None).await
            }
        }
    }

    /// One request, traced.
    async fn ask(
        &self,
        call: &UpstreamCall<'_>,
        token: Option<&SecretString>,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), AttemptFailure> {
        let host = self.base.host_str().unwrap_or_default();
        let span = traces::vendor(self.vendor, call.method.as_str(), host);
        let asking = async {
            let mut request = self.request(call, token).map_err(AttemptFailure::final_)?;
            // After it was signed: a signature is about what the vendor asks for.
            traces::hand_on(request.headers_mut());
            let client = self.client.ready().map_err(AttemptFailure::final_)?;
            let mut response = client
                .execute(request)
                .await
                .map_err(|error| self.transport(error))?;
            let status = response.status();
            let headers = std::mem::take(response.headers_mut());
            let text = self.read(response).await?;
            Ok((status, headers, text))
        };
        let outcome: Result<_, AttemptFailure> = asking.instrument(span.clone()).await;
        match &outcome {
            Ok((status, ..)) => traces::answered(&span, status.as_u16()),
            Err(failure) => traces::failed(&span, failure.error.kind()),
        }
        outcome
    }

    fn request(&self, call: &UpstreamCall<'_>, token: Option<&SecretString>) -> Result<Request> {
        self.prepare()?;
        let mut request = self
            .client
            .ready()?
            .request(call.method.clone(), self.url(call)?)
            .header("accept", "application/json");
        request = match (&self.credential, token) {
            (UpstreamCredential::Bearer(token), _) | (_, Some(token)) => {
                request.bearer_auth(token.expose_secret())
            }
            (UpstreamCredential::Headers(headers), _) => {
                headers.iter().fold(request, |request, (name, value)| {
                    request.header(*name, value.expose_secret())
                })
            }
            (UpstreamCredential::Google(_) | UpstreamCredential::Signed(_), None) => request,
        };
        request = match call.body {
            UpstreamBody::None => request,
            UpstreamBody::Json(body) => request.json(body),
            UpstreamBody::Bytes(bytes) => request
                .header("content-type", "application/json")
                .body(bytes.clone()),
            UpstreamBody::Form(fields) => request.form(fields),
        };
        let mut request = request
            .build()
            .map_err(|error| Error::internal("a request cannot be made").because(error))?;
        if let UpstreamCredential::Signed(signer) = &self.credential {
            signer.sign(&mut request)?;
        }
        Ok(request)
    }

    /// No part may be one that addresses drop or resolve: it would name another thing, or a whole
    /// collection.
    fn url(&self, call: &UpstreamCall<'_>) -> Result<Url> {
        let odd = |part: &&&str| {
            part.is_empty() || **part == "." || **part == ".." || part.contains(char::is_control)
        };
        if let Some(part) = call.path.iter().find(odd) {
            let vendor = self.vendor;
            return Err(Error::not_found(format!(
                "{part:?} is nothing that {vendor} has"
            )));
        }
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        Ok(url)
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, AttemptFailure> {
        let mut text = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport(error))?
        {
            if text.len() + chunk.len() > MAX_ANSWER {
                let message = format!("{}'s answer is larger than 8 MiB", self.vendor);
                return Err(AttemptFailure::final_(Error::bad_gateway(message)));
            }
            text.extend_from_slice(&chunk);
        }
        Ok(text)
    }

    fn transport(&self, error: reqwest::Error) -> AttemptFailure {
        let (vendor, processed) = (self.vendor, !error.is_connect());
        let failure = |error: Error, repeatable| AttemptFailure {
            error,
            repeatable,
            processed,
        };
        if error.is_connect() {
            let kind = if error.is_timeout() {
                Kind::Timeout
            } else {
                Kind::BadGateway
            };
            let cause = unreached(&error, &self.base, self.address);
            let told = Error::new(
                kind,
                format!("{vendor} cannot be reached at {}", cause.what),
            );
            let told = told.advise(cause.advice).because(error.without_url());
            return failure(told, cause.may_pass);
        }
        let kind = if error.is_timeout() {
            Kind::Timeout
        } else {
            Kind::BadGateway
        };
        let (what, advice) = unanswered(&error, &self.base, self.address);
        let told = Error::new(kind, format!("{vendor} {what}")).advise(advice);
        failure(told.because(error.without_url()), true)
    }
}

/// Counts a try that began then by its outcome; all vendors are counted alike.
pub(in crate::backends) fn count(vendor: &'static str, began: Instant, outcome: &'static str) {
    metrics::counter!("tok_upstream_requests_total", "vendor" => vendor, "outcome" => outcome)
        .increment(1);
    metrics::histogram!("tok_upstream_request_seconds", "vendor" => vendor)
        .record(began.elapsed().as_secs_f64());
}

/// Whether a credential can stand in the head of a request.
fn can_be_carried(credential: &SecretString) -> bool {
    HeaderValue::from_str(credential.expose_secret()).is_ok()
}

#[cfg(test)]
mod tests;
