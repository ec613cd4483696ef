//! `OpenTok`'s tokens, signed here: `T1` for a project, a JSON Web Token for an application.

use async_trait::async_trait;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, Validation};
use secrecy::ExposeSecret;
use serde_json::{Map, Value, json};

use super::{Account, OpentokBackend, t1};
use crate::backends::rooms::Tokens;
use crate::error::{Error, Result};
use crate::model::{BackendName, Grant, JoinToken, Role, TokenFacts, random};

/// The longest data that comes with a connection, in characters.
const LONGEST_DATA: usize = 1000;
/// The vendor's roles, weakest first, with the weakest of ours that may have it.
const ROLES: [(&str, Role); 4] = [
    ("subscriber", Role::Viewer),
    ("publisheronly", Role::Participant),
    ("publisher", Role::Participant),
    ("moderator", Role::Host),
];
const PROPERTIES: [&str; 3] = ["role", "connection_data", "initial_layout_class_list"];

/// Session ids are URL-safe base64, with or without its padding.
const SESSION_ID: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// What a token says in both formats.
struct Options<'a> {
    role: &'a str,
    data: Option<String>,
    layout: String,
}

impl<'a> Options<'a> {
    fn read(grant: &'a Grant) -> Result<Self> {
        grant.only(&PROPERTIES)?;
        let role = match (grant.text("role")?, grant.role) {
            (None, Role::Viewer) => "subscriber",
            (None, Role::Participant) => "publisher",
            (None, Role::Host) => "moderator",
            (Some(role), ours) => match ROLES.iter().find(|(name, _)| *name == role) {
                Some((name, least)) if ours >= *least => name,
                Some(_) => {
                    return Err(Error::invalid(format!(
                        "the role {role} is stronger than {}",
                        ours.as_str()
                    )));
                }
                None => {
                    return Err(Error::invalid(format!(
                        "OpenTok knows no role `{role}`; use subscriber, publisher, publisheronly or moderator"
                    )));
                }
            },
        };
        let data = match grant.text("connection_data")? {
            Some(data) => Some(data.to_owned()),
            None => who(grant),
        };
        if data
            .as_ref()
            .is_some_and(|data| data.chars().count() > LONGEST_DATA)
        {
            return Err(Error::invalid(format!(
                "connection_data is too long; OpenTok takes {LONGEST_DATA} characters"
            )));
        }
        let layout = match grant.properties.get("initial_layout_class_list") {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(text)) => text.clone(),
            Some(Value::Array(items)) if items.iter().all(Value::is_string) => {
                let names = items.iter().filter_map(Value::as_str);
                names.collect::<Vec<_>>().join(" ")
            }
            Some(_) => {
                return Err(Error::invalid(
                    "initial_layout_class_list must be a list of texts",
                ));
            }
        };
        Ok(Self { role, data, layout })
    }
}

/// What others, and the callbacks, learn of a person: `{"user_id", "user_name"}` as JSON.
fn who(grant: &Grant) -> Option<String> {
    if grant.user_id.is_none() && grant.user_name.is_none() {
        return None;
    }
    Some(json!({ "user_id": grant.user_id, "user_name": grant.user_name }).to_string())
}

/// The project that a session id belongs to, if it can be read.
fn project_of(session: &str) -> Option<String> {
    let bytes = SESSION_ID.decode(session.get(2..)?).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let field = text.split('~').nth(1)?.to_owned();
    let plain = !field.is_empty() && field.bytes().all(|byte| byte.is_ascii_digit());
    plain.then_some(field)
}

#[async_trait]
impl Tokens for OpentokBackend {
    fn issuer(&self) -> &str {
        self.account.id()
    }

