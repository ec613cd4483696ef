//! Requests that are carried out once, however often they are sent.
//!
//! Before a request runs, its key is claimed with a fingerprint of the request; afterwards the
//! answer is kept beside it for a day. A second request with the same key gets that answer. If the
//! process died in between, the claim runs out and the request may be carried out again, now told
//! that it is a repetition, so that it can adopt what the first attempt left.

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::backends::documents::{Document, Precondition, Scan, Version, Write};
use crate::context::Context;
use crate::error::{Error, Kind, Result};

const COLLECTION: &str = "tok_idempotency";
/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a claim without an answer stands; longer than any request may take.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// An answer that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    fingerprint: String,
    until: Timestamp,
    answer: Option<Answer>,
}

/// What to do with a request that carries a key.
pub enum Claim {
    /// It was answered before: answer the same.
    Answered(Answer),
    /// Carry it out and report with [`finish`].
    Run(Ticket),
}

/// The right to carry out a claimed request.
pub struct Ticket {
    id: String,
    version: Version,
    fingerprint: String,
    /// An earlier attempt may have been carried out without its answer being kept.
    pub repeated: bool,
}

/// Claims `id` (the caller's key, made unique per caller) for the request with this fingerprint.
///
/// # Errors
/// [`Kind::InvalidInput`] when the key was used for another request, [`Kind::Conflict`] when the
/// same request is being carried out now.
pub async fn claim(context: &Context, id: &str, fingerprint: String) -> Result<Claim> {
    let found = context.documents.get(COLLECTION, id).await?;
    let now = context.clock.now();
    let precondition = match found {
        None => Precondition::Missing,
        Some(document) => match judge(&document, &fingerprint, now)? {
            Some(answer) => return Ok(Claim::Answered(answer)),
            None => Precondition::Version(document.version),
        },
    };
    let stored = Stored {
        fingerprint: fingerprint.clone(),
        until: now.saturating_add(CLAIM).unwrap_or(now),
        answer: None,
    };
    let write = Write::put(COLLECTION, id, &stored)?.only_if(precondition);
    match context.documents.commit(vec![write]).await {
        Ok(versions) => Ok(Claim::Run(Ticket {
            id: id.to_owned(),
            version: versions.first().copied().unwrap_or_default(),
            fingerprint,
            repeated: precondition != Precondition::Missing,
        })),
        Err(error) if error.kind() == Kind::Conflict => Err(running()),
        Err(error) => Err(error),
    }
}

/// The kept answer; `None` when a dead claim may be taken over.
fn judge(document: &Document, fingerprint: &str, now: Timestamp) -> Result<Option<Answer>> {
    let stored: Stored = document.decode()?;
    let over = stored.until <= now;
    match stored.answer {
        Some(_) if over => Ok(None),
        _ if stored.fingerprint != fingerprint => Err(Error::invalid(
            "this Idempotency-Key was used for another request; use a new key",
        )),
        Some(answer) => Ok(Some(answer)),
        None if over => Ok(None),
        None => Err(running()),
    }
}

fn running() -> Error {
    Error::conflict("a request with this Idempotency-Key is being carried out; try again")
}

/// Keeps the answer of a request that was carried out, or gives the key free again with `None`.
///
/// # Errors
/// As a commit.
pub async fn finish(context: &Context, ticket: Ticket, answer: Option<Answer>) -> Result<()> {
    let now = context.clock.now();
    let precondition = Precondition::Version(ticket.version);
    let write = match answer {
        None => Write::delete(COLLECTION, &ticket.id),
        Some(answer) => {
            let stored = Stored {
                fingerprint: ticket.fingerprint,
                until: now.saturating_add(KEPT).unwrap_or(now),
                answer: Some(answer),
            };
            Write::put(COLLECTION, &ticket.id, &stored)?
        }
    };
    match context
        .documents
        .commit(vec![write.only_if(precondition)])
        .await
    {
        // The claim ran out meanwhile and another attempt took over: its answer counts.
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        other => other.map(|_| ()),
    }
}

/// Removes answers that are no longer kept and claims that nobody came back for.
///
/// # Errors
/// As a scan or commit.
pub async fn sweep(context: &Context) -> Result<u64> {
    let now = context.clock.now();
    let old: Vec<Write> = context
        .documents
        .scan(Scan::all(COLLECTION))
        .try_filter_map(|document| {
            let write = document.decode::<Stored>().map(|stored| {
                let kept = stored.until.saturating_add(KEPT).unwrap_or(stored.until);
                let over = if stored.answer.is_some() {
                    stored.until
                } else {
                    kept
                };
                (over <= now).then(|| {
                    Write::delete(COLLECTION, &document.id)
                        .only_if(Precondition::Version(document.version))
                })
            });
            std::future::ready(write)
        })
        .try_collect()
        .await?;
    let mut swept = 0;
    for write in old {
        match context.documents.commit(vec![write]).await {
            Ok(_) => swept += 1,
            // It was taken over meanwhile.
            Err(error) if error.kind() == Kind::Conflict => {}
            Err(error) => return Err(error),
        }
    }
    Ok(swept)
}
