//! What earlier releases wrote is read: a document of every collection, and a whole store.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tok::backends::documents::{Document, Documents, SqliteDocuments, Write};
use tok::records::ALL;

use crate::support::Binary;

/// The loops that a worker has.
pub const LOOPS: [&str; 6] = [
    "notify",
    "search",
    "presence",
    "rooms",
    "calls",
    "housekeeping",
];

fn dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stored")
}

fn file_name(collection: &str) -> String {
    format!("{}.json", collection.replace('/', "_"))
}

/// The document of a collection as the first release that had it wrote it.
pub fn golden(collection: &str) -> Value {
    let name = file_name(collection);
    let mut paths = entries(&dir())
        .into_iter()
        .map(|of| dir().join(of).join(&name));
    let path = paths.find(|path| path.exists());
    let path = path.unwrap_or_else(|| panic!("no release has {name}"));
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).expect("JSON")
}

/// The names of entries of a directory.
fn entries(path: &Path) -> BTreeSet<String> {
    let entries = std::fs::read_dir(path).expect("a directory");
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.expect("an entry").file_name();
    let names = entries.map(|entry| name(entry).to_string_lossy().into_owned());
    names.collect()
}

fn data_dir(binary: &Binary) -> PathBuf {
    binary.dir().join(".local/share/tok")
}

fn with_store<T>(binary: &Binary, work: impl AsyncFnOnce(&SqliteDocuments) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = SqliteDocuments::open(&data_dir(binary), 0).expect("opens");
    runtime.block_on(work(&store))
}

/// Writes into the store of a binary, past everything that the product would check.
pub fn commit(binary: &Binary, writes: Vec<Write>) {
    with_store(binary, async |store| {
        store.commit(writes).await.expect("commits");
    });
}

/// How many documents a collection of the store of a binary holds.
pub fn count(binary: &Binary, collection: &str) -> u64 {
    with_store(binary, async |store| store.count(collection).await).expect("counts")
}

/// A document of the store of a binary.
pub fn document(binary: &Binary, collection: &str, id: &str) -> Option<Document> {
    with_store(binary, async |store| store.get(collection, id).await).expect("reads")
}

/// The names that a list tells.
fn names(binary: &Binary, arguments: &[&str]) -> Vec<String> {
    let run = binary.run(&[arguments, &["-o", "name"]].concat()).ok();
    run.stdout.lines().map(str::to_owned).collect()
}

#[test]
fn documents_of_every_release_are_read() {
    for release in entries(&dir()) {
        let path = dir().join(&release);
        if !path.is_dir() {
            continue;
        }
        let files = entries(&path);
        for declared in ALL {
            let name = file_name(declared.name);
            if !files.contains(&name) {
                continue;
            }
            let json = std::fs::read_to_string(path.join(&name)).expect("a text");
            let document = Document {
                id: "x".to_owned(),
                version: 1,
                written: 0,
                json,
            };
            if let Err(error) = declared.check(&document) {
                panic!("{release}/{name}: {error}");
            }
        }
    }
}

/// Whoever adds a field that documents must have locks out all documents of earlier releases.
#[test]
fn no_more_fields_are_required() {
    let mut required = Vec::new();
    for declared in ALL {
        let whole = golden(declared.name);
        for field in whole.as_object().expect("fields").keys() {
            let mut less = whole.clone();
            less.as_object_mut().expect("fields").remove(field);
            let document = Document {
                id: "x".to_owned(),
                version: 1,
                written: 0,
                json: less.to_string(),
            };
            if declared.check(&document).is_err() {
                required.push(format!("{}.{field}", declared.name));
            }
        }
    }
    insta::assert_snapshot!(required.join("\n"));
}

#[test]
fn every_collection_has_a_document_of_some_release() {
    let mut found = BTreeSet::new();
    for release in entries(&dir()) {
        let path = dir().join(release);
        if path.is_dir() {
            found.append(&mut entries(&path));
        }
    }
    let declared: BTreeSet<String> = ALL.iter().map(|of| file_name(of.name)).collect();
    assert_eq!(found, declared, "whoever adds a collection adds a document");
}

/// The store that was there before collections were declared, as it lies in a data directory.
pub fn earlier() -> Binary {
    let binary = Binary::new();
    let to = data_dir(&binary);
    std::fs::create_dir_all(&to).expect("a directory");
    std::fs::copy(dir().join("schema2.db"), to.join("tok.db")).expect("copied");
    binary
}

const CALL: &str = "01a220f180f79593c61416712595cc98";
const ROOMS: [&str; 5] = ["old-1", "old-2", "planning", "retro", "standup"];

#[test]
fn an_earlier_store_is_read() {
    let binary = earlier();
    let call_room = format!("call-{CALL}");
    let lists: [(&[&str], &[&str]); 9] = [
        (
            &["room", "list"],
            &[&[call_room.as_str()], &ROOMS[..]].concat(),
        ),
        (&["user", "list"], &["ada", "bob", "grace"]),
        (
            &["device", "list"],
            &["e24f3867-2a9e-89bd-9af5-2aafc5b68988"],
        ),
        (&["key", "list"], &["d43c7408de89"]),
        (&["call", "list"], &[CALL]),
        (
            &["session", "list"],
            &["dfe2f547-0be0-4abf-8337-5fd115935a00"],
        ),
        (&["notify", "list"], &["n1", "n2"]),
        (&["chat", "history", "standup"], &["000000000001"]),
        (&["presence", "list"], &["grace"]),
    ];
    for (arguments, expected) in lists {
        assert_eq!(names(&binary, arguments), expected, "{arguments:?}");
    }
    let doctor = binary.run(&["doctor"]).ok();
    assert!(doctor.stdout.contains("no document is known"), "{doctor:?}");
}

#[test]
fn an_earlier_store_is_worked_on() {
    let binary = earlier();
    let sent = binary.run(&["notify", "flush", "--json"]).ok().json();
    assert_eq!(sent["delivered"], 2, "{sent}");
    let found = ["search", "query", "users", "Lovelace"];
    assert_eq!(names(&binary, &found), ["ada"], "without a reindex");
    binary.run(&["search", "reindex"]).ok();
    assert_eq!(names(&binary, &found), ["ada"]);
    binary.run(&["search", "verify"]).ok();
    // The deletion was begun before and is continued.
    binary
        .run(&["room", "delete", "old-1", "old-2", "--yes"])
        .ok();
    assert_eq!(names(&binary, &["room", "list"]).len(), 4);
    for only in LOOPS {
        binary.run(&["work", "--once", "--only", only]).ok();
    }
    assert_eq!(names(&binary, &["call", "list"]), [CALL], "it goes on");
    let ended = binary.run(&["call", "end", CALL, "--json"]).ok().json();
    assert_eq!(ended[0]["state"], "ended", "{ended}");
    assert_eq!(count(&binary, "tok_busy"), 0);
    binary.run(&["call", "start", "ada", "bob"]).ok();
    binary.run(&["doctor"]).ok();
}
