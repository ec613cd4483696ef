//! Makes a room.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::{check_participants, check_properties};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::room::check_times;
use crate::model::{BackendName, Moment, Privacy, Random, Room, RoomName, RoomSpec, random};
use crate::traces;

/// What to make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateRoom)]
pub struct Input {
    /// Its name: 1 to 128 of `A-Z a-z 0-9 - _`; a random one if absent.
    #[serde(default)]
    pub name: Option<String>,
    /// Where it is to live; the configured backend if absent.
    #[serde(default)]
    pub backend: Option<BackendName>,
    /// Who may come in; if absent what is usual where the room lives, and at `local` everybody with the
    /// link.
    #[serde(default)]
    pub privacy: Option<Privacy>,
    /// Nobody may come in before: a time, or how long from now.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "24h")]
    pub not_before: Option<Moment>,
    /// Nobody may come in from then on: a time, or how long from now.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "24h")]
    pub expires: Option<Moment>,
    /// How many people fit in.
    #[serde(default)]
    pub max_participants: Option<u32>,
    /// Further settings, by the backend's own names.
    #[serde(default)]
    #[schema(value_type = Object)]
    pub properties: Map<String, Value>,
    /// If the room exists with these settings already, return it instead of failing.
    #[serde(default)]
    pub exist_ok: bool,
}

impl Input {
    /// Makes what is said relative to now relative to `since`, when the request was first made.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] beyond the calendar.
    pub fn resolve_times(&mut self, since: Timestamp) -> Result<()> {
        for moment in [&mut self.not_before, &mut self.expires]
            .into_iter()
            .flatten()
        {
            *moment = Moment::At(moment.from(since)?);
        }
        Ok(())
    }
}

/// Makes the room.
///
/// # Errors
/// [`Kind::InvalidInput`] before anything is sent; [`Kind::Conflict`] when the name is taken.
pub async fn run(context: &Context, input: Input) -> Result<Room> {
    let span = traces::span!(
        "room create",
        backend = input.backend.map(BackendName::as_str)
    );
    traces::within(span, make(context, input)).await
}

async fn make(context: &Context, input: Input) -> Result<Room> {
    let backend = context.backends.get(input.backend)?;
    let exist_ok = input.exist_ok;
    let relative = |moment: Option<Moment>| matches!(moment, Some(Moment::In(_)));
    let (opens_in, closes_in) = (relative(input.not_before), relative(input.expires));
    let spec = check(context, backend.name, input)?;
    match backend.rooms.create(&spec).await {
        Err(error) if exist_ok && error.kind() == Kind::Conflict => {
            let room = backend.rooms.get(&spec.name).await?;
            let mut asked = spec.clone();
            // "In a day" is another moment each time it is said; any such moment will do.
            if opens_in && room.not_before.is_some() {
                asked.not_before = room.not_before;
            }
            if closes_in && room.expires_at.is_some() {
                asked.expires_at = room.expires_at;
            }
            if room.matches(&asked) {
                Ok(room)
            } else {
                Err(error.saying(format!(
                    "a room named `{}` exists already, with other settings",
                    spec.name
                )))
            }
        }
        other => other,
    }
}

/// What `run` would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CreateRoomPlan)]
pub struct Plan {
    /// The name, made up if none was given.
    pub name: RoomName,
    /// Where it would live.
    pub backend: BackendName,
    /// Calls to the vendor that would change something.
    pub writes: u64,
}

/// Checks the input as `run` would, and that the name is free.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let backend = context.backends.get(input.backend)?;
    let exist_ok = input.exist_ok;
    let spec = check(context, backend.name, input)?;
    match backend.rooms.get(&spec.name).await {
        Ok(_) if !exist_ok => Err(Error::conflict(format!(
            "a room named `{}` exists already",
            spec.name
        ))),
        Err(error) if error.kind() != Kind::NotFound => Err(error),
        found => Ok(Plan {
            name: spec.name,
            backend: backend.name,
            writes: u64::from(found.is_err() && backend.name != BackendName::Local),
        }),
    }
}

fn check(context: &Context, backend: BackendName, input: Input) -> Result<RoomSpec> {
    let now = context.clock.now();
    let name = match input.name {
        Some(name) => name.parse()?,
        None => random_name(context.random.as_ref())?,
    };
    check_participants(input.max_participants)?;
    check_properties(&input.properties)?;
    let not_before = input
        .not_before
        .map(|moment| moment.from(now))
        .transpose()?;
    let expires_at = input
        .expires
        .map(|moment| moment.ahead_of(now, "the expiry"))
        .transpose()?;
    check_times(not_before, expires_at)?;
    Ok(RoomSpec {
        name,
        // A vendor's account may have a default of its own, which is not ours to overrule.
        privacy: input
            .privacy
            .or_else(|| (backend == BackendName::Local).then(Privacy::default)),
        not_before,
        expires_at,
        max_participants: input.max_participants,
        properties: input.properties,
    })
}

/// 80 bits nobody can guess, in letters that can be read out: `kx3f-9pqa-7t2m-c8hw`.
fn random_name(random: &dyn Random) -> Result<RoomName> {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let bytes: [u8; 16] = random::bytes(random);
    let letters = bytes.map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
    let groups: Vec<String> = letters.chunks(4).map(String::from_iter).collect();
    groups.join("-").parse()
}
