//! The public keys of an issuer, as it publishes them.

use std::str::FromStr;
use std::sync::Arc;

use jsonwebtoken::jwk::{
    AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, KeyOperations, PublicKeyUse,
};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde::Deserialize;
use serde_json::value::RawValue;

/// The most keys of one issuer.
const MOST_KEYS: usize = 50;

/// How tokens may be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// RSA, PKCS #1 v1.5, with SHA-256.
    Rs256,
    /// ECDSA over P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
    /// A secret that both sides know, with SHA-256.
    Hs256,
}

impl SigningAlgorithm {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Rs256, Self::Es256, Self::EdDsa, Self::Hs256];

    /// The name in headers and settings.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
            Self::Hs256 => "HS256",
        }
    }

    const fn of_library(self) -> Algorithm {
        match self {
            Self::Rs256 => Algorithm::RS256,
            Self::Es256 => Algorithm::ES256,
            Self::EdDsa => Algorithm::EdDSA,
            Self::Hs256 => Algorithm::HS256,
        }
    }

    /// Whether `signature` is that of `message` by this key.
    pub(super) fn verify(self, key: &DecodingKey, message: &str, signature: &str) -> bool {
        let algorithm = self.of_library();
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), key, algorithm).unwrap_or(false)
    }

    /// Whether a key can be one of this algorithm, and is meant to be used so.
    fn fits(self, key: &Jwk) -> bool {
        let common = &key.common;
        let signs = match &common.public_key_use {
            None | Some(PublicKeyUse::Signature) => true,
            Some(_) => false,
        };
        let verifies = common
            .key_operations
            .as_ref()
            .is_none_or(|operations| operations.contains(&KeyOperations::Verify));
        let shape = match (&key.algorithm, self) {
            (AlgorithmParameters::RSA(_), Self::Rs256) => true,
            (AlgorithmParameters::EllipticCurve(of), Self::Es256) => {
                of.curve == EllipticCurve::P256
            }
            (AlgorithmParameters::OctetKeyPair(of), Self::EdDsa) => {
                of.curve == EllipticCurve::Ed25519
            }
            _ => false,
        };
        let named = match (common.key_algorithm, self) {
            (None, _)
            | (Some(KeyAlgorithm::RS256), Self::Rs256)
            | (Some(KeyAlgorithm::ES256), Self::Es256)
            | (Some(KeyAlgorithm::EdDSA), Self::EdDsa) => true,
            (Some(_), _) => false,
        };
        signs && verifies && shape && named
    }
}

impl FromStr for SigningAlgorithm {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.as_str() == text).ok_or(())
    }
}

/// One key that may be used.
struct PublicKey {
    kid: Option<String>,
    algorithm: SigningAlgorithm,
    key: Arc<DecodingKey>,
}

/// The keys of an issuer that may be used.
pub(super) struct KeySet(Vec<PublicKey>);

#[derive(Deserialize)]
struct Published<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

impl KeySet {
    /// Reads what an issuer publishes. Keys that can be of none of these algorithms are left out.
    ///
    /// # Errors
    /// What is wrong, when nothing usable is in it: such an answer must not take a good one's place.
    pub(super) fn read(text: &[u8], algorithms: &[SigningAlgorithm]) -> Result<Self, String> {
        let published: Published<'_> = serde_json::from_slice(text)
            .map_err(|_| "its keys are no JSON Web Key Set".to_owned())?;
        if published.keys.len() > MOST_KEYS {
            let found = published.keys.len();
            return Err(format!(
                "it publishes {found} keys; the most is {MOST_KEYS}"
            ));
        }
        let mut usable = Vec::new();
        for raw in published.keys {
            let Ok(key) = serde_json::from_str::<Jwk>(raw.get()) else {
                continue;
            };
            for algorithm in algorithms.iter().filter(|one| one.fits(&key)) {
                if let Ok(read) = DecodingKey::from_jwk(&key) {
                    usable.push(PublicKey {
                        kid: key.common.key_id.clone(),
                        algorithm: *algorithm,
                        key: Arc::new(read),
                    });
                }
            }
        }
        if usable.is_empty() {
            let wanted: Vec<_> = algorithms.iter().map(|one| one.as_str()).collect();
            let wanted = wanted.join(", ");
            return Err(format!("it publishes no key that signs with {wanted}"));
        }
        Ok(Self(usable))
    }

    /// The keys that a token may be signed with: all of the name that it gives. Without one, those
    /// that have none either, or the only one there is.
    pub(super) fn candidates(
        &self,
        kid: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Vec<Arc<DecodingKey>> {
        let own = || self.0.iter().filter(|key| key.algorithm == algorithm);
        let alone = kid.is_none() && own().count() == 1;
        own()
            .filter(|key| alone || key.kid.as_deref() == kid)
            .map(|key| key.key.clone())
            .collect()
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
