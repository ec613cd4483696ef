//! The indexes themselves: their exchange, and what takes the place of a damaged one.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use serde_json::{Value, json};
use tantivy::Index;
use tantivy::directory::error::OpenReadError;
use uuid::fmt::Simple;

use super::{EmbeddedSearch, Engine, broken, broken_at, fault};
use crate::backends::private_files;
use crate::backends::search::{Indexes, Restrictions, base_of, staging_of};
use crate::error::{Error, Kind, Result};

/// What directories are called, with a number, while they are removed.
const REMOVED: &str = ".removed";
/// How often one is tried to be removed: somebody may have been making a file there just then.
const REMOVALS: usize = 10;

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

    async fn replace_damaged(&self, index: &str) -> Result<bool> {
        let _turn = self.0.writing.lock().await;
        let index = index.to_owned();
        self.run(move |engine| {
            if !engine.is_damaged(&index)? {
                return Ok(false);
            }
            engine.point_to_new(&index)?;
            // Who has it open reads on in what is there no more, and opens the new one next time.
            engine.tidy(&index);
            Ok(true)
        })
        .await
    }

    async fn stage(&self, index: &str, staging: &str) -> Result<()> {
        let (index, staging) = (index.to_owned(), staging.to_owned());
        self.run(move |engine| {
            engine.point_to_new(&staging)?;
            engine.tidy(&index);
            Ok(())
        })
        .await
    }

    async fn publish(&self, staging: &str, index: &str) -> Result<()> {
        let _turn = self.0.writing.lock().await;
        let (staging, index) = (staging.to_owned(), index.to_owned());
        self.run(move |engine| {
            engine.open_or_create(&staging)?;
            let new = engine.directory(&staging)?;
            let name = new.file_name().and_then(|name| name.to_str());
            let name = name.ok_or_else(|| Error::internal("a directory has no name"))?;
            point(&engine.pointer(&index), name)?;
            fs::remove_file(engine.pointer(&staging)).map_err(broken)?;
            engine.tidy(&index);
            Ok(())
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

impl Engine {
    /// Whether an index is there and cannot be read; all of it is looked at.
    fn is_damaged(&self, index: &str) -> Result<bool> {
        // One that was opened earlier knows nothing of the files that others made since.
        if let Ok(directory) = self.directory(index) {
            self.close(&directory);
        }
        match self.open(index) {
            Ok(None) => Ok(false),
            Ok(Some(opened)) => files(&opened.index)
                .and_then(|files| is_any_wrong(&opened.index, &files))
                .map_err(fault),
            Err(error) if error.kind() == Kind::Internal => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Makes a name that of an index with a directory of its own, which is not there yet: the one that
    /// counts may have had that name once.
    fn point_to_new(&self, index: &str) -> Result<()> {
        let name = format!("{index}-{}", uuid::Uuid::new_v4().simple());
        private_files::make_new_ones_private();
        fs::create_dir_all(&self.dir).map_err(|error| broken_at(&self.dir, error))?;
        point(&self.pointer(index), &name)
    }

    /// Removes a directory that counts no more. Whoever still has it open makes files there now and then, but
    /// none once it is called something else.
    pub(super) fn remove(&self, directory: &Path) -> Result<()> {
        self.close(directory);
        let going = self
            .dir
            .join(format!("{REMOVED}-{}", uuid::Uuid::new_v4().simple()));
        match fs::rename(directory, &going) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            outcome => outcome.map_err(broken).and_then(|()| remove_all(&going)),
        }
    }

    /// Removes the directories of an index, and of what was to take its place, that count no more. What cannot
    /// be removed is told, and tried again the next time: what counts stands all the same.
    fn tidy(&self, index: &str) {
        let left = self.left(base_of(index)).unwrap_or_else(|error| {
            tracing::warn!(index, %error, "what an index needs no more is not found");
            Vec::new()
        });
        for directory in left {
            if let Err(error) = self.remove(&directory) {
                tracing::warn!(index, %error, "what an index needs no more is not removed");
            }
        }
    }

    /// Directories of an index that nothing names: runs that died left some.
    fn left(&self, index: &str) -> Result<Vec<PathBuf>> {
        let staging = staging_of(index);
        let owners = [index, staging.as_str(), REMOVED];
        let mut left = Vec::new();
        for entry in fs::read_dir(&self.dir).map_err(broken)? {
            let entry = entry.map_err(broken)?;
            let name = entry.file_name();
            let is_ours = |name: &str| owners.iter().any(|owner| is_of(name, owner));
            if name.to_str().is_some_and(is_ours) {
                left.push(entry.path());
            }
        }
        // A name is there before its directory, and goes from the staged index to the other one: read in
        // this order, none is missed.
        let named = [self.directory(&staging)?, self.directory(index)?];
        left.retain(|directory| !named.contains(directory));
        Ok(left)
    }
}

/// Removes a directory that whoever has it open makes no more than one file in.
fn remove_all(going: &Path) -> Result<()> {
    for _ in 1..REMOVALS {
        match fs::remove_dir_all(going) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            Err(_) if !going.exists() => return Ok(()),
            outcome => return outcome.map_err(broken),
        }
    }
    fs::remove_dir_all(going).map_err(broken)
}

/// Whether a directory of this name was made for an index.
fn is_of(name: &str, index: &str) -> bool {
    let is_number = |number: &str| {
        number.len() == Simple::LENGTH && number.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    name.strip_prefix(index)
        .is_some_and(|rest| rest.is_empty() || rest.strip_prefix('-').is_some_and(is_number))
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

/// The files of an index that have a checksum.
pub(super) fn files(index: &Index) -> tantivy::Result<HashSet<PathBuf>> {
    let made = index.directory().list_managed_files();
    let mut files = index.load_metas()?.list_segment_files();
    // Not every part of the index has all that it could have.
    files.retain(|file| made.contains(file));
    Ok(files)
}

/// Whether one of an index's files is not as it was made. Whoever writes to it meanwhile removes files
/// that it has no more: only one that it still has is missing.
pub(super) fn is_any_wrong(index: &Index, files: &HashSet<PathBuf>) -> tantivy::Result<bool> {
    for file in files {
        let is_right = match index.directory().validate_checksum(file) {
            Err(OpenReadError::FileDoesNotExist(_)) => {
                !index.load_metas()?.list_segment_files().contains(file)
            }
            outcome => outcome?,
        };
        if !is_right {
            return Ok(true);
        }
    }
    Ok(false)
}