    async fn mint(&self, grant: &Grant) -> Result<JoinToken> {
        let options = Options::read(grant)?;
        let session = match &grant.room_id {
            Some(id) => id.clone(),
            None => self.registry.get(&grant.room).await?.id,
        };
        let now = grant.issued_at.as_second();
        let token = match &*self.account {
            Account::Project { id, secret } => {
                if project_of(&session).is_some_and(|project| project != *id) {
                    let room = &grant.room;
                    let what =
                        format!("the room `{room}` belongs to another OpenTok project than {id}");
                    let advice = format!(
                        "delete it, and make it anew: `tok room delete {room} --backend opentok`"
                    );
                    return Err(Error::conflict(what).advise(advice));
                }
                let (from, until) = (now.to_string(), grant.expires_at.as_second().to_string());
                let nonce = u64::from_le_bytes(random::bytes(self.random.as_ref())).to_string();
                let mut fields = vec![
                    ("session_id", session.as_str()),
                    ("create_time", &from),
                    ("nonce", &nonce),
                    ("role", options.role),
                    ("expire_time", &until),
                ];
                fields.extend(
                    options
                        .data
                        .as_deref()
                        .map(|data| ("connection_data", data)),
                );
                fields.push(("initial_layout_class_list", &options.layout));
                t1::sign(id, secret.expose_secret().as_bytes(), &fields)
            }
            Account::Application { id, .. } => {
                let mut claims = Map::new();
                let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
                add("application_id", json!(id));
                add("scope", json!("session.connect"));
                add("session_id", json!(session));
                add("role", json!(options.role));
                add("initial_layout_class_list", json!(options.layout));
                add("iat", json!(now));
                add("exp", json!(grant.expires_at.as_second()));
                add("jti", json!(random::uuid(self.random.as_ref())));
                add("sub", json!("video"));
                add("acl", json!({ "paths": { "/session/**": {} } }));
                if let Some(data) = options.data {
                    add("connection_data", json!(data));
                }
                self.account.sign(&claims)?
            }
        };
        Ok(grant.signed(token, BackendName::Opentok))
    }

    async fn inspect(&self, token: &str) -> Result<TokenFacts> {
        let (claims, genuine) = self.claims(token)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        // T1 has texts where the other has numbers.
        let number = |name: &str| {
            let value = claims.get(name)?;
            value.as_i64().or_else(|| value.as_str()?.parse().ok())
        };
        let session = text("session_id").unwrap_or_default();
        let room = self.registry.with_id(&session).await?;
        let end = number("expire_time").or_else(|| number("exp"));
        let reason = match end {
            _ if !genuine => Some("it was not signed for this account"),
            Some(end) if end <= self.clock.now().as_second() => Some("it has expired"),
            _ if room.is_none() => Some("its session belongs to no room that is known here"),
            _ => None,
        };
        let role = text("role");
        let role = ROLES
            .iter()
            .find(|(name, _)| Some(*name) == role.as_deref());
        let data: Map<String, Value> = text("connection_data")
            .and_then(|data| serde_json::from_str(&data).ok())
            .unwrap_or_default();
        let who = |name: &str| data.get(name).and_then(Value::as_str).map(str::to_owned);
        Ok(TokenFacts {
            valid: reason.is_none(),
            reason: reason.map(str::to_owned),
            backend: BackendName::Opentok,
            room: room.map(|room| room.name.to_string()),
            role: role.map(|(_, role)| *role),
            user_id: who("user_id"),
            user_name: who("user_name"),
            expires_at: end.and_then(|end| Timestamp::from_second(end).ok()),
            claims,
        })
    }
}

impl OpentokBackend {
    /// What stands in a token, and whether it was signed for this account.
    fn claims(&self, token: &str) -> Result<(Map<String, Value>, bool)> {
        let no_token = || Error::invalid("this is not a join token");
        match &*self.account {
            Account::Project { id, secret } => {
                let secret = secret.expose_secret().as_bytes();
                let (fields, genuine) = t1::read(token, id, secret).ok_or_else(no_token)?;
                let claims = fields.into_iter().map(|(name, value)| (name, json!(value)));
                Ok((claims.collect(), genuine))
            }
            Account::Application { id, public, .. } => {
                let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token)
                    .map_err(|error| no_token().because(error))?
                    .claims;
                let mut validation = Validation::new(Algorithm::RS256);
                validation.validate_exp = false;
                validation.required_spec_claims.clear();
                let read = jsonwebtoken::decode::<Map<String, Value>>(token, public, &validation);
                let genuine = read.is_ok() && claims.get("application_id") == Some(&json!(id));
                Ok((claims, genuine))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_of_a_session_is_read() {
        let id = |project: &str| {
            let inner = format!("~{project}~~1700000000~0.5~");
            format!("2_{}", SESSION_ID.encode(inner))
        };
        assert_eq!(project_of(&id("123456")), Some("123456".to_owned()));
        for strange in ["", "1", "2_", "2_????", "überlang", &id("app-lication")] {
            assert_eq!(project_of(strange), None, "{strange}");
        }
    }
}
