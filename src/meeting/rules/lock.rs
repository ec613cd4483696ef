//! A locked room: whoever is there stays, and nobody new comes in until it is unlocked. A lock is for
//! those who are there: nobody locks an empty room, and it ends with the last who goes.

use super::join::is_appointed;
use super::{By, ChangeAnswer, Rules};
use crate::error::{Error, Reason, Result};
use crate::meeting::state::Stored;
use crate::model::happening::Happening;
use crate::model::meeting::{Newcomer, Place, nobody_inside};
use crate::model::session::LockChange;

/// Changes of the lock that one session tells; the oldest goes when there are more.
const LOCKS: usize = 100;

/// Whether a lock keeps somebody out. `place` is where they stand by what they proved: whoever is inside
/// or waits already, while their connection is waited for as well, is nobody new. Nor does it keep out who
/// is a host by more than being first: somebody must be able to unlock the room.
fn keeps_out(place: Option<Place>, appointed: bool) -> bool {
    let is_there = matches!(place, Some(Place::Inside | Place::Waiting));
    !is_there && !appointed
}

impl Rules<'_> {
    /// Insists that nobody new comes into a locked room: not to wait there either.
    pub(super) fn check_lock(
        &self,
        newcomer: &Newcomer,
        before: Option<&Stored>,
        id: &str,
    ) -> Result<()> {
        if !self.meeting.head.locked || self.inside().next().is_none() {
            return Ok(());
        }
        // Whoever else is there by their token goes as they come.
        let there = self.holder(newcomer, id).or(before);
        let place = there.map(|stored| stored.person.place);
        if keeps_out(place, is_appointed(newcomer, before)) {
            let name = &self.meeting.room.name;
            let message =
                format!("the room `{name}` is locked; nobody new comes in until a host unlocks it");
            return Err(Error::conflict(message).reason(Reason::RoomLocked));
        }
        Ok(())
    }

    pub(super) fn lock(&mut self, by: &By, locked: bool) -> Result<ChangeAnswer> {
        self.must_be_host(by)?;
        if locked && self.inside().next().is_none() {
            return Err(nobody_inside(&self.meeting.room.name));
        }
        if self.meeting.head.locked != locked {
            let participant = by.is_person().then(|| by.id().to_owned());
            self.note_lock(locked, participant);
            self.put_lock(locked, Some(by.id().to_owned()));
        }
        Ok(ChangeAnswer::Done)
    }

    /// The last one may have gone.
    pub(super) fn lock_ends(&mut self) {
        if self.meeting.head.locked && self.inside().next().is_none() {
            self.put_lock(false, None);
        }
    }

    /// Somebody came in. A lock of others that was left behind, by a release that does not know locks, is
    /// none of theirs.
    pub(super) fn lock_is_new(&mut self, id: &str) {
        if self.meeting.head.locked && self.inside().all(|stored| stored.person.id == id) {
            self.put_lock(false, None);
        }
    }

    fn put_lock(&mut self, locked: bool, by: Option<String>) {
        self.meeting.head.locked = locked;
        self.draft.locks = true;
        self.emit(Happening::Locked { locked, by });
    }

    fn note_lock(&mut self, locked: bool, by: Option<String>) {
        let Some(session) = self.session else { return };
        let at = self.now;
        session.locks.push(LockChange { at, locked, by });
        let over = session.locks.len().saturating_sub(LOCKS);
        session.locks.drain(..over);
        self.draft.session = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_keeps_out_whoever_is_new_and_runs_nothing() {
        use Place::{Gone, Inside, Waiting};
        for (place, appointed, out) in [
            (None, false, true),
            (Some(Gone), false, true),
            (Some(Inside), false, false),
            (Some(Waiting), false, false),
            (None, true, false),
            (Some(Gone), true, false),
            (Some(Inside), true, false),
        ] {
            assert_eq!(keeps_out(place, appointed), out, "{place:?} {appointed}");
        }
    }
}
