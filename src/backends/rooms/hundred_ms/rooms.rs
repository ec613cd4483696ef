//! 100ms' rooms: made by name, and made again is changed; never deleted, only closed.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use super::{HundredMsBackend, is_id, missing, wire};
use crate::backends::rooms::one_by_one::one_by_one;
use crate::backends::rooms::{Capabilities, Rooms};
use crate::error::{Error, Kind, Result};
use crate::model::report::{Cost, DeletedRoom, Outcome};
use crate::model::{Page, PageRequest, Privacy, Room, RoomName, RoomPatch, RoomSpec};

/// Rooms closed between two looks at the clock.
const DELETE_AT_ONCE: usize = 20;

#[async_trait]
impl Rooms for HundredMsBackend {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            list: true,
            update: true,
            delete: false,
            expiry: false,
            participants: true,
            history: true,
            delete_batch: DELETE_AT_ONCE,
        }
    }

    async fn create(&self, spec: &RoomSpec) -> Result<Room> {
        no_times(spec.not_before.is_some() || spec.expires_at.is_some())?;
        let mut body = spec.properties.clone();
        // A name that is none of ours may be given as a property; with null 100ms makes one up.
        let unnamed = body.get("name").is_some_and(Value::is_null);
        if unnamed {
            body.shift_remove("name");
        } else {
            body.entry("name".to_owned())
                .or_insert_with(|| json!(spec.name));
        }
        size(&mut body, spec.max_participants.map(Some));
        let body = Value::Object(body);
        // The name makes it harmless to repeat: the second time changes nothing.
        let made = if unnamed {
            self.write_non_idempotent(&["rooms"], &body).await?
        } else {
            self.write(&["rooms"], &body).await?
        };
        let mut room = wire::HundredMsRoom::read(made)?;
        if !room.enabled {
            let path = ["rooms", room.id.as_str()];
            let opened = self.write(&path, &json!({ "enabled": true })).await?;
            room = wire::HundredMsRoom::read(opened)?;
        }
        room.ours()
    }

    async fn get(&self, name: &RoomName) -> Result<Room> {
        self.open_room(name).await?.ours()
    }

    async fn list(&self, page: &PageRequest) -> Result<Page<Room>> {
        let query = [("enabled", "true".to_owned())];
        let cursor = RoomsCursor::read(page.after.as_deref())?;
        let asked = (cursor.skip + page.limit).clamp(wire::SMALLEST_PAGE, wire::LARGEST_PAGE);
        let list: wire::HundredMsList<Value> = self
            .page(&["rooms"], &query, cursor.start.clone(), asked)
            .await?;
        let next = list.next();
        let all = list.data.unwrap_or_default();
        let upto = (cursor.skip + page.limit).min(all.len());
        let rest = all.len() - upto;
        let some = all.into_iter().skip(cursor.skip).take(page.limit);
        Ok(Page {
            items: some
                .map(|whole| wire::HundredMsRoom::read(whole)?.ours())
                .collect::<Result<_>>()?,
            next: match next {
                _ if rest > 0 => Some(RoomsCursor::text(upto, cursor.start.as_deref())),
                Some(next) => Some(RoomsCursor::text(0, Some(&next))),
                None => None,
            },
            unreadable: 0,
        })
    }

    async fn update(&self, name: &RoomName, patch: &RoomPatch) -> Result<Room> {
        no_times(patch.not_before.is_some() || patch.expires_at.is_some())?;
        if patch.privacy == Some(Privacy::Public) {
            return Err(Error::unsupported(
                "rooms at 100ms are always private: nobody gets in without a token",
            ));
        }
        let room = self.open_room(name).await?;
        let mut body = patch.properties.clone();
        size(&mut body, patch.max_participants);
        let path = ["rooms", room.id.as_str()];
        wire::HundredMsRoom::read(self.write(&path, &Value::Object(body)).await?)?.ours()
    }

    async fn delete(&self, names: &[RoomName]) -> Result<Vec<DeletedRoom>> {
        one_by_one(names, |name| Box::pin(self.close(name))).await
    }

    fn delete_cost(&self, names: u64, _existing: u64) -> Cost {
        Cost {
            reads: names,
            writes: 2 * names,
            seconds: 0,
        }
    }
}

