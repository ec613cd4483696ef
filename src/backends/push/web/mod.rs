//! Web Push: browsers, and whatever speaks UnifiedPush, told without an account with anybody.
//!
//! A message is encrypted for its receiver (RFC 8291), signed by a key pair of our own (RFC 8292) and
//! handed to the push service that the receiver named (RFC 8030). That address is a stranger's: see
//! [`endpoints`]; and a capability: nothing that is logged or told repeats it.

mod answer;
mod cipher;
mod endpoints;
mod origins;
mod payload;
mod vapid;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::SecretString;
use tokio::time::Instant;

pub use self::endpoints::ListedHost;

use self::cipher::{LARGEST, NotEncrypted};
use self::endpoints::Endpoints;
use self::origins::{PushOrigin, PushOrigins};
use self::vapid::{VapidKey, VapidKeys};
use super::{Push, PushMessage, PushRefusal, WebKey, WebSubscriptions};
use crate::backends::http;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Setback;
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::notification::{NotificationKind, Target};
use crate::model::subscription::Subscription;
use crate::model::{Clock, Random};
use crate::records::Seal;
use crate::records::documents::Documents;

/// What has no end is kept for a receiver that is away for so long: four weeks.
const LONGEST_TTL: Duration = Duration::from_hours(28 * 24);
/// A store whose clock is so far from ours tells that ours may be wrong.
const CLOCK: i64 = 3600;

/// Who we are, and whom we trust.
pub struct WebPushSettings {
    /// Where push services may reach the operator: `mailto:` or `https:`.
    pub contact: String,
    /// Whether the contact is one that others can reach.
    pub contact_is_real: bool,
    /// The private half of our key pair; in the store if absent.
    pub private_key: Option<SecretString>,
    /// Push services that may be in our own network.
    pub hosts: Vec<ListedHost>,
    /// Longest time for one message.
    pub timeout: Duration,
}

impl WebPushSettings {
    /// Whether a text can be a private key.
    ///
    /// # Errors
    /// [`Kind::Config`] when it cannot.
    pub fn check_private_key(text: &str) -> Result<()> {
        VapidKey::parse(text).map(drop)
    }
}

/// [`Push`] to browsers.
pub struct WebPush {
    contact: String,
    contact_is_real: bool,
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    keys: VapidKeys,
    endpoints: Endpoints,
    origins: PushOrigins,
}

/// One message on its way.
struct Parcel<'a> {
    message: &'a PushMessage,
    subscription: &'a Subscription,
    origin: String,
    service: Arc<PushOrigin>,
    key: Arc<VapidKey>,
}

