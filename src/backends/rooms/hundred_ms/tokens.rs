//! 100ms' tokens, signed here with the app secret
//! (<https://www.100ms.live/docs/get-started/v2/get-started/security-and-tokens>).

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::{Map, Value};

use super::HundredMsBackend;
use crate::backends::http::Signer;
use crate::backends::rooms::Tokens;
use crate::error::{Error, Result};
use crate::model::{BackendName, Clock, Grant, JoinToken, Random, Role, TokenFacts, random};

/// How long a management token is good, in seconds.
const LIFE: i64 = 24 * 3600;
/// How long ago the token for our own calls is dated, in seconds, as the vendor's SDK does it: a clock
/// that is a little behind ours must not find that it is not good yet.
const BACKDATED: i64 = 10;
/// It is renewed so long before its end, in seconds.
const EARLY: i64 = 30;

/// The claims of both kinds of token, in the vendor's order; times are unix seconds.
#[derive(Serialize)]
struct TokenClaims<'a> {
    access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    room_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'a str>,
    r#type: &'static str,
    version: u8,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

fn sign(claims: &TokenClaims<'_>, secret: &SecretString) -> Result<String> {
    let key = EncodingKey::from_secret(secret.expose_secret().as_bytes());
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &key)
        .map_err(|error| Error::internal("the token cannot be signed").because(error))
}

/// Says who we are with a management token, which is made when it is needed and kept.
pub(super) struct Management {
    access_key: String,
    secret: SecretString,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    /// The header that carries it, and its end in unix seconds.
    kept: Mutex<Option<(HeaderValue, i64)>>,
}

impl Management {
    pub(super) fn new(
        access_key: String,
        secret: SecretString,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        Self {
            access_key,
            secret,
            clock,
            random,
            kept: Mutex::new(None),
        }
    }

    fn fresh(&self, now: i64) -> Result<(HeaderValue, i64)> {
        let iat = now - BACKDATED;
        let claims = TokenClaims {
            access_key: &self.access_key,
            room_id: None,
            user_id: None,
            role: None,
            r#type: "management",
            version: 2,
            iat,
            nbf: iat,
            exp: iat + LIFE,
            jti: random::uuid(self.random.as_ref()),
        };
        let text = format!("Bearer {}", sign(&claims, &self.secret)?);
        let mut header = HeaderValue::from_str(&text)
            .map_err(|error| Error::internal("the token is no header").because(error))?;
        header.set_sensitive(true);
        Ok((header, claims.exp))
    }
}

impl Signer for Management {
    fn sign(&self, request: &mut Request) -> Result<()> {
        let now = self.clock.now().as_second();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let header = match kept.as_ref() {
            Some((header, end)) if end - EARLY > now => header.clone(),
            _ => {
                let fresh = self.fresh(now)?;
                kept.insert(fresh).0.clone()
            }
        };
        request.headers_mut().insert(AUTHORIZATION, header);
        Ok(())
    }

    fn refused(&self) -> bool {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
        true
    }
}

/// What the roles are called unless the token asks for another by `role`.
const fn role_name(role: Role) -> &'static str {
    match role {
        Role::Host => "host",
        Role::Participant => "guest",
        Role::Viewer => "viewer",
    }
}

#[async_trait]
impl Tokens for HundredMsBackend {
    fn issuer(&self) -> &str {
        &self.access_key
    }

    async fn mint(&self, grant: &Grant) -> Result<JoinToken> {
        grant.only(&["role"])?;
        let role = grant.text("role")?.unwrap_or(role_name(grant.role));
        if role.is_empty() {
            return Err(Error::invalid("`role` of a token must not be empty"));
        }
        let room = match &grant.room_id {
            Some(id) => id.clone(),
            None => self.open_room_id(&grant.room).await?,
        };
        let now = grant.issued_at.as_second();
        let claims = TokenClaims {
            access_key: &self.access_key,
            room_id: Some(&room),
            user_id: grant.user_id.as_deref(),
            role: Some(role),
            r#type: "app",
            version: 2,
            iat: now,
            nbf: grant.not_before.map_or(now, Timestamp::as_second),
            exp: grant.expires_at.as_second(),
            jti: random::uuid(self.random.as_ref()),
        };
        Ok(grant.signed(sign(&claims, &self.secret)?, BackendName::HundredMs))
    }

    async fn inspect(&self, token: &str) -> Result<TokenFacts> {
        let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token)
            .map_err(|error| Error::invalid("this is not a join token").because(error))?
            .claims;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        let key = DecodingKey::from_secret(self.secret.expose_secret().as_bytes());
        let genuine = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation).is_ok();
        let text = |name| claims.get(name).and_then(Value::as_str);
        let number = |name| claims.get(name).and_then(Value::as_i64);
        let now = self.clock.now().as_second();
        let ours = text("access_key") == Some(&self.access_key) && text("type") == Some("app");
        let reason = match (number("nbf"), number("exp")) {
            _ if !genuine || !ours => Some("it was not signed for this account's rooms"),
            (_, Some(exp)) if exp <= now => Some("it has expired"),
            (Some(nbf), _) if nbf > now => Some("it is not good yet"),
            _ => None,
        };
        let role = match text("role") {
            Some("host") => Some(Role::Host),
            Some("guest") => Some(Role::Participant),
            Some("viewer") => Some(Role::Viewer),
            _ => None,
        };
        Ok(TokenFacts {
            valid: reason.is_none(),
            reason: reason.map(str::to_owned),
            backend: BackendName::HundredMs,
            room: text("room_id").map(str::to_owned),
            role,
            user_id: text("user_id").map(str::to_owned),
            user_name: None,
            expires_at: number("exp").and_then(|exp| Timestamp::from_second(exp).ok()),
            claims,
        })
    }
}
