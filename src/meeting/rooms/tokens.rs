//! Join tokens of local rooms: JSON Web Tokens signed with a key that never leaves the store.

use async_trait::async_trait;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{LocalRooms, missing};
use crate::backends::rooms::{Rooms, Tokens};
use crate::error::{Error, Kind, Result};
use crate::meeting::standing::fallen;
use crate::model::token::LEEWAY;
use crate::model::user::UserId;
use crate::model::{BackendName, Grant, JoinToken, Role, RoomName, TokenFacts, random};
use crate::records::documents::Precondition;
use crate::records::{SECRETS, StoredSecret, USERS};

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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nbf: Option<i64>,
    exp: i64,
    jti: String,
    /// The API key that minted it; operators need none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<String>,
    /// When that key ends, to the fraction of a second.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key_until: Option<Timestamp>,
    /// Whether there was a record of the user.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    known: bool,
    /// Whether whoever minted it may say who somebody is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    identity: bool,
    /// Whether it lets many in, not one person at a time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    shared: bool,
}

impl LocalRooms {
    async fn signing_key(&self) -> Result<&SigningKey> {
        self.signing_key
            .get_or_try_init(|| async {
                let stored = match self.stored_key().await? {
                    Some(stored) => stored,
                    None => self.make_key().await?,
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

    async fn stored_key(&self) -> Result<Option<StoredSecret>> {
        let documents = self.documents.as_ref();
        SECRETS.get(&self.seal, documents, DOCUMENT).await
    }

    /// Makes the key, unless another node is faster.
    async fn make_key(&self) -> Result<StoredSecret> {
        let fresh = StoredSecret {
            key: hex::encode(random::bytes::<32>(self.random.as_ref())),
        };
        let documents = self.documents.as_ref();
        let at = self.seal.moment(documents).await?;
        let write = SECRETS.put(&self.seal, at, DOCUMENT, &fresh)?;
        let write = write.only_if(Precondition::Missing);
        match documents.commit(vec![write]).await {
            Ok(_) => Ok(fresh),
            Err(error) if error.kind() == Kind::Conflict => self.stored_key().await?.ok_or(error),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Tokens for LocalRooms {
    fn issuer(&self) -> &'static str {
        ""
    }

    fn knows_people(&self) -> bool {
        true
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
        let known = match &grant.user_id {
            Some(user) => self.knows(user).await?,
            None => false,
        };
        let claims = LocalClaims {
            iss: ISSUER.to_owned(),
            room: grant.room.to_string(),
            room_id: room.id.clone(),
            role: grant.role,
            sub: grant.user_id.clone(),
            name: grant.user_name.clone(),
            iat: grant.issued_at.as_second(),
            nbf: grant.not_before.map(Timestamp::as_second),
            exp: grant.expires_at.as_second(),
            jti: random::uuid(self.random.as_ref()),
            key: grant.minter.key.clone(),
            key_until: grant.minter.until,
            known,
            identity: grant.minter.vouches && grant.user_id.is_some(),
            shared: grant.shared,
        };
        let key = &self.signing_key().await?.encoding;
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, key)
            .map_err(|error| Error::internal("the token cannot be signed").because(error))?;
        // A token is all that is seen of a person who goes in.
        self.record_use(&room, grant.role == Role::Host).await?;
        let url = format!("{}#token={token}", self.link(&grant.room));
        Ok(JoinToken {
            url: Some(url),
            ..grant.signed(token, BackendName::Local)
        })
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
    /// Whether there is a record of this user.
    async fn knows(&self, user: &str) -> Result<bool> {
        let Ok(user) = user.parse::<UserId>() else {
            return Ok(false);
        };
        let found = USERS
            .document(self.documents.as_ref(), user.as_str())
            .await?;
        Ok(found.is_some())
    }

    /// Why a genuine token opens nothing now.
    async fn refusal(&self, claims: &LocalClaims) -> Result<Option<String>> {
        let moment = self.clock.now();
        let now = moment.as_second();
        if claims.exp <= now {
            return Ok(Some("it has expired".to_owned()));
        }
        if claims.nbf.is_some_and(|from| from > now + LEEWAY.as_secs()) {
            return Ok(Some("it is not good yet".to_owned()));
        }
        let user = claims.sub.as_deref().filter(|_| claims.known);
        let documents = self.documents.as_ref();
        let (store, key) = ((documents, &self.seal), claims.key.as_deref());
        if let Some(why) = fallen(store, moment, key, user).await? {
            return Ok(Some(why.to_owned()));
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
