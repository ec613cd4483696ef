//! Commands that are carried out at a server elsewhere.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::IntoResponse;
use axum::{Json, Router};
use nix::sys::signal::Signal;
use serde_json::{Value, json};

use crate::releases::eventually;
use crate::support::Binary;
use crate::support::binary::{Run, Served, signal_child};

/// A server that insists on keys, and its home.
fn server() -> (Binary, Served) {
    let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let served = home.serve();
    (home, served)
}

/// Somebody with a key of these scopes, or of all.
fn laptop(home: &Binary, served: &Served, scopes: &[&str]) -> Binary {
    let key = home.key(scopes);
    let laptop = Binary::with(&[("TOK_SERVER", &served.url), ("TOK_KEY", key.as_str())]);
    let file = laptop.dir().join("laptop.key");
    fs::write(&file, key).expect("written");
    fs::set_permissions(file, fs::Permissions::from_mode(0o600)).expect("changed");
    laptop
}

/// Nothing of a store was made where commands were typed.
fn has_no_store(laptop: &Binary) -> bool {
    !laptop.dir().join(".local").exists()
}

#[test]
fn an_admin_cleans_rooms_from_a_laptop() {
    let (home, served) = server();
    let laptop = laptop(&home, &served, &["rooms:read", "rooms:write"]);
    home.run(&["room", "create", "test-1", "test-2", "standup"])
        .ok();
    let wanted = ["room", "prune", "--match", "test-*"];
    let look = laptop
        .run(&[&wanted[..], &["--dry-run", "-o", "name"]].concat())
        .ok();
    assert_eq!(look.stdout, "test-1\ntest-2\n");
    laptop.run(&wanted).refused(9, "nobody is there to confirm");
    let guarded = [&wanted[..], &["--yes", "--max-delete", "1"]].concat();
    laptop.run(&guarded).refused(13, "more than the 1 allowed");
    let done = [&wanted[..], &["--yes", "--report", "report.json"]].concat();
    laptop.run(&done).ok();
    let report = fs::read_to_string(laptop.dir().join("report.json")).expect("a report");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert_eq!(
        (&report["deleted"], &report["exit_code"]),
        (&json!(2), &json!(0))
    );
    let left = laptop.run(&["room", "list", "-o", "name"]).ok();
    assert_eq!(left.stdout, "standup\n");
    let gone = laptop.run(&["room", "delete", "test-1", "--yes", "--ignore-not-found"]);
    assert!(gone.ok().stdout.contains("missing"));
    assert!(has_no_store(&laptop));
}

#[test]
fn a_key_may_do_what_its_scopes_say() {
    let (home, served) = server();
    home.run(&["room", "create", "standup"]).ok();
    let reader = laptop(&home, &served, &["rooms:read"]);
    reader.run(&["room", "show", "standup"]).ok();
    let said = "this API key has no scope";
    reader
        .run(&["room", "delete", "standup", "--yes"])
        .refused(5, said);
    reader.run(&["room", "history", "standup"]).refused(5, said);
    reader.run(&["user", "list"]).refused(5, said);
    let stranger = Binary::with(&[("TOK_SERVER", &served.url)]);
    stranger.run(&["room", "list"]).refused(5, "");
    let guessed = Binary::with(&[("TOK_SERVER", &served.url), ("TOK_KEY", "tok_x_y")]);
    let refused = guessed.run(&["room", "list"]);
    assert!(!refused.stderr.contains("tok_x_y"), "{refused:#?}");
    refused.refused(5, "");
    home.run(&["room", "show", "standup"]).ok();
}

#[test]
fn the_key_comes_from_a_file_or_from_stdin_and_goes_nowhere_else() {
    let (home, served) = server();
    let laptop = laptop(&home, &served, &[]);
    let url = served.url.as_str();
    let key = fs::read_to_string(laptop.dir().join("laptop.key")).expect("a key");
    let bare = Binary::new();
    let file = laptop.dir().join("laptop.key").display().to_string();
    let list = || {
        bare.run(&["room", "list", "--server", url, "--key-file", &file])
            .ok()
            .stderr
    };
    assert!(!list().contains("can be read by others"), "{}", list());
    let rights = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode));
    rights(0o604).expect("set");
    let told = list();
    assert!(
        told.contains("laptop.key holds an API key and can be read by others"),
        "{told}"
    );
    rights(0o600).expect("set");
    let asks = ["room", "list", "--server", url, "--key-file", "-"];
    bare.pipe(&asks, &key).ok();
    bare.run(&["room", "list", "--server", url, "--key-file", "nope.key"])
        .refused(2, "nope.key: No such file");
    bare.run(&["room", "list", "--key-file", &file])
        .refused(2, "a key is for a server");
    assert!(has_no_store(&bare));
    // A context has the file's name only, and is the user's own.
    bare.run(&[
        "context",
        "add",
        "prod",
        "--server",
        url,
        "--key-file",
        &file,
    ])
    .ok();
    bare.run(&["context", "use", "prod"]).ok();
    let contexts = bare.dir().join(".config/tok/contexts.toml");
    let mode = fs::metadata(&contexts)
        .expect("a file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = fs::read_to_string(&contexts).expect("text");
    assert!(text.contains(&file) && !text.contains(key.trim()), "{text}");
    bare.run(&["room", "list"]).ok();
    // What is said for one command or in a shell beats the context in use.
    let store = bare.run(&["room", "list", "--data-dir", "own"]).ok();
    assert!(store.stderr.contains("there was no store"), "{store:#?}");
    bare.run(&["room", "list", "--server", "http://127.0.0.1:1"])
        .refused(6, "127.0.0.1:1: connection refused");
    // Nor does a proxy see it on its way within this machine.
    let mut proxied = bare.command(&["room", "list"]);
    proxied.env("HTTP_PROXY", "http://127.0.0.1:1");
    proxied.env("ALL_PROXY", "http://127.0.0.1:1");
    Run::of(&proxied.output().expect("runs")).ok();
    // A key for another server does not go to this one.
    let mut other = bare.command(&["room", "list", "--context", "prod"]);
    other.env("TOK_KEY", "tok_of_another");
    Run::of(&other.output().expect("runs")).ok();
}

