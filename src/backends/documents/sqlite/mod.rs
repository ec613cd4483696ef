//! The embedded store: one SQLite file in the data directory, shared by any number of processes.

mod backup;
mod clock;
mod directory;
mod disk;
mod fault;
mod free_space;
mod index;
mod lock_holders;
mod partial_file;
mod restore;
mod schema;
mod watch;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};

use self::fault::fault;
use self::free_space::FreeSpace;
pub use self::restore::{plan as plan_restore, restore};
pub use self::schema::SCHEMA_VERSION;
use self::writer::Writer;
use super::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, EventStream, Scan, Version,
    Write, second_of,
};
use crate::backends::private_files;
use crate::error::{Error, Result};
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::private_file::private;

/// The database's name in the data directory.
pub const FILE_NAME: &str = "tok.db";

/// The file beside another one whose name goes on like this.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// Idle reading connections that are kept.
const IDLE_READERS: usize = 8;
/// Documents handed from a scan to its reader at a time.
const SCAN_CHUNK: usize = 256;

/// [`Documents`] in a SQLite file.
pub struct SqliteDocuments {
    store: Arc<OpenStore>,
    writer: Writer,
    made: bool,
}

/// What readers and watchers share.
struct OpenStore {
    path: PathBuf,
    readers: Mutex<Vec<Connection>>,
    pulse: watch::CommitSignal,
    /// Says to whoever would replace the store that it is in use.
    _shared: std::fs::File,
}

impl SqliteDocuments {
    /// Opens or creates the store in `dir`; `max_bytes` bounds the file, 0 does not.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when the directory cannot be made or written, or the
    /// file is from a newer version.
    pub fn open(dir: &Path, max_bytes: u64) -> Result<Self> {
        directory::prepare(dir)?;
        let shared = directory::share(dir)?;
        restore::purge_cut_restore(dir);
        let path = dir.join(FILE_NAME);
        let made = !has_store(dir);
        make_file(&path);
        let space = FreeSpace::of(dir, &path, max_bytes);
        let connection = schema::open_writer(&path, max_bytes)?;
        schema::fold_after(&connection, space.longest_log())?;
        let writer = Writer::start(connection, space)?;
        let store = Arc::new(OpenStore {
            path,
            readers: Mutex::default(),
            pulse: watch::CommitSignal::default(),
            _shared: shared,
        });
        Ok(Self {
            store,
            writer,
            made,
        })
    }
}

impl SqliteDocuments {
    /// Whether there was no store, and this is a new one.
    pub fn is_new(&self) -> bool {
        self.made
    }
}

/// Whether there is a store in `dir`.
pub fn has_store(dir: &Path) -> bool {
    dir.join(FILE_NAME).exists()
}

/// Makes the file readable by its owner only; `SQLite` gives its side files the same mode. A
/// failure shows again, with a better sentence, when the database is opened.
fn make_file(path: &Path) {
    drop(private().append(true).create(true).open(path));
}

impl SqliteDocuments {
    /// The documents that a query of one field finds.
    async fn indexed(&self, query: String, value: String, limit: usize) -> Result<Vec<Document>> {
        self.store
            .read(move |connection| {
                let mut statement = connection.prepare_cached(&query).map_err(fault)?;
                statement
                    .query_map(params![value, limit], document)
                    .and_then(Iterator::collect)
                    .map_err(fault)
            })
            .await
    }
}

impl OpenStore {
    fn connect(&self) -> Result<Connection> {
        schema::open_reader(&self.path)
    }

    /// Runs a short read on this thread, with a connection kept for it.
    ///
    /// A point read takes microseconds; handing it to another thread costs several times that.
    fn read_here<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.lock_readers().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.connect()?,
        };
        let out = work(&connection);
        let mut readers = self.lock_readers();
        if readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        out
    }

    /// Runs a longer read where it may block.
    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = Arc::clone(self);
        tokio::task::spawn_blocking(move || store.read_here(work))
            .await
            .map_err(|error| Error::internal("a read was cut short").because(error))?
    }

    fn lock_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        // A connection is whole between calls, whatever a panicking reader did.
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn document(row: &Row<'_>) -> rusqlite::Result<Document> {
    Ok(Document {
        id: row.get(0)?,
        version: row.get(1)?,
        json: row.get(2)?,
        written: row.get(3)?,
    })
}

