//! The stream of the source, through cuts, silence and credentials that end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::json;
use tempfile::TempDir;
use tok::Kind;
use tok::backends::google::TokenSource;
use tok::backends::presence::{
    PresenceEvent, PresenceStream, Presences, RealtimeDatabase, RealtimeDatabaseSettings,
};
use tok::model::backoff::Backoff;
use tok::model::presence::PresenceState;

use super::node;
use crate::support::google::FakeGoogle;
use crate::support::rtdb::{FakeDatabase, Fault};
use crate::support::{PATIENCE, PAUSE};

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

/// A source that takes no stream for broken because the machine stands still for a moment.
fn source(database: &FakeDatabase, tokens: TokenSource) -> RealtimeDatabase {
    let minute = Duration::from_mins(1);
    settings(database, tokens, (minute, Duration::from_mins(50)))
}

/// One that may be silent for so long, and whose streams are replaced after so long.
fn settings(
    database: &FakeDatabase,
    tokens: TokenSource,
    (silence, renew): (Duration, Duration),
) -> RealtimeDatabase {
    RealtimeDatabase::new(RealtimeDatabaseSettings {
        url: database.url().parse().expect("a URL"),
        path: "status".to_owned(),
        tokens: Arc::new(tokens),
        silence,
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
    let spans = (Duration::from_millis(500), Duration::from_mins(50));
    let source = settings(&database, TokenSource::emulator(), spans);
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
    let spans = (Duration::from_mins(1), Duration::from_millis(50));
    let source = settings(&database, TokenSource::emulator(), spans);
    let mut telling = Telling::of(&source);
    telling.until("ada", PresenceState::Online).await;
    let watching = tokio::spawn(async move {
        telling.until("ada", PresenceState::Offline).await;
    });
    database.opened(4).await;
    let dropped = async {
        while database.streams() > 2 {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let dropped = tokio::time::timeout(PATIENCE, dropped).await;
    dropped.expect("the old ones are dropped");
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
