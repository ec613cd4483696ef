//! Rights: what tokens give beats what comes of being first, ends with them, and can be taken back.

use super::*;
use crate::model::meeting::Standing;

fn token(id: &str, role: Role) -> Newcomer {
    Newcomer {
        grant: Some(JoinGrant {
            id: Some(id.to_owned()),
            shared: false,
            ..grant(role)
        }),
        ..anybody()
    }
}

pub(super) fn of_user(user: &str, id: &str, role: Role) -> Newcomer {
    Newcomer {
        user_id: Some(user.to_owned()),
        ..token(id, role)
    }
}

pub(super) fn kick(of: &Admission, ban: bool) -> Change {
    let target = of.id.clone();
    Change::Kick { target, ban }
}

pub(super) fn unban(of: &Admission) -> Change {
    let target = of.id.clone();
    Change::Unban { target }
}

pub(super) fn is_inside(table: &Table, of: &Admission) -> bool {
    table.meeting.people[&of.id].person.is_inside()
}

#[test]
fn who_was_there_first_removes_and_bans_nobody() {
    let mut table = Table::new(|_| {});
    let (_, stranger) = table.enter();
    let (ada, _) = table
        .join(&of_user("ada", "t1", Role::Participant))
        .expect("in");
    let banned = table.act(&stranger, &kick(&ada, true));
    assert_eq!(kind(banned), Some(Kind::Forbidden));
    assert!(is_inside(&table, &ada) && table.meeting.head.banned.is_empty());
    assert_eq!(kind(table.act(&stranger, &kick(&ada, false))), None);
    assert!(table.join(&of_user("ada", "t1", Role::Participant)).is_ok());
    // What they hand on is no more than what they have.
    let (bob, friend) = table.enter();
    let hand_over = Change::HandOver { target: bob.id };
    table.act(&stranger, &hand_over).0.expect("handed over");
    let (eve, _) = table.enter();
    assert_eq!(
        kind(table.act(&friend, &kick(&eve, true))),
        Some(Kind::Forbidden)
    );
}

#[test]
fn whom_a_token_or_an_operator_makes_a_host_outranks_who_was_first() {
    let mut table = Table::new(|_| {});
    let (first, stranger) = table.enter();
    let (boss, by_token) = table.enter_as(Role::Host);
    assert_eq!(
        kind(table.act(&stranger, &kick(&boss, false))),
        Some(Kind::Forbidden)
    );
    assert_eq!(kind(table.act(&by_token, &kick(&first, true))), None);
    // An operator's word, and what such a host hands on, are as good.
    let (ada, promoted) = table.enter();
    let target = ada.id.clone();
    table
        .act(&Actor::Operator, &Change::HandOver { target })
        .0
        .expect("made a host");
    let (bob, handed) = table.enter();
    let target = bob.id.clone();
    table
        .act(&promoted, &Change::HandOver { target })
        .0
        .expect("handed over");
    let (eve, _) = table.enter();
    assert_eq!(
        kind(table.act(&promoted, &kick(&eve, true))),
        Some(Kind::Forbidden),
        "no host"
    );
    assert_eq!(kind(table.act(&handed, &kick(&eve, true))), None);
    assert_eq!(
        kind(table.act(&handed, &kick(&boss, true))),
        Some(Kind::Forbidden),
        "as good"
    );
}

#[test]
fn a_hosts_token_passes_what_a_host_did_and_not_what_an_operator_did() {
    let mut table = Table::new(|_| {});
    let (_, boss) = table.enter_as(Role::Host);
    let (ada, _) = table
        .join(&of_user("ada", "t1", Role::Participant))
        .expect("in");
    table.act(&boss, &kick(&ada, true)).0.expect("banned");
    assert!(
        table
            .join(&of_user("ada", "t2", Role::Participant))
            .is_err()
    );
    let (ada, _) = table
        .join(&of_user("ada", "t3", Role::Host))
        .expect("a host's token");
    table
        .act(&Actor::Operator, &kick(&ada, true))
        .0
        .expect("banned");
    assert!(table.join(&of_user("ada", "t4", Role::Host)).is_err());
}

