//! The one writer: a thread that owns the writing connection and commits in batches.
//!
//! While one commit waits for the disk, further jobs gather in the queue; the next commit takes
//! them all. A job is acknowledged only when the commit that holds it is durable, and each job has
//! a savepoint of its own, so one that fails does not touch its neighbours.

use std::path::PathBuf;
use std::thread::JoinHandle;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use serde_json::{Map, Value};
use tokio::sync::{mpsc, oneshot};

use super::fault::{begin_fault, conflict, fault};
use super::free_space::FreeSpace;
use crate::backends::documents::{Mutation, Precondition, Version, Write, is_full};
use crate::error::{Error, Reason, Result};

/// Jobs that may wait before callers are held back.
const QUEUE: usize = 1024;
/// Jobs that share one commit at most.
const BATCH: usize = 256;
/// Deletions that are remembered for watchers that come back.
const KEEP_TOMBSTONES: u64 = 100_000;
/// How many deletions pass between two looks at [`KEEP_TOMBSTONES`].
const PRUNE_EVERY: u64 = 4096;

/// Free pages that are kept for what comes.
const FREE_KEPT: u32 = 256;
/// Pages given back to the disk at a time.
const GIVEN_BACK: u32 = 1024;

/// One commit asked for.
struct CommitJob {
    writes: Vec<Write>,
    reply: oneshot::Sender<Result<Vec<Version>>>,
}

/// The way to the writer thread. Dropping it lets the thread finish and close the database.
pub(super) struct Writer {
    jobs: Option<mpsc::Sender<CommitJob>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer thread broke");
        }
    }
}

impl Writer {
    /// Starts the thread, which ends with the last handle to it.
    pub(super) fn start(connection: Connection, space: FreeSpace) -> Result<Self> {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let thread = std::thread::Builder::new()
            .name("tok-writer".to_owned())
            .spawn(move || run(connection, queue, space))
            .map_err(|error| Error::internal("the writer thread cannot start").because(error))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Hands a commit to the thread and waits until it is durable or refused.
    pub(super) async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        let gone = || Error::internal("the writer thread is gone");
        let (reply, answer) = oneshot::channel();
        let job = CommitJob { writes, reply };
        let jobs = self.jobs.as_ref().ok_or_else(gone)?;
        jobs.send(job).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())?
    }
}

fn run(mut connection: Connection, mut queue: mpsc::Receiver<CommitJob>, mut space: FreeSpace) {
    let mut deletions = 0;
    while let Some(first) = queue.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH {
            match queue.try_recv() {
                Ok(job) => batch.push(job),
                Err(_) => break,
            }
        }
        let gone = commit_batch(&mut connection, batch, &mut space);
        deletions += gone;
        if gone > 0 {
            give_back(&connection);
        }
        if deletions >= PRUNE_EVERY {
            deletions = 0;
            if let Err(error) = purge_old_tombstones(&connection) {
                tracing::warn!(error = %error, "old deletions could not be forgotten");
            }
        }
    }
}

/// Gives a part of what is free in the file back to the disk, if it is much of it.
fn give_back(connection: &Connection) {
    // It is only late: the next deletion tries again.
    if let Err(error) = try_give_back(connection) {
        tracing::debug!(%error, "the file could not be made smaller");
    }
}

fn try_give_back(connection: &Connection) -> rusqlite::Result<()> {
    let much: bool = connection
        .prepare_cached(
            "SELECT freelist_count > ?1 AND freelist_count * 4 > page_count
             FROM pragma_freelist_count(), pragma_page_count()",
        )?
        .query_row([FREE_KEPT], |row| row.get(0))?;
    if much {
        let mut vacuum = connection.prepare(&format!("PRAGMA incremental_vacuum({GIVEN_BACK})"))?;
        let mut pages = vacuum.query([])?;
        // Each row is a page given back.
        while pages.next()?.is_some() {}
    }
    Ok(())
}

