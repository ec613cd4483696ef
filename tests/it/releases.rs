//! Two releases over one store: what a newer one wrote stands in nobody's way, and what this one
//! writes can be read by the former one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use nix::sys::signal::Signal;
use reqwest::{Client, Method, StatusCode};
use rusqlite::Connection;
use serde_json::{Value, json};
use tok::backends::documents::{Document, Write};
use tok::records::{ALL, Declaration};

use crate::stored::{commit, count, document, golden};
use crate::support::binary::Served;
use crate::support::{Binary, PATIENCE, PAUSE, answer};
use crate::unreadable::{id, poisoned};

/// What every release insists on in what it reads, as 0.1.0 did.
const REQUIRED: [(&str, &str); 20] = [
    (
        "tok_calls",
        "id state backend room caller callee created_at rings_until marks unseen told gone rings \
         closing deadline due",
    ),
    (
        "tok_past_calls",
        "id state backend room caller callee created_at rings_until",
    ),
    ("tok_busy", "call"),
    ("tok_devices", "token platform created_at updated_at"),
    ("tok_happenings", "happenings"),
    ("tok_idempotency", "fingerprint since until"),
    ("tok_inbox", "to kind data at"),
    ("tok_keys", "key hash"),
    ("tok_leases", "holder until life_ms"),
    ("tok_meetings", "room room_id commits"),
    ("tok_messages", "id from from_name to content created_at"),
    ("tok_nodes", "at"),
    ("tok_outcomes", "id state queued_at expires"),
    (
        "tok_participants",
        "room id name role place joined_at key_hash",
    ),
    ("tok_presence", "user state last_changed"),
    ("tok_rooms", "name backend id url privacy created_at"),
    ("tok_runs", ""),
    ("tok_secrets", "key"),
    ("tok_sessions", "id room backend started_at legs"),
    ("users", ""),
];
/// Collections of which 0.1.0 knows nothing.
const ADDED: [&str; 6] = [
    "tok_calls_of_people",
    "tok_deletions",
    "tok_epochs",
    "tok_loops",
    "tok_probe",
    "tok_reindexes",
];

/// What a release wrote stands with it, and nothing that came after it.
#[test]
fn what_came_later_is_stored_with_a_later_release() {
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stored");
    for collection in ADDED.into_iter().filter(|name| *name != "tok_probe") {
        let file = format!("{collection}.json");
        assert!(!stored.join("0.1.0").join(&file).exists(), "{collection}");
        assert!(stored.join("0.2.0").join(&file).exists(), "{collection}");
    }
}

/// Does again and again what may be too early, until it gives something; a loaded machine may take
/// its time.
#[track_caller]
pub fn eventually<T>(what: &str, mut attempt: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE * 4;
    loop {
        if let Some(found) = attempt() {
            return found;
        }
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(PAUSE);
    }
}

/// Asks a server; the status, the type of the body, and the body.
pub fn ask(method: Method, url: &str, body: Option<Value>) -> (StatusCode, String, Value) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut request = Client::new().request(method, url).timeout(PATIENCE);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await.expect("an answer");
        let kind = response.headers().get("content-type");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let (status, kind) = (response.status(), kind.to_owned());
        let text = response.text().await.expect("a body");
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        (status, kind, body)
    })
}

/// The documents of a newer release, of every collection that has versions.
fn newer_documents(binary: &Binary) -> Vec<(&'static str, Document)> {
    let versioned = ALL.iter().filter(|declared| declared.version > 0);
    let found = versioned.map(|declared| {
        let found = document(binary, declared.name, &id(declared.name, "newer"));
        (
            declared.name,
            found.unwrap_or_else(|| panic!("{} is gone", declared.name)),
        )
    });
    found.collect()
}

/// Things that have run their time: a room, a notification that waits and a connection.
fn what_is_due() -> Vec<Write> {
    let past = "2026-01-01T00:00:00Z";
    let mut room = golden("tok_rooms");
    room["name"] = json!("over");
    room["id"] = json!("over-id");
    room["expires_at"] = json!(past);
    let mut waiting = golden("tok_inbox");
    waiting["expires_at"] = json!(past);
    let mut connection = golden("tok_presence");
    connection["expires_at"] = json!(past);
    vec![
        Write::put("tok_rooms", "local:over", &room).expect("JSON"),
        Write::put("tok_inbox", "user:ada:over", &waiting).expect("JSON"),
        Write::put("tok_presence", "ada:over", &connection).expect("JSON"),
    ]
}

