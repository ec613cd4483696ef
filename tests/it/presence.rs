//! Presence: the user documents say what the source says, nothing more and nothing late.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::Timestamp;
use nix::sys::signal::Signal;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{Documents, Event, EventStream, SqliteDocuments, Write};
use tok::backends::google::TokenSource;
use tok::backends::presence::{
    PresenceEvent, PresenceStream, Presences, RealtimeDatabase, RealtimeDatabaseSettings,
};
use tok::commands::presence::{announce, audit, follow, list, show, sweep};
use tok::context::Context;
use tok::model::backoff::Backoff;
use tok::model::presence::PresenceState;
use tok::worker;
use tokio_util::sync::CancellationToken;

use crate::support::binary::{Run, signal_child};
use crate::support::google::FakeGoogle;
use crate::support::rtdb::{FakeDatabase, Fault};
use crate::support::{
    Binary, FakeDaily, PATIENCE, TestApp, borrowed, config, context, daily_variables, over, put,
};

async fn user(context: &Context, id: &str) -> Value {
    let found = context.documents.get("users", id).await.expect("reads");
    found.map_or(Value::Null, |document| document.decode().expect("JSON"))
}

fn node(state: &str, at: i64) -> Value {
    json!({ "state": state, "last_changed": at })
}

/// The loop `presence` at work; stopped at the end.
struct Following {
    context: Context,
    task: tokio::task::JoinHandle<tok::Result<()>>,
    users: EventStream,
}

impl Following {
    fn start(context: &Context) -> Self {
        let mut own = context.clone();
        own.stop = CancellationToken::new();
        let task = tokio::spawn({
            let context = own.clone();
            async move { follow::run(&context).await }
        });
        Self {
            users: own.documents.watch("users", None),
            context: own,
            task,
        }
    }

    /// Waits until a user's document has this state.
    async fn until(&mut self, id: &str, state: &str) -> Value {
        let reached = async {
            loop {
                let event = self.users.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event
                    && document.id == id
                {
                    let fields: Value = document.decode().expect("JSON");
                    if fields["state"] == state {
                        return fields;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, reached)
            .await
            .unwrap_or_else(|_| {
                let ended = self.task.is_finished();
                panic!("{id} never became {state}; the loop ended: {ended}")
            })
    }

    async fn stop(self) {
        self.context.stop.cancel();
        self.task.await.expect("no panic").expect("ends well");
    }
}

fn whom(user: &str) -> show::Input {
    let user = user.to_owned();
    show::Input { user }
}

#[tokio::test]
async fn whoever_comes_is_noted_at_once_and_nothing_else_is_touched() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(
        &context,
        "users",
        "ada",
        json!({ "name": "Ada", "token": "t" }),
    )
    .await;
    let mut following = Following::start(&context);
    database.opened(1).await;
    database.put("/status/ada", node("online", 1_700_000_000_000));
    // Somebody without a document gets none.
    database.put("/status/ghost", node("online", 1_700_000_000_000));
    let ada = following.until("ada", "online").await;
    let expected = json!({
        "name": "Ada", "token": "t", "state": "online", "id": "ada",
        "last_changed": "2023-11-14T22:13:20Z",
    });
    assert_eq!(ada, expected);
    database.patch("/status/ada", node("offline", 1_700_000_001_000));
    following.until("ada", "offline").await;
    assert_eq!(user(&context, "ghost").await, Value::Null);
    // What is older than what is noted says nothing.
    database.put("/status/ada", node("online", 1_600_000_000_000));
    database.put("/status/ada", node("online", 1_700_000_002_000));
    let ada = following.until("ada", "online").await;
    assert_eq!(ada["last_changed"], "2023-11-14T22:13:22Z");
    // A document that is made later is noted then.
    put(&context, "users", "ghost", json!({ "name": "New" })).await;
    following.until("ghost", "online").await;
    following.stop().await;
    database.verify();
}

#[tokio::test]
async fn one_of_two_devices_leaving_is_no_leaving() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    database.put(
        "/status/ada/connections",
        json!({ "phone": true, "laptop": true }),
    );
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    database.put("/status/ada/connections/phone", Value::Null);
    let now = Timestamp::now().as_millisecond();
    database.put("/status/ada/connections/laptop", node("offline", now));
    let ada = following.until("ada", "offline").await;
    let now = Timestamp::from_millisecond(now).expect("a moment");
    assert_eq!(ada["last_changed"], now.to_string());
    following.stop().await;
}

#[tokio::test]
async fn a_short_break_is_no_leaving() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1h")],
    );
    for id in ["ada", "bob"] {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    let now = Timestamp::now().as_millisecond();
    database.put("/status/ada", node("online", now - 5000));
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    database.put("/status/ada", node("offline", now));
    database.put("/status/ada", node("online", now + 1));
    database.put("/status/bob", node("online", now + 1));
    following.until("bob", "online").await;
    let ada = user(&context, "ada").await;
    assert_eq!(ada["state"], "online", "she never was offline");
    // A clock that is an hour ahead makes the grace no longer, one that is behind no shorter.
    following.stop().await;
}

