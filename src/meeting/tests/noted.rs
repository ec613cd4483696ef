//! What is noted in the room's own document of a commit.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::*;
use crate::meeting::rooms::note;
use crate::records::documents::Mutation;

const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// A moment, so long after the tests' world began.
fn after(passed: SignedDuration) -> Timestamp {
    Timestamp::UNIX_EPOCH + passed
}

/// What is noted at this moment, if anything.
fn noted(table: &mut Table, locks: bool, now: Timestamp) -> Option<Value> {
    let write = note(&mut table.meeting, locks, now)?;
    assert_eq!(write.precondition, Precondition::Exists);
    assert!(write.bookkeeping, "whoever leaves must be able to");
    match write.change {
        Mutation::Merge(fields) => Some(fields.into()),
        other => panic!("{other:?}"),
    }
}

/// A meeting that was committed before.
fn going_on(joined: Option<Timestamp>) -> Table {
    let mut table = Table::new(|room| room.last_joined_at = joined);
    table.meeting.unchanged = Precondition::Exists;
    table
}

#[test]
fn the_first_commit_is_noted_whatever_was_before() {
    let now = after(MINUTE);
    let mut table = Table::new(|room| room.last_used_at = Some(now));
    let prepared = noted(&mut table, false, now);
    assert_eq!(prepared, Some(json!({ "last_used_at": now })));
    let mut table = Table::new(|room| room.last_joined_at = Some(now));
    table.enter();
    let inside = noted(&mut table, false, now);
    assert_eq!(inside, Some(json!({ "last_joined_at": now })));
}

#[test]
fn that_somebody_is_inside_is_noted_once_a_minute() {
    let began = after(MINUTE);
    let mut table = going_on(None);
    table.enter();
    let first = noted(&mut table, false, began);
    assert_eq!(first, Some(json!({ "last_joined_at": began })));
    assert_eq!(table.meeting.room.last_joined_at, Some(began));
    let almost = began + MINUTE - SignedDuration::from_millis(1);
    assert_eq!(noted(&mut table, false, almost), None);
    let later = began + MINUTE;
    let second = noted(&mut table, false, later);
    assert_eq!(second, Some(json!({ "last_joined_at": later })));
}

#[test]
fn of_an_empty_room_only_that_it_is_locked_is_noted_later() {
    let now = after(MINUTE * 9);
    let mut table = going_on(None);
    assert_eq!(noted(&mut table, false, now), None);
    let locked = noted(&mut table, true, now);
    assert_eq!(locked, Some(json!({ "locked": false })));
    table.meeting.head.locked = true;
    let locked = noted(&mut table, true, now);
    assert_eq!(locked, Some(json!({ "locked": true })));
    let room = &table.meeting.room;
    assert_eq!((room.last_joined_at, room.last_used_at), (None, None));
}

#[test]
fn what_is_noted_first_of_a_room_that_nobody_is_in_is_known_here_too() {
    let now = after(MINUTE);
    let mut table = Table::new(|_| {});
    noted(&mut table, false, now).expect("noted");
    let room = &table.meeting.room;
    assert_eq!((room.last_joined_at, room.last_used_at), (None, Some(now)));
}
