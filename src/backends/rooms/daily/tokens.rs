//! Daily's meeting tokens, asked for or signed here with the API key
//! (<https://docs.daily.co/reference/rest-api/meeting-tokens/self-signing-tokens>).

use async_trait::async_trait;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::{DailyBackend, parse};
use crate::backends::rooms::Tokens;
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Grant, JoinToken, Role, TokenFacts};

/// Daily's longest `user_id`.
const LONGEST_USER_ID: usize = 36;

#[derive(serde::Deserialize)]
struct Minted {
    token: String,
}

#[async_trait]
impl Tokens for DailyBackend {
    fn issuer(&self) -> &'static str {
        ""
    }

    fn looks_rooms_up(&self) -> bool {
        false
    }

    async fn mint(&self, grant: &Grant) -> Result<JoinToken> {
        grant.only(&[])?;
        let too_long = |id: &String| id.chars().count() > LONGEST_USER_ID;
        if grant.user_id.as_ref().is_some_and(too_long) {
            return Err(Error::invalid(
                "the user id is too long; Daily takes at most 36 characters",
            ));
        }
        let token = if self.self_signed {
            self.sign(grant).await?
        } else {
            let body = json!({ "properties": properties(grant) });
            let path = ["meeting-tokens"];
            parse::<Minted>(self.write(Method::POST, &path, &body).await?)?.token
        };
        Ok(grant.signed(token, BackendName::Daily))
    }

    async fn inspect(&self, token: &str) -> Result<TokenFacts> {
        let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token)
            .map_err(|error| Error::invalid("this is not a join token").because(error))?
            .claims;
        if self.signed_here(token) {
            return Ok(self.facts(claims, &SHORT));
        }
        let query = [("ignoreNbf", "true".to_owned())];
        match self.read(&["meeting-tokens", token], &query).await {
            Ok(answer) => Ok(self.facts(parse(answer.body)?, &LONG)),
            Err(error) if matches!(error.kind(), Kind::InvalidInput | Kind::NotFound) => {
                let mut facts = self.facts(claims, &SHORT);
                facts.valid = false;
                facts.reason = Some("Daily does not accept it for this domain".to_owned());
                Ok(facts)
            }
            Err(error) => Err(error),
        }
    }
}

/// What the properties are called.
struct ClaimNames {
    room: &'static str,
    owner: &'static str,
    user_id: &'static str,
    user_name: &'static str,
    permissions: &'static str,
    can_send: &'static str,
}

/// In Daily's REST API.
const LONG: ClaimNames = ClaimNames {
    room: "room_name",
    owner: "is_owner",
    user_id: "user_id",
    user_name: "user_name",
    permissions: "permissions",
    can_send: "canSend",
};

/// In the claims of a token.
const SHORT: ClaimNames = ClaimNames {
    room: "r",
    owner: "o",
    user_id: "ud",
    user_name: "u",
    permissions: "p",
    can_send: "cs",
};

fn properties(grant: &Grant) -> Map<String, Value> {
    named(grant, &LONG)
}

/// The grant under the given names. Room and end are always there: Daily takes a token without
/// the one for every room, and without the other for ever.
fn named(grant: &Grant, names: &ClaimNames) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert(names.room.to_owned(), json!(grant.room));
    out.insert("exp".to_owned(), json!(grant.expires_at.as_second()));
    if let Some(at) = grant.not_before {
        out.insert("nbf".to_owned(), json!(at.as_second()));
    }
    if let Some(id) = &grant.user_id {
        out.insert(names.user_id.to_owned(), json!(id));
    }
    if let Some(name) = &grant.user_name {
        out.insert(names.user_name.to_owned(), json!(name));
    }
    match grant.role {
        Role::Host => {
            out.insert(names.owner.to_owned(), Value::Bool(true));
        }
        Role::Participant => {}
        Role::Viewer => {
            let nothing = Map::from_iter([(names.can_send.to_owned(), Value::Bool(false))]);
            out.insert(names.permissions.to_owned(), Value::Object(nothing));
        }
    }
    out
}

impl DailyBackend {
    async fn sign(&self, grant: &Grant) -> Result<String> {
        let mut claims = named(grant, &SHORT);
        claims.insert("d".to_owned(), json!(self.domain().await?.domain_id));
        claims.insert("iat".to_owned(), json!(grant.issued_at.as_second()));
        let key = EncodingKey::from_secret(self.api_key.expose_secret().as_bytes());
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key)
            .map_err(|error| Error::internal("the token cannot be signed").because(error))
    }

    fn signed_here(&self, token: &str) -> bool {
        let key = DecodingKey::from_secret(self.api_key.expose_secret().as_bytes());
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.required_spec_claims.clear();
        jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation).is_ok()
    }

    /// Reads claims or properties by their names and judges their times.
    fn facts(&self, claims: Map<String, Value>, names: &ClaimNames) -> TokenFacts {
        let now = self.clock.now().as_second();
        let text = |name| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let number = |name| claims.get(name).and_then(Value::as_i64);
        let owner = claims.get(names.owner) == Some(&Value::Bool(true));
        let mute = claims
            .get(names.permissions)
            .and_then(|permissions| permissions.get(names.can_send))
            == Some(&Value::Bool(false));
        let reason = match (number("nbf"), number("exp")) {
            (_, Some(exp)) if exp <= now => Some("it has expired".to_owned()),
            (Some(nbf), _) if nbf > now => Some("it is not good yet".to_owned()),
            _ => None,
        };
        TokenFacts {
            valid: reason.is_none(),
            reason,
            backend: BackendName::Daily,
            room: text(names.room),
            role: Some(match (owner, mute) {
                (true, _) => Role::Host,
                (false, true) => Role::Viewer,
                (false, false) => Role::Participant,
            }),
            user_id: text(names.user_id),
            user_name: text(names.user_name),
            expires_at: number("exp").and_then(|exp| Timestamp::from_second(exp).ok()),
            claims,
        }
    }
}
