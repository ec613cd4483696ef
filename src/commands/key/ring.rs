//! The keys in memory, kept true by a watch, so that a request costs no read of the store.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::watch;

use super::verify::{check, find, refused, split};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::StoredKey;
use crate::records::KEYS;
use crate::records::documents::Event;

/// How long to wait before watching again after a failure.
const PAUSE: Duration = Duration::from_secs(1);

/// While the ring is true, a key that is not in it can only be new: ids that nobody knows are looked
/// up this often in all, with some in stock.
const NEW_KEYS: Quota = quota(1, 10);
/// While it is not, the store is asked for every key.
const ALL_KEYS: Quota = quota(100, 100);
/// How long the watch may take to tell of a key that was just made.
const TOLD_WITHIN: Duration = Duration::from_millis(200);
/// How long an id that is not in the store is not asked for again,
const UNKNOWN_FOR: Duration = Duration::from_secs(5);
/// and how many are remembered.
const UNKNOWN: usize = 4096;

type Keys = HashMap<String, Arc<StoredKey>>;

/// Every key, as of at most 100 ms ago. A key that is not here may be new: the store is asked, which
/// may cost, so not for everything that strangers invent.
pub struct KeyRing {
    /// Nothing while it is not known to be true.
    keys: RwLock<Option<Keys>>,
    new_keys: DefaultDirectRateLimiter,
    all_keys: DefaultDirectRateLimiter,
    /// Ids that the store does not have, since when.
    unknown: Mutex<HashMap<String, Instant>>,
    /// Told whenever the ring changes.
    changes: watch::Sender<()>,
}

/// So many a second, with `stock` at once.
const fn quota(each_second: u32, stock: u32) -> Quota {
    let (Some(each_second), Some(stock)) = (NonZeroU32::new(each_second), NonZeroU32::new(stock))
    else {
        panic!("not zero")
    };
    Quota::per_second(each_second).allow_burst(stock)
}

impl Default for KeyRing {
    fn default() -> Self {
        Self {
            keys: RwLock::default(),
            new_keys: RateLimiter::direct(NEW_KEYS),
            all_keys: RateLimiter::direct(ALL_KEYS),
            unknown: Mutex::default(),
            changes: watch::Sender::new(()),
        }
    }
}

impl KeyRing {
    /// Keeps the ring true for as long as this runs.
    pub async fn follow(&self, context: &Context) {
        loop {
            if let Err(error) = self.watch(context).await {
                tracing::warn!(%error, "the API keys cannot be watched; asking the store for each");
            }
            self.publish(None);
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn watch(&self, context: &Context) -> Result<()> {
        let mut events = context.documents.watch(KEYS.name(), None);
        let mut keys = Keys::new();
        while let Some(event) = events.try_next().await? {
            match event {
                Event::Reset => {
                    keys.clear();
                    self.publish(None);
                }
                Event::Put(document) => match KEYS.readable(&context.seal, &document) {
                    Some(key) => drop(keys.insert(document.id, Arc::new(key))),
                    None => drop(keys.remove(&document.id)),
                },
                Event::Removed(id) => {
                    keys.remove(&id);
                }
                Event::Current(_) => self.publish(Some(keys.clone())),
            }
        }
        Ok(())
    }

    fn publish(&self, keys: Option<Keys>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        self.changes.send_replace(());
    }

    /// Tells of a key that is in the ring, or is none at all, without asking anybody; nothing of one
    /// that may be new. It takes time that tells nothing about the secret.
    pub fn known(&self, context: &Context, presented: &str) -> Option<Result<Arc<StoredKey>>> {
        let (id, secret) = match split(presented) {
            Ok(parts) => parts,
            Err(error) => return Some(Err(error)),
        };
        let stored = self.get(id)?;
        Some(check(&stored, secret, context.clock.now()).map(|()| stored))
    }

    /// Whether a key that opened something a while ago still does, with the same scopes. While the ring is
    /// not known to be true, nothing is known against a key.
    pub fn still_opens(&self, context: &Context, opened: &StoredKey) -> bool {
        !opened.key.is_expired(context.clock.now())
            && (!self.is_true() || self.get(&opened.key.id).is_some_and(|now| *now == *opened))
    }

    /// Looks up a key that is not in the ring.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`]; the sentence is the same for
    /// unknown, wrong and revoked keys. [`Kind::RateLimited`] when too
    /// many keys would have to be read.
    pub async fn look_up(&self, context: &Context, presented: &str) -> Result<Arc<StoredKey>> {
        let (id, secret) = split(presented)?;
        let stored = self.ask(context, id).await?;
        check(&stored, secret, context.clock.now())?;
        Ok(stored)
    }

    /// Asks the store for a key, unless it was asked enough.
    async fn ask(&self, context: &Context, id: &str) -> Result<Arc<StoredKey>> {
        let unknown = || self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        let lately = |since: &Instant| since.elapsed() < UNKNOWN_FOR;
        if unknown().get(id).is_some_and(lately) {
            return Err(refused());
        }
        let mut changes = self.changes.subscribe();
        if !self.is_true() {
            self.all_keys.check().map_err(|_| {
                let what = "too many API keys are looked up; try again in a second";
                Error::new(Kind::RateLimited, what).retry_after(Some(Duration::from_secs(1)))
            })?;
        } else if self.new_keys.check().is_err() {
            // If there is such a key, the watch is about to tell of it.
            drop(tokio::time::timeout(TOLD_WITHIN, changes.changed()).await);
            return self.get(id).ok_or_else(refused);
        }
        let found = find(context, id).await;
        if matches!(&found, Err(error) if error.kind() == Kind::Unauthenticated) {
            let mut unknown = unknown();
            if unknown.len() >= UNKNOWN {
                unknown.retain(|_, since| lately(since));
            }
            if unknown.len() < UNKNOWN {
                unknown.insert(id.to_owned(), Instant::now());
            }
        }
        found.map(Arc::new)
    }

    fn is_true(&self) -> bool {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.is_some()
    }

    fn get(&self, id: &str) -> Option<Arc<StoredKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.as_ref()?.get(id).cloned()
    }
}
