//! The rules of meetings.

mod bans;
mod catch_up;
mod cluster;
mod counting;
mod endings;
mod hostile;
mod limits;
mod lock;
mod messages;
mod names;
mod nodes;
mod noted;
mod random_steps;
mod rights;
mod sign_in;
#[path = "../../../tests/it/support/silent.rs"]
mod silent;
mod succession;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::Map;

use self::counting::Counting;
use self::messages::send;
use super::rules::{ChangeAnswer, Draft, Rules};
use super::{MeetingSettings, state::Meeting};
use crate::error::{Kind, Result};
use crate::model::chat::{EVERYONE, Message};
use crate::model::happening::{Audience, Happening};
use crate::model::meeting::{
    Actor, Admission, Change, Credential, Departure, Ending, JoinGrant, MediaState, Newcomer,
    Person, Place,
};
use crate::model::{BackendName, Privacy, Role, Room, session::Session};
use crate::records::{Head, documents::Precondition};

/// A meeting in memory, and everything that it ever told.
struct Table {
    meeting: Meeting,
    session: Option<Session>,
    over: Vec<Session>,
    messages: BTreeMap<String, Message>,
    random: Counting,
    settings: MeetingSettings,
    now: Timestamp,
    seats: u64,
    vanished: bool,
}

fn room(name: &str) -> Room {
    Room {
        name: name.parse().expect("a name"),
        backend: BackendName::Local,
        id: format!("id of {name}"),
        url: String::new(),
        privacy: Privacy::Public,
        created_at: Timestamp::UNIX_EPOCH,
        not_before: None,
        expires_at: None,
        max_participants: None,
        last_joined_at: None,
        last_used_at: None,
        has_hosts: false,
        locked: false,
        properties: Map::new(),
        vendor: None,
    }
}

impl Table {
    fn new(change: impl FnOnce(&mut Room)) -> Self {
        let mut room = room("table");
        change(&mut room);
        Self {
            meeting: Meeting {
                head: Head::new(&room),
                room,
                unchanged: Precondition::Missing,
                people: IndexMap::new(),
            },
            session: None,
            over: Vec::new(),
            messages: BTreeMap::new(),
            random: Counting::default(),
            settings: MeetingSettings {
                grace: std::time::Duration::ZERO,
                longest_message: 100,
                kept_messages: 1000,
                room_size: 8,
                heartbeat: std::time::Duration::from_secs(1),
                page_size: 1_000_000,
            },
            now: Timestamp::UNIX_EPOCH,
            seats: 0,
            vanished: false,
        }
    }

