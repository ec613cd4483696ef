//! Whoever is sent out for good stays out, and nobody else with them.

use super::rights::{is_inside, kick, of_user, unban};
use super::*;

#[test]
fn one_ban_is_lifted_and_the_others_stand() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let (eve, _) = table.enter();
    let people = [("bob", "t1"), ("ada", "t2")];
    let people = people.map(|(user, id)| table.join(&of_user(user, id, Role::Participant)));
    let [bob, ada] = people.map(|joined| joined.expect("in").0);
    for of in [&eve, &bob, &ada] {
        table.act(&host, &kick(of, true)).0.expect("banned");
    }
    let banned = |table: &Table| -> Vec<String> {
        let all = table.meeting.head.banned.iter();
        all.map(|ban| ban.participant.clone()).collect()
    };
    table.act(&host, &unban(&ada)).0.expect("lifted");
    assert_eq!(banned(&table), [eve.id.clone(), bob.id.clone()]);
    table.act(&host, &unban(&eve)).0.expect("lifted");
    assert_eq!(
        banned(&table),
        std::slice::from_ref(&bob.id),
        "of somebody without a name, too"
    );
    assert_eq!(kind(table.act(&host, &unban(&eve))), Some(Kind::NotFound));
}

#[test]
fn a_stranger_who_is_out_for_good_does_not_come_back_as_another_one_of_their_network() {
    let mut table = Table::new(|_| {});
    let (_, host) = table.enter_as(Role::Host);
    let from = |network: Option<&str>, newcomer: Newcomer| Newcomer {
        network: network.map(str::to_owned),
        ..newcomer
    };
    let here = Some("203.0.113.9");
    let (eve, _) = table.join(&from(here, anybody())).expect("in");
    let (neighbour, _) = table.join(&from(here, anybody())).expect("in");
    table.act(&host, &kick(&eve, true)).0.expect("banned");
    assert!(is_inside(&table, &neighbour), "who is there is not eve");
    let refused = table.join(&from(here, anybody())).expect_err("eve again");
    assert_eq!(refused.why(), Some(crate::error::Reason::Banned));
    let reloads = Newcomer {
        network: Some("203.0.113.9".to_owned()),
        ..returning(&neighbour)
    };
    table
        .join(&reloads)
        .expect("who proves to be somebody else is in");
    let ada = of_user("ada", "t1", Role::Participant);
    let signed_in = Newcomer {
        user_id: Some("app:kim".to_owned()),
        ..anybody()
    };
    let others = [
        from(here, ada.clone()),
        from(here, signed_in),
        from(Some("203.0.113.8"), anybody()),
        from(None, anybody()),
    ];
    for other in &others {
        table.join(other).expect("in");
    }
    // Whoever is known is sent out as who they are, and takes nobody along.
    let (bob, _) = table
        .join(&from(
            Some("203.0.113.8"),
            of_user("bob", "t2", Role::Participant),
        ))
        .expect("in");
    table.act(&host, &kick(&bob, true)).0.expect("banned");
    table
        .join(&from(Some("203.0.113.8"), anybody()))
        .expect("in");
    table.act(&host, &unban(&eve)).0.expect("lifted");
    table.join(&from(here, anybody())).expect("in again");
}
