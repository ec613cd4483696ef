//! The contract of [`Documents`].

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join_all;
use futures_util::{StreamExt, TryStreamExt};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::backends::documents::{
    Cursor, Documents, Event, EventStream, Precondition, Scan, SqliteDocuments, Write,
};

use crate::support::{Emulator, PATIENCE};

/// One implementation under test.
struct Subject {
    documents: Arc<dyn Documents>,
    place: Place,
}

/// Where the store is; it lives as long as this.
enum Place {
    Directory(TempDir),
    Emulator(Emulator),
}

fn sqlite() -> Subject {
    let dir = TempDir::new().expect("a directory");
    Subject {
        documents: Arc::new(SqliteDocuments::open(dir.path(), 0).expect("opens")),
        place: Place::Directory(dir),
    }
}

async fn firestore() -> Subject {
    let emulator = Emulator::start().await;
    Subject {
        documents: Arc::new(emulator.open()),
        place: Place::Emulator(emulator),
    }
}

impl Subject {
    /// The same store, opened a second time, as another process would.
    fn again(&self) -> Arc<dyn Documents> {
        match &self.place {
            Place::Directory(dir) => Arc::new(SqliteDocuments::open(dir.path(), 0).expect("opens")),
            Place::Emulator(emulator) => Arc::new(emulator.open()),
        }
    }
}

