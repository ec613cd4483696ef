//! The keys in memory, kept true by a watch, so that a request costs no read of the store.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures_util::TryStreamExt;

use super::verify::{check, find, split};
use crate::context::Context;
use crate::error::Result;
use crate::model::key::StoredKey;
use crate::records::KEYS;
use crate::records::documents::Event;

/// How long to wait before watching again after a failure.
const PAUSE: Duration = Duration::from_secs(1);

type Keys = HashMap<String, Arc<StoredKey>>;

/// Every key, as of at most 100 ms ago. A key that is not here may be new: the store is asked.
#[derive(Default)]
pub struct KeyRing {
    /// Nothing while it is not known to be true.
    keys: RwLock<Option<Keys>>,
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
                Event::Put(document) => match KEYS.readable(&document) {
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
    }

    /// Looks a key up, in time that tells nothing about its secret.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated); the sentence is the same for
    /// unknown, wrong and revoked keys.
    pub async fn verify(&self, context: &Context, presented: &str) -> Result<Arc<StoredKey>> {
        let (id, secret) = split(presented)?;
        let known = self.known(id);
        let stored = match known {
            Some(stored) => stored,
            None => Arc::new(find(context, id).await?),
        };
        check(&stored, secret, context.clock.now())?;
        Ok(stored)
    }

    fn known(&self, id: &str) -> Option<Arc<StoredKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.as_ref()?.get(id).cloned()
    }
}
