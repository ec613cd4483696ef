//! Watching: the current state, then every change, across processes.
//!
//! SQLite tells a connection through `PRAGMA data_version` that *another* connection committed,
//! whichever process it lives in. One thread per store, alive while somebody watches, looks at it
//! every 10 ms and wakes the watchers, who then read what is newer than their cursor.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::try_unfold;
use rusqlite::{Connection, params};
use tokio::sync::watch;

use super::OpenStore;
use super::fault::fault;
use crate::backends::documents::{Cursor, Document, Event, EventStream, Version};
use crate::error::{Error, Result};

/// How often the store is asked whether somebody committed.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// Documents read at a time.
const CHUNK: usize = 500;

/// Wakes watchers after commits; the thread behind it lives as long as anybody listens.
#[derive(Default)]
pub(super) struct CommitSignal {
    beats: Mutex<Weak<watch::Sender<()>>>,
}

impl CommitSignal {
    /// Listens for commits from now on.
    fn listen(&self, store: &OpenStore) -> Result<Beats> {
        let mut beats = self.beats.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(sender) = beats.upgrade() {
            return Ok(Beats {
                receiver: sender.subscribe(),
                _alive: sender,
            });
        }
        // The first look is taken here, not on the thread: a commit after this line is noticed.
        let connection = store.connect()?;
        let seen = data_version(&connection)?;
        let sender = Arc::new(watch::Sender::new(()));
        *beats = Arc::downgrade(&sender);
        let weak = Arc::downgrade(&sender);
        std::thread::Builder::new()
            .name("tok-pulse".to_owned())
            .spawn(move || beat(&connection, seen, &weak))
            .map_err(|error| Error::internal("the watching thread cannot start").because(error))?;
        Ok(Beats {
            receiver: sender.subscribe(),
            _alive: sender,
        })
    }
}

/// A watcher's share in the pulse.
struct Beats {
    receiver: watch::Receiver<()>,
    _alive: Arc<watch::Sender<()>>,
}

fn beat(connection: &Connection, mut seen: i64, sender: &Weak<watch::Sender<()>>) {
    loop {
        std::thread::sleep(LOOK_EVERY);
        let Some(sender) = sender.upgrade() else {
            return;
        };
        match data_version(connection) {
            Ok(now) if now == seen => {}
            Ok(now) => {
                seen = now;
                sender.send_replace(());
            }
            // Waking everybody makes each watcher meet the error itself and report it.
            Err(_) => sender.send_replace(()),
        }
    }
}

fn data_version(connection: &Connection) -> Result<i64> {
    connection
        .prepare_cached("PRAGMA data_version")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(fault)
}

/// Where a watcher is in its life.
enum Phase {
    Start(Option<Cursor>),
    /// Reading the full state as it was at `since` or later, after the given id.
    State {
        since: Version,
        after: Option<String>,
    },
    /// Everything up to the version is told.
    Following(Version),
}

/// How the store stands.
struct StoreClock {
    /// The newest version given out.
    version: Version,
    /// The newest deletion that is no longer remembered.
    forgotten: Version,
    /// Which store this is.
    lineage: String,
}

/// What is newer than a version.
struct Changes {
    events: Vec<Event>,
    /// Everything up to here is told by the events.
    until: Version,
}

struct TableWatcher {
    store: Arc<OpenStore>,
    collection: String,
    phase: Phase,
    pending: VecDeque<Event>,
    beats: Option<Beats>,
    /// Of the store, once it is followed.
    lineage: String,
}

/// The stream behind [`Documents::watch`](crate::backends::documents::Documents::watch).
pub(super) fn watch(store: Arc<OpenStore>, collection: &str, from: Option<Cursor>) -> EventStream {
    let watcher = TableWatcher {
        store,
        collection: collection.to_owned(),
        phase: Phase::Start(from),
        pending: VecDeque::new(),
        beats: None,
        lineage: String::new(),
    };
    try_unfold(watcher, |mut watcher| async move {
        loop {
            if let Some(event) = watcher.pending.pop_front() {
                return Ok(Some((event, watcher)));
            }
            watcher.advance().await?;
        }
    })
    .boxed()
}

impl TableWatcher {
    async fn advance(&mut self) -> Result<()> {
        match &self.phase {
            Phase::Start(from) => {
                let from = from.as_ref().map(parse_cursor).transpose()?;
                self.lineage = self.store.read(lineage).await?;
                // What is known of another store says nothing of this one.
                let from = from.and_then(|(of, version)| (of == self.lineage).then_some(version));
                self.beats = Some(self.store.pulse.listen(&self.store)?);
                self.start(from).await
            }
            Phase::State { since, after } => {
                let (since, after) = (*since, after.clone());
                self.read_state(since, after).await
            }
            Phase::Following(version) => {
                let version = *version;
                self.follow(version).await
            }
        }
    }

    async fn start(&mut self, from: Option<Version>) -> Result<()> {
        if let Some(version) = from
            && let Some(news) = self.changes(version).await?
        {
            if news.events.is_empty() {
                self.pending.push_back(Event::Current(self.cursor(version)));
            }
            self.emit(news);
            return Ok(());
        }
        let since = self.store.read(clock).await?.version;
        self.pending.push_back(Event::Reset);
        self.phase = Phase::State { since, after: None };
        Ok(())
    }

    fn emit(&mut self, news: Changes) {
        self.pending.extend(news.events);
        self.phase = Phase::Following(news.until);
    }