#[tokio::test]
async fn somebody_who_left_while_nobody_looked_is_noted_at_once() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1h")],
    );
    let then = "2023-11-14T22:13:20Z";
    put(
        &context,
        "users",
        "ada",
        json!({ "state": "online", "last_changed": then }),
    )
    .await;
    database.put("/status/ada", node("offline", 1_700_000_001_000));
    let mut following = Following::start(&context);
    following.until("ada", "offline").await;
    following.stop().await;
}

#[tokio::test]
async fn a_whole_state_is_compared_and_not_replayed() {
    const PEOPLE: usize = 5_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    let mut all = serde_json::Map::new();
    let mut writes = Vec::new();
    for n in 0..PEOPLE {
        let at = Timestamp::from_millisecond(1_700_000_000_000).expect("a moment");
        all.insert(format!("u{n}"), node("online", 1_700_000_000_000));
        let noted =
            json!({ "state": "online", "last_changed": at.to_string(), "id": format!("u{n}") });
        writes.push(Write::put("users", &format!("u{n}"), &noted).expect("JSON"));
    }
    context.documents.commit(writes).await.expect("commits");
    for n in 0..100 {
        all[&format!("u{n}")] = node("offline", 1_700_000_000_001);
    }
    database.put("/status", Value::Object(all));
    let report = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(
        (report.people, report.written),
        (PEOPLE as u64, 100),
        "{report:?}"
    );
    let again = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(again.written, 0, "{again:?}");
    let report = audit::run(&context).await.expect("compares");
    assert_eq!(report.drift, []);
    assert_eq!(
        (report.online, report.users),
        (PEOPLE as u64 - 100, PEOPLE as u64)
    );
}

#[tokio::test]
async fn an_empty_source_is_rather_a_wrong_path() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let writes = (0..300).map(|n| {
        let noted = json!({ "state": "online", "last_changed": "2026-01-01T00:00:00Z" });
        Write::put("users", &format!("u{n}"), &noted).expect("JSON")
    });
    context
        .documents
        .commit(writes.collect())
        .await
        .expect("commits");
    let refused = follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert!(
        refused.message().contains("realtime_database.url"),
        "{refused}"
    );
    let refused = follow::run(&context).await.expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert_eq!(user(&context, "u1").await["state"], "online");
}

/// From one person up: a source that recognises nobody is the wrong one.
#[tokio::test]
async fn a_source_that_knows_none_of_ours_signs_nobody_off() {
    let wrong = [
        Value::Null,
        json!({ "standup": { "name": "Standup" }, "tea": { "name": "Tea" } }),
        json!({ "sensor-7": { "state": "online", "last_changed": 5 } }),
    ];
    for found in wrong {
        let database = FakeDatabase::start().await;
        let (context, _dir) = over(
            &database.variables(),
            &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
        );
        let noted = json!({ "state": "online", "last_changed": "2026-01-01T00:00:00Z" });
        put(&context, "users", "ada", noted).await;
        database.put("/status", found.clone());
        for refused in [
            follow::run_once(&context, follow::Trust::Guarded)
                .await
                .map(drop),
            follow::run(&context).await,
        ] {
            let refused = refused.expect_err("guards");
            assert_eq!(refused.kind(), Kind::Guard, "{found}");
        }
        assert_eq!(user(&context, "ada").await["state"], "online", "{found}");
        let told = follow::run_once(&context, follow::Trust::Full).await;
        assert_eq!(told.expect("is told otherwise").written, 1, "{found}");
        assert_eq!(user(&context, "ada").await["state"], "offline");
    }
}

/// What stands at the path is overwritten while a worker follows: nobody is signed off, and the
/// loop says so.
#[tokio::test]
async fn a_state_that_is_wiped_signs_nobody_off() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let mut following = Following::start(&context);
    database.opened(1).await;
    database.put("/status", json!({ "ada": node("online", 1) }));
    following.until("ada", "online").await;
    database.put("/status", Value::Null);
    let ended = tokio::time::timeout(PATIENCE, &mut following.task).await;
    let refused = ended.expect("ends").expect("no panic").expect_err("guards");
    assert_eq!(refused.kind(), Kind::Guard);
    assert_eq!(user(&context, "ada").await["state"], "online");
}

/// The database shows a map with small numbers for keys as an array, and the same map as an object
/// when it has fewer of them.
#[tokio::test]
async fn people_and_connections_with_numbers_for_ids_are_read_in_every_form() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    for id in ["1", "2", "3", "40"] {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    for (number, connections) in [
        ("1", json!({ "1": true })),
        ("2", json!({ "0": true, "9": true })),
    ] {
        database.put(
            &format!("/status/{number}"),
            json!({ "connections": connections }),
        );
    }
    database.put("/status/3", node("online", 3));
    let people = list::run(&context, list::Input { online: true })
        .await
        .expect("lists");
    assert_eq!(people.len(), 3, "{people:?}");
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, 3);
    let mut following = Following::start(&context);
    database.opened(3).await;
    // With so large a number it is an object again.
    database.put("/status/40", node("online", 4));
    following.until("40", "online").await;
    database.put("/status/3", node("offline", 5));
    following.until("3", "offline").await;
    // One of the two connections of 2 is left, and is told in another form.
    database.put("/status/2/connections/9", Value::Null);
    database.put("/status/1/connections/1", Value::Null);
    following.until("1", "offline").await;
    assert_eq!(user(&context, "2").await["state"], "online");
    let two = show::run(&context, whom("2")).await.expect("shows");
    assert_eq!(two.presence.state, PresenceState::Online);
    following.stop().await;
    database.verify();
}

