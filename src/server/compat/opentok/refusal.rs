//! Errors in the original's words.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::{IntoResponses, ToSchema};

use crate::error::{Error, Kind};
use crate::server::compat::sent_body::UnreadableBody;
use crate::server::compat::status::status_of;
use crate::server::error::{labelled, log_by_kind};

/// What was tried, in the original's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Ask,
    CreateSession,
    StartArchive,
    StopArchive,
    ViewArchive,
    InfoArchive,
}

impl Act {
    const fn label(self) -> &'static str {
        match self {
            Self::Ask => "request error:",
            Self::CreateSession => "createSession error:",
            Self::StartArchive => "startArchive error:",
            Self::StopArchive => "stopArchive error:",
            Self::ViewArchive => "viewArchive error:",
            Self::InfoArchive => "infoArchive error:",
        }
    }

    /// The original's text for an error.
    fn reason(self, error: &Error) -> String {
        match (error.kind(), self) {
            (Kind::Refused, _) => "Invalid API key or secret".to_owned(),
            (Kind::NotFound, Self::StartArchive) => "Session not found".to_owned(),
            (Kind::NotFound, Self::StopArchive | Self::ViewArchive | Self::InfoArchive) => {
                "Archive not found".to_owned()
            }
            (Kind::Conflict, Self::StartArchive) => {
                "Recording already in progress or session not using OpenTok Media Router".to_owned()
            }
            _ => error.message().to_owned(),
        }
    }
}

/// An error in this surface's shape.
pub(in crate::server::compat) struct OpentokRefusal {
    act: Act,
    error: Error,
    status: Option<StatusCode>,
}

impl OpentokRefusal {
    /// An error that no handler made.
    pub(in crate::server::compat) fn with(status: StatusCode, error: Error) -> Self {
        Self {
            act: Act::Ask,
            error,
            status: Some(status),
        }
    }
}

impl From<Error> for OpentokRefusal {
    fn from(error: Error) -> Self {
        Act::Ask.failed(error)
    }
}

impl Act {
    pub(super) fn failed(self, error: Error) -> OpentokRefusal {
        OpentokRefusal {
            act: self,
            error,
            status: None,
        }
    }
}

impl From<UnreadableBody> for OpentokRefusal {
    fn from(UnreadableBody { status, error }: UnreadableBody) -> Self {
        Self::with(status, error)
    }
}

impl From<PathRejection> for OpentokRefusal {
    fn from(_: PathRejection) -> Self {
        Error::invalid("the path is not valid percent-encoded UTF-8").into()
    }
}

/// `{"error": …, "err": {"message": …}}`
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenTokError)]
pub(super) struct OpentokErrorBody {
    /// What was tried, and why it failed.
    error: String,
    /// The reason alone.
    err: OpentokReason,
}

/// Why it failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OpenTokReason)]
struct OpentokReason {
    /// For people.
    message: String,
}

/// What every route of this surface may refuse with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only the description of the API is made of it")]
pub(super) enum OpentokErrors {
    #[response(status = 400)]
    Invalid(OpentokErrorBody),
    /// It failed
    #[response(status = 500)]
    Failed(OpentokErrorBody),
    /// OpenTok is not configured
    #[response(status = 501)]
    NotConfigured(OpentokErrorBody),
}

impl IntoResponse for OpentokRefusal {
    fn into_response(self) -> Response {
        let error = &self.error;
        let status = self.status.unwrap_or_else(|| status_of(error));
        log_by_kind(error);
        let message = self.act.reason(error);
        let body = OpentokErrorBody {
            error: format!("{} {message}", self.act.label()),
            err: OpentokReason { message },
        };
        labelled((status, Json(body)).into_response(), error)
    }
}
