//! 100ms' sessions.

use async_trait::async_trait;
use serde_json::Value;

use super::{HundredMsBackend, wire};
use crate::backends::rooms::Sessions;
use crate::error::{Error, Kind, Result};
use crate::model::session::{Session, SessionFilter};
use crate::model::{Page, PageRequest};

#[async_trait]
impl Sessions for HundredMsBackend {
    /// Those that go on come first, then those that are over; the vendor lists each kind by
    /// itself. The cursor is `active,start`.
    async fn list(&self, filter: &SessionFilter, page: &PageRequest) -> Result<Page<Session>> {
        let (mut active, mut start) = match page.after.as_deref() {
            None => (true, None),
            Some(text) => match text.split_once(',') {
                Some((kind @ ("on" | "over"), start)) => (
                    kind == "on",
                    Some(start.to_owned()).filter(|start| !start.is_empty()),
                ),
                _ => return Err(Error::invalid("`after` is not a cursor of this list")),
            },
        };
        let room = match (&filter.room_id, &filter.room) {
            (Some(id), _) => Some(id.clone()),
            (None, Some(room)) => Some(self.room_id(room).await?),
            (None, None) => None,
        };
        loop {
            let mut query = vec![("active", active.to_string())];
            query.extend(room.clone().map(|id| ("room_id", id)));
            let limit = page.limit.clamp(wire::SMALLEST_PAGE, wire::LARGEST_PAGE);
            let list: wire::HundredMsList<Value> =
                self.page(&["sessions"], &query, start, limit).await?;
            let next = match list.next() {
                Some(next) => Some(format!("{},{next}", if active { "on" } else { "over" })),
                None if active => Some("over,".to_owned()),
                None => None,
            };
            let items = list.data.unwrap_or_default().into_iter();
            let items = items
                .filter(|whole| (whole["active"] == Value::Bool(true)) == active)
                .map(wire::HundredMsSession::ours)
                .collect::<Result<Vec<_>>>()?;
            if !items.is_empty() || next.is_none() || !active {
                return Ok(Page::new(items, next));
            }
            (active, start) = (false, None);
        }
    }

    async fn get(&self, id: &str) -> Result<Session> {
        match self.read(&["sessions", id], &[]).await {
            Err(error) if error.kind() == Kind::NotFound => {
                Err(error.saying(format!("there is no session `{id}`")))
            }
            found => wire::HundredMsSession::ours(found?),
        }
    }
}