#[async_trait]
impl Documents for SqliteDocuments {
    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>> {
        self.store.read_here(|connection| {
            connection
                .prepare_cached(
                    "SELECT id, version, json, written FROM documents
                     WHERE collection = ?1 AND id = ?2",
                )
                .and_then(|mut statement| {
                    statement
                        .query_row(params![collection, id], document)
                        .optional()
                })
                .map_err(fault)
        })
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        self.writer.commit(writes).await
    }

    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        let query = index::query(collection, field, "= ?1");
        let value = value.to_owned();
        self.indexed(query, value, limit).await
    }

    async fn due(
        &self,
        collection: &str,
        field: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>> {
        let query = index::query(collection, field, "< ?1");
        self.indexed(query, second_of(before), limit).await
    }

    async fn backup(&self, to: &Path, progress: CopyProgress) -> Result<Backup> {
        let to = to.to_owned();
        // A connection of its own: it reads for longer than others should wait for it.
        let connection = self.store.connect()?;
        tokio::task::spawn_blocking(move || backup::copy(&connection, &to, progress))
            .await
            .map_err(|error| Error::internal("the backup was cut short").because(error))?
    }

    async fn damage(&self) -> Result<Vec<String>> {
        self.store.read(damage).await
    }

    async fn lineage(&self) -> Result<String> {
        self.store.read_here(watch::lineage)
    }

    async fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::now())
    }

    async fn fence(&self, _collection: &str) -> Result<Cursor> {
        self.store.read(watch::fence).await
    }

    fn resumes(&self) -> bool {
        true
    }

    async fn count(&self, collection: &str) -> Result<u64> {
        let collection = collection.to_owned();
        self.store
            .read(move |connection| {
                connection
                    .prepare_cached("SELECT count(*) FROM documents WHERE collection = ?1")
                    .and_then(|mut statement| statement.query_row([collection], |row| row.get(0)))
                    .map_err(fault)
            })
            .await
    }

    fn scan(&self, scan: Scan) -> DocumentStream {
        // Each part is a short read of its own: one long one, by whoever reads slowly, would keep
        // the log of changes from being folded into the file for as long as it lasts.
        let store = Arc::clone(&self.store);
        stream::try_unfold(Some(scan), move |scan| {
            let store = Arc::clone(&store);
            async move {
                let Some(scan) = scan else {
                    return Ok::<_, Error>(None);
                };
                let (part, next) = store.read(move |connection| part(connection, scan)).await?;
                let part = part.into_iter().map(Ok).collect::<Vec<_>>();
                Ok(Some((stream::iter(part), next)))
            }
        })
        .try_flatten()
        .boxed()
    }

    fn watch(&self, collection: &str, from: Option<Cursor>) -> EventStream {
        watch::watch(Arc::clone(&self.store), collection, from)
    }
}

/// The first part of a scan, and what is left of it.
fn part(connection: &Connection, scan: Scan) -> Result<(Vec<Document>, Option<Scan>)> {
    let most = match scan.limit {
        0 => SCAN_CHUNK,
        limit => limit.min(SCAN_CHUNK),
    };
    let mut statement = connection
        .prepare_cached(
            "SELECT id, version, json, written FROM documents
             WHERE collection = ?1 AND id > ?2 AND id >= ?3 AND id < ?4
             ORDER BY id LIMIT ?5",
        )
        .map_err(fault)?;
    let after = scan.after.as_deref().unwrap_or("");
    // U+10FFFF sorts behind every id that can follow the prefix.
    let end = format!("{}\u{10FFFF}", scan.prefix);
    let found: Vec<Document> = statement
        .query_map(
            params![scan.collection, after, scan.prefix, end, most],
            document,
        )
        .and_then(Iterator::collect)
        .map_err(fault)?;
    let left = scan.limit.saturating_sub(found.len());
    let ended = found.len() < most || (scan.limit > 0 && left == 0);
    let next = found.last().filter(|_| !ended).map(|last| Scan {
        after: Some(last.id.clone()),
        limit: left,
        ..scan
    });
    Ok((found, next))
}

/// Everything that SQLite finds wrong with the file, its indexes included.
fn damage(connection: &Connection) -> Result<Vec<String>> {
    let mut statement = connection
        .prepare("PRAGMA integrity_check(100)")
        .map_err(fault)?;
    let found: Vec<String> = statement
        .query_map([], |row| row.get(0))
        .and_then(Iterator::collect)
        .map_err(fault)?;
    Ok(found.into_iter().filter(|line| line != "ok").collect())
}

/// SQLite's own word on the whole file.
fn sound(connection: &Connection) -> Result<String> {
    connection
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(fault)
}

impl SqliteDocuments {
    /// That others may read what keys and people are in it, if they may.
    fn open_to_others(&self) -> Option<Finding> {
        let path = &self.store.path;
        private_files::is_open_to_others(path).then(|| {
            let path = path.display();
            Finding::bad(
                "store file",
                Health::Warn,
                format!("{path} can be read by others"),
                format!("chmod 600 {path}"),
            )
        })
    }
}

#[async_trait]
impl Probe for SqliteDocuments {
    fn is_vital(&self) -> bool {
        true
    }

    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let check = "store";
        let checked = match depth {
            Depth::Light => Ok("ok".to_owned()),
            Depth::Full => self.store.read(sound).await,
        };
        let written = async {
            let write = Write::put("tok_probe", "probe", &serde_json::json!({}))?;
            self.commit(vec![write]).await
        };
        let written = written.await.map(|_| ());
        let path = self.store.path.display();
        match (checked, written) {
            (Ok(answer), Ok(())) if answer == "ok" => {
                let sound = Finding::ok(check, format!("{path} is sound and writable"));
                let mut found = vec![sound];
                found.extend(self.open_to_others());
                if depth == Depth::Full {
                    let looked = self
                        .store
                        .read(|open| clock::look(open, Timestamp::now()))
                        .await;
                    found.extend(looked.unwrap_or_else(|error| {
                        let advice = "look again; if it lasts, tok store check";
                        Some(Finding::failed("store clock", &error, advice))
                    }));
                }
                found
            }
            (Ok(answer), Ok(())) => vec![Finding::bad(
                check,
                Health::Fail,
                format!("{path} is damaged: {answer}"),
                "stop every tok process and restore the file from a backup",
            )],
            (Err(error), _) | (_, Err(error)) => {
                let advice = "mend the data directory or choose another with --data-dir";
                let advice = error.advice().unwrap_or(advice);
                let what = format!("{path}: {error}");
                vec![Finding::bad(check, Health::Fail, what, advice)]
            }
        }
    }
}
