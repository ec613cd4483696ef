//! Search in the data directory, by tantivy.
//!
//! Each index is a directory below `search/`; a file beside it names the directory that counts, so
//! that another one can take its place at once. Writers hold the directory's lock for one call
//! only: several processes can take turns.

mod best;
mod document;
mod find;
mod indexes;
mod read;
mod schema;
#[cfg(test)]
mod tests;
mod text;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

use self::schema::IndexFields;
use super::{Detail, Found, Limits, Operation, Search, StoredRecord, StoredStream, base_of};
use crate::backends::{file_owner, private_files};
use crate::error::{Error, Kind, Result};
use crate::model::search::{IndexSpec, SearchQuery};

/// Records read ahead of whoever browses.
const AHEAD: usize = 256;

/// What is said of an index that cannot be read.
const DAMAGED: &str = "the search index is damaged";
/// What is to be done about it.
const MADE_ANEW: &str = "make it anew: `tok search reindex`";

/// [`Search`] and [`Indexes`](super::Indexes) on this machine.
#[derive(Clone)]
pub struct EmbeddedSearch(Arc<Engine>);

struct Engine {
    dir: PathBuf,
    /// The fields that are searched in each index, most important first.
    searchable: BTreeMap<String, Vec<String>>,
    open: Mutex<HashMap<PathBuf, Opened>>,
    /// One call at a time writes in this process; others wait here and not at the lock.
    writing: tokio::sync::Mutex<()>,
}

/// An index that is open for reading.
#[derive(Clone)]
struct Opened {
    index: Index,
    reader: IndexReader,
    fields: IndexFields,
}

impl EmbeddedSearch {
    /// Indexes below `dir` for these mirrors; nothing is touched yet.
    pub fn new(dir: &Path, specs: &[Arc<IndexSpec>]) -> Self {
        let searchable = specs
            .iter()
            .map(|spec| (spec.name.clone(), spec.searchable()))
            .collect();
        Self(Arc::new(Engine {
            dir: dir.join("search"),
            searchable,
            open: Mutex::default(),
            writing: tokio::sync::Mutex::default(),
        }))
    }

    /// Does blocking work on an index off the runtime.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Engine) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let engine = self.0.clone();
        tokio::task::spawn_blocking(move || work(&engine))
            .await
            .map_err(|error| Error::internal("searching broke off").because(error))?
    }
}

impl Engine {
    /// The directory that counts for an index.
    fn directory(&self, index: &str) -> Result<PathBuf> {
        match fs::read_to_string(self.pointer(index)) {
            Ok(name) => match Path::new(name.trim()).components().next_back() {
                // Never another place than one below the directory.
                Some(Component::Normal(last)) if !name.contains('\0') => Ok(self.dir.join(last)),
                _ => Err(Error::internal(DAMAGED).advise(MADE_ANEW)),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(self.dir.join(index)),
            Err(error) => Err(broken_at(&self.dir, error)),
        }
    }

    fn pointer(&self, index: &str) -> PathBuf {
        self.dir.join(format!("{index}.current"))
    }

    fn searchable(&self, index: &str) -> &[String] {
        self.searchable
            .get(base_of(index))
            .map_or(&[], Vec::as_slice)
    }

    /// The index as it is now; none if there is none.
    fn open(&self, index: &str) -> Result<Option<Opened>> {
        loop {
            let directory = self.directory(index)?;
            match self.open_at(&directory) {
                // Another one took its place, and it went while it was opened.
                Ok(None) | Err(_) if self.directory(index)? != directory => {}
                opened => return opened,
            }
        }
    }

    fn open_at(&self, directory: &Path) -> Result<Option<Opened>> {
        if !is_there(directory) {
            return Ok(None);
        }
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = open.get(directory) {
            let opened = opened.clone();
            drop(open);
            opened.reader.reload().map_err(fault)?;
            return Ok(Some(opened));
        }
        file_owner::check(&[&self.dir])?;
        // Whoever reads them may write to them later.
        private_files::make_new_ones_private();
        private_files::close(&self.dir).map_err(|error| broken_at(&self.dir, error))?;
        let found = Index::open_in_dir(directory).map_err(fault)?;
        let opened = Opened::new(found)?;
        // What another process removed holds its disk space for as long as it is open here.
        open.retain(|directory, _| is_there(directory));
        open.insert(directory.to_owned(), opened.clone());
        Ok(Some(opened))
    }

    /// The same, made if need be.
    fn open_or_create(&self, index: &str) -> Result<Opened> {
        if let Some(opened) = self.open(index)? {
            return Ok(opened);
        }
        file_owner::check(&[&self.dir])?;
        let directory = self.directory(index)?;
        private_files::make_new_ones_private();
        fs::create_dir_all(&directory).map_err(|error| broken_at(&directory, error))?;
        match Index::create_in_dir(&directory, schema::build(self.searchable(index).len())) {
            Ok(_) | Err(TantivyError::IndexAlreadyExists) => {}
            Err(error) => return Err(fault(error)),
        }
        self.open(index)?
            .ok_or_else(|| Error::internal("an index vanished while it was made"))
    }

    /// Writes to the index that counts, which is made if need be; `work` is all or none.
    fn write(&self, index: &str, mut work: impl FnMut(&Opened) -> Result<()>) -> Result<()> {
        loop {
            let directory = self.directory(index)?;
            let outcome = self.open_or_create(index).and_then(|opened| work(&opened));
            match outcome {
                // Another one took its place, and it went while it was written to.
                Err(_) if self.directory(index)? != directory => {}
                outcome => return outcome,
            }
        }
    }

    fn close(&self, directory: &Path) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(directory);
    }
}

