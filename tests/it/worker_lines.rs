//! One cause makes one line in the worker's log, however many notifications, documents or people it
//! concerns; and another cause makes another one.

use std::time::Duration;

use nix::sys::signal::Signal;
use rusqlite::Connection;
use serde_json::{Value, json};
use tok::backends::documents::{Documents, SqliteDocuments, Write};

use crate::support::binary::Worked;
use crate::support::rtdb::FakeDatabase;
use crate::support::{Binary, FakeAlgolia, FakeFcm, FcmFault, PATIENCE, borrowed};

const MANY: usize = 300;

/// The store of a binary, and what it takes to use it.
struct Desk {
    runtime: tokio::runtime::Runtime,
    documents: SqliteDocuments,
}

impl Desk {
    fn of(binary: &Binary) -> Self {
        let dir = binary.dir().join(".local/share/tok");
        Self {
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
            documents: SqliteDocuments::open(&dir, 0).expect("opens"),
        }
    }

    fn put(&self, collection: &str, all: impl IntoIterator<Item = (String, Value)>) {
        let write =
            |(id, value): (String, Value)| Write::put(collection, &id, &value).expect("JSON");
        let writes = all.into_iter().map(write).collect();
        let done = self.runtime.block_on(self.documents.commit(writes));
        done.expect("commits");
    }

    /// Waits until so many documents are in a collection.
    fn until(&self, collection: &str, count: u64) {
        let reached = async {
            while self.documents.count(collection).await.expect("counts") != count {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        let in_time = async { tokio::time::timeout(PATIENCE * 3, reached).await };
        let in_time = self.runtime.block_on(in_time);
        in_time.unwrap_or_else(|_| panic!("{collection} never had {count}"));
    }
}

/// What a worker told aloud: the level and the text of each line.
fn loud(worker: Worked) -> Vec<String> {
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    let lines = log.lines().map(serde_json::from_str::<Value>);
    let lines = lines.filter_map(Result::ok);
    let loud = lines.filter(|line| line["level"] == "WARN" || line["level"] == "ERROR");
    loud.map(|line| line["fields"].to_string()).collect()
}

/// Insists that each of these causes is told by one line, and nothing else is told.
#[track_caller]
fn each_once(lines: &[String], causes: &[&str]) {
    for cause in causes {
        let of_it = lines.iter().filter(|line| line.contains(cause));
        assert_eq!(of_it.count(), 1, "{cause}: {lines:#?}");
    }
    assert_eq!(lines.len(), causes.len(), "{lines:#?}");
}

#[test]
fn notifications_that_cannot_be_sent_are_told_by_their_causes() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let binary = Binary::with(&borrowed(&variables));
    let desk = Desk::of(&binary);
    // Too much in each, and in each another amount; and others say nothing.
    let odd = (0..MANY).flat_map(|n| {
        let large = json!({ "token": "t", "title": "x", "data": { "map": "m".repeat(5000 + n) } });
        let empty = json!({ "title": " ", "to": { "user": "kim" } });
        [(format!("large{n}"), large), (format!("empty{n}"), empty)]
    });
    desk.put("notifications", odd);
    let worker = binary.work(&["--only", "notify"]);
    desk.until("tok_parked/notify/items", 2 * MANY as u64);
    each_once(&loud(worker), &["bytes", "`title` is empty"]);
}

#[test]
fn a_push_service_that_is_away_is_told_once() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let binary = Binary::with(&borrowed(&variables));
    let desk = Desk::of(&binary);
    for _ in 0..MANY {
        fcm.fault(FcmFault::Status(503, "UNAVAILABLE", None));
    }
    let some = |n| {
        (
            format!("n{n}"),
            json!({ "token": format!("t{n}"), "title": "x" }),
        )
    };
    desk.put("notifications", (0..MANY).map(some));
    let worker = binary.work(&["--only", "notify"]);
    desk.until("tok_outcomes", MANY as u64);
    each_once(&loud(worker), &["UNAVAILABLE"]);
}

#[test]
fn documents_that_cannot_be_searched_are_told_by_their_causes() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let algolia = runtime.block_on(FakeAlgolia::start());
    let variables = algolia.variables();
    let binary = Binary::with(&borrowed(&variables));
    let desk = Desk::of(&binary);
    let large = |n| {
        (
            format!("large{n}"),
            json!({ "name": "n".repeat(10_100 + 3 * n) }),
        )
    };
    desk.put("users", (0..MANY).map(large));
    // The index itself refuses some others, after all of those.
    let refused = |n: usize| format!("refused{n}");
    (0..40).for_each(|n| algolia.poison(&refused(n)));
    desk.put(
        "users",
        (0..40).map(|n| (refused(n), json!({ "name": "Small" }))),
    );
    // It is away for some tries.
    for _ in 0..3 {
        algolia.fault(crate::support::algolia::Fault::Status(503, None));
    }
    let worker = binary.work(&["--only", "search"]);
    desk.until("tok_parked/search/items", MANY as u64 + 40);
    each_once(&loud(worker), &["`name`", "too big", "503"]);
}

#[test]
fn people_whose_documents_cannot_be_written_are_told_once() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let database = runtime.block_on(FakeDatabase::start());
    let variables = database.variables();
    let binary = Binary::with(&borrowed(&variables));
    let desk = Desk::of(&binary);
    let person = |id: String| (id, json!({ "name": "Somebody" }));
    desk.put("users", (0..MANY).map(|n| person(format!("p{n}"))));
    desk.put("users", [person("zed".to_owned())]);
    let store = binary.dir().join(".local/share/tok/tok.db");
    let store = Connection::open(store).expect("opens");
    for before in ["INSERT", "UPDATE"] {
        let trigger = format!(
            "CREATE TRIGGER refuse_{before} BEFORE {before} ON documents \
             WHEN NEW.collection = 'users' AND NEW.id LIKE 'p%' \
             BEGIN SELECT RAISE(ABORT, 'nobody is written'); END"
        );
        store.execute(&trigger, ()).expect("a trigger");
    }
    let worker = binary.work(&["--only", "presence"]);
    runtime.block_on(database.opened(1));
    let online = json!({ "state": "online", "last_changed": 1_600_000_000_000_i64 });
    let all: serde_json::Map<String, Value> = (0..MANY)
        .map(|n| (format!("p{n}"), online.clone()))
        .collect();
    database.patch("/status", Value::Object(all));
    // Whoever comes after them is written after they were tried.
    database.put("/status/zed", online);
    let noted = async {
        loop {
            let found = desk.documents.get("users", "zed").await.expect("reads");
            let found: Value = found.expect("there").decode().expect("JSON");
            if found["state"] == "online" {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    runtime
        .block_on(async { tokio::time::timeout(PATIENCE, noted).await })
        .expect("one person keeps nobody else from being noted");
    each_once(&loud(worker), &["presence could not be written"]);
}