#[tokio::test]
async fn an_abandoned_ring_and_typing_end_with_the_caller() {
    let daily = FakeDaily::start().await;
    let database = FakeDatabase::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("TOK_PRESENCE__OFFLINE_GRACE", "1ms"));
    let (context, _dir) = over(&database.variables(), &variables);
    daily.add_room("ring-1", 0, json!({}));
    for id in ["ada", "bob", "eve"] {
        put(
            &context,
            "users",
            id,
            json!({ "state": "online", "onRoom": "lobby" }),
        )
        .await;
        database.put(&format!("/status/{id}"), node("online", 1_700_000_000_000));
    }
    put(
        &context,
        "rooms",
        "lobby",
        json!({ "name": "Lobby", "ada": true, "bob": true }),
    )
    .await;
    let call = |caller: bool, other: &str, joined: bool, room: &str| {
        json!({
            "room": { "name": room }, "isCaller": caller, "otherUserJoined": joined,
            "callerID": "ada", "otherID": other,
        })
    };
    put(
        &context,
        "users/ada/call",
        "call",
        call(true, "bob", false, "ring-1"),
    )
    .await;
    put(
        &context,
        "users/bob/call",
        "call",
        call(false, "bob", false, "ring-1"),
    )
    .await;
    // Eve's call was answered: it is hers to end.
    put(
        &context,
        "users/eve/call",
        "call",
        call(true, "bob", true, "ring-2"),
    )
    .await;
    let mut following = Following::start(&context);
    following.until("eve", "online").await;
    for id in ["ada", "eve"] {
        database.put(&format!("/status/{id}"), node("offline", 1_700_000_001_000));
    }
    let ada = following.until("ada", "offline").await;
    assert_eq!(ada["onRoom"], false);
    let eve = user(&context, "eve").await;
    if eve["state"] != "offline" {
        following.until("eve", "offline").await;
    }
    let lobby = context
        .documents
        .get("rooms", "lobby")
        .await
        .expect("reads");
    let lobby: Value = lobby.expect("there").decode().expect("JSON");
    assert_eq!(
        lobby,
        json!({ "name": "Lobby", "ada": false, "bob": true, "eve": false })
    );
    assert_eq!(
        daily.room_names(),
        [""; 0],
        "the room of the ring is deleted"
    );
    for (id, left) in [("ada", false), ("bob", false), ("eve", true)] {
        let call = context
            .documents
            .get(&format!("users/{id}/call"), "call")
            .await;
        assert_eq!(call.expect("reads").is_some(), left, "{id}");
    }
    following.stop().await;
    daily.verify();
}

/// What a watch told so far, by person.
struct Telling {
    told: PresenceStream,
    people: BTreeMap<String, PresenceState>,
}

impl Telling {
    fn of(presences: &dyn Presences) -> Self {
        Self {
            told: presences.watch(),
            people: BTreeMap::new(),
        }
    }

    async fn next(&mut self) -> tok::Result<PresenceEvent> {
        let told = tokio::time::timeout(PATIENCE, self.told.next()).await;
        let told = told.expect("in time").expect("no end")?;
        if let PresenceEvent::Person(id, presence) = &told {
            match presence {
                Some(presence) => drop(self.people.insert(id.clone(), presence.state)),
                None => drop(self.people.remove(id)),
            }
        }
        Ok(told)
    }

    /// Waits until a person is so.
    async fn until(&mut self, id: &str, state: PresenceState) {
        while self.people.get(id) != Some(&state) {
            self.next().await.expect("goes on");
        }
    }
}

fn source(database: &FakeDatabase, tokens: TokenSource) -> RealtimeDatabase {
    settings(database, tokens, Duration::from_mins(50))
}

fn settings(database: &FakeDatabase, tokens: TokenSource, renew: Duration) -> RealtimeDatabase {
    RealtimeDatabase::new(RealtimeDatabaseSettings {
        url: database.url().parse().expect("a URL"),
        path: "status".to_owned(),
        tokens: Arc::new(tokens),
        silence: Duration::from_millis(500),
        renew_after: renew,
        backoff: Backoff::new(Duration::from_millis(1), Duration::from_millis(20)).with_jitter(),
    })
    .expect("opens")
}

