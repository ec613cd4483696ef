//! What becomes of a room, and of those who wait at its door, when its last host goes.

use super::*;

fn with_door(change: impl FnOnce(&mut Room)) -> Table {
    Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
        change(room);
    })
}

#[test]
fn who_waits_longest_runs_the_room_whose_only_host_left_and_nobody_walks_past() {
    let mut table = with_door(|_| {});
    let (_, host) = table.enter();
    let (first, first_seat) = table.enter();
    let (second, _) = table.enter();
    let (_, draft) = table.act(&host, &Change::Leave);
    let of_whom: Vec<_> = draft
        .happenings
        .iter()
        .map(|of| match of {
            Happening::Left { .. } => "left",
            Happening::Joined { person } if person.id == first.id => "joined",
            Happening::Admitted { id } if *id == first.id => "admitted",
            Happening::Hosted { present: true } => "hosted",
            Happening::Role { id, role } if *id == first.id && *role == Role::Host => "host",
            _ => "something else",
        })
        .collect();
    assert_eq!(of_whom, ["left", "joined", "admitted", "hosted", "host"]);
    let (late, _) = table.enter();
    assert_eq!(
        late.place,
        Place::Waiting,
        "whoever comes now waits as well"
    );
    let (target, accept) = (second.id, true);
    let admit = Change::Admit { target, accept };
    assert_eq!(kind(table.act(&first_seat, &admit)), None);
}

#[test]
fn where_hosts_are_named_who_waits_hears_that_none_is_there_and_waits_on() {
    let mut table = with_door(|room| room.has_hosts = true);
    let hosted = |present| Happening::Hosted { present };
    let (_, boss) = table.enter_as(Role::Host);
    let (guest, _) = table.enter();
    let (_, draft) = table.act(&boss, &Change::Leave);
    assert_eq!(draft.happenings[1..], [hosted(false)]);
    assert_eq!(draft.happenings[1].audience(), Audience::Waiting);
    let (answer, draft) = table.apply(|rules| rules.join(&anybody(), "p9", "s9"));
    let Ok(ChangeAnswer::Admission(late)) = answer else {
        panic!("not at the door")
    };
    assert_eq!(late.place, Place::Waiting);
    assert_eq!(draft.happenings.last(), Some(&hosted(false)));
    let boss = with_role(Role::Host);
    let (answer, draft) = table.apply(|rules| rules.join(&boss, "p10", "s10"));
    answer.expect("in");
    assert!(draft.happenings.contains(&hosted(true)));
    // Another host changes nothing for them.
    let (_, draft) = table.apply(|rules| rules.join(&boss, "p11", "s11"));
    assert_eq!(draft.happenings.len(), 1);
    assert_eq!(table.meeting.people[&guest.id].person.place, Place::Waiting);
}

#[test]
fn where_nobody_waits_nobody_hears_of_hosts() {
    let mut table = with_door(|room| room.has_hosts = true);
    let (_, boss) = table.enter_as(Role::Host);
    let (_, draft) = table.act(&boss, &Change::Leave);
    assert_eq!(draft.happenings.len(), 1);
}

#[test]
fn hosts_end_the_call_and_nobody_else_does() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    let (_, guest) = table.enter();
    let end = Change::End(Ending::Ended);
    assert_eq!(kind(table.act(&guest, &end)), Some(Kind::Forbidden));
    assert_eq!(table.inside().count(), 2);
    assert_eq!(kind(table.act(&host, &end)), None);
    assert_eq!(table.inside().count(), 0);
}