#[test]
fn contexts_that_are_added_at_the_same_time_are_all_kept() {
    let laptop = Binary::new();
    let url = "https://calls.example.com";
    let add = |name: &str, more: &[&str]| {
        let words = ["context", "add", name, "--server", url];
        laptop.spawn(&[&words[..], more].concat(), Stdio::null())
    };
    let added = |child: Child| Run::of(&child.wait_with_output().expect("ends")).ok();
    // The key of the first is written only when the others are through.
    let pipe = laptop.dir().join("slow.key");
    nix::unistd::mkfifo(&pipe, nix::sys::stat::Mode::S_IRWXU).expect("a pipe");
    let first = add("first", &["--key-file", "slow.key"]);
    let mut key = eventually("the first reads its key", || {
        let mut options = fs::OpenOptions::new();
        // Refused as long as nobody reads.
        let unread = options.write(true).custom_flags(nix::libc::O_NONBLOCK);
        unread.open(&pipe).ok()
    });
    let others: Vec<String> = (0..20).map(|n| format!("other-{n:02}")).collect();
    let started: Vec<Child> = others.iter().map(|name| add(name, &[])).collect();
    for other in started {
        added(other);
    }
    key.write_all(b"tok_a_b\n").expect("written");
    drop(key);
    added(first);
    let listed = laptop.run(&["context", "list", "-o", "name"]).ok().stdout;
    assert_eq!(listed, format!("first\n{}\n", others.join("\n")));
}

#[test]
fn contexts_that_somebody_changes_for_long_are_told_as_such() {
    let laptop = Binary::new();
    let add = [
        "context",
        "add",
        "prod",
        "--server",
        "https://calls.example.com",
    ];
    laptop.run(&add).ok();
    let lock = fs::File::open(laptop.dir().join(".config/tok/contexts.toml.lock"));
    let lock = lock.expect("beside the contexts");
    lock.lock().expect("is free");
    laptop
        .run(&["context", "use", "prod"])
        .refused(11, "another tok changes ");
    drop(lock);
    laptop.run(&["context", "use", "prod"]).ok();
}

#[test]
fn contexts_that_cannot_be_read_are_told_with_what_to_do() {
    let laptop = Binary::new();
    let dir = laptop.dir().join(".config/tok");
    fs::create_dir_all(&dir).expect("a folder");
    fs::write(dir.join("contexts.toml"), "use = 7").expect("written");
    let run = laptop.run(&["room", "list"]);
    assert!(run.stderr.contains("mend that file"), "{run:#?}");
    run.refused(10, "contexts.toml holds no contexts");
    assert!(has_no_store(&laptop));
    // Whoever names the store needs none.
    laptop.run(&["room", "list", "--data-dir", "own"]).ok();
}

