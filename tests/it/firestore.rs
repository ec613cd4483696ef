//! `Listen` in bad weather, which the emulator cannot make, and credentials.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{
    Documents, Event, EventStream, FirestoreDocuments, FirestoreSettings,
};
use tok::backends::google::TokenSource;
use tok::model::backoff::Backoff;
use tonic::Code;

use crate::support::emulator::settings_at;
use crate::support::google::FakeGoogle;
use crate::support::listen::{
    Heard, ScriptedFirestore, Step, add, current, delete, filter, put, removed, reset, snapshot,
};
use crate::support::{Emulator, PATIENCE};

/// Events as short words: `reset`, `a=1`, `-a`, `current`.
async fn words(events: &mut EventStream, count: usize) -> Vec<String> {
    let mut out = Vec::new();
    while out.len() < count {
        let event = tokio::time::timeout(PATIENCE, events.next())
            .await
            .unwrap_or_else(|_| panic!("only {out:?}"));
        out.push(match event.expect("no end").expect("no error") {
            Event::Reset => "reset".to_owned(),
            Event::Put(document) => {
                let n = document.json.trim_start_matches("{\"n\":");
                format!("{}={}", document.id, n.trim_end_matches('}'))
            }
            Event::Removed(id) => format!("-{id}"),
            Event::Current(_) => "current".to_owned(),
        });
    }
    out
}

fn script(parts: impl IntoIterator<Item = Vec<Step>>) -> Vec<Step> {
    parts.into_iter().flatten().collect()
}

/// A snapshot with the document `a`, ending with the token `one`.
fn first() -> Vec<Step> {
    script([vec![add(), put("a", 1)], current("one")])
}

struct Weather {
    server: ScriptedFirestore,
    events: EventStream,
}

async fn watch(scripts: Vec<Vec<Step>>) -> Weather {
    watch_with(scripts, |_| {}).await
}

async fn watch_with(
    scripts: Vec<Vec<Step>>,
    change: impl FnOnce(&mut FirestoreSettings),
) -> Weather {
    let server = ScriptedFirestore::start(scripts).await;
    let mut settings = settings_at(server.address);
    change(&mut settings);
    let documents = FirestoreDocuments::new(settings).expect("opens");
    let events = documents.watch("things", None);
    Weather { server, events }
}

impl Weather {
    async fn heard(&mut self) -> Heard {
        tokio::time::timeout(PATIENCE, self.server.heard.recv())
            .await
            .expect("in time")
            .expect("a call")
    }

    async fn token(&mut self) -> Option<String> {
        self.heard().await.resume_token
    }

    async fn words(&mut self, count: usize) -> Vec<String> {
        words(&mut self.events, count).await
    }
}

const FIRST: [&str; 3] = ["reset", "a=1", "current"];

#[tokio::test]
async fn a_cut_stream_goes_on_from_the_last_snapshot() {
    let mut weather = watch(vec![
        // What comes after the snapshot was not confirmed by another: it must not be told.
        script([first(), vec![put("b", 2), Step::Fail(Code::Unavailable)]]),
        vec![add(), Step::End],
        script([vec![add(), delete("a")], current("two")]),
    ])
    .await;
    assert_eq!(
        weather.words(5).await,
        ["reset", "a=1", "current", "-a", "current"]
    );
    assert_eq!(weather.token().await, None);
    assert_eq!(weather.token().await.as_deref(), Some("one"));
    assert_eq!(weather.token().await.as_deref(), Some("one"));
}

#[tokio::test]
async fn a_break_in_the_first_snapshot_begins_anew() {
    let mut weather = watch(vec![
        vec![add(), put("ghost", 1), Step::Fail(Code::Internal)],
        first(),
    ])
    .await;
    assert_eq!(
        weather.words(5).await,
        ["reset", "ghost=1", "reset", "a=1", "current"]
    );
    assert_eq!(weather.token().await, None);
    assert_eq!(weather.token().await, None);
}

#[tokio::test]
async fn a_silent_stream_is_opened_again() {
    let silent = script([first(), vec![Step::Silence]]);
    let again = script([vec![add(), put("a", 2)], current("two")]);
    let mut weather = watch_with(vec![silent, again], |settings| {
        // It counts for the opening of each stream as well.
        settings.silence = Duration::from_secs(4);
    })
    .await;
    assert_eq!(weather.words(5).await[3..], ["a=2", "current"]);
    assert_eq!(weather.token().await, None);
    assert_eq!(weather.token().await.as_deref(), Some("one"));
}

#[tokio::test]
async fn reset_tells_the_state_again() {
    let again = script([vec![reset(), put("b", 2)], current("two")]);
    let mut weather = watch(vec![script([first(), again, vec![Step::Silence]])]).await;
    assert_eq!(
        weather.words(6).await,
        ["reset", "a=1", "current", "reset", "b=2", "current"]
    );
}

#[tokio::test]
async fn deletions_missed_while_away_are_found_out() {
    let before = script([vec![add(), put("a", 1), put("b", 1)], current("one")]);
    let mut weather = watch(vec![
        script([before, vec![Step::Fail(Code::Unavailable)]]),
        // Only one of the two is left, and nothing says which: all is read again.
        script([vec![add(), put("c", 1), filter(2)], current("two")]),
        script([vec![add(), put("b", 1), put("c", 1)], current("three")]),
    ])
    .await;
    let seen = weather.words(8).await;
    assert_eq!(seen[4..], ["reset", "b=1", "c=1", "current"]);
    assert_eq!(weather.token().await, None);
    assert_eq!(weather.token().await.as_deref(), Some("one"));
    assert_eq!(weather.token().await, None);
}

