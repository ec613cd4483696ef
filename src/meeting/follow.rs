//! What a node does for its desks: it follows the heads of all meetings, and removes rooms that
//! nobody uses.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};

use super::mailbox::{DeskJob, MeetingVersion};
use super::shared::Shared;
use crate::error::Result;
use crate::model::RoomName;
use crate::model::meeting::{Actor, Change, Ending};
use crate::records::documents::Event;
use crate::records::{HEADS, Head};

/// A room that is to go when nobody uses it is given so long.
const UNUSED: SignedDuration = SignedDuration::from_secs(10);
/// The delay before the heads are followed again after a failure.
const DELAY: Duration = Duration::from_secs(1);
/// How often rooms that nobody uses are looked for.
const LOOK: Duration = Duration::from_secs(1);

fn stand(head: &Head) -> MeetingVersion {
    MeetingVersion {
        room_id: head.room_id.clone(),
        commits: head.commits,
        settings: head.settings,
    }
}

/// Rooms that are to go when nobody uses them, and are not used.
type Unused = HashMap<String, (RoomName, i64)>;

/// Tells the desks how their meetings stand, for ever.
pub(super) async fn follow(shared: Arc<Shared>) {
    let mut unused = Unused::new();
    loop {
        if let Err(error) = follow_until_it_breaks(&shared, &mut unused).await {
            tracing::warn!(%error, "the rooms cannot be followed; trying again");
        }
        tokio::time::sleep(DELAY).await;
    }
}

async fn follow_until_it_breaks(shared: &Arc<Shared>, unused: &mut Unused) -> Result<()> {
    let mut events = shared.documents.watch(HEADS.name(), None);
    let mut look = tokio::time::interval(LOOK);
    // While the whole state is told: what it does not name is gone.
    let mut named: Option<HashSet<String>> = None;
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
            Some(Event::Reset) => named = Some(HashSet::new()),
            Some(Event::Put(document)) => {
                let Some(head) = HEADS.readable(&document) else {
                    continue;
                };
                if let Some(named) = &mut named {
                    named.insert(document.id.clone());
                }
                shared.seen(&document.id, Some(stand(&head)));
                match head.unused_since {
                    Some(since) => unused.insert(document.id, (head.room, since)),
                    None => unused.remove(&document.id),
                };
            }
            Some(Event::Removed(address)) => {
                unused.remove(&address);
                shared.seen(&address, None);
            }
            Some(Event::Current(_)) => {
                if let Some(named) = named.take() {
                    unused.retain(|address, _| named.contains(address));
                    for address in shared.addresses() {
                        if !named.contains(&address) {
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
        let job = DeskJob::Act {
            actor: Actor::Operator,
            change: Change::End(Ending::Unused),
            request: None,
            reply: None,
        };
        if let Err(error) = shared.send(room, job) {
            tracing::warn!(%room, %error, "an unused room is not removed yet");
        }
        // Until its head says that it is gone or used.
        true
    });
}
