//! Requests that are carried out once, however often they are sent.
//!
//! Before a request runs, its key is claimed with a fingerprint of the request; afterwards the
//! answer is kept beside it for a day. A second request with the same key gets that answer. If the
//! process died in between, the claim runs out and the request may be carried out again, now told
//! that it is a repetition, so that it can adopt what the first attempt left.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::commands::housekeeping;
use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::random;
use crate::records::documents::{Precondition, Version, Write};
use crate::records::{IDEMPOTENCY, StoredRequest};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
/// How long a claim stands whose holder died.
const CLAIM: SignedDuration = SignedDuration::from_mins(2);
/// How often the holder of a claim renews it.
const RENEW: Duration = Duration::from_secs(30);

/// An answer that was given.
pub use crate::records::KeptAnswer as Answer;

/// What to do with a request that carries a key.
pub enum Claim {
    /// It was answered before: answer the same.
    Answered(Answer),
    /// Carry it out and report how it ended with [`finish`].
    Run(ClaimedRequest),
}

/// The right to carry out a claimed request.
pub struct ClaimedRequest {
    id: String,
    /// Names this attempt, and no other one.
    holder: String,
    /// The version we wrote last, as far as we were told.
    version: Version,
    fingerprint: String,
    /// When the first attempt began.
    pub since: Timestamp,
    /// An earlier attempt may have been carried out without its answer being kept.
    pub repeated: bool,
}

/// How a request that was carried out ended.
pub enum RequestEnding {
    /// The same request would get this answer again: keep it.
    Lasting(Answer),
    /// It did nothing, and may be tried again as if for the first time.
    Nothing,
    /// It may have done something; the next attempt is a repetition.
    Unknown,
}

/// Claims `id` (the caller's key, made unique per caller) for the request with this fingerprint.
///
/// # Errors
/// [`Kind::InvalidInput`] when the key was used for another request, [`Kind::Conflict`] when the
/// same request is being carried out now, or nobody can tell what became of it.
pub async fn claim(context: &Context, id: &str, fingerprint: String) -> Result<Claim> {
    let found = IDEMPOTENCY.document(context.documents.as_ref(), id).await?;
    let now = context.clock.now();
    let mut request = ClaimedRequest {
        id: id.to_owned(),
        holder: random::uuid(context.random.as_ref()),
        version: 0,
        fingerprint,
        since: now,
        repeated: false,
    };
    let mut precondition = Precondition::Missing;
    if let Some(document) = found {
        let stored = IDEMPOTENCY.read(&context.seal, &document);
        let stored = stored.map_err(unproven)?;
        precondition = Precondition::Version(document.version);
        match classify(stored, &request.fingerprint, now)? {
            State::Answered(answer) => return Ok(Claim::Answered(answer)),
            State::Abandoned(since) => {
                request.since = since;
                request.repeated = true;
            }
            State::Over => {}
        }
    }
    request.take(context, precondition).await?;
    Ok(Claim::Run(request))
}

/// What is known of a key that was used before.
enum State {
    Answered(Answer),
    /// An attempt that began then was never answered.
    Abandoned(Timestamp),
    /// The answer is no longer kept: the key is as good as new.
    Over,
}

fn classify(stored: StoredRequest, fingerprint: &str, now: Timestamp) -> Result<State> {
    let over = stored.until <= now;
    match stored.answer {
        Some(_) if over => Ok(State::Over),
        _ if stored.fingerprint != fingerprint => Err(Error::invalid(
            "this Idempotency-Key was used for another request; use a new key",
        )),
        Some(answer) => Ok(State::Answered(answer)),
        None if over => Ok(State::Abandoned(stored.since)),
        None => Err(running()),
    }
}

fn running() -> Error {
    Error::conflict("a request with this Idempotency-Key is being carried out; try again")
}

/// Carrying it out could do it twice, and an answer that nobody vouches for is never given out.
fn unproven(error: Error) -> Error {
    if error.why() != Some(Reason::NotSealed) {
        return error;
    }
    let what = "what is kept of this Idempotency-Key carries no good seal, so that nobody knows whether the request was carried out; see what it would have made, then use a new key";
    Error::conflict(what)
        .reason(Reason::NotSealed)
        .because(error)
}

