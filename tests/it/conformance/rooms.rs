//! The contract of [`Rooms`](tok::backends::rooms::Rooms),
//! [`Occupancy`](tok::backends::rooms::Occupancy) and [`Tokens`](tok::backends::rooms::Tokens).

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::rooms::RoomBackend;
use tok::context::Context;
use tok::model::report::Outcome;
use tok::model::{
    BackendName, Grant, Minter, PageRequest, Privacy, Role, RoomName, RoomPatch, RoomSpec,
};

use crate::support::{
    FakeDaily, bandwidth, borrowed, context, daily_variables, enter, hundred_ms, opentok,
};

/// One implementation under test, and how to put a person into one of its rooms.
struct Subject {
    backend: RoomBackend,
    context: Context,
    daily: Option<FakeDaily>,
    /// What becomes of a room that is deleted.
    gone: Outcome,
    /// Fails if the vendor was asked something strange.
    verify: Box<dyn Fn()>,
    _dir: TempDir,
}

fn local() -> Subject {
    let (context, dir) = context(&[]);
    Subject {
        backend: context
            .backends
            .get(Some(BackendName::Local))
            .expect("local")
            .clone(),
        context,
        daily: None,
        gone: Outcome::Deleted,
        verify: Box::new(|| {}),
        _dir: dir,
    }
}

async fn daily() -> Subject {
    let fake = FakeDaily::start().await;
    let url = fake.url();
    let (context, dir) = context(&daily_variables(&url));
    Subject {
        backend: context
            .backends
            .get(Some(BackendName::Daily))
            .expect("daily")
            .clone(),
        context,
        daily: Some(fake),
        gone: Outcome::Deleted,
        verify: Box::new(|| {}),
        _dir: dir,
    }
}