/// Commits a batch and answers each job; returns how many documents were deleted.
fn commit_batch(connection: &mut Connection, batch: Vec<CommitJob>, space: &mut FreeSpace) -> u64 {
    let mut deletions = 0;
    let (replies, jobs): (Vec<_>, Vec<_>) =
        batch.into_iter().map(|job| (job.reply, job.writes)).unzip();
    let outcome = perform(connection, &jobs, &mut deletions, space);
    match outcome {
        Ok(answers) => {
            for (reply, answer) in replies.into_iter().zip(answers) {
                // A caller that went away no longer wants the answer; its write stands.
                drop(reply.send(answer));
            }
        }
        Err(error) if replies.len() == 1 || !may_be_ones_own(&error) => {
            for reply in replies {
                drop(reply.send(Err(error.again())));
            }
        }
        // Whatever one of them fails by must not fail its neighbours: one by one.
        Err(_) => {
            for (reply, writes) in replies.into_iter().zip(jobs) {
                let alone = perform(
                    connection,
                    std::slice::from_ref(&writes),
                    &mut deletions,
                    space,
                );
                let answer = alone.and_then(|mut answers| {
                    answers
                        .pop()
                        .unwrap_or_else(|| Err(Error::internal("a write was lost")))
                });
                drop(reply.send(answer));
            }
        }
    }
    deletions
}

/// Whether a batch may have failed by one of its jobs: a small write fits where a large one fills the
/// disk, and what is wrong with one stored document is no reason for others.
fn may_be_ones_own(error: &Error) -> bool {
    is_full(error) || error.kind() == crate::Kind::Internal
}

/// Whether a write adds data, rather than removing some or noting that.
fn grows(write: &Write) -> bool {
    write.change != Mutation::Delete && !write.bookkeeping
}

/// Runs all jobs in one transaction: an answer per job, or one error for all of them.
fn perform(
    connection: &mut Connection,
    jobs: &[Vec<Write>],
    deletions: &mut u64,
    space: &mut FreeSpace,
) -> Result<Vec<Result<Vec<Version>>>> {
    let path = PathBuf::from(connection.path().unwrap_or_default());
    let mut transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| begin_fault(&path, error))?;
    let mut clock: Version = transaction
        .prepare_cached("SELECT version FROM clock")
        .and_then(|mut statement| statement.query_row([], |row| row.get(0)))
        .map_err(fault)?;
    let before = clock;
    let mut answers = Vec::with_capacity(jobs.len());
    for writes in jobs {
        let savepoint = transaction.savepoint().map_err(fault)?;
        let answer = apply(&savepoint, writes, &mut clock, deletions);
        match answer {
            Ok(versions) => {
                savepoint.commit().map_err(fault)?;
                answers.push(Ok(versions));
            }
            // Only a refused precondition is this job's own affair.
            Err(error) if error.kind() == crate::Kind::Conflict => {
                drop(savepoint);
                answers.push(Err(error));
            }
            Err(error) => return Err(error),
        }
    }
    if jobs.iter().flatten().any(grows) {
        space.insist(&transaction)?;
    }
    if clock != before {
        transaction
            .prepare_cached("UPDATE clock SET version = ?1")
            .and_then(|mut statement| statement.execute([clock]))
            .map_err(fault)?;
    }
    transaction.commit().map_err(fault)?;
    Ok(answers)
}

fn apply(
    savepoint: &Connection,
    writes: &[Write],
    clock: &mut Version,
    deletions: &mut u64,
) -> Result<Vec<Version>> {
    writes
        .iter()
        .map(|write| apply_one(savepoint, write, clock, deletions))
        .collect()
}

fn apply_one(
    savepoint: &Connection,
    write: &Write,
    clock: &mut Version,
    deletions: &mut u64,
) -> Result<Version> {
    let needs_old =
        write.precondition != Precondition::None || !matches!(write.change, Mutation::Put(_));
    let old = if needs_old {
        stored(savepoint, write)?
    } else {
        None
    };
    check(write, old.as_ref().map(|(version, _)| *version))?;
    if let (Mutation::Merge(fields), Some((version, _))) = (&write.change, &old)
        && fields.is_empty()
    {
        return Ok(*version);
    }
    let json = match &write.change {
        Mutation::Put(value) => value.to_string(),
        Mutation::Merge(fields) => {
            let old = old.and_then(|(_, json)| json);
            merged(old, fields, &format!("{}/{}", write.collection, write.id))?
        }
        Mutation::Delete => {
            if old.is_some() {
                *clock += 1;
                *deletions += 1;
                delete_leaving_tombstone(savepoint, write, *clock)?;
            }
            return Ok(0);
        }
    };
    *clock += 1;
    store(savepoint, write, *clock, &json)?;
    Ok(*clock)
}