#[tokio::test]
async fn the_stream_survives_cuts_silence_garbage_and_half_events() {
    use PresenceState::{Offline, Online};
    let database = FakeDatabase::start().await;
    database.put("/status/ada", node("online", 1));
    let source = source(&database, TokenSource::emulator());
    let mut telling = Telling::of(&source);
    telling.until("ada", Online).await;
    assert_eq!(
        telling.next().await.expect("goes on"),
        PresenceEvent::Current
    );
    for (round, trouble) in [
        "event: put\ndata: {\"path\"",
        "event: put\ndata: nonsense\n\n",
        "event: put\ndata: \u{0}\n\n",
        "",
    ]
    .into_iter()
    .enumerate()
    {
        let state = if round % 2 == 0 { Offline } else { Online };
        database.send(": hello\n\nevent: keep-alive\ndata: null\n\n");
        database.send(trouble);
        // Missed by the broken stream, brought by the next one.
        database.put_silently("/status/ada/state", json!(state.as_str()));
        database.cut();
        telling.until("ada", state).await;
    }
    // Said nothing for too long.
    database.put_silently("/status/ada/state", json!("online"));
    telling.until("ada", Online).await;
    for fault in [
        Fault::Status(503),
        Fault::Status(500),
        Fault::Status(429),
        Fault::Garbage("event: put\ndata: {}\n\n"),
        Fault::Garbage("event: patch\ndata: {\"path\":\"/\",\"data\":{}}\n\n"),
    ] {
        database.fault(fault);
    }
    database.put_silently("/status/ada/state", json!("offline"));
    database.cut();
    telling.until("ada", Offline).await;
    database.verify();
}

#[tokio::test]
async fn a_snapshot_after_a_break_tells_only_what_changed() {
    let database = FakeDatabase::start().await;
    for n in 0..50 {
        database.put(&format!("/status/u{n}"), node("online", 1));
    }
    let source = source(&database, TokenSource::emulator());
    let mut telling = Telling::of(&source);
    while telling.next().await.expect("goes on") != PresenceEvent::Current {}
    database.put_silently("/status/u7", node("offline", 2));
    database.cut();
    let told = telling.next().await.expect("goes on");
    assert!(matches!(told, PresenceEvent::Person(id, _) if id == "u7"));
    database.put("/status/u8", node("offline", 3));
    let told = telling.next().await.expect("goes on");
    assert!(
        matches!(told, PresenceEvent::Person(id, _) if id == "u8"),
        "nobody else was told"
    );
}

#[tokio::test]
async fn a_credential_that_ends_is_renewed() {
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let key = google.key_file(dir.path());
    let database = FakeDatabase::start().await;
    database.put("/status/ada", node("online", 1));
    let source = source(&database, TokenSource::key_file(&key).expect("a key"));
    let mut telling = Telling::of(&source);
    telling.until("ada", PresenceState::Online).await;
    // Keep-alives still come, but nothing else does.
    database.put_silently("/status/ada/state", json!("offline"));
    database.send("event: auth_revoked\ndata: \"credential is no longer valid\"\n\n");
    telling.until("ada", PresenceState::Offline).await;
    assert_eq!(database.tokens(), ["token-1", "token-2"]);
    // Refused once, asked again with a fresh one.
    database.fault(Fault::Status(401));
    database.put_silently("/status/ada/state", json!("online"));
    database.cut();
    telling.until("ada", PresenceState::Online).await;
    assert_eq!(google.given(), 3);
    database.verify();
}

#[tokio::test]
async fn a_stream_is_replaced_before_its_credential_ends() {
    let database = FakeDatabase::start().await;
    database.put("/status/ada", node("online", 1));
    let source = settings(
        &database,
        TokenSource::emulator(),
        Duration::from_millis(50),
    );
    let mut telling = Telling::of(&source);
    telling.until("ada", PresenceState::Online).await;
    let watching = tokio::spawn(async move {
        telling.until("ada", PresenceState::Offline).await;
    });
    database.opened(4).await;
    assert!(database.streams() <= 2, "the old one is dropped");
    database.put("/status/ada", node("offline", 2));
    watching.await.expect("heard on the fresh one");
}

#[tokio::test]
async fn what_only_a_person_can_mend_ends_the_watch() {
    let database = FakeDatabase::start().await;
    let source = source(&database, TokenSource::emulator());
    for (fault, part) in [
        (Fault::Status(403), "google.credentials_file"),
        (Fault::Status(404), "realtime_database.url"),
        (
            Fault::Redirect("http://localhost:1".to_owned()),
            "gets no credential",
        ),
    ] {
        database.fault(fault);
        let error = Telling::of(&source).next().await.expect_err("ends");
        assert!(!error.kind().is_temporary());
        assert!(error.message().contains(part), "{error}");
    }
    let mut telling = Telling::of(&source);
    telling.next().await.expect("current");
    database.send("event: cancel\ndata: \"Permission denied\"\n\n");
    let error = telling.next().await.expect_err("ends");
    assert_eq!(error.kind(), Kind::Refused);
    // Sent on to another port of the same host it follows, with its credential.
    let shard = FakeDatabase::start().await;
    shard.put("/status/ada", node("online", 1));
    database.fault(Fault::Redirect(format!("http://{}", shard.address)));
    let mut telling = Telling::of(&source);
    telling.until("ada", PresenceState::Online).await;
    assert_eq!(shard.tokens(), ["owner"]);
    database.verify();
}

