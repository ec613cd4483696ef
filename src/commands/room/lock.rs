//! Locks a local room: nobody new comes in until it is unlocked, or the last one went.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::participants;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::meeting::{Actor, Change, nobody_inside};
use crate::model::{BackendName, RoomName};

/// Which room.
#[derive(Debug, Clone)]
pub struct Input {
    /// Its name.
    pub name: RoomName,
    /// Where it lives; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Who does it: an operator, or a host.
    pub by: Actor,
    /// People may come in again.
    pub lift: bool,
}

/// How the room stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LockedRoom)]
pub struct Output {
    /// The room.
    pub name: RoomName,
    /// Where it lives.
    pub backend: BackendName,
    /// Whether nobody new comes in.
    pub locked: bool,
}

/// Locks the room, or unlocks it. Whoever is inside stays; hosts by a token always come in.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Forbidden`](crate::Kind::Forbidden) for whoever is
/// neither an operator nor a host; [`Kind::Conflict`](crate::Kind::Conflict) when nobody is inside;
/// [`Kind::Unsupported`](crate::Kind::Unsupported) for a room of a vendor.
pub async fn run(context: &Context, input: Input) -> Result<Output> {
    check(context, input.backend)?;
    let change = Change::Lock { lift: input.lift };
    let Input { name, by, lift, .. } = input;
    context.meetings.act(&name, by, change).await?;
    Ok(output(name, lift))
}

/// How the room would stand after `run`.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Output> {
    check(context, input.backend)?;
    let room = participants::Input {
        name: input.name.clone(),
        backend: Some(BackendName::Local),
    };
    let people = participants::run(context, room).await?;
    if people.is_empty() && !input.lift {
        return Err(nobody_inside(&input.name));
    }
    Ok(output(input.name, input.lift))
}

fn output(name: RoomName, lift: bool) -> Output {
    Output {
        name,
        backend: BackendName::Local,
        locked: !lift,
    }
}

fn check(context: &Context, backend: Option<BackendName>) -> Result<()> {
    let backend = context.backends.get(backend)?.name;
    if backend == BackendName::Local {
        return Ok(());
    }
    Err(Error::unsupported(format!(
        "only local rooms can be locked, not those of {}",
        backend.vendor()
    )))
}
