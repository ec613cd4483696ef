//! Settings of indexes, and one index in another's place.

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::client::{AlgoliaClient, Want};
use super::{AlgoliaSearch, absent, key};
use crate::backends::search::{Indexes, Restrictions, Search};
use crate::error::{Error, Result};

impl AlgoliaSearch {
    /// Calls an index and remembers the task, which acts on `acted`.
    async fn change(
        &self,
        method: Method,
        path: &[&str],
        body: Option<Value>,
        acted: &str,
    ) -> Result<()> {
        let answer = self.client.call(Want::Write, method, path, body).await?;
        self.remember_task(acted, &answer)?;
        self.wait_until_indexed(acted).await
    }
}

#[async_trait]
impl Indexes for AlgoliaSearch {
    async fn settings(&self, index: &str) -> Result<Option<Value>> {
        let path = ["1", "indexes", index, "settings"];
        let answer = self.client.call(Want::Read, Method::GET, &path, None).await;
        absent(answer)
    }

    async fn change_settings(&self, index: &str, settings: &Value) -> Result<()> {
        let path = ["1", "indexes", index, "settings"];
        self.change(Method::PUT, &path, Some(settings.clone()), index)
            .await
    }

    async fn is_outdated(&self, _index: &str) -> Result<bool> {
        Ok(false)
    }

    async fn stage(&self, index: &str, staging: &str) -> Result<()> {
        self.delete_staged(staging).await?;
        if self.settings(index).await?.is_none() {
            return Ok(());
        }
        let path = ["1", "indexes", index, "operation"];
        let copy = json!({
            "operation": "copy", "destination": staging,
            "scope": ["settings", "synonyms", "rules"],
        });
        // The task of a copy acts on the copy.
        self.change(Method::POST, &path, Some(copy), staging).await
    }

    async fn publish(&self, staging: &str, index: &str) -> Result<()> {
        self.wait_until_indexed(staging).await?;
        let path = ["1", "indexes", staging, "operation"];
        let operation = json!({ "operation": "move", "destination": index });
        // The task belongs to the index that is moved away.
        let answer = self
            .client
            .call(Want::Write, Method::POST, &path, Some(operation))
            .await?;
        self.remember_task(staging, &answer)?;
        self.wait_until_indexed(staging).await?;
        self.forget_tasks(&[staging, index]);
        Ok(())
    }

    async fn delete_staged(&self, staging: &str) -> Result<()> {
        let path = ["1", "indexes", staging];
        let gone = self.change(Method::DELETE, &path, None, staging).await;
        absent(gone.map(|()| Value::Null)).map(|_| ())
    }

    fn key(&self, restrictions: &Restrictions) -> Result<String> {
        let parent = self.searcher.as_ref().map(AlgoliaClient::key).ok_or_else(|| {
            Error::config(
                "algolia.search_key is not set; keys for apps are derived from the search-only key",
            )
        })?;
        Ok(key::derive(parent.expose_secret(), restrictions))
    }
}
