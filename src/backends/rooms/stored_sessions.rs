//! Sessions that we keep ourselves, for vendors that tell what happens and forget it.
//!
//! One document per session, written from the vendor's web callbacks.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::{Sessions, by_name_only};
use crate::error::{Error, Result};
use crate::model::session::{Session, SessionFilter};
use crate::model::{BackendName, Page, PageRequest};
use crate::records::documents::Documents;
use crate::records::{SESSIONS, SessionKey};

/// [`Sessions`] of one vendor in our own store.
pub struct StoredSessions {
    documents: Arc<dyn Documents>,
    backend: BackendName,
}

impl StoredSessions {
    /// The kept sessions of `backend`.
    pub fn new(documents: Arc<dyn Documents>, backend: BackendName) -> Self {
        Self { documents, backend }
    }

    /// Newest first. The sessions of one vendor are few enough to be sorted here: the store keeps
    /// them in the order of their ids.
    async fn sorted(&self, filter: &SessionFilter) -> Result<Vec<Session>> {
        let prefix = SessionKey::all_of(self.backend);
        let documents = self.documents.as_ref();
        let mut found: Vec<Session> = if let Some(room) = &filter.room {
            let most = usize::try_from(i32::MAX).unwrap_or(usize::MAX);
            let found = SESSIONS
                .find(documents, "room", room.as_str(), most)
                .await?;
            let own = found
                .into_iter()
                .filter(|found| found.id.starts_with(&prefix));
            own.map(|found| found.record).collect()
        } else {
            let scan = SESSIONS.scan(documents, SESSIONS.all().prefix(prefix));
            scan.map_ok(|found| found.record).try_collect().await?
        };
        found.sort_by(|a, b| (b.started_at, &b.id).cmp(&(a.started_at, &a.id)));
        Ok(found)
    }

    /// Every room that was in use after `since`, with the last moment that is known.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        let mut used = HashMap::new();
        for session in self.sorted(&SessionFilter::default()).await? {
            let ends = session.legs.iter().filter_map(|stay| stay.left_at);
            let begins = session.legs.iter().map(|stay| stay.joined_at);
            let last = begins.chain(ends).chain(session.ended_at).max();
            if let Some(at) = last.filter(|at| *at >= since) {
                let known = used.entry(session.room).or_insert(at);
                *known = at.max(*known);
            }
        }
        Ok(used)
    }
}

#[async_trait]
impl Sessions for StoredSessions {
    async fn list(&self, filter: &SessionFilter, page: &PageRequest) -> Result<Page<Session>> {
        by_name_only(filter)?;
        let mut found = self.sorted(filter).await?;
        if let Some(after) = &page.after {
            let at = found.iter().position(|session| session.id == *after);
            let at = at.ok_or_else(|| Error::invalid("`after` is not a cursor of this list"))?;
            found.drain(..=at);
        }
        let more = found.len() > page.limit;
        found.truncate(page.limit);
        let next = found.last().filter(|_| more);
        let next = next.map(|session| session.id.clone());
        Ok(Page::new(found, next))
    }

    async fn get(&self, id: &str) -> Result<Session> {
        let key = SessionKey::new(self.backend, id);
        let found = SESSIONS.get(self.documents.as_ref(), &key).await?;
        let missing = || Error::not_found(format!("there is no session `{id}`"));
        Ok(found.ok_or_else(missing)?.record)
    }
}
