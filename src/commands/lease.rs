//! Leases: who may do a piece of work now.
//!
//! A lease is a document with an end; its holder renews it, anybody may take it once the end has
//! passed, and every step is fenced by the document's version.

use std::fmt;
use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::{BackendName, ProcessPlace, RoomName, random};
use crate::records::documents::{Document, Event, Precondition, Version};
use crate::records::{LEASES, StoredLease};

/// How long the lease of one command lasts, and how long one is taken to last that does not say so;
/// loops bring `worker.lease`.
const LIFE: Duration = Duration::from_secs(30);

/// How often a lease that changes while it is given back is looked at: one renewal may be under way.
const LOOKS: u32 = 5;

/// What every lease of a worker's loop begins with.
const LOOP: &str = "worker:";

/// What a lease is for. Whoever takes one and whoever asks after it mean the same by it, so every
/// name is made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseName(String);

impl LeaseName {
    /// The work of a loop, or of a part of one, by the name that the loop has in logs.
    pub fn of_loop(name: &str) -> Self {
        Self(format!("{LOOP}{name}"))
    }

    /// Sending the queue of notifications once.
    pub fn flush() -> Self {
        Self("notify-flush".to_owned())
    }

    /// Changing an index as a whole.
    pub fn reindex(index: &str) -> Self {
        Self(format!("search-reindex:{index}"))
    }

    /// Making a room that several may ask for at once.
    pub fn room(backend: BackendName, name: &RoomName) -> Self {
        Self(format!("room:{backend}:{name}"))
    }

    /// Deleting the rooms that these are the hash of.
    pub fn deletion(rooms: &str) -> Self {
        Self(format!("room-delete:{rooms}"))
    }

    /// Pruning the rooms of a backend.
    pub fn prune(backend: BackendName) -> Self {
        Self(format!("room-prune:{backend}"))
    }

    /// That the source of presence could be read just now.
    pub fn presence_read() -> Self {
        Self("presence-read".to_owned())
    }

    /// That the queue of notifications is to be looked at by the loops that rest.
    pub fn queue_wanted() -> Self {
        Self("notify-wanted".to_owned())
    }

    /// The id of the lease's document; runs are kept by the same text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LeaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A lease that is held.
pub struct Lease {
    context: Context,
    name: LeaseName,
    holder: String,
    life: Duration,
    state: Mutex<(Version, Instant)>,
}

impl Lease {
    /// Takes the lease called `name` for [`LIFE`].
    ///
    /// # Errors
    /// [`Kind::Locked`] when somebody else holds it.
    pub async fn take(context: &Context, name: &LeaseName) -> Result<Self> {
        Self::take_for(context, name, LIFE).await
    }

    /// Takes the lease called `name` for `life`.
    ///
    /// # Errors
    /// [`Kind::Locked`] when somebody else holds it.
    pub async fn take_for(context: &Context, name: &LeaseName, life: Duration) -> Result<Self> {
        let found = LEASES
            .document(context.documents.as_ref(), name.as_str())
            .await?;
        let precondition = match &found {
            None => Precondition::Missing,
            Some(document) => {
                let now = context.documents.now().await?.as_millisecond();
                let left = end_of(document) - now;
                if left > 0 {
                    let left = Duration::from_millis(left.unsigned_abs());
                    return Err(locked(name, by(document).as_ref(), left));
                }
                Precondition::Version(document.version)
            }
        };
        let lease = Self {
            context: context.clone(),
            name: name.clone(),
            holder: random::uuid(context.random.as_ref()),
            life,
            state: Mutex::new((0, Instant::now())),
        };
        match lease.write(precondition).await {
            Err(error) if error.kind() == Kind::Conflict => Err(locked(name, None, life)),
            other => other.map(|()| lease),
        }
    }

    /// Whether somebody holds the lease called `name` now.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn is_held(context: &Context, name: &LeaseName) -> Result<bool> {
        Ok(Self::held(context, name).await?.is_some())
    }

