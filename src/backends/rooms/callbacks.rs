//! The web callbacks of the vendors: how each is known to be genuine, and what it says.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::Callbacks;
use super::signed_moment::{is_in_its_time, is_timely, moment, seconds};
use crate::error::{Error, Kind, Result};
use crate::model::callback::{Callback, CallbackEvent, CallbackNews, RawCallback, RoomOf};
use crate::model::session::Stay;

fn stranger() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "the signature or secret of this callback is missing or wrong",
    )
}

fn untimely() -> Error {
    Error::new(
        Kind::Unauthenticated,
        "the signature of this callback is good for another time; check the clock of this machine",
    )
}

/// Compares in a time that tells nothing.
fn is_secret(given: Option<&str>, secret: &SecretString) -> Result<()> {
    let given = given.unwrap_or_default().as_bytes();
    let secret = secret.expose_secret().as_bytes();
    if bool::from(given.ct_eq(secret)) {
        Ok(())
    } else {
        Err(stranger())
    }
}

fn strange(vendor: &str) -> Error {
    Error::bad_gateway(format!("{vendor}'s callback is not as documented"))
}

fn text(value: &Value, name: &str) -> Option<String> {
    let text = value.get(name)?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

/// Unix milliseconds as a number or a text.
fn milliseconds(value: &Value) -> Option<Timestamp> {
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    Timestamp::from_millisecond(number?).ok()
}

/// Whether Daily tries the address.
fn is_trial(body: &[u8]) -> bool {
    const LONGEST: usize = 64;
    body.len() <= LONGEST
        && serde_json::from_slice::<Value>(body)
            .is_ok_and(|body| body == serde_json::json!({ "test": "test" }))
}

/// Daily signs the time and the body with a secret that it got in base64
/// (<https://docs.daily.co/reference/rest-api/webhooks>).
pub struct DailyCallbacks {
    key: hmac::Key,
}

impl DailyCallbacks {
    /// Listens with this secret, if there is one.
    ///
    /// # Errors
    /// [`Kind::Config`] when it is not base64.
    pub fn listening(secret: Option<SecretString>) -> Result<Option<Arc<dyn Callbacks>>> {
        let Some(secret) = secret else {
            return Ok(None);
        };
        let bytes = BASE64.decode(secret.expose_secret()).map_err(|_| {
            Error::config("daily.webhook_secret is not base64; use `hmac` as Daily gave it")
        })?;
        Ok(Some(Arc::new(Self {
            key: hmac::Key::new(hmac::HMAC_SHA256, &bytes),
        })))
    }
}

impl Callbacks for DailyCallbacks {
    fn check(&self, raw: &RawCallback<'_>, now: Timestamp) -> Result<()> {
        // Sent once when the callback is set up, before Daily has told its secret.
        if is_trial(raw.body) {
            return Ok(());
        }
        let header = |name| (raw.header)(name).ok_or_else(stranger);
        let signature = BASE64
            .decode(header("x-webhook-signature")?)
            .map_err(|_| stranger())?;
        let time = header("x-webhook-timestamp")?;
        let mut signed = format!("{time}.").into_bytes();
        signed.extend_from_slice(raw.body);
        hmac::verify(&self.key, &signed, &signature).map_err(|_| stranger())?;
        let moment = time.parse().ok().and_then(moment).ok_or_else(stranger)?;
        if is_timely(moment, now) {
            Ok(())
        } else {
            Err(untimely())
        }
    }

    fn read(&self, body: &Value) -> Result<Callback> {
        if body.get("test").is_some() {
            return Ok(Callback {
                id: None,
                kind: "test".to_owned(),
                news: Vec::new(),
                trial: true,
            });
        }
        let kind = text(body, "type").ok_or_else(|| strange("Daily"))?;
        let payload = body.get("payload").unwrap_or(&Value::Null);
        let room = text(payload, "room").map(RoomOf::Name);
        let at = seconds(&body["event_ts"]);
        let used = kind.starts_with("participant.") || kind.starts_with("meeting.");
        let news = match (room, at) {
            (Some(room), Some(at)) if used => vec![CallbackNews::Used { room, at }],
            _ => Vec::new(),
        };
        Ok(Callback {
            id: text(body, "id"),
            kind,
            news,
            trial: false,
        })
    }
}

/// 100ms signs nothing; it sends headers of our choice along
/// (<https://www.100ms.live/docs/server-side/v2/how-to-guides/configure-webhooks/overview>).
pub struct HundredMsCallbacks {
    secret: SecretString,
}

impl HundredMsCallbacks {
    /// Listens with this secret, if there is one.
    #[allow(
        clippy::new_ret_no_self,
        reason = "there may be nothing to listen with"
    )]
    pub fn listening(secret: Option<SecretString>) -> Option<Arc<dyn Callbacks>> {
        Some(Arc::new(Self { secret: secret? }))
    }
}

