//! Keys of an issuer, and tokens signed with them, down to the last byte as a test wants them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use aws_lc_rs::{hmac, signature};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A key that signs.
#[allow(dead_code, reason = "each user needs a part")]
pub enum Signer {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Secret(Vec<u8>),
    Nobody,
}

pub fn encoded(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

#[allow(dead_code, reason = "each user needs a part")]
impl Signer {
    pub fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"))
    }

    pub fn ec() -> Self {
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        Self::Ec(EcdsaKeyPair::generate(algorithm).expect("a key"))
    }

    pub fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().expect("a key"))
    }

    pub fn alg(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Ec(_) => "ES256",
            Self::Ed(_) => "EdDSA",
            Self::Secret(_) => "HS256",
            Self::Nobody => "none",
        }
    }

    /// The public half, as issuers publish it.
    pub fn jwk(&self, kid: &str) -> Value {
        let mut key = match self {
            Self::Rsa(pair) => {
                let public = pair.public_key();
                json!({
                    "kty": "RSA",
                    "n": encoded(public.modulus().big_endian_without_leading_zero()),
                    "e": encoded(public.exponent().big_endian_without_leading_zero()),
                })
            }
            Self::Ec(pair) => {
                let public = pair.public_key().as_ref();
                let (x, y) = (encoded(&public[1..33]), encoded(&public[33..]));
                json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y })
            }
            Self::Ed(pair) => {
                json!({ "kty": "OKP", "crv": "Ed25519", "x": encoded(pair.public_key()) })
            }
            Self::Secret(_) | Self::Nobody => panic!("it has no public half"),
        };
        key["kid"] = kid.into();
        key["use"] = "sig".into();
        key["alg"] = self.alg().into();
        key
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match self {
            Self::Rsa(pair) => {
                let mut out = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut out);
                signed.expect("signs");
                out
            }
            Self::Ec(pair) => pair
                .sign(&random, message)
                .expect("signs")
                .as_ref()
                .to_vec(),
            Self::Ed(pair) => signature(pair, message),
            Self::Secret(secret) => {
                let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
                hmac::sign(&key, message).as_ref().to_vec()
            }
            Self::Nobody => Vec::new(),
        }
    }

    /// A token of this header and these claims, as texts.
    pub fn raw(&self, header: &str, claims: &str) -> String {
        let message = format!("{}.{}", encoded(header), encoded(claims));
        let signature = encoded(self.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// A token as issuers make it.
    pub fn token(&self, kid: &str, claims: &Value) -> String {
        let header = json!({ "alg": self.alg(), "typ": "JWT", "kid": kid });
        self.raw(&header.to_string(), &claims.to_string())
    }
}

fn signature(pair: &Ed25519KeyPair, message: &[u8]) -> Vec<u8> {
    let signed: signature::Signature = pair.sign(message);
    signed.as_ref().to_vec()
}
