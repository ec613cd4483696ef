//! Work that is done once, within this process, for everybody who wants it at the same time.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tracing::Instrument;

use crate::error::{Error, Result};

/// Work under way, by name. Whoever wants what is under way waits for it and has its outcome, be it a
/// failure: nobody tries after the others what has just failed for all of them.
pub struct SharedWork<T>(Arc<Mutex<HashMap<String, Running<T>>>>);

type Running<T> = Shared<BoxFuture<'static, Arc<Result<T>>>>;

impl<T> Clone for SharedWork<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Default for SharedWork<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T: Clone + Send + Sync + 'static> SharedWork<T> {
    /// The outcome of what is under way by this name, or else of `work`, which goes on to its end even if
    /// nobody waits for it any more.
    ///
    /// # Errors
    /// Those of the work; the same for everybody who waited.
    pub async fn join(
        &self,
        name: &str,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Result<T> {
        let running = self.running(name, work);
        match &*running.await {
            Ok(outcome) => Ok(outcome.clone()),
            Err(error) => Err(error.again()),
        }
    }

    fn running(
        &self,
        name: &str,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Running<T> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = all.get(name) {
            return running.clone();
        }
        let entry = Entry {
            owner: self.clone(),
            name: name.to_owned(),
        };
        let work = async move {
            // Whoever comes after its end begins anew.
            let _entry = entry;
            work.await
        };
        let task = tokio::spawn(work.in_current_span());
        let broke = |error| Err(Error::internal("work in common broke").because(error));
        let running = task
            .map(move |ended| Arc::new(ended.unwrap_or_else(broke)))
            .boxed()
            .shared();
        all.insert(name.to_owned(), running.clone());
        running
    }
}

/// Takes a name off the list when its work is over, however it ended.
struct Entry<T> {
    owner: SharedWork<T>,
    name: String,
}

impl<T> Drop for Entry<T> {
    fn drop(&mut self) {
        let mut all = self.owner.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(&self.name);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use tokio::sync::Semaphore;

    use super::*;

    #[tokio::test]
    async fn a_failure_is_shared_by_those_who_waited_and_by_nobody_after_them() {
        let work = SharedWork::<u32>::default();
        let (begun, go) = (Arc::new(AtomicU32::new(0)), Arc::new(Semaphore::new(0)));
        let attempt = || {
            let (begun, go) = (begun.clone(), go.clone());
            async move {
                begun.fetch_add(1, Ordering::SeqCst);
                let turn = go.acquire().await;
                turn.expect("never closed").forget();
                Err::<u32, _>(Error::bad_gateway("no").answered(503, serde_json::json!(7)))
            }
        };
        let (first, second) = (work.join("a", attempt()), work.join("a", attempt()));
        let third = work.join("b", attempt());
        let release = async { go.add_permits(2) };
        let (first, second, third, ()) = tokio::join!(first, second, third, release);
        assert_eq!(begun.load(Ordering::SeqCst), 2, "one for each name");
        for error in [first, second, third].map(|outcome| outcome.expect_err("fails")) {
            assert_eq!(error.message(), "no");
            assert_eq!(error.vendor().map(|answer| answer.status), Some(503));
        }
        let later = work.join("a", async { Ok(5) }).await;
        assert_eq!(later.expect("begun anew"), 5);
    }

    #[tokio::test]
    async fn work_that_breaks_takes_no_name_with_it() {
        let work = SharedWork::<u32>::default();
        let broken = work.join("a", async { panic!("broken on purpose") });
        assert!(broken.await.is_err());
        assert_eq!(work.join("a", async { Ok(1) }).await.expect("works"), 1);
    }
}