impl HundredMsBackend {
    /// A room that people can get into.
    pub(super) async fn open_room(&self, name: &RoomName) -> Result<wire::HundredMsRoom> {
        if !is_id(name.as_str()) {
            return self.room_named(name).await;
        }
        let found = self.read(&["rooms", name.as_str()], &[]).await;
        let room = match found {
            Err(error) if error.kind() == Kind::NotFound => return Err(missing(name)),
            found => wire::HundredMsRoom::read(found?)?,
        };
        if room.enabled {
            Ok(room)
        } else {
            Err(missing(name))
        }
    }

    /// The id of a room that people can get into: nobody is told by a token that there is none.
    pub(super) async fn open_room_id(&self, name: &RoomName) -> Result<String> {
        if let Some(id) = self.remembered(name.as_str()) {
            return Ok(id);
        }
        let room = self.open_room(name).await?;
        self.remember(name.as_str(), &room.id);
        Ok(room.id)
    }

    /// Lets nobody in any more and sends everyone out.
    async fn close(&self, name: &RoomName) -> Result<Outcome> {
        let room = match self.open_room(name).await {
            Err(error) if error.kind() == Kind::NotFound => return Ok(Outcome::Missing),
            room => room?,
        };
        let path = ["rooms", room.id.as_str()];
        self.write(&path, &json!({ "enabled": false })).await?;
        self.uncache(&room.id);
        self.end_room(&room.id, "the room was deleted").await?;
        Ok(Outcome::Disabled)
    }

    /// Ends the running session, if there is one.
    pub(super) async fn end_room(&self, id: &str, reason: &str) -> Result<()> {
        let path = ["active-rooms", id, "end-room"];
        let body = json!({ "reason": reason, "lock": false });
        match self.write(&path, &body).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(()),
            other => other.map(|_| ()),
        }
    }
}

/// Where a page of ours begins in a page of theirs, which has at least ten items: `skip,start`.
struct RoomsCursor {
    skip: usize,
    start: Option<String>,
}

impl RoomsCursor {
    fn read(text: Option<&str>) -> Result<Self> {
        let wrong = || Error::invalid("`after` is not a cursor of this list");
        let Some(text) = text else {
            return Ok(Self {
                skip: 0,
                start: None,
            });
        };
        let (skip, start) = text.split_once(',').ok_or_else(wrong)?;
        let skip = skip.parse().ok().filter(|skip| *skip < wire::LARGEST_PAGE);
        Ok(Self {
            skip: skip.ok_or_else(wrong)?,
            start: Some(start.to_owned()).filter(|start| !start.is_empty()),
        })
    }

    fn text(skip: usize, start: Option<&str>) -> String {
        format!("{skip},{}", start.unwrap_or_default())
    }
}

fn no_times(given: bool) -> Result<()> {
    if given {
        return Err(Error::unsupported(
            "rooms at 100ms have no time of opening or closing; leave it out and delete the room instead",
        ));
    }
    Ok(())
}

/// 100ms calls the most participants `size`; 0 is no limit.
fn size(body: &mut Map<String, Value>, most: Option<Option<u32>>) {
    if let Some(most) = most {
        body.insert("size".to_owned(), json!(most.unwrap_or(0)));
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    fn read(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match RoomsCursor::read(Some(&text)) {
            Ok(cursor) => {
                assert!(cursor.skip < wire::LARGEST_PAGE);
                let again = RoomsCursor::text(cursor.skip, cursor.start.as_deref());
                let again = RoomsCursor::read(Some(&again)).expect("reads");
                assert_eq!((again.skip, again.start), (cursor.skip, cursor.start));
            }
            Err(error) => {
                assert_eq!(error.kind(), Kind::InvalidInput);
                refused(&error);
            }
        }
    }

    /// A cursor is read as it was given out; another one is refused.
    #[test]
    fn rooms_cursor_is_read_or_refused() {
        hostile!("rooms_cursor", read);
    }
}
