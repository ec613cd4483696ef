//! What cleaning up costs at a store that bills what is read: as much as there is to remove, and not as
//! much as is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::Write;
use tok::commands::housekeeping;
use tok::commands::room::retire;
use tok::context::Context;
use tok::records::{ALL, After};

use crate::support::emulator::Calls;
use crate::support::{Emulator, context};

/// A store at an emulator that counts.
struct Counted {
    emulator: Emulator,
    bytes: Arc<AtomicU64>,
    context: Context,
    _dir: TempDir,
}

impl Counted {
    async fn start() -> Self {
        let emulator = Emulator::start().await;
        let (at, bytes) = emulator.metered().await;
        let url = format!("http://{at}");
        let (context, dir) = context(&[
            ("TOK_DOCUMENTS__BACKEND", "firestore"),
            ("TOK_FIRESTORE__PROJECT_ID", "demo-tok"),
            ("TOK_FIRESTORE__BASE_URL", &url),
        ]);
        Self {
            emulator,
            bytes,
            context,
            _dir: dir,
        }
    }

    async fn put(&self, writes: Vec<Write>) {
        for some in writes.chunks(400) {
            let done = self.context.documents.commit(some.to_vec()).await;
            done.expect("commits");
        }
    }

    /// What this took: how often each method was called, and how many bytes were answered.
    async fn cost<T>(&self, of: impl Future<Output = T>) -> (T, Calls, u64) {
        let (calls, bytes) = (self.emulator.calls(), self.bytes.load(Ordering::SeqCst));
        let done = of.await;
        let mut after = self.emulator.calls();
        after.retain(|method, count| {
            *count -= calls.get(method).copied().unwrap_or(0);
            *count > 0
        });
        (done, after, self.bytes.load(Ordering::SeqCst) - bytes)
    }
}

/// So many documents of each collection that is cleaned up, with a moment so many hours from now.
fn aged(from: usize, to: usize, hours: i64) -> Vec<Write> {
    let at = Timestamp::now() + SignedDuration::from_hours(hours);
    let mut writes = Vec::new();
    for declared in &ALL {
        let Some(expiry) = declared.expiry else {
            continue;
        };
        for n in from..to {
            let content = json!({ expiry.field: at.to_string(), "more": "x".repeat(200) });
            let write = Write::put(declared.name, &format!("d{n:05}"), &content);
            writes.push(write.expect("JSON").moments(declared.moments));
        }
    }
    writes
}

fn total(calls: &Calls) -> u64 {
    calls.values().sum()
}

#[tokio::test]
async fn a_sweep_costs_the_same_however_much_is_kept() {
    let store = Counted::start().await;
    // The connection is made.
    housekeeping::run(&store.context).await;
    let mut costs = Vec::new();
    let mut filled = 0;
    for kept in [3, 90] {
        // Of what ends by itself the end is far away, of what is kept for so long it was just now.
        let far = aged(filled, kept, 24 * 400);
        store.put(far).await;
        filled = kept;
        let (report, calls, bytes) = store.cost(housekeeping::run(&store.context)).await;
        assert_eq!(report, housekeeping::Report::default());
        costs.push((calls, bytes));
    }
    let (few, many) = (&costs[0], &costs[1]);
    assert_eq!(few.0, many.0, "as many calls");
    let collections = ALL.iter().filter(|of| of.expiry.is_some()).count() as u64;
    // Moments may stand there as texts as well: two questions for each.
    assert!(total(&many.0) <= 2 * collections + 3, "{:?}", many.0);
    assert!(!many.0.contains_key("Commit"), "{:?}", many.0);
    // One of those documents has more bytes than two sweeps differ by.
    assert!(many.1 <= few.1 + 200, "{} and {} bytes", few.1, many.1);
}

#[tokio::test]
async fn what_is_removed_is_all_that_is_read() {
    let store = Counted::start().await;
    let at_once: Vec<_> = ALL
        .iter()
        .filter(|of| {
            of.expiry
                .is_some_and(|expiry| expiry.after == After::AtOnce)
        })
        .map(|of| of.name)
        .collect();
    assert!(at_once.contains(&"tok_outcomes"), "{at_once:?}");
    store.put(aged(0, 60, 24 * 400)).await;
    housekeeping::run(&store.context).await;
    let mut costs = Vec::new();
    for due in [5, 45] {
        let old = aged(100, 100 + due, -24).into_iter();
        let old = old.filter(|write| write.collection == "tok_outcomes");
        store.put(old.collect()).await;
        let (report, calls, bytes) = store.cost(housekeeping::run(&store.context)).await;
        assert_eq!(report.removed, due as u64, "{report:?}");
        costs.push((total(&calls), bytes));
    }
    assert_eq!(costs[0].0, costs[1].0, "{costs:?}");
    let each = (costs[1].1 - costs[0].1) / 40;
    assert!(
        (200..1500).contains(&each),
        "{each} bytes for each: {costs:?}"
    );
}

fn room(name: &str, expires_at: Timestamp) -> Write {
    let room: Value = json!({
        "name": name, "backend": "local", "id": name, "url": "", "privacy": "public",
        "created_at": "2026-01-01T00:00:00Z", "expires_at": expires_at.to_string(),
    });
    Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON")
}

/// Every minute a worker looks for rooms that have run their time.
#[tokio::test]
async fn rooms_that_go_on_are_not_read_to_find_those_that_do_not() {
    let store = Counted::start().await;
    let input = retire::Input {
        grace: "2h".parse().expect("a span"),
        unused: None,
    };
    let hour = |hours| {
        let now = Timestamp::from_second(Timestamp::now().as_second()).expect("a moment");
        now + SignedDuration::from_hours(hours)
    };
    retire::run(&store.context, input).await.expect("removes");
    let mut costs = Vec::new();
    for (from, to) in [(0, 4), (4, 260)] {
        let going_on = (from..to).map(|n| room(&format!("going-{n}"), hour(30)));
        store.put(going_on.collect()).await;
        let (report, calls, bytes) = store.cost(retire::run(&store.context, input)).await;
        assert_eq!(report.expect("removes").expired, 0);
        costs.push((calls, bytes));
    }
    assert_eq!(costs[0].0, costs[1].0, "as many calls");
    assert!(costs[1].1 <= costs[0].1 + 200, "{costs:?}");
    // Of those whose time was up lately nothing goes, and of the others all.
    let over = (0..9).map(|n| room(&format!("over-{n}"), hour(if n < 7 { -3 } else { -1 })));
    store.put(over.collect()).await;
    let (report, _, bytes) = store.cost(retire::run(&store.context, input)).await;
    assert_eq!(report.expect("removes").expired, 7);
    assert!(bytes < costs[0].1 + 60_000, "{bytes} beside {costs:?}");
    let left = store.context.documents.count("tok_rooms").await;
    assert_eq!(left.expect("counts"), 260 + 2);
}
