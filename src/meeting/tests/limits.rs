//! What holds at the edges: who runs a room, what is told, and what has an end.

use super::*;
use crate::error::Error;
use crate::model::happening::MessageChange;
use crate::model::session::Stay;

fn left(table: &mut Table, actor: &Actor) {
    table.act(actor, &Change::Leave).0.expect("goes");
}

fn role(table: &Table, of: &Admission) -> Role {
    table.meeting.people[&of.id].person.role
}

#[test]
fn a_host_who_hands_over_is_host_no_more() {
    let mut table = Table::new(|_| {});
    let (ada, host) = table.enter();
    let (bob, guest) = table.enter();
    let to = |target: &str| Change::HandOver {
        target: target.to_owned(),
    };
    assert_eq!(kind(table.act(&guest, &to(&bob.id))), Some(Kind::Forbidden));
    let (answer, draft) = table.act(&host, &to(&ada.id));
    assert!(answer.is_ok() && !draft.dirty, "to themselves: nothing");
    assert_eq!(kind(table.act(&host, &to("nobody"))), Some(Kind::NotFound));
    let (_, draft) = table.act(&host, &to(&bob.id));
    let told = |of: &Admission, role| Happening::Role {
        id: of.id.clone(),
        role,
    };
    let expected = [told(&bob, Role::Host), told(&ada, Role::Participant)];
    assert_eq!(draft.happenings, expected);
    assert_eq!(
        (role(&table, &ada), role(&table, &bob)),
        (Role::Participant, Role::Host)
    );
    left(&mut table, &host);
    assert_eq!(kind(table.act(&guest, &to(&ada.id))), Some(Kind::NotFound));
}

#[test]
fn who_comes_back_as_somebody_else_is_told_of() {
    let mut table = Table::new(|_| {});
    let (ada, _) = table.enter();
    let other = Newcomer {
        name: Some("Ada Lovelace".to_owned()),
        grant: Some(grant(Role::Viewer)),
        ..returning(&ada)
    };
    let (answer, draft) = table.apply(|rules| rules.join(&other, "p9", "s9"));
    answer.expect("comes back");
    let (id, name) = (ada.id.clone(), "Ada Lovelace".to_owned());
    let renamed = Happening::Renamed {
        id: id.clone(),
        name,
    };
    let role = Role::Viewer;
    assert_eq!(draft.happenings, [renamed, Happening::Role { id, role }]);
}

#[test]
fn whether_somebody_who_waited_was_refused_or_gave_up_is_told() {
    let mut table = Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
    });
    let (_, host) = table.enter();
    for refused in [true, false] {
        let (guest, seat) = table.enter();
        let (id, target, accept) = (guest.id.clone(), guest.id, false);
        let (_, draft) = if refused {
            table.act(&host, &Change::Admit { target, accept })
        } else {
            table.act(&seat, &Change::Leave)
        };
        let why = None;
        assert_eq!(draft.happenings, [Happening::Rejected { id, refused, why }]);
    }
}

#[test]
fn a_temporary_room_that_nobody_runs_is_gone_with_the_last_who_goes() {
    let mut table = Table::new(|room| {
        room.properties.insert("temporary".to_owned(), true.into());
        room.privacy = Privacy::Private;
    });
    let (ada, first) = table.enter();
    let (bob, last) = table.enter();
    assert_eq!(role(&table, &ada), Role::Participant);
    left(&mut table, &first);
    assert!(!table.vanished, "somebody is there");
    let (_, draft) = table.act(&last, &Change::Leave);
    let (id, why) = (bob.id, Departure::Left);
    let ended = Happening::Ended {
        why: Ending::Unused,
    };
    assert_eq!(draft.happenings, [Happening::Left { id, why }, ended]);
    assert!(table.vanished);
}

#[test]
fn only_what_changes_is_told() {
    let mut table = Table::new(|_| {});
    let (ada, seat) = table.enter();
    let rename = |name: &str| Change::Rename(name.to_owned());
    let camera = Some(true);
    let media = MediaState {
        camera,
        ..MediaState::default()
    };
    for (change, same) in [
        (rename("Ada"), rename("Ada")),
        (Change::Media(media), Change::Media(media)),
    ] {
        assert_eq!(table.act(&seat, &change).1.happenings.len(), 1);
        let (answer, draft) = table.act(&seat, &same);
        assert!(answer.is_ok() && !draft.dirty, "{same:?} again");
    }
    let person = &table.meeting.people[&ada.id].person;
    assert_eq!((person.name.as_str(), person.media), ("Ada", media));
}

#[test]
fn only_hosts_ask_for_silence_and_only_of_those_inside() {
    let mut table = Table::new(|_| {});
    let (ada, host) = table.enter();
    let (bob, guest) = table.enter();
    let ask = |target: &str| Change::AskMute {
        target: target.to_owned(),
        lift: false,
    };
    assert_eq!(
        kind(table.act(&guest, &ask(&ada.id))),
        Some(Kind::Forbidden)
    );
    let (_, draft) = table.act(&host, &ask(&bob.id));
    let (id, by) = (bob.id.clone(), ada.id);
    assert_eq!(
        draft.happenings,
        [Happening::MuteAsked {
            id,
            by,
            lifted: false
        }]
    );
    left(&mut table, &guest);
    assert_eq!(kind(table.act(&host, &ask(&bob.id))), Some(Kind::NotFound));
}

