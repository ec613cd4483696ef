//! The one place where a vendor's status becomes a kind of error.

use std::fmt::Write as _;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, LOCATION, RETRY_AFTER};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Upstream, UpstreamAnswer};
use crate::error::{Error, Kind, Result};

/// How much of a vendor's explanation is repeated.
const LONGEST_INFO: usize = 300;
/// What is said of an answer that explains nothing because it is somebody else's.
const NOT_JSON: &str = "nothing in JSON; a proxy or portal may have answered in its place";
/// The longest that anybody is believed who asks to wait.
const LONGEST_WAIT: Duration = Duration::from_hours(24);
/// How much is shown of an answer that is not what it should be.
const LONGEST_BEGINNING: usize = 60;

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
                        "{} answered something that is not JSON: {}",
                        self.vendor,
                        beginning(headers, text)
                    ))
                    .advise(format!(
                        "check that no proxy or portal answers in its place, and {}",
                        self.address
                    ))
                    .because(error),
                    repeatable: true,
                    processed: true,
                }),
            };
        }
        let (kind, mut message) = self.name(status, body.as_ref().ok(), &beginning(headers, text));
        let wait = retry_after(headers);
        if let Some(wait) = wait.filter(|_| kind == Kind::RateLimited) {
            message.push_str(&until(wait));
        }
        if let Some(to) = headers.get(LOCATION).and_then(|to| to.to_str().ok()) {
            let to: String = to.chars().take(LONGEST_BEGINNING).collect();
            let _ = write!(message, ", which leads to {to:?}");
        }
        let error = Error::new(kind, message).retry_after(wait);
        let error = match self.advice(status, body.is_err()) {
            Some(advice) => error.advise(advice),
            None => error,
        };
        Err(AttemptFailure {
            error: error.answered(status.as_u16(), body.unwrap_or(Value::Null)),
            repeatable: kind.is_temporary(),
            processed: kind != Kind::RateLimited,
        })
    }

    /// What to do about a status that says of itself whose fault it is.
    fn advice(&self, status: StatusCode, is_foreign: bool) -> Option<String> {
        let (vendor, address) = (self.vendor, self.address);
        let of_vendor = matches!(kind_of(status), Kind::Refused | Kind::RateLimited);
        match status.as_u16() {
            500.. => Some(format!(
                "{vendor} itself is in trouble, or what {address} leads to: look at its status page, and try again later"
            )),
            300..400 => Some(format!(
                "a proxy or portal answers in its place, or {address} is not the base URL of {vendor}"
            )),
            _ if is_foreign && !of_vendor => Some(format!(
                "check that {address} is the base URL of {vendor}, and that no proxy or portal answers in its place"
            )),
            _ => None,
        }
    }

    /// The kind and the sentence for a status that is not success.
    fn name(&self, status: StatusCode, body: Option<&Value>, beginning: &str) -> (Kind, String) {
        let vendor = self.vendor;
        let info = || {
            let names = ["info", "message", "description", "error"];
            let text = match body {
                Some(body) => names.iter().find_map(|name| body.get(name)?.as_str()),
                None => Some(NOT_JSON),
            };
            let text = text.unwrap_or("no explanation given");
            text.chars().take(LONGEST_INFO).collect::<String>()
        };
        let code = status.as_u16();
        let kind = kind_of(status);
        let message = match kind {
            Kind::Refused => {
                let setting = self.setting;
                format!("{vendor} refused the credential ({code}); check {setting}")
            }
            Kind::Timeout => format!("{vendor} did not answer in time"),
            Kind::RateLimited => format!("{vendor} says that there are too many calls"),
            Kind::InvalidInput if !matches!(code, 400 | 422) => {
                format!("{vendor} refused the request ({code}): {}", info())
            }
            Kind::InvalidInput | Kind::NotFound | Kind::Conflict if body.is_none() => {
                format!("{vendor} answered {code} with something that is not JSON: {beginning}")
            }
            Kind::InvalidInput | Kind::NotFound | Kind::Conflict => {
                format!("{vendor} says: {}", info())
            }
            _ if code >= 500 => format!("{vendor} failed ({code})"),
            _ => format!("{vendor} answered with the unexpected status {code}"),
        };
        (kind, message)
    }
}

/// What kind of error a status amounts to that is not success.
fn kind_of(status: StatusCode) -> Kind {
    match status.as_u16() {
        401 | 403 => Kind::Refused,
        404 => Kind::NotFound,
        408 => Kind::Timeout,
        409 => Kind::Conflict,
        429 => Kind::RateLimited,
        400..500 => Kind::InvalidInput,
        _ => Kind::BadGateway,
    }
}

/// How an answer is counted, whoever reads it.
pub(in crate::backends) fn outcome_of(status: StatusCode) -> &'static str {
    if status.is_success() {
        return "ok";
    }
    kind_of(status).code()
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
        .advise(format!(
            "check that the base URL of {vendor} leads there; if it does, a newer release may know its new shape"
        ))
        .because(error)
    })
}

/// What came instead of JSON: of which type it is, and how it begins.
pub(in crate::backends) fn beginning(headers: &HeaderMap, text: &[u8]) -> String {
    let of = headers.get(CONTENT_TYPE);
    let of = of
        .and_then(|of| of.to_str().ok())
        .unwrap_or("no content type");
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * LONGEST_BEGINNING)]);
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let begin: String = words.chars().take(LONGEST_BEGINNING).collect();
    format!("{of}, {begin:?}")
}

/// How long somebody asks to wait, and until when that is.
pub(in crate::backends) fn until(wait: Duration) -> String {
    let now = Timestamp::now();
    let long = match wait.as_secs() {
        seconds @ 0..=120 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    };
    let until = SignedDuration::try_from(wait).map(|wait| now.saturating_add(wait));
    match until {
        Ok(Ok(until)) => {
            let until = until.strftime("%Y-%m-%dT%H:%M:%SZ");
            format!("; it asks to wait for {long}, until {until}")
        }
        _ => format!("; it asks to wait for {long}"),
    }
}

/// `Retry-After` in seconds; the date form is not used by the vendors we talk to.
pub(in crate::backends) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    wait_in(headers.get(RETRY_AFTER)?.to_str().ok()?)
}

/// So many seconds, of which somebody asks to wait; at most a day, for more is a slip, and there are numbers
/// that no clock can add.
pub(in crate::backends) fn wait_in(seconds: &str) -> Option<Duration> {
    let wait = seconds.trim().parse().ok().map(Duration::from_secs);
    wait.map(|wait| wait.min(LONGEST_WAIT))
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
