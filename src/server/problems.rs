//! What the native API refuses with, as its description tells it: a handler names these, and beside
//! them only what is its own.
#![expect(
    dead_code,
    reason = "the description is made of their attributes; a refusal itself is a `ProblemResponse`"
)]

use utoipa::IntoResponses;

use super::error::{PROBLEM_JSON, ProblemBody};

/// Something in the request is wrong; the body says what.
#[derive(IntoResponses)]
pub(super) enum BadRequest {
    #[response(status = 400, content_type = PROBLEM_JSON)]
    Problem(ProblemBody),
}

/// What the request names does not exist; the body says which of it.
#[derive(IntoResponses)]
pub(super) enum NotFound {
    #[response(status = 404, content_type = PROBLEM_JSON)]
    Problem(ProblemBody),
}

/// It changed meanwhile
#[derive(IntoResponses)]
#[response(status = 409, content_type = PROBLEM_JSON)]
pub(super) struct ChangedMeanwhile(ProblemBody);

/// It does not ring any more
#[derive(IntoResponses)]
#[response(status = 409, content_type = PROBLEM_JSON)]
pub(super) struct RingsNoMore(ProblemBody);

/// The caller has too many streams
#[derive(IntoResponses)]
#[response(status = 429, content_type = PROBLEM_JSON)]
pub(super) struct TooManyStreams(ProblemBody);

/// This backend has no history
#[derive(IntoResponses)]
#[response(status = 501, content_type = PROBLEM_JSON)]
pub(super) struct HasNoHistory(ProblemBody);

/// This backend records nothing
#[derive(IntoResponses)]
#[response(status = 501, content_type = PROBLEM_JSON)]
pub(super) struct RecordsNothing(ProblemBody);

/// This backend deletes no recordings
#[derive(IntoResponses)]
#[response(status = 501, content_type = PROBLEM_JSON)]
pub(super) struct DeletesNoRecordings(ProblemBody);

/// This vendor is not listened to
#[derive(IntoResponses)]
#[response(status = 501, content_type = PROBLEM_JSON)]
pub(super) struct NotListenedTo(ProblemBody);