#[tokio::test]
async fn a_count_is_compared_at_the_snapshot_only() {
    // The filter speaks of the state after the deletion that follows it.
    let after = vec![
        put("b", 1),
        filter(1),
        delete("a"),
        snapshot("two"),
        Step::Silence,
    ];
    let mut weather = watch(vec![script([first(), after])]).await;
    assert_eq!(weather.words(6).await[3..], ["b=1", "-a", "current"]);
}

#[tokio::test]
async fn a_target_that_is_refused_is_an_error() {
    for (code, kind) in [
        (Code::PermissionDenied, Kind::Refused),
        (Code::FailedPrecondition, Kind::Conflict),
        (Code::Unimplemented, Kind::Unsupported),
    ] {
        let mut weather = watch(vec![vec![add(), removed(code)]]).await;
        assert_eq!(weather.words(1).await, ["reset"]);
        let end = weather.events.next().await.expect("an event");
        assert_eq!(end.expect_err("an error").kind(), kind, "{code:?}");
    }
}

#[tokio::test]
async fn a_worn_out_token_is_dropped() {
    let again = script([vec![add(), put("b", 1)], current("two")]);
    let mut weather = watch(vec![
        script([first(), vec![Step::Fail(Code::Unavailable)]]),
        vec![removed(Code::InvalidArgument)],
        again,
    ])
    .await;
    assert_eq!(weather.words(6).await[3..], ["reset", "b=1", "current"]);
    for expected in [None, Some("one"), None] {
        assert_eq!(weather.token().await.as_deref(), expected);
    }
}

#[tokio::test]
async fn an_exhausted_quota_is_given_the_longest_rest() {
    let again = script([vec![add(), put("a", 2)], current("two")]);
    let exhausted = script([first(), vec![Step::Fail(Code::ResourceExhausted)]]);
    let mut weather = watch_with(vec![exhausted, again], |settings| {
        settings.backoff = Backoff::new(Duration::from_millis(1), Duration::from_millis(300));
    })
    .await;
    assert_eq!(weather.words(3).await, FIRST);
    let since = Instant::now();
    assert_eq!(weather.words(2).await, ["a=2", "current"]);
    assert!(since.elapsed() >= Duration::from_millis(290));
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_of_a_stream_is_renewed_once() {
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let tokens = TokenSource::key_file(&google.key_file(dir.path())).expect("a key");
    let again = script([vec![add(), put("a", 2)], current("two")]);
    let mut weather = watch_with(
        vec![
            script([first(), vec![Step::Fail(Code::Unauthenticated)]]),
            again,
        ],
        |settings| settings.tokens = Arc::new(tokens),
    )
    .await;
    assert_eq!(weather.words(5).await[3..], ["a=2", "current"]);
    assert_eq!(weather.heard().await.authorization, "Bearer token-1");
    assert_eq!(weather.heard().await.authorization, "Bearer token-2");
}

#[tokio::test]
async fn a_credential_that_is_refused_twice_is_an_error() {
    let mut weather = watch(vec![
        vec![Step::Fail(Code::Unauthenticated)],
        vec![Step::Fail(Code::Unauthenticated)],
    ])
    .await;
    let mut outcome = weather.events.next().await.expect("an event");
    while outcome.is_ok() {
        outcome = weather.events.next().await.expect("an event");
    }
    assert_eq!(outcome.expect_err("an error").kind(), Kind::Refused);
}

#[tokio::test]
async fn many_who_want_a_token_share_one() {
    let google = FakeGoogle::start().await;
    let dir = TempDir::new().expect("a directory");
    let tokens = TokenSource::key_file(&google.key_file(dir.path())).expect("a key");
    let all = futures_util::future::join_all((0..50).map(|_| tokens.token())).await;
    assert!(all.iter().all(Result::is_ok));
    assert_eq!(google.given(), 1);
    assert_eq!(tokens.project().as_deref(), Some("demo-tok"));
}

#[tokio::test]
async fn a_credentials_file_that_is_none_is_refused_with_its_name() {
    let dir = TempDir::new().expect("a directory");
    let missing = dir.path().join("missing.json");
    let malformed = dir.path().join("malformed.json");
    std::fs::write(&malformed, "{\"type\": \"service_account\"}").expect("written");
    for path in [missing, malformed] {
        let error = TokenSource::key_file(&path).err().expect("refused");
        assert_eq!(error.kind(), Kind::Config);
        let name = path.file_name().expect("a name").to_string_lossy();
        assert!(error.message().contains(name.as_ref()), "{error}");
    }
}

#[tokio::test]
async fn moments_are_kept_as_such() {
    let emulator = Emulator::start().await;
    let documents = emulator.open();
    let fields = serde_json::json!({ "at": "2026-01-02T03:04:05.678Z", "name": "x" });
    let fields = fields.as_object().cloned().expect("an object");
    let write = tok::backends::documents::Write::merge("users", "x", fields).moments(&["at"]);
    documents.commit(vec![write]).await.expect("commits");
    let url = format!(
        "http://{}/v1/projects/demo-tok/databases/(default)/documents/users/x",
        emulator.address
    );
    let request = reqwest::Client::new().get(url).bearer_auth("owner");
    let (_, body) = crate::support::answer(request).await;
    assert_eq!(
        body["fields"]["at"],
        serde_json::json!({ "timestampValue": "2026-01-02T03:04:05.678Z" })
    );
    let read = documents
        .get("users", "x")
        .await
        .expect("reads")
        .expect("there");
    assert_eq!(read.json, r#"{"at":"2026-01-02T03:04:05.678Z","name":"x"}"#);
}
