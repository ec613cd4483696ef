//! Daily's rooms.

use std::collections::HashSet;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde_json::{Value, json};

use super::{DailyBackend, parse, wire};
use crate::backends::http::{UpstreamBody, UpstreamCall};
use crate::backends::rooms::registry::taken;
use crate::backends::rooms::{Capabilities, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::listing::Listing;
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
/// A room older than this when we began was not made by our lost attempt, clocks considered.
const OURS: SignedDuration = SignedDuration::from_mins(5);

#[async_trait]
impl Rooms for DailyBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: true,
            update: true,
            delete: true,
            expiry: true,
            participants: true,
            history: true,
            delete_batch: DELETE_AT_ONCE,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        let began = self.clock.now();
        let body = wire::create_body(spec);
        // The name makes a repeated call harmless: the second one is told that it is taken.
        let (outcome, lost) = self
            .write_reporting_lost(Method::POST, &["rooms"], &body)
            .await;
        match outcome {
            Ok(answer) => wire::room(answer),
            // Daily says 400 for a name that is taken, with a text that may change.
            Err(error) if error.kind() == Kind::InvalidInput => {
                self.reconcile(spec, began, error, lost).await
            }
            Err(error) if matches!(error.kind(), Kind::Timeout | Kind::BadGateway) => {
                match self.get(&spec.name).await {
                    Ok(room) if is_ours(&room, spec, began) => Ok(room),
                    _ => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        let answer = self.read(&["rooms", name.as_str()], &[]).await;
        wire::room(answer.map_err(|error| missing(name, error))?.body)
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        let rooms = self.page(page).await?;
        // Only an empty page is known to be behind the last one.
        let next = rooms.last().map(|room| room.id.clone());
        Ok(Page::new(rooms, next))
    }

    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room> {
        let body = wire::update_body(patch);
        let answer = self
            .write(Method::POST, &["rooms", name.as_str()], &body)
            .await;
        wire::room(answer.map_err(|error| missing(name, error))?)
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        let mut items = Vec::with_capacity(names.len());
        if names.len() as u64 <= SINGLES {
            for (index, name) in names.iter().enumerate() {
                match self.delete_one(name).await {
                    Ok(item) => items.push(item),
                    Err(error) => return give_up(items, &names[index..], error),
                }
            }
            return Ok(items);
        }
        let existing = self.existing(names).await?;
        let (mut present, absent): (Vec<_>, Vec<_>) = names
            .iter()
            .cloned()
            .partition(|name| existing.contains(name.as_str()));
        items.extend(
            absent
                .iter()
                .map(|name| DeletedRoom::new(name, Outcome::Missing)),
        );
        while !present.is_empty() {
            let rest = present.split_off(present.len().min(BATCH));
            if let Err(error) = self.delete_batch(&mut present, &mut items).await {
                present.extend(rest);
                return give_up(items, &present, error);
            }
            present = rest;
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
    async fn page(&self, page: &PageRequest) -> Result<Vec<Room>> {
        let limit = page.limit.clamp(1, PAGE).to_string();
        let mut query = vec![("limit", limit)];
        if let Some(after) = &page.after {
            query.push(("starting_after", after.clone()));
        }
        let list: wire::RoomList = parse(self.read(&["rooms"], &query).await?.body)?;
        list.data.into_iter().map(wire::room).collect()
    }

    /// After a 400: is the name taken, perhaps by our own attempt whose answer was lost?
    async fn reconcile(
        &self,
        spec: &RoomSpec,
        began: Timestamp,
        refusal: Error,
        lost: bool,
    ) -> Result<Room> {
        let found = if lost {
            self.get(&spec.name).await
        } else {
            self.look_once(&spec.name).await
        };
        match found {
            Ok(room) if lost && is_ours(&room, spec, began) => Ok(room),
            Ok(_) => {
                let taken = taken(&spec.name);
                Err(match refusal.vendor() {
                    Some(answer) => taken.answered(answer.status, answer.body.clone()),
                    None => taken,
                })
            }
            // An earlier try may have made it, and nobody can tell now.
            Err(error) if lost && error.kind() != Kind::NotFound => Err(error),
            // Daily did refuse, and said why, whether or not the room can be looked at.
            Err(_) => Err(refusal),
        }
    }

    /// The room, for whoever can do without: nobody waits for a vendor that is in trouble.
    async fn look_once(&self, name: &RoomName) -> Result<Room> {
        let path = ["rooms", name.as_str()];
        let call = UpstreamCall::get(&path, &[], &self.general).non_idempotent();
        wire::room(self.upstream.send(call).await?.body)
    }

    /// Deletes one room and says what became of it.
    async fn delete_one(&self, name: &RoomName) -> Result<DeletedRoom> {
        let path = ["rooms", name.as_str()];
        let call = UpstreamCall::new(Method::DELETE, &path, UpstreamBody::None, &self.slow);
        match self.upstream.send_reporting_lost(call).await {
            (Ok(answer), _) if answer.body.get("deleted") == Some(&Value::Bool(false)) => {
                Ok(still_there(name))
            }
            (Ok(_), _) => Ok(DeletedRoom::new(name, Outcome::Deleted)),
            // Gone by our own try whose answer was lost, or expired: Daily's 404 then says so.
            (Err(error), lost) if error.kind() == Kind::NotFound => {
                let deleted = error.vendor().and_then(|answer| answer.body.get("deleted"));
                let ours = lost || deleted == Some(&Value::Bool(true));
                let outcome = if ours {
                    Outcome::Deleted
                } else {
                    Outcome::Missing
                };
                Ok(DeletedRoom::new(name, outcome))
            }
            (Err(error), _) if error.kind() == Kind::InvalidInput => {
                Ok(DeletedRoom::failed(name, &error))
            }
            (Err(error), _) => Err(error),
        }
    }

    /// Deletes rooms that existed a moment ago; those that are done leave `names`. Daily does all
    /// of a batch or nothing. When it refuses one, those that are gone by now (by a try of ours
    /// whose answer was lost, or by others) are left out; if all are still there, the batch is
    /// halved until the room that is the reason stands alone.
    async fn delete_batch(
        &self,
        names: &mut Vec<RoomName>,
        items: &mut Vec<DeletedRoom>,
    ) -> Result<()> {
        let mut size = names.len();
        while !names.is_empty() {
            size = size.clamp(1, names.len());
            let part = &names[names.len() - size..];
            if let [name] = part {
                items.push(match self.delete_one(name).await? {
                    gone if gone.outcome == Outcome::Missing => {
                        DeletedRoom::new(name, Outcome::Deleted)
                    }
                    other => other,
                });
                names.pop();
                size = names.len();
                continue;
            }
            let body = json!({ "rooms": part });
            match self.write(Method::DELETE, &["batch", "rooms"], &body).await {
                Ok(answer) => {
                    let told = parse::<wire::BatchDeleted>(answer).map(|told| told.deleted_count);
                    let left = if told.is_ok_and(|told| told == part.len() as u64) {
                        HashSet::new()
                    } else {
                        tracing::warn!(asked = part.len(), "Daily deleted another number");
                        self.existing(part).await?
                    };
                    items.extend(part.iter().map(|name| {
                        if left.contains(name.as_str()) {
                            still_there(name)
                        } else {
                            DeletedRoom::new(name, Outcome::Deleted)
                        }
                    }));
                    names.truncate(names.len() - size);
                }
                Err(error) if matches!(error.kind(), Kind::InvalidInput | Kind::NotFound) => {
                    let left = self.existing(names).await?;
                    let before = names.len();
                    names.retain(|name| {
                        let there = left.contains(name.as_str());
                        if !there {
                            items.push(DeletedRoom::new(name, Outcome::Deleted));
                        }
                        there
                    });
                    if names.len() == before {
                        size /= 2;
                    }
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
        let mut listing = Listing::of("rooms at Daily");
        while found.len() < wanted.len() {
            let rooms = self.page(&page).await?;
            let Some(last) = rooms.last() else { break };
            listing.turn(rooms.iter().map(|room| room.id.as_str()), Some(&last.id))?;
            page.after = Some(last.id.clone());
            let hits = rooms.iter().map(|room| room.name.as_str());
            found.extend(hits.filter(|name| wanted.contains(name)).map(str::to_owned));
        }
        Ok(found)
    }
}

/// Ends a deletion that cannot go on. If nothing is known of any room the error says it all;
/// otherwise the rest is told as failed.
fn give_up(
    mut items: Vec<DeletedRoom>,
    rest: &[RoomName],
    error: Error,
) -> Result<Vec<DeletedRoom>> {
    if items.is_empty() {
        return Err(error);
    }
    items.extend(rest.iter().map(|name| DeletedRoom::failed(name, &error)));
    Ok(items)
}

/// Daily took the call, and did not do what it was for.
fn still_there(name: &RoomName) -> DeletedRoom {
    let error = Error::bad_gateway("Daily did not delete it; it is still there");
    DeletedRoom::failed(name, &error)
}

/// Whether a room is what our lost attempt made. Daily leaves settings at their default out.
fn is_ours(room: &Room, spec: &RoomSpec, began: Timestamp) -> bool {
    let mut asked = spec.clone();
    asked
        .properties
        .retain(|key, _| room.properties.contains_key(key));
    asked.max_participants = asked
        .max_participants
        .filter(|_| room.max_participants.is_some());
    room.matches(&asked) && room.created_at >= began.saturating_sub(OURS).unwrap_or(began)
}

/// Our sentence for Daily's 404, Daily's object kept.
pub(super) fn missing(name: &RoomName, error: Error) -> Error {
    if error.kind() == Kind::NotFound {
        error.saying(format!("there is no room `{name}`"))
    } else {
        error
    }
}
