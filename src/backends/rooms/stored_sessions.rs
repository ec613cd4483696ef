//! Sessions that we keep ourselves, for vendors that tell what happens and forget it.
//!
//! One document per session (`tok_sessions`, id `backend:session`), written from the vendor's web
//! callbacks.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::TryStreamExt;
use jiff::Timestamp;

use super::Sessions;
use crate::backends::documents::{Document, Documents, Scan};
use crate::error::{Error, Result};
use crate::model::session::{Session, SessionFilter};
use crate::model::{BackendName, Page, PageRequest};

/// Where sessions are kept.
pub const SESSIONS: &str = "tok_sessions";

/// The document of a session.
pub fn session_document(backend: BackendName, id: &str) -> String {
    format!("{backend}:{id}")
}

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
        let prefix = session_document(self.backend, "");
        let mut found: Vec<Session> = if let Some(room) = &filter.room {
            let most = usize::try_from(i32::MAX).unwrap_or(usize::MAX);
            let found = self
                .documents
                .find(SESSIONS, "room", room.as_str(), most)
                .await?;
            let own = found.iter().filter(|found| found.id.starts_with(&prefix));
            own.map(Document::decode).collect::<Result<_>>()?
        } else {
            let scan = self.documents.scan(Scan::all(SESSIONS).prefix(prefix));
            scan.and_then(|document| std::future::ready(document.decode()))
                .try_collect()
                .await?
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
            let ends = session.legs.iter().filter_map(|leg| leg.left_at);
            let begins = session.legs.iter().map(|leg| leg.joined_at);
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
        Ok(Page { items: found, next })
    }

    async fn get(&self, id: &str) -> Result<Session> {
        let document = session_document(self.backend, id);
        match self.documents.get(SESSIONS, &document).await? {
            Some(document) => document.decode(),
            None => Err(Error::not_found(format!("there is no session `{id}`"))),
        }
    }
}
