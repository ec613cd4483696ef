//! The one outgoing HTTP client: base URL, credential, time limits, rate limit, retry, and the
//! one place where a vendor's status becomes a [`Kind`].

use std::sync::Arc;
use std::time::{Duration, Instant};

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::google::TokenSource;
use super::limit::Limiter;
use crate::error::{Error, Kind, Result};

/// The most that is read of one answer.
const MAX_ANSWER: usize = 8 * 1024 * 1024;
/// How often a call is repeated after its first try.
const RETRIES: usize = 4;
/// The longest `Retry-After` that is waited for; beyond it the caller is told.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// A call may be repeated for so long, or for two time limits of a single try.
const LEAST_PATIENCE: Duration = Duration::from_secs(8);
/// How much of a vendor's explanation is repeated.
const LONGEST_INFO: usize = 300;

/// A vendor's API at one base URL with one credential.
pub struct Upstream {
    vendor: &'static str,
    setting: &'static str,
    base: Url,
    credential: Credential,
    /// No further try begins when so much time has passed.
    patience: Duration,
    client: reqwest::Client,
}

/// How we say who we are.
pub enum Credential {
    /// `Authorization: Bearer …`
    Bearer(SecretString),
    /// The same with a token of Google's.
    Google(Arc<TokenSource>),
    /// Headers of the vendor's own.
    Headers(Vec<(&'static str, SecretString)>),
}

/// One call to a vendor, which must have the same effect however often it is sent: a call whose
/// answer is lost is sent again.
pub struct Call<'a> {
    /// The HTTP method.
    pub method: Method,
    /// Path parts below the base URL; each is percent-encoded.
    pub path: &'a [&'a str],
    /// Query parameters.
    pub query: &'a [(&'a str, String)],
    /// The JSON body.
    pub body: Option<&'a Value>,
    /// Which of the vendor's limits it counts against.
    pub limiter: &'a Limiter,
}

/// A vendor's answer with a status of 2xx.
#[derive(Debug)]
pub struct Answer {
    /// The JSON body; null when there was none.
    pub body: Value,
    /// The vendor's clock, in its own words (`Date`).
    pub date: Option<String>,
}

/// A vendor's answer, whatever its status.
#[derive(Debug)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; null when there was none, or none that is JSON.
    pub body: Value,
    /// How long the vendor asks us to wait.
    pub retry_after: Option<Duration>,
}

