//! One at a time, by name, within this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;

/// Whose turn it is.
#[derive(Clone, Default)]
pub struct Turns(Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>);

/// A turn; it ends when this is dropped.
pub struct Turn {
    turns: Turns,
    name: String,
    guard: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    /// Waits for its turn.
    pub async fn take(&self, name: &str) -> Turn {
        let lock = {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(name.to_owned()).or_default().clone()
        };
        // The name is dropped with the last who waits for it, even if they give up waiting.
        let mut turn = Turn {
            turns: self.clone(),
            name: name.to_owned(),
            guard: None,
        };
        turn.guard = Some(lock.lock_owned().await);
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        drop(self.guard.take());
        let mut all = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        // One reference is the map's own: nobody holds it or waits.
        if all
            .get(&self.name)
            .is_some_and(|lock| Arc::strong_count(lock) == 1)
        {
            all.remove(&self.name);
        }
    }
}
