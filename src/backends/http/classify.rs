//! The one place where a vendor's status becomes a kind of error.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Upstream, UpstreamAnswer};
use crate::error::{Error, Kind, Result};

/// How much of a vendor's explanation is repeated.
const LONGEST_INFO: usize = 300;

impl Upstream {
    pub(super) fn classify(
        &self,
        status: StatusCode,
        headers: &HeaderMap,
        text: &[u8],
    ) -> Result<UpstreamAnswer, AttemptFailure> {
        let body = match text {
            [] => Ok(Value::Null),
            text => serde_json::from_slice(text),
        };
        if status.is_success() {
            let date = headers.get(DATE).and_then(|date| date.to_str().ok());
            return match body {
                Ok(body) => Ok(UpstreamAnswer {
                    body,
                    date: date.map(str::to_owned),
                }),
                Err(error) => Err(AttemptFailure {
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
        Err(AttemptFailure {
            error: error.answered(status.as_u16(), body.unwrap_or(Value::Null)),
            repeatable: kind.is_temporary(),
            processed: kind != Kind::RateLimited,
        })
    }

    /// The kind and the sentence for a status that is not success.
    fn name(&self, status: StatusCode, body: Option<&Value>) -> (Kind, String) {
        let vendor = self.vendor;
        let info = || {
            let text = body
                .and_then(|body| {
                    let names = ["info", "message", "description", "error"];
                    names.iter().find_map(|name| body.get(name)?.as_str())
                })
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

/// Reads an answer as what the vendor documents it to be.
///
/// # Errors
/// [`Kind::BadGateway`] when it is something else.
pub fn parsed<T: DeserializeOwned>(vendor: &str, body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(|error| {
        Error::bad_gateway(format!(
            "{vendor}'s answer does not have the documented shape"
        ))
        .because(error)
    })
}

/// `Retry-After` in seconds; the date form is not used by the vendors we talk to.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().map(Duration::from_secs)
}

/// An error with what matters for repeating the call.
pub(super) struct AttemptFailure {
    pub(super) error: Error,
    pub(super) repeatable: bool,
    pub(super) processed: bool,
}

impl AttemptFailure {
    pub(super) fn final_(error: Error) -> Self {
        Self {
            error,
            repeatable: false,
            processed: false,
        }
    }
}