#[test]
fn a_worker_goes_on_beside_what_a_newer_release_wrote() {
    let binary = Binary::new();
    let newer = |of: &Declaration| {
        let content = json!({ "v": 99, "shape": ["new"] });
        Write::put(of.name, &id(of.name, "newer"), &content).expect("JSON")
    };
    let versioned = ALL.iter().filter(|declared| declared.version > 0);
    commit(&binary, versioned.map(newer).collect());
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada Lovelace"])
        .ok();
    commit(&binary, what_is_due());
    let before = newer_documents(&binary);
    let worker = binary.work(&[]);
    let sent = [
        "notify", "send", "--user", "ada", "--title", "x", "-o", "name",
    ];
    let sent = binary.run(&sent).ok().stdout;
    let key = format!("user:ada:{}", sent.trim_end());
    eventually("it is sent", || document(&binary, "tok_inbox", &key));
    for (collection, id) in [
        ("tok_rooms", "local:over"),
        ("tok_inbox", "user:ada:over"),
        ("tok_presence", "ada:over"),
    ] {
        let is_gone = || document(&binary, collection, id).is_none().then_some(());
        eventually(&format!("{collection}/{id} goes"), is_gone);
    }
    eventually("it is found", || {
        let query = ["search", "query", "users", "Lovelace", "-o", "name"];
        (binary.run(&query).stdout == "ada\n").then_some(())
    });
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    for (now, before) in newer_documents(&binary).into_iter().zip(before) {
        assert_eq!(now, before);
    }
}