#[test]
fn a_long_deletion_is_told_and_can_be_interrupted() {
    let (home, served) = server();
    let laptop = laptop(&home, &served, &[]);
    let names = home.fill();
    let child = laptop.begin_deletion(&names);
    signal_child(&child, Signal::SIGINT);
    let run = Run::of(&child.wait_with_output().expect("ends"));
    assert_eq!(run.code, Some(130), "{:?}", run.code);
    let report = run.json();
    let (deleted, remaining) = (&report["deleted"], &report["remaining"]);
    let sum = deleted.as_u64().expect("a number") + remaining.as_u64().expect("a number");
    assert_eq!((sum, &report["stopped"]), (40_000, &json!("interrupted")));
    assert_eq!(
        report["items"].as_array().map(Vec::len),
        deleted.as_u64().map(|n| usize::try_from(n).expect("few"))
    );
    // A time limit ends it as well, and says how much is left.
    let limited = [
        "room",
        "delete",
        "-",
        "--yes",
        "--json",
        "--ignore-not-found",
        "--max-runtime",
        "1ms",
    ];
    let run = laptop.pipe(&limited, &names);
    assert_eq!(run.code, Some(8), "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["stopped"], json!("out_of_time"));
    assert!(report["remaining"].as_u64() > Some(0));
}

/// Somebody who is busy for the first two requests, and counts them.
async fn busy(with: StatusCode) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let reply = move |method: Method, headers: HeaderMap| async move {
        let key = headers
            .get(header::AUTHORIZATION)
            .and_then(|key| key.to_str().ok());
        assert_eq!(key, Some("Bearer secret"));
        if count.fetch_add(1, Ordering::Relaxed) < 2 {
            let code = if with == StatusCode::TOO_MANY_REQUESTS {
                "rate_limited"
            } else {
                "unavailable"
            };
            let problem = json!({ "detail": "too much", "code": code });
            return (with, [(header::RETRY_AFTER, "0")], Json(problem)).into_response();
        }
        if method == Method::GET {
            return Json(json!({ "items": [], "next": null })).into_response();
        }
        Json(json!({ "id": "ada", "name": "Ada" })).into_response()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!(
        "http://{}/below",
        listener.local_addr().expect("an address")
    );
    let router = Router::new().fallback(reply);
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, asked)
}

async fn typed(url: &str, words: &'static [&'static str]) -> Run {
    let laptop = Binary::with(&[("TOK_SERVER", url), ("TOK_KEY", "secret")]);
    let run = tokio::task::spawn_blocking(move || laptop.run(words));
    run.await.expect("runs")
}

#[tokio::test]
async fn a_request_is_sent_again_where_that_does_no_harm() {
    let create: &[&str] = &["user", "create", "--name", "Ada"];
    for (status, words, code, requests) in [
        (StatusCode::TOO_MANY_REQUESTS, &["user", "list"][..], 0, 3),
        (StatusCode::TOO_MANY_REQUESTS, create, 0, 3),
        (StatusCode::SERVICE_UNAVAILABLE, &["user", "list"], 0, 3),
        // It may have been carried out.
        (StatusCode::SERVICE_UNAVAILABLE, create, 6, 1),
    ] {
        let (url, asked) = busy(status).await;
        let run = typed(&url, words).await;
        assert_eq!(run.code, Some(code), "{words:?}: {run:#?}");
        assert_eq!(
            asked.load(Ordering::Relaxed),
            requests,
            "{words:?} at {status}"
        );
    }
}

#[tokio::test]
async fn whoever_is_not_tok_serve_is_told_apart() {
    let app = Router::new().fallback(|| async { (StatusCode::NOT_FOUND, "<html>no</html>") });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, app).await });
    typed(&url, &["room", "list"])
        .await
        .refused(6, "is not the API of tok");
    typed(&url, &["room", "delete", "x", "--yes"])
        .await
        .refused(6, "is not the API of tok");
}

/// `tok serve` answers there, but not as its API; the room is where it was.
#[test]
fn a_path_too_much_in_the_address_is_no_room_that_is_missing() {
    let (home, served) = server();
    let laptop = laptop(&home, &served, &[]);
    home.run(&["room", "create", "keepme"]).ok();
    for path in ["nope", "r", "docs", "v1/rooms"] {
        let at = format!("{}/{path}", served.url);
        for words in [
            &["room", "show", "keepme"][..],
            &["room", "delete", "keepme", "--yes", "--ignore-not-found"],
            &["chat", "tail", "keepme"],
            &["presence", "watch"],
        ] {
            let asks = [words, &["--server", at.as_str()]].concat();
            let run = laptop.run(&asks).refused(6, "is not the API of tok");
            let hint = "hint: check the address of the server";
            assert!(run.stderr.contains(hint), "{run:#?}");
        }
    }
    laptop.run(&["room", "show", "keepme"]).ok();
    laptop
        .run(&["room", "show", "nosuch"])
        .refused(3, "there is no room `nosuch`");
}

#[test]
fn what_only_a_store_can_do_is_refused_before_anything_is_done() {
    let laptop = Binary::with(&[("TOK_SERVER", "https://calls.example.com")]);
    for words in [
        &["store", "backup", "x.db"][..],
        &["store", "restore", "x.db", "--yes"],
        &["key", "list"],
        &["config", "show"],
        &["doctor"],
        &["serve"],
        &["work"],
    ] {
        let child = laptop.spawn(words, Stdio::null());
        let run = Run::of(&child.wait_with_output().expect("ends"));
        run.refused(2, "works on the store itself");
    }
    assert!(has_no_store(&laptop));
    // What needs neither goes on.
    laptop.run(&["version"]).ok();
    laptop.run(&["completions", "bash"]).ok();
    laptop.run(&["context", "list"]).ok();
}
