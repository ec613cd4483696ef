//! Names: nobody looks like somebody who is there.

use super::rights::of_user;
use super::*;

fn called(name: &str) -> Newcomer {
    Newcomer {
        name: Some(name.to_owned()),
        ..anybody()
    }
}

fn given(name: &str) -> Newcomer {
    let mut newcomer = with_role(Role::Participant);
    newcomer.name = Some(name.to_owned());
    if let Some(grant) = &mut newcomer.grant {
        grant.name = Some(name.to_owned());
    }
    newcomer
}

fn name(table: &Table, of: &Admission) -> String {
    table.meeting.people[&of.id].person.name.clone()
}

#[test]
fn nobody_takes_the_name_of_somebody_who_is_there() {
    let mut table = Table::new(|_| {});
    let (ada, ada_seat) = table.join(&called("Ada")).expect("in");
    for imitation in ["ada", "Аda", "A\u{200d}da", "Ａda"] {
        let (other, seat) = table.join(&called(imitation)).expect("in");
        assert_eq!(name(&table, &other), format!("{imitation} (2)"));
        let other = Actor::Seated { id: other.id, seat };
        table.act(&other, &Change::Leave).0.expect("goes");
    }
    let (bob, seat) = table.join(&called("Bob")).expect("in");
    let bob_seat = Actor::Seated {
        id: bob.id.clone(),
        seat,
    };
    table
        .act(&bob_seat, &Change::Rename("ADA".to_owned()))
        .0
        .expect("renamed");
    assert_eq!(name(&table, &bob), "ADA (2)");
    // One's own name in other letters is one's own.
    let ada_seat = Actor::Seated {
        id: ada.id.clone(),
        seat: ada_seat,
    };
    table
        .act(&ada_seat, &Change::Rename("ADA".to_owned()))
        .0
        .expect("renamed");
    assert_eq!(name(&table, &ada), "ADA");
    let (operator, _) = table.join(&called("Operator")).expect("in");
    assert_eq!(name(&table, &operator), "Operator (2)");
}

#[test]
fn whom_a_token_names_has_the_name_and_who_took_it_makes_room() {
    let mut table = Table::new(|_| {});
    let (stranger, _) = table.join(&called("Ada")).expect("in");
    let (answer, draft) = table.apply(|rules| rules.join(&given("Ada"), "p9", "s9"));
    answer.expect("in");
    let (id, renamed) = (stranger.id.clone(), "Ada (2)".to_owned());
    let told = Happening::Renamed { id, name: renamed };
    assert_eq!(draft.happenings[0], told, "before the other comes");
    assert_eq!(table.meeting.people["p9"].person.name, "Ada");
    // Another token for the same name is for somebody else.
    let (second, _) = table.join(&given("ADA")).expect("in");
    assert_eq!(name(&table, &second), "ADA (3)");
    // Two devices of one user are one name.
    let device = |id| Newcomer {
        name: Some("Zoe".to_owned()),
        ..of_user("zoe", id, Role::Participant)
    };
    let devices = ["z1", "z2"].map(|id| table.join(&device(id)).expect("in").0);
    assert_eq!(
        devices.each_ref().map(|of| name(&table, of)),
        ["Zoe", "Zoe"]
    );
}

#[test]
fn whom_a_token_names_and_knows_is_called_nothing_else() {
    let mut table = Table::new(|_| {});
    let invited = |user: Option<&str>, given: Option<&str>, typed: &str| {
        let mut newcomer = called(typed);
        newcomer.user_id = user.map(str::to_owned);
        newcomer.grant = Some(JoinGrant {
            name: given.map(str::to_owned),
            ..grant(Role::Participant)
        });
        newcomer
    };
    for (user, given, wanted, renamed) in [
        (Some("ada"), Some("Ada"), "Ada", Some(Kind::Forbidden)),
        (Some("zoe"), None, "Mallory", None),
        (None, Some("Bob"), "Mallory", None),
        // A name of which nothing can be seen is none.
        (Some("eve"), Some("\u{202e}"), "Mallory", None),
    ] {
        let (who, seat) = table
            .join(&invited(user, given, "Mallory"))
            .expect("comes in");
        assert_eq!(name(&table, &who), wanted);
        let actor = Actor::Seated {
            id: who.id.clone(),
            seat,
        };
        let rename = Change::Rename("Trudy".to_owned());
        assert_eq!(kind(table.act(&actor, &rename)), renamed);
        // It stays so for who comes back by the key of their seat.
        let back = Newcomer {
            name: Some("Trudy".to_owned()),
            ..returning(&who)
        };
        let (back, _) = table.join(&back).expect("back");
        let wanted = if renamed.is_some() { wanted } else { "Trudy" };
        assert_eq!(name(&table, &back), wanted);
        table
            .act(&Actor::Operator, &rights::kick(&back, false))
            .0
            .expect("makes room");
    }
}

proptest::proptest! {
    #[test]
    fn whatever_names_people_take_no_two_look_the_same(
        names in proptest::collection::vec(("[Aaа][dԁ][aаΑ]|Ada \\(2\\)|.{1,4}", proptest::bool::ANY, 0_usize..8), 1..16)
    ) {
        let mut table = Table::new(|_| {});
        let mut seats = Vec::new();
        for (name, by_token, who) in names {
            let newcomer = if by_token { given(&name) } else { called(&name) };
            match seats.get(who) {
                Some(actor) => drop(table.act(actor, &Change::Rename(name))),
                None => if let Ok((admission, seat)) = table.join(&newcomer) {
                    seats.push(Actor::Seated { id: admission.id, seat });
                },
            }
            let looks: Vec<_> = table.inside().map(|of| crate::model::person_name::Looks::of(&of.name)).collect();
            for (at, one) in looks.iter().enumerate() {
                proptest::prop_assert!(!looks[..at].iter().any(|other| other.like(one)));
            }
        }
    }
}