#[test]
fn a_ban_is_lifted_by_whoever_may_ban() {
    let mut table = Table::new(|_| {});
    let (_, boss) = table.enter_as(Role::Host);
    let (_, guest) = table.enter();
    let (eve, _) = table
        .join(&of_user("eve", "t1", Role::Participant))
        .expect("in");
    let (twin, _) = table
        .join(&of_user("eve", "t2", Role::Participant))
        .expect("in");
    assert_eq!(kind(table.act(&boss, &unban(&eve))), Some(Kind::NotFound));
    table.act(&boss, &kick(&eve, true)).0.expect("banned");
    table
        .act(&boss, &kick(&twin, true))
        .0
        .expect("banned again");
    assert_eq!(table.meeting.head.banned.len(), 1, "one for each person");
    assert_eq!(
        kind(table.act(&guest, &unban(&twin))),
        Some(Kind::Forbidden)
    );
    assert_eq!(kind(table.act(&boss, &unban(&twin))), None);
    assert!(table.join(&of_user("eve", "t1", Role::Participant)).is_ok());
    // What an operator did, an operator undoes.
    let (bob, _) = table
        .join(&of_user("bob", "t3", Role::Participant))
        .expect("in");
    table
        .act(&Actor::Operator, &kick(&bob, true))
        .0
        .expect("banned");
    table
        .act(&boss, &kick(&bob, true))
        .0
        .expect("banned as well");
    assert_eq!(kind(table.act(&boss, &unban(&bob))), Some(Kind::Forbidden));
    assert_eq!(kind(table.act(&Actor::Operator, &unban(&bob))), None);
}

#[test]
fn where_hosts_have_tokens_no_stranger_becomes_one() {
    let mut table = Table::new(|room| room.has_hosts = true);
    let (first, _) = table.enter();
    assert_eq!(first.role, Role::Participant);
    let (boss, by_token) = table.enter_as(Role::Host);
    assert_eq!(boss.role, Role::Host);
    table.act(&by_token, &Change::Leave).0.expect("goes");
    assert!(
        !table.inside().any(Person::is_host),
        "nor for being there longest"
    );
    // Who comes back by their seat is what their token says.
    let (again, _) = table.join(&returning(&boss)).expect("back");
    assert_eq!(again.role, Role::Host);
}

#[test]
fn what_a_token_gave_is_what_its_holder_has_when_they_come_back() {
    let mut table = Table::new(|_| {});
    let (ada, seat) = table.join(&token("t1", Role::Participant)).expect("in");
    let actor = Actor::Seated {
        id: ada.id.clone(),
        seat,
    };
    table.act(&actor, &Change::Leave).0.expect("goes");
    let (again, _) = table.join(&returning(&ada)).expect("back");
    assert_eq!(again.role, Role::Participant, "though nobody is there");
}

#[test]
fn a_token_lets_one_person_in_at_a_time() {
    let mut table = Table::new(|_| {});
    let (first, old) = table.join(&token("t1", Role::Participant)).expect("in");
    let (second, new) = table.join(&token("t1", Role::Participant)).expect("in");
    assert_eq!((&second.id, second.resumed), (&first.id, true));
    assert_eq!(table.inside().count(), 1);
    let by = |seat| Actor::Seated {
        id: first.id.clone(),
        seat,
    };
    assert_eq!(
        kind(table.act(&by(old), &send(EVERYONE))),
        Some(Kind::Conflict)
    );
    assert_eq!(kind(table.act(&by(new), &send(EVERYONE))), None);
    assert!(
        table.join(&returning(&first)).is_err(),
        "the first seat's key is no more"
    );
    // Somebody else in the room who shows it as well takes it over.
    let (bob, _) = table.enter();
    let both = Newcomer {
        returning: returning(&bob).returning,
        ..token("t1", Role::Participant)
    };
    let (answer, draft) = table.apply(|rules| rules.join(&both, "p9", "s9"));
    answer.expect("in");
    let (id, why) = (first.id.clone(), Departure::Displaced);
    assert_eq!(draft.happenings[0], Happening::Left { id, why });
    assert!(table.join(&returning(&second)).is_err());
}

