//! The parts of a signed token, read strictly and before anything in it is believed.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::{Error as _, IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

/// A longer one is refused before anything of it is read.
const LONGEST: usize = 16 * 1024;
/// The longest name of a key.
const LONGEST_KID: usize = 256;

/// A token taken apart.
pub(super) struct TokenParts<'a> {
    pub(super) header: TokenHeader,
    pub(super) claims: Claims,
    /// What is signed.
    pub(super) message: &'a str,
    /// The signature, encoded as it came.
    pub(super) signature: &'a str,
}

/// What counts of a header. Where it says that keys could be fetched is never looked at.
#[derive(Deserialize)]
pub(super) struct TokenHeader {
    /// What it was signed with, if that is to be believed.
    pub(super) alg: String,
    /// The name of the key.
    #[serde(default)]
    pub(super) kid: Option<String>,
    /// Extensions that must be understood; none are.
    #[serde(default)]
    crit: Option<IgnoredAny>,
}

/// The claims by their names, each there once.
pub(super) struct Claims(pub(super) Map<String, Value>);

impl<'a> TokenParts<'a> {
    /// Takes a token apart; nothing if it is none.
    pub(super) fn of(token: &'a str) -> Option<Self> {
        if token.len() > LONGEST {
            return None;
        }
        let (message, signature) = token.rsplit_once('.')?;
        let (header, claims) = message.split_once('.')?;
        if claims.contains('.') || !is_base64(signature) {
            return None;
        }
        let header: TokenHeader = serde_json::from_slice(&decoded(header)?).ok()?;
        let named = header
            .kid
            .as_ref()
            .is_none_or(|kid| kid.len() <= LONGEST_KID);
        if header.crit.is_some() || !named {
            return None;
        }
        Some(Self {
            claims: serde_json::from_slice(&decoded(claims)?).ok()?,
            header,
            message,
            signature,
        })
    }

    /// Who the token says that it is from.
    pub(super) fn issuer(&self) -> Option<&str> {
        self.claims.0.get("iss")?.as_str()
    }
}

fn decoded(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

/// Encoded in the one way there is: a token has one spelling.
fn is_base64(part: &str) -> bool {
    decoded(part).is_some()
}

impl<'de> Deserialize<'de> for Claims {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Once;
        impl<'de> Visitor<'de> for Once {
            type Value = Claims;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of claims")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Claims, A::Error> {
                let mut claims = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    // Two readers of such a token may believe two different things.
                    if claims.insert(name, value).is_some() {
                        return Err(A::Error::custom("a claim is there twice"));
                    }
                }
                Ok(Claims(claims))
            }
        }
        deserializer.deserialize_map(Once)
    }
}