    /// Where the process runs that holds the lease called `name` now, if it says so.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn holder(context: &Context, name: &LeaseName) -> Result<Option<ProcessPlace>> {
        let held = Self::held(context, name).await?;
        Ok(held.as_ref().and_then(by))
    }

    /// The lease called `name`, if somebody holds it now.
    async fn held(context: &Context, name: &LeaseName) -> Result<Option<Document>> {
        let documents = context.documents.as_ref();
        let Some(document) = LEASES.document(documents, name.as_str()).await? else {
            return Ok(None);
        };
        let now = documents.now().await?.as_millisecond();
        Ok((end_of(&document) > now).then_some(document))
    }

    /// Tells whoever [waits](Self::taken) for the lease called `name`. A failure is logged: they look again
    /// by themselves, and whoever else takes it at this moment tells them as well.
    pub async fn tell(context: &Context, name: &LeaseName) {
        match Self::take(context, name).await {
            Ok(lease) => lease.release().await,
            Err(error) => tracing::debug!(%error, %name, "nobody was told"),
        }
    }

    /// Waits until somebody takes the lease called `name` or gives it back; for ever if the store cannot
    /// tell. Tells `listening` when nobody is missed any more.
    pub async fn taken(context: &Context, name: &LeaseName, listening: &Notify) {
        let mut told = context.documents.watch(LEASES.name(), None);
        let mut current = false;
        while let Some(Ok(event)) = told.next().await {
            let is_ours = match event {
                Event::Put(lease) => lease.id == name.as_str(),
                Event::Removed(id) => id == name.as_str(),
                Event::Current(_) => {
                    current = true;
                    listening.notify_one();
                    false
                }
                Event::Reset => false,
            };
            if is_ours && current {
                return;
            }
        }
        std::future::pending::<()>().await;
    }

    /// Runs `work`, renewing the lease all the while; stops it when the lease is lost.
    ///
    /// # Errors
    /// Those of `work`, or [`Kind::Locked`] when somebody took the lease over.
    pub async fn hold_while<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let renewing = async {
            loop {
                // Not beyond its end: from then on somebody else may work.
                let (_, until) = self.state();
                tokio::time::sleep_until((Instant::now() + self.life / 3).min(until)).await;
                let renewed = tokio::time::timeout_at(until, self.renew()).await;
                match renewed.unwrap_or_else(|_| Err(Error::unavailable("the store was too slow")))
                {
                    Ok(()) => {}
                    Err(error) if error.kind() == Kind::Conflict => {
                        return Error::new(Kind::Locked, "another run took this work over");
                    }
                    Err(error) if Instant::now() >= until => {
                        return error.saying("the lease ended and could not be renewed");
                    }
                    // Until the lease ends there is time to try again.
                    Err(error) => tracing::warn!(error = %error, "a lease could not be renewed"),
                }
            }
        };
        tokio::select! {
            outcome = work => outcome,
            lost = renewing => Err(lost),
        }
    }

    /// Writes it anew for as long as it is ours. One that changed may still be: the answer to an earlier
    /// renewal that was made may have been lost.
    async fn renew(&self) -> Result<()> {
        let documents = self.context.documents.as_ref();
        let (mut version, _) = self.state();
        loop {
            let changed = match self.write(Precondition::Version(version)).await {
                Err(error) if error.kind() == Kind::Conflict => error,
                outcome => return outcome,
            };
            let found = LEASES.document(documents, self.name.as_str()).await?;
            let ours = found.filter(|found| {
                let lease = LEASES.readable(found);
                lease.is_some_and(|lease| lease.holder == self.holder)
            });
            version = ours.ok_or(changed)?.version;
        }
    }

    /// Gives the lease back. A failure is logged: the work is done, and the lease ends by itself.
    pub async fn release(self) {
        if let Err(error) = self.remove().await {
            tracing::warn!(%error, name = %self.name, "a lease could not be given back");
        }
    }

    /// Removes the document if it is still ours. A renewal that was cut off may have changed it, or may
    /// just be about to: whoever is second looks again.
    async fn remove(&self) -> Result<()> {
        let documents = self.context.documents.as_ref();
        let mut looks = 0;
        loop {
            let Some(found) = LEASES.get(documents, self.name.as_str()).await? else {
                return Ok(());
            };
            if found.record.holder != self.holder {
                return Ok(());
            }
            let write = LEASES.delete(self.name.as_str()).only_if(found.unchanged());
            looks += 1;
            match documents.commit(vec![write]).await {
                Err(error) if error.kind() == Kind::Conflict && looks < LOOKS => {}
                outcome => return outcome.map(|_| ()),
            }
        }
    }

    async fn write(&self, precondition: Precondition) -> Result<()> {
        let stored = StoredLease {
            holder: self.holder.clone(),
            until: self.end(),
            life_ms: i64::try_from(self.life.as_millis()).unwrap_or(i64::MAX),
            by: Some(self.context.place.as_ref().clone()),
        };
        // Counted from before it is written: it ends here earlier than for anybody else.
        let until = Instant::now() + self.life;
        let write = LEASES
            .put(self.name.as_str(), &stored)?
            .only_if(precondition);
        let versions = self.context.documents.commit(vec![write]).await?;
        if let Some(version) = versions.first() {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            *state = (*version, until);
        }
        Ok(())
    }

    /// The version we wrote last, and until when it holds.
    fn state(&self) -> (Version, Instant) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> Timestamp {
        let life = SignedDuration::try_from(self.life).unwrap_or(SignedDuration::ZERO);
        let now = self.context.clock.now();
        now.saturating_add(life).unwrap_or(now)
    }
}

