//! Subscriptions to Web Push: where a browser, or an app by UnifiedPush, can be told something.
//!
//! The endpoint is a capability: whoever knows it reaches the device. So nothing here can be shown in
//! full; what is shown is the origin and the end.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::notification::ending;
use crate::error::{Error, Result};

/// The longest endpoint, in bytes; the longest in use have some hundred, and stores find devices by it.
pub(crate) const LONGEST_ENDPOINT: usize = 1024;
/// The bytes of a point of P-256 that is not compressed.
const POINT: usize = 65;
/// What such a point begins with.
const UNCOMPRESSED: u8 = 4;
/// The bytes of the secret.
const SECRET: usize = 16;

/// A subscription as a browser gives it (`PushSubscription.toJSON()`).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PushSubscription)]
pub struct BrowserSubscription {
    /// Where the push service takes messages for it: a secret.
    pub endpoint: String,
    /// What messages are encrypted with.
    pub keys: BrowserKeys,
}

/// What messages to a browser are encrypted with.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PushSubscriptionKeys)]
pub struct BrowserKeys {
    /// Its public key: 65 bytes as base64url.
    pub p256dh: String,
    /// The secret that the server and it share: 16 bytes as base64url.
    pub auth: String,
}

/// A subscription that was checked, with the server's key that it was made for.
#[derive(Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Where the push service takes messages for it.
    pub endpoint: Url,
    /// Its public key, a point that is not compressed.
    pub public_key: Vec<u8>,
    /// The secret that the server and it share.
    pub auth: Vec<u8>,
    /// The id of the server's key that it was made for.
    pub made_for: String,
}

/// As it stands in the store, in the place of a push token.
#[derive(Serialize, Deserialize)]
struct StoredSubscription {
    endpoint: Url,
    p256dh: String,
    auth: String,
    key: String,
}

impl Subscription {
    /// Reads what a browser gave, made for the server's key of this id.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput), naming the field and never what it says.
    pub fn read(given: &BrowserSubscription, made_for: &str) -> Result<Self> {
        let too_long = || {
            Error::invalid(format!(
                "subscription.endpoint is longer than {LONGEST_ENDPOINT} bytes"
            ))
        };
        if given.endpoint.len() > LONGEST_ENDPOINT {
            return Err(too_long());
        }
        let endpoint = Url::parse(&given.endpoint).ok();
        let endpoint = endpoint.filter(Url::has_host).ok_or_else(|| {
            Error::invalid("subscription.endpoint is no address like https://push.example.com/…")
        })?;
        // Written out, as it is kept, it may be three times as long.
        if endpoint.as_str().len() > LONGEST_ENDPOINT {
            return Err(too_long());
        }
        let public_key = bytes(&given.keys.p256dh).filter(|key| is_uncompressed(key));
        let public_key = public_key.ok_or_else(|| {
            Error::invalid(format!(
                "subscription.keys.p256dh is not {POINT} bytes that begin with {UNCOMPRESSED}, as base64url"
            ))
        })?;
        let auth = bytes(&given.keys.auth).filter(|auth| auth.len() == SECRET);
        let auth = auth.ok_or_else(|| {
            Error::invalid(format!(
                "subscription.keys.auth is not {SECRET} bytes as base64url"
            ))
        })?;
        Ok(Self {
            endpoint,
            public_key,
            auth,
            made_for: made_for.to_owned(),
        })
    }

    /// The text that stands for it in the place of a push token; always the same for the same one.
    pub fn token(&self) -> String {
        let stored = StoredSubscription {
            endpoint: self.endpoint.clone(),
            p256dh: BASE64.encode(&self.public_key),
            auth: BASE64.encode(&self.auth),
            key: self.made_for.clone(),
        };
        // Texts alone: it can always be written.
        serde_json::to_string(&stored).unwrap_or_default()
    }

    /// Reads what [`token`](Self::token) gave.
    pub fn of_token(token: &str) -> Option<Self> {
        let stored: StoredSubscription = serde_json::from_str(token).ok()?;
        Some(Self {
            endpoint: stored.endpoint,
            public_key: bytes(&stored.p256dh).filter(|key| is_uncompressed(key))?,
            auth: bytes(&stored.auth).filter(|auth| auth.len() == SECRET)?,
            made_for: stored.key,
        })
    }