#[tokio::test]
async fn without_an_account_presence_is_kept_per_connection() {
    let (context, _dir) = context(&[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")]);
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let mut following = Following::start(&context);
    let say = async |connection: &str, state, ttl: Option<&str>| {
        let ttl = ttl.map(|ttl| ttl.parse().expect("a span"));
        let input = announce::Input {
            user: "ada".parse().expect("an id"),
            connection: connection.to_owned(),
            says: announce::Announcement { state, ttl },
            said_by: "test".to_owned(),
        };
        announce::run(&context, input).await.expect("notes")
    };
    say("phone", PresenceState::Online, None).await;
    following.until("ada", "online").await;
    say("laptop", PresenceState::Online, Some("1ms")).await;
    let person = say("phone", PresenceState::Offline, None).await;
    // The laptop may still count for a moment; once its time is over it is swept.
    assert_eq!(person.id, "ada");
    let swept = async {
        while sweep::run(&context).await.expect("sweeps").removed == 0
            && show::run(&context, whom("ada"))
                .await
                .expect("known")
                .presence
                .state
                == PresenceState::Online
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, swept)
        .await
        .expect("in time");
    following.until("ada", "offline").await;
    let unknown = show::run(&context, whom("bob")).await.expect_err("unknown");
    assert_eq!(unknown.kind(), Kind::NotFound);
    following.stop().await;
}

/// The newest of those that are left may be older than the one that is gone.
#[tokio::test]
async fn whoever_lost_the_newest_connection_is_gone() {
    let (context, _dir) = context(&[]);
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let say = async |connection: &str, state, ttl: Option<&str>| {
        let ttl = ttl.map(|ttl| ttl.parse().expect("a span"));
        let input = announce::Input {
            user: "ada".parse().expect("an id"),
            connection: connection.to_owned(),
            says: announce::Announcement { state, ttl },
            said_by: "test".to_owned(),
        };
        announce::run(&context, input).await.expect("notes");
    };
    say("phone", PresenceState::Offline, None).await;
    say("laptop", PresenceState::Online, Some("1ms")).await;
    put(
        &context,
        "users",
        "ada",
        json!({ "state": "online", "last_changed": Timestamp::now().to_string() }),
    )
    .await;
    let gone = async { while sweep::run(&context).await.expect("sweeps").removed == 0 {} };
    tokio::time::timeout(PATIENCE, gone).await.expect("in time");
    follow::run_once(&context, follow::Trust::Guarded)
        .await
        .expect("compares");
    assert_eq!(user(&context, "ada").await["state"], "offline");
    assert_eq!(audit::run(&context).await.expect("compares").drift, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let path = "/v1/presence/ada/connections/phone";
    let request = app.request(reqwest::Method::PUT, path);
    let request = request.json(&json!({ "state": "online" }));
    let (status, said) = crate::support::answer(request).await;
    assert_eq!(
        (status.as_u16(), &said["state"]),
        (200, &json!("online")),
        "{said}"
    );
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    let (_, shown) = app.get("/v1/presence/ada").await;
    assert_eq!(tok(&["presence", "show", "ada"]).ok().json(), shown);
    let (_, page) = app.get("/v1/presence?online=true").await;
    assert_eq!(
        tok(&["presence", "list", "--online"]).ok().json(),
        page["items"]
    );
    app.post("/v1/users", json!({ "id": "ada", "name": "Ada" }))
        .await;
    let (_, report) = app.get("/v1/presence:audit").await;
    let audited = tok(&["presence", "audit"]);
    assert_eq!((audited.code, audited.json()), (Some(12), report));
    assert_eq!(tok(&["presence", "sync"]).ok().json()["written"], 1);
    tok(&["presence", "audit"]).ok();
    let (status, _) = app.get("/v1/presence/nobody").await;
    assert_eq!(status, 404);
    tok(&["presence", "set", "ada", "online", "--connection", "a:b"]).refused(2, "a:b");
}

/// JSON lines for programs, and an orderly end.
#[test]
fn a_watch_is_told_line_by_line() {
    let binary = Binary::new();
    binary.run(&["presence", "set", "ada", "online"]).ok();
    let mut child = binary.spawn(&["presence", "watch"], Stdio::null());
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let mut next = || -> Value {
        let line = lines.next().expect("a line").expect("text");
        serde_json::from_str(&line).expect("JSON")
    };
    let ada = next();
    assert_eq!(
        (&ada["id"], &ada["state"]),
        (&json!("ada"), &json!("online"))
    );
    assert!(ada["last_changed"].is_string());
    binary.run(&["presence", "set", "bob", "online"]).ok();
    assert_eq!(next()["id"], "bob");
    binary.run(&["presence", "set", "ada", "offline"]).ok();
    assert_eq!(next()["state"], "offline");
    signal_child(&child, Signal::SIGINT);
    let run = Run::of(&child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(0), "{run:#?}");
}

/// Killed at some moment while it notes who is there: the next one ends up with the truth.
#[test]
fn a_killed_worker_leaves_nothing_half_noted() {
    const PEOPLE: usize = 2_000;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(FakeDatabase::start());
    let variables = database.variables();
    let mut variables = borrowed(&variables);
    variables.push(("TOK_WORKER__LEASE", "300ms"));
    variables.push(("TOK_PRESENCE__OFFLINE_GRACE", "1ms"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let writes = (0..PEOPLE).map(|n| {
        let user = json!({ "name": format!("Person {n}"), "onRoom": "lobby" });
        Write::put("users", &format!("u{n}"), &user).expect("JSON")
    });
    runtime
        .block_on(documents.commit(writes.collect()))
        .expect("commits");
    for (round, state) in ["online", "offline", "online"].into_iter().enumerate() {
        let at = 1_700_000_000_000 + i64::try_from(round).expect("small");
        let all = (0..PEOPLE).map(|n| (format!("u{n}"), node(state, at)));
        database.put("/status", Value::Object(all.collect()));
        let mut noted = documents.watch("users", None);
        let worker = binary.work(&["--only", "presence"]);
        let part = async {
            let mut count = 0;
            while count < PEOPLE / 4 {
                let event = noted.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event {
                    let fields: Value = document.decode().expect("JSON");
                    count += usize::from(fields["state"] == state);
                }
            }
        };
        runtime
            .block_on(async { tokio::time::timeout(PATIENCE, part).await })
            .expect("begins");
        worker.signal(Signal::SIGKILL);
        drop(worker);
        binary.run(&["presence", "sync"]).ok();
        let report = binary.run(&["presence", "audit", "--json"]).ok().json();
        assert_eq!(report["drift"], json!([]));
        let last = runtime
            .block_on(documents.get("users", "u1999"))
            .expect("reads");
        let last: Value = last.expect("there").decode().expect("JSON");
        assert_eq!(
            (&last["state"], &last["name"]),
            (&json!(state), &json!("Person 1999"))
        );
    }
}

/// Whatever a phone's clock says, the next thing that is heard, or the next comparison, mends it.
#[tokio::test]
async fn a_clock_that_is_ahead_leaves_nobody_stuck() {
    const MINUTE: i64 = 60_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    let people = [("ada", 5 * MINUTE), ("bob", 400 * 24 * 60 * MINUTE)];
    let now = || Timestamp::now().as_millisecond();
    for (id, ahead) in people {
        put(&context, "users", id, json!({ "name": id })).await;
        database.put(&format!("/status/{id}"), node("online", now() + ahead));
    }
    let sync = async || {
        let report = follow::run_once(&context, follow::Trust::Guarded).await;
        report.expect("compares").written
    };
    let drift = async || audit::run(&context).await.expect("compares").drift.len();
    assert_eq!((drift().await, sync().await), (2, 2));
    assert_eq!((drift().await, sync().await), (0, 0), "it says nothing new");
    for (id, _) in people {
        let noted: Timestamp = user(&context, id).await["last_changed"]
            .as_str()
            .expect("text")
            .parse()
            .expect("a moment");
        assert!(noted <= Timestamp::now(), "{noted}");
        let shown = show::run(&context, whom(id)).await.expect("known");
        assert!(shown.presence.last_changed <= Some(Timestamp::now()));
        // The right time now, and even one that is behind.
        database.put(&format!("/status/{id}"), node("offline", now() - MINUTE));
    }
    assert_eq!((drift().await, sync().await), (2, 2));
    assert_eq!((drift().await, sync().await), (0, 0));
    assert_eq!(user(&context, "bob").await["state"], "offline");
    let mut following = Following::start(&context);
    database.opened(7).await;
    for (state, moved) in [
        ("online", 400 * 24 * 60 * MINUTE),
        ("offline", 0),
        ("online", -MINUTE),
        // Of what is heard just now the clock says nothing at all.
        ("offline", -400 * 24 * 60 * MINUTE),
    ] {
        database.put("/status/ada", node(state, now() + moved));
        following.until("ada", state).await;
    }
    following.stop().await;
}

/// What the one calls untrue the other one writes, and then neither says anything.
#[tokio::test]
async fn comparing_and_writing_go_by_one_rule() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let ahead = Timestamp::now().as_millisecond() + 3_600_000;
    let noted = [
        json!({}),
        json!({ "state": "online" }),
        json!({ "state": "online", "last_changed": 5_000 }),
        json!({ "state": "offline", "last_changed": "1970-01-01T00:00:05Z" }),
        json!({ "state": "offline", "last_changed": ahead }),
        json!({ "state": "online", "last_changed": i64::MAX }),
        json!({ "state": "away", "last_changed": "soon" }),
    ];
    let told = [
        Value::Null,
        json!(true),
        node("online", 4_000),
        node("offline", 6_000),
        node("online", ahead),
        json!({ "phone": node("online", 5_000), "laptop": node("offline", 9_000) }),
    ];
    for (n, noted) in noted.iter().enumerate() {
        for (m, told) in told.iter().enumerate() {
            let id = format!("u{n}-{m}");
            put(&context, "users", &id, noted.clone()).await;
            database.put(&format!("/status/{id}"), told.clone());
        }
    }
    let untrue = audit::run(&context).await.expect("compares").drift;
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, untrue.len() as u64);
    assert!(untrue.len() > 15, "{untrue:#?}");
    assert_eq!(audit::run(&context).await.expect("compares").drift, []);
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, 0);
}

/// Firestore takes about one write of a document each second.
#[tokio::test]
async fn whoever_comes_and_goes_all_the_time_is_written_now_and_then() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let following = Following::start(&context);
    database.opened(1).await;
    let mut told = context.documents.watch("users", None);
    let counting = async {
        let (mut writes, mut state) = (0, Value::Null);
        let last = json!(
            Timestamp::from_millisecond(60)
                .expect("a moment")
                .to_string()
        );
        while (&state["state"], &state["last_changed"]) != (&json!("online"), &last) {
            if let Event::Put(document) = told.next().await.expect("no end").expect("no error") {
                writes += 1;
                state = document.decode().expect("JSON");
            }
        }
        writes
    };
    let flipping = async {
        for n in 1..=60 {
            let state = if n % 2 == 0 { "online" } else { "offline" };
            database.put("/status/ada", node(state, n));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let counted = tokio::time::timeout(PATIENCE, futures_util::future::join(counting, flipping));
    let (writes, ()) = counted.await.expect("the last state wins");
    assert!(writes <= 7, "{writes} writes, the first state included");
    following.stop().await;
}

/// Whoever turns again and again is there at even turns.
fn state_at(turn: i64) -> &'static str {
    if turn % 2 == 0 { "online" } else { "offline" }
}

/// However fast somebody comes and goes, and in whatever form that is told: about one write a second, and
/// the last state is the one that stays.
#[tokio::test]
async fn however_fast_people_turn_up_and_leave_each_is_written_slowly_and_ends_as_they_are() {
    const SINCE: i64 = 1_500_000_000_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    // Who, where that is told, how often they turn, and the rests between.
    let people = [
        ("ivy", "/status/ivy", 29, 90),
        ("max", "/status/max/tablet", 210, 12),
        ("zoe", "/status/zoe/connections/c1", 64, 35),
    ];
    for (id, ..) in people {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    let following = Following::start(&context);
    database.opened(1).await;
    let began = Instant::now();
    let turning = people.map(|(id, place, turns, rest)| {
        let (database, mut told) = (database.clone(), context.documents.watch("users", None));
        let last = Timestamp::from_millisecond(SINCE + turns).expect("a moment");
        let (last, ends) = (json!(last.to_string()), state_at(turns));
        let turn = async move {
            for n in 1..=turns {
                let state = state_at(n);
                database.put(place, node(state, SINCE + n));
                tokio::time::sleep(Duration::from_millis(rest)).await;
            }
        };
        let counting = async move {
            let (mut writes, mut fields) = (-1, Value::Null);
            while fields["state"] != ends || fields["last_changed"] != last {
                let event = told.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event
                    && document.id == id
                {
                    writes += 1;
                    fields = document.decode().expect("JSON");
                }
            }
            (id, writes, began.elapsed())
        };
        tokio::time::timeout(PATIENCE * 3, futures_util::future::join(turn, counting))
    });
    for ended in futures_util::future::join_all(turning).await {
        let ((), (id, writes, passed)) = ended.expect("the last state arrives");
        let most = i32::try_from(passed.as_secs()).expect("small") + 2;
        assert!(writes <= most, "{id}: {writes} writes in {passed:?}");
    }
    following.stop().await;
    let report = audit::run(&context).await.expect("compares");
    assert_eq!(report.drift, [], "what was noted last is true");
    database.verify();
}

#[tokio::test]
async fn devices_below_a_user_are_read_and_listed() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    database.put("/status/ada/phone", node("online", 1_000));
    database.put("/status/ada/0", node("online", 2_000));
    let mut following = Following::start(&context);
    following.until("ada", "online").await;
    let shown = show::run(&context, whom("ada")).await.expect("known");
    let at = |seconds| Some(Timestamp::from_second(seconds).expect("a moment"));
    let signs: Vec<_> = shown
        .connections
        .iter()
        .map(|sign| (sign.connection.as_deref(), sign.state, sign.last_sign))
        .collect();
    let online = PresenceState::Online;
    assert_eq!(
        signs,
        [(Some("0"), online, at(2)), (Some("phone"), online, at(1))]
    );
    assert_eq!(
        shown.connections[0].said_by.as_deref(),
        Some("realtime database")
    );
    database.patch("/status/ada", json!({ "phone": null }));
    // The other one is there still; it comes as a list now.
    let shown = show::run(&context, whom("ada")).await.expect("known");
    assert_eq!(
        (shown.presence.state, shown.connections.len()),
        (PresenceState::Online, 1)
    );
    database.patch("/status/ada/0", json!({ "state": "offline" }));
    following.until("ada", "offline").await;
    following.stop().await;
    database.verify();
}

/// Ids of others are taken as they are.
#[tokio::test]
async fn whoever_is_listed_can_be_shown() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let ids = ["日本", "100%", "ü", "a b", "-N1", "a%2Fb", "?x=1&y"];
    let people = ids.map(|id| (id.to_owned(), json!({ "state": "online" })));
    database.put("/status", Value::Object(people.into_iter().collect()));
    let listed = list::run(&context, list::Input::default())
        .await
        .expect("lists");
    assert_eq!(listed.len(), ids.len());
    for person in listed {
        let shown = show::run(&context, whom(&person.id)).await;
        assert_eq!(shown.expect("is known").presence, person);
    }
    for nobody in ["a/b", "a.b", "[x]", "nobody"] {
        let unknown = show::run(&context, whom(nobody)).await;
        assert_eq!(unknown.expect_err("unknown").kind(), Kind::NotFound);
    }
}

/// Whoever mends the rules and compares does not wait for the worker to look again.
#[test]
fn a_source_that_refused_is_followed_again_once_it_was_compared() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(FakeDatabase::start());
    let variables = database.variables();
    let binary = Binary::with(&borrowed(&variables));
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    let documents =
        SqliteDocuments::open(&binary.dir().join(".local/share/tok"), 0).expect("opens");
    database.fault(Fault::Status(403));
    let _worker = binary.work(&["--only", "presence"]);
    runtime.block_on(paused(&documents));
    assert_eq!(database.count(), 0, "it rests");
    // Whoever looks from outside hears of it.
    let doctor = binary.run(&["doctor", "--json"]);
    let found = doctor.json();
    let findings = found["findings"].as_array().expect("findings");
    let of_loop = findings
        .iter()
        .find(|finding| finding["check"] == "loop presence");
    assert_eq!(doctor.code, Some(8), "{found}");
    assert_eq!(of_loop.expect("is told")["health"], "fail");
    binary.run(&["presence", "sync"]).ok();
    runtime.block_on(database.opened(2));
    let mut noted = documents.watch("users", None);
    database.put("/status/ada", node("online", 1_700_000_000_000));
    let online = async {
        loop {
            if let Event::Put(document) = noted.next().await.expect("no end").expect("no error")
                && document.decode::<Value>().expect("JSON")["state"] == "online"
            {
                return;
            }
        }
    };
    runtime
        .block_on(async { tokio::time::timeout(PATIENCE, online).await })
        .expect("is noted");
}