    /// One commit.
    fn apply<T>(&mut self, what: impl FnOnce(&mut Rules<'_>) -> Result<T>) -> (Result<T>, Draft) {
        self.now += std::time::Duration::from_millis(1);
        let mut draft = Draft::default();
        for (id, message) in &self.messages {
            draft.read.insert(id.clone(), Ok(Some(message.clone())));
        }
        let answer = what(&mut Rules {
            meeting: &mut self.meeting,
            session: &mut self.session,
            draft: &mut draft,
            settings: &self.settings,
            random: &self.random,
            now: self.now,
            node: "node",
        });
        for (id, message) in &draft.messages {
            match message {
                Some(message) => self.messages.insert(id.clone(), message.clone()),
                None => self.messages.remove(id),
            };
        }
        self.over.append(&mut draft.over);
        self.vanished |= draft.deletes_room;
        (answer, draft)
    }

    fn join(&mut self, newcomer: &Newcomer) -> Result<(Admission, String)> {
        self.seats += 1;
        let (id, seat) = (format!("p{}", self.seats), format!("s{}", self.seats));
        let (answer, _) = self.apply(|rules| rules.join(newcomer, &id, &seat));
        match answer? {
            ChangeAnswer::Admission(admission) => Ok((admission, seat)),
            other => panic!("{other:?}"),
        }
    }

    fn enter(&mut self) -> (Admission, Actor) {
        let (admission, seat) = self.join(&anybody()).expect("they may come in");
        let id = admission.id.clone();
        (admission, Actor::Seated { id, seat })
    }

    /// Somebody enters by a token, with this role.
    fn enter_as(&mut self, role: Role) -> (Admission, Actor) {
        let (admission, seat) = self.join(&with_role(role)).expect("they may come in");
        let id = admission.id.clone();
        (admission, Actor::Seated { id, seat })
    }

    fn act(&mut self, actor: &Actor, change: &Change) -> (Result<ChangeAnswer>, Draft) {
        self.apply(|rules| rules.act(actor, change))
    }

    fn inside(&self) -> impl Iterator<Item = &Person> {
        let people = self.meeting.people.values().map(|stored| &stored.person);
        people.filter(|person| person.is_inside())
    }
}

fn anybody() -> Newcomer {
    Newcomer {
        name: None,
        returning: None,
        must_return: false,
        user_id: None,
        grant: None,
        signed_in: None,
        network: None,
    }
}

/// What a token gives that many may use.
fn grant(role: Role) -> JoinGrant {
    JoinGrant {
        id: None,
        role,
        until: Timestamp::MAX,
        key: None,
        key_until: None,
        user: None,
        name: None,
        shared: true,
    }
}

fn with_role(role: Role) -> Newcomer {
    Newcomer {
        grant: Some(grant(role)),
        ..anybody()
    }
}

fn returning(admission: &Admission) -> Newcomer {
    Newcomer {
        returning: Some(Credential {
            id: admission.id.clone(),
            key: admission.key.clone(),
        }),
        ..anybody()
    }
}

fn kind<T>(result: (Result<T>, Draft)) -> Option<Kind> {
    result.0.err().map(|error| error.kind())
}

#[test]
fn a_commit_whose_fate_was_unknown_brings_nobody_in_twice() {
    let mut table = Table::new(|_| {});
    let (_, first) = table.apply(|rules| rules.join(&anybody(), "p1", "s1"));
    assert_eq!(first.happenings.len(), 1);
    // The same attempt again, over a state in which the first one is seen.
    let (again, second) = table.apply(|rules| rules.join(&anybody(), "p1", "s1"));
    let Ok(ChangeAnswer::Admission(again)) = again else {
        panic!("not let in")
    };
    assert_eq!((again.id.as_str(), again.role), ("p1", Role::Host));
    assert_eq!(second.happenings, [], "nobody hears of it again");
    assert_eq!(table.session.as_ref().map(|of| of.legs.len()), Some(1));
    // And the key that was told opens the door.
    assert!(table.join(&returning(&again)).is_ok());
}

#[test]
fn keys_of_people_who_were_sent_out_open_nothing() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter();
    let (guest, _) = table.enter();
    let kicked = table.act(&host, &rights::kick(&guest, false));
    kicked.0.expect("kicked");
    let keyed = Actor::Keyed(returning(&guest).returning.expect("a key"));
    assert_eq!(
        kind(table.act(&keyed, &send(EVERYONE))),
        Some(Kind::Forbidden)
    );
    let refused = table.join(&returning(&guest)).err();
    assert_eq!(refused.map(|error| error.kind()), Some(Kind::Forbidden));
}

#[test]
fn the_people_of_a_dead_node_go_at_once_and_somebody_who_lives_runs_the_room() {
    let mut table = Table::new(|_| {});
    let (host, _) = table.enter();
    let (second, _) = table.enter();
    let (third, _) = table.enter();
    table.meeting.people[&third.id].node = Some("another".to_owned());
    let (count, draft) = table.apply(|rules| Ok(rules.evict("node")));
    assert_eq!(count.ok(), Some(2));
    let left = |id: String| {
        let why = Departure::Left;
        Happening::Left { id, why }
    };
    let (id, role) = (third.id, Role::Host);
    let expected = [left(second.id), left(host.id), Happening::Role { id, role }];
    assert_eq!(draft.happenings, expected);
    let (count, draft) = table.apply(|rules| Ok(rules.evict("node")));
    assert!(count.is_ok_and(|count| count == 0) && !draft.dirty, "once");
}

#[test]
fn a_room_that_ends_with_its_host_does() {
    let mut table = Table::new(|room| {
        room.properties.insert("temporary".to_owned(), true.into());
    });
    let (ada, host) = table.enter();
    table.enter();
    let (_, draft) = table.act(&host, &Change::Leave);
    let (id, why) = (ada.id, Departure::Left);
    let ended = Happening::Ended {
        why: Ending::HostLeft,
    };
    assert_eq!(draft.happenings, [Happening::Left { id, why }, ended]);
    assert!(table.vanished);
    assert_eq!(table.inside().count(), 0);
}