/// The lease of a loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseFacts {
    /// The loop.
    pub name: String,
    /// Where the worker runs that took it, if it says so.
    pub by: Option<ProcessPlace>,
    /// Whether it holds now; otherwise its holder died and anybody may take over.
    pub held: bool,
}

/// The leases of the loops whose names begin with `of`.
///
/// # Errors
/// Those of the store.
pub async fn loops(context: &Context, of: &str) -> Result<Vec<LeaseFacts>> {
    let mut out = Vec::new();
    let documents = context.documents.as_ref();
    let prefix = LeaseName::of_loop(of);
    let mut found = LEASES.scan(documents, LEASES.all().prefix(prefix.as_str()));
    let now = documents.now().await?.as_millisecond();
    while let Some(found) = found.try_next().await? {
        out.push(LeaseFacts {
            name: found.id[LOOP.len()..].to_owned(),
            by: found.record.by,
            held: found.written.saturating_add(found.record.life_ms) > now,
        });
    }
    Ok(out)
}

/// When a lease ends, in Unix milliseconds of the store's clock. That of a newer release holds as
/// long as usual. One that nobody can read is nobody's: whoever wrote it cannot renew it either.
fn end_of(document: &Document) -> i64 {
    let life = match LEASES.read(document) {
        Ok(lease) => lease.life_ms,
        Err(error) if error.why() == Some(Reason::WrittenByNewer) => {
            i64::try_from(LIFE.as_millis()).unwrap_or(i64::MAX)
        }
        Err(_) => 0,
    };
    document.written.saturating_add(life)
}

/// Where the process runs that wrote a lease, if it says so.
fn by(document: &Document) -> Option<ProcessPlace> {
    LEASES.read(document).ok()?.by
}

fn locked(name: &LeaseName, by: Option<&ProcessPlace>, left: Duration) -> Error {
    let seconds = left.as_secs_f64().ceil();
    let by = by.map_or_else(String::new, |by| format!(" ({by})"));
    let message = format!(
        "another run is at work on `{name}`{by}; if it died, it can be taken over in {seconds} s"
    );
    Error::new(Kind::Locked, message).retry_after(Some(left))
}
