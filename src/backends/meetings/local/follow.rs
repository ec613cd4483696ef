//! What a node does for its desks: it follows the heads of all meetings, gives a sign of life, and
//! takes the people of nodes that give none out of their rooms.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::desk::Job;
use super::shared::Shared;
use super::store;
use super::store::{HEADS, LEFTOVERS, PEOPLE, Stored};
use crate::backends::documents::{Event, Scan, Write};
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change, Ending};

/// The processes that serve people: `{until}`, by their id.
const NODES: &str = "tok_nodes";
/// A room that is to go when nobody uses it is given so long.
const UNUSED: SignedDuration = SignedDuration::from_secs(10);
/// The rest before the heads are followed again after a failure.
const REST: Duration = Duration::from_secs(1);
/// How often rooms that nobody uses are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// Signs of life within the time after which a node counts as dead.
const SIGNS: u32 = 3;

#[derive(Serialize, Deserialize)]
struct Node {
    /// It is dead if it gives no sign until then.
    until: Timestamp,
}

/// The parts of a head that matter here.
#[derive(Deserialize)]
struct Glance {
    room: RoomName,
    commits: u64,
    #[serde(default)]
    settings: u64,
    #[serde(default)]
    unused_since: Option<i64>,
}

/// Rooms that are to go when nobody uses them, and are not used.
type Unused = HashMap<String, (RoomName, i64)>;

/// Tells the desks how their meetings stand, for ever.
pub(super) async fn follow(shared: Arc<Shared>) {
    let mut unused = Unused::new();
    loop {
        if let Err(error) = follow_once(&shared, &mut unused).await {
            tracing::warn!(%error, "the rooms cannot be followed; trying again");
        }
        tokio::time::sleep(REST).await;
    }
}

async fn follow_once(shared: &Arc<Shared>, unused: &mut Unused) -> Result<()> {
    let mut events = shared.documents.watch(HEADS, None);
    let mut look = tokio::time::interval(LOOK);
    // While the whole state is told: who was not told of is gone.
    let mut told: Option<HashSet<String>> = None;
    loop {
        let event = tokio::select! {
            event = events.try_next() => event?,
            _ = look.tick() => {
                remove_unused(shared, unused);
                continue;
            }
        };
        match event {
            None => return Ok(()),
            Some(Event::Reset) => told = Some(HashSet::new()),
            Some(Event::Put(document)) => {
                let glance: Glance = document.decode()?;
                if let Some(told) = &mut told {
                    told.insert(document.id.clone());
                }
                shared.seen(&document.id, Some((glance.commits, glance.settings)));
                match glance.unused_since {
                    Some(since) => unused.insert(document.id, (glance.room, since)),
                    None => unused.remove(&document.id),
                };
            }
            Some(Event::Removed(address)) => {
                unused.remove(&address);
                shared.seen(&address, None);
            }
            Some(Event::Current(_)) => {
                if let Some(told) = told.take() {
                    unused.retain(|address, _| told.contains(address));
                    for address in shared.addresses() {
                        if !told.contains(&address) {
                            shared.seen(&address, None);
                        }
                    }
                }
            }
        }
    }
}

/// Rooms that nobody came to, or where nobody is left, and that are to go then.
fn remove_unused(shared: &Arc<Shared>, unused: &mut Unused) {
    let latest = shared.clock.now().saturating_sub(UNUSED);
    let latest = latest.map_or(i64::MIN, Timestamp::as_millisecond);
    unused.retain(|_, (room, since)| {
        if *since > latest {
            return true;
        }
        let job = Job::Act {
            actor: Actor::Operator,
            change: Change::End(Ending::Unused),
            reply: None,
        };
        match shared.send(room, job) {
            Ok(()) => false,
            Err(error) => {
                tracing::warn!(%room, %error, "an unused room is not removed yet");
                true
            }
        }
    });
}

/// Gives signs of life, and looks for nodes that give none.
pub(super) async fn keep_alive(shared: Arc<Shared>) {
    let mut sign = tokio::time::interval(shared.settings.heartbeat / SIGNS);
    loop {
        sign.tick().await;
        if shared.paused.load(Ordering::Relaxed) {
            return;
        }
        let done = async {
            give_sign(&shared).await?;
            bury(&shared).await?;
            clean(&shared).await
        };
        if let Err(error) = done.await {
            tracing::warn!(%error, "this node cannot give a sign of life");
        }
    }
}

async fn give_sign(shared: &Shared) -> Result<()> {
    let life = SignedDuration::try_from(shared.settings.heartbeat).unwrap_or(UNUSED);
    let now = shared.clock.now();
    let node = Node {
        until: now.saturating_add(life).unwrap_or(now),
    };
    let write = Write::put(NODES, &shared.node, &node)?;
    shared.documents.commit(vec![write]).await.map(|_| ())
}

/// A last sign: people may come back within the time of one.
pub(super) async fn sign_off(shared: &Shared) {
    if let Err(error) = give_sign(shared).await {
        tracing::warn!(%error, "the last sign of this node is not given");
    }
}

/// Takes the people of dead nodes out of their rooms. What is cut off is done by the next look.
async fn bury(shared: &Arc<Shared>) -> Result<()> {
    let now = shared.clock.now();
    let mut dead = HashSet::new();
    let mut nodes = shared.documents.scan(Scan::all(NODES));
    while let Some(document) = nodes.try_next().await? {
        if document.id != shared.node && document.decode::<Node>()?.until <= now {
            dead.insert(document.id);
        }
    }
    if dead.is_empty() {
        return Ok(());
    }
    let mut people = shared.documents.scan(Scan::all(PEOPLE));
    while let Some(document) = people.try_next().await? {
        let stored: Stored = document.decode()?;
        let (Some(node), Some(seat)) = (stored.node, stored.seat) else {
            continue;
        };
        if !dead.contains(&node) {
            continue;
        }
        let actor = Actor::Seated {
            id: stored.person.id,
            seat,
        };
        let left = shared.ask(&stored.room, |reply| Job::Act {
            actor,
            change: Change::Leave,
            reply: Some(reply),
        });
        match left.await {
            Err(error) if error.kind() != crate::Kind::NotFound => return Err(error),
            _ => {}
        }
    }
    let writes = dead.iter().map(|node| Write::delete(NODES, node)).collect();
    shared.documents.commit(writes).await?;
    tracing::info!(
        nodes = dead.len(),
        "people of dead nodes were taken out of their rooms"
    );
    Ok(())
}

/// Finishes cleaning up after rooms that are gone, where it was cut off.
async fn clean(shared: &Shared) -> Result<()> {
    let left: Vec<_> = shared
        .documents
        .scan(Scan::all(LEFTOVERS).limit(100))
        .try_collect()
        .await?;
    for document in left {
        store::clean(shared.documents.as_ref(), &document.id).await?;
    }
    Ok(())
}