fn vendor(
    name: BackendName,
    variables: &[(&'static str, String)],
    gone: Outcome,
    verify: impl Fn() + 'static,
) -> Subject {
    let (context, dir) = context(&borrowed(variables));
    Subject {
        backend: context.backends.get(Some(name)).expect("there").clone(),
        context,
        daily: None,
        gone,
        verify: Box::new(verify),
        _dir: dir,
    }
}

async fn hundred_ms() -> Subject {
    let fake = hundred_ms::start().await;
    let all = hundred_ms::variables(&fake);
    let verify = move || fake.verify();
    vendor(BackendName::HundredMs, &all, Outcome::Disabled, verify)
}

async fn opentok() -> Subject {
    let fake = opentok::start().await;
    let all = opentok::variables(&fake);
    let verify = move || fake.verify();
    vendor(BackendName::Opentok, &all, Outcome::Forgotten, verify)
}

async fn vonage() -> Subject {
    let fake = opentok::start().await;
    let all = opentok::unified(&fake);
    let verify = move || fake.verify();
    vendor(BackendName::Opentok, &all, Outcome::Forgotten, verify)
}

async fn bandwidth() -> Subject {
    let fake = bandwidth::start().await;
    let all = bandwidth::variables(&fake);
    let verify = move || fake.verify();
    vendor(BackendName::Bandwidth, &all, Outcome::Deleted, verify)
}

impl Subject {
    async fn enter(&self, room: &str, id: &str) {
        if let Some(daily) = &self.daily {
            daily.add_person(room, id);
        } else {
            enter(&self.context, room, id).await;
        }
    }

    fn finish(&self) {
        if let Some(daily) = &self.daily {
            daily.verify();
        }
        (self.verify)();
    }
}

fn name(text: &str) -> RoomName {
    text.parse().expect("a name")
}

fn spec(text: &str) -> RoomSpec {
    RoomSpec {
        name: name(text),
        privacy: Some(Privacy::Public),
        not_before: None,
        expires_at: None,
        max_participants: None,
        properties: Map::new(),
    }
}

fn in_an_hour() -> Timestamp {
    let at = Timestamp::now() + SignedDuration::from_hours(1);
    Timestamp::from_second(at.as_second()).expect("a time")
}

/// Runs every test over every implementation.
macro_rules! conform {
    ($($test:ident),* $(,)?) => {
        mod over_local {
            $(#[tokio::test]
            async fn $test() {
                let subject = super::local();
                super::$test(&subject).await;
                subject.finish();
            })*
        }
        mod over_daily {
            $(#[tokio::test]
            async fn $test() {
                let subject = super::daily().await;
                super::$test(&subject).await;
                subject.finish();
            })*
        }
    };
}

conform!(
    a_room_is_as_it_was_asked_for,
    a_name_is_taken_once,
    a_list_has_every_room_once,
    a_change_keeps_the_rest,
    a_deletion_tells_the_truth,
    many_are_deleted_and_each_is_told,
    people_are_seen_and_sent_out,
    what_is_missing_is_not_found,
    a_token_says_what_it_allows,
    what_is_claimed_is_done,
);

/// What holds for every vendor, also for those that know neither settings nor names.
macro_rules! conform_in_part {
    ($module:ident, $vendor:ident: $($test:ident),* $(,)?) => {
        mod $module {
            $(#[tokio::test]
            async fn $test() {
                let subject = super::$vendor().await;
                super::$test(&subject).await;
                subject.finish();
            })*
        }
    };
}

conform_in_part!(
    over_hundred_ms, hundred_ms:
    a_list_has_every_room_once,
    a_deletion_tells_the_truth,
    many_are_deleted_and_each_is_told,
    what_is_missing_is_not_found,
);
conform_in_part!(
    over_opentok, opentok:
    a_name_is_taken_once,
    a_list_has_every_room_once,
    a_deletion_tells_the_truth,
    many_are_deleted_and_each_is_told,
    what_is_missing_is_not_found,
);
conform_in_part!(
    over_vonage, vonage:
    a_name_is_taken_once,
    a_list_has_every_room_once,
    a_deletion_tells_the_truth,
    what_is_missing_is_not_found,
);
conform_in_part!(
    over_bandwidth, bandwidth:
    a_name_is_taken_once,
    a_list_has_every_room_once,
    a_deletion_tells_the_truth,
    many_are_deleted_and_each_is_told,
    what_is_missing_is_not_found,
);

async fn a_room_is_as_it_was_asked_for(subject: &Subject) {
    let asked = RoomSpec {
        privacy: Some(Privacy::Private),
        expires_at: Some(in_an_hour()),
        max_participants: Some(7),
        properties: Map::from_iter([("lang".to_owned(), json!("de"))]),
        ..spec("full")
    };
    let made = subject.backend.rooms.create(&asked).await.expect("creates");
    let seen = subject.backend.rooms.get(&asked.name).await.expect("shows");
    assert_eq!(made, seen);
    assert!(seen.matches(&asked), "{seen:?}");
    assert_eq!(seen.backend, subject.backend.name);
    assert!(seen.url.ends_with("/full"), "{}", seen.url);
    assert!((Timestamp::now() - seen.created_at).get_hours().abs() < 1);
}

async fn a_name_is_taken_once(subject: &Subject) {
    subject
        .backend
        .rooms
        .create(&spec("once"))
        .await
        .expect("creates");
    let error = subject
        .backend
        .rooms
        .create(&spec("once"))
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), Kind::Conflict);
    assert!(error.message().contains("`once`"), "{error}");
}

async fn a_list_has_every_room_once(subject: &Subject) {
    let names: BTreeSet<String> = (0..25).map(|n| format!("room-{n:02}")).collect();
    for name in &names {
        subject
            .backend
            .rooms
            .create(&spec(name))
            .await
            .expect("creates");
    }
    let mut seen = Vec::new();
    let mut page = PageRequest {
        after: None,
        limit: 10,
    };
    loop {
        let found = subject.backend.rooms.list(&page).await.expect("lists");
        assert!(found.items.len() <= 10);
        seen.extend(found.items.into_iter().map(|room| room.name.to_string()));
        match found.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen.len(), 25);
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), names);
}

