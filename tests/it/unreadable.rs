//! What cannot be read stops nothing: neither a loop nor a list, and it can be deleted.

use serde_json::{Value, json};
use tok::backends::documents::{Document, Write};
use tok::records::{ALL, Declaration};

use crate::stored::{LOOPS, commit, count, document, golden};
use crate::support::binary::Run;
use crate::support::{Binary, PATIENCE};

/// The documents of each collection, by the ends of their ids.
const KINDS: [&str; 3] = ["good", "newer", "broken"];
/// How many documents of a collection are each a line of the log, and one that tells the count.
pub const MOST_LINES: usize = 21;

/// The id of a document as the product makes them, for what is looked up by a part of it.
pub fn id(collection: &str, kind: &str) -> String {
    let room = golden("tok_rooms")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    match collection {
        "tok_rooms" if kind == "good" => "local:standup".to_owned(),
        "tok_rooms" | "tok_sessions" => format!("local:{kind}"),
        "tok_webhooks" => format!("daily:{kind}"),
        "tok_inbox" => format!("user:ada:{kind}"),
        "tok_presence" => format!("ada:{kind}"),
        "tok_busy" => format!("user:{kind}"),
        "tok_runs" | "tok_deletions" => format!("room-delete:{kind}"),
        "tok_parked/search/items" => format!("users:{kind}"),
        "tok_participants" => format!("{room}/{kind}"),
        "tok_messages" | "tok_happenings" => {
            let number = KINDS.iter().position(|of| *of == kind).expect("a kind") + 1;
            format!("{room}/{number:012}")
        }
        _ => kind.to_owned(),
    }
}

/// Nothing that any release would have written.
fn nonsense(declared: &Declaration) -> Value {
    let wrong = json!({
        "at": [], "begun": "x", "call": [], "created_at": true, "ended_at": {}, "expires": {},
        "expires_at": 7, "fingerprint": [], "happenings": 7, "hash": 5, "holder": [], "id": {},
        "index": [], "key": 3, "last_changed": {}, "name": 7, "queued_at": 1, "reason": [],
        "received_at": [], "room": [], "room_id": 7, "run": [], "started_at": {}, "state": 9,
        "to": 7, "token": 4, "until": [], "user": 7, "user_id": [],
    });
    // The app's own documents may be of any shape, as long as they have fields.
    let any_shape = refusal(declared, &wrong).is_none();
    if any_shape { json!([1]) } else { wrong }
}

fn content(declared: &Declaration, kind: &str) -> Value {
    match kind {
        "good" => golden(declared.name),
        "newer" => json!({ "v": 99, "shape": ["new"] }),
        _ => nonsense(declared),
    }
}

/// Why a document cannot be read, if it cannot.
fn refusal(declared: &Declaration, content: &Value) -> Option<&'static str> {
    let document = Document {
        id: "x".to_owned(),
        version: 1,
        written: 0,
        json: content.to_string(),
    };
    let error = declared.check(&document).err()?;
    Some(error.why().expect("a reason").as_str())
}

/// A store with these kinds of documents in every collection.
pub fn poisoned(kinds: &[&str]) -> Binary {
    let binary = Binary::new();
    let mut writes = Vec::new();
    for declared in &ALL {
        for kind in kinds {
            let content = content(declared, kind);
            writes
                .push(Write::put(declared.name, &id(declared.name, kind), &content).expect("JSON"));
        }
    }
    commit(&binary, writes);
    binary
}

fn run(binary: &Binary, line: &str, more: &[&str]) -> Run {
    let mut arguments: Vec<&str> = line.split(' ').collect();
    arguments.extend_from_slice(more);
    binary.run(&arguments)
}

