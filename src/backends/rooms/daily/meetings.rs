//! Daily's meetings: the sessions of its rooms.

use async_trait::async_trait;
use jiff::Timestamp;
use serde_json::Value;

use super::{DailyBackend, parse, wire};
use crate::backends::rooms::{Sessions, by_name_only};
use crate::error::{Error, Kind, Result};
use crate::model::session::{Session, SessionFilter, Stay};
use crate::model::{BackendName, Page, PageRequest};

/// Daily's largest page.
const PAGE: usize = 100;

#[async_trait]
impl Sessions for DailyBackend {
    async fn list(&self, filter: &SessionFilter, page: &PageRequest) -> Result<Page<Session>> {
        by_name_only(filter)?;
        let mut query = vec![("limit", page.limit.clamp(1, PAGE).to_string())];
        query.extend(filter.room.as_ref().map(|room| ("room", room.to_string())));
        query.extend(page.after.clone().map(|after| ("starting_after", after)));
        let list: wire::DailyList = parse(self.read(&["meetings"], &query).await?.body)?;
        let items = list
            .data
            .into_iter()
            .map(session)
            .collect::<Result<Vec<_>>>()?;
        // Only an empty page is known to be behind the last one.
        let next = items.last().map(|session| session.id.clone());
        Ok(Page::new(items, next))
    }

    async fn get(&self, id: &str) -> Result<Session> {
        match self.read(&["meetings", id], &[]).await {
            Err(error) if error.kind() == Kind::NotFound => {
                Err(error.saying(format!("there is no session `{id}`")))
            }
            found => session(found?.body),
        }
    }
}

/// Daily tells a beginning and a length, both in seconds; while it goes on the length grows.
fn session(whole: Value) -> Result<Session> {
    let wire: wire::WholeMeeting = parse(whole.clone())?;
    let moment = |seconds: i64| {
        Timestamp::from_second(seconds)
            .map_err(|error| Error::bad_gateway("Daily's meeting was at no time").because(error))
    };
    let stays = wire.participants.into_iter().map(|person| {
        let end = person.join_time.saturating_add(person.duration);
        // Daily does not say who is still there: somebody whose stay reaches to the end of a
        // meeting that goes on.
        let there = wire.ongoing && end >= wire.start_time.saturating_add(wire.duration);
        Ok(Stay {
            participant_id: person.participant_id,
            user_id: person.user_id.filter(|id| !id.is_empty()),
            user_name: person.user_name.filter(|name| !name.is_empty()),
            joined_at: moment(person.join_time)?,
            left_at: if there { None } else { Some(moment(end)?) },
            node: None,
            why: None,
        })
    });
    let mut stays = stays.collect::<Result<Vec<_>>>()?;
    stays.sort_by_key(|stay| stay.joined_at);
    let end = wire.start_time.saturating_add(wire.duration);
    Ok(Session {
        id: wire.id,
        room: wire.room,
        backend: BackendName::Daily,
        started_at: moment(wire.start_time)?,
        ended_at: if wire.ongoing {
            None
        } else {
            Some(moment(end)?)
        },
        legs: stays,
        locks: Vec::new(),
        vendor: Some(whole),
    })
}