#[test]
fn a_host_sends_out_neither_hosts_nor_those_who_went() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let boss = with_role(Role::Host);
    let (boss, _) = table.join(&boss).expect("in");
    let (bob, guest) = table.enter();
    let kick = |of: &Admission, ban| Change::Kick {
        target: of.id.clone(),
        ban,
    };
    assert_eq!(
        kind(table.act(&host, &kick(&boss, false))),
        Some(Kind::Forbidden)
    );
    assert_eq!(kind(table.act(&Actor::Operator, &kick(&boss, false))), None);
    left(&mut table, &guest);
    assert_eq!(
        kind(table.act(&host, &kick(&bob, false))),
        Some(Kind::NotFound)
    );
    assert_eq!(kind(table.act(&host, &kick(&bob, true))), None);
    assert!(table.join(&returning(&bob)).is_err(), "for good");
}

#[test]
fn the_oldest_ban_goes_when_there_are_too_many() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let mut first = None;
    for _ in 0..501 {
        let (guest, _) = table.enter();
        let (target, ban) = (guest.id.clone(), true);
        table
            .act(&host, &Change::Kick { target, ban })
            .0
            .expect("banned");
        first.get_or_insert(guest);
    }
    let banned = &table.meeting.head.banned;
    assert_eq!(banned.len(), 500);
    let first = first.expect("somebody").id;
    assert!(banned.iter().all(|ban| ban.participant != first));
}

#[test]
fn of_those_who_went_the_last_are_remembered_and_those_who_wrote() {
    let mut table = Table::new(|_| {});
    table.enter();
    let (writer, seat) = table.enter();
    table.act(&seat, &send(EVERYONE)).0.expect("written");
    left(&mut table, &seat);
    let mut gone = Vec::new();
    for _ in 0..300 {
        let (guest, seat) = table.enter();
        gone.push(guest.id);
        left(&mut table, &seat);
    }
    let people = &table.meeting.people;
    assert_eq!(people.len(), 1 + 300);
    assert!(people.contains_key(&writer.id), "their name stands there");
    assert!(!people.contains_key(&gone[0]), "the first is forgotten");
    assert!(gone[1..].iter().all(|id| people.contains_key(id)));
    // However many go at once.
    let others = [table.enter().1, table.enter().1];
    let end = Change::End(Ending::Ended);
    table.act(&Actor::Operator, &end).0.expect("ends");
    assert_eq!(kind(table.act(&others[0], &Change::Leave)), None);
    let (_, late) = table.enter();
    left(&mut table, &late);
    let people = &table.meeting.people;
    assert_eq!(people.len(), 300);
    assert!(people.contains_key(&writer.id));
}

#[test]
fn a_long_meeting_is_told_as_several_sessions_and_whoever_is_there_is_in_the_next() {
    let mut table = Table::new(|_| {});
    let (ada, host) = table.enter();
    // The last that the first session has space for, and those after it.
    for _ in 0..999 {
        let (_, guest) = table.enter();
        left(&mut table, &guest);
    }
    assert_eq!(table.over.len(), 0);
    let (bob, _) = table.enter();
    assert_eq!(table.over.len(), 1);
    assert_eq!(table.over[0].legs.len(), 1000);
    assert_eq!(table.over[0].ended_at, Some(table.now));
    let open = |stay: &Stay| stay.left_at.is_none();
    assert!(!table.over[0].legs.iter().any(open), "it is over for all");
    let next = table.session.as_ref().expect("a session");
    let there: Vec<_> = next.legs.iter().map(|of| &of.participant_id).collect();
    assert_eq!(there, [&ada.id, &bob.id]);
    assert_eq!(table.meeting.head.session.as_ref(), Some(&next.id));
    left(&mut table, &host);
    let next = table.session.as_ref().expect("a session");
    assert_eq!(next.legs[0].left_at, Some(table.now));
}

#[test]
fn an_operator_ends_a_room_and_one_that_is_used_after_all_goes_on() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    table.enter();
    let end = |table: &mut Table, why| match table.act(&Actor::Operator, &Change::End(why)).0 {
        Ok(ChangeAnswer::Count(count)) => count,
        other => panic!("{other:?}"),
    };
    assert_eq!(end(&mut table, Ending::Unused), 0);
    assert_eq!(table.inside().count(), 2);
    assert_eq!(end(&mut table, Ending::Ended), 2);
    assert_eq!(table.inside().count(), 0);
    assert!(!table.vanished, "it can be used again");
    assert_eq!(table.over.len(), 1);
    assert_eq!(table.over[0].ended_at, Some(table.now));
    assert_eq!(
        kind(table.act(&host, &send(EVERYONE))),
        Some(Kind::Conflict)
    );
}

