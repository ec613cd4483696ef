//! Seals: what proves that a document was written by `tok`, by a secret that is not in the store.
//!
//! A seal is a text in the field `seal`: `1.SECRET.MOMENT.PROOF`, of which the second part says by which
//! secret, and the third when, in Unix milliseconds of the store's clock. The proof of a document that
//! others may read is an HMAC-SHA-256 of it; of one that they may not read it is the document itself,
//! in AES-256-GCM. Both hold only for this collection, this id, this moment and, but for the order of
//! fields, exactly this content.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use super::declaration::{Declaration, SEAL_FIELD, Sealing};
use super::documents::{Document, Documents, Mutation, Write};
use crate::error::{Error, Result};
use crate::model::{Random, random};

/// The version of seals.
const VERSION: &str = "1";
/// The field by which releases that know no seals leave a document alone.
const VERSION_FIELD: &str = "v";
/// How long a commit may take. What was written later than that after it was sealed is an old state that
/// somebody brought back, e.g. a key that was revoked.
const COMMIT_MILLIS: i64 = 2 * 60 * 1000;
/// Chance before what is hidden: of the key that hides it, and the nonce.
const SALT: usize = 16;
const NONCE: usize = 12;
/// Documents that are remembered as told; then it begins anew.
const MOST_TOLD: usize = 10_000;

/// What seals documents and looks at their seals; by default nothing is sealed.
#[derive(Clone, Default)]
pub struct Seal(Option<Arc<Sealer>>);

struct Sealer {
    own: SealKeys,
    former: Option<SealKeys>,
    random: Arc<dyn Random>,
    told: Mutex<HashSet<String>>,
}

/// What follows from a secret.
#[derive(Clone)]
struct SealKeys {
    /// Tells which secret it is, and nothing about it.
    name: String,
    sign: hmac::Key,
    hide: hkdf::Prk,
}

/// What the seal of a document says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealState {
    /// There is none.
    Clear,
    /// It is as it was sealed.
    Good,
    /// The same, by the secret before this one.
    Former,
    /// It is sealed with a secret that is not known here.
    Other,
    /// It is not what was sealed.
    Altered,
    /// It is what was sealed, and was written long afterwards: it was gone, or another, meanwhile.
    BroughtBack,
}

impl SealState {
    /// What is wrong with a document in this state, as the end of a sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clear => "not sealed",
            Self::Good => "sealed",
            Self::Former => "sealed with the former secret",
            Self::Other => "sealed with another secret",
            Self::Altered => "not as it was sealed",
            Self::BroughtBack => "an old state that was brought back",
        }
    }
}

/// What the parts of a seal say.
struct Envelope {
    by: String,
    at: i64,
    proof: Vec<u8>,
}

impl Envelope {
    /// Only what [`text`](Self::text) writes is one: no other text stands for the same seal.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.');
        let (version, by, at) = (parts.next()?, parts.next()?, parts.next()?);
        let envelope = Self {
            by: by.to_owned(),
            at: at.parse().ok()?,
            proof: BASE64.decode(parts.next()?).ok()?,
        };
        (version == VERSION && envelope.text() == text).then_some(envelope)
    }

    fn text(&self) -> String {
        let proof = BASE64.encode(&self.proof);
        format!("{VERSION}.{}.{}.{proof}", self.by, self.at)
    }
}

