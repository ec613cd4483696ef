//! Firebase Cloud Messaging, HTTP v1.
//!
//! <https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages>

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use reqwest::Method;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use super::{Push, PushMessage, PushRefusal};
use crate::backends::google::TokenSource;
use crate::backends::http::{
    Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, UpstreamReply,
};
use crate::backends::rate_limit::Limiter;
use crate::error::{Error, Kind, Result};
use crate::model::Clock;
use crate::model::backoff::Setback;
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::notification::{NotificationKind, Target};

/// The most that the data of one message may weigh, names and values together.
const LARGEST: usize = 4096;
/// The same for a topic.
const LARGEST_TO_TOPIC: usize = 2048;
/// The longest `apns-collapse-id`.
const LONGEST_COLLAPSE_ID: usize = 64;
/// So many tokens of other projects in a row are the tokens' fault, if others were taken before.
const MOST_FOREIGN_TOKENS: u32 = 5;
/// How long to wait when the quota is used up and FCM does not say how long.
const QUOTA_WAIT: Duration = Duration::from_mins(1);

/// Which project, and how patient to be.
pub struct FcmSettings {
    /// The id of the Firebase project, as it stands in the path.
    pub project: String,
    /// `https://fcm.googleapis.com`
    pub base_url: Url,
    /// Where the access tokens of each call come from.
    pub tokens: Arc<TokenSource>,
    /// Longest time for one message.
    pub timeout: Duration,
}

/// [`Push`] by FCM, with what it learnt of tokens of other projects.
pub struct FcmPush {
    upstream: Upstream,
    project: String,
    clock: Arc<dyn Clock>,
    /// Tokens of other projects met since the last one that was taken.
    foreign_tokens: AtomicU32,
    /// A message to a token was taken: credential and project are those of our app.
    proven: AtomicBool,
}

impl FcmPush {
    /// A client of the project.
    pub fn new(settings: FcmSettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            upstream: Upstream::new(
                "FCM",
                "google.credentials_file",
                settings.base_url,
                UpstreamCredential::Google(settings.tokens),
                settings.timeout,
            ),
            project: settings.project,
            clock,
            foreign_tokens: AtomicU32::new(0),
            proven: AtomicBool::new(false),
        }
    }

    async fn hand_over(&self, message: &PushMessage, only_check: bool) -> Result<(), PushRefusal> {
        check(message)?;
        let mut body = json!({ "message": self.wire(message)? });
        if only_check {
            body["validate_only"] = Value::Bool(true);
        }
        let limiter = Limiter::new(None);
        let path = ["v1", "projects", &self.project, "messages:send"];
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Json(&body), &limiter);
        match self.upstream.send_plainly(&call).await {
            Ok(reply) if (200..300).contains(&reply.status) => {
                if matches!(message.to, Target::Token(_)) {
                    self.foreign_tokens.store(0, Ordering::Relaxed);
                    self.proven.store(true, Ordering::Relaxed);
                }
                Ok(())
            }
            Ok(reply) => Err(self.classify(&reply)),
            Err(error) if error.kind().is_temporary() => Err(PushRefusal::Later {
                reason: error.message().to_owned(),
                setback: Setback::of_receiver(error.wait()),
            }),
            Err(error) => Err(PushRefusal::Paused(error)),
        }
    }

    fn classify(&self, reply: &UpstreamReply) -> PushRefusal {
        let said = Said::of(reply);
        if (reply.status, said.code.as_str()) == (403, "SENDER_ID_MISMATCH") {
            return self.classify_foreign_token(said.reason);
        }
        classify(reply, said)
    }

    /// A token of another project, or a credential of another project: the answer is the same. It
    /// is never a reason to forget the token. Unless other tokens are taken, it is rather ours that
    /// is wrong, and nothing more is sent until a person has looked.
    fn classify_foreign_token(&self, reason: String) -> PushRefusal {
        let before = self.foreign_tokens.fetch_add(1, Ordering::Relaxed);
        let project = &self.project;
        match self.proven.load(Ordering::Relaxed) {
            true if before < MOST_FOREIGN_TOKENS => PushRefusal::Unsendable(format!(
                "{reason}; the token is of another project than {project}"
            )),
            false if before == 0 => {
                tracing::error!(reason, project, "a token seems to be of another project");
                PushRefusal::Later {
                    reason,
                    setback: Setback::of_receiver(None),
                }
            }
            _ => PushRefusal::Paused(Error::new(
                Kind::Refused,
                format!(
                    "FCM says that all tokens belong to other projects than {project} ({reason}); check fcm.project_id and google.credentials_file"
                ),
            )),
        }
    }

    /// The message as FCM takes it: data only, so that the app's own code shows it.
    fn wire(&self, message: &PushMessage) -> Result<Value, PushRefusal> {
        let mut wire = Map::new();
        match &message.to {
            Target::Token(token) => wire.insert("token".to_owned(), json!(token)),
            Target::Topic(topic) => wire.insert("topic".to_owned(), json!(topic)),
            other => {
                return Err(PushRefusal::Unsendable(format!(
                    "FCM cannot address {other}"
                )));
            }
        };
        // By its id the app knows what it was sent before.
        let mut data = message.data.clone();
        data.entry("id".to_owned())
            .or_insert_with(|| message.id.clone());
        wire.insert("data".to_owned(), json!(data));
        let mut android = json!({ "priority": "HIGH" });
        let mut web = json!({ "Urgency": "high", "Topic": topic_of(&message.id) });
        // Data without an alert must not ask Apple for the highest priority.
        let mut apple = json!({ "apns-priority": "5", "apns-push-type": "background" });
        if message.id.len() <= LONGEST_COLLAPSE_ID {
            apple["apns-collapse-id"] = json!(message.id);
        }
        if let Some(ttl) = message.ttl {
            let seconds = ttl.as_secs().max(1);
            android["ttl"] = json!(format!("{seconds}s"));
            web["TTL"] = json!(seconds.to_string());
            let end = self.clock.now().as_second() + i64::try_from(seconds).unwrap_or(i64::MAX / 2);
            apple["apns-expiration"] = json!(end.to_string());
        }
        wire.insert("android".to_owned(), android);
        wire.insert("webpush".to_owned(), json!({ "headers": web }));
        wire.insert(
            "apns".to_owned(),
            json!({ "headers": apple, "payload": { "aps": { "content-available": 1 } } }),
        );
        Ok(Value::Object(wire))
    }
}

