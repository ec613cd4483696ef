//! However an index is filled, it ends as what it mirrors.

use futures_util::FutureExt;
use tok::commands::lease::Lease;
use tok::commands::search::{follow, reindex, verify};
use tok::context::Context;
use tokio_util::sync::CancellationToken;

use super::{look, person, put, remove, users};
use crate::support::{Emulator, FakeAlgolia, borrowed, context, over};

/// Random writers, a worker that follows, and one reindexing after another, in both modes.
async fn storm(context: &Context, rounds: usize, seed: u64) {
    let spec = users(context);
    let stop = CancellationToken::new();
    let mut following = context.clone();
    following.stop = stop.clone();
    let mut worker = tokio::spawn({
        let spec = spec.clone();
        async move {
            let name = follow::lease_of(&spec);
            let lease = Lease::take(&following, &name).await.expect("is free");
            let ended = lease.hold_while(follow::run(&following, &spec)).await;
            lease.release().await;
            ended
        }
    });
    let mut random = Random(seed);
    for round in 0..rounds {
        let done = CancellationToken::new();
        let writer = tokio::spawn(write_wildly(context.clone(), done.clone(), random.next()));
        let mode = match round % 3 {
            0 => reindex::Mode::Swap,
            _ => reindex::Mode::Reconcile,
        };
        let input = reindex::Input {
            mode,
            max_shrink: Some(100),
            ..reindex::Input::of(spec.clone())
        };
        reindex::run(context, input).await.expect("indexes");
        done.cancel();
        writer.await.expect("no panic");
        let report = verify::run(context, look(spec.clone(), false))
            .await
            .expect("verifies");
        let ended = worker.is_finished();
        let why = ended.then(|| (&mut worker).now_or_never());
        assert!(!ended, "the worker ended by itself: {why:?}");
        assert_eq!(report.drift, [], "round {round} {mode:?}: {report:?}");
    }
    stop.cancel();
    worker.await.expect("no panic").expect("ends well");
}

/// xorshift, so that a seed tells the story again.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

async fn write_wildly(context: Context, done: CancellationToken, seed: u64) {
    let mut random = Random(seed | 1);
    let mut writes = 0;
    while !done.is_cancelled() || writes < 50 {
        let id = format!("u{}", random.next() % 40);
        if random.next().is_multiple_of(3) {
            remove(&context, &id).await;
        } else {
            put(&context, &id, person(&format!("n{}", random.next() % 5))).await;
        }
        writes += 1;
        if random.next().is_multiple_of(4) {
            tokio::task::yield_now().await;
        }
    }
}

/// The truth survives a hundred interleavings.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_is_true_however_it_was_filled() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    storm(&context, 100, 0x5eed).await;
    algolia.verify();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_embedded_index_is_true_however_it_was_filled() {
    let (context, _dir) = context(&[]);
    storm(&context, 12, 0xbeef).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_index_over_firestore_is_true_however_it_was_filled() {
    let emulator = Emulator::start().await;
    let algolia = FakeAlgolia::start().await;
    let firestore = emulator.variables();
    let (context, _dir) = over(&algolia.variables(), &borrowed(&firestore));
    storm(&context, 30, 0xf00d).await;
    algolia.verify();
}
