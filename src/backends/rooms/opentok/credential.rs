//! The two kinds of account, and what each request carries.

use std::sync::Arc;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value, json};

use crate::backends::http::Signer;
use crate::error::{Error, Result};
use crate::model::{Clock, Random, random};

/// How long the credential of a request is good, in seconds; the vendor takes at most 300.
const LIFE: i64 = 180;
/// It begins so much earlier, in seconds: clocks differ.
const BACKDATED: i64 = 5;

/// Who calls: a project of the legacy API, or an application of the unified one.
pub enum Account {
    /// A project with its key and secret: HS256.
    Project {
        /// The API key, a number that is no secret.
        id: String,
        /// The secret that signs requests and tokens.
        secret: SecretString,
    },
    /// A unified application with its private key: RS256.
    Application {
        /// The id of the application.
        id: String,
        /// The application's private key, for RS256.
        key: Box<EncodingKey>,
        /// Reads what was signed.
        public: Box<DecodingKey>,
    },
}

impl Account {
    /// A unified application with its private key in PEM.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when the key is none.
    pub fn application(id: String, pem: &SecretString) -> Result<Self> {
        let wrong = || {
            Error::config(
                "opentok.private_key is not an RSA private key in PEM; use the file that the Vonage dashboard gave you",
            )
        };
        let pem = pem.expose_secret().as_bytes();
        let key = EncodingKey::from_rsa_pem(pem).map_err(|error| wrong().because(error))?;
        let public = public_key(pem).ok_or_else(wrong)?;
        Ok(Self::Application {
            id,
            key: Box::new(key),
            public: Box::new(public),
        })
    }

    /// The id in paths.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Project { id, .. } | Self::Application { id, .. } => id,
        }
    }

    /// Signs claims in this account's way.
    pub(super) fn sign(&self, claims: &Map<String, Value>) -> Result<String> {
        let signed = match self {
            Self::Project { secret, .. } => {
                let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
                jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key)
            }
            Self::Application { key, .. } => {
                jsonwebtoken::encode(&Header::new(Algorithm::RS256), claims, key)
            }
        };
        signed.map_err(|error| Error::internal("the token cannot be signed").because(error))
    }
}

/// The public half of a private key in PEM.
fn public_key(pem: &[u8]) -> Option<DecodingKey> {
    use aws_lc_rs::encoding::AsDer;
    use aws_lc_rs::signature::{KeyPair, RsaKeyPair};
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    let text = std::str::from_utf8(pem).ok()?;
    let lines = text.lines().map(str::trim);
    let body: String = lines.filter(|line| !line.starts_with("-----")).collect();
    let der = STANDARD.decode(body).ok()?;
    let pair = RsaKeyPair::from_pkcs8(&der)
        .or_else(|_| RsaKeyPair::from_der(&der))
        .ok()?;
    let public = AsDer::<aws_lc_rs::encoding::PublicKeyX509Der>::as_der(pair.public_key()).ok()?;
    let pem = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        STANDARD.encode(public.as_ref())
    );
    DecodingKey::from_rsa_pem(pem.as_bytes()).ok()
}

/// Signs each request with a token of its own.
pub(super) struct PerRequest {
    account: Arc<Account>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl PerRequest {
    pub(super) fn new(
        account: Arc<Account>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            account,
            clock,
            random,
        }
    }
}

impl Signer for PerRequest {
    fn sign(&self, request: &mut Request) -> Result<()> {
        let iat = self.clock.now().as_second() - BACKDATED;
        let mut claims = Map::from_iter([
            ("iat".to_owned(), json!(iat)),
            ("exp".to_owned(), json!(iat + LIFE)),
            ("jti".to_owned(), json!(random::uuid(self.random.as_ref()))),
        ]);
        let (name, prefix) = match &*self.account {
            Account::Project { id, .. } => {
                claims.insert("iss".to_owned(), json!(id));
                claims.insert("ist".to_owned(), json!("project"));
                (HeaderName::from_static("x-opentok-auth"), "")
            }
            Account::Application { id, .. } => {
                claims.insert("application_id".to_owned(), json!(id));
                (AUTHORIZATION, "Bearer ")
            }
        };
        let text = format!("{prefix}{}", self.account.sign(&claims)?);
        let mut value = HeaderValue::from_str(&text)
            .map_err(|error| Error::internal("the token is no header").because(error))?;
        value.set_sensitive(true);
        request.headers_mut().insert(name, value);
        Ok(())
    }

    fn refused(&self) -> bool {
        true
    }
}
