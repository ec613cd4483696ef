//! What a push service answers, and what that means for the message.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use tokio::time::Instant;

use super::Parcel;
use crate::backends::http::retry_after;
use crate::backends::push::PushRefusal;
use crate::model::backoff::Setback;

/// How long a push service is left alone that does not know us.
const UNKNOWN_TO_IT: Duration = Duration::from_mins(10);
/// The most that is read of an answer, which says nothing that we need.
const MAX_ANSWER: usize = 4 * 1024;

impl Parcel<'_> {
    /// There was no answer.
    pub(super) fn unanswered(&self, began: Instant, error: &reqwest::Error) -> PushRefusal {
        let origin = &self.origin;
        tracing::debug!(%error, origin, "a push service gives no answer");
        let what = if error.is_timeout() {
            "did not answer in time"
        } else {
            "cannot be reached"
        };
        self.later(format!("{origin} {what}"), began, None)
    }

    /// Something else answered in the place of the push service.
    fn replaced(&self, began: Instant, status: StatusCode) -> PushRefusal {
        let (origin, code) = (&self.origin, status.as_u16());
        tracing::debug!(origin, code, "what answers is no push service");
        let reason = format!("something that is no push service answers for {origin} ({code})");
        self.later(reason, began, None)
    }

    /// The service did not take it; those who are with it rest, for as long as it asked.
    fn later(&self, reason: String, began: Instant, asked: Option<Duration>) -> PushRefusal {
        PushRefusal::Later {
            reason,
            setback: Setback::of_receiver(Some(self.service.failed(began, asked))),
        }
    }

    /// What an answer means for the message.
    pub(super) fn judge(
        &self,
        began: Instant,
        status: StatusCode,
        headers: &HeaderMap,
    ) -> Result<(), PushRefusal> {
        if !is_of_a_service(status, headers) {
            return Err(self.replaced(began, status));
        }
        let code = status.as_u16();
        let asked = retry_after(headers);
        let subscription = self.subscription;
        let reason = format!("{subscription} answers {code}");
        match code {
            408 | 429 | 500.. => return Err(self.later(reason, began, asked)),
            401 | 403 => {
                if subscription.made_for != self.key.id {
                    let what = "it was subscribed for a key pair that was replaced";
                    return Err(PushRefusal::Dead(format!("{reason}; {what}")));
                }
                // Whoever is behind it must not keep the others waiting.
                let origin = &self.origin;
                if self.service.refused(UNKNOWN_TO_IT) {
                    tracing::error!(
                        origin,
                        code,
                        "a push service refuses our key; it is left alone"
                    );
                }
                return Err(PushRefusal::Later {
                    reason: format!("{reason}; check push.contact and the clock"),
                    setback: Setback::of_receiver(Some(UNKNOWN_TO_IT)),
                });
            }
            _ => self.service.answered(),
        }
        match code {
            200 | 201 | 202 | 204 => Ok(()),
            404 | 410 => Err(PushRefusal::Dead(reason)),
            _ => Err(PushRefusal::Unsendable(reason)),
        }
    }
}

/// Whether a push service may answer so (RFC 8030, section 5): a way to elsewhere, or a page for people,
/// is a proxy's or a portal's.
fn is_of_a_service(status: StatusCode, headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|of| of.to_str().ok());
    let is_page = kind.is_some_and(|of| {
        of.trim_start()
            .to_ascii_lowercase()
            .starts_with("text/html")
    });
    !(status.is_redirection() || (status.is_success() && is_page))
}

/// The status and headers; of the rest so much is read that the connection can be used again.
pub(super) async fn read(mut response: reqwest::Response) -> (StatusCode, HeaderMap) {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let mut rest = MAX_ANSWER;
    while let Ok(Some(chunk)) = response.chunk().await {
        match rest.checked_sub(chunk.len()) {
            Some(left) => rest = left,
            None => break,
        }
    }
    (status, headers)
}