impl SealKeys {
    fn of(secret: &SecretString) -> Result<Self> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"tok store");
        let prk = salt.extract(secret.expose_secret().as_bytes());
        let name = hex::encode(derive(&prk, &[b"name"]).map_err(failed)?);
        let sign = derive(&prk, &[b"sign"]).map_err(failed)?;
        Ok(Self {
            name: name.chars().take(8).collect(),
            sign: hmac::Key::new(hmac::HMAC_SHA256, &sign),
            hide: prk,
        })
    }

    /// Each document is hidden with a key of its own, so that no two share a key and a nonce.
    fn cipher(&self, salt: &[u8]) -> Result<LessSafeKey, Unspecified> {
        let key = derive(&self.hide, &[b"hide", salt])?;
        Ok(LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &key)?))
    }

    fn hide(&self, random: &dyn Random, bound: &[u8], content: &str) -> Result<Vec<u8>> {
        let salt = random::bytes::<SALT>(random);
        let nonce = random::bytes::<NONCE>(random);
        let mut hidden = content.as_bytes().to_vec();
        let sealed = self.cipher(&salt).and_then(|cipher| {
            let nonce = Nonce::assume_unique_for_key(nonce);
            cipher.seal_in_place_append_tag(nonce, Aad::from(bound), &mut hidden)
        });
        sealed.map_err(failed)?;
        Ok([&salt[..], &nonce[..], &hidden].concat())
    }

    fn reveal(&self, bound: &[u8], proof: &[u8]) -> Option<Map<String, Value>> {
        let (salt, rest) = proof.split_at_checked(SALT)?;
        let (nonce, hidden) = rest.split_at_checked(NONCE)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut hidden = hidden.to_vec();
        let cipher = self.cipher(salt).ok()?;
        let content = cipher.open_in_place(nonce, Aad::from(bound), &mut hidden);
        serde_json::from_slice(content.ok()?).ok()
    }
}

fn derive(prk: &hkdf::Prk, info: &[&[u8]]) -> Result<[u8; 32], Unspecified> {
    let mut key = [0; 32];
    prk.expand(info, hkdf::HKDF_SHA256)?.fill(&mut key)?;
    Ok(key)
}

fn failed(error: Unspecified) -> Error {
    Error::internal("a document cannot be sealed").because(error)
}

/// Everything that a seal holds for, so that no part of it can pass for a part of another one.
fn bound(of: &Declaration, id: &str, envelope: &Envelope, content: &str) -> Vec<u8> {
    let at = envelope.at.to_string();
    let parts = [VERSION, &envelope.by, &at, of.name, id, content];
    let mut out = Vec::new();
    for part in parts {
        out.extend((part.len() as u64).to_be_bytes());
        out.extend(part.as_bytes());
    }
    out
}

/// The same fields as one text, whatever their order: stores need not keep that.
fn canonical(fields: &Map<String, Value>) -> String {
    let mut value = Value::Object(fields.clone());
    value.sort_all_objects();
    value.to_string()
}

/// The fields of a hidden document by which the store goes.
fn clear_fields(sealing: Sealing, fields: &Map<String, Value>) -> Map<String, Value> {
    let clear = sealing.clear.iter();
    let clear = clear.filter_map(|name| Some(((*name).to_owned(), fields.get(*name)?.clone())));
    clear.collect()
}

impl Seal {
    /// Seals with what follows from this secret.
    ///
    /// # Errors
    /// [`Kind::Internal`](crate::Kind::Internal) when this machine cannot.
    pub fn new(secret: &SecretString, random: Arc<dyn Random>) -> Result<Self> {
        Ok(Self(Some(Arc::new(Sealer {
            own: SealKeys::of(secret)?,
            former: None,
            random,
            told: Mutex::default(),
        }))))
    }