#[test]
fn each_kind_is_what_it_is_called() {
    for declared in &ALL {
        let why = |kind| refusal(declared, &content(declared, kind));
        assert_eq!(why("good"), None, "{}", declared.name);
        // What the app writes has no version of ours, and a `v` of its own.
        let newer = (declared.version > 0).then_some("written_by_newer");
        assert_eq!(why("newer"), newer, "{}", declared.name);
        assert_eq!(
            why("broken"),
            Some("stored_unreadable"),
            "{}",
            declared.name
        );
    }
}

#[test]
fn lists_tell_what_can_be_read() {
    let binary = poisoned(&KINDS);
    let call = golden("tok_calls")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let person = golden("tok_participants")["id"]
        .as_str()
        .expect("an id")
        .to_owned();
    for (line, expected) in [
        ("room list", "standup"),
        ("room participants standup", &person),
        ("participant list standup --all", &person),
        ("chat export standup", "000000000001"),
        ("user list", "good\nnewer"),
        ("device list", "good"),
        ("key list", "k1a2b3c4"),
        ("call list", &call),
        ("call list --past", &call),
        ("session list", "e0c1"),
        ("webhook list", "w1"),
        ("presence list", "ada"),
        ("notify inbox ada", "good"),
        ("search parked", "ada"),
        // Whatever stands in the queue is told, and can be thrown away.
        ("notify list", "broken\ngood\nnewer"),
        ("notify list --parked", "broken\ngood\nnewer"),
    ] {
        let told = run(&binary, line, &["-o", "name"]).ok();
        assert_eq!(told.stdout.trim_end(), expected, "{line}: {told:?}");
    }
}

#[test]
fn sweeps_and_loops_go_past_what_cannot_be_read() {
    let binary = poisoned(&KINDS);
    let lines = [
        "status",
        "notify flush --dry-run",
        "notify flush",
        "presence sweep",
        "presence sync",
        "search reindex --dry-run",
        "search reindex",
        "search verify",
        "search status",
        "search query users ada",
        "search query rooms standup",
        "room prune --older-than 1d --dry-run",
        "room prune --empty --dry-run",
        "room prune --expired --yes",
        "room prune --unused-for 99d --dry-run",
        "room create fresh",
        "user create --id fresh --name Fresh",
        "key create fresh",
        "notify send --user fresh --title x",
        "call start fresh good",
        "session attendance standup",
        "doctor",
    ];
    let loops = LOOPS.map(|only| format!("work --once --only {only}"));
    for line in lines.into_iter().chain(loops.iter().map(String::as_str)) {
        let run = run(&binary, line, &[]);
        assert!(matches!(run.code, Some(0 | 8)), "{line}: {run:#?}");
    }
    binary.run(&["work", "--once"]).ok();
    let found = run(&binary, "search query users Fresh", &["-o", "name"]).ok();
    assert_eq!(found.stdout, "fresh\n");
    for declared in ALL.iter().filter(|declared| declared.expiry.is_some()) {
        for kind in ["newer", "broken"] {
            let left = document(&binary, declared.name, &id(declared.name, kind));
            assert!(left.is_some(), "{} {kind}", declared.name);
        }
    }
}

#[test]
fn by_id_it_is_told_why() {
    let binary = poisoned(&["newer", "broken"]);
    for (kind, code, reason) in [
        ("newer", 4, "written_by_newer"),
        ("broken", 1, "stored_unreadable"),
    ] {
        for (line, collection) in [
            ("room show KIND", "tok_rooms"),
            ("room participants KIND", "tok_rooms"),
            ("room update KIND --privacy public", "tok_rooms"),
            ("room create KIND --exist-ok", "tok_rooms"),
            ("participant list KIND", "tok_rooms"),
            ("chat history KIND", "tok_rooms"),
            ("token create KIND", "tok_rooms"),
            ("call show KIND", "tok_calls"),
            ("call end KIND", "tok_calls"),
            ("call start device:KIND someone", "tok_devices"),
            ("session show KIND", "tok_sessions"),
            ("webhook show daily:KIND", "tok_webhooks"),
            ("webhook replay daily:KIND", "tok_webhooks"),
        ] {
            let line = line.replace("KIND", kind);
            let run = run(&binary, &line, &["--json"]);
            assert_eq!(run.code, Some(code), "{line}: {run:#?}");
            let last = run.stderr.lines().last().expect("an error");
            let told: Value = serde_json::from_str(last).expect("JSON");
            assert_eq!(told["error"]["reason"], reason, "{line}: {told}");
            let place = format!("{collection}/{}", id(collection, kind));
            let message = told["error"]["message"].as_str().expect("a text");
            assert!(message.contains(&place), "{line}: {message}");
        }
    }
}