impl Upstream {
    /// A client of `vendor`; `setting` is the configuration key of the credential, named when the
    /// vendor refuses it.
    ///
    /// # Errors
    /// [`Kind::Internal`] when the TLS machinery cannot start.
    pub fn new(
        vendor: &'static str,
        setting: &'static str,
        base: Url,
        credential: Credential,
        timeout: Duration,
    ) -> Result<Self> {
        let client = reqwest::Client::builder()
            .user_agent(concat!("tok/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(timeout.min(Duration::from_secs(5)))
            .timeout(timeout)
            .build()
            .map_err(|error| Error::internal("the HTTP client cannot start").because(error))?;
        Ok(Self {
            vendor,
            setting,
            base,
            credential,
            patience: LEAST_PATIENCE.max(timeout * 2),
            client,
        })
    }

    /// Sends a call, waiting for the rate limit and repeating it while that may help.
    ///
    /// # Errors
    /// By status: 401 and 403 [`Kind::Refused`], 404 [`Kind::NotFound`], 409 [`Kind::Conflict`], 429
    /// [`Kind::RateLimited`], other 4xx [`Kind::InvalidInput`], anything else [`Kind::BadGateway`];
    /// [`Kind::Timeout`] when no answer came in time.
    pub async fn send(&self, call: Call<'_>) -> Result<Answer> {
        self.send_telling(call).await.0
    }

    /// As [`send`](Self::send), and tells whether an earlier try of this call may have been
    /// carried out although its answer was lost.
    pub async fn send_telling(&self, call: Call<'_>) -> (Result<Answer>, bool) {
        let backoff = ExponentialBuilder::default()
            .with_min_delay(Duration::from_millis(200))
            .with_max_delay(Duration::from_secs(5))
            .with_max_times(RETRIES)
            .with_jitter();
        let began = Instant::now();
        let mut lost = false;
        let outcome = (|| self.send_once(&call))
            .retry(backoff)
            .when(|failure| failure.repeatable && began.elapsed() < self.patience)
            .adjust(|failure, planned| match (planned, failure.error.wait()) {
                (Some(planned), Some(asked)) if asked <= LONGEST_WAIT => Some(planned.max(asked)),
                (_, Some(_)) => None,
                (planned, None) => planned,
            })
            .notify(|failure, wait| {
                lost |= failure.processed;
                let error = &failure.error;
                tracing::debug!(vendor = self.vendor, %error, ?wait, "repeating a call");
            })
            .await
            .map_err(|failure| failure.error);
        (outcome, lost)
    }

    /// One try, counted by its outcome.
    async fn send_once(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        let began = Instant::now();
        let outcome = self.try_once(call).await;
        let code = outcome
            .as_ref()
            .err()
            .map_or("ok", |failure| failure.error.kind().code());
        self.count(began, code.into());
        outcome
    }

    /// Counts a try that began then by its outcome.
    fn count(&self, began: Instant, outcome: metrics::SharedString) {
        metrics::counter!("tok_upstream_requests_total", "vendor" => self.vendor, "outcome" => outcome)
            .increment(1);
        metrics::histogram!("tok_upstream_request_seconds", "vendor" => self.vendor)
            .record(began.elapsed().as_secs_f64());
    }

    async fn try_once(&self, call: &Call<'_>) -> Result<Answer, Failure> {
        call.limiter
            .turn(self.vendor)
            .await
            .map_err(Failure::final_)?;
        let (status, headers, text) = self.exchange(call, None).await?;
        self.judge(status, &headers, &text)
    }

    /// Sends a call once and gives back whatever the vendor answers.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] and [`Kind::Timeout`] when there is no answer; [`Kind::Refused`] when
    /// there is no credential.
    pub async fn send_plainly(&self, call: &Call<'_>) -> Result<Reply> {
        self.send_bytes(call, None).await
    }

    /// As [`send_plainly`](Self::send_plainly), with a body that is JSON already.
    ///
    /// # Errors
    /// As [`send_plainly`](Self::send_plainly).
    pub async fn send_bytes(&self, call: &Call<'_>, body: Option<&Bytes>) -> Result<Reply> {
        let began = Instant::now();
        let outcome = self.exchange(call, body).await;
        let label = outcome.as_ref().map_or_else(
            |failure| failure.error.kind().code().to_owned(),
            |(status, ..)| status.as_u16().to_string(),
        );
        self.count(began, label.into());
        let (status, headers, text) = outcome.map_err(|failure| failure.error)?;
        Ok(Reply {
            status: status.as_u16(),
            body: serde_json::from_slice(&text).unwrap_or(Value::Null),
            retry_after: retry_after(&headers),
        })
    }

    /// One request and its answer; a token of Google's that is refused is renewed once.
    async fn exchange(
        &self,
        call: &Call<'_>,
        body: Option<&Bytes>,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), Failure> {
        let token = match &self.credential {
            Credential::Google(tokens) => Some(tokens.token().await.map_err(Failure::final_)?),
            _ => None,
        };
        let first = self.ask(call, body, token.as_ref()).await?;
        if let (Credential::Google(tokens), Some(token), StatusCode::UNAUTHORIZED) =
            (&self.credential, token, first.0)
        {
            tokens.refused(&token).await;
            let fresh = tokens.token().await.map_err(Failure::final_)?;
            return self.ask(call, body, Some(&fresh)).await;
        }
        Ok(first)
    }

    async fn ask(
        &self,
        call: &Call<'_>,
        body: Option<&Bytes>,
        token: Option<&SecretString>,
    ) -> Result<(StatusCode, HeaderMap, Vec<u8>), Failure> {
        let mut request = self
            .client
            .request(call.method.clone(), self.url(call))
            .header("accept", "application/json");
        request = match (&self.credential, token) {
            (Credential::Bearer(token), _) | (_, Some(token)) => {
                request.bearer_auth(token.expose_secret())
            }
            (Credential::Headers(headers), _) => {
                headers.iter().fold(request, |request, (name, value)| {
                    request.header(*name, value.expose_secret())
                })
            }
            (Credential::Google(_), None) => request,
        };
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.clone());
        } else if let Some(body) = call.body {
            request = request.json(body);
        }
        let mut response = request
            .send()
            .await
            .map_err(|error| self.transport(error))?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let text = self.read(response).await?;
        Ok((status, headers, text))
    }

