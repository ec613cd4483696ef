//! What a node does for its desks: it follows the heads of all meetings, gives a sign of life, and
//! takes the people of nodes that give none out of their rooms.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;
use tokio::time::Instant;

use super::desk::{Job, Stand};
use super::shared::Shared;
use super::store;
use super::store::{HEADS, LEFTOVERS, PEOPLE, Stored};
use crate::backends::documents::{Document, Event, Precondition, Scan, Version, Write};
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change, Ending};

/// The processes that serve people: `{at}`, when they last gave a sign of life, by their id.
const NODES: &str = "tok_nodes";
/// A room that is to go when nobody uses it is given so long.
const UNUSED: SignedDuration = SignedDuration::from_secs(10);
/// The rest before the heads are followed again after a failure.
const REST: Duration = Duration::from_secs(1);
/// How often rooms that nobody uses are looked for.
const LOOK: Duration = Duration::from_secs(1);
/// Signs of life within the time after which a node counts as dead.
const SIGNS: u32 = 3;

/// The parts of a head that matter here.
#[derive(Deserialize)]
struct Glance {
    room: RoomName,
    room_id: String,
    commits: u64,
    #[serde(default)]
    settings: u64,
    #[serde(default)]
    unused_since: Option<i64>,
}

impl Glance {
    fn stand(&self) -> Stand {
        Stand {
            room_id: self.room_id.clone(),
            commits: self.commits,
            settings: self.settings,
        }
    }
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
                let glance: Glance = match document.decode() {
                    Ok(glance) => glance,
                    Err(error) => {
                        tracing::error!(%error, "a room cannot be followed");
                        continue;
                    }
                };
                if let Some(told) = &mut told {
                    told.insert(document.id.clone());
                }
                shared.seen(&document.id, Some(glance.stand()));
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
        if let Err(error) = shared.send(room, job) {
            tracing::warn!(%room, %error, "an unused room is not removed yet");
        }
        // Until its head says that it is gone or used.
        true
    });
}

/// Gives signs of life, and looks for nodes that give none.
pub(super) async fn keep_alive(shared: Arc<Shared>) {
    let mut sign = tokio::time::interval(shared.settings.heartbeat / SIGNS);
    let mut signs = Signs::default();
    loop {
        sign.tick().await;
        if shared.paused.load(Ordering::Relaxed) {
            return;
        }
        let done = async {
            give_sign(&shared).await?;
            bury(&shared, &mut signs).await?;
            clean(&shared).await
        };
        if let Err(error) = done.await {
            signs = Signs::default();
            tracing::warn!(%error, "this node cannot give a sign of life");
        }
    }
}

async fn give_sign(shared: &Shared) -> Result<()> {
    let node = json!({ "at": shared.clock.now() });
    let write = Write::put(NODES, &shared.node, &node)?;
    shared.documents.commit(vec![write]).await.map(|_| ())
}

/// A last sign: people may come back within the time of one.
pub(super) async fn sign_off(shared: &Shared) {
    if let Err(error) = give_sign(shared).await {
        tracing::warn!(%error, "the last sign of this node is not given");
    }
}

/// Since when each other node's sign of life is the same, by this node's own clock: clocks of
/// different machines cannot be compared, and who could not look cannot tell who is dead.
#[derive(Default)]
struct Signs(HashMap<String, (Version, Instant)>);

impl Signs {
    /// Looks at all signs; returns the nodes that gave none for longer than `patience`.
    async fn dead(
        &mut self,
        shared: &Shared,
        patience: Duration,
    ) -> Result<Vec<(String, Version)>> {
        let mut seen = HashMap::new();
        let mut nodes = shared.documents.scan(Scan::all(NODES));
        while let Some(Document { id, version, .. }) = nodes.try_next().await? {
            let before = self.0.remove(&id).filter(|(of, _)| *of == version);
            let since = before.map_or_else(Instant::now, |(_, since)| since);
            seen.insert(id, (version, since));
        }
        seen.remove(&shared.node);
        self.0 = seen;
        let dead = self
            .0
            .iter()
            .filter(|(_, (_, since))| since.elapsed() >= patience);
        Ok(dead.map(|(id, (sign, _))| (id.clone(), *sign)).collect())
    }
}

/// Takes the people of dead nodes out of their rooms. What is cut off is done by the next look.
async fn bury(shared: &Arc<Shared>, signs: &mut Signs) -> Result<()> {
    let dead = signs.dead(shared, shared.settings.heartbeat).await?;
    if dead.is_empty() {
        return Ok(());
    }
    let mut people = shared.documents.scan(Scan::all(PEOPLE));
    while let Some(document) = people.try_next().await? {
        let stored: Stored = document.decode()?;
        let (Some(node), Some(seat)) = (stored.node, stored.seat) else {
            continue;
        };
        if !dead.iter().any(|(id, _)| *id == node) {
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
    for (node, sign) in &dead {
        // One that gave a sign meanwhile is not dead: whom it brings back must be looked after.
        let buried = Write::delete(NODES, node).only_if(Precondition::Version(*sign));
        match shared.documents.commit(vec![buried]).await {
            Err(error) if error.kind() != crate::Kind::Conflict => return Err(error),
            _ => {}
        }
    }
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