/// Somebody whose document cannot be written keeps nobody else from being noted, and is named.
#[tokio::test]
async fn a_comparison_goes_past_whom_it_cannot_write() {
    let database = FakeDatabase::start().await;
    let (context, dir) = over(&database.variables(), &[]);
    for n in 0..50 {
        let id = format!("u{n}");
        put(&context, "users", &id, json!({ "name": id })).await;
        database.put(&format!("/status/{id}"), node("online", 1_640_000_000_000));
    }
    let store = rusqlite::Connection::open(dir.path().join("tok.db")).expect("opens");
    let refuse = |who: &str| {
        let trigger = format!(
            "DROP TRIGGER IF EXISTS refuse; CREATE TRIGGER refuse BEFORE UPDATE ON documents \
             WHEN NEW.collection = 'users' AND NEW.id LIKE '{who}' \
             BEGIN SELECT RAISE(ABORT, 'nobody is written'); END;"
        );
        store.execute_batch(&trigger).expect("a trigger");
    };
    let sync = async || follow::run_once(&context, follow::Trust::Guarded).await;
    refuse("%");
    let error = sync().await.expect_err("nobody can be written");
    assert_eq!(error.kind(), Kind::Internal);
    refuse("u17");
    let error = sync().await.expect_err("one cannot be written");
    assert_eq!(error.kind(), Kind::Partial);
    assert!(
        error.message().contains("1 of those") && error.message().contains("`u17`"),
        "{error}"
    );
    let left = audit::run(&context).await.expect("compares").drift;
    assert_eq!(left.len(), 1, "{left:?}");
    refuse("nobody");
    assert_eq!(sync().await.expect("compares").written, 1);
}

