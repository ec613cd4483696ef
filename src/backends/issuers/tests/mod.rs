//! What an issuer's tokens may and must not do: a test for each trap, and many changed ones.

#[path = "../../../../tests/it/support/signer.rs"]
#[allow(unreachable_pub, missing_docs, reason = "shared with the other tests")]
mod signer;

mod claims;
mod header;
mod hostile;
mod kept;

use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::{Value, json};

use self::signer::Signer;
use super::fetch::{FetchedKeys, KeySource};
use super::kept::KeptKeys;
use super::{Issuer, IssuerSettings, Issuers, KeysFrom, SigningAlgorithm, TrustedKeys};
use crate::error::{Error, Reason, Result};
use crate::model::Clock;
use crate::model::key::Scope;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "https://issuer.example.com/";

static RSA: LazyLock<Signer> = LazyLock::new(Signer::rsa);
static OTHER_RSA: LazyLock<Signer> = LazyLock::new(Signer::rsa);

/// A clock that stands until it is moved.
struct HeldClock(AtomicI64);

impl HeldClock {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW)))
    }

    fn forward(&self, by: Duration) {
        let by = i64::try_from(by.as_secs()).expect("short");
        self.0.fetch_add(by, Ordering::SeqCst);
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_second(self.0.load(Ordering::SeqCst)).expect("a moment")
    }
}

/// What an issuer would answer.
#[derive(Default)]
struct Answers {
    /// The keys; nothing while it is away.
    keys: Mutex<Option<String>>,
    asked: AtomicUsize,
    slow: Mutex<Duration>,
}

impl Answers {
    fn with(keys: &[Value]) -> Arc<Self> {
        let answers = Arc::new(Self::default());
        answers.publish(keys);
        answers
    }

    fn publish(&self, keys: &[Value]) {
        self.say(&json!({ "keys": keys }).to_string());
    }

    fn say(&self, text: &str) {
        *self.keys.lock().expect("no panic") = Some(text.to_owned());
    }

    fn go_away(&self) {
        *self.keys.lock().expect("no panic") = None;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

struct Source(Arc<Answers>);

#[async_trait]
impl KeySource for Source {
    async fn fetch(&self) -> Result<FetchedKeys> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let slow = *self.0.slow.lock().expect("no panic");
        tokio::time::sleep(slow).await;
        let keys = self.0.keys.lock().expect("no panic").clone();
        let text = keys.ok_or_else(|| Error::bad_gateway("it is away"))?;
        Ok(FetchedKeys {
            text: text.into_bytes(),
            max_age: Duration::from_hours(1),
            date: None,
        })
    }
}

fn settings() -> IssuerSettings {
    IssuerSettings {
        alias: "app".to_owned(),
        issuer: ISSUER.to_owned(),
        audience: vec!["us".to_owned()],
        authorized_party: Vec::new(),
        keys: KeysFrom::Discovery,
        algorithms: vec![SigningAlgorithm::Rs256],
        user: "sub".to_owned(),
        name: "name".to_owned(),
        role_claim: "tok_role".to_owned(),
        scopes: [Scope::Tokens].into(),
        plain_ids: false,
        firebase: false,
        makes_users: false,
    }
}

fn believing(settings: IssuerSettings, answers: &Arc<Answers>, clock: &Arc<HeldClock>) -> Issuers {
    let kept = KeptKeys::new(
        &settings.alias,
        &settings.algorithms,
        Box::new(Source(answers.clone())),
        clock.clone(),
    );
    Issuers {
        all: vec![Issuer::new(settings, TrustedKeys::Kept(Arc::new(kept)))],
        clock: clock.clone(),
    }
}

/// Those who believe the one key.
fn usual(settings: IssuerSettings) -> (Issuers, Arc<Answers>) {
    let answers = Answers::with(&[RSA.jwk("one")]);
    (believing(settings, &answers, &HeldClock::new()), answers)
}

fn good() -> Value {
    json!({
        "iss": ISSUER, "aud": "us", "sub": "ada", "iat": NOW - 10, "exp": NOW + 3600, "name": "Ada",
    })
}

/// The same with some of it changed; what is null is not there.
#[allow(clippy::needless_pass_by_value, reason = "read at the call")]
fn but(changes: Value) -> Value {
    let mut claims = good();
    for (name, value) in changes.as_object().expect("an object") {
        if value.is_null() {
            claims.as_object_mut().expect("an object").remove(name);
        } else {
            claims[name] = value.clone();
        }
    }
    claims
}

const INVALID: Option<Reason> = Some(Reason::TokenInvalid);
const EXPIRED: Option<Reason> = Some(Reason::TokenExpired);

/// What becomes of claims, well signed.
async fn of(settings: IssuerSettings, claims: &Value) -> Option<Reason> {
    let (issuers, _) = usual(settings);
    reason(&issuers, &RSA.token("one", claims)).await
}

async fn reason(issuers: &Issuers, token: &str) -> Option<Reason> {
    match issuers.verify(token).await {
        Ok(_) => None,
        Err(error) => {
            assert_eq!(error.kind(), crate::Kind::Unauthenticated);
            let repeated = token.len() > 20 && error.to_string().contains(token);
            assert!(!repeated, "it is repeated");
            Some(error.why().expect("a reason"))
        }
    }
}