#[test]
fn every_door_says_that_a_newer_release_wrote_it() {
    let binary = poisoned(&["good", "newer"]);
    let served = binary.serve();
    let rooms = format!("{}/v1/rooms", served.url);
    let message = json!({ "content": "Hello" });
    let token = json!({ "user_name": "Ada" });
    for (method, path, body) in [
        (Method::GET, "newer", None),
        (
            Method::PATCH,
            "newer",
            Some(json!({ "privacy": "private" })),
        ),
        (Method::GET, "newer/participants", None),
        (Method::GET, "newer/participants?local=true", None),
        (Method::POST, "newer/tokens", Some(token)),
        (Method::GET, "newer/messages", None),
        (Method::POST, "newer/messages", Some(message)),
        (
            Method::PATCH,
            "standup/messages/000000000002",
            Some(json!({ "content": "x" })),
        ),
    ] {
        let asked = ask(method.clone(), &format!("{rooms}/{path}"), body);
        let (status, kind, told) = &asked;
        assert_eq!(*status, StatusCode::CONFLICT, "{method} {path}: {told}");
        assert_eq!(kind, "application/problem+json", "{method} {path}");
        assert_eq!(
            told["reason"], "written_by_newer",
            "{method} {path}: {told}"
        );
    }
    let (_, _, listed) = ask(Method::GET, &rooms, None);
    assert_eq!(listed["items"][0]["name"], "standup", "{listed}");
    assert_eq!(listed["items"][1], Value::Null, "{listed}");
    assert_eq!(listed["unreadable"], 1, "{listed}");
    let url = format!("{}/api/newer/send", served.url);
    let body = json!({ "from": { "id": "a", "key": "b" }, "to": "everyone", "content": "x" });
    let (status, _, told) = ask(Method::POST, &url, Some(body));
    assert_eq!(
        (status, &told["success"]),
        (StatusCode::CONFLICT, &json!(false)),
        "{told}"
    );
    let told = by_socket(&served, &json!(["join-room", "newer"]));
    assert_eq!(
        (&told["success"], &told["status"]),
        (&json!(false), &json!(409)),
        "{told}"
    );
    let kept = document(&binary, "tok_rooms", "local:newer").expect("is kept");
    assert_eq!(kept.json, r#"{"v":99,"shape":["new"]}"#);
}

/// Connects by polling, sends one event, and tells how it was answered.
fn by_socket(served: &Served, event: &Value) -> Value {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let door = format!("{}/socket.io/?EIO=4&transport=polling", served.url);
    let talk = async {
        let client = Client::new();
        let (_, open) = answer(client.get(&door)).await;
        let open = open.as_str().expect("a packet").trim_start_matches('0');
        let open: Value = serde_json::from_str(open).expect("JSON");
        let session = format!("{door}&sid={}", open["sid"].as_str().expect("an id"));
        answer(client.post(&session).body("40")).await;
        hear(&client, &session, "40").await;
        answer(client.post(&session).body(format!("420{event}"))).await;
        hear(&client, &session, "430").await[0].clone()
    };
    let told = runtime.block_on(async { tokio::time::timeout(PATIENCE, talk).await });
    told.expect("is answered")
}

/// Polls until a packet begins like this; what follows.
async fn hear(client: &Client, session: &str, beginning: &str) -> Value {
    loop {
        let (status, packets) = answer(client.get(session)).await;
        assert_eq!(status, StatusCode::OK, "{packets}");
        let packets = packets.as_str().unwrap_or_default();
        let mut packets = packets.split('\u{1e}');
        if let Some(found) = packets.find_map(|packet| packet.strip_prefix(beginning)) {
            return serde_json::from_str(found).expect("JSON");
        }
    }
}

/// Everything that lay in a store at some moment, by collection.
type Seen = BTreeMap<String, BTreeSet<String>>;

/// Adds what lies in the store now.
fn see(binary: &Binary, seen: &mut Seen) {
    let path = binary.dir().join(".local/share/tok/tok.db");
    let connection = Connection::open(path).expect("opens");
    let mut statement = connection
        .prepare("SELECT collection, json FROM documents")
        .expect("a store");
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    for row in rows.expect("reads") {
        let (collection, json): (String, String) = row.expect("a row");
        seen.entry(collection).or_default().insert(json);
    }
}

/// What an app and its operator do in a day; everything that is written meanwhile.
fn a_day() -> Seen {
    let binary = Binary::new();
    let mut seen = Seen::new();
    let token = binary.dir().join("token");
    std::fs::write(&token, "test-push-token-1").expect("writes");
    let token = token.to_str().expect("text");
    let register = [
        "device",
        "register",
        "--token-file",
        token,
        "--platform",
        "gcm",
        "--user",
        "bob",
    ];
    for arguments in [
        &["room", "create", "standup", "--privacy", "private"][..],
        &["room", "update", "standup", "--privacy", "public"],
        &["token", "create", "standup"],
        &["user", "create", "--id", "ada", "--name", "Ada"],
        &["user", "create", "--id", "bob", "--name", "Bob"],
        &register,
        &["key", "create", "app"],
        &["presence", "set", "ada", "online"],
        // It is ended by hand, however long all else takes.
        &["call", "start", "ada", "bob", "--ring-for", "10m"],
        &["notify", "send", "--user", "ada", "--title", "x"],
        &["search", "reindex"],
    ] {
        let run = binary.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {run:#?}");
        see(&binary, &mut seen);
    }
    let worker = binary.work(&[]);
    eventually("it is sent", || {
        (count(&binary, "notifications") == 0).then_some(())
    });
    see(&binary, &mut seen);
    let served = binary.serve();
    by_socket(&served, &json!(["join-room", "standup", "Ada"]));
    let messages = format!("{}/v1/rooms/standup/messages", served.url);
    let (status, _, told) = ask(Method::POST, &messages, Some(json!({ "content": "Hello" })));
    assert!(status.is_success(), "{told}");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let once = Client::new().post(format!("{}/v1/rooms", served.url));
    let once = once
        .header("idempotency-key", "k")
        .json(&json!({ "name": "retro" }));
    assert_eq!(runtime.block_on(answer(once)).0, StatusCode::CREATED);
    see(&binary, &mut seen);
    let calls = binary.run(&["call", "list", "-o", "name"]).ok().stdout;
    binary.run(&["call", "end", calls.trim_end()]).ok();
    see(&binary, &mut seen);
    drop((worker, served));
    seen
}

/// The kind of a value; two documents that differ in it are read by different releases.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Insists that 0.1.0 finds in a document what it needs, and everything as it wrote it itself.
fn former_release_reads(collection: &str, required: &str, json: &str) {
    let (former, written) = (golden(collection), serde_json::from_str::<Value>(json));
    let written = written.expect("JSON");
    let place = format!("{collection}: {json}");
    for field in required.split_whitespace() {
        assert!(former.get(field).is_some(), "{collection} had no {field}");
        assert!(written.get(field).is_some(), "no {field} in {place}");
    }
    assert_eq!(written.get("v"), None, "{place}");
    for (field, value) in written.as_object().expect("fields") {
        let before = former.get(field).map(kind);
        let same =
            before.is_none_or(|before| [before, "null"].contains(&kind(value)) || before == "null");
        assert!(same, "{field} of {place}");
    }
}

#[test]
fn the_former_release_can_read_what_this_one_writes() {
    let mut seen = a_day();
    for (collection, required) in REQUIRED {
        let documents = seen.remove(collection);
        let documents = documents.unwrap_or_else(|| panic!("nothing of {collection}"));
        for json in documents {
            // The epochs of indexes and the reindexings lay in one collection.
            if collection != "tok_runs" {
                former_release_reads(collection, required, &json);
            }
        }
    }
    for known in ADDED.into_iter().chain(["notifications"]) {
        seen.remove(known);
    }
    assert!(
        seen.is_empty(),
        "the former release knows nothing of {:?}",
        seen.keys()
    );
}