    /// Whether this is the same browser by the same keys, whatever server's key it was made for.
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.endpoint, &self.public_key, &self.auth)
            == (&other.endpoint, &other.public_key, &other.auth)
    }

    /// The scheme, host and port of the push service.
    pub fn origin(&self) -> String {
        self.endpoint.origin().ascii_serialization()
    }
}

/// What may be shown of it: whose it is, and the end of the endpoint.
impl fmt::Display for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Of a short address the end is all there is: the host shows anyway.
        let secret = &self.endpoint[url::Position::BeforePath..];
        write!(f, "{} {}", self.origin(), ending(secret))
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Subscription({self})")
    }
}

fn is_uncompressed(key: &[u8]) -> bool {
    key.len() == POINT && key.first() == Some(&UNCOMPRESSED)
}

/// Browsers write no padding; libraries do, and some use the other alphabet.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let plain = text.trim_end_matches('=').replace('+', "-");
    BASE64.decode(plain.replace('/', "_")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const P256DH: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";

    fn given(endpoint: &str, p256dh: &str, auth: &str) -> BrowserSubscription {
        let keys = BrowserKeys {
            p256dh: p256dh.to_owned(),
            auth: auth.to_owned(),
        };
        BrowserSubscription {
            endpoint: endpoint.to_owned(),
            keys,
        }
    }

    #[test]
    fn it_is_kept_in_one_form_and_shown_in_none_that_tells_it() {
        let endpoint = "https://Push.Example.com:443/send/abcdefghijkl";
        let plain = given(endpoint, P256DH, "BTBZMqHH6r4Tts7J_aSIgg");
        let padded = given(endpoint, P256DH, "BTBZMqHH6r4Tts7J/aSIgg==");
        let plain = Subscription::read(&plain, "k1").expect("reads");
        assert_eq!(
            plain.token(),
            Subscription::read(&padded, "k1").expect("reads").token()
        );
        assert_eq!(Subscription::of_token(&plain.token()), Some(plain.clone()));
        for shown in [plain.to_string(), format!("{plain:?}")] {
            assert!(
                shown.contains("https://push.example.com …ghijkl"),
                "{shown}"
            );
            assert!(!shown.contains("fghijkl"), "{shown}");
        }
    }

    #[test]
    fn what_is_none_is_refused_without_repeating_it() {
        let auth = "BTBZMqHH6r4Tts7J_aSIgg";
        let compressed = BASE64.encode([&[2][..], &[7; 64]].concat());
        let short = BASE64.encode([4; 64]);
        let long = format!("https://push.example.com/{}", "secret".repeat(300));
        let outgrown = format!("https://push.example.com/secret{}", "ü".repeat(400));
        for (endpoint, p256dh, auth, field) in [
            ("secret", P256DH, auth, "endpoint"),
            ("https:", P256DH, auth, "endpoint"),
            ("mailto:secret@example.com", P256DH, auth, "endpoint"),
            (long.as_str(), P256DH, auth, "endpoint"),
            (outgrown.as_str(), P256DH, auth, "endpoint"),
            (
                "https://a.example/secret",
                compressed.as_str(),
                auth,
                "p256dh",
            ),
            ("https://a.example/secret", short.as_str(), auth, "p256dh"),
            ("https://a.example/secret", "", auth, "p256dh"),
            ("https://a.example/secret", P256DH, "c2VjcmV0", "auth"),
            ("https://a.example/secret", P256DH, "***", "auth"),
        ] {
            let refused = Subscription::read(&given(endpoint, p256dh, auth), "k");
            let error = refused.expect_err("is refused");
            assert!(error.message().contains(field), "{error}");
            assert!(!error.message().contains("secret"), "{error}");
        }
        for token in [
            "",
            "secret",
            "{}",
            r#"{"endpoint":"https://a/","p256dh":"BA","auth":"","key":""}"#,
        ] {
            assert_eq!(Subscription::of_token(token), None, "{token}");
        }
    }
}
