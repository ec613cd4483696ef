//! What is wrong, and what to do about it, in the first two lines that somebody reads at night.

use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::json;

use crate::support::binary::Run;
use crate::support::google::FakeGoogle;
use crate::support::{Binary, NOBODY};

/// Insists on the exit code and on what an error and its hint say; they stand one after the other.
#[track_caller]
fn told(run: &Run, code: i32, cause: &[&str], remedy: &[&str]) {
    assert_eq!(run.code, Some(code), "{run:#?}");
    let mut lines = run
        .stderr
        .lines()
        .skip_while(|line| !line.starts_with("error: "));
    let (error, hint) = (
        lines.next().unwrap_or_default(),
        lines.next().unwrap_or_default(),
    );
    for part in cause {
        assert!(error.contains(part), "no {part:?} in {error:?}: {run:#?}");
    }
    assert!(hint.starts_with("hint: "), "{run:#?}");
    for part in remedy {
        assert!(hint.contains(part), "no {part:?} in {hint:?}: {run:#?}");
    }
}

#[test]
fn a_vendor_that_is_away_is_told_with_what_set_its_address() {
    let url = format!("http://{NOBODY}/v1");
    let key = [("TOK_ROOMS__BACKEND", "daily"), ("DAILY_API_KEY", "key")];
    let list = ["room", "list"];
    let by_variable = Binary::with(&[key[0], key[1], ("TOK_DAILY__BASE_URL", &url)]);
    let from = "daily.base_url (from environment TOK_DAILY__BASE_URL)";
    told(
        &by_variable.run(&list),
        6,
        &[NOBODY, "connection refused"],
        &[from],
    );
    let by_file = Binary::with(&key);
    let file = by_file.dir().join("tok.toml");
    std::fs::write(&file, format!("[daily]\nbase_url = \"{url}\"\n")).expect("written");
    let run = by_file.run(&list);
    told(&run, 6, &[NOBODY], &["daily.base_url (from ", "tok.toml)"]);
}

#[test]
fn a_store_that_is_away_is_told_by_the_variable_that_leads_there() {
    let binary = Binary::with(&[
        ("FIRESTORE_EMULATOR_HOST", NOBODY),
        ("GOOGLE_CLOUD_PROJECT", "demo-tok"),
        ("TOK_DOCUMENTS__BACKEND", "firestore"),
    ]);
    let run = binary.run(&["user", "list"]);
    let from = "firestore.base_url (from environment FIRESTORE_EMULATOR_HOST)";
    told(
        &run,
        6,
        &[
            "Firestore cannot be reached at",
            NOBODY,
            "connection refused",
        ],
        &[from],
    );
    let doctor = binary.run(&["doctor"]);
    assert!(doctor.stdout.contains(from), "{doctor:#?}");
    assert!(
        !doctor.stdout.contains("Cloud Datastore User"),
        "{doctor:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_google_takes_no_more_is_told_from_a_network_that_fails() {
    let router = Router::new().route(
        "/token",
        post(|| async {
            let said =
                json!({ "error": "invalid_grant", "error_description": "Invalid JWT Signature." });
            (StatusCode::BAD_REQUEST, said.to_string())
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let at = listener.local_addr().expect("an address");
    tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
    let binary = Binary::new();
    let google = FakeGoogle::start().await;
    let path = google.key_file(binary.dir());
    let key = std::fs::read_to_string(&path).expect("reads");
    let key = key.replace(&google.address.to_string(), &at.to_string());
    std::fs::write(&path, key).expect("written");
    let file = path.display().to_string();
    let run = binary
        .command(&["user", "list"])
        .env("TOK_DOCUMENTS__BACKEND", "firestore")
        .env("GOOGLE_APPLICATION_CREDENTIALS", &file)
        .output();
    let run = Run::of(&run.expect("runs"));
    let remedy = [
        "revoked",
        "clock",
        "google.credentials_file (from environment GOOGLE_APPLICATION_CREDENTIALS)",
    ];
    let words = "invalid_grant: Invalid JWT Signature";
    told(&run, 5, &["Google refused the credential", words], &remedy);
    assert!(run.stderr.lines().count() <= 3, "{run:#?}");
}

/// Ten seconds are enough to find out that nobody is there, and where that would be: it is not waited for
/// a minute.
#[test]
fn a_database_of_presence_that_is_away_is_told_soon() {
    let audit = |address: &str| {
        let url = format!("http://{address}/?ns=demo");
        let binary = Binary::with(&[
            ("TOK_PRESENCE__BACKEND", "realtime_database"),
            ("TOK_REALTIME_DATABASE__URL", &url),
        ]);
        let began = Instant::now();
        let run = binary.run(&["presence", "audit"]);
        assert!(began.elapsed() < Duration::from_secs(40), "{run:#?}");
        run
    };
    let refused = format!("Realtime Database cannot be reached at {NOBODY}: connection refused");
    told(&audit(NOBODY), 6, &[&refused], &["realtime_database.url"]);
    // Somebody takes connections and never says a word.
    let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = mute.local_addr().expect("an address").to_string();
    let run = audit(&address).refused(6, "did not tell its state in time");
    assert!(
        run.stderr
            .contains("hint: see what is wrong with it: `tok doctor`"),
        "{run:#?}"
    );
}