    async fn read_state(&mut self, since: Version, after: Option<String>) -> Result<()> {
        let collection = self.collection.clone();
        let documents = self
            .store
            .read(move |connection| page(connection, &collection, after.as_deref().unwrap_or("")))
            .await?;
        if documents.len() < CHUNK {
            self.phase = Phase::Following(since);
        } else {
            self.phase = Phase::State {
                since,
                after: documents.last().map(|document| document.id.clone()),
            };
        }
        let done = matches!(self.phase, Phase::Following(_));
        self.pending.extend(documents.into_iter().map(Event::Put));
        if done {
            self.pending.push_back(Event::Current(self.cursor(since)));
        }
        Ok(())
    }

    async fn follow(&mut self, version: Version) -> Result<()> {
        // Mark the beat as seen before reading: a commit during the read wakes us again.
        if let Some(beats) = &mut self.beats {
            beats.receiver.mark_unchanged();
        }
        let Some(news) = self.changes(version).await? else {
            self.phase = Phase::Start(Some(self.cursor(version)));
            return Ok(());
        };
        if news.until > version {
            self.emit(news);
        } else if let Some(beats) = &mut self.beats {
            beats
                .receiver
                .changed()
                .await
                .map_err(|error| Error::internal("the watching thread is gone").because(error))?;
        }
        Ok(())
    }

    /// What is newer than `version`; `None` if the store cannot know any more or never was there.
    async fn changes(&self, version: Version) -> Result<Option<Changes>> {
        let (collection, lineage) = (self.collection.clone(), self.lineage.clone());
        self.store
            .read(move |connection| {
                // Asked first: everything up to it is among the changes that are read then.
                let before = clock(connection)?.version;
                let mut news = changes(connection, &collection, version)?;
                // Asked again: what is forgotten between the two is noticed.
                let now = clock(connection)?;
                if news.events.len() < CHUNK && news.until < before {
                    news.until = before;
                }
                if news.until > version {
                    let until = cursor(&lineage, news.until);
                    news.events.push(Event::Current(until));
                }
                let same = lineage == now.lineage;
                let known = version >= now.forgotten && version <= now.version;
                Ok((same && known).then_some(news))
            })
            .await
    }

    fn cursor(&self, version: Version) -> Cursor {
        cursor(&self.lineage, version)
    }
}

/// The lineage and the version of a cursor. One of a release that knew no lineage is of no store.
fn parse_cursor(cursor: &Cursor) -> Result<(String, Version)> {
    let (lineage, version) = cursor.0.rsplit_once(':').unwrap_or(("", &cursor.0));
    let version = version
        .parse()
        .map_err(|_| Error::invalid("the cursor is not one of this store"))?;
    Ok((lineage.to_owned(), version))
}

fn cursor(lineage: &str, version: Version) -> Cursor {
    Cursor(format!("{lineage}:{version}"))
}

fn clock(connection: &Connection) -> Result<StoreClock> {
    connection
        .prepare_cached("SELECT version, forgotten, lineage FROM clock")
        .and_then(|mut statement| {
            statement.query_row([], |row| {
                Ok(StoreClock {
                    version: row.get(0)?,
                    forgotten: row.get(1)?,
                    lineage: row.get(2)?,
                })
            })
        })
        .map_err(fault)
}

/// Which store this is.
pub(super) fn lineage(connection: &Connection) -> Result<String> {
    clock(connection).map(|clock| clock.lineage)
}

/// Behind everything that was written until now.
pub(super) fn fence(connection: &Connection) -> Result<Cursor> {
    clock(connection).map(|now| cursor(&now.lineage, now.version))
}

fn page(connection: &Connection, collection: &str, after: &str) -> Result<Vec<Document>> {
    connection
        .prepare_cached(
            "SELECT id, version, json, written FROM documents
             WHERE collection = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![collection, after, CHUNK], super::document)?
                .collect()
        })
        .map_err(fault)
}

fn changes(connection: &Connection, collection: &str, since: Version) -> Result<Changes> {
    let rows: Vec<(String, Version, Option<String>, i64)> = connection
        .prepare_cached(
            "SELECT id, version, json, written FROM documents
             WHERE collection = ?1 AND version > ?2
             UNION ALL
             SELECT id, version, NULL, 0 FROM tombstones WHERE collection = ?1 AND version > ?2
             ORDER BY version LIMIT ?3",
        )
        .and_then(|mut statement| {
            statement
                .query_map(params![collection, since, CHUNK], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })?
                .collect()
        })
        .map_err(fault)?;
    let until = rows.last().map_or(since, |(_, version, ..)| *version);
    let events = rows
        .into_iter()
        .map(|(id, version, json, written)| match json {
            Some(json) => Event::Put(Document {
                id,
                version,
                written,
                json,
            }),
            None => Event::Removed(id),
        })
        .collect();
    Ok(Changes { events, until })
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    fn read(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        match parse_cursor(&Cursor(text)) {
            Ok((lineage, version)) => {
                let again = parse_cursor(&cursor(&lineage, version)).expect("reads");
                assert_eq!(again, (lineage, version));
            }
            Err(error) => refused(&error),
        }
    }

    /// A cursor is read as it was given out; another one is refused.
    #[test]
    fn watch_cursor_is_read_or_refused() {
        hostile!("watch_cursor", read);
    }
}
