//! Hearing of what other nodes committed: from the commits themselves, which say whom they changed. The
//! whole meeting is read again only where that is not enough.

use jiff::Timestamp;

use super::desk::Desk;
use super::rules::Draft;
use super::state::{Meeting, entries, in_order};
use crate::error::Result;
use crate::records::{HEADS, Head, MeetingEntry};

impl Desk {
    /// Brings what is known of the meeting to how it stands in the store, and tells the people here
    /// what they missed. Where that does not work nothing is known any more.
    pub(super) async fn catch_up(&mut self) {
        let Some(mut meeting) = self.meeting.take() else {
            return;
        };
        match self.caught_up(&mut meeting).await {
            Ok(true) => self.meeting = Some(meeting),
            Ok(false) => {}
            Err(error) => {
                tracing::debug!(room = %self.name, %error, "the commits of others cannot be read");
            }
        }
    }

    /// Says whether the commits that were missed say all that they did.
    async fn caught_up(&mut self, meeting: &mut Meeting) -> Result<bool> {
        let documents = self.shared.documents.as_ref();
        let Some(found) = HEADS.get(documents, &meeting.room.name.address()).await? else {
            return Ok(false);
        };
        let unchanged = found.unchanged();
        let head = found.record;
        if !self.follows(&meeting.head, &head) {
            return Ok(false);
        }
        let missed = entries(documents, &meeting.room.id, self.emitted, head.commits).await?;
        let Some(missed) = missed.filter(|missed| missed.iter().all(|(_, entry)| entry.whole))
        else {
            return Ok(false);
        };
        let moved = missed.iter().any(|(_, entry)| moves_people(entry));
        if moved || head.session != meeting.head.session || self.session_is_old {
            self.session = self.stored_session(&head).await?;
            self.session_is_old = false;
        }
        for (_, entry) in &missed {
            apply(meeting, entry);
        }
        meeting.head = head;
        meeting.unchanged = unchanged;
        if !self.seats.is_empty() {
            self.emit_missed(meeting, Some(missed)).await;
        }
        self.emitted = meeting.head.commits;
        Ok(true)
    }

    /// Whether one state of the meeting can become the other by commits alone.
    fn follows(&self, known: &Head, now: &Head) -> bool {
        known.room_id == now.room_id
            && known.settings == now.settings
            && known.commits == self.emitted
            && known.commits <= now.commits
    }

    /// Takes back what a draft did in memory that was not committed.
    pub(super) fn take_back(&mut self, draft: Draft, head: Head, used: [Option<Timestamp>; 2]) {
        let Some(meeting) = &mut self.meeting else {
            return;
        };
        // Sessions are long, and change seldom beside messages: they are read again.
        self.session_is_old |= draft.session || !draft.over.is_empty();
        let any = !draft.before.is_empty();
        for (id, before) in draft.before {
            match before {
                Some(stored) => drop(meeting.people.insert(id, stored)),
                None => drop(meeting.people.shift_remove(&id)),
            }
        }
        if any {
            in_order(&mut meeting.people);
        }
        meeting.head = head;
        [meeting.room.last_joined_at, meeting.room.last_used_at] = used;
    }
}

fn moves_people(entry: &MeetingEntry) -> bool {
    !entry.people.is_empty() || !entry.gone.is_empty()
}

/// Makes a meeting in memory what it is by a commit.
fn apply(meeting: &mut Meeting, entry: &MeetingEntry) {
    for id in &entry.gone {
        meeting.people.shift_remove(id);
    }
    for stored in &entry.people {
        let id = stored.person.id.clone();
        meeting.people.insert(id, stored.clone());
    }
    if moves_people(entry) {
        in_order(&mut meeting.people);
    }
}
