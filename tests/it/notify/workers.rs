//! Workers that are killed, that are several, and a flush beside them.

use std::collections::BTreeSet;

use futures_util::StreamExt;
use nix::sys::signal::Signal;
use tok::Kind;
use tok::backends::documents::{Documents, Event, SqliteDocuments, Write};
use tok::commands::lease::{Lease, LeaseName};
use tok::commands::notify::flush;
use tok::commands::notify::follow;
use tok::model::shard::Shard;

use super::chat;
use crate::support::binary::Worked;
use crate::support::{Binary, FakeFcm, PATIENCE, borrowed, context};

/// A flush beside a worker would send everything twice.
#[tokio::test]
async fn a_flush_leaves_the_queue_to_a_worker() {
    let (context, _dir) = context(&[]);
    let name = LeaseName::of_loop("notify:1-of-2");
    let lease = Lease::take(&context, &name).await.expect("is free");
    let refused = flush::run(&context, flush::Input::default())
        .await
        .expect_err("locked");
    assert_eq!(refused.kind(), Kind::Locked);
    assert!(refused.message().contains("notify:1-of-2"), "{refused}");
    lease.release().await;
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let flushing = Lease::take(&context, &LeaseName::flush())
        .await
        .expect("is free");
    let shard = Shard { number: 0, of: 1 };
    let refused = follow::run(&context, shard).await.expect_err("waits");
    assert_eq!(refused.kind(), Kind::Locked);
    flushing.release().await;
}

fn fill(dir: &std::path::Path, count: usize) {
    let documents = SqliteDocuments::open(dir, 0).expect("opens");
    let write = |n: usize| {
        Write::put(
            "notifications",
            &format!("n{n:05}"),
            &chat("t", &format!("{n:05}")),
        )
    };
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    for start in (0..count).step_by(1000) {
        let writes = (start..count.min(start + 1000)).map(write);
        let writes = writes.collect::<Result<Vec<_>, _>>().expect("JSON");
        runtime.block_on(documents.commit(writes)).expect("commits");
    }
}

/// Waits until the queue is empty.
async fn emptied(dir: &std::path::Path) {
    let documents = SqliteDocuments::open(dir, 0).expect("opens");
    let mut events = documents.watch("notifications", None);
    let mut left = BTreeSet::new();
    let mut current = false;
    let emptied = async {
        while !current || !left.is_empty() {
            match events.next().await.expect("no end").expect("no error") {
                Event::Put(document) => drop(left.insert(document.id)),
                Event::Removed(id) => drop(left.remove(&id)),
                Event::Current(_) => current = true,
                Event::Reset => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE * 3, emptied)
        .await
        .expect("the queue empties");
}

/// Killed while it sends: after the restart everything arrived, twice only what was in flight.
#[test]
fn a_killed_worker_loses_nothing() {
    const COUNT: usize = 4_000;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let mut variables = borrowed(&variables);
    variables.push(("TOK_PUSH__STREAMS", "20"));
    // Long enough to be renewed on a busy machine: who loses it sends what was in flight again.
    variables.push(("TOK_WORKER__LEASE", "6s"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    fill(&dir, COUNT);
    let mut kills = 0;
    for part in [COUNT / 5, COUNT / 2] {
        let worker = binary.work(&["--only", "notify"]);
        runtime.block_on(fcm.reached(part));
        worker.signal(Signal::SIGKILL);
        drop(worker);
        kills += 1;
    }
    let worker: Worked = binary.work(&["--only", "notify"]);
    runtime.block_on(emptied(&dir));
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    let texts = fcm.texts("body");
    let distinct: BTreeSet<_> = texts.iter().collect();
    assert_eq!(distinct.len(), COUNT, "nothing is lost");
    let twice = texts.len() - COUNT;
    assert!(twice <= kills * 20, "{twice} were sent twice");
    fcm.verify();
}

/// Of two workers one sends; when it dies the other takes over within the lease.
#[test]
fn a_second_worker_takes_over() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let fcm = runtime.block_on(FakeFcm::start());
    let variables = fcm.variables();
    let mut variables = borrowed(&variables);
    // As above.
    variables.push(("TOK_WORKER__LEASE", "6s"));
    let binary = Binary::with(&variables);
    let dir = binary.dir().join(".local/share/tok");
    fill(&dir, 100);
    let first = binary.work(&["--only", "notify"]);
    let _second = binary.work(&["--only", "notify"]);
    runtime.block_on(fcm.reached(100));
    // What is in flight when a worker dies may be sent twice.
    runtime.block_on(emptied(&dir));
    first.signal(Signal::SIGKILL);
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let write = Write::put("notifications", "late", &chat("t", "late")).expect("JSON");
    runtime
        .block_on(documents.commit(vec![write]))
        .expect("commits");
    runtime.block_on(fcm.reached(101));
    assert_eq!(fcm.taken().len(), 101, "nothing was sent twice");
    fcm.verify();
}
