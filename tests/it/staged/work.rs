//! Workers that are missing or cannot work, and what waits for them.

use serde_json::json;
use tok::backends::documents::Write;

use super::{Met, Staged, all_are_told, answering, begun, http, run};
use crate::stored;
use crate::support::{Binary, FakeAlgolia, FakeFcm, FcmFault, borrowed};

pub(super) fn put(binary: &Binary, collection: &str, id: &str, content: &serde_json::Value) {
    let write = Write::put(collection, id, content).expect("JSON");
    stored::commit(binary, vec![write]);
}

#[test]
fn a_worker_that_is_missing_or_busy_is_told() {
    all_are_told(&[
        Staged {
            name: "no worker, by status",
            stage: || {
                let binary = Binary::new();
                run(&binary, "room create standup").ok();
                Met::by(run(&binary, "status"))
            },
            code: 0,
            cause: &["no worker has been seen yet"],
            remedy: &["start `tok work`"],
        },
        Staged {
            name: "no worker, by doctor",
            stage: || {
                let binary = Binary::new();
                run(&binary, "room create standup").ok();
                Met::by(run(&binary, "doctor"))
            },
            code: 0,
            cause: &["no worker has been seen yet"],
            remedy: &["start `tok work`, or `tok serve --with-worker`"],
        },
        Staged {
            name: "a ring that nobody ends",
            stage: || {
                let binary = Binary::new();
                let mut call = stored::golden("tok_calls");
                call["state"] = "ringing".into();
                let id = call["id"].as_str().expect("an id").to_owned();
                put(&binary, "tok_calls", &id, &call);
                Met::by(run(&binary, &format!("call show {id}")))
            },
            code: 0,
            cause: &["no worker ends it"],
            remedy: &["tok work"],
        },
        Staged {
            name: "another worker at it",
            stage: || {
                let binary = Binary::new();
                let worker = binary.work(&["--only", "rooms"]);
                let pid = worker.child.id();
                crate::releases::eventually("it works", || {
                    let told = run(&binary, "status").stdout;
                    told.contains("working").then_some(())
                });
                let run = run(&binary, "work --once --only rooms");
                Met::at(format!("tok {pid} on "), run)
            },
            code: 11,
            cause: &["another run is at work on `worker:rooms` ({at}"],
            remedy: &["wait until that one ends"],
        },
        Staged {
            name: "a worker that sends the queue already",
            stage: || {
                let binary = Binary::new();
                let worker = binary.work(&["--only", "notify"]);
                let pid = worker.child.id();
                crate::releases::eventually("it works", || {
                    let told = run(&binary, "status").stdout;
                    told.contains("working").then_some(())
                });
                let run = run(&binary, "notify flush");
                Met::at(format!("tok {pid} on "), run)
            },
            code: 11,
            cause: &["a worker sends what is in the queue (loop notify, {at}"],
            remedy: &["nothing: it goes on by itself; to send from here, stop it first"],
        },
    ]);
}

/// One whose loop of rooms cannot work, as 100ms wants another key.
pub(super) fn refusing() -> (Binary, String) {
    let at = answering(http(
        "401 Unauthorized",
        "content-type: application/json\r\n",
        "{}",
    ));
    (rooms_at(&at), at)
}

/// One whose rooms are at the 100ms of this address, and are tidied up.
pub(super) fn rooms_at(at: &str) -> Binary {
    Binary::with(&[
        ("TOK_ROOMS__BACKEND", "hundred_ms"),
        ("APP_ACCESS_KEY", "key"),
        ("APP_SECRET", "secret"),
        ("TOK_HUNDRED_MS__BASE_URL", &format!("http://{at}")),
        ("TOK_WORKER__ROOMS_UNUSED", "30d"),
    ])
}

/// The same after a turn that failed by it.
fn failed() -> (Binary, String) {
    let (binary, at) = refusing();
    let turn = run(&binary, "work --once --only rooms");
    assert_eq!(turn.code, Some(5), "{turn:#?}");
    (binary, at)
}

#[test]
fn a_loop_that_cannot_work_is_told() {
    const CAUSE: &[&str] = &[
        "100ms refused the credential (401)",
        "hundred_ms.access_key (from environment APP_ACCESS_KEY)",
    ];
    all_are_told(&[
        Staged {
            name: "a turn that fails",
            stage: || {
                let (binary, _) = failed();
                Met::by(run(&binary, "work --once --only rooms"))
            },
            code: 5,
            cause: CAUSE,
            remedy: &["make a new key", "restart"],
        },
        Staged {
            name: "a loop that failed, by status",
            stage: || {
                let (binary, _) = failed();
                Met::by(run(&binary, "status"))
            },
            code: 0,
            cause: &[
                "loop rooms is failing since 20",
                "100ms refused the credential (401)",
            ],
            remedy: &["check hundred_ms.access_key"],
        },
        Staged {
            name: "a loop that failed, by doctor",
            stage: || {
                let (binary, _) = failed();
                Met::by(run(&binary, "doctor"))
            },
            code: 8,
            cause: CAUSE,
            remedy: &["set hundred_ms.access_key"],
        },
    ]);
}

