//! Firebase Cloud Messaging, HTTP v1.
//!
//! <https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages>

mod answer;
mod foreign;
mod wire;

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use self::answer::{FcmAnswer, Said};
use self::foreign::{Blame, ForeignTokens};
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
use crate::model::told_causes::ToldCauses;

/// How long to wait when the quota is used up and FCM does not say how long.
const QUOTA_WAIT: Duration = Duration::from_mins(1);
/// So many different receivers in [`SHORT`] that get too much are not to blame themselves.
const MANY: usize = 20;
/// The time in which that counts.
const SHORT: Duration = Duration::from_secs(30);
/// So many answers in a row that are not FCM's are one odd message's fault, if others were taken before.
const MOST_NOT_FCM: u32 = 3;
/// The code that says that Apple, or another platform, does not know the app's key.
const THIRD_PARTY: &str = "THIRD_PARTY_AUTH_ERROR";
/// How long a device of such a platform is left alone.
const THIRD_PARTY_WAIT: Duration = Duration::from_mins(10);
/// The code of a token of another project.
const FOREIGN: &str = "SENDER_ID_MISMATCH";

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

/// [`Push`] by FCM, with what it learnt from its answers.
pub struct FcmPush {
    upstream: Upstream,
    project: String,
    clock: Arc<dyn Clock>,
    foreign_tokens: ForeignTokens,
    /// Any message was taken: it is FCM that answers.
    answered: AtomicBool,
    /// Answers in a row that were not FCM's.
    not_fcm: AtomicU32,
    limited: LimitedTargets,
    told: ToldCauses,
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
            )
            .found_by("fcm.base_url"),
            project: settings.project,
            clock,
            foreign_tokens: ForeignTokens::default(),
            answered: AtomicBool::new(false),
            not_fcm: AtomicU32::new(0),
            limited: LimitedTargets(Mutex::new((HashSet::new(), Instant::now()))),
            told: ToldCauses::default(),
        }
    }

    async fn hand_over(&self, message: &PushMessage, only_check: bool) -> Result<(), PushRefusal> {
        let mut body = json!({ "message": wire::message(message, self.clock.now())? });
        if only_check {
            body["validate_only"] = Value::Bool(true);
        }
        let limiter = Limiter::default();
        let path = ["v1", "projects", &self.project, "messages:send"];
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Json(&body), &limiter)
            .credential_is_good_if(THIRD_PARTY);
        let reply = match self.upstream.send_plainly(&call).await {
            Ok(reply) => reply,
            Err(error) if error.kind().is_temporary() => {
                return Err(PushRefusal::Later {
                    reason: error.message().to_owned(),
                    setback: Setback::of_try(error.wait()),
                });
            }
            Err(error) => return Err(PushRefusal::Paused(error)),
        };
        match FcmAnswer::of(&reply) {
            FcmAnswer::Taken => {
                self.learn_taken(message);
                Ok(())
            }
            FcmAnswer::Refused(said) => Err(self.classify(message, &reply, said)),
            FcmAnswer::NotFcm => Err(self.classify_other(&reply)),
        }
    }

    fn learn_taken(&self, message: &PushMessage) {
        self.answered.store(true, Ordering::Relaxed);
        self.not_fcm.store(0, Ordering::Relaxed);
        self.limited.forget();
        if matches!(message.to, Target::Token(_)) {
            self.foreign_tokens.prove();
        }
    }

    /// What an answer of FCM that is no success means for the message. Only the one that says that this
    /// token is gone makes its address dead.
    fn classify(&self, message: &PushMessage, reply: &UpstreamReply, said: Said) -> PushRefusal {
        self.not_fcm.store(0, Ordering::Relaxed);
        let (reason, asked) = (said.reason, reply.retry_after);
        match (reply.status, said.code.as_str()) {
            (403, FOREIGN) => self.classify_foreign_token(&message.to, reason),
            (404, "UNREGISTERED") => PushRefusal::Dead(reason),
            (400, _) if said.text.contains("not a valid FCM registration token") => {
                PushRefusal::Dead(reason)
            }
            // A push certificate is missing: that concerns one kind of device only.
            (401, THIRD_PARTY) => {
                if self.told.is_news(THIRD_PARTY) {
                    tracing::error!(
                        reason,
                        "devices of one kind get nothing; add their key at Firebase"
                    );
                }
                PushRefusal::Later {
                    reason,
                    setback: Setback::of_receiver(Some(THIRD_PARTY_WAIT)),
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
            (429, _) => {
                let everybody = said.names_project || self.limited.is_everybody(&message.to);
                let setback = if everybody {
                    Setback::of_service(asked.or(Some(QUOTA_WAIT)))
                } else {
                    Setback::of_receiver(asked)
                };
                PushRefusal::Later { reason, setback }
            }
            (408 | 500.., _) => PushRefusal::Later {
                reason,
                setback: away(asked),
            },
            _ => PushRefusal::Unsendable(reason),
        }
    }

    /// Something at that address that is not FCM. While FCM answers others, one odd answer delays one
    /// message only; otherwise nothing more is sent until a person has looked.
    fn classify_other(&self, reply: &UpstreamReply) -> PushRefusal {
        let status = reply.status;
        let reason = format!("what answers at fcm.base_url is not FCM ({status})");
        let before = self.not_fcm.fetch_add(1, Ordering::Relaxed);
        if matches!(status, 408 | 429 | 500..) {
            return PushRefusal::Later {
                reason,
                setback: away(reply.retry_after),
            };
        }
        if self.answered.load(Ordering::Relaxed) && before < MOST_NOT_FCM {
            return PushRefusal::Later {
                reason,
                setback: Setback::of_try(None),
            };
        }
        PushRefusal::Paused(
            Error::new(
                Kind::Refused,
                format!("{reason}; check it, and whatever proxy or login stands before it"),
            )
            .advise("see what stands at fcm.base_url: a proxy, a page to log in, another service"),
        )
    }

    /// A token of another project, or a credential of another project: the answer is the same. It
    /// is never a reason to forget the token. Unless other tokens are taken, it is rather ours that
    /// is wrong, and nothing more is sent until a person has looked.
    fn classify_foreign_token(&self, target: &Target, reason: String) -> PushRefusal {
        let project = &self.project;
        match self.foreign_tokens.meet(target) {
            Blame::Token => PushRefusal::Unsendable(format!(
                "{reason}; the token is of another project than {project}"
            )),
            Blame::Open => {
                if self.told.is_news(FOREIGN) {
                    tracing::error!(reason, project, "a token seems to be of another project");
                }
                PushRefusal::Later {
                    reason,
                    setback: Setback::of_receiver(None),
                }
            }
            Blame::Project => PushRefusal::Paused(self.wrong_project()),
        }
    }

    fn wrong_project(&self) -> Error {
        let message = format!(
            "FCM says that all tokens belong to other projects than {} ({FOREIGN}); check fcm.project_id and google.credentials_file",
            self.project
        );
        Error::new(Kind::Refused, message)
    }
}

/// The service fails; whoever says how long to wait is not well.
fn away(asked: Option<Duration>) -> Setback {
    match asked {
        None => Setback::of_try(None),
        asked => Setback::of_service(asked),
    }
}

/// Receivers that were told lately that they get too much, with nobody in between to whom something
/// could be sent.
struct LimitedTargets(Mutex<(HashSet<u64>, Instant)>);

impl LimitedTargets {
    /// Notes one more. When there are many different ones in a short time, it is not about them.
    fn is_everybody(&self, target: &Target) -> bool {
        let mut limited = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (targets, since) = &mut *limited;
        if since.elapsed() > SHORT {
            targets.clear();
        }
        if targets.is_empty() {
            *since = Instant::now();
        }
        targets.len() >= MANY || (targets.insert(target.digest()) && targets.len() >= MANY)
    }

    fn forget(&self) {
        let mut limited = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        limited.0.clear();
    }
}

#[async_trait]
impl Push for FcmPush {
    fn way(&self, _message: &PushMessage) -> &'static str {
        "fcm"
    }

    fn needs_token(&self) -> bool {
        true
    }

    fn check(&self, message: &PushMessage) -> Result<()> {
        wire::fitting(message).map(drop).map_err(Error::invalid)
    }

    fn blocked(&self) -> Option<Error> {
        self.foreign_tokens.are_all().then(|| self.wrong_project())
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
            Err(PushRefusal::Paused(error)) => Finding::failed(
                check,
                &error,
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