/// Each of these runs over every implementation.
macro_rules! over_every_store {
    ($($name:ident,)*) => {
        mod over_sqlite {
            $(#[tokio::test] async fn $name() { super::$name(super::sqlite()).await })*
        }
        mod over_firestore {
            $(#[tokio::test] async fn $name() { super::$name(super::firestore().await).await })*
        }
    };
}

over_every_store! {
    what_was_put_is_read_by_everybody,
    merge_sets_fields_and_keeps_the_others,
    preconditions_decide,
    insisting_changes_nothing_but_stops_the_rest,
    a_commit_happens_whole_or_not_at_all,
    of_many_who_want_the_same_exactly_one_gets_it,
    a_scan_goes_in_order_and_resumes_anywhere,
    a_watch_tells_the_state_then_every_change,
    a_watcher_that_was_away_ends_up_with_the_truth,
    a_fence_is_reached_when_all_before_it_was_told,
    documents_are_found_by_a_field,
    what_is_due_is_found_by_its_moment,
    a_store_is_told_from_every_other,
    a_document_knows_when_it_was_written,
    ids_are_taken_as_they_are,
}

fn put(id: &str, value: &Value) -> Write {
    Write::put("things", id, value).expect("JSON")
}

async fn read(documents: &dyn Documents, id: &str) -> Option<Value> {
    let found = documents.get("things", id).await.expect("reads");
    found.map(|document| document.decode().expect("JSON"))
}

async fn what_was_put_is_read_by_everybody(subject: Subject) {
    let value = json!({ "a": 1, "b": [null, "ü", { "c": 1.5 }] });
    let versions = subject
        .documents
        .commit(vec![put("x", &value)])
        .await
        .expect("commits");
    assert!(versions[0] > 0);
    assert_eq!(
        read(subject.documents.as_ref(), "x").await,
        Some(value.clone())
    );
    assert_eq!(read(subject.again().as_ref(), "x").await, Some(value));
    assert_eq!(read(subject.documents.as_ref(), "y").await, None);
}

/// Whatever others call their documents; and in collections of ours also with slashes.
async fn ids_are_taken_as_they_are(subject: Subject) {
    let documents = subject.documents.as_ref();
    let ids = ["a%2Fb", "100%", "%252F", "a%25", "日本", "ü", "__id7__"];
    let slashes = ["a/b", "a//b", "%2F/"];
    for (collection, ids) in [
        ("users", &ids[..]),
        ("tok_things", &[&ids[..], &slashes[..]].concat()),
    ] {
        let mut expected: Vec<String> = ids.iter().map(|id| (*id).to_owned()).collect();
        expected.sort_unstable();
        for id in ids {
            let write = Write::put(collection, id, &json!({ "me": id })).expect("JSON");
            documents.commit(vec![write]).await.expect("commits");
        }
        for id in ids {
            let found = documents
                .get(collection, id)
                .await
                .expect("reads")
                .expect("there");
            assert_eq!(found.id, *id);
            assert_eq!(found.decode::<Value>().expect("JSON")["me"], *id);
        }
        let scan = documents.scan(Scan::all(collection));
        let found: Vec<_> = scan.try_collect().await.expect("scans");
        let mut found: Vec<String> = found.into_iter().map(|document| document.id).collect();
        found.sort_unstable();
        assert_eq!(found, expected);
        let mut told = documents.watch(collection, None);
        let mut heard = Vec::new();
        loop {
            match told.try_next().await.expect("goes on").expect("no end") {
                Event::Put(document) => heard.push(document.id),
                Event::Current(_) => break,
                _ => {}
            }
        }
        heard.sort_unstable();
        assert_eq!(heard, expected);
        let write = Write::delete(collection, ids[0]);
        documents.commit(vec![write]).await.expect("commits");
        assert!(
            documents
                .get(collection, ids[0])
                .await
                .expect("reads")
                .is_none()
        );
    }
}

async fn merge_sets_fields_and_keeps_the_others(subject: Subject) {
    let documents = subject.documents.as_ref();
    let fields = |value: Value| value.as_object().cloned().expect("an object");
    let merge = |value| vec![Write::merge("things", "x", fields(value))];
    documents
        .commit(merge(json!({ "a": 1, "b": 2 })))
        .await
        .expect("creates");
    documents
        .commit(merge(json!({ "b": 3, "c": null })))
        .await
        .expect("merges");
    assert_eq!(
        read(documents, "x").await,
        Some(json!({ "a": 1, "b": 3, "c": null }))
    );
}

async fn preconditions_decide(subject: Subject) {
    let documents = subject.documents.as_ref();
    let one = json!({ "n": 1 });
    let write = |precondition| vec![put("x", &one).only_if(precondition)];
    let refused = async |precondition| {
        let error = documents
            .commit(write(precondition))
            .await
            .expect_err("refused");
        assert_eq!(error.kind(), Kind::Conflict, "{precondition:?}");
    };
    refused(Precondition::Exists).await;
    refused(Precondition::Version(1)).await;
    let versions = documents
        .commit(write(Precondition::Missing))
        .await
        .expect("creates");
    refused(Precondition::Missing).await;
    refused(Precondition::Version(versions[0] - 1)).await;
    let two = put("x", &json!({ "n": 2 })).only_if(Precondition::Version(versions[0]));
    let newer = documents.commit(vec![two]).await.expect("replaces");
    assert!(newer[0] > versions[0], "versions grow");
    refused(Precondition::Version(versions[0])).await;
    let delete = |precondition| vec![Write::delete("things", "x").only_if(precondition)];
    let error = documents
        .commit(delete(Precondition::Version(versions[0])))
        .await;
    assert_eq!(error.expect_err("refused").kind(), Kind::Conflict);
    documents
        .commit(delete(Precondition::Version(newer[0])))
        .await
        .expect("deletes");
    assert_eq!(read(documents, "x").await, None);
    documents
        .commit(delete(Precondition::None))
        .await
        .expect("nothing to delete is fine");
    let reborn = documents
        .commit(write(Precondition::Missing))
        .await
        .expect("creates again");
    assert!(reborn[0] > newer[0], "a version is never given out twice");
}

async fn insisting_changes_nothing_but_stops_the_rest(subject: Subject) {
    let documents = subject.documents.as_ref();
    let (one, two) = (json!({ "n": 1 }), json!({ "n": 2 }));
    let versions = documents.commit(vec![put("x", &one)]).await;
    let version = versions.expect("commits")[0];
    let insist = || Write::insist("things", "x", Precondition::Version(version));
    // Many may insist on the same at the same time.
    let many = (0..8).map(|n| documents.commit(vec![put(&format!("y{n}"), &one), insist()]));
    for versions in join_all(many).await {
        assert_eq!(versions.expect("it holds")[1], version, "it is as it was");
    }
    assert_eq!(read(documents, "x").await, Some(one.clone()));
    documents
        .commit(vec![put("x", &two)])
        .await
        .expect("changes");
    for gone in [false, true] {
        if gone {
            let delete = Write::delete("things", "x");
            documents.commit(vec![delete]).await.expect("deletes");
        }
        let refused = documents.commit(vec![put("z", &one), insist()]).await;
        assert_eq!(refused.expect_err("changed").kind(), Kind::Conflict);
        assert_eq!(read(documents, "z").await, None);
    }
}

async fn a_commit_happens_whole_or_not_at_all(subject: Subject) {
    let documents = subject.documents.as_ref();
    let n = |n: u32| json!({ "n": n });
    documents
        .commit(vec![put("b", &n(0))])
        .await
        .expect("commits");
    let broken = vec![
        put("a", &n(1)),
        put("b", &n(1)).only_if(Precondition::Missing),
        put("c", &n(1)),
    ];
    assert_eq!(
        documents.commit(broken).await.expect_err("refused").kind(),
        Kind::Conflict
    );
    assert_eq!(read(documents, "a").await, None);
    assert_eq!(read(documents, "b").await, Some(n(0)));
    assert_eq!(documents.count("things").await.expect("counts"), 1);
}

async fn of_many_who_want_the_same_exactly_one_gets_it(subject: Subject) {
    let other = subject.again();
    let attempts = (0..64).map(|n| {
        let documents = if n % 2 == 0 {
            &subject.documents
        } else {
            &other
        };
        documents.commit(vec![
            put("x", &json!({ "n": n })).only_if(Precondition::Missing),
        ])
    });
    let outcomes = join_all(attempts).await;
    let won = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(won, 1);
    for error in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(error.kind(), Kind::Conflict, "{error}");
    }
}

async fn a_scan_goes_in_order_and_resumes_anywhere(subject: Subject) {
    let documents = subject.documents.as_ref();
    let ids: Vec<String> = (0..1200).map(|n| format!("k{n:05}")).collect();
    let mut writes: Vec<Write> = ids.iter().map(|id| put(id, &json!({}))).collect();
    writes.push(Write::put("others", "k00001", &json!({})).expect("JSON"));
    writes.push(put("z", &json!({})));
    documents.commit(writes).await.expect("commits");
    let names = async |scan: Scan| -> Vec<String> {
        let found = documents
            .scan(scan)
            .map_ok(|document| document.id)
            .try_collect();
        found.await.expect("scans")
    };
    let all = names(Scan::all("things")).await;
    assert_eq!(all.len(), 1201);
    assert!(all.is_sorted());
    let prefixed = names(Scan::all("things").prefix("k0")).await;
    assert_eq!(prefixed, ids);
    let rest = names(
        Scan::all("things")
            .prefix("k")
            .after(Some("k00999".to_owned()))
            .limit(3),
    )
    .await;
    assert_eq!(rest, ["k01000", "k01001", "k01002"]);
    assert_eq!(names(Scan::all("nothing")).await, Vec::<String>::new());
}

/// Reads events until the watcher is current, and applies them to a copy.
async fn follow(events: &mut EventStream, copy: &mut BTreeMap<String, Value>) -> Cursor {
    loop {
        let event = tokio::time::timeout(PATIENCE, events.next())
            .await
            .expect("in time");
        match event.expect("no end").expect("no error") {
            Event::Reset => copy.clear(),
            Event::Put(document) => {
                copy.insert(document.id.clone(), document.decode().expect("JSON"));
            }
            Event::Removed(id) => {
                copy.remove(&id);
            }
            Event::Current(cursor) => return cursor,
        }
    }
}

async fn truth(documents: &dyn Documents) -> BTreeMap<String, Value> {
    documents
        .scan(Scan::all("things"))
        .map_ok(|document| (document.id.clone(), document.decode().expect("JSON")))
        .try_collect()
        .await
        .expect("scans")
}

/// Follows the watch until it has told what was written just now.
async fn catch_up(subject: &Subject, events: &mut EventStream, copy: &mut BTreeMap<String, Value>) {
    let fence = subject.documents.fence("things").await.expect("a fence");
    while !follow(events, copy).await.reached(&fence) {}
}

async fn a_watch_tells_the_state_then_every_change(subject: Subject) {
    let n = |n: u32| json!({ "n": n });
    let other = subject.again();
    subject
        .documents
        .commit(vec![put("a", &n(1)), put("b", &n(1))])
        .await
        .expect("commits");
    let mut events = subject.documents.watch("things", None);
    let mut copy = BTreeMap::from([("ghost".to_owned(), n(0))]);
    follow(&mut events, &mut copy).await;
    assert_eq!(
        copy,
        BTreeMap::from([("a".to_owned(), n(1)), ("b".to_owned(), n(1))])
    );
    other
        .commit(vec![put("a", &n(2)), Write::delete("things", "b")])
        .await
        .expect("commits");
    catch_up(&subject, &mut events, &mut copy).await;
    assert_eq!(copy, BTreeMap::from([("a".to_owned(), n(2))]));
    // Changes of other collections are none of its business.
    other
        .commit(vec![Write::put("others", "o", &n(1)).expect("JSON")])
        .await
        .expect("commits");
    other.commit(vec![put("c", &n(3))]).await.expect("commits");
    catch_up(&subject, &mut events, &mut copy).await;
    assert_eq!(copy, truth(subject.documents.as_ref()).await);
}

async fn a_fence_is_reached_when_all_before_it_was_told(subject: Subject) {
    let documents = &subject.documents;
    let mut copy = BTreeMap::new();
    let mut events = documents.watch("things", None);
    let mut cursor = follow(&mut events, &mut copy).await;
    // On an empty collection, after changes, and twice without any change between.
    for changes in [0, 7, 0, 0, 20] {
        for n in 0..changes {
            let write = put(&format!("d{n}"), &json!({ "of": changes }));
            documents.commit(vec![write]).await.expect("commits");
        }
        let fence = documents.fence("things").await.expect("a fence");
        while !cursor.reached(&fence) {
            cursor = follow(&mut events, &mut copy).await;
        }
        assert_eq!(copy, truth(documents.as_ref()).await);
    }
}

async fn documents_are_found_by_a_field(subject: Subject) {
    let documents = &subject.documents;
    for (id, token) in [
        ("a", json!("t1")),
        ("b", json!("t2")),
        ("c", json!(7)),
        ("d", json!("t1")),
    ] {
        let write = put(id, &json!({ "token": token, "odd.name": id }));
        documents.commit(vec![write]).await.expect("commits");
    }
    let ids = async |field: &str, value: &str, limit| {
        let found = documents.find("things", field, value, limit).await;
        let mut ids: Vec<_> = found
            .expect("finds")
            .into_iter()
            .map(|found| found.id)
            .collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(ids("token", "t1", 10).await, ["a", "d"]);
    assert_eq!(ids("token", "t1", 1).await.len(), 1);
    assert!(ids("token", "7", 10).await.is_empty());
    assert_eq!(ids("odd.name", "b", 10).await, ["b"]);
}

async fn what_is_due_is_found_by_its_moment(subject: Subject) {
    let documents = &subject.documents;
    let fields: &[&str] = &["expires", "at"];
    for (id, expires) in [
        ("early", json!("2026-01-01T00:00:00Z")),
        ("fraction", json!("2026-01-01T09:59:59.75Z")),
        ("same", json!("2026-01-01T10:00:00Z")),
        ("late", json!("2026-01-02T00:00:00Z")),
        ("no moment", json!(7)),
        ("none", Value::Null),
    ] {
        let write = put(id, &json!({ "expires": expires })).moments(&["expires"]);
        documents.commit(vec![write]).await.expect("commits");
    }
    documents
        .commit(vec![put("else", &json!({ "at": "2026-01-01T00:00:00Z" }))])
        .await
        .expect("commits");
    let due = async |limit| {
        let before = "2026-01-01T10:00:00Z".parse().expect("a moment");
        let found = documents.due("things", fields[0], before, limit).await;
        let mut ids: Vec<_> = found.expect("finds").into_iter().map(|d| d.id).collect();
        ids.sort_unstable();
        ids
    };
    assert_eq!(due(10).await, ["early", "fraction"]);
    assert_eq!(due(1).await.len(), 1);
}

async fn a_store_is_told_from_every_other(subject: Subject) {
    let own = subject.documents.lineage().await.expect("a lineage");
    assert!(!own.is_empty());
    assert_eq!(subject.again().lineage().await.expect("a lineage"), own);
    let other = sqlite().documents.lineage().await.expect("a lineage");
    assert_ne!(other, own);
}

async fn a_document_knows_when_it_was_written(subject: Subject) {
    let documents = &subject.documents;
    let before = documents.now().await.expect("a clock").as_millisecond();
    documents
        .commit(vec![put("x", &json!({}))])
        .await
        .expect("commits");
    let after = documents.now().await.expect("a clock").as_millisecond();
    let found = documents
        .get("things", "x")
        .await
        .expect("reads")
        .expect("one");
    assert!(
        (before..=after).contains(&found.written),
        "{before} {found:?} {after}"
    );
}

async fn a_watcher_that_was_away_ends_up_with_the_truth(subject: Subject) {
    let documents = &subject.documents;
    let mut copy = BTreeMap::new();
    for id in ["keep", "change", "remove"] {
        documents
            .commit(vec![put(id, &json!({ "n": 1 }))])
            .await
            .expect("commits");
    }
    let cursor = follow(&mut documents.watch("things", None), &mut copy).await;
    documents
        .commit(vec![put("change", &json!({ "n": 2 }))])
        .await
        .expect("commits");
    documents
        .commit(vec![Write::delete("things", "remove")])
        .await
        .expect("commits");
    documents
        .commit(vec![put("new", &json!({ "n": 1 }))])
        .await
        .expect("commits");
    documents
        .commit(vec![put("brief", &json!({}))])
        .await
        .expect("commits");
    documents
        .commit(vec![Write::delete("things", "brief")])
        .await
        .expect("commits");
    let mut events = subject.again().watch("things", Some(cursor));
    let cursor = follow(&mut events, &mut copy).await;
    assert_eq!(copy, truth(documents.as_ref()).await);
    // Nothing happened: it is told so, and nothing else.
    let mut quiet = documents.watch("things", Some(cursor.clone()));
    let same = follow(&mut quiet, &mut copy).await;
    if matches!(subject.place, Place::Directory(_)) {
        assert_eq!(same, cursor);
    }
    assert_eq!(copy, truth(documents.as_ref()).await);
}

#[tokio::test]
async fn a_cursor_from_another_store_starts_over() {
    let subject = sqlite();
    subject
        .documents
        .commit(vec![put("a", &json!({}))])
        .await
        .expect("commits");
    let mut copy = BTreeMap::from([("ghost".to_owned(), json!({}))]);
    let future = Some(Cursor("999999".to_owned()));
    follow(&mut subject.documents.watch("things", future), &mut copy).await;
    assert_eq!(copy, truth(subject.documents.as_ref()).await);
    let mut wrong = subject
        .documents
        .watch("things", Some(Cursor("soon".to_owned())));
    let error = wrong.next().await.expect("an event").expect_err("an error");
    assert_eq!(error.kind(), Kind::InvalidInput);
}

/// More deletions than are remembered: the watcher is told to start over and keeps no ghost.
#[tokio::test]
async fn forgotten_deletions_make_a_watcher_start_over() {
    let subject = sqlite();
    let documents = &subject.documents;
    documents
        .commit(vec![put("ghost", &json!({}))])
        .await
        .expect("commits");
    let mut copy = BTreeMap::new();
    let cursor = follow(&mut documents.watch("things", None), &mut copy).await;
    documents
        .commit(vec![Write::delete("things", "ghost")])
        .await
        .expect("commits");
    for start in (0..110_000).step_by(10_000) {
        let ids: Vec<String> = (start..start + 10_000).map(|n| format!("n{n}")).collect();
        documents
            .commit(ids.iter().map(|id| put(id, &json!({}))).collect())
            .await
            .expect("commits");
        let deletes = ids.iter().map(|id| Write::delete("things", id)).collect();
        documents.commit(deletes).await.expect("commits");
    }
    documents
        .commit(vec![put("last", &json!({}))])
        .await
        .expect("commits");
    follow(&mut documents.watch("things", Some(cursor)), &mut copy).await;
    assert_eq!(copy, truth(documents.as_ref()).await);
}

/// The shape that the first version wrote.
#[tokio::test]
async fn a_store_of_the_first_version_is_brought_up_to_date() {
    let dir = TempDir::new().expect("a directory");
    let old = rusqlite::Connection::open(dir.path().join("tok.db")).expect("opens");
    old.execute_batch(
        "CREATE TABLE documents (collection TEXT NOT NULL, id TEXT NOT NULL,
             version INTEGER NOT NULL, json TEXT NOT NULL,
             PRIMARY KEY (collection, id)) WITHOUT ROWID;
         CREATE TABLE tombstones (collection TEXT NOT NULL, id TEXT NOT NULL,
             version INTEGER NOT NULL, PRIMARY KEY (collection, id)) WITHOUT ROWID;
         CREATE TABLE clock (only INTEGER PRIMARY KEY, version INTEGER NOT NULL,
             forgotten INTEGER NOT NULL);
         INSERT INTO clock VALUES (1, 1, 0);
         INSERT INTO documents VALUES ('things', 'old', 1, '{\"n\":1}');
         PRAGMA user_version = 1;",
    )
    .expect("makes the old shape");
    drop(old);
    let documents = SqliteDocuments::open(dir.path(), 0).expect("opens");
    documents
        .commit(vec![put("new", &json!({}))])
        .await
        .expect("commits");
    let written = async |id| {
        let found = documents.get("things", id).await.expect("reads");
        found.expect("one").written
    };
    assert_eq!(written("old").await, 0);
    assert!(written("new").await > 0);
}

#[tokio::test]
async fn a_full_store_says_so_and_keeps_what_it_has() {
    let dir = TempDir::new().expect("a directory");
    let documents = SqliteDocuments::open(dir.path(), 256 * 1024).expect("opens");
    let large = json!({ "text": "x".repeat(20_000) });
    let mut kept = 0;
    let error = loop {
        match documents
            .commit(vec![put(&format!("d{kept}"), &large)])
            .await
        {
            Ok(_) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 100, "the limit is not kept");
    };
    assert_eq!(error.kind(), Kind::Unavailable);
    assert!(error.message().contains("full"), "{error}");
    assert_eq!(documents.count("things").await.expect("counts"), kept);
    documents
        .commit(vec![Write::delete("things", "d0")])
        .await
        .expect("room is made");
    documents
        .commit(vec![put("d0", &large)])
        .await
        .expect("and used");
}

#[derive(Debug, Clone)]
enum Step {
    Put(u8, u8),
    Delete(u8),
    /// The watcher comes back, with the cursor it saved.
    Look,
    /// The watcher lost its cursor and its copy.
    Forget,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0u8..6, any::<u8>()).prop_map(|(id, n)| Step::Put(id, n)),
        2 => (0u8..6).prop_map(Step::Delete),
        2 => Just(Step::Look),
        1 => Just(Step::Forget),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is written, looked at and forgotten in whatever order, the copy ends up true.
    #[test]
    fn a_mirror_is_never_wrong_for_long(steps in prop::collection::vec(step(), 1..30)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let subject = sqlite();
            let mut copy = BTreeMap::new();
            let mut cursor = None;
            for step in steps {
                match step {
                    Step::Put(id, n) => {
                        let write = put(&format!("d{id}"), &json!({ "n": n }));
                        subject.documents.commit(vec![write]).await.expect("commits");
                    }
                    Step::Delete(id) => {
                        let write = Write::delete("things", &format!("d{id}"));
                        subject.documents.commit(vec![write]).await.expect("commits");
                    }
                    Step::Look => {
                        let mut events = subject.documents.watch("things", cursor.take());
                        cursor = Some(follow(&mut events, &mut copy).await);
                        assert_eq!(copy, truth(subject.documents.as_ref()).await);
                    }
                    Step::Forget => {
                        copy.clear();
                        cursor = None;
                    }
                }
            }
            follow(&mut subject.documents.watch("things", cursor), &mut copy).await;
            assert_eq!(copy, truth(subject.documents.as_ref()).await);
        });
    }
}
