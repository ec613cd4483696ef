//! A store that somebody else writes to at the worst moment, or that does not say what it did.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use tok::backends::documents::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, Event, EventStream, Scan,
    Version, Write,
};
use tok::context::Context;
use tok::{Error, Kind, Result};

/// What happens to a commit.
pub enum Meddling {
    /// Somebody else was faster with this.
    Faster(Vec<Write>),
    /// The store is busy,
    Busy,
    /// and says so only after a while.
    BusyAfter(Duration),
    /// It is made, and nobody is told.
    Unanswered,
    /// Nothing.
    None,
}

/// A store whose commits that touch a collection are meddled with, one after the other.
struct Meddled {
    inner: Arc<dyn Documents>,
    collection: &'static str,
    meddling: Mutex<VecDeque<Meddling>>,
    telling: Telling,
    /// The id of a document of the collection that is told of and cannot be asked for.
    nameless: Option<&'static str>,
    /// What somebody else writes before it is said where the changes of the collection stand.
    before_fence: Mutex<Vec<Write>>,
}

/// What whoever watches the collection is told.
enum Telling {
    /// The truth.
    Truth,
    /// This, and then nothing more.
    Script(Vec<Event>),
    /// The truth, from its beginning each time so much has passed.
    Anew(Duration),
    /// The truth, but it takes so long until it listens.
    Late(Duration),
}

/// Meddles with the next commits of this context that touch a collection.
pub fn meddle(
    context: &Context,
    collection: &'static str,
    meddling: impl IntoIterator<Item = Meddling>,
) -> Context {
    let documents = Meddled {
        inner: context.documents.clone(),
        collection,
        meddling: Mutex::new(meddling.into_iter().collect()),
        telling: Telling::Truth,
        nameless: None,
        before_fence: Mutex::default(),
    };
    Context {
        documents: Arc::new(documents),
        ..context.clone()
    }
}

/// Tells whoever watches a collection through this context these events, whatever is true by then.
pub fn tell(context: &Context, collection: &'static str, told: Vec<Event>) -> Context {
    telling(context, collection, Telling::Script(told))
}

/// Tells whoever watches a collection through this context all of it again and again.
pub fn tell_anew(context: &Context, collection: &'static str, every: Duration) -> Context {
    telling(context, collection, Telling::Anew(every))
}

/// Whoever watches a collection through this context waits for so long until the store listens.
pub fn tell_late(context: &Context, collection: &'static str, after: Duration) -> Context {
    telling(context, collection, Telling::Late(after))
}

/// A collection of this context has a document that is told of and can be neither asked for nor removed.
pub fn nameless(context: &Context, collection: &'static str, id: &'static str) -> Context {
    let documents = Meddled {
        inner: context.documents.clone(),
        collection,
        meddling: Mutex::default(),
        telling: Telling::Truth,
        nameless: Some(id),
        before_fence: Mutex::default(),
    };
    Context {
        documents: Arc::new(documents),
        ..context.clone()
    }
}

/// Whoever asks through this context where the changes of a collection stand is told so after these writes
/// of somebody else.
pub fn write_before_fence(
    context: &Context,
    collection: &'static str,
    writes: Vec<Write>,
) -> Context {
    let documents = Meddled {
        inner: context.documents.clone(),
        collection,
        meddling: Mutex::default(),
        telling: Telling::Truth,
        nameless: None,
        before_fence: Mutex::new(writes),
    };
    Context {
        documents: Arc::new(documents),
        ..context.clone()
    }
}

fn telling(context: &Context, collection: &'static str, telling: Telling) -> Context {
    let documents = Meddled {
        inner: context.documents.clone(),
        collection,
        meddling: Mutex::default(),
        telling,
        nameless: None,
        before_fence: Mutex::default(),
    };
    Context {
        documents: Arc::new(documents),
        ..context.clone()
    }
}

impl Meddled {
    /// As stores refuse an id that nothing can be called by.
    fn check(&self, collection: &str, id: &str) -> Result<()> {
        if collection == self.collection && self.nameless == Some(id) {
            return Err(Error::new(
                Kind::InvalidInput,
                "that cannot be the id of a document",
            ));
        }
        Ok(())
    }
}

#[async_trait]
impl Documents for Meddled {
    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        for write in &writes {
            self.check(&write.collection, &write.id)?;
        }
        let concerned = writes
            .iter()
            .any(|write| write.collection == self.collection);
        let next = || {
            let mut meddling = self.meddling.lock().unwrap_or_else(PoisonError::into_inner);
            meddling.pop_front()
        };
        let busy = || Error::new(Kind::Unavailable, "the store is busy");
        match concerned.then(next).flatten() {
            Some(Meddling::Faster(first)) => drop(self.inner.commit(first).await?),
            Some(Meddling::Busy) => return Err(busy()),
            Some(Meddling::BusyAfter(delay)) => {
                tokio::time::sleep(delay).await;
                return Err(busy());
            }
            Some(Meddling::Unanswered) => {
                self.inner.commit(writes).await?;
                return Err(busy());
            }
            Some(Meddling::None) | None => {}
        }
        self.inner.commit(writes).await
    }

    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>> {
        self.check(collection, id)?;
        self.inner.get(collection, id).await
    }

    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        self.inner.find(collection, field, value, limit).await
    }

    async fn due(
        &self,
        collection: &str,
        field: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>> {
        self.inner.due(collection, field, before, limit).await
    }

    async fn backup(&self, to: &Path, progress: CopyProgress) -> Result<Backup> {
        self.inner.backup(to, progress).await
    }

    async fn damage(&self) -> Result<Vec<String>> {
        self.inner.damage().await
    }

    async fn lineage(&self) -> Result<String> {
        self.inner.lineage().await
    }

    async fn now(&self) -> Result<Timestamp> {
        self.inner.now().await
    }

    async fn fence(&self, collection: &str) -> Result<Cursor> {
        if collection == self.collection {
            let first = {
                let mut writes = self
                    .before_fence
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                std::mem::take(&mut *writes)
            };
            self.inner.commit(first).await?;
        }
        self.inner.fence(collection).await
    }

    fn resumes(&self) -> bool {
        self.inner.resumes()
    }

    async fn count(&self, collection: &str) -> Result<u64> {
        self.inner.count(collection).await
    }

    fn scan(&self, scan: Scan) -> DocumentStream {
        self.inner.scan(scan)
    }

    fn watch(&self, collection: &str, from: Option<Cursor>) -> EventStream {
        match &self.telling {
            Telling::Script(told) if collection == self.collection => {
                let told = stream::iter(told.clone()).map(Ok);
                told.chain(stream::pending()).boxed()
            }
            Telling::Anew(every) if collection == self.collection => {
                let (inner, collection, every) = (self.inner.clone(), self.collection, *every);
                let begin = move || {
                    let told = inner.watch(collection, None);
                    told.take_until(tokio::time::sleep(every))
                };
                stream::repeat_with(begin).flatten().boxed()
            }
            Telling::Late(after) if collection == self.collection => {
                let (inner, collection) = (self.inner.clone(), self.collection);
                let late = tokio::time::sleep(*after);
                let begin = async move {
                    late.await;
                    inner.watch(collection, from)
                };
                stream::once(begin).flatten().boxed()
            }
            _ => self.inner.watch(collection, from),
        }
    }
}