    /// The same, where seals by the secret before this one are good as well.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn after(&self, former: &SecretString) -> Result<Self> {
        let Some(sealer) = &self.0 else {
            return Ok(Self(None));
        };
        Ok(Self(Some(Arc::new(Sealer {
            own: sealer.own.clone(),
            former: Some(SealKeys::of(former)?),
            random: sealer.random.clone(),
            told: Mutex::default(),
        }))))
    }

    /// Whether there is a secret.
    pub fn is_set(&self) -> bool {
        self.0.is_some()
    }

    /// Tells which secret it is, and nothing about it.
    pub fn name(&self) -> Option<&str> {
        self.0.as_ref().map(|sealer| sealer.own.name.as_str())
    }

    /// The moment to seal what lasts at: by the store's own clock, which nobody who writes there sets.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn moment(&self, documents: &dyn Documents) -> Result<Timestamp> {
        if self.is_set() {
            documents.now().await
        } else {
            Ok(Timestamp::UNIX_EPOCH)
        }
    }

    /// Whether a document in this state may be believed.
    pub fn trusts(&self, state: SealState) -> bool {
        !self.is_set() || matches!(state, SealState::Good | SealState::Former)
    }

    /// Seals what is written, if there is a secret.
    pub(super) fn close(&self, of: &Declaration, mut write: Write, at: Timestamp) -> Result<Write> {
        let (Some(sealer), Some(sealing)) = (&self.0, of.sealing) else {
            return Ok(write);
        };
        let Mutation::Put(Value::Object(fields)) = &mut write.change else {
            return Err(Error::internal("only whole documents can be sealed"));
        };
        let own = &sealer.own;
        let mut envelope = Envelope {
            by: own.name.clone(),
            at: at.as_millisecond(),
            proof: Vec::new(),
        };
        let content = canonical(fields);
        if sealing.hidden {
            let mut shown = clear_fields(sealing, fields);
            shown.insert(VERSION_FIELD.to_owned(), (of.version + 1).into());
            let bound = bound(of, &write.id, &envelope, &canonical(&shown));
            envelope.proof = own.hide(sealer.random.as_ref(), &bound, &content)?;
            *fields = shown;
        } else {
            let bound = bound(of, &write.id, &envelope, &content);
            envelope.proof = hmac::sign(&own.sign, &bound).as_ref().to_vec();
        }
        fields.insert(SEAL_FIELD.to_owned(), envelope.text().into());
        Ok(write)
    }

    /// What the seal of a document says, and what the document says as far as it can be seen, which
    /// need not be true.
    pub(super) fn open(
        &self,
        of: &Declaration,
        document: &Document,
    ) -> (SealState, Option<Map<String, Value>>) {
        let Ok(Value::Object(mut fields)) = serde_json::from_str(&document.json) else {
            return (SealState::Clear, None);
        };
        let Some(seal) = fields.shift_remove(SEAL_FIELD) else {
            return (SealState::Clear, Some(fields));
        };
        let sealing = of.sealing.unwrap_or_default();
        let Some(envelope) = seal.as_str().and_then(Envelope::read) else {
            return (SealState::Altered, (!sealing.hidden).then_some(fields));
        };
        let Some((keys, good)) = self.keys_of(&envelope) else {
            return (SealState::Other, (!sealing.hidden).then_some(fields));
        };
        let late = document.written > envelope.at.saturating_add(COMMIT_MILLIS);
        let state = if sealing.lasting && late {
            SealState::BroughtBack
        } else {
            good
        };
        let bound = bound(of, &document.id, &envelope, &canonical(&fields));
        if sealing.hidden {
            return match keys.reveal(&bound, &envelope.proof) {
                Some(seen) => (state, Some(seen)),
                None => (SealState::Altered, None),
            };
        }
        match hmac::verify(&keys.sign, &bound, &envelope.proof) {
            Ok(()) => (state, Some(fields)),
            Err(Unspecified) => (SealState::Altered, Some(fields)),
        }
    }

    /// What a seal was made with, and what such a one is.
    fn keys_of(&self, envelope: &Envelope) -> Option<(&SealKeys, SealState)> {
        let sealer = self.0.as_ref()?;
        if sealer.own.name == envelope.by {
            return Some((&sealer.own, SealState::Good));
        }
        let former = sealer.former.as_ref();
        let former = former.filter(|former| former.name == envelope.by);
        former.map(|former| (former, SealState::Former))
    }

    /// Whether a document was not told of before.
    pub(super) fn is_news(&self, collection: &str, id: &str) -> bool {
        let Some(sealer) = &self.0 else {
            return true;
        };
        let mut told = sealer.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST_TOLD {
            told.clear();
        }
        told.insert(format!("{collection}/{id}"))
    }
}

#[cfg(test)]
mod tests;