#[test]
fn it_can_be_deleted() {
    let binary = poisoned(&["newer", "broken"]);
    for kind in ["newer", "broken"] {
        for line in [
            "room delete KIND --yes",
            "user delete KIND --yes",
            "key revoke KIND --yes",
            "device delete KIND --yes",
            "notify discard KIND --yes",
            "notify inbox ada --take KIND",
        ] {
            let line = line.replace("KIND", kind);
            if line.ends_with("--yes") {
                run(&binary, &line.replace("--yes", "--dry-run"), &[]).ok();
            }
            run(&binary, &line, &[]).ok();
            // What is parked was put aside first; under its id there is one in the queue as well.
            if line.starts_with("notify discard") {
                run(&binary, &line, &[]).ok();
            }
            let again = run(&binary, &line, &[]);
            assert_eq!(again.code, Some(3), "{line}: {again:#?}");
        }
    }
    for collection in [
        "tok_rooms",
        "users",
        "tok_keys",
        "tok_devices",
        "notifications",
        "tok_parked/notify/items",
        "tok_inbox",
    ] {
        assert_eq!(count(&binary, collection), 0, "{collection}");
    }
}

#[test]
fn the_doctor_names_what_was_met() {
    let binary = Binary::new();
    let writes = [
        ("tok_rooms/local:newer", json!({ "v": 99 })),
        ("tok_devices/broken", json!({ "token": 7 })),
    ];
    let write = |(place, content): &(&str, Value)| {
        let (collection, id) = place.split_once('/').expect("a place");
        Write::put(collection, id, content).expect("JSON")
    };
    commit(&binary, writes.iter().map(write).collect());
    for line in ["room list", "device list"] {
        run(&binary, line, &[]).ok();
    }
    let told = run(&binary, "doctor", &["--json"]).ok().json();
    assert_eq!(told["healthy"], true, "{told}");
    let findings = told["findings"].as_array().expect("a list");
    let own = findings.iter().find(|of| of["check"] == "stored documents");
    let own = own.expect("is checked");
    assert_eq!(own["health"], "warn", "{own}");
    for (place, _) in &writes {
        let message = own["message"].as_str().expect("a text");
        assert!(message.contains(place), "{message}");
    }
    // What is gone, or can be read again, is forgotten.
    run(&binary, "room delete newer --yes", &[]).ok();
    let good = golden("tok_devices");
    commit(
        &binary,
        vec![Write::put("tok_devices", "broken", &good).expect("JSON")],
    );
    run(&binary, "work --once --only housekeeping", &[]).ok();
    let told = run(&binary, "doctor", &[]).ok();
    assert!(told.stdout.contains("no document is known"), "{told:?}");
    assert_eq!(count(&binary, "tok_parked/records/items"), 0);
}