#[test]
fn a_shared_token_lets_many_in() {
    let mut table = Table::new(|_| {});
    let mut shared = token("t1", Role::Viewer);
    if let Some(grant) = &mut shared.grant {
        grant.shared = true;
    }
    for _ in 0..5 {
        table.join(&shared).expect("in");
    }
    assert_eq!(table.inside().count(), 5);
}

#[test]
fn who_waits_is_told_that_their_token_has_ended_and_not_that_a_host_refused_them() {
    let mut table = Table::new(|room| {
        room.properties
            .insert("waiting_room".to_owned(), true.into());
    });
    table.enter_as(Role::Host);
    let mut short = token("t1", Role::Participant);
    if let Some(grant) = &mut short.grant {
        grant.until = table.now + std::time::Duration::from_secs(2);
    }
    let (ada, _) = table.join(&short).expect("waits");
    table.now += std::time::Duration::from_secs(63);
    let withdraw = Change::Withdraw(Standing::Time);
    let (_, draft) = table.act(&Actor::Operator, &withdraw);
    let (id, refused, why) = (ada.id, false, Some(Departure::Expired));
    assert_eq!(draft.happenings, [Happening::Rejected { id, refused, why }]);
}

#[test]
fn a_seat_ends_with_its_token_and_a_new_one_keeps_it() {
    let mut table = Table::new(|_| {});
    let until = |table: &Table, seconds| JoinGrant {
        until: table.now + std::time::Duration::from_secs(seconds),
        ..grant(Role::Participant)
    };
    let come = |table: &mut Table, seconds, before: Option<&Admission>| {
        let newcomer = Newcomer {
            returning: before.and_then(|of| returning(of).returning),
            grant: Some(until(table, seconds)),
            ..anybody()
        };
        table.join(&newcomer).expect("in").0
    };
    let (stranger, _) = table.enter();
    let ada = come(&mut table, 2, None);
    let bob = come(&mut table, 2, None);
    table.now += std::time::Duration::from_secs(61);
    let withdraw = Change::Withdraw(Standing::Time);
    table
        .act(&Actor::Operator, &withdraw)
        .0
        .expect("nobody yet");
    assert!(is_inside(&table, &ada), "machines do not agree on the time");
    let bob = come(&mut table, 600, Some(&bob));
    assert!(bob.resumed);
    table.now += std::time::Duration::from_secs(2);
    let (_, draft) = table.act(&Actor::Operator, &withdraw);
    let (id, why) = (ada.id.clone(), Departure::Expired);
    assert_eq!(draft.happenings, [Happening::Left { id, why }]);
    assert!(is_inside(&table, &bob) && is_inside(&table, &stranger));
    let refused = table
        .join(&returning(&ada))
        .expect_err("no key outlives the token");
    assert_eq!(refused.kind(), Kind::Forbidden);
}

