//! Mints a join token.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tracing::Instrument;
use utoipa::ToSchema;

use crate::backends::rooms::RoomBackend;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{
    BackendName, Grant, JoinToken, Minter, Moment, Role, RoomName, Span, person_name,
};
use crate::records::{ROOMS, RoomKey};

/// The longest user id and user name, in characters.
const LONGEST_TEXT: usize = 256;

/// For whom, and for how long.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateToken)]
pub struct TokenSpec {
    /// Where the room lives; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// What the holder may do; `participant` if absent.
    #[serde(default)]
    pub role: Role,
    /// The app's id of the person.
    #[serde(default)]
    pub user_id: Option<String>,
    /// The name shown in the call.
    #[serde(default)]
    pub user_name: Option<String>,
    /// How long the token is good; the configured life if absent. It ends with the API key that mints
    /// it, if that is sooner.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "1h")]
    pub ttl: Option<Span>,
    /// Good only from then on: a time, or how long from now.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "24h")]
    pub not_before: Option<Moment>,
    /// Whether many may use it. Else it lets in one person at a time: whoever comes with it takes the
    /// place of whoever came with it before.
    #[serde(default)]
    pub shared: bool,
    /// Further options, by the backend's own names, e.g. `role` at 100ms or `connection_data` at
    /// `OpenTok`.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
}

/// Which token to mint, and what for.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The room that it opens.
    pub room: RoomName,
    /// The vendor's id of that room, where whoever asks has just found it.
    pub room_id: Option<String>,
    /// For whom, and for how long.
    pub spec: TokenSpec,
    /// Who asks.
    pub minter: Minter,
}

/// A token that could be minted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct PlannedToken {
    /// The room that it would open.
    pub room: RoomName,
    /// Where the room lives.
    pub backend: BackendName,
    /// What the holder might do.
    pub role: Role,
    /// The app's id of the person.
    pub user_id: Option<String>,
    /// The name shown in the call.
    pub user_name: Option<String>,
    /// When it would end.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: Timestamp,
}

/// Says which token would be minted; the vendor is only asked for the room.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<PlannedToken> {
    let (backend, grant) = granted(context, input)?;
    check_room(context, backend, &grant.room).await?;
    Ok(PlannedToken {
        room: grant.room,
        backend: backend.name,
        role: grant.role,
        user_id: grant.user_id,
        user_name: grant.user_name,
        expires_at: grant.expires_at,
    })
}

/// Mints the token.
///
/// # Errors
/// [`Kind::Forbidden`] when the role is stronger, [`Kind::InvalidInput`] when the life is too long or a
/// user id or name says nothing, [`Kind::NotFound`] when there is no such room.
pub async fn run(context: &Context, input: Input) -> Result<JoinToken> {
    let looks_up = input.room_id.is_some();
    let (backend, grant) = granted(context, input)?;
    let looks_up = looks_up || backend.tokens.looks_rooms_up();
    if backend.participants.is_none() {
        let token = backend.tokens.mint(&grant).await?;
        if !looks_up {
            check_room(context, backend, &grant.room).await?;
        }
        return Ok(token);
    }
    // What a token leaves behind at the vendor's is undone even if nobody waits for it any more.
    let tokens = backend.tokens.clone();
    let work = async move { tokens.mint(&grant).await };
    let work = tokio::spawn(work.in_current_span());
    work.await.unwrap_or_else(|error| {
        Err(Error::internal("the token could not be minted").because(error))
    })
}

/// What is to be minted, and where.
fn granted(context: &Context, input: Input) -> Result<(&RoomBackend, Grant)> {
    let Input {
        room,
        room_id,
        spec,
        minter,
    } = input;
    let strongest = minter.strongest;
    let backend = context.backends.get(spec.backend)?;
    if spec.role > strongest {
        return Err(Error::new(
            Kind::Forbidden,
            format!(
                "this key may mint tokens up to the role {}, not {}",
                strongest.as_str(),
                spec.role.as_str()
            ),
        ));
    }
    // How strong a vendor's own role is nobody knows here.
    if spec.properties.contains_key("role") && strongest < Role::Host {
        return Err(Error::new(
            Kind::Forbidden,
            "only a key that may mint tokens for hosts may name a role of the vendor",
        ));
    }
    let grant = grant(context, (room, room_id), spec, minter)?;
    if grant.shared && !backend.tokens.knows_people() {
        return Err(Error::invalid(
            "only tokens of local rooms can be shared; a vendor lets in whomever it lets in",
        ));
    }
    Ok((backend, grant))
}

/// Insists on a room that is registered, or that the vendor knows: a token for another one would open
/// nothing, and nobody would be told.
async fn check_room(context: &Context, backend: &RoomBackend, room: &RoomName) -> Result<()> {
    let key = RoomKey::new(backend.name, room.as_str());
    let documents = context.documents.as_ref();
    if ROOMS.document(documents, &key).await?.is_some() {
        return Ok(());
    }
    backend.rooms.get(room).await.map(|_| ())
}

/// A text that must say something, and not too much.
fn check_text(what: &str, text: &str) -> Result<()> {
    if person_name::visible(text).is_none() {
        return Err(Error::invalid(format!(
            "{what} is empty; leave it out, or say who it is"
        )));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(Error::invalid(format!(
            "{what} is too long; the most is {LONGEST_TEXT} characters"
        )));
    }
    Ok(())
}

fn grant(
    context: &Context,
    (room, room_id): (RoomName, Option<String>),
    spec: TokenSpec,
    minter: Minter,
) -> Result<Grant> {
    let now = context.clock.now();
    let life = context.token_life;
    let ttl = spec.ttl.unwrap_or(life.usual);
    if ttl > life.longest {
        return Err(Error::invalid(format!(
            "a life of {ttl} is too long; tokens.max_ttl is {}",
            life.longest
        )));
    }
    for (what, text) in [("user_id", &spec.user_id), ("user_name", &spec.user_name)] {
        if let Some(text) = text {
            check_text(what, text)?;
        }
    }
    let not_before = spec.not_before.map(|moment| moment.from(now)).transpose()?;
    let expires_at = minter.bounds(Moment::In(ttl).ahead_of(now, "the end of the token")?);
    if not_before.is_some_and(|from| from >= expires_at) {
        return Err(Error::invalid("the token would end before it begins"));
    }
    Ok(Grant {
        room,
        room_id,
        role: spec.role,
        user_id: spec.user_id,
        user_name: spec.user_name,
        issued_at: now,
        not_before,
        expires_at,
        minter,
        shared: spec.shared,
        properties: spec.properties,
    })
}