#[test]
fn only_the_author_and_operators_change_a_message() {
    let mut table = Table::new(|_| {});
    let (_, ada) = table.enter();
    let (_, bob) = table.enter();
    table.act(&ada, &send(EVERYONE)).0.expect("written");
    let message = Message::id_of(1);
    let edit = Change::Edit {
        message: message.clone(),
        content: "more".to_owned(),
    };
    let delete = Change::Delete {
        message: message.clone(),
    };
    assert_eq!(kind(table.act(&bob, &edit)), Some(Kind::Forbidden));
    assert_eq!(kind(table.act(&bob, &delete)), Some(Kind::Forbidden));
    assert_eq!(kind(table.act(&ada, &edit)), None);
    let edited = &table.messages[&message];
    assert_eq!(
        (edited.content.as_str(), edited.edited_at),
        ("more", Some(table.now))
    );
    assert_eq!(kind(table.act(&Actor::Operator, &edit)), None);
    assert_eq!(kind(table.act(&ada, &delete)), None);
    assert_eq!(kind(table.act(&ada, &delete)), Some(Kind::NotFound));
}

#[test]
fn an_operator_deletes_what_cannot_be_read() {
    let mut table = Table::new(|_| {});
    let (_, ada) = table.enter();
    let message = Message::id_of(7);
    let mut delete = |actor: &Actor, error: Error| {
        let change = Change::Delete {
            message: message.clone(),
        };
        table.apply(|rules| {
            rules.draft.read.insert(message.clone(), Err(error));
            rules.act(actor, &change)
        })
    };
    let unreadable = || {
        let message = "the stored document cannot be read";
        Error::internal(message).reason(crate::error::Reason::StoredUnreadable)
    };
    assert_eq!(kind(delete(&ada, unreadable())), Some(Kind::Internal));
    let busy = Error::unavailable("the store is busy");
    assert_eq!(
        kind(delete(&Actor::Operator, busy)),
        Some(Kind::Unavailable)
    );
    let (answer, draft) = delete(&Actor::Operator, unreadable());
    answer.expect("deleted");
    assert!(draft.messages[&message].is_none());
}

#[test]
fn reactions_are_told_once_and_have_an_end() {
    let mut table = Table::new(|_| {});
    let (_, ada) = table.enter();
    let (bob, guest) = table.enter();
    let (_, eve) = table.enter();
    table.act(&ada, &send(&bob.id)).0.expect("written");
    let message = Message::id_of(1);
    let react = |kind, remove| Change::React {
        message: message.clone(),
        kind,
        remove,
    };
    assert_eq!(
        kind(table.act(&eve, &react(1, false))),
        Some(Kind::NotFound)
    );
    let (_, draft) = table.act(&guest, &react(1, false));
    assert!(matches!(
        draft.happenings[..],
        [Happening::Message {
            change: MessageChange::Edit,
            ..
        }]
    ));
    assert!(!table.act(&guest, &react(1, false)).1.dirty, "once");
    assert!(
        !table.act(&guest, &react(2, true)).1.dirty,
        "none of theirs"
    );
    let kept = table.messages.get_mut(&message).expect("a message");
    let one = kept.reactions[0].clone();
    kept.reactions.resize(1000, one);
    assert_eq!(
        kind(table.act(&ada, &react(1, false))),
        Some(Kind::Conflict)
    );
    assert_eq!(kind(table.act(&guest, &react(1, true))), None);
    assert_eq!(table.messages[&message].reactions, []);
}

#[test]
fn a_connection_that_was_replaced_does_nothing_more() {
    let mut table = Table::new(|_| {});
    let (ada, old) = table.enter();
    let (_, seat) = table.join(&returning(&ada)).expect("comes back");
    assert_eq!(kind(table.act(&old, &send(EVERYONE))), Some(Kind::Conflict));
    assert!(!table.act(&old, &Change::Leave).1.dirty);
    let id = ada.id;
    assert_eq!(
        kind(table.act(&Actor::Seated { id, seat }, &send(EVERYONE))),
        None
    );
}

#[test]
fn a_room_whose_time_is_over_takes_only_goodbyes() {
    let mut table = Table::new(|room| {
        room.expires_at = Some(Timestamp::UNIX_EPOCH + std::time::Duration::from_millis(3));
    });
    let (_, ada) = table.enter();
    assert_eq!(kind(table.act(&ada, &send(EVERYONE))), None);
    assert_eq!(kind(table.act(&ada, &send(EVERYONE))), Some(Kind::NotFound));
    assert_eq!(kind(table.act(&Actor::Operator, &send(EVERYONE))), None);
    assert_eq!(kind(table.act(&ada, &Change::Leave)), None);
}

#[test]
fn both_ends_of_a_private_message_hear_of_an_operator() {
    let mut table = Table::new(|_| {});
    let (ada, seat) = table.enter();
    let (bob, _) = table.enter();
    let (_, sent) = table.act(&seat, &send(&bob.id));
    assert_eq!(sent.happenings[0].audience(), Audience::One(&bob.id));
    let message = Message::id_of(1);
    let (_, gone) = table.act(&Actor::Operator, &Change::Delete { message });
    assert_eq!(
        gone.happenings[0].audience(),
        Audience::Two(&ada.id, &bob.id)
    );
}