    fn url(&self, call: &Call<'_>) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(call.path);
        }
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(call.query);
        }
        url
    }

    async fn read(&self, mut response: reqwest::Response) -> Result<Vec<u8>, Failure> {
        let mut text = Vec::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| self.transport(error))?
        {
            if text.len() + chunk.len() > MAX_ANSWER {
                let message = format!("{}'s answer is larger than 8 MiB", self.vendor);
                return Err(Failure::final_(Error::bad_gateway(message)));
            }
            text.extend_from_slice(&chunk);
        }
        Ok(text)
    }

    fn transport(&self, error: reqwest::Error) -> Failure {
        let processed = !error.is_connect();
        let (kind, what) = if error.is_timeout() {
            (Kind::Timeout, "did not answer in time")
        } else if error.is_connect() {
            (Kind::BadGateway, "cannot be reached")
        } else {
            (Kind::BadGateway, "broke off its answer")
        };
        Failure {
            error: Error::new(kind, format!("{} {what}", self.vendor)).because(error.without_url()),
            repeatable: true,
            processed,
        }
    }

    fn judge(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        text: &[u8],
    ) -> Result<Answer, Failure> {
        let body = match text {
            [] => Ok(Value::Null),
            text => serde_json::from_slice(text),
        };
        if status.is_success() {
            let date = headers.get(DATE).and_then(|date| date.to_str().ok());
            return match body {
                Ok(body) => Ok(Answer {
                    body,
                    date: date.map(str::to_owned),
                }),
                Err(error) => Err(Failure {
                    error: Error::bad_gateway(format!(
                        "{} answered something that is not JSON",
                        self.vendor
                    ))
                    .because(error),
                    repeatable: true,
                    processed: true,
                }),
            };
        }
        let (kind, message) = self.name(status, body.as_ref().ok());
        let error = Error::new(kind, message).retry_after(retry_after(headers));
        Err(Failure {
            error: match body {
                Ok(body @ Value::Object(_)) => error.answered(status.as_u16(), body),
                _ => error,
            },
            repeatable: kind.is_temporary(),
            processed: kind != Kind::RateLimited,
        })
    }

    /// The kind and the sentence for a status that is not success.
    fn name(&self, status: StatusCode, body: Option<&Value>) -> (Kind, String) {
        let vendor = self.vendor;
        let info = || {
            let text = body
                .and_then(|body| body.get("info").or_else(|| body.get("message")))
                .and_then(Value::as_str)
                .unwrap_or("no explanation given");
            text.chars().take(LONGEST_INFO).collect::<String>()
        };
        match status.as_u16() {
            400 | 422 => (Kind::InvalidInput, format!("{vendor} says: {}", info())),
            code @ (401 | 403) => (
                Kind::Refused,
                format!(
                    "{vendor} refused the credential ({code}); check {}",
                    self.setting
                ),
            ),
            404 => (Kind::NotFound, format!("{vendor} says: {}", info())),
            408 => (Kind::Timeout, format!("{vendor} did not answer in time")),
            409 => (Kind::Conflict, format!("{vendor} says: {}", info())),
            429 => (
                Kind::RateLimited,
                format!("{vendor} says that there are too many calls"),
            ),
            code @ 402..500 => (
                Kind::InvalidInput,
                format!("{vendor} refused the request ({code}): {}", info()),
            ),
            code @ 500.. => (Kind::BadGateway, format!("{vendor} failed ({code})")),
            code => (
                Kind::BadGateway,
                format!("{vendor} answered with the unexpected status {code}"),
            ),
        }
    }
}

/// `Retry-After` in seconds; the date form is not used by the vendors we talk to.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// An error with what matters for repeating the call.
struct Failure {
    error: Error,
    repeatable: bool,
    processed: bool,
}

impl Failure {
    fn final_(error: Error) -> Self {
        Self {
            error,
            repeatable: false,
            processed: false,
        }
    }
}
