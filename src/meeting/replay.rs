//! Following what happens in one room, for somebody who has no seat in it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{BoxStream, empty, try_unfold};
use futures_util::{StreamExt, TryStreamExt};
use tokio::time::{Interval, MissedTickBehavior};

use super::Meetings;
use super::shared::Shared;
use super::state::Meeting;
use crate::error::{Error, Kind, Result};
use crate::model::happening::Happening;
use crate::model::meeting_place::MeetingPlace;
use crate::model::{BackendName, Room, RoomName};
use crate::records::documents::{Documents, Event, EventStream, Precondition};
use crate::records::{HEADS, Head, ROOMS, RoomKey};

/// How often it is looked whether a room without a head still stands.
const LOOK: Duration = Duration::from_secs(5);

/// Something that happened in a room.
#[derive(Debug, Clone, PartialEq)]
pub struct PlacedHappening {
    /// The place behind it.
    pub place: MeetingPlace,
    /// What; nothing where it only begins.
    pub happening: Option<Happening>,
}

struct Tail {
    documents: Arc<dyn Documents>,
    room: Room,
    address: String,
    heads: EventStream,
    /// No head of the room is known, so that nobody tells when the room goes: it is looked for. Nobody
    /// came to it yet, or the whole state is told and did not name it so far.
    headless: bool,
    looks: Interval,
    known: u64,
    /// So much of the next commit is known as well.
    known_of_next: usize,
    pending: VecDeque<PlacedHappening>,
}

impl Meetings {
    /// Everything that happens from now on, or after a place, until the room is gone. It begins with that
    /// place.
    ///
    /// # Errors
    /// [`Kind::NotFound`]; [`Kind::Conflict`], also in the stream, when what happened after the place is
    /// not kept any more.
    pub async fn follow(
        &self,
        room: &RoomName,
        after: Option<MeetingPlace>,
    ) -> Result<BoxStream<'static, Result<PlacedHappening>>> {
        follow(&self.0, room, after).await
    }
}

async fn follow(
    shared: &Shared,
    name: &RoomName,
    after: Option<MeetingPlace>,
) -> Result<BoxStream<'static, Result<PlacedHappening>>> {
    let documents = shared.documents.clone();
    // From here on, where the store can: all other rooms need not be read then.
    let from = if documents.resumes() {
        Some(documents.fence(HEADS.name()).await?)
    } else {
        None
    };
    // Behind the fence: a room that goes before it is not found, the end of any other is told.
    let room = shared.room(name).await?;
    let meeting = Meeting::load(documents.as_ref(), room).await?;
    let (room, head) = (meeting.room, meeting.head);
    let begin = match after {
        // The room that was followed is gone, and another one is called so.
        Some(after) if !after.is_in(&room.id) => return Ok(empty().boxed()),
        Some(after) => after,
        None => MeetingPlace::new(&room.id, head.commits, 0),
    };
    let mut tail = Tail {
        address: room.name.address(),
        heads: documents.watch(HEADS.name(), from),
        headless: meeting.unchanged == Precondition::Missing,
        looks: looks(),
        known: begin.commits,
        known_of_next: begin.happenings,
        pending: VecDeque::new(),
        documents,
        room,
    };
    // A store that was brought back knows less than it told.
    if begin.commits > head.commits {
        return Err(not_kept());
    }
    tail.pending.push_back(PlacedHappening {
        place: begin,
        happening: None,
    });
    tail.read(head).await?;
    Ok(tail.stream())
}

fn looks() -> Interval {
    let mut looks = tokio::time::interval(LOOK);
    looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    looks
}

/// Whether the registry has this very room, and not another one of its name. While nobody can say, it
/// stands: it is looked for again, as a watch goes on after a cut.
async fn stands(documents: &dyn Documents, room: &Room) -> Result<bool> {
    let key = RoomKey::new(BackendName::Local, room.name.as_str());
    match ROOMS.get(documents, &key).await {
        Ok(found) => Ok(found.is_some_and(|found| found.record.id == room.id)),
        Err(error) if error.kind().is_temporary() => {
            tracing::debug!(room = %room.name, %error, "whether a room stands is not known");
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

fn not_kept() -> Error {
    let what = "what happened since then is not kept any more; read the messages, and follow the room from now on";
    Error::new(Kind::Conflict, what)
}

impl Tail {
    /// What is told, until the room is gone.
    fn stream(self) -> BoxStream<'static, Result<PlacedHappening>> {
        let stream = try_unfold(self, |mut tail| async move {
            loop {
                if let Some(next) = tail.pending.pop_front() {
                    return Ok(Some((next, tail)));
                }
                if !tail.advance().await? {
                    return Ok(None);
                }
            }
        });
        stream.boxed()
    }

    /// Waits for the next commit of the room. Says whether the room is still there.
    async fn advance(&mut self) -> Result<bool> {
        let event = tokio::select! {
            event = self.heads.try_next() => event?,
            _ = self.looks.tick(), if self.headless => {
                return stands(self.documents.as_ref(), &self.room).await;
            }
        };
        match event {
            None => Err(Error::internal("the store stopped telling of rooms")),
            Some(Event::Removed(address)) => Ok(address != self.address),
            Some(Event::Put(document)) if document.id == self.address => {
                self.headless = false;
                let head = HEADS.read(&document)?;
                if head.room_id != self.room.id {
                    return Ok(false);
                }
                self.read(head).await.map(|()| true)
            }
            Some(Event::Reset) => {
                // It may have gone unseen.
                self.headless = true;
                self.looks.reset_immediately();
                Ok(true)
            }
            Some(Event::Current(_) | Event::Put(_)) => Ok(true),
        }
    }

    async fn read(&mut self, head: Head) -> Result<()> {
        if head.commits <= self.known {
            return Ok(());
        }
        let until = head.commits;
        let documents = self.documents.as_ref();
        let missed = super::state::entries(documents, &self.room.id, self.known, until).await?;
        for (number, entry) in missed.ok_or_else(not_kept)? {
            let known = std::mem::take(&mut self.known_of_next);
            for (at, happening) in entry.happenings.into_iter().enumerate().skip(known) {
                self.pending.push_back(PlacedHappening {
                    place: MeetingPlace::new(&self.room.id, number - 1, at + 1),
                    happening: Some(happening),
                });
            }
        }
        self.known = until;
        Ok(())
    }
}
