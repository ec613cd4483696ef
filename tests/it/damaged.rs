//! An index that is damaged stops nothing else, is told, and is made anew by the commands that say so.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::support::Binary;

/// A store with Ada in its index.
fn filled() -> Binary {
    let binary = Binary::new();
    let create = ["user", "create", "--id", "ada", "--name", "Ada"];
    binary.run(&create).ok();
    binary.run(&["room", "create", "standup"]).ok();
    binary.run(&["search", "reindex"]).ok();
    assert!(finds_ada(&binary));
    binary
}

fn finds_ada(binary: &Binary) -> bool {
    let found = binary.run(&["search", "query", "users", "ada", "-o", "name"]);
    found.code == Some(0) && found.stdout == "ada\n"
}

/// All files below a directory.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out.extend(files(&path));
        } else {
            out.push(path);
        }
    }
    out
}

/// Garbage in the place of what is in every file of the index of users.
fn damage(binary: &Binary) {
    let dir = binary.dir().join(".local/share/tok/search");
    let of_users = files(&dir).into_iter().filter(|path| {
        path.strip_prefix(&dir)
            .is_ok_and(|below| below.starts_with("users"))
    });
    let mut damaged = 0;
    for path in of_users {
        fs::write(path, [0xAA; 64]).expect("written");
        damaged += 1;
    }
    assert!(damaged > 3, "{damaged}");
}

#[test]
fn a_damaged_index_is_told_beside_the_rest() {
    let binary = filled();
    damage(&binary);
    let told = "users: the search index is damaged; make it anew: `tok search reindex`";
    let run = binary.run(&["status"]).ok();
    assert!(run.stderr.contains(told), "{run:#?}");
    for part in ["notify", "pending:", "rooms"] {
        assert!(run.stdout.contains(part), "{part}: {run:#?}");
    }
    // What the library has to say besides is no news.
    assert!(!run.stderr.contains("WARN"), "{run:#?}");
    let status = binary.run(&["search", "status", "--json"]).ok().json();
    let of = |index: &str| {
        let all = status.as_array().expect("a list").iter();
        let mut found = all.filter(|one| one["index"] == index);
        found.next().expect("is told").clone()
    };
    assert_eq!(of("users")["records"], Value::Null, "{status}");
    assert_eq!(of("users")["documents"], 1, "{status}");
    assert!(of("users")["problem"].is_string(), "{status}");
    assert_eq!(of("rooms")["records"], 1, "{status}");
    let doctor = binary.run(&["doctor"]);
    assert_eq!(doctor.code, Some(8), "{doctor:#?}");
    let line = doctor
        .stdout
        .lines()
        .find(|line| line.starts_with("search index users"));
    let line = line.unwrap_or_else(|| panic!("{doctor:#?}"));
    assert!(line.contains("fail"), "{line}");
    assert!(line.contains("tok search reindex"), "{line}");
}

#[test]
fn a_damaged_index_is_made_anew_by_what_is_said_to_do_so() {
    for mending in [
        &["search", "reindex"][..],
        &["search", "reindex", "--mode", "swap"],
        &["search", "verify", "--repair"],
    ] {
        let binary = filled();
        damage(&binary);
        assert!(!finds_ada(&binary));
        binary.run(mending).ok();
        assert!(finds_ada(&binary), "{mending:?}");
        binary.run(&["search", "verify"]).ok();
        binary.run(&["doctor"]).ok();
    }
}

/// One bad byte, as disks make it.
#[test]
fn a_single_wrong_byte_is_found_by_whoever_makes_an_index_true() {
    let binary = filled();
    let dir = binary.dir().join(".local/share/tok/search");
    let store = files(&dir)
        .into_iter()
        .find(|path| path.extension().is_some_and(|kind| kind == "store"))
        .expect("records");
    let mut bytes = fs::read(&store).expect("reads");
    bytes[0] ^= 0xFF;
    fs::write(&store, bytes).expect("written");
    binary.run(&["search", "reindex"]).ok();
    binary.run(&["search", "verify"]).ok();
    assert!(finds_ada(&binary));
}

/// The file that says which directory counts leads nowhere else, whatever is in it.
#[test]
fn a_damaged_pointer_leads_to_no_other_directory() {
    let binary = filled();
    let data = binary.dir().join(".local/share/tok");
    for pointer in ["..", "", "\u{0}"] {
        fs::write(data.join("search/users.current"), pointer).expect("written");
        binary.run(&["search", "reindex"]).ok();
        assert!(finds_ada(&binary), "{pointer:?}");
        assert!(data.join("tok.db").is_file(), "{pointer:?}");
    }
}
