//! Seats of people who signed in elsewhere.

use super::rights::is_inside;
use super::*;
use crate::model::meeting::{SeatSignIn, Standing};

fn signed_in(table: &Table, user: &str, seconds: u64) -> Newcomer {
    Newcomer {
        user_id: Some(user.to_owned()),
        signed_in: Some(SeatSignIn {
            user: user.to_owned(),
            until: table.now + std::time::Duration::from_secs(seconds),
            only_looks: false,
        }),
        ..anybody()
    }
}

/// What says who somebody is does not outlast what said so.
#[test]
fn a_seat_of_somebody_signed_in_ends_with_that_and_is_theirs_alone() {
    let mut table = Table::new(|_| {});
    let first = signed_in(&table, "app:ada", 5);
    let (ada, _) = table.join(&first).expect("in");
    assert_eq!(ada.role, Role::Host, "as anybody who is there first");
    let stranger = table
        .join(&returning(&ada))
        .expect_err("the key alone says nobody");
    assert_eq!(stranger.why(), Some(crate::error::Reason::TokenRefused));
    let again = Newcomer {
        returning: returning(&ada).returning,
        ..signed_in(&table, "app:ada", 90)
    };
    assert!(table.join(&again).expect("signed in anew").0.resumed);
    let (bob, _) = table.join(&signed_in(&table, "app:bob", 7)).expect("in");
    table.now += std::time::Duration::from_secs(68);
    let withdraw = Change::Withdraw(Standing::Time);
    let (_, draft) = table.act(&Actor::Operator, &withdraw);
    let (id, why) = (bob.id, Departure::Expired);
    assert_eq!(draft.happenings, [Happening::Left { id, why }]);
    let deleted = Change::Withdraw(Standing::User("app:ada".to_owned()));
    let (_, draft) = table.act(&Actor::Operator, &deleted);
    let (id, why) = (ada.id, Departure::Withdrawn);
    assert_eq!(draft.happenings, [Happening::Left { id, why }]);
}

/// Whoever is first runs a public room, unless their sign-in says that they look on.
#[test]
fn who_signed_in_as_a_viewer_is_one() {
    let mut table = Table::new(|_| {});
    let mut viewer = signed_in(&table, "app:eve", 5);
    viewer.signed_in.as_mut().expect("signed in").only_looks = true;
    let (eve, _) = table.join(&viewer).expect("in");
    assert_eq!(eve.role, Role::Viewer);
    let (ada, _) = table.join(&signed_in(&table, "app:ada", 5)).expect("in");
    assert_eq!(ada.role, Role::Host);
}

#[test]
fn a_token_of_ours_keeps_whoever_had_signed_in() {
    let mut table = Table::new(|_| {});
    let first = signed_in(&table, "app:ada", 5);
    let (ada, _) = table.join(&first).expect("in");
    let by_token = Newcomer {
        returning: returning(&ada).returning,
        user_id: Some("app:ada".to_owned()),
        ..with_role(Role::Participant)
    };
    table.join(&by_token).expect("in");
    table.now += std::time::Duration::from_mins(10);
    let withdraw = Change::Withdraw(Standing::Time);
    assert_eq!(table.act(&Actor::Operator, &withdraw).1.happenings, []);
    assert!(is_inside(&table, &ada));
}
