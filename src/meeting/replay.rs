//! Following what happens in one room, for somebody who has no seat in it.

use std::collections::VecDeque;
use std::sync::Arc;

use futures_util::stream::{BoxStream, try_unfold};
use futures_util::{StreamExt, TryStreamExt};

use super::state::Meeting;
use crate::error::{Error, Result};
use crate::model::Room;
use crate::model::happening::Happening;
use crate::records::documents::{Documents, Event, EventStream};
use crate::records::{HEADS, Head};

struct Tail {
    documents: Arc<dyn Documents>,
    room: Room,
    address: String,
    heads: EventStream,
    known: u64,
    pending: VecDeque<Happening>,
}

/// What happens in `room` from now on.
pub(super) async fn follow(
    documents: Arc<dyn Documents>,
    room: Room,
) -> Result<BoxStream<'static, Result<Happening>>> {
    let meeting = Meeting::load(documents.as_ref(), room.clone()).await?;
    let tail = Tail {
        address: room.name.address(),
        heads: documents.watch(HEADS.name(), None),
        known: meeting.head.commits,
        pending: VecDeque::new(),
        documents,
        room,
    };
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

impl Tail {
    /// Waits for the next commit of the room. Says whether the room is still there.
    async fn advance(&mut self) -> Result<bool> {
        match self.heads.try_next().await? {
            None => Err(Error::internal("the store stopped telling of rooms")),
            Some(Event::Removed(address)) => Ok(address != self.address),
            Some(Event::Put(document)) if document.id == self.address => {
                let head = HEADS.read(&document)?;
                if head.room_id != self.room.id {
                    return Ok(false);
                }
                self.read(head).await.map(|()| true)
            }
            Some(_) => Ok(true),
        }
    }

    async fn read(&mut self, head: Head) -> Result<()> {
        if head.commits <= self.known {
            return Ok(());
        }
        let until = head.commits;
        let documents = self.documents.as_ref();
        let missed = super::state::entries(documents, &self.room.id, self.known, until).await?;
        let Some(entries) = missed else {
            return Err(Error::internal(
                "too much happened at once to be followed; begin again",
            ));
        };
        for (_, entry) in entries {
            self.pending.extend(entry.happenings);
        }
        self.known = until;
        Ok(())
    }
}