impl ClaimedRequest {
    /// Takes the claim.
    async fn take(&mut self, context: &Context, precondition: Precondition) -> Result<()> {
        let write = self.record(context, None, CLAIM)?.only_if(precondition);
        let Err(error) = self.commit(context, write).await else {
            return Ok(());
        };
        // It may be written although its answer was lost: nobody else would carry it out then.
        if self.found_again(context).await.map_err(unproven)? {
            return Ok(());
        }
        if error.kind() == Kind::Conflict {
            return Err(running());
        }
        Err(error)
    }

    /// The write of the record of this request, to stand for `life` from now.
    fn record(
        &self,
        context: &Context,
        answer: Option<Answer>,
        life: SignedDuration,
    ) -> Result<Write> {
        let now = context.clock.now();
        let stored = StoredRequest {
            fingerprint: self.fingerprint.clone(),
            since: self.since,
            until: now.saturating_add(life).unwrap_or(now),
            answer,
            holder: Some(self.holder.clone()),
        };
        IDEMPOTENCY.put(&context.seal, now, &self.id, &stored)
    }

    async fn commit(&mut self, context: &Context, write: Write) -> Result<()> {
        let versions = context.documents.commit(vec![write]).await?;
        self.version = versions.first().copied().unwrap_or_default();
        Ok(())
    }

    /// Makes a write over what we wrote last, whether or not we were told of that.
    async fn write_over(&mut self, context: &Context, write: &Write) -> Result<()> {
        loop {
            let unchanged = Precondition::Version(self.version);
            match self.commit(context, write.clone().only_if(unchanged)).await {
                Err(error) if error.kind() == Kind::Conflict => {
                    if !self.found_again(context).await? {
                        return Err(error);
                    }
                }
                outcome => return outcome,
            }
        }
    }

    /// Whether the record is ours in another version than we know, which we know from then on: the
    /// answer to a write was lost, or not waited for.
    async fn found_again(&mut self, context: &Context) -> Result<bool> {
        let documents = context.documents.as_ref();
        let found = IDEMPOTENCY.document(documents, &self.id).await?;
        let Some(found) = found.filter(|found| found.version != self.version) else {
            return Ok(false);
        };
        let stored = IDEMPOTENCY.read(&context.seal, &found)?;
        let is_ours = stored.holder.as_ref() == Some(&self.holder);
        if is_ours {
            self.version = found.version;
        }
        Ok(is_ours)
    }

    /// Carries the request out, keeping the claim alive for as long as that takes.
    pub async fn carry_out<T>(&mut self, context: &Context, work: impl Future<Output = T>) -> T {
        let renewing = async {
            loop {
                tokio::time::sleep(RENEW).await;
                if let Err(error) = self.renew(context).await {
                    tracing::warn!(%error, "a claim could not be renewed");
                }
            }
        };
        // Beside the work, which may have leases of its own to renew.
        tokio::select! {
            biased;
            done = work => done,
            () = renewing => unreachable!("it goes on for ever"),
        }
    }

    async fn renew(&mut self, context: &Context) -> Result<()> {
        let write = self.record(context, None, CLAIM)?;
        self.write_over(context, &write).await
    }
}

/// Removes kept answers that have run their time; how many.
///
/// # Errors
/// Those of the store.
pub async fn expire(context: &Context) -> Result<u64> {
    let (removed, error) = housekeeping::expire(context, &IDEMPOTENCY.declaration()).await;
    error.map_or(Ok(removed), Err)
}

/// Records how a request ended.
///
/// # Errors
/// As a commit.
pub async fn finish(
    context: &Context,
    mut request: ClaimedRequest,
    ending: RequestEnding,
) -> Result<()> {
    let write = match ending {
        RequestEnding::Lasting(answer) => request.record(context, Some(answer), KEPT)?,
        RequestEnding::Unknown => request.record(context, None, SignedDuration::ZERO)?,
        RequestEnding::Nothing => IDEMPOTENCY.delete(&request.id),
    };
    match request.write_over(context, &write).await {
        // The claim ran out meanwhile and another attempt took over: its answer counts.
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        other => other,
    }
}
