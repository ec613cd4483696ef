//! The indexes themselves: their exchange, and what takes the place of a damaged one.

use std::fs;
use std::io;

use async_trait::async_trait;
use serde_json::{Value, json};

use super::{EmbeddedSearch, broken, point};
use crate::backends::search::{Indexes, Restrictions};
use crate::error::{Error, Result};

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
            let old = engine.directory(&index);
            engine.point_to_new(&index)?;
            // Who has it open reads on in what is there no more, and opens the new one next time.
            old.map_or(Ok(()), |old| engine.remove(&old))?;
            Ok(true)
        })
        .await
    }

    async fn stage(&self, _index: &str, staging: &str) -> Result<()> {
        let staging = staging.to_owned();
        self.run(move |engine| engine.point_to_new(&staging)).await
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
