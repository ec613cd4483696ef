//! From a gRPC status to an [`Error`], and whether it is worth another try.

use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use tonic::{Code, Status};

use crate::backends::http::{connected_to, wait_in};
use crate::error::{Error, Kind, Reason};

/// How much of Firestore's explanation is repeated.
const LONGEST_INFO: usize = 300;

/// What a status means for the caller.
pub(super) fn fault(status: Status) -> Error {
    if let Some(what) = unreached(&status) {
        let advice = "check the network and firestore.base_url";
        return Error::bad_gateway(what).advise(advice).because(status);
    }
    let info: String = status.message().chars().take(LONGEST_INFO).collect();
    let (kind, message) = match status.code() {
        Code::Unauthenticated | Code::PermissionDenied => (
            Kind::Refused,
            format!(
                "Firestore refused the credential: {info}; check google.credentials_file, and that it has the role Cloud Datastore User"
            ),
        ),
        Code::ResourceExhausted => (
            Kind::RateLimited,
            "Firestore says that there are too many calls".to_owned(),
        ),
        Code::DeadlineExceeded | Code::Cancelled => {
            (Kind::Timeout, "Firestore did not answer in time".to_owned())
        }
        Code::InvalidArgument | Code::OutOfRange => {
            (Kind::InvalidInput, format!("Firestore says: {info}"))
        }
        Code::NotFound if info.starts_with("The database") => (
            Kind::Config,
            format!("Firestore says: {info}; check firestore.project_id and firestore.database"),
        ),
        Code::NotFound | Code::AlreadyExists | Code::FailedPrecondition => {
            (Kind::Conflict, format!("Firestore says: {info}"))
        }
        Code::Aborted => (
            Kind::Unavailable,
            "Firestore is busy with the same documents".to_owned(),
        ),
        Code::Unimplemented => (Kind::Unsupported, format!("Firestore says: {info}")),
        _ => (Kind::BadGateway, format!("Firestore failed: {info}")),
    };
    let error = Error::new(kind, message).retry_after(retry_after(&status));
    let error = match kind {
        Kind::Conflict => error.reason(Reason::Changed),
        _ => error,
    };
    error.because(status)
}

/// That nobody was reached, with the address and what the system says.
fn unreached(status: &Status) -> Option<String> {
    let first: Option<&(dyn StdError + 'static)> = status.source();
    let below: Vec<_> = std::iter::successors(first, |error| (*error).source()).collect();
    let said: Vec<String> = below.iter().map(ToString::to_string).collect();
    let connects = |text: &String| text.contains("connect error") || text == "dns error";
    if !said.iter().any(connects) {
        return None;
    }
    let io = below
        .iter()
        .find_map(|error| error.downcast_ref::<io::Error>());
    let why = match io.map(io::Error::kind) {
        Some(io::ErrorKind::ConnectionRefused) => "connection refused",
        _ => said.last().map_or("no connection", String::as_str),
    };
    let at = connected_to(&format!("{:?}", below.first()?));
    let at = at.map_or_else(String::new, |at| format!(" at {at}"));
    Some(format!("Firestore cannot be reached{at}: {why}"))
}

/// What Google's proxies put into the trailers of a call that was refused for its rate.
fn retry_after(status: &Status) -> Option<Duration> {
    let text = status.metadata().get("retry-after")?.to_str().ok()?;
    wait_in(text)
}

/// What a stream that could not be opened for want of a credential ends with.
pub(super) fn without_credential(error: &Error) -> Status {
    if error.kind().is_temporary() {
        Status::unavailable(error.message())
    } else {
        Status::permission_denied(error.message())
    }
}

/// Whether a read may be tried again.
pub(super) fn read_again(status: &Status) -> bool {
    matches!(
        status.code(),
        Code::Unavailable
            | Code::ResourceExhausted
            | Code::Internal
            | Code::DeadlineExceeded
            | Code::Unknown
            | Code::Unauthenticated
    )
}

/// Whether a commit may be tried again, and whether this try may have been carried out.
pub(super) fn commit_again(code: Code) -> Option<bool> {
    match code {
        Code::ResourceExhausted | Code::Aborted | Code::Unauthenticated => Some(false),
        Code::Unavailable | Code::Internal | Code::DeadlineExceeded | Code::Unknown => Some(true),
        _ => None,
    }
}

/// Whether a listening stream is opened again after ending this way. Everything else is final:
/// trying again would only hide it.
pub(super) fn listen_again(code: Code) -> bool {
    matches!(
        code,
        Code::Cancelled
            | Code::Unknown
            | Code::DeadlineExceeded
            | Code::ResourceExhausted
            | Code::Internal
            | Code::Unavailable
            | Code::Unauthenticated
            | Code::Aborted
    )
}
