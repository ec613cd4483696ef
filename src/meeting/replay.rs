//! Following what happens in one room, for somebody who has no seat in it.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream::{BoxStream, empty, try_unfold};
use futures_util::{StreamExt, TryStreamExt};

use super::Meetings;
use super::state::Meeting;
use crate::error::{Error, Kind, Result};
use crate::model::happening::Happening;
use crate::model::meeting_place::MeetingPlace;
use crate::model::{Room, RoomName};
use crate::records::documents::{Documents, Event, EventStream};
use crate::records::{HEADS, Head};

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
    /// While the whole state is told: the room was not named yet.
    unnamed: bool,
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
        let room = self.0.room(room).await?;
        follow(self.0.documents.clone(), room, after).await
    }
}

async fn follow(
    documents: Arc<dyn Documents>,
    room: Room,
    after: Option<MeetingPlace>,
) -> Result<BoxStream<'static, Result<PlacedHappening>>> {
    // From here on, where the store can: all other rooms need not be read then.
    let from = if documents.resumes() {
        Some(documents.fence(HEADS.name()).await?)
    } else {
        None
    };
    let head = Meeting::load(documents.as_ref(), room.clone()).await?.head;
    let begin = match after {
        // The room that was followed is gone, and another one is called so.
        Some(after) if !after.is_in(&room.id) => return Ok(empty().boxed()),
        Some(after) => after,
        None => MeetingPlace::new(&room.id, head.commits, 0),
    };
    let mut tail = Tail {
        address: room.name.address(),
        heads: documents.watch(HEADS.name(), from),
        unnamed: false,
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
    let stream = try_unfold(tail, |mut tail| async move {
        loop {
            if let Some(next) = tail.pending.pop_front() {
                return Ok(Some((next, tail)));
            }
            if !tail.advance().await? {
                return Ok(None);
            }
        }
    });
    Ok(stream.boxed())
}

fn not_kept() -> Error {
    let what = "what happened since then is not kept any more; read the messages, and follow the room from now on";
    Error::new(Kind::Conflict, what)
}

impl Tail {
    /// Waits for the next commit of the room. Says whether the room is still there.
    async fn advance(&mut self) -> Result<bool> {
        match self.heads.try_next().await? {
            None => Err(Error::internal("the store stopped telling of rooms")),
            Some(Event::Removed(address)) => Ok(address != self.address),
            Some(Event::Put(document)) if document.id == self.address => {
                self.unnamed = false;
                let head = HEADS.read(&document)?;
                if head.room_id != self.room.id {
                    return Ok(false);
                }
                self.read(head).await.map(|()| true)
            }
            Some(Event::Reset) => {
                self.unnamed = true;
                Ok(true)
            }
            Some(Event::Current(_)) => Ok(!self.unnamed),
            Some(Event::Put(_)) => Ok(true),
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