/// Web push replaces what waits under the same topic; it may have 32 characters.
fn topic_of(id: &str) -> String {
    BASE64.encode(&Sha256::digest(id)[..24])
}

/// What FCM would refuse, with a better sentence.
fn check(message: &PushMessage) -> Result<(), PushRefusal> {
    let reserved = |key: &&String| {
        *key == "from"
            || *key == "message_type"
            || key.starts_with("google.")
            || key.starts_with("gcm.")
    };
    if let Some(key) = message.data.keys().find(reserved) {
        return Err(PushRefusal::Unsendable(format!(
            "FCM keeps the name `{key}` for itself; rename that field"
        )));
    }
    let own = message.data.iter();
    let own: usize = own.map(|(key, value)| key.len() + value.len()).sum();
    let size = own + "id".len() + message.id.len();
    let limit = match message.to {
        Target::Topic(_) => LARGEST_TO_TOPIC,
        _ => LARGEST,
    };
    if size > limit {
        return Err(PushRefusal::Unsendable(format!(
            "the fields have {size} bytes; FCM takes {limit}"
        )));
    }
    Ok(())
}

/// What an answer that is no success says.
struct Said {
    /// The code of FCM, or else the status of Google's APIs.
    code: String,
    text: String,
    reason: String,
}

impl Said {
    fn of(reply: &UpstreamReply) -> Self {
        let error = &reply.body["error"];
        let details = error["details"].as_array().map_or(&[][..], Vec::as_slice);
        let code = details
            .iter()
            .find_map(|detail| detail["errorCode"].as_str())
            .or_else(|| error["status"].as_str())
            .unwrap_or("");
        let text: String = error["message"]
            .as_str()
            .unwrap_or("no explanation given")
            .chars()
            .take(300)
            .collect();
        Self {
            code: code.to_owned(),
            reason: format!("FCM says {} {code}: {text}", reply.status),
            text,
        }
    }
}

/// What an answer that is no success means for the message. Only the one that says that this token
/// is gone makes its address dead.
fn classify(reply: &UpstreamReply, said: Said) -> PushRefusal {
    let reason = said.reason;
    match (reply.status, said.code.as_str()) {
        (404, "UNREGISTERED") => PushRefusal::Dead(reason),
        (400, _) if said.text.contains("not a valid FCM registration token") => {
            PushRefusal::Dead(reason)
        }
        // A push certificate is missing: that concerns one kind of device only.
        (401, "THIRD_PARTY_AUTH_ERROR") => {
            tracing::error!(
                reason,
                "devices of one kind get nothing; add their key at Firebase"
            );
            PushRefusal::Later {
                reason,
                setback: Setback::of_receiver(Some(QUOTA_WAIT * 10)),
            }
        }
        (401 | 403, _) => PushRefusal::Paused(Error::new(
            Kind::Refused,
            format!(
                "{reason}; check google.credentials_file and its role Firebase Cloud Messaging API Admin"
            ),
        )),
        // The project itself is unknown.
        (404, _) => PushRefusal::Paused(Error::new(
            Kind::Refused,
            format!("{reason}; check fcm.project_id"),
        )),
        (429, _) => PushRefusal::Later {
            reason,
            setback: Setback::of_service(reply.retry_after.or(Some(QUOTA_WAIT))),
        },
        (408 | 500.., _) => PushRefusal::Later {
            reason,
            // Whoever says how long to wait is not well.
            setback: match reply.retry_after {
                None => Setback::of_receiver(None),
                asked => Setback::of_service(asked),
            },
        },
        _ => PushRefusal::Unsendable(reason),
    }
}

#[async_trait]
impl Push for FcmPush {
    fn needs_token(&self) -> bool {
        true
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.hand_over(message, false).await
    }

    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.hand_over(message, true).await
    }
}

#[async_trait]
impl Probe for FcmPush {
    /// Checks a message to a topic that nobody follows.
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let check = "push (FCM)";
        if depth == Depth::Light {
            return Vec::new();
        }
        let message = PushMessage {
            id: "tok-doctor".to_owned(),
            to: Target::Topic("tok-doctor".to_owned()),
            platform: None,
            kind: NotificationKind::Message,
            ttl: None,
            data: [("title".to_owned(), "tok doctor".to_owned())].into(),
        };
        vec![match self.validate(&message).await {
            Ok(()) => Finding::ok(check, format!("{} takes messages", self.project)),
            Err(PushRefusal::Paused(error)) => Finding::bad(
                check,
                Health::Fail,
                error.message(),
                "check fcm.project_id, and that the service account may send messages",
            ),
            Err(PushRefusal::Later { reason, .. }) => Finding::bad(
                check,
                Health::Warn,
                reason,
                "try again later; notifications wait meanwhile",
            ),
            Err(PushRefusal::Dead(reason) | PushRefusal::Unsendable(reason)) => {
                Finding::bad(check, Health::Fail, reason, "check fcm.project_id")
            }
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}