impl Callbacks for HundredMsCallbacks {
    fn check(&self, raw: &RawCallback<'_>, _now: Timestamp) -> Result<()> {
        is_secret((raw.header)("x-tok-secret").as_deref(), &self.secret)
    }

    fn read(&self, body: &Value) -> Result<Callback> {
        let kind = text(body, "type").ok_or_else(|| strange("100ms"))?;
        let data = body.get("data").unwrap_or(&Value::Null);
        let at = text(body, "timestamp").and_then(|text| text.parse().ok());
        let room = text(data, "room_id").map(RoomOf::Id);
        let used = kind.starts_with("peer.") || kind.starts_with("session.");
        let news = match (room, at) {
            (Some(room), Some(at)) if used => vec![CallbackNews::Used { room, at }],
            _ => Vec::new(),
        };
        Ok(Callback {
            id: text(body, "id"),
            kind,
            news,
            trial: false,
        })
    }
}

/// Vonage signs a token with the hash of the body; for `OpenTok` the address itself is the secret
/// (<https://tokbox.com/developer/guides/session-monitoring/>,
/// <https://developer.vonage.com/en/getting-started/concepts/webhooks>).
pub struct OpentokCallbacks {
    secret: SecretString,
}

impl OpentokCallbacks {
    /// Listens with this secret, if there is one.
    #[allow(
        clippy::new_ret_no_self,
        reason = "there may be nothing to listen with"
    )]
    pub fn listening(secret: Option<SecretString>) -> Option<Arc<dyn Callbacks>> {
        Some(Arc::new(Self { secret: secret? }))
    }

    fn is_signed(&self, token: &str, body: &[u8], now: Timestamp) -> bool {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let key = DecodingKey::from_secret(self.secret.expose_secret().as_bytes());
        let Ok(read) = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation) else {
            return false;
        };
        // What is said of the body must be true; a token alone would fit any body.
        let hash = hex::encode(Sha256::digest(body));
        let said = read.claims.get("payload_hash").and_then(Value::as_str);
        let is_of_body = said.is_some_and(|said| {
            bool::from(said.to_ascii_lowercase().as_bytes().ct_eq(hash.as_bytes()))
        });
        is_of_body && is_in_its_time(&read.claims, now)
    }
}

/// The token of an `Authorization` header, whose scheme is read in any case.
fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.trim().split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

impl Callbacks for OpentokCallbacks {
    fn check(&self, raw: &RawCallback<'_>, now: Timestamp) -> Result<()> {
        let header = (raw.header)("authorization");
        match header.as_deref().and_then(bearer) {
            Some(token) if self.is_signed(token, raw.body, now) => Ok(()),
            Some(_) => Err(stranger()),
            None => is_secret(raw.secret, &self.secret),
        }
    }

    fn read(&self, body: &Value) -> Result<Callback> {
        let kind = text(body, "event").ok_or_else(|| strange("OpenTok"))?;
        if kind == "archive" {
            let status = text(body, "status").unwrap_or_default();
            return Ok(Callback {
                id: None,
                kind: format!("archive.{status}"),
                news: Vec::new(),
                trial: false,
            });
        }
        let session = text(body, "sessionId").ok_or_else(|| strange("OpenTok"))?;
        let at = milliseconds(&body["timestamp"]).ok_or_else(|| strange("OpenTok"))?;
        let stay = |left: Option<Timestamp>| connection(&body["connection"], at, left);
        let what = match kind.as_str() {
            "sessionCreated" => Some(CallbackEvent::Began),
            "sessionDestroyed" => Some(CallbackEvent::Ended),
            "connectionCreated" => stay(None).map(CallbackEvent::Joined),
            "connectionDestroyed" => stay(Some(at)).map(CallbackEvent::Left),
            _ => None,
        };
        let news = what.into_iter().flat_map(|what| {
            let used = CallbackNews::Used {
                room: RoomOf::Id(session.clone()),
                at,
            };
            let news = CallbackNews::Session {
                session: session.clone(),
                room: RoomOf::Id(session.clone()),
                at,
                what,
            };
            [used, news]
        });
        Ok(Callback {
            id: None,
            kind: kind.clone(),
            news: news.collect(),
            trial: false,
        })
    }
}

