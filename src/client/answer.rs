//! What a server answers, good or bad.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::backends::http::UpstreamReply;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::stream_end::StreamEnd;

/// The most that is repeated of what a server says, in characters.
const LONGEST_DETAIL: usize = 1000;

/// The body of an error, as the API documents it.
#[derive(Debug, Deserialize)]
struct ProblemSent {
    detail: String,
    code: String,
    #[serde(default)]
    reason: Option<String>,
}

/// The error that a reply is, if it is one: of the kind, for the reason and in the words that it had at the
/// server.
pub(super) fn refusal(reply: &UpstreamReply) -> Option<Error> {
    if reply.status < 300 {
        return None;
    }
    let sent = ProblemSent::deserialize(&reply.body).ok();
    let Some(problem) = sent else {
        // The status may be the verdict of a report.
        let is_report = reply.body.is_object();
        return (!is_report).then(|| stranger(reply.status));
    };
    let usual = of_status(reply.status);
    let (code, reason) = (problem.code.as_str(), problem.reason.as_deref());
    let error = as_sent((code, reason), problem.detail, usual);
    if error.why() == Some(Reason::OutsideApi) {
        return Some(stranger(reply.status));
    }
    Some(error.retry_after(reply.retry_after))
}

/// The error that a server told, by its code and its reason; of the usual kind if it is of a newer release
/// and the code is not known here.
fn as_sent((code, reason): (&str, Option<&str>), detail: String, usual: Kind) -> Error {
    let kind = Kind::ALL.into_iter().find(|kind| kind.code() == code);
    let error = Error::new(kind.unwrap_or(usual), shortened(detail));
    let known = Reason::ALL.iter();
    let mut known = known.filter(|known| reason == Some(known.as_str()));
    match known.next() {
        Some(reason) => error.reason(*reason),
        None => error,
    }
}

/// What somebody reads of it: whoever answers in the place of a server may say anything.
fn shortened(mut detail: String) -> String {
    if let Some((end, _)) = detail.char_indices().nth(LONGEST_DETAIL) {
        detail.truncate(end);
        detail.push('…');
    }
    detail
}

/// The error that ended a stream of events: what it was at the server, or that it is to be opened again.
pub(super) fn ended(end: StreamEnd) -> Error {
    let usual = Kind::Unavailable;
    match &end.problem {
        Some(problem) => as_sent(
            (&problem.code, problem.reason.as_deref()),
            end.detail,
            usual,
        ),
        None => Error::new(usual, end.detail),
    }
}

/// Somebody answers who is not `tok serve`, or not of its API.
fn stranger(status: u16) -> Error {
    let (what, advice) = match status {
        300..400 => ("sends requests on to another place", "give that one"),
        502..=504 => (
            "has nobody behind it who answers",
            "look whether tok serve runs there",
        ),
        _ => (
            "is not the API of tok",
            "check the address of the server, where tok serve runs",
        ),
    };
    let what = format!("what answers there with status {status} {what}");
    Error::new(of_status(status), what).advise(advice)
}

/// What a status says where nothing else does.
fn of_status(status: u16) -> Kind {
    match status {
        401 => Kind::Unauthenticated,
        403 => Kind::Forbidden,
        429 => Kind::RateLimited,
        503 => Kind::Unavailable,
        504 => Kind::Timeout,
        _ => Kind::BadGateway,
    }
}

/// What an answer brings whose status says that all is well.
pub(super) fn good<T: DeserializeOwned>(status: u16, body: Value) -> Result<T> {
    if status < 300 {
        return read(body);
    }
    Err(stranger(status))
}

/// What an answer brings.
pub(super) fn read<T: DeserializeOwned>(body: Value) -> Result<T> {
    serde_json::from_value(body).map_err(unexpected)
}

/// What an event brings.
pub(super) fn read_text<T: DeserializeOwned>(data: &str) -> Result<T> {
    serde_json::from_str(data).map_err(unexpected)
}

fn unexpected(error: serde_json::Error) -> Error {
    otherwise().because(error)
}

/// That nobody knows what the server means.
pub(super) fn otherwise() -> Error {
    Error::bad_gateway(
        "the server answers otherwise than this release of tok expects; use the release that runs there",
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    fn refused(status: u16, body: Value) -> Option<Error> {
        refusal(&UpstreamReply {
            status,
            body,
            retry_after: Some(Duration::from_secs(3)),
        })
    }

    #[test]
    fn every_kind_and_reason_comes_back_as_it_was() {
        for kind in Kind::ALL {
            let told = |reason: &&Reason| **reason != Reason::OutsideApi;
            for reason in Reason::ALL.iter().filter(told) {
                let body = json!({
                    "type": "about:blank", "title": "t", "status": 400, "detail": "so it is",
                    "code": kind.code(), "reason": reason.as_str(),
                });
                let error = refused(400, body).expect("an error");
                assert_eq!((error.kind(), error.why()), (kind, Some(*reason)));
                assert_eq!(error.message(), "so it is");
                assert_eq!(error.wait(), Some(Duration::from_secs(3)));
            }
        }
    }

    #[test]
    fn a_stream_that_failed_ends_by_the_error_that_it_was() {
        use crate::model::stream_end::StreamEndReason;

        for kind in Kind::ALL {
            for reason in Reason::ALL {
                let error = Error::new(kind, "so it is").reason(*reason);
                let sent = json!(StreamEnd::failed(&error));
                assert_eq!(sent["problem"]["code"], kind.code());
                let error = ended(read(sent).expect("an end"));
                assert_eq!((error.kind(), error.why()), (kind, Some(*reason)));
                assert_eq!(error.message(), "so it is");
            }
        }
        let older = json!({ "reason": "failed", "detail": "d" });
        let error = ended(read(older).expect("an end"));
        assert_eq!((error.kind(), error.why()), (Kind::Unavailable, None));
        let stopping = StreamEnd::new(StreamEndReason::Stopping, "d");
        assert_eq!(ended(stopping).kind(), Kind::Unavailable);
    }

    #[test]
    fn what_is_not_of_the_api_is_told_as_such() {
        for (status, kind) in [
            (301, Kind::BadGateway),
            (401, Kind::Unauthenticated),
            (404, Kind::BadGateway),
            (502, Kind::BadGateway),
            (503, Kind::Unavailable),
        ] {
            assert_eq!(refused(status, Value::Null).expect("an error").kind(), kind);
        }
        let elsewhere = json!({ "detail": "d", "code": "not_found", "reason": "outside_api" });
        for status in [404, 405] {
            let error = refused(status, elsewhere.clone()).expect("an error");
            assert_eq!((error.kind(), error.why()), (Kind::BadGateway, None));
        }
        let newer = json!({ "detail": "d", "code": "of_a_newer_release" });
        assert_eq!(
            refused(403, newer).expect("an error").kind(),
            Kind::Forbidden
        );
        let report = json!({ "deleted": 1, "failed": 1 });
        assert!(refused(207, report.clone()).is_none() && refused(503, report).is_none());
        assert!(good::<Vec<u8>>(404, json!({})).is_err());
        assert!(good::<Vec<u8>>(200, json!({})).is_err());
    }
}