#[test]
fn nobody_comes_back_by_a_seat_whose_token_has_ended() {
    let mut table = Table::new(|_| {});
    let mut short = token("t1", Role::Participant);
    if let Some(grant) = &mut short.grant {
        grant.until = table.now + std::time::Duration::from_secs(2);
    }
    let (ada, seat) = table.join(&short).expect("in");
    let actor = Actor::Seated {
        id: ada.id.clone(),
        seat,
    };
    table.act(&actor, &Change::Leave).0.expect("goes");
    table.now += std::time::Duration::from_secs(30);
    let (again, seat) = table.join(&returning(&ada)).expect("in time");
    let actor = Actor::Seated {
        id: again.id.clone(),
        seat,
    };
    table.act(&actor, &Change::Leave).0.expect("goes");
    table.now += std::time::Duration::from_secs(33);
    let refused = table.join(&returning(&again)).expect_err("too late");
    assert_eq!(refused.why(), Some(crate::error::Reason::TokenRefused));
    let anew = Newcomer {
        returning: returning(&again).returning,
        ..token("t2", Role::Participant)
    };
    assert_eq!(table.join(&anew).expect("by a new token").0.id, ada.id);
}

#[test]
fn an_appointed_host_who_comes_back_is_one_still() {
    let mut table = Table::new(|_| {});
    let (host, seat) = table.enter_as(Role::Host);
    let (deputy, _) = table.enter_as(Role::Participant);
    let target = deputy.id.clone();
    let hand_over = Change::HandOver { target };
    table.act(&seat, &hand_over).0.expect("handed over");
    table.act(&seat, &Change::Leave).0.expect("goes");
    let mut bans = |of: &Admission| {
        let (back, seat) = table.join(&returning(of)).expect("in");
        assert_eq!(back.role, Role::Host);
        let seat = Actor::Seated { id: back.id, seat };
        let (eve, _) = table.enter();
        table.act(&seat, &kick(&eve, true)).0.expect("banned");
        table.act(&seat, &Change::Leave).0.expect("goes");
    };
    // One whom a host made one, who was not gone; and one by a token, who was.
    bans(&deputy);
    bans(&host);
}

/// Releases before 0.2 kept no grants.
#[test]
fn a_viewer_who_comes_back_without_a_grant_is_no_more_than_that() {
    let mut table = Table::new(|_| {});
    let come = |table: &mut Table, newcomer: &Newcomer| {
        let (admission, seat) = table.join(newcomer).expect("in");
        let id = admission.id.clone();
        table.meeting.people[&id].grant = None;
        let actor = Actor::Seated { id, seat };
        table.act(&actor, &Change::Leave).0.expect("goes");
        admission
    };
    let viewer = come(&mut table, &with_role(Role::Viewer));
    let guest = come(&mut table, &with_role(Role::Participant));
    let role = |table: &mut Table, of| table.join(&returning(of)).expect("in").0.role;
    assert_eq!(
        role(&mut table, &viewer),
        Role::Viewer,
        "though nobody is there"
    );
    assert_eq!(role(&mut table, &guest), Role::Host, "there is none");
}

#[test]
fn whoever_stands_on_what_is_gone_is_out() {
    let mut table = Table::new(|_| {});
    let by = |key: &str, user: &str| Newcomer {
        grant: Some(JoinGrant {
            key: Some(key.to_owned()),
            user: Some(user.to_owned()),
            ..grant(Role::Participant)
        }),
        ..anybody()
    };
    let (_, stranger) = table.enter();
    let all = [("k1", "ada"), ("k2", "ada"), ("k2", "bob")];
    let all = all.map(|(key, user)| table.join(&by(key, user)).expect("in").0);
    let there = |table: &Table| all.each_ref().map(|of| is_inside(table, of));
    let key = Change::Withdraw(Standing::Key("k1".to_owned()));
    assert_eq!(kind(table.act(&stranger, &key)), Some(Kind::Forbidden));
    table.act(&Actor::Operator, &key).0.expect("withdrawn");
    assert_eq!(there(&table), [false, true, true]);
    let user = Change::Withdraw(Standing::User("ada".to_owned()));
    table.act(&Actor::Operator, &user).0.expect("withdrawn");
    assert_eq!(there(&table), [false, false, true]);
    let gone = &table.meeting.people[&all[0].id];
    assert_eq!((&gone.by_key, &gone.for_user), (&None, &None), "found once");
    assert!(table.join(&returning(&all[0])).is_err());
}