impl Opened {
    fn new(index: Index) -> Result<Self> {
        // Nobody cuts by these: documents come with their words.
        for kind in schema::KINDS {
            index.tokenizers().register(kind, TextAnalyzer::default());
        }
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(fault)?;
        let fields = IndexFields::of(&index.schema())?;
        Ok(Self {
            index,
            reader,
            fields,
        })
    }
}

#[async_trait]
impl Search for EmbeddedSearch {
    fn limits(&self) -> Limits {
        Limits {
            record: 1024 * 1024,
            operations: 10_000,
            bytes: 16 * 1024 * 1024,
            indexes_text: true,
            is_own: true,
        }
    }

    async fn apply(
        &self,
        index: &str,
        operations: Arc<Vec<Operation>>,
        checkpoint: Option<String>,
    ) -> Result<()> {
        let _turn = self.0.writing.lock().await;
        let index = index.to_owned();
        self.run(move |engine| {
            let searchable = engine.searchable(&index);
            let checkpoint = write::StoredCheckpoint::new(checkpoint, searchable);
            engine.write(&index, |opened| {
                write::apply(opened, searchable, &operations, &checkpoint)
            })
        })
        .await
    }

    async fn checkpoint(&self, index: &str) -> Result<Option<String>> {
        let index = index.to_owned();
        self.run(move |engine| {
            let Some(opened) = engine.open(&index)? else {
                return Ok(None);
            };
            write::StoredCheckpoint::read(&opened, engine.searchable(&index))
        })
        .await
    }

    async fn wait_until_indexed(&self, _index: &str) -> Result<()> {
        Ok(())
    }

    fn browse(&self, index: &str, detail: Detail) -> StoredStream {
        let (sender, receiver) = tokio::sync::mpsc::channel(AHEAD);
        let (engine, index) = (self.0.clone(), index.to_owned());
        tokio::task::spawn_blocking(move || {
            let outcome = engine.open(&index).and_then(|opened| match opened {
                Some(opened) => read::browse(&opened, detail, &sender),
                None => Ok(()),
            });
            if let Err(error) = outcome {
                // Whoever browsed may have left.
                drop(sender.blocking_send(Err(error)));
            }
        });
        stream::unfold(receiver, async |mut receiver| {
            let stored = receiver.recv().await?;
            Some((stored, receiver))
        })
        .boxed()
    }

    async fn fetch(
        &self,
        index: &str,
        ids: &[String],
        _detail: Detail,
    ) -> Result<Vec<Option<StoredRecord>>> {
        let (index, ids) = (index.to_owned(), ids.to_vec());
        self.run(move |engine| match engine.open(&index)? {
            Some(opened) => ids.iter().map(|id| read::one(&opened, id)).collect(),
            None => Ok(vec![None; ids.len()]),
        })
        .await
    }

    async fn query(&self, index: &str, query: &SearchQuery) -> Result<Found> {
        let (index, query) = (index.to_owned(), query.clone());
        self.run(move |engine| match engine.open(&index)? {
            Some(opened) => read::query(&opened, &query),
            None => Ok(Found {
                hits: Vec::new(),
                total: 0,
            }),
        })
        .await
    }

    async fn count(&self, index: &str) -> Result<u64> {
        let index = index.to_owned();
        self.run(move |engine| {
            let opened = engine.open(&index)?;
            Ok(opened.map_or(0, |opened| opened.reader.searcher().num_docs()))
        })
        .await
    }
}

/// Whether there is an index in a directory.
fn is_there(directory: &Path) -> bool {
    directory.join("meta.json").exists()
}

fn broken(error: io::Error) -> Error {
    broken_at(
        Path::new("the directory `search` of the data directory"),
        error,
    )
}

/// Why a directory or file of the index cannot be used.
fn broken_at(path: &Path, error: io::Error) -> Error {
    let shown = path.display();
    let (kind, advice) = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => (
            Kind::Unavailable,
            "make room on the disk of the data directory".to_owned(),
        ),
        io::ErrorKind::PermissionDenied => (
            Kind::Config,
            format!("give all of it to the user that tok runs as: chown -R USER {shown}"),
        ),
        _ => (
            Kind::Internal,
            "look at the disk of the data directory, then make the index anew: tok search reindex"
                .to_owned(),
        ),
    };
    let whose = match kind {
        Kind::Config => file_owner::told(path),
        _ => String::new(),
    };
    let told = format!("{shown}: {error}{whose}");
    Error::new(kind, told).advise(advice).because(error)
}

/// The engine's own error as ours.
fn fault(error: TantivyError) -> Error {
    let kind = match &error {
        TantivyError::LockFailure(..) => Kind::Unavailable,
        TantivyError::IoError(inner) if inner.kind() == io::ErrorKind::StorageFull => {
            Kind::Unavailable
        }
        _ => Kind::Internal,
    };
    let told = match kind {
        Kind::Unavailable => Error::new(kind, "the search index is busy or its disk is full"),
        _ => Error::new(kind, DAMAGED).advise(MADE_ANEW),
    };
    told.because(error)
}
