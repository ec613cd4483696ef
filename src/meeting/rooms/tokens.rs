//! Tickets into local rooms: JSON Web Tokens signed with a key that never leaves the store.

use async_trait::async_trait;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LocalRooms, missing};
use crate::backends::rooms::{Rooms, Tokens};
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Grant, JoinToken, Role, RoomName, TokenFacts, random};
use crate::records::documents::Precondition;
use crate::records::{SECRETS, StoredSecret};

/// The id of our signing key.
const DOCUMENT: &str = "join_tokens";
/// `iss` of our tokens.
const ISSUER: &str = "tok";

/// The store's signing key, read once.
pub(super) struct SigningKey {
    encoding: EncodingKey,
    decoding: DecodingKey,
}

/// What stands in a token; times are unix seconds (RFC 7519).
#[derive(Serialize, Deserialize)]
struct LocalClaims {
    iss: String,
    room: String,
    /// A room that is made again under the same name is another one.
    room_id: String,
    role: Role,
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: String,
}

impl LocalRooms {
    async fn signing_key(&self) -> Result<&SigningKey> {
        self.signing_key
            .get_or_try_init(|| async {
                let fresh = StoredSecret {
                    key: hex::encode(random::bytes::<32>(self.random.as_ref())),
                };
                let documents = self.documents.as_ref();
                let write = SECRETS
                    .put(DOCUMENT, &fresh)?
                    .only_if(Precondition::Missing);
                let stored = match SECRETS.get(documents, DOCUMENT).await? {
                    Some(found) => found.record,
                    None => match documents.commit(vec![write]).await {
                        Ok(_) => fresh,
                        Err(error) if error.kind() == Kind::Conflict => {
                            let found = SECRETS.get(documents, DOCUMENT).await?;
                            found.ok_or(error)?.record
                        }
                        Err(error) => return Err(error),
                    },
                };
                let key = hex::decode(stored.key).map_err(|error| {
                    Error::internal("the signing key is damaged").because(error)
                })?;
                Ok(SigningKey {
                    encoding: EncodingKey::from_secret(&key),
                    decoding: DecodingKey::from_secret(&key),
                })
            })
            .await
    }
}

#[async_trait]
impl Tokens for LocalRooms {
    fn issuer(&self) -> &'static str {
        ""
    }

    async fn mint(&self, grant: &Grant) -> Result<JoinToken> {
        grant.only(&[])?;
        let now = self.clock.now();
        let room = self.get(&grant.room).await?;
        if room.is_expired(now) {
            return Err(
                missing(&grant.room).saying(format!("the room `{}` has expired", grant.room))
            );
        }
        let claims = LocalClaims {
            iss: ISSUER.to_owned(),
            room: grant.room.to_string(),
            room_id: room.id.clone(),
            role: grant.role,
            sub: grant.user_id.clone(),
            name: grant.user_name.clone(),
            iat: now.as_second(),
            nbf: grant.not_before.unwrap_or(now).as_second(),
            exp: grant.expires_at.as_second(),
            jti: random::uuid(self.random.as_ref()),
        };
        let key = &self.signing_key().await?.encoding;
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, key)
            .map_err(|error| Error::internal("the token cannot be signed").because(error))?;
        // A ticket is all that is seen of a person who goes in.
        self.record_use(&room).await?;
        Ok(grant.signed(token, BackendName::Local))
    }

    async fn inspect(&self, token: &str) -> Result<TokenFacts> {
        let claims = jsonwebtoken::dangerous::insecure_decode::<Map<String, Value>>(token)
            .map_err(|error| Error::invalid("this is not a join token").because(error))?
            .claims;
        // Time is judged below, by our own clock.
        let mut validation = Validation::new(Algorithm::HS256);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.set_issuer(&[ISSUER]);
        let key = &self.signing_key().await?.decoding;
        let mut facts = TokenFacts {
            valid: false,
            reason: None,
            backend: BackendName::Local,
            room: None,
            role: None,
            user_id: None,
            user_name: None,
            expires_at: None,
            claims,
        };
        let Ok(read) = jsonwebtoken::decode::<LocalClaims>(token, key, &validation) else {
            facts.reason = Some("it was not signed by this store".to_owned());
            return Ok(facts);
        };
        let read = read.claims;
        facts.reason = self.refusal(&read).await?;
        facts.valid = facts.reason.is_none();
        facts.room = Some(read.room);
        facts.role = Some(read.role);
        facts.user_id = read.sub;
        facts.user_name = read.name;
        facts.expires_at = Timestamp::from_second(read.exp).ok();
        Ok(facts)
    }
}

impl LocalRooms {
    /// Why a genuine token opens nothing now.
    async fn refusal(&self, claims: &LocalClaims) -> Result<Option<String>> {
        let now = self.clock.now().as_second();
        if claims.exp <= now {
            return Ok(Some("it has expired".to_owned()));
        }
        if claims.nbf > now {
            return Ok(Some("it is not good yet".to_owned()));
        }
        let name: RoomName = claims.room.parse()?;
        match self.get(&name).await {
            Ok(room) if room.is_expired(self.clock.now()) => {
                Ok(Some("its room has expired".to_owned()))
            }
            Ok(room) if room.id != claims.room_id => {
                Ok(Some("its room was deleted and made again".to_owned()))
            }
            Ok(room) if room.not_before.is_some_and(|at| at > self.clock.now()) => {
                Ok(Some("its room is not open yet".to_owned()))
            }
            Ok(_) => Ok(None),
            Err(error) if error.kind() == Kind::NotFound => {
                Ok(Some("its room does not exist".to_owned()))
            }
            Err(error) => Err(error),
        }
    }
}