async fn a_change_keeps_the_rest(subject: &Subject) {
    let asked = RoomSpec {
        expires_at: Some(in_an_hour()),
        max_participants: Some(5),
        properties: Map::from_iter([
            ("lang".to_owned(), json!("de")),
            ("enable_chat".to_owned(), json!(true)),
        ]),
        ..spec("mutable")
    };
    subject.backend.rooms.create(&asked).await.expect("creates");
    let patch = RoomPatch {
        privacy: Some(Privacy::Private),
        expires_at: Some(None),
        properties: Map::from_iter([("lang".to_owned(), json!(null))]),
        ..RoomPatch::default()
    };
    let changed = subject
        .backend
        .rooms
        .update(&asked.name, &patch)
        .await
        .expect("changes");
    assert_eq!(changed.privacy, Privacy::Private);
    assert_eq!(changed.expires_at, None);
    assert_eq!(changed.max_participants, Some(5));
    assert_eq!(
        changed.properties,
        Map::from_iter([("enable_chat".to_owned(), json!(true))])
    );
    assert_eq!(
        subject.backend.rooms.get(&asked.name).await.expect("shows"),
        changed
    );
}

async fn a_deletion_tells_the_truth(subject: &Subject) {
    subject
        .backend
        .rooms
        .create(&spec("there"))
        .await
        .expect("creates");
    let names = [name("there"), name("not-there")];
    let items = subject.backend.rooms.delete(&names).await.expect("deletes");
    let outcomes: Vec<_> = items
        .iter()
        .map(|item| (item.name.as_str(), item.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [("there", subject.gone), ("not-there", Outcome::Missing)]
    );
    let error = subject
        .backend
        .rooms
        .get(&names[0])
        .await
        .expect_err("gone");
    assert_eq!(error.kind(), Kind::NotFound);
}

async fn many_are_deleted_and_each_is_told(subject: &Subject) {
    let names: Vec<RoomName> = (0..60).map(|n| name(&format!("many-{n:02}"))).collect();
    for name in names.iter().step_by(2) {
        subject
            .backend
            .rooms
            .create(&spec(name.as_str()))
            .await
            .expect("creates");
    }
    subject
        .backend
        .rooms
        .create(&spec("bystander"))
        .await
        .expect("creates");
    let mut items = subject.backend.rooms.delete(&names).await.expect("deletes");
    items.sort_by(|a, b| a.name.cmp(&b.name));
    assert_eq!(items.len(), 60);
    for (index, item) in items.iter().enumerate() {
        let expected = if index % 2 == 0 {
            subject.gone
        } else {
            Outcome::Missing
        };
        assert_eq!(item.outcome, expected, "{item:?}");
    }
    subject
        .backend
        .rooms
        .get(&name("bystander"))
        .await
        .expect("is still there");
}

async fn people_are_seen_and_sent_out(subject: &Subject) {
    for room in ["busy", "busy2", "idle"] {
        subject
            .backend
            .rooms
            .create(&spec(room))
            .await
            .expect("creates");
    }
    subject.enter("busy", "p1").await;
    subject.enter("busy", "p2").await;
    subject.enter("busy2", "p3").await;
    let occupancy = &subject.backend.occupancy;
    let people = occupancy.participants(&name("busy")).await.expect("lists");
    let mut ids: Vec<_> = people.iter().map(|person| person.id.as_str()).collect();
    ids.sort_unstable();
    assert_eq!(ids, ["p1", "p2"]);
    assert_eq!(
        people[0].user_id.as_deref(),
        Some(format!("user-{}", people[0].id).as_str())
    );
    let occupied = occupancy.occupied().await.expect("counts");
    assert_eq!(
        (occupied.get("busy"), occupied.get("idle")),
        (Some(&2), None)
    );
    assert_eq!(occupancy.end(&name("busy")).await.expect("ends"), 2);
    assert_eq!(occupancy.end(&name("busy")).await.expect("ends"), 0);
    assert_eq!(
        occupancy.participants(&name("busy")).await.expect("lists"),
        []
    );
    assert_eq!(
        occupancy
            .participants(&name("busy2"))
            .await
            .expect("lists")
            .len(),
        1
    );
    subject
        .backend
        .rooms
        .get(&name("busy"))
        .await
        .expect("the room stays");
}

async fn what_is_missing_is_not_found(subject: &Subject) {
    let (rooms, occupancy) = (&subject.backend.rooms, &subject.backend.occupancy);
    let absent = name("absent");
    let patch = RoomPatch {
        privacy: Some(Privacy::Private),
        ..RoomPatch::default()
    };
    let mut errors = vec![
        rooms.get(&absent).await.expect_err("get"),
        occupancy.end(&absent).await.expect_err("end"),
        occupancy
            .participants(&absent)
            .await
            .err()
            .unwrap_or_else(|| {
                // Daily tells nobody of a room that does not exist.
                tok::Error::not_found("there is no room `absent`")
            }),
    ];
    let update = rooms.update(&absent, &patch).await.expect_err("update");
    if rooms.capabilities().update {
        errors.push(update);
    } else {
        assert_eq!(update.kind(), Kind::Unsupported);
    }
    for error in errors {
        assert_eq!(error.kind(), Kind::NotFound);
        assert_eq!(error.message(), "there is no room `absent`");
    }
}

/// The moment of making in a JWT, or in a token of OpenTok's older kind (`T1==` and base64).
fn begin(token: &str) -> i64 {
    if let Some(old) = token.strip_prefix("T1==") {
        let text = STANDARD.decode(old).expect("base64");
        let text = String::from_utf8_lossy(&text);
        let (_, from) = text.split_once("create_time=").expect("a moment");
        let digits: String = from.chars().take_while(char::is_ascii_digit).collect();
        return digits.parse().expect("seconds");
    }
    let claims = jsonwebtoken::dangerous::insecure_decode::<Value>(token).expect("a JWT");
    claims.claims["iat"].as_i64().expect("seconds")
}

async fn a_token_says_what_it_allows(subject: &Subject) {
    subject
        .backend
        .rooms
        .create(&spec("gate"))
        .await
        .expect("creates");
    let tokens = &subject.backend.tokens;
    for role in Role::ALL {
        let grant = Grant {
            room_id: None,
            room: name("gate"),
            role,
            user_id: Some("u1".to_owned()),
            user_name: Some("Zoë".to_owned()),
            issued_at: Timestamp::now() - SignedDuration::from_mins(7),
            not_before: None,
            expires_at: in_an_hour(),
            minter: Minter::OPERATOR,
            shared: false,
            properties: Map::new(),
        };
        let minted = tokens.mint(&grant).await.expect("mints");
        let facts = tokens.inspect(&minted.token).await.expect("reads");
        assert!(facts.valid, "{facts:?}");
        assert_eq!(facts.room.as_deref(), Some("gate"));
        assert_eq!(facts.role, Some(role));
        assert_eq!(facts.user_id.as_deref(), Some("u1"));
        assert_eq!(facts.user_name.as_deref(), Some("Zoë"));
        assert_eq!(facts.expires_at, Some(grant.expires_at));
        assert_eq!(
            begin(&minted.token),
            grant.issued_at.as_second(),
            "a token lives as long as was asked for"
        );
        let mut forged = minted.token.clone();
        forged.truncate(forged.len() - 6);
        forged.push_str("AAAAAA");
        assert!(!tokens.inspect(&forged).await.expect("reads").valid);
        let expired = Grant {
            expires_at: Timestamp::now() - SignedDuration::from_secs(60),
            ..grant
        };
        let old = tokens.mint(&expired).await.expect("mints");
        let facts = tokens.inspect(&old.token).await.expect("reads");
        assert_eq!(facts.reason.as_deref(), Some("it has expired"));
    }
    let error = tokens.inspect("no token").await.expect_err("refused");
    assert_eq!(error.kind(), Kind::InvalidInput);
}

async fn what_is_claimed_is_done(subject: &Subject) {
    let able = subject.backend.rooms.capabilities();
    assert!(able.delete_batch > 0);
    if able.history {
        subject
            .backend
            .rooms
            .create(&spec("history"))
            .await
            .expect("creates");
        let used = subject
            .backend
            .occupancy
            .used_since(Timestamp::UNIX_EPOCH)
            .await;
        assert!(used.expect("tells").is_empty());
    }
}
