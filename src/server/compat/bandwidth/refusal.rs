//! Errors in the original's words.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::error::Error;
use crate::server::compat::sent_body::UnreadableBody;
use crate::server::compat::status::status_of;
use crate::server::error::{labelled, log_by_kind};

/// `{"message"?, "error"}`
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BandwidthError)]
pub(super) struct BandwidthErrorBody {
    /// What was tried, in the original's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'static str>,
    /// `BUSY`, or why it failed.
    error: String,
}

/// What every route of this surface may refuse with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only the description of the API is made of it")]
pub(super) enum BandwidthErrors {
    #[response(status = 400)]
    Invalid(BandwidthErrorBody),
    /// Bandwidth is not configured
    #[response(status = 501)]
    NotConfigured(BandwidthErrorBody),
}

/// An error in this surface's shape.
pub(in crate::server::compat) struct BandwidthRefusal {
    error: Error,
    status: Option<StatusCode>,
    body: Option<BandwidthErrorBody>,
}

impl BandwidthRefusal {
    /// An error that no handler made.
    pub(in crate::server::compat) fn with(status: StatusCode, error: Error) -> Self {
        Self {
            error,
            status: Some(status),
            body: None,
        }
    }

    /// The original's 500 with this body.
    pub(super) fn failed(error: Error, message: Option<&'static str>, text: &str) -> Self {
        Self {
            error,
            status: Some(StatusCode::INTERNAL_SERVER_ERROR),
            body: Some(BandwidthErrorBody {
                message,
                error: text.to_owned(),
            }),
        }
    }
}

impl From<Error> for BandwidthRefusal {
    fn from(error: Error) -> Self {
        Self {
            error,
            status: None,
            body: None,
        }
    }
}

impl From<PathRejection> for BandwidthRefusal {
    fn from(_: PathRejection) -> Self {
        Error::invalid("the path is not valid percent-encoded UTF-8").into()
    }
}

impl From<UnreadableBody> for BandwidthRefusal {
    fn from(UnreadableBody { status, error }: UnreadableBody) -> Self {
        Self::with(status, error)
    }
}

impl IntoResponse for BandwidthRefusal {
    fn into_response(self) -> Response {
        let status = self.status.unwrap_or_else(|| status_of(&self.error));
        log_by_kind(&self.error);
        let body = self.body.unwrap_or_else(|| BandwidthErrorBody {
            message: None,
            error: self.error.message().to_owned(),
        });
        labelled((status, Json(body)).into_response(), &self.error)
    }
}
