//! A locked room: whoever is there stays, and nobody new comes in.

use super::rights::of_user;
use super::*;
use crate::error::Reason;

fn lock(lift: bool) -> Change {
    Change::Lock { lift }
}

fn why<T>(refused: Result<T>) -> Option<Reason> {
    refused.err().and_then(|error| error.why())
}

fn is_locked(table: &Table) -> bool {
    table.meeting.head.locked
}

#[test]
fn nobody_new_comes_into_a_locked_room_and_whoever_was_there_does() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    let (bob, _) = table.enter();
    let (eve, _) = table
        .join(&of_user("eve", "t1", Role::Participant))
        .expect("in");
    let (_, draft) = table.act(&host, &lock(false));
    let by = Some("p1".to_owned());
    let locked = Happening::Locked { locked: true, by };
    assert_eq!(draft.happenings, [locked]);
    assert!(draft.locks, "the room's document says so");
    assert_eq!(why(table.join(&anybody())), Some(Reason::RoomLocked));
    let zoe = of_user("zoe", "t2", Role::Viewer);
    assert_eq!(why(table.join(&zoe)), Some(Reason::RoomLocked));
    // Who has a seat there comes back: by its key, or by the token that they are there with.
    assert!(table.join(&returning(&bob)).expect("back").0.resumed);
    let (again, _) = table
        .join(&of_user("eve", "t1", Role::Participant))
        .expect("back");
    assert_eq!(again.id, eve.id);
    // Who went is new, whatever they show.
    let gone = Actor::Keyed(returning(&bob).returning.expect("a key"));
    table.act(&gone, &Change::Leave).0.expect("left");
    assert_eq!(why(table.join(&returning(&bob))), Some(Reason::RoomLocked));
    table.act(&host, &lock(true)).0.expect("unlocked");
    table.join(&returning(&bob)).expect("back");
    table.enter();
}

#[test]
fn hosts_by_a_token_always_come_in_and_others_become_none_by_it() {
    let mut table = Table::new(|_| {});
    table.join(&with_role(Role::Viewer)).expect("in");
    assert!(table.inside().all(|person| !person.is_host()));
    table.act(&Actor::Operator, &lock(false)).0.expect("locked");
    // Nobody runs it: whoever came now would, and does not.
    assert_eq!(why(table.join(&anybody())), Some(Reason::RoomLocked));
    let (boss, actor) = table.enter_as(Role::Host);
    table.act(&actor, &Change::Leave).0.expect("left");
    let back = table
        .join(&returning(&boss))
        .expect("by the token of before");
    assert_eq!(back.0.role, Role::Host);
    let id = boss.id.clone();
    let actor = Actor::Seated { id, seat: back.1 };
    table.act(&actor, &lock(true)).0.expect("unlocked");
    table.enter();
}

#[test]
fn only_hosts_and_operators_lock_and_what_is_so_already_is_told_nobody() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    let (_, guest) = table.enter();
    for lift in [false, true] {
        let refused = table.act(&guest, &lock(lift)).0;
        assert_eq!(why(refused), Some(Reason::OnlyHosts));
    }
    table.act(&Actor::Operator, &lock(false)).0.expect("locked");
    let (answer, draft) = table.act(&host, &lock(false));
    assert!(answer.is_ok() && !draft.dirty && draft.happenings.is_empty());
    table.act(&host, &lock(true)).0.expect("unlocked");
    let (answer, draft) = table.act(&host, &lock(true));
    assert!(answer.is_ok() && !draft.dirty);
    // The session tells it afterwards.
    let session = table.session.as_ref().expect("goes on");
    let told: Vec<_> = session
        .locks
        .iter()
        .map(|of| (of.locked, of.by.as_deref()))
        .collect();
    assert_eq!(told, [(true, None), (false, Some("p1"))]);
}

#[test]
fn a_session_tells_the_last_of_many_locks() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    for n in 0..205 {
        table.act(&host, &lock(n % 2 == 1)).0.expect("done");
    }
    let session = table.session.as_ref().expect("goes on");
    assert_eq!(session.locks.len(), 100);
    assert!(session.locks.last().is_some_and(|of| of.locked));
}

#[test]
fn a_lock_ends_with_the_last_who_goes_however_they_go() {
    let ways: [fn(&mut Table, &Actor); 3] = [
        |table, host| table.act(host, &Change::Leave).0.map(drop).expect("left"),
        |table, host| {
            let end = Change::End(Ending::Ended);
            table.act(host, &end).0.map(drop).expect("ended");
        },
        |table, _| {
            let (out, _) = table.apply(|rules| Ok(rules.evict("node")));
            assert_eq!(out.expect("evicts"), 1);
        },
    ];
    for way in ways {
        let mut table = Table::new(|_| {});
        let (_, host) = table.enter();
        let (_, guest) = table.enter();
        table.act(&host, &lock(false)).0.expect("locked");
        table.act(&guest, &Change::Leave).0.expect("left");
        assert!(is_locked(&table), "somebody is there");
        way(&mut table, &host);
        assert!(!is_locked(&table));
        table.enter();
    }
}

#[test]
fn an_empty_room_is_not_locked_and_what_was_left_of_a_lock_holds_nobody_up() {
    let mut table = Table::new(|_| {});
    let refused = table.act(&Actor::Operator, &lock(false));
    assert_eq!(kind(refused), Some(Kind::Conflict));
    assert_eq!(kind(table.act(&Actor::Operator, &lock(true))), None);
    // As a node of a release that knows no locks leaves it.
    table.meeting.head.locked = true;
    table.enter();
    assert!(!is_locked(&table));
    table.enter();
}

#[test]
fn nobody_new_waits_at_a_locked_door_and_who_waits_already_may_be_let_in() {
    let mut table = Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
    });
    let (_, host) = table.enter();
    let (bob, _) = table.enter();
    let (eve, _) = table.enter();
    assert_eq!((bob.place, eve.place), (Place::Waiting, Place::Waiting));
    table.act(&host, &lock(false)).0.expect("locked");
    assert_eq!(why(table.join(&anybody())), Some(Reason::RoomLocked));
    assert_eq!(
        table.join(&returning(&bob)).expect("waits on").0.place,
        Place::Waiting
    );
    let (target, accept) = (bob.id.clone(), true);
    table
        .act(&host, &Change::Admit { target, accept })
        .0
        .expect("let in");
    assert!(is_locked(&table));
    // The host goes, and with the last of those who were there the lock.
    let inside = table.meeting.people[&bob.id].seat.clone().expect("a seat");
    let (id, seat) = (bob.id.clone(), inside);
    table.act(&host, &Change::Leave).0.expect("left");
    assert!(is_locked(&table), "Bob runs it now");
    table
        .act(&Actor::Seated { id, seat }, &Change::Leave)
        .0
        .expect("left");
    assert!(!is_locked(&table));
    assert!(
        table.meeting.people[&eve.id].person.is_host(),
        "who waited runs it"
    );
}