/// A notification to each of these tokens, in the queue.
pub(super) fn queue(binary: &Binary, tokens: &[&str]) {
    for (n, token) in tokens.iter().enumerate() {
        let content = json!({ "userID": "ada", "title": "Hello", "token": token });
        put(binary, "notifications", &format!("n{n}"), &content);
    }
}

#[test]
fn what_cannot_be_sent_is_told() {
    all_are_told(&[
        Staged {
            name: "a notification that is none",
            stage: || {
                let binary = Binary::new();
                let content = json!({ "token": { "of": "ada" }, "title": "Hello" });
                put(&binary, "notifications", "odd", &content);
                Met::by(run(&binary, "notify flush -q"))
            },
            code: 8,
            cause: &["odd", "`token` is not a text"],
            remedy: &["mend what is said, then `tok notify retry ID`"],
        },
        Staged {
            name: "an account that may not send",
            stage: || {
                let fcm = begun(FakeFcm::start());
                fcm.fault(FcmFault::Forbidden);
                let variables = fcm.variables();
                let binary = Binary::with(&borrowed(&variables));
                queue(&binary, &["t1"]);
                Met::by(run(&binary, "notify flush"))
            },
            code: 5,
            cause: &["403", "Permission denied", "google.credentials_file"],
            remedy: &["role Firebase Cloud Messaging API Admin", "restart"],
        },
        Staged {
            name: "an account of another project",
            stage: || {
                let fcm = begun(FakeFcm::start());
                let variables = fcm.variables();
                let binary = Binary::with(&borrowed(&variables));
                queue(
                    &binary,
                    &["stranger-1", "stranger-2", "stranger-3", "stranger-4"],
                );
                Met::by(run(&binary, "notify flush"))
            },
            code: 5,
            cause: &["all tokens belong to other projects than demo-tok"],
            remedy: &["check fcm.project_id (from environment TOK_FCM__PROJECT_ID)"],
        },
        Staged {
            name: "a proxy in the place of FCM",
            stage: || {
                let fcm = begun(FakeFcm::start());
                fcm.fault(FcmFault::Stranger(407, "<p>Log in"));
                let variables = fcm.variables();
                let binary = Binary::with(&borrowed(&variables));
                queue(&binary, &["t1"]);
                Met::by(run(&binary, "notify flush"))
            },
            code: 5,
            cause: &["fcm.base_url (from environment TOK_FCM__BASE_URL) is not FCM (407)"],
            remedy: &["see what stands at fcm.base_url", "a proxy"],
        },
    ]);
}

/// An index with two hundred users, seen from a store without any.
fn from_an_empty_store(command: &str) -> Option<Met> {
    let algolia = begun(FakeAlgolia::start());
    let variables = algolia.variables();
    let right = Binary::with(&borrowed(&variables));
    let user = |n: u32| {
        let content = json!({ "name": format!("User {n}") });
        Write::put("users", &format!("u{n:03}"), &content).expect("JSON")
    };
    stored::commit(&right, (0..200).map(user).collect());
    run(&right, "search reindex users").ok();
    assert_eq!(algolia.records("users").len(), 200);
    let wrong = Binary::with(&borrowed(&variables));
    run(&wrong, "room create standup").ok();
    let met = run(&wrong, command);
    assert_eq!(algolia.records("users").len(), 200, "nothing is lost");
    Met::by(met)
}

#[test]
fn an_index_that_would_be_emptied_by_another_store_is_told() {
    all_are_told(&[
        Staged {
            name: "a reindex from an empty store",
            stage: || from_an_empty_store("search reindex users"),
            code: 13,
            cause: &["of 200 records of users would vanish; nothing was removed"],
            remedy: &[
                "is this the right store (`tok config show`)?",
                "--max-shrink",
            ],
        },
        Staged {
            name: "a turn of the worker from an empty store",
            stage: || from_an_empty_store("work --once --only search"),
            code: 13,
            cause: &["records of users would vanish; nothing was removed"],
            remedy: &["--max-shrink", "is this the right store"],
        },
        Staged {
            name: "doctor of an empty store",
            stage: || from_an_empty_store("doctor"),
            code: 0,
            cause: &[
                "search index users",
                "it has 200 records, and the store nothing of them",
            ],
            remedy: &["whether this is the right store", "data_dir"],
        },
    ]);
}
