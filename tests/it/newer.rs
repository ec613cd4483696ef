//! What another release wrote, or nobody can read, is neither overwritten nor taken for nothing.

use serde_json::{Value, json};
use tok::backends::documents::Write;

use crate::stored::{commit, document, golden};
use crate::support::Binary;

fn newer() -> Value {
    json!({ "v": 99, "shape": ["new"] })
}

/// The id of a call, and where it is.
fn a_call() -> (String, String) {
    let mark = golden("tok_busy");
    let call = mark["call"].as_str().expect("an id").to_owned();
    let live = format!("tok_calls/{call}");
    (call, live)
}

fn put(place: &str, content: &Value) -> Write {
    let (collection, id) = place.split_once('/').expect("a place");
    Write::put(collection, id, content).expect("JSON")
}

/// A store with two people, and these documents.
fn with(documents: &[(&str, Value)]) -> Binary {
    let binary = Binary::new();
    for name in ["ada", "bob"] {
        binary
            .run(&["user", "create", "--id", name, "--name", name])
            .ok();
    }
    let writes = documents.iter().map(|(place, content)| put(place, content));
    commit(&binary, writes.collect());
    binary
}

#[test]
fn a_device_of_a_newer_release_is_not_registered_over() {
    let binary = Binary::new();
    let line = ["device", "register", "--platform", "gcm"];
    let token = ["--token-file", "token"];
    std::fs::write(binary.dir().join("token"), "abc").expect("written");
    let arguments = [&line[..], &token[..], &["--json"]].concat();
    let made = binary.run(&arguments).ok().json();
    let id = made["id"].as_str().expect("an id").to_owned();
    let place = format!("tok_devices/{id}");
    commit(&binary, vec![put(&place, &newer())]);
    let before = document(&binary, "tok_devices", &id);
    let refused = binary.run(&arguments);
    assert_eq!(refused.code, Some(4), "{refused:#?}");
    assert!(refused.stderr.contains("written_by_newer"), "{refused:#?}");
    assert_eq!(document(&binary, "tok_devices", &id), before);
}

#[test]
fn who_is_in_a_call_of_a_newer_release_is_busy() {
    let (call, live) = a_call();
    for documents in [
        vec![("tok_busy/user:bob", newer())],
        vec![
            ("tok_busy/user:bob", json!({ "call": call })),
            (&live, newer()),
        ],
    ] {
        let binary = with(&documents);
        let before = document(&binary, "tok_busy", "user:bob");
        let refused = binary.run(&["call", "start", "ada", "bob"]);
        assert_eq!(refused.code, Some(4), "{refused:#?}");
        assert!(refused.stderr.contains("in a call already"), "{refused:#?}");
        assert_eq!(document(&binary, "tok_busy", "user:bob"), before);
    }
}

#[test]
fn a_call_that_nobody_can_read_keeps_nobody() {
    let (call, live) = a_call();
    for documents in [
        vec![("tok_busy/user:bob", json!({ "call": 7 }))],
        vec![
            ("tok_busy/user:bob", json!({ "call": call })),
            (&live, json!({ "state": 9 })),
        ],
    ] {
        let binary = with(&documents);
        binary.run(&["call", "start", "ada", "bob"]).ok();
    }
}

#[test]
fn messages_are_deleted_whatever_they_say() {
    let binary = Binary::new();
    let made = binary
        .run(&["room", "create", "standup", "--json"])
        .ok()
        .json();
    binary.run(&["chat", "send", "standup", "hello"]).ok();
    let room = made["id"].as_str().expect("an id");
    for (number, content) in [(2, newer()), (3, json!({ "from": 7 }))] {
        let id = format!("{number:012}");
        commit(
            &binary,
            vec![put(&format!("tok_messages/{room}/{id}"), &content)],
        );
        binary
            .run(&["chat", "delete", "standup", &id, "--yes"])
            .ok();
        let left = document(&binary, "tok_messages", &format!("{room}/{id}"));
        assert_eq!(left, None);
    }
    let left = binary.run(&["chat", "history", "standup", "--json"]).ok();
    assert!(left.stdout.contains("hello"), "{left:#?}");
}

#[test]
fn a_lease_that_nobody_can_read_is_nobodys() {
    let binary = Binary::new();
    binary.run(&["work", "--once"]).ok();
    for (content, code) in [(json!({ "holder": [] }), 0), (newer(), 11)] {
        commit(
            &binary,
            vec![put("tok_leases/worker:housekeeping", &content)],
        );
        let run = binary.run(&["work", "--once", "--only", "housekeeping"]);
        assert_eq!(run.code, Some(code), "{content}: {run:#?}");
    }
}

#[test]
fn a_taken_name_is_called_so() {
    let binary = Binary::new();
    for arguments in [
        &["room", "create", "standup", "--json"][..],
        &["user", "create", "--id", "ada", "--name", "Ada", "--json"],
    ] {
        binary.run(arguments).ok();
        let taken = binary.run(arguments);
        assert_eq!(taken.code, Some(4), "{taken:#?}");
        let told: Value = serde_json::from_str(taken.stderr.trim()).expect("JSON");
        assert_eq!(told["error"]["reason"], "already_exists", "{told}");
    }
}

#[test]
fn one_of_several_stops_no_other() {
    let torn = json!({ "name": 7, "state": 9 });
    let binary = with(&[
        ("tok_rooms/local:torn", torn.clone()),
        ("users/torn", json!([7])),
    ]);
    for name in ["first", "last"] {
        binary.run(&["room", "create", name]).ok();
    }
    for arguments in [
        ["room", "show", "first", "torn", "last"],
        ["room", "show", "first", "nobody", "last"],
    ] {
        let run = binary.run(&[&arguments[..], &["-o", "name"]].concat());
        assert_eq!(run.code, Some(8), "{run:#?}");
        assert_eq!(run.stdout, "first\nlast\n", "{run:#?}");
        assert!(
            run.stderr.contains(&format!("{}: ", arguments[3])),
            "{run:#?}"
        );
    }
    let run = binary.run(&["user", "show", "ada", "torn", "bob", "-o", "name"]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(8), "ada\nbob\n"),
        "{run:#?}"
    );
    // One alone says what is wrong with it by its own code.
    for (name, code) in [("torn", 1), ("nobody", 3)] {
        assert_eq!(binary.run(&["room", "show", name]).code, Some(code));
    }
}
