//! What FCM answers.

use serde_json::Value;

use crate::backends::http::UpstreamReply;

/// How much of an explanation is repeated.
const LONGEST_TEXT: usize = 300;

/// An answer, as far as it is FCM's.
pub(super) enum FcmAnswer {
    /// The message was taken.
    Taken,
    /// It was not, for a reason.
    Refused(Said),
    /// Whoever answers is not FCM: a proxy, a login page, something else at that address.
    NotFcm,
}

/// What a refusal says.
pub(super) struct Said {
    /// The code of FCM, or else the status of Google's APIs.
    pub(super) code: String,
    /// FCM's own words.
    pub(super) text: String,
    /// All of it in one sentence.
    pub(super) reason: String,
    /// It concerns all that the project sends, not one receiver.
    pub(super) names_project: bool,
}

impl FcmAnswer {
    /// Success and refusal are what FCM's own form says; a status alone says neither.
    pub(super) fn of(reply: &UpstreamReply) -> Self {
        let error = &reply.body["error"];
        match reply.status {
            200..300 => match reply.body["name"].as_str() {
                Some(name) if !name.is_empty() => Self::Taken,
                _ => Self::NotFcm,
            },
            400.. if error["code"].is_u64() || error["status"].is_string() => {
                Self::Refused(Said::of(reply.status, error))
            }
            _ => Self::NotFcm,
        }
    }
}

impl Said {
    fn of(status: u16, error: &Value) -> Self {
        let details = error["details"].as_array().map_or(&[][..], Vec::as_slice);
        let code = details
            .iter()
            .find_map(|detail| detail["errorCode"].as_str())
            .or_else(|| error["status"].as_str())
            .unwrap_or("");
        let text = error["message"].as_str().unwrap_or("no explanation given");
        let text: String = text.chars().take(LONGEST_TEXT).collect();
        Self {
            code: code.to_owned(),
            reason: format!("FCM says {status} {code}: {text}"),
            names_project: details.iter().any(names_project) || text.contains("for consumer '"),
            text,
        }
    }
}

/// Whether a part of an answer says that a quota of the whole project, or of this machine, is used up:
/// `QuotaFailure` with its subjects, or `ErrorInfo` with its consumer.
fn names_project(detail: &Value) -> bool {
    let of_all = |text: &Value| {
        let text = text.as_str().unwrap_or_default();
        text.starts_with("project") || text.starts_with("clientip")
    };
    let violations = detail["violations"].as_array();
    let violated = violations.is_some_and(|all| all.iter().any(|one| of_all(&one["subject"])));
    violated || of_all(&detail["metadata"]["consumer"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn answer(status: u16, body: Value) -> FcmAnswer {
        FcmAnswer::of(&UpstreamReply {
            status,
            body,
            retry_after: None,
        })
    }

    #[test]
    fn only_its_own_form_is_success() {
        let taken = json!({ "name": "projects/p/messages/1" });
        assert!(matches!(answer(200, taken.clone()), FcmAnswer::Taken));
        for (status, body) in [
            (200, Value::Null),
            (200, json!({})),
            (200, json!([])),
            (200, json!("name")),
            (200, json!({ "name": "" })),
            (200, json!({ "name": 7 })),
            (
                200,
                json!({ "error": { "code": 404, "status": "NOT_FOUND" } }),
            ),
            (204, Value::Null),
            (302, taken),
            (304, json!({ "error": { "code": 400 } })),
            (400, Value::Null),
            (400, json!({ "error": "invalid_request" })),
            (407, Value::Null),
            (511, json!({ "login": "here" })),
        ] {
            assert!(
                matches!(answer(status, body.clone()), FcmAnswer::NotFcm),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn whom_a_quota_concerns_says_the_answer() {
        let quota = |details: Value, message: &str| {
            let error = json!({ "error": {
                "code": 429, "status": "RESOURCE_EXHAUSTED", "message": message, "details": details,
            } });
            match answer(429, error) {
                FcmAnswer::Refused(said) => said.names_project,
                _ => panic!("FCM's form"),
            }
        };
        let subject = |subject: &str| json!([{ "violations": [{ "subject": subject }] }]);
        assert!(quota(subject("project:demo-tok"), "x"));
        assert!(quota(subject("projects/123"), "x"));
        assert!(!quota(subject("device:abc"), "x") && !quota(subject("topic:news"), "x"));
        assert!(!quota(
            json!([]),
            "Sending limit exceeded for the message target."
        ));
        assert!(quota(
            json!([{ "metadata": { "consumer": "projects/123" } }]),
            "x"
        ));
        let text = "Quota exceeded for quota metric 'Send requests' of service 'fcm.googleapis.com' for consumer 'project_number:1'.";
        assert!(quota(json!([]), text));
    }
}
