//! Finds a room, or makes it: once, however many ask for it at the same moment.

use std::time::Duration;

use crate::commands::lease::{Lease, LeaseName};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Room, RoomName};

use super::create;

/// How long the name stays untouched when whoever makes the room dies.
const LEASE: Duration = Duration::from_secs(10);
/// How often a room that another process makes is looked for: until one that died and its successor
/// had their time.
const LOOKS: usize = 400;
/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Which room, and how it is made if it is not there.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name.
    pub name: RoomName,
    /// What to make; the name that is said there does not count.
    pub make: create::Input,
}

/// The room as asked for; settings count only if it is made now.
///
/// # Errors
/// Those of finding and of making it.
pub async fn run(context: &Context, input: Input) -> Result<Room> {
    run_if(context, input, || Ok(())).await
}

/// The same; that it is made is asked for by whoever makes it, once for all who want it at the same moment.
///
/// # Errors
/// Those of finding and of making it, and of `may_make`.
pub async fn run_if(
    context: &Context,
    input: Input,
    may_make: impl FnOnce() -> Result<()> + Send + 'static,
) -> Result<Room> {
    let Input { name, make } = input;
    if let Some(found) = find(context, make.backend, &name).await? {
        return Ok(found);
    }
    let key = LeaseName::room(context.backends.get(make.backend)?.name, &name);
    // In this process one goes for all, also where it fails.
    let own = context.clone();
    let work = async move { find_or_make(&own, &name, make, may_make).await };
    context.rooms_in_work.join(key.as_str(), work).await
}

/// The room, if it is there.
async fn find(
    context: &Context,
    backend: Option<BackendName>,
    name: &RoomName,
) -> Result<Option<Room>> {
    match context.backends.get(backend)?.rooms.get(name).await {
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        found => found.map(Some),
    }
}

async fn find_or_make(
    context: &Context,
    name: &RoomName,
    input: create::Input,
    may_make: impl FnOnce() -> Result<()>,
) -> Result<Room> {
    let key = LeaseName::room(context.backends.get(input.backend)?.name, name);
    for _ in 0..LOOKS {
        if let Some(found) = find(context, input.backend, name).await? {
            return Ok(found);
        }
        match Lease::take_for(context, &key, LEASE).await {
            Ok(lease) => {
                let making = make(context, name, input, may_make);
                let made = lease.hold_while(making).await;
                lease.release().await;
                return made;
            }
            // Another process is at it.
            Err(error) if error.kind() == Kind::Locked => tokio::time::sleep(PAUSE).await,
            Err(error) => return Err(error),
        }
    }
    Err(Error::unavailable(format!(
        "another process is making the room `{name}` for a long time; try again"
    )))
}

async fn make(
    context: &Context,
    name: &RoomName,
    mut input: create::Input,
    may_make: impl FnOnce() -> Result<()>,
) -> Result<Room> {
    let backend = context.backends.get(input.backend)?;
    // It may have been made between the last look and the lease.
    if let Some(found) = find(context, input.backend, name).await? {
        return Ok(found);
    }
    may_make()?;
    input.name = Some(name.to_string());
    match create::run(context, input).await {
        Err(error) if error.kind() == Kind::Conflict => backend.rooms.get(name).await,
        other => other,
    }
}
