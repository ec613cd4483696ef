//! The statuses of the originals.

use axum::http::StatusCode;

use crate::error::{Error, Kind};

/// The status of what is the caller's own fault, where anything else is the original's 500.
pub(super) fn status_of(error: &Error) -> StatusCode {
    match error.kind() {
        // What a vendor does not like is a failure of the original.
        Kind::InvalidInput if error.vendor().is_none() => StatusCode::BAD_REQUEST,
        Kind::Unauthenticated => StatusCode::UNAUTHORIZED,
        Kind::Forbidden => StatusCode::FORBIDDEN,
        Kind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        Kind::RateLimited if error.vendor().is_none() => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
