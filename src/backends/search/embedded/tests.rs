use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

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
    assert!(!directory.exists());
}
