//! Errors as `application/problem+json` (RFC 9457).

use std::any::Any;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::{BytesRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use super::unread::SlowBody;
use crate::error::{Error, Kind, Reason};
use crate::request_id::RequestId;

/// When to come again after too much, where nobody knows better.
const SOON: Duration = Duration::from_secs(1);

/// The media type of every error of the native API.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// The body of every error of the native API.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(super) struct ProblemBody {
    /// Always `about:blank`: the code tells what went wrong.
    #[serde(rename = "type")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The HTTP status.
    status: u16,
    /// One sentence that says what is wrong and what to do.
    detail: String,
    /// Stable, for programs.
    code: &'static str,
    /// Stable as well: what exactly went wrong, where more is to be said than the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

/// An error on its way out.
#[derive(Debug)]
pub(super) struct ProblemResponse {
    pub(super) status: StatusCode,
    pub(super) error: Error,
}

/// The result of every handler.
pub(super) type HandlerResult<T> = Result<T, ProblemResponse>;

impl From<Error> for ProblemResponse {
    fn from(error: Error) -> Self {
        Self {
            status: status(error.kind()),
            error,
        }
    }
}

impl ProblemResponse {
    /// An error whose status says more than its kind.
    pub(super) fn with(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            error: Error::invalid(message),
        }
    }
}

impl From<BytesRejection> for ProblemResponse {
    fn from(rejection: BytesRejection) -> Self {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Self::with(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is larger than server.body_limit",
            );
        }
        if SlowBody::is_behind(&rejection) {
            return Self {
                status: StatusCode::REQUEST_TIMEOUT,
                error: Error::new(Kind::Timeout, "the body took too long; send it at once"),
            };
        }
        Self::with(StatusCode::BAD_REQUEST, "the body could not be read")
    }
}

impl From<QueryRejection> for ProblemResponse {
    fn from(rejection: QueryRejection) -> Self {
        Self::with(StatusCode::BAD_REQUEST, rejection.body_text())
    }
}

/// The status for an error of this kind.
pub(super) fn status(kind: Kind) -> StatusCode {
    match kind {
        Kind::InvalidInput => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::NotFound => StatusCode::NOT_FOUND,
        Kind::Conflict | Kind::Locked | Kind::Guard => StatusCode::CONFLICT,
        Kind::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Kind::Partial => StatusCode::MULTI_STATUS,
        Kind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        // The vendor refused *our* credential: not the caller's fault, nor in the caller's power.
        Kind::BadGateway | Kind::Refused => StatusCode::BAD_GATEWAY,
        Kind::Unavailable | Kind::Interrupted => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        Kind::Internal | Kind::NeedsConfirmation | Kind::Config | Kind::Drift => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
    }
}

impl IntoResponse for ProblemResponse {
    fn into_response(self) -> Response {
        log(self.status, &self.error);
        self.untold()
    }
}

impl ProblemResponse {
    /// The answer without a line in the log: for what strangers bring about as often as they like, and
    /// a metric counts.
    pub(super) fn untold(self) -> Response {
        let body = ProblemBody {
            kind: "about:blank",
            title: self.status.canonical_reason().unwrap_or("Error"),
            status: self.status.as_u16(),
            detail: self.error.message().to_owned(),
            code: self.error.kind().code(),
            reason: self.error.why().map(Reason::as_str),
        };
        let mut response = (self.status, Json(body)).into_response();
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        labelled(response, &self.error)
    }
}

/// A refusal with what programs go by beside its body, which each surface has in its own shape: what
/// kind of error it is, when to come again, how to say who they are.
pub(super) fn labelled(mut response: Response, error: &Error) -> Response {
    response.extensions_mut().insert(error.kind());
    let status = response.status();
    let too_much = status == StatusCode::TOO_MANY_REQUESTS;
    let wait = error.wait().or_else(|| too_much.then_some(SOON));
    let headers = response.headers_mut();
    if let Some(wait) = wait {
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Whether an error is a failure that is not the caller's.
fn is_failure(status: StatusCode, error: &Error) -> bool {
    // A vendor that refuses our credential is the operator's affair, whatever the status.
    // What a backend cannot do, or that it is not configured, is an answer and no failure.
    let failed = status.is_server_error() && error.kind() != Kind::Unsupported;
    failed || error.kind() == Kind::Refused
}

/// Logs a failure that is not the caller's, once, with its causes.
pub(super) fn log(status: StatusCode, error: &Error) {
    if is_failure(status, error) {
        tracing::error!(
            request = RequestId::current().as_ref().map(RequestId::as_str),
            status = status.as_u16(),
            code = error.kind().code(),
            error = %error,
            causes = ?error.causes(),
            "request failed"
        );
    }
}

/// The same for a surface whose statuses say less than the kind: somebody who is busy is no failure
/// of ours, whatever its clients are told. Says whether it is one.
pub(super) fn log_by_kind(error: &Error) -> bool {
    let status = status(error.kind());
    log(status, error);
    is_failure(status, error)
}

pub(super) fn panicked(_panic: Box<dyn Any + Send>) -> Response {
    ProblemResponse::from(Error::internal("something broke; the log says more")).into_response()
}