/// Waits until the loop `presence` noted that it is paused.
async fn paused(documents: &SqliteDocuments) {
    let mut notes = documents.watch("tok_loops", None);
    let noted = async {
        loop {
            if let Event::Put(note) = notes.next().await.expect("no end").expect("no error")
                && note.id == "presence"
                && note.decode::<Value>().expect("JSON")["condition"] == "paused"
            {
                return;
            }
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, noted).await;
    in_time.expect("the loop is paused");
}

/// Nobody has to do anything but to allow it again.
#[tokio::test]
async fn a_source_that_refused_is_asked_again_within_a_minute() {
    // Before a person is called for, a fresh credential is tried where that is what is wrong.
    for (status, refusals) in [(403, 1), (401, 2)] {
        let database = FakeDatabase::start().await;
        let (context, dir) = over(&database.variables(), &[]);
        put(&context, "users", "kim", json!({ "name": "Kim" })).await;
        database.put("/status/kim", node("online", 1_650_000_000_000));
        for _ in 0..refusals {
            database.fault(Fault::Status(status));
        }
        let loops = config(dir.path(), &[("TOK_WORKER__LOOPS", "presence")]).worker;
        let worker = tokio::spawn({
            let context = context.clone();
            async move { worker::work(context, &loops, Arc::default()).await }
        });
        paused(&SqliteDocuments::open(dir.path(), 0).expect("opens")).await;
        assert_eq!(
            (database.count(), state_of(&context, "kim").await),
            (0, Value::Null)
        );
        // A minute passes.
        tokio::time::pause();
        tokio::time::advance(Duration::from_mins(1)).await;
        tokio::time::resume();
        let mut users = context.documents.watch("users", None);
        let online = async {
            while state_of(&context, "kim").await != "online" {
                users.next().await.expect("no end").expect("no error");
            }
        };
        let in_time = tokio::time::timeout(PATIENCE, online).await;
        in_time.unwrap_or_else(|_| panic!("{status}: nobody looked again"));
        context.stop.cancel();
        worker.await.expect("no panic");
        database.verify();
    }
}

async fn state_of(context: &Context, id: &str) -> Value {
    user(context, id).await["state"].clone()
}
