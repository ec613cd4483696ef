//! Daily's rooms.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use super::{DailyBackend, parse, wire};
use crate::backends::http::{Call, Repeat};
use crate::backends::rooms::{Capabilities, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{Page, PageRequest, Room, RoomName, RoomPatch, RoomSpec};

/// Daily's largest page.
const PAGE: usize = 100;
/// Daily's largest batch.
const BATCH: usize = 1000;
/// Rooms looked up with one walk over the list, then deleted in batches.
const DELETE_AT_ONCE: usize = 5 * BATCH;
/// So many rooms are deleted one by one, which tells exactly what became of each. More are
/// looked up in the list first and then deleted in batches.
const SINGLES: u64 = 10;
/// How often making a room is tried when its outcome stays unknown.
const CREATE_TRIES: usize = 3;
/// A room older than this when we began was not made by our lost attempt, clocks considered.
const OURS: SignedDuration = SignedDuration::from_mins(5);

#[async_trait]
impl Rooms for DailyBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: true,
            update: true,
            delete: true,
            participants: true,
            history: true,
            delete_batch: DELETE_AT_ONCE,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let began = self.clock.now();
        let body = wire::create_body(spec);
        let mut lost = None;
        for _ in 0..CREATE_TRIES {
            match self
                .write(Method::POST, &["rooms"], &body, Repeat::Unprocessed)
                .await
            {
                Ok(answer) => return wire::room(answer),
                // Daily says 400 for a name that is taken, with a text that may change.
                Err(error) if error.kind() == Kind::InvalidInput => {
                    return self.settle(spec, began, error, lost.is_some()).await;
                }
                Err(error) if matches!(error.kind(), Kind::Timeout | Kind::BadGateway) => {
                    if let Some(room) = self.lost_room(spec, began).await? {
                        return Ok(room);
                    }
                    lost = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(lost.unwrap_or_else(|| Error::internal("no attempt was made")))
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        let answer = self.read(&["rooms", name.as_str()], &[]).await;
        wire::room(answer.map_err(|error| missing(name, error))?.body)
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        let (_, rooms) = self.page(page).await?;
        // Only an empty page is known to be behind the last one.
        let next = rooms.last().map(|room| room.id.clone());
        Ok(Page { items: rooms, next })
    }

    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room> {
        let body = wire::update_body(patch);
        let answer = self
            .write(Method::POST, &["rooms", name.as_str()], &body, Repeat::Safe)
            .await;
        wire::room(answer.map_err(|error| missing(name, error))?)
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        let mut items = Vec::with_capacity(names.len());
        if names.len() as u64 <= SINGLES {
            for name in names {
                items.push(self.delete_one(name).await?);
            }
            return Ok(items);
        }
        let existing = self.existing(names).await?;
        let (present, absent): (Vec<_>, Vec<_>) = names
            .iter()
            .partition(|name| existing.contains(name.as_str()));
        items.extend(absent.into_iter().map(|name| item(name, Outcome::Missing)));
        for batch in present.chunks(BATCH) {
            self.delete_batch(batch, &mut items).await?;
        }
        Ok(items)
    }

    fn delete_cost(&self, names: u64, existing: u64) -> Cost {
        let (reads, writes, limiter) = if names <= SINGLES {
            (0, names, &self.slow)
        } else {
            let pages = existing.div_ceil(PAGE as u64) + 1;
            (pages, names.div_ceil(BATCH as u64), &self.general)
        };
        let seconds = limiter
            .rate()
            .map_or(0, |rate| rate.time_for(reads + writes).as_secs());
        Cost {
            reads,
            writes,
            seconds,
        }
    }
}

impl DailyBackend {
    async fn page(&self, page: &PageRequest) -> Result<(u64, Vec<Room>)> {
        let limit = page.limit.clamp(1, PAGE).to_string();
        let mut query = vec![("limit", limit)];
        if let Some(after) = &page.after {
            query.push(("starting_after", after.clone()));
        }
        let list: wire::RoomList = parse(self.read(&["rooms"], &query).await?.body)?;
        let rooms = list
            .data
            .into_iter()
            .map(wire::room)
            .collect::<Result<_>>()?;
        Ok((list.total_count, rooms))
    }

    /// After a 400: is the name taken, perhaps by our own attempt whose answer was lost?
    async fn settle(
        &self,
        spec: &RoomSpec,
        began: Timestamp,
        refusal: Error,
        lost: bool,
    ) -> Result<Room> {
        match self.get(&spec.name).await {
            Ok(room) if lost && is_ours(&room, spec, began) => Ok(room),
            Ok(_) => {
                let message = format!("a room named `{}` exists already", spec.name);
                let taken = Error::conflict(message);
                Err(match refusal.vendor() {
                    Some(answer) => taken.answered(answer.status, answer.body.clone()),
                    None => taken,
                })
            }
            Err(error) if error.kind() == Kind::NotFound => Err(refusal),
            Err(error) => Err(error),
        }
    }

    /// After an unknown outcome: did the attempt make the room after all?
    async fn lost_room(&self, spec: &RoomSpec, began: Timestamp) -> Result<Option<Room>> {
        match self.get(&spec.name).await {
            Ok(room) if is_ours(&room, spec, began) => Ok(Some(room)),
            Ok(_) => Err(Error::conflict(format!(
                "a room named `{}` exists already",
                spec.name
            ))),
            Err(error) if error.kind() == Kind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Deletes one room and says what became of it; a refused credential or a limit is an error.
    async fn delete_one(&self, name: &RoomName) -> Result<DeletedRoom> {
        let call = Call {
            method: Method::DELETE,
            path: &["rooms", name.as_str()],
            query: &[],
            body: None,
            limiter: &self.slow,
            repeat: Repeat::Safe,
        };
        match self.upstream.send(call).await {
            Ok(_) => Ok(item(name, Outcome::Deleted)),
            // An expired room is gone with a 404 that says so.
            Err(error) if error.kind() == Kind::NotFound => {
                let swept = error
                    .vendor()
                    .and_then(|answer| answer.body.get("deleted"))
                    .is_some_and(|deleted| *deleted == Value::Bool(true));
                Ok(item(
                    name,
                    if swept {
                        Outcome::Deleted
                    } else {
                        Outcome::Missing
                    },
                ))
            }
            Err(error) if error.kind() == Kind::InvalidInput => Ok(DeletedRoom {
                error: Some(error.message().to_owned()),
                ..item(name, Outcome::Failed)
            }),
            Err(error) => Err(error),
        }
    }

    /// Deletes a batch. Daily does all of it or nothing, so a batch that is refused because of
    /// one room is halved until that room stands alone.
    async fn delete_batch(&self, names: &[&RoomName], items: &mut Vec<DeletedRoom>) -> Result<()> {
        let mut halves = vec![names];
        while let Some(part) = halves.pop() {
            if let [name] = part {
                items.push(self.delete_one(name).await?);
                continue;
            }
            let body = json!({ "rooms": part });
            match self
                .write(Method::DELETE, &["batch", "rooms"], &body, Repeat::Safe)
                .await
            {
                Ok(answer) => {
                    let deleted = parse::<wire::BatchDeleted>(answer)?.deleted_count;
                    if deleted != part.len() as u64 {
                        tracing::warn!(asked = part.len(), deleted, "Daily deleted another number");
                    }
                    items.extend(part.iter().map(|name| item(name, Outcome::Deleted)));
                }
                Err(error) if matches!(error.kind(), Kind::InvalidInput | Kind::NotFound) => {
                    let (left, right) = part.split_at(part.len() / 2);
                    halves.extend([right, left]);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Which of the given rooms exist, found out with one walk over the list.
    async fn existing(&self, names: &[RoomName]) -> Result<HashSet<String>> {
        let wanted: HashSet<&str> = names.iter().map(RoomName::as_str).collect();
        let mut found = HashSet::new();
        let mut page = PageRequest {
            after: None,
            limit: PAGE,
        };
        while found.len() < wanted.len() {
            let (_, rooms) = self.page(&page).await?;
            let Some(last) = rooms.last() else { break };
            page.after = Some(last.id.clone());
            let hits = rooms.iter().map(|room| room.name.as_str());
            found.extend(hits.filter(|name| wanted.contains(name)).map(str::to_owned));
        }
        Ok(found)
    }
}

fn item(name: &RoomName, outcome: Outcome) -> DeletedRoom {
    DeletedRoom {
        name: name.to_string(),
        outcome,
        error: None,
    }
}

fn is_ours(room: &Room, spec: &RoomSpec, began: Timestamp) -> bool {
    room.matches(spec) && room.created_at >= began.saturating_sub(OURS).unwrap_or(began)
}

/// Our sentence for Daily's 404, Daily's object kept.
pub(super) fn missing(name: &RoomName, error: Error) -> Error {
    if error.kind() == Kind::NotFound {
        error.saying(format!("there is no room `{name}`"))
    } else {
        error
    }
}