#[test]
fn a_thousand_of_them_do_not_drown_the_log() {
    let binary = Binary::new();
    let mut writes: Vec<Write> = (0..1000)
        .map(|n| Write::put("users", &format!("u{n:04}"), &json!([n])).expect("JSON"))
        .collect();
    writes.push(Write::put("users", "zoe", &json!({ "name": "Zoe" })).expect("JSON"));
    commit(&binary, writes);
    let told = run(&binary, "user list", &["-o", "name"]).ok();
    assert_eq!(told.stdout, "zoe\n");
    let lines = told.stderr.lines().count();
    assert!(lines <= MOST_LINES, "{lines}: {}", told.stderr);
    assert!(
        told.stderr.contains("1000 stored documents"),
        "{}",
        told.stderr
    );
    assert_eq!(count(&binary, "tok_parked/records/items"), 1000);
    let served = binary.serve();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let url = format!("{}/v1/users?limit=1000", served.url);
    let page: Value = runtime.block_on(async {
        let request = reqwest::Client::new().get(url);
        let answer = request.timeout(PATIENCE).send().await.expect("answers");
        answer.json().await.expect("JSON")
    });
    assert_eq!(page["unreadable"], 1000, "{page}");
    // The next page goes on after the last of them.
    assert_eq!(page["next"], "u0999", "{page}");
}

#[test]
fn what_the_app_writes_beside_a_notification_does_not_keep_it() {
    let binary = Binary::new();
    let content = json!({
        "to": { "user": "ada" }, "title": "Hello", "createdAt": "2026-01-01T00:00:00Z",
        "userID": "bob",
    });
    commit(
        &binary,
        vec![Write::put("notifications", "n1", &content).expect("JSON")],
    );
    let sent = run(&binary, "notify flush", &["--json"]).ok().json();
    assert_eq!(
        (&sent["delivered"], &sent["parked"]),
        (&json!(1), &json!(0))
    );
    let waiting = run(&binary, "notify inbox ada", &["-o", "name"]).ok();
    assert_eq!(waiting.stdout, "n1\n");
}

#[test]
fn of_every_collection_goes_what_is_old_and_nothing_else() {
    let binary = Binary::new();
    let expiring: Vec<_> = ALL
        .iter()
        .filter_map(|of| Some((of.name, of.expiry?.field)))
        .collect();
    // Moments are written with and without a fraction, and beside fields of any kind.
    let shapes = [
        json!({}),
        json!({ "v": 99 }),
        json!({ "id": [], "at_all": 7 }),
    ];
    let mut writes = Vec::new();
    for (collection, field) in &expiring {
        for (which, year) in [("old", 2020), ("fresh", 2999)] {
            for n in 0..5 {
                let fraction = ["", ".5"][n % 2];
                let mut content = shapes[n % shapes.len()].clone();
                content[*field] = json!(format!("{year}-01-01T00:00:00{fraction}Z"));
                writes
                    .push(Write::put(collection, &format!("{which}-{n}"), &content).expect("JSON"));
            }
        }
    }
    commit(&binary, writes);
    run(&binary, "work --once --only housekeeping", &[]).ok();
    for (collection, _) in expiring {
        assert_eq!(count(&binary, collection), 5, "{collection}");
        for n in 0..5 {
            let left = document(&binary, collection, &format!("fresh-{n}"));
            assert!(left.is_some(), "{collection}/fresh-{n}");
        }
    }
}

/// Changes that are made at the same time go into the store together: one that fails, fails alone.
#[tokio::test]
async fn a_change_of_what_cannot_be_changed_fails_alone() {
    let (context, _dir) = crate::support::context(&[]);
    let documents = &context.documents;
    let list = Write::put("users", "list", &json!([1, 2])).expect("JSON");
    documents.commit(vec![list]).await.expect("commits");
    let change = |id: String| {
        let fields = json!({ "seen": id }).as_object().cloned().expect("fields");
        Write::merge("users", &id, fields)
    };
    let at_once = (0..200).map(|n| async move {
        let id = if n % 20 == 7 {
            "list".to_owned()
        } else {
            format!("u{n}")
        };
        (id == "list", documents.commit(vec![change(id)]).await)
    });
    for (is_list, done) in futures_util::future::join_all(at_once).await {
        assert_eq!(done.is_err(), is_list, "{done:?}");
    }
    assert_eq!(documents.count("users").await.expect("counts"), 191);
}