/// A connection as a stay; its data are ours if a token of ours made it.
fn connection(value: &Value, at: Timestamp, left: Option<Timestamp>) -> Option<Stay> {
    let data: Value = value["data"]
        .as_str()
        .and_then(|data| serde_json::from_str(data).ok())
        .unwrap_or(Value::Null);
    Some(Stay {
        participant_id: text(value, "id")?,
        user_id: text(&data, "user_id"),
        user_name: text(&data, "user_name"),
        joined_at: milliseconds(&value["createdAt"]).unwrap_or(at),
        left_at: left,
        node: None,
        why: None,
    })
}

/// Bandwidth signs nothing: the address that participants are made with is the secret
/// (<https://dev.bandwidth.com/docs/webrtc/>).
pub struct BandwidthCallbacks {
    secret: SecretString,
}

impl BandwidthCallbacks {
    /// Listens with this secret, if there is one.
    #[allow(
        clippy::new_ret_no_self,
        reason = "there may be nothing to listen with"
    )]
    pub fn listening(secret: Option<SecretString>) -> Option<Arc<dyn Callbacks>> {
        Some(Arc::new(Self { secret: secret? }))
    }
}

impl Callbacks for BandwidthCallbacks {
    fn check(&self, raw: &RawCallback<'_>, _now: Timestamp) -> Result<()> {
        is_secret(raw.secret, &self.secret)
    }

    fn read(&self, body: &Value) -> Result<Callback> {
        let kind = text(body, "event").ok_or_else(|| strange("Bandwidth"))?;
        let participant = text(body, "participantId").ok_or_else(|| strange("Bandwidth"))?;
        let at = milliseconds(&body["timestamp"]).ok_or_else(|| strange("Bandwidth"))?;
        let news = match kind.as_str() {
            "onConnect" => vec![CallbackNews::Connected { participant, at }],
            "onLeave" | "onDisconnect" => vec![CallbackNews::Disconnected { participant, at }],
            _ => Vec::new(),
        };
        Ok(Callback {
            id: None,
            kind,
            news,
            trial: false,
        })
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    /// The secret of Daily is base64.
    const SECRET: &str = "aSBhbSBhIHNlY3JldA==";

    fn vendors() -> [Arc<dyn Callbacks>; 4] {
        let secret = || Some(SecretString::from(SECRET));
        [
            DailyCallbacks::listening(secret()).expect("base64"),
            HundredMsCallbacks::listening(secret()),
            OpentokCallbacks::listening(secret()),
            BandwidthCallbacks::listening(secret()),
        ]
        .map(|vendor| vendor.expect("a secret"))
    }

    /// Nobody is believed who does not know the secret, wherever they put what they have.
    fn check(vendor: &dyn Callbacks, body: &[u8]) -> bool {
        let text = String::from_utf8_lossy(body);
        let header = |name: &str| match name {
            "authorization" => Some(format!("Bearer {text}")),
            _ => Some(text.clone().into_owned()),
        };
        let raw = RawCallback {
            header: &header,
            secret: Some(&text),
            body,
        };
        let checked = vendor.check(&raw, Timestamp::UNIX_EPOCH);
        if let Err(error) = &checked {
            assert_eq!(error.kind(), Kind::Unauthenticated);
            refused(error);
        }
        checked.is_ok()
    }

    fn read(bytes: &[u8]) {
        for vendor in vendors() {
            let trial = check(vendor.as_ref(), bytes);
            let Ok(body) = serde_json::from_slice::<Value>(bytes) else {
                assert!(!trial);
                continue;
            };
            match vendor.read(&body) {
                Ok(told) => {
                    assert!(told.trial || !trial, "a stranger is believed");
                    assert!(told.news.len() <= 2, "{told:?}");
                    let kept = told.kind.len() + told.id.map_or(0, |id| id.len());
                    assert!(kept <= bytes.len(), "more is kept than came");
                }
                Err(error) => {
                    assert!(!trial);
                    assert_eq!(error.kind(), Kind::BadGateway);
                    refused(&error);
                }
            }
        }
    }

    /// Whatever is sent to an address of callbacks is understood or refused, by each vendor's rules.
    #[test]
    fn callbacks_are_read_or_refused() {
        hostile!("callbacks", read);
    }
}
