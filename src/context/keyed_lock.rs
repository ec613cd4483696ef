//! A lock for each name, within this process: those who name the same go one after another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Locks by name; a name takes memory only while somebody holds it or waits.
#[derive(Clone, Default)]
pub struct KeyedLock(Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>);

/// The lock of one name, held until this is dropped.
pub struct KeyedGuard {
    owner: KeyedLock,
    name: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl KeyedLock {
    /// Waits until nobody else holds this name.
    pub async fn lock(&self, name: &str) -> KeyedGuard {
        let lock = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(name.to_owned()).or_default().clone()
        };
        // The name is dropped with the last who waits for it, even if they give up waiting.
        let mut held = KeyedGuard {
            owner: self.clone(),
            name: name.to_owned(),
            guard: None,
        };
        held.guard = Some(lock.lock_owned().await);
        held
    }
}

impl Drop for KeyedGuard {
    fn drop(&mut self) {
        drop(self.guard.take());
        let mut all = self.owner.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One reference is the map's own: nobody holds it or waits.
        if all
            .get(&self.name)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            all.remove(&self.name);
        }
    }
}
