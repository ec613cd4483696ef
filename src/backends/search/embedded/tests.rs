use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Map;

use super::*;
use crate::backends::search::{Indexes, staging_of};
use crate::model::search::IndexRecord;

/// Two processes at one data directory.
fn two() -> (EmbeddedSearch, EmbeddedSearch, tempfile::TempDir) {
    let home = tempfile::TempDir::new().expect("a directory");
    let open = || EmbeddedSearch::new(home.path(), &[]);
    (open(), open(), home)
}

fn put(id: &str) -> Arc<Vec<Operation>> {
    let record = IndexRecord {
        id: id.to_owned(),
        fields: Map::new(),
    };
    Arc::new(vec![Operation::Put(record, 1)])
}

async fn fill(search: &EmbeddedSearch, index: &str) {
    let outcome = search.apply(index, put("ada"), None).await;
    outcome.expect("applies");
}

/// Makes an index with one record, which takes the place of the users'.
async fn swap(search: &EmbeddedSearch) {
    let staging = staging_of("users");
    let staged = search.stage("users", &staging).await;
    staged.expect("stages");
    fill(search, &staging).await;
    let published = search.publish(&staging, "users").await;
    published.expect("publishes");
}

async fn count(search: &EmbeddedSearch) -> u64 {
    search.count("users").await.expect("counts")
}

/// Whoever reads an index locks it for a moment by a file beside it.
#[test]
fn an_index_that_somebody_still_reads_is_removed() {
    let home = tempfile::TempDir::new().expect("a directory");
    let search = EmbeddedSearch::new(home.path(), &[]);
    let (directory, done) = (home.path().join("search/users"), AtomicBool::new(false));
    let lock = directory.join(".tantivy-meta.lock");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                // They fail where it is gone, as a reader does.
                drop(fs::write(&lock, ""));
                drop(fs::remove_file(&lock));
            }
        });
        let removed = (0..500).try_for_each(|_| {
            fs::create_dir_all(&directory).map_err(broken)?;
            search.0.remove(&directory)
        });
        done.store(true, Ordering::Relaxed);
        removed.expect("is removed");
    });
    let left = fs::read_dir(home.path().join("search")).expect("a directory");
    assert_eq!(left.count(), 0);
}

#[tokio::test]
async fn an_index_that_another_process_removed_is_not_held_open() {
    let (reader, other, _home) = two();
    fill(&reader, "users").await;
    for _ in 0..3 {
        swap(&other).await;
        assert_eq!(count(&reader).await, 1);
        let open = reader.0.open.lock().expect("no panic").len();
        assert_eq!(open, 1);
    }
}

/// Each write removes the files that the index needs no more.
#[tokio::test]
async fn an_index_that_is_written_to_while_it_is_looked_at_is_not_damaged() {
    let (search, other, home) = two();
    fill(&search, "users").await;
    let directory = home.path().join("search/users");
    let open = || Index::open_in_dir(&directory).expect("opens");
    let looked_at = open();
    let files = indexes::files(&looked_at).expect("lists");
    fill(&other, "users").await;
    let is_gone = |file: &PathBuf| !directory.join(file).exists();
    assert!(files.iter().any(is_gone), "{files:?}");
    let wrong = indexes::is_any_wrong(&looked_at, &files);
    assert!(!wrong.expect("looks"));
    let files = indexes::files(&open()).expect("lists");
    let file = files.iter().next().expect("a file");
    fs::remove_file(directory.join(file)).expect("is there");
    let wrong = indexes::is_any_wrong(&looked_at, &files);
    assert!(wrong.expect("looks"), "the index still has {file:?}");
}

#[test]
fn what_is_written_while_an_index_is_replaced_goes_into_the_new_one() {
    let (writer, other, _home) = two();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(fill(&writer, "users"));
    let checkpoint = write::StoredCheckpoint::new(Some("here".to_owned()), &[]);
    let mut swapped = false;
    let outcome = writer.0.write("users", |opened| {
        if !mem::replace(&mut swapped, true) {
            runtime.block_on(swap(&other));
        }
        write::apply(opened, &[], &put("eve"), &checkpoint)
    });
    outcome.expect("writes");
    assert_eq!(runtime.block_on(count(&other)), 2);
    let checkpoint = runtime.block_on(other.checkpoint("users"));
    assert_eq!(checkpoint.expect("reads").as_deref(), Some("here"));
}

#[tokio::test]
async fn what_runs_that_died_left_is_removed_by_the_next_one() {
    let (search, _, home) = two();
    swap(&search).await;
    let dir = home.path().join("search");
    let number = "0123456789abcdef0123456789abcdef";
    let left = [
        "users",
        "users-NUMBER",
        "users_tok_staging-NUMBER",
        ".removed-NUMBER",
    ];
    let of_others = ["users-eu", "users-eu-NUMBER", "users-0123"];
    let at = |name: &str| dir.join(name.replace("NUMBER", number));
    for name in left.into_iter().chain(of_others) {
        fs::create_dir(at(name)).expect("is made");
    }
    swap(&search).await;
    for name in left {
        assert!(!at(name).exists(), "{name}");
    }
    for name in of_others {
        assert!(at(name).exists(), "{name}");
    }
    assert_eq!(count(&search).await, 1);
}

#[tokio::test]
async fn a_staged_index_makes_room_for_the_next_one() {
    let (search, _, home) = two();
    let (dir, staging) = (home.path().join("search"), staging_of("users"));
    for _ in 0..3 {
        let staged = search.stage("users", &staging).await;
        staged.expect("stages");
        fill(&search, &staging).await;
        let entries = fs::read_dir(&dir).expect("a directory").count();
        assert_eq!(entries, 2, "one pointer, one index");
    }
    swap(&search).await;
    // As a run leaves it that dies while it publishes.
    let pointer = |index: &str| dir.join(format!("{index}.current"));
    fs::copy(pointer("users"), pointer(&staging)).expect("copies");
    let staged = search.stage("users", &staging).await;
    staged.expect("stages");
    assert_eq!(count(&search).await, 1, "what is searched stays");
}
