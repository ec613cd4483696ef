//! Presence in our own store: a document per connection.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::try_unfold;
use futures_util::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};

use super::{PresenceEvent, PresenceStream, Presences};
use crate::error::{Error, Kind, Result};
use crate::model::Clock;
use crate::model::presence::{ConnectionSign, Presence, PresenceState};
use crate::records::documents::{Document, Documents, Event, EventStream, Write};
use crate::records::{CONNECTIONS, ConnectionKey, StoredConnection, contend};

/// How long a connection that ended is remembered when nobody says, in milliseconds.
const GONE_AFTER: i64 = 24 * 3600 * 1000;
/// A sign of life so soon after the last one tells nothing, in milliseconds.
const QUIET: i64 = 1_000;
/// Connections removed in one commit.
const CHUNK: usize = 200;
/// More ended connections than this are not counted.
const MOST_COUNTED: usize = 1_000_000;

impl StoredConnection {
    fn presence(&self) -> Presence {
        Presence {
            state: self.state,
            last_changed: self.last_changed.as_millisecond(),
            by_connection: true,
        }
    }

    /// What it said, as the connection of this name.
    fn sign(self, connection: &str) -> ConnectionSign {
        ConnectionSign {
            connection: Some(connection.to_owned()),
            state: self.state,
            last_sign: Some(self.seen.unwrap_or(self.last_changed)),
            expires_at: self.expires_at,
            said_by: self.said_by,
        }
    }

    /// Whether it said the same a moment ago: then it need not be written again.
    fn says(&self, state: PresenceState, life_ms: Option<i64>, now: Timestamp) -> bool {
        let Some(seen) = self.seen.filter(|_| self.state == state) else {
            return false;
        };
        let life = self
            .expires_at
            .map(|end| end.as_millisecond() - seen.as_millisecond());
        let ago = now.as_millisecond() - seen.as_millisecond();
        life == life_ms && (0..QUIET).contains(&ago) && life.is_none_or(|life| life > 10 * QUIET)
    }

    fn is_over(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }
}

/// [`Presences`] in the store.
pub struct LocalPresences {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
}

impl LocalPresences {
    /// Presence in this store.
    pub fn new(documents: Arc<dyn Documents>, clock: Arc<dyn Clock>) -> Self {
        Self { documents, clock }
    }
}

/// One person out of their connections.
fn together(connections: impl Iterator<Item = Presence>) -> Option<Presence> {
    connections.reduce(|one, other| Presence {
        state: PresenceState::of(
            [one, other]
                .iter()
                .any(|p| p.state == PresenceState::Online),
        ),
        last_changed: one.last_changed.max(other.last_changed),
        by_connection: true,
    })
}

struct ConnectionsWatcher {
    events: EventStream,
    /// Whose connection a document is.
    owners: HashMap<String, String>,
    people: HashMap<String, BTreeMap<String, Presence>>,
    /// What was told of each.
    emitted: HashMap<String, Presence>,
    current: bool,
    pending: VecDeque<PresenceEvent>,
}

impl ConnectionsWatcher {
    fn hear(&mut self, event: Event) {
        match event {
            Event::Put(document) => self.put(&document),
            Event::Removed(id) => self.removed(&id),
            // The store cannot say any more what changed: it tells everything again.
            Event::Reset => {
                self.owners.clear();
                self.people.clear();
                self.current = false;
            }
            Event::Current(_) => {
                if !std::mem::replace(&mut self.current, true) {
                    let mut users: Vec<String> = self.people.keys().cloned().collect();
                    users.extend(self.emitted.keys().cloned());
                    // In the same order to everybody who watches.
                    users.sort();
                    for user in users {
                        self.emit(&user);
                    }
                    self.pending.push_back(PresenceEvent::Current);
                }
            }
        }
    }

    fn put(&mut self, document: &Document) {
        let Some(connection) = CONNECTIONS.readable(document) else {
            return self.removed(&document.id);
        };
        let user = connection.user.clone();
        self.owners.insert(document.id.clone(), user.clone());
        let connections = self.people.entry(user.clone()).or_default();
        connections.insert(document.id.clone(), connection.presence());
        if self.current {
            self.emit(&user);
        }
    }

    fn removed(&mut self, id: &str) {
        let Some(user) = self.owners.remove(id) else {
            return;
        };
        if let Some(connections) = self.people.get_mut(&user) {
            connections.remove(id);
            if connections.is_empty() {
                self.people.remove(&user);
            }
        }
        if self.current {
            self.emit(&user);
        }
    }

    fn emit(&mut self, user: &str) {
        let connections = self.people.get(user);
        let now = connections.and_then(|all| together(all.values().copied()));
        if self.emitted.get(user).copied() == now {
            return;
        }
        match now {
            Some(presence) => drop(self.emitted.insert(user.to_owned(), presence)),
            None => drop(self.emitted.remove(user)),
        }
        self.pending
            .push_back(PresenceEvent::Person(user.to_owned(), now));
    }
}

#[async_trait]
impl Presences for LocalPresences {
    fn is_own(&self) -> bool {
        true
    }

