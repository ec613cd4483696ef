//! Search in the data directory, by tantivy.
//!
//! Each index is a directory below `search/`; a file beside it names the directory that counts, so
//! that another one can take its place at once. Writers hold the directory's lock for one call
//! only: several processes can take turns.

mod best;
mod document;
mod find;
mod read;
mod schema;
mod text;
mod write;

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream;
use serde_json::{Value, json};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyError};

use self::schema::IndexFields;
use super::{
    Detail, Found, Indexes, Limits, Operation, Restrictions, Search, StoredRecord, StoredStream,
    base_of,
};
use crate::backends::{file_owner, private_files};
use crate::error::{Error, Kind, Result};
use crate::model::search::{IndexSpec, SearchQuery};

/// Records read ahead of whoever browses.
const AHEAD: usize = 256;

/// [`Search`] and [`Indexes`] on this machine.
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
            Ok(name) => Ok(self.dir.join(name.trim())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(self.dir.join(index)),
            Err(error) => Err(broken(error)),
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
        if !directory.join("meta.json").exists() {
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
        private_files::close(&self.dir).map_err(broken)?;
        let found = Index::open_in_dir(directory).map_err(fault)?;
        let opened = Opened::new(found)?;
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
        fs::create_dir_all(&directory).map_err(broken)?;
        match Index::create_in_dir(&directory, schema::build(self.searchable(index).len())) {
            Ok(_) | Err(TantivyError::IndexAlreadyExists) => {}
            Err(error) => return Err(fault(error)),
        }
        self.open(index)?
            .ok_or_else(|| Error::internal("an index vanished while it was made"))
    }

    fn close(&self, directory: &Path) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(directory);
    }

    fn remove(&self, directory: &Path) -> Result<()> {
        self.close(directory);
        match fs::remove_dir_all(directory) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(broken(error)),
            _ => Ok(()),
        }
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
            let opened = engine.open_or_create(&index)?;
            let checkpoint = write::StoredCheckpoint::new(checkpoint, engine.searchable(&index));
            write::apply(&opened, engine.searchable(&index), &operations, &checkpoint)
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

#[async_trait]
impl Indexes for EmbeddedSearch {
    async fn settings(&self, index: &str) -> Result<Option<Value>> {
        let index = index.to_owned();
        self.run(move |engine| {
            let fields = engine.searchable(&index);
            Ok(engine
                .open(&index)?
                .map(|_| json!({ "searchableAttributes": fields })))
        })
        .await
    }

    async fn change_settings(&self, _index: &str, _settings: &Value) -> Result<()> {
        Err(Error::unsupported(
            "the embedded search takes its settings from search.indexes",
        ))
    }

    async fn is_outdated(&self, index: &str) -> Result<bool> {
        let index = index.to_owned();
        self.run(move |engine| {
            let opened = engine.open(&index)?;
            Ok(opened.is_some_and(|opened| !opened.fields.current))
        })
        .await
    }

    async fn stage(&self, _index: &str, staging: &str) -> Result<()> {
        let staging = staging.to_owned();
        self.run(move |engine| {
            // A new directory each time: the one that counts may have been staged once.
            let name = format!("{staging}-{}", uuid::Uuid::new_v4().simple());
            private_files::make_new_ones_private();
            fs::create_dir_all(&engine.dir).map_err(broken)?;
            point(&engine.pointer(&staging), &name)
        })
        .await
    }

    async fn publish(&self, staging: &str, index: &str) -> Result<()> {
        let _turn = self.0.writing.lock().await;
        let (staging, index) = (staging.to_owned(), index.to_owned());
        self.run(move |engine| {
            engine.open_or_create(&staging)?;
            let (old, new) = (engine.directory(&index)?, engine.directory(&staging)?);
            let name = new.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| Error::internal("a directory has no name"))?;
            point(&engine.pointer(&index), name)?;
            fs::remove_file(engine.pointer(&staging)).map_err(broken)?;
            // After a run that died right here both are one.
            if old == new {
                return Ok(());
            }
            engine.remove(&old)
        })
        .await
    }

    async fn delete_staged(&self, staging: &str) -> Result<()> {
        let staging = staging.to_owned();
        self.run(move |engine| {
            let directory = engine.directory(&staging)?;
            match fs::remove_file(engine.pointer(&staging)) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
                outcome => outcome.map_err(broken)?,
            }
            engine.remove(&directory)
        })
        .await
    }

    fn key(&self, _restrictions: &Restrictions) -> Result<String> {
        Err(Error::unsupported(
            "the embedded search has no keys of its own; make an API key with the scope search:read",
        ))
    }
}

/// Makes a pointer name another directory, at once.
fn point(pointer: &Path, name: &str) -> Result<()> {
    let new = pointer.with_extension("new");
    fs::write(&new, name).map_err(broken)?;
    fs::File::open(&new)
        .and_then(|file| file.sync_all())
        .map_err(broken)?;
    fs::rename(&new, pointer).map_err(broken)
}

fn broken(error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Kind::Unavailable,
        _ => Kind::Internal,
    };
    Error::new(kind, format!("the search directory: {error}")).because(error)
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
    let message = match kind {
        Kind::Unavailable => "the search index is busy or its disk is full",
        _ => {
            "the search index is broken; delete the directory search of the data directory, then run tok search reindex"
        }
    };
    Error::new(kind, message).because(error)
}