impl WebPush {
    /// Keeps its key pair in this store, unless the settings name it.
    ///
    /// # Errors
    /// [`Kind::Config`] when the private key is none.
    pub fn new(
        settings: WebPushSettings,
        (documents, seal): (Arc<dyn Documents>, Seal),
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Result<Self> {
        let keys = VapidKeys::new(
            (documents.clone(), seal),
            random,
            settings.private_key.as_ref(),
        )?;
        Ok(Self {
            contact: settings.contact,
            contact_is_real: settings.contact_is_real,
            documents,
            clock,
            keys,
            endpoints: Endpoints::new(settings.hosts, settings.timeout),
            origins: PushOrigins::default(),
        })
    }

    async fn deliver(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        let (subscription, plain) = self.understand(message)?;
        let key = self.keys.current().await.map_err(|error| not_now(&error))?;
        let origin = subscription.origin();
        let parcel = Parcel {
            message,
            subscription: &subscription,
            service: self.origins.get(&origin),
            origin,
            key,
        };
        let _turn = parcel.service.turn().await.map_err(|rest| {
            let origin = &parcel.origin;
            PushRefusal::Later {
                reason: format!("{origin} is slow or away"),
                setback: Setback::of_receiver(Some(rest)),
            }
        })?;
        let began = Instant::now();
        let mut answer = self.hand_over(&parcel, &plain).await?;
        if answer.0 == StatusCode::PAYLOAD_TOO_LARGE {
            let shorter = payload::shortened(message);
            if shorter.len() < plain.len() {
                answer = self.hand_over(&parcel, &shorter).await?;
            }
        }
        parcel.judge(began, answer.0, &answer.1)
    }

    /// What the message says, and to whom.
    fn understand(&self, message: &PushMessage) -> Result<(Subscription, Vec<u8>), PushRefusal> {
        let Target::Token(token) = &message.to else {
            let whom = &message.to;
            return Err(PushRefusal::Unsendable(format!(
                "Web Push cannot address {whom}"
            )));
        };
        let subscription = Subscription::of_token(token).ok_or_else(|| {
            PushRefusal::Unsendable("the device holds no subscription to Web Push".to_owned())
        })?;
        self.endpoints
            .check(&subscription.endpoint)
            .map_err(|what| refused(&subscription, what))?;
        let plain = payload::of(message).ok_or_else(too_large)?;
        Ok((subscription, plain))
    }

    /// One body with what a push service must know.
    fn request(
        &self,
        parcel: &Parcel<'_>,
        plain: &[u8],
    ) -> Result<reqwest::RequestBuilder, PushRefusal> {
        let (message, subscription) = (parcel.message, parcel.subscription);
        let body = cipher::encrypt(&subscription.public_key, &subscription.auth, plain);
        let body = body.map_err(|why| match why {
            NotEncrypted::NoKey => PushRefusal::Dead(format!("the key of {subscription} is none")),
            NotEncrypted::TooLarge => too_large(),
        })?;
        let (origin, service) = (&parcel.origin, &parcel.service);
        let now = self.clock.now();
        let pass = parcel.key.pass(origin, service, &self.contact, now);
        let urgency = match message.kind {
            NotificationKind::Call => "high",
            NotificationKind::Message => "normal",
        };
        let ttl = message.ttl.unwrap_or(LONGEST_TTL).min(LONGEST_TTL);
        let endpoint = &subscription.endpoint;
        let client = self
            .endpoints
            .client(endpoint)
            .map_err(|error| not_now(&error))?;
        Ok(client
            .post(endpoint.clone())
            .header("authorization", pass.map_err(|error| not_now(&error))?)
            .header("content-encoding", "aes128gcm")
            .header("content-type", "application/octet-stream")
            .header("ttl", ttl.as_secs())
            .header("urgency", urgency)
            .header("topic", payload::topic(message))
            .body(body))
    }

    /// Sends one body.
    async fn hand_over(
        &self,
        parcel: &Parcel<'_>,
        plain: &[u8],
    ) -> Result<(StatusCode, HeaderMap), PushRefusal> {
        let request = self.request(parcel, plain)?;
        let began = Instant::now();
        let sent = crate::traces::sent("Web Push", ("POST", &parcel.origin), request).await;
        let outcome = match &sent {
            // One who is gone unsubscribed; that is no fault of the service.
            Ok(response) if response.status() == StatusCode::GONE => Kind::NotFound.code(),
            Ok(response) => http::outcome_of(response.status()),
            Err(error) if error.is_timeout() => Kind::Timeout.code(),
            Err(_) => Kind::BadGateway.code(),
        };
        http::count("Web Push", began.into_std(), outcome);
        match sent {
            Ok(response) => Ok(answer::read(response).await),
            Err(error) if endpoints::led_inside(&error) => {
                Err(refused(parcel.subscription, endpoints::INSIDE))
            }
            Err(error) => Err(parcel.unanswered(began, &error.without_url())),
        }
    }
}

fn too_large() -> PushRefusal {
    PushRefusal::Unsendable(format!(
        "the fields need more than the {LARGEST} bytes that Web Push takes"
    ))
}

fn refused(subscription: &Subscription, what: &str) -> PushRefusal {
    PushRefusal::Unsendable(format!("the address of {subscription} {what}"))
}

/// It is about us, not about the receiver; and others may be told by other means.
fn not_now(error: &Error) -> PushRefusal {
    tracing::warn!(%error, causes = ?error.causes(), "Web Push cannot be used now");
    PushRefusal::Later {
        reason: error.message().to_owned(),
        setback: Setback::of_receiver(error.wait()),
    }
}

#[async_trait]
impl Push for WebPush {
    fn way(&self, _message: &PushMessage) -> &'static str {
        "web_push"
    }

    fn needs_token(&self) -> bool {
        true
    }

    async fn send(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.deliver(message).await
    }

    /// Push services have no trial run: the message is only made.
    async fn validate(&self, message: &PushMessage) -> Result<(), PushRefusal> {
        self.understand(message).map(drop)
    }
}

#[async_trait]
impl WebSubscriptions for WebPush {
    async fn key(&self) -> Result<WebKey> {
        let key = self.keys.current().await?;
        Ok(WebKey {
            public: key.public.clone(),
            id: key.id.clone(),
        })
    }

    async fn replace_key(&self) -> Result<WebKey> {
        let key = self.keys.replace().await?;
        Ok(WebKey {
            public: key.public.clone(),
            id: key.id.clone(),
        })
    }

    fn is_key_configured(&self) -> bool {
        self.keys.is_configured()
    }

    fn check(&self, subscription: &Subscription) -> Result<()> {
        if let Err(what) = self.endpoints.check(&subscription.endpoint) {
            return Err(Error::invalid(format!("subscription.endpoint {what}")));
        }
        if !cipher::is_point(&subscription.public_key) {
            return Err(Error::invalid(
                "subscription.keys.p256dh is no public key of P-256",
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl Probe for WebPush {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        const CHECK: &str = "push (web)";
        if depth == Depth::Light {
            return Vec::new();
        }
        let key = match self.keys.find().await {
            Ok(Some(key)) => key,
            // No browser asked to be rung yet.
            Ok(None) => return Vec::new(),
            Err(error) => {
                let advice = "mend what keeps the secrets first";
                return vec![Finding::bad(CHECK, Health::Fail, error.message(), advice)];
            }
        };
        if !self.contact_is_real {
            let what = format!(
                "push services are told to reach the operator at {}",
                self.contact
            );
            let advice = "set push.contact to mailto: and an address, or to an https: page; Apple takes nothing without";
            return vec![Finding::bad(CHECK, Health::Warn, what, advice)];
        }
        if let Ok(theirs) = self.documents.now().await {
            let apart = theirs.as_second() - self.clock.now().as_second();
            if apart.abs() > CLOCK {
                let what = format!("the clock is {apart} s off the store's");
                let advice = "set the clock; push services refuse what is signed for another time";
                return vec![Finding::bad(CHECK, Health::Warn, what, advice)];
            }
        }
        vec![Finding::ok(
            CHECK,
            format!("signs as {} for {}", key.id, self.contact),
        )]
    }
}