    fn watch(&self) -> PresenceStream {
        let watcher = ConnectionsWatcher {
            events: self.documents.watch(CONNECTIONS.name(), None),
            owners: HashMap::new(),
            people: HashMap::new(),
            emitted: HashMap::new(),
            current: false,
            pending: VecDeque::new(),
        };
        try_unfold(watcher, |mut watcher| async move {
            loop {
                if let Some(event) = watcher.pending.pop_front() {
                    return Ok(Some((event, watcher)));
                }
                match watcher.events.try_next().await? {
                    Some(event) => watcher.hear(event),
                    None => return Err(Error::internal("the watch of connections ended")),
                }
            }
        })
        .boxed()
    }

    async fn get(&self, user: &str) -> Result<Option<(Presence, Vec<ConnectionSign>)>> {
        let prefix = ConnectionKey::all_of(user);
        let scan = CONNECTIONS.all().prefix(&prefix);
        let mut found = CONNECTIONS.scan(self.documents.as_ref(), scan);
        let now = self.clock.now();
        let mut connections = Vec::new();
        let mut signs = Vec::new();
        while let Some(found) = found.try_next().await? {
            let connection = found.record;
            // A user's name may begin with another one's and a colon.
            if connection.user == user && !connection.is_over(now) {
                connections.push(connection.presence());
                signs.push(connection.sign(found.id.strip_prefix(&prefix).unwrap_or_default()));
            }
        }
        Ok(together(connections.into_iter()).map(|presence| (presence, signs)))
    }

    async fn announce(
        &self,
        user: &str,
        connection: &str,
        says: (PresenceState, Option<i64>),
        said_by: &str,
    ) -> Result<()> {
        let contended = || Error::conflict("the person's connections come and go; try again");
        contend(|| self.note(user, connection, says, said_by), contended).await
    }

    async fn expired(&self) -> Result<u64> {
        let documents = self.documents.as_ref();
        let due = CONNECTIONS.due(documents, self.clock.now(), MOST_COUNTED);
        Ok(due.await?.len() as u64)
    }

    async fn expire(&self) -> Result<u64> {
        let documents = self.documents.as_ref();
        let mut expired = 0;
        loop {
            let due = CONNECTIONS.due(documents, self.clock.now(), CHUNK).await?;
            let old: Vec<Write> = due.iter().map(|found| CONNECTIONS.remove(found)).collect();
            let removed = self.remove(old).await?;
            expired += removed;
            if due.len() < CHUNK || removed == 0 {
                return Ok(expired);
            }
        }
    }
}

impl LocalPresences {
    /// Notes what a connection says, unless one that is removed with it came back meanwhile.
    async fn note(
        &self,
        user: &str,
        connection: &str,
        (state, life_ms): (PresenceState, Option<i64>),
        said_by: &str,
    ) -> Result<()> {
        let key = ConnectionKey::new(user, connection);
        let now = self.clock.now();
        let before = self.documents.get(CONNECTIONS.name(), key.id()).await?;
        let before = before.and_then(|document| CONNECTIONS.readable(&document));
        let gone = state == PresenceState::Offline;
        let life_ms = life_ms.or(gone.then_some(GONE_AFTER));
        if before
            .as_ref()
            .is_some_and(|before| before.says(state, life_ms, now))
        {
            return Ok(());
        }
        // A sign of life is no change.
        let last_changed = match before {
            Some(before) if before.state == state && !before.is_over(now) => before.last_changed,
            _ => now,
        };
        let life = life_ms.map(SignedDuration::from_millis);
        let new = StoredConnection {
            user: user.to_owned(),
            state,
            last_changed,
            seen: Some(now),
            said_by: Some(said_by.to_owned()),
            expires_at: life.map(|life| now.saturating_add(life).unwrap_or(now)),
        };
        let mut writes = vec![CONNECTIONS.put(&key, &new)?];
        if gone {
            writes.extend(self.outlived(user, connection).await?);
        }
        self.documents.commit(writes).await.map(|_| ())
    }

    /// Removes what is remembered of earlier connections that ended, unless they change: the one that
    /// ends last says all that they said.
    async fn outlived(&self, user: &str, last: &str) -> Result<Vec<Write>> {
        let prefix = ConnectionKey::all_of(user);
        let scan = CONNECTIONS.all().prefix(&prefix);
        let found = CONNECTIONS.scan(self.documents.as_ref(), scan);
        let found: Vec<_> = found.try_collect().await?;
        let ended = found.iter().filter_map(|found| {
            let gone = found.record.state == PresenceState::Offline && found.record.user == user;
            let connection = found.id.strip_prefix(&prefix).filter(|_| gone)?;
            (connection != last).then(|| {
                let key = ConnectionKey::new(user, connection);
                CONNECTIONS.delete(&key).only_if(found.unchanged())
            })
        });
        Ok(ended.take(CHUNK).collect())
    }

    /// Removes connections, unless one of them gave a sign of life meanwhile; then one by one.
    async fn remove(&self, old: Vec<Write>) -> Result<u64> {
        match self.documents.commit(old.clone()).await {
            Err(error) if error.kind() == Kind::Conflict => {}
            outcome => return outcome.map(|_| old.len() as u64),
        }
        let mut expired = 0;
        for write in old {
            match self.documents.commit(vec![write]).await {
                Err(error) if error.kind() == Kind::Conflict => {}
                outcome => {
                    outcome?;
                    expired += 1;
                }
            }
        }
        Ok(expired)
    }
}