/// The version of what is there and, where that is changed in part, its text.
fn stored(connection: &Connection, write: &Write) -> Result<Option<(Version, Option<String>)>> {
    let query = match write.change {
        Mutation::Merge(_) => {
            "SELECT version, json FROM documents WHERE collection = ?1 AND id = ?2"
        }
        Mutation::Put(_) | Mutation::Delete => {
            "SELECT version, NULL FROM documents WHERE collection = ?1 AND id = ?2"
        }
    };
    connection
        .prepare_cached(query)
        .and_then(|mut statement| {
            statement
                .query_row(params![write.collection, write.id], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()
        })
        .map_err(fault)
}

fn check(write: &Write, found: Option<Version>) -> Result<()> {
    match (write.precondition, found) {
        (Precondition::Missing, Some(_)) => conflict(&write.id, "exists already"),
        (Precondition::Exists | Precondition::Version(_), None) => {
            conflict(&write.id, "does not exist")
        }
        (Precondition::Version(wanted), Some(found)) if wanted != found => {
            conflict(&write.id, "was changed meanwhile")
        }
        _ => Ok(()),
    }
}

fn merged(old: Option<String>, fields: &Map<String, Value>, place: &str) -> Result<String> {
    let mut whole: Map<String, Value> = match old {
        Some(json) => serde_json::from_str(&json).map_err(|error| {
            Error::internal(format!("the stored document `{place}` cannot be read"))
                .reason(Reason::StoredUnreadable)
                .because(error)
        })?,
        None => Map::new(),
    };
    for (key, value) in fields {
        whole.insert(key.clone(), value.clone());
    }
    Ok(Value::Object(whole).to_string())
}

fn store(connection: &Connection, write: &Write, version: Version, json: &str) -> Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO documents (collection, id, version, json, written)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (collection, id) DO UPDATE SET version = ?3, json = ?4, written = ?5",
        )
        .and_then(|mut statement| {
            let now = Timestamp::now().as_millisecond();
            statement.execute(params![write.collection, write.id, version, json, now])
        })
        .and_then(|_| {
            connection.prepare_cached("DELETE FROM tombstones WHERE collection = ?1 AND id = ?2")
        })
        .and_then(|mut statement| statement.execute(params![write.collection, write.id]))
        .map(|_| ())
        .map_err(fault)
}

fn delete_leaving_tombstone(
    connection: &Connection,
    write: &Write,
    version: Version,
) -> Result<()> {
    connection
        .prepare_cached("DELETE FROM documents WHERE collection = ?1 AND id = ?2")
        .and_then(|mut statement| statement.execute(params![write.collection, write.id]))
        .and_then(|_| {
            connection.prepare_cached(
                "INSERT OR REPLACE INTO tombstones (collection, id, version) VALUES (?1, ?2, ?3)",
            )
        })
        .and_then(|mut statement| statement.execute(params![write.collection, write.id, version]))
        .map(|_| ())
        .map_err(fault)
}

/// Drops all but the newest deletions and remembers up to where they are gone, so that a watcher
/// with an older cursor is told to start over.
fn purge_old_tombstones(connection: &Connection) -> Result<()> {
    let cut: Option<Version> = connection
        .query_row(
            "SELECT version FROM tombstones ORDER BY version DESC LIMIT 1 OFFSET ?1",
            [KEEP_TOMBSTONES],
            |row| row.get(0),
        )
        .optional()
        .map_err(fault)?;
    let Some(cut) = cut else { return Ok(()) };
    // One statement each, and the mark first: a crash between them only forgets too early.
    connection
        .execute("UPDATE clock SET forgotten = ?1", [cut])
        .and_then(|_| connection.execute("DELETE FROM tombstones WHERE version <= ?1", [cut]))
        .map(|_| ())
        .map_err(fault)
}