#[test]
fn a_host_lets_people_in_who_wait() {
    let mut table = Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
    });
    let (_, host) = table.enter();
    let (guest, seat) = table.enter();
    assert_eq!(guest.place, Place::Waiting);
    assert_eq!(
        kind(table.act(&seat, &send(EVERYONE))),
        Some(Kind::Forbidden)
    );
    let (target, accept) = (guest.id.clone(), true);
    let admit = Change::Admit { target, accept };
    assert_eq!(
        kind(table.act(&seat, &admit)),
        Some(Kind::Forbidden),
        "not by themselves"
    );
    let (answer, draft) = table.act(&host, &admit);
    answer.expect("let in");
    assert!(matches!(draft.happenings[0], Happening::Joined { .. }));
    assert_eq!(draft.happenings[1], Happening::Admitted { id: guest.id });
    assert_eq!(kind(table.act(&host, &admit)), Some(Kind::NotFound), "once");
}

#[test]
fn viewers_look_and_listen() {
    let mut table = Table::new(|_| {});
    let viewer = with_role(Role::Viewer);
    let (admission, seat) = table.join(&viewer).expect("in");
    let actor = Actor::Seated {
        id: admission.id.clone(),
        seat,
    };
    assert_eq!(
        kind(table.act(&actor, &send(EVERYONE))),
        Some(Kind::Forbidden)
    );
    let media = Change::Media(MediaState::default());
    assert_eq!(kind(table.act(&actor, &media)), Some(Kind::Forbidden));
    // A host who goes hands over to somebody who takes part, never to them.
    let (_, host) = table.enter();
    table.act(&host, &Change::Leave).0.expect("gone");
    assert_eq!(
        table.meeting.people[&admission.id].person.role,
        Role::Viewer
    );
}

#[test]
fn who_was_sent_out_is_told_so_and_the_others_hear_it() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let (guest, _) = table.enter();
    let id = guest.id;
    let (target, ban) = (id.clone(), true);
    let (_, draft) = table.act(&host, &Change::Kick { target, ban });
    let why = Departure::Banned;
    assert_eq!(draft.happenings, [Happening::Left { id, why }]);
}

#[test]
fn nobody_is_let_into_a_full_room_and_who_waits_takes_no_place() {
    let mut table = Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
        room.max_participants = Some(2);
    });
    let (_, host) = table.enter();
    let waiting: Vec<_> = (0..100).map(|_| table.enter().0).collect();
    let late = table.join(&anybody()).err();
    assert_eq!(late.map(|error| error.kind()), Some(Kind::Conflict));
    let boss = with_role(Role::Host);
    let (boss, seat) = table.join(&boss).expect("hosts do not wait");
    let (target, accept) = (waiting[0].id.clone(), true);
    let admit = Change::Admit { target, accept };
    assert_eq!(kind(table.act(&host, &admit)), Some(Kind::Conflict), "full");
    let id = boss.id;
    let left = table.act(&Actor::Seated { id, seat }, &Change::Leave);
    assert_eq!(kind(left), None);
    assert_eq!(kind(table.act(&host, &admit)), None);
}

#[test]
fn whoever_was_banned_is_so_by_user_and_by_token() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let known = |user: &str, token: &str| Newcomer {
        user_id: Some(user.to_owned()),
        grant: Some(JoinGrant {
            id: Some(token.to_owned()),
            ..grant(Role::Participant)
        }),
        ..anybody()
    };
    let (first, _) = table.join(&known("eve", "t1")).expect("in");
    let (second, _) = table.join(&known("eve", "t2")).expect("in");
    let (third, _) = table.join(&known("mallory", "t1")).expect("in");
    let (other, _) = table.join(&known("bob", "t3")).expect("in");
    let (_, draft) = table.act(&host, &rights::kick(&first, true));
    let out = draft
        .happenings
        .iter()
        .filter_map(|happening| match happening {
            Happening::Left {
                id,
                why: Departure::Banned,
            } => Some(id.clone()),
            _ => None,
        });
    let out: Vec<_> = out.collect();
    assert_eq!(out, [first.id.clone(), second.id.clone(), third.id.clone()]);
    for attempt in [
        known("eve", "t9"),
        known("else", "t1"),
        returning(&first),
        returning(&second),
    ] {
        let refused = table.join(&attempt).expect_err("banned");
        assert_eq!(
            refused.message(),
            "a host sent you out of this room for good"
        );
    }
    assert!(table.join(&returning(&other)).is_ok());
}
