//! Who is and was in Daily's rooms.

use std::collections::{HashMap, HashSet};

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::json;

use super::rooms::missing;
use super::{DailyBackend, parse, wire};
use crate::backends::rooms::{Occupancy, Rooms};
use crate::error::Result;
use crate::model::listing::Listing;
use crate::model::{Participant, RoomName};

/// Daily ejects so many people per call.
const EJECT: usize = 100;
/// Daily's largest page of meetings.
const PAGE: &str = "100";
/// Meetings are found by their start; one that began so much earlier may still have been on.
const LONGEST_MEETING: SignedDuration = SignedDuration::from_hours(24);

#[async_trait]
impl Occupancy for DailyBackend {
    async fn participants(&self, room: &RoomName) -> Result<Vec<Participant>> {
        let answer = self.read(&["rooms", room.as_str(), "presence"], &[]).await;
        let list: wire::PresenceList = parse(answer.map_err(|error| missing(room, error))?.body)?;
        let people = list.data.into_iter().map(|presence| Participant {
            id: presence.id,
            user_id: presence.user_id,
            user_name: presence.user_name,
            joined_at: Some(presence.join_time),
        });
        Ok(people.collect())
    }

    async fn end(&self, room: &RoomName) -> Result<u64> {
        // Presence of a room that does not exist may be an empty list.
        self.get(room).await?;
        let (mut ended, mut seen) = (0, HashSet::new());
        loop {
            // One look may not show everybody, and may show for a while who is gone.
            let mut people = self.participants(room).await?;
            people.retain(|person| seen.insert(person.id.clone()));
            let out = self.eject(room, &people).await?;
            ended += out;
            if out == 0 {
                return Ok(ended);
            }
        }
    }

    async fn occupied(&self) -> Result<HashMap<String, u64>> {
        let rooms: HashMap<String, Vec<wire::DailyPresence>> =
            parse(self.read(&["presence"], &[]).await?.body)?;
        Ok(rooms
            .into_iter()
            .filter(|(_, people)| !people.is_empty())
            .map(|(room, people)| (room, people.len() as u64))
            .collect())
    }

    async fn used_since(&self, since: Timestamp) -> Result<HashMap<String, Timestamp>> {
        let start = since.saturating_sub(LONGEST_MEETING).unwrap_or(since);
        let mut query = vec![
            ("limit", PAGE.to_owned()),
            ("timeframe_start", start.as_second().max(0).to_string()),
        ];
        let mut used = HashMap::new();
        let mut listing = Listing::of("meetings at Daily");
        loop {
            let page: wire::MeetingList = parse(self.read(&["meetings"], &query).await?.body)?;
            let Some(last) = page.data.last() else {
                return Ok(used);
            };
            let ids = page.data.iter().map(|meeting| meeting.id.as_str());
            listing.turn(ids, Some(&last.id))?;
            query.truncate(2);
            query.push(("starting_after", last.id.clone()));
            for meeting in page.data {
                let end = meeting.start_time.saturating_add(meeting.duration);
                let Ok(end) = Timestamp::from_second(end) else {
                    continue;
                };
                if end >= since {
                    let known = used.entry(meeting.room).or_insert(end);
                    *known = end.max(*known);
                }
            }
        }
    }
}

impl DailyBackend {
    async fn eject(&self, room: &RoomName, people: &[Participant]) -> Result<u64> {
        let mut ejected = 0;
        for some in people.chunks(EJECT) {
            let ids: Vec<_> = some.iter().map(|person| &person.id).collect();
            let body = json!({ "ids": ids });
            let path = ["rooms", room.as_str(), "eject"];
            let answer = self.write(Method::POST, &path, &body).await;
            let answer: wire::Ejected = parse(answer.map_err(|error| missing(room, error))?)?;
            ejected += answer.ejected_ids.len() as u64;
        }
        Ok(ejected)
    }
}
