//! However fast people come and go, and whatever a clock says, each is written slowly and ends as they are.

use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::Timestamp;
use serde_json::{Value, json};
use tok::backends::documents::Event;
use tok::commands::presence::{audit, follow, show};

use super::{Following, node, user, whom};
use crate::support::rtdb::FakeDatabase;
use crate::support::{PATIENCE, over, put};

/// Whatever a phone's clock says, the next thing that is heard, or the next comparison, mends it.
#[tokio::test]
async fn a_clock_that_is_ahead_leaves_nobody_stuck() {
    const MINUTE: i64 = 60_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    let people = [("ada", 5 * MINUTE), ("bob", 400 * 24 * 60 * MINUTE)];
    let now = || Timestamp::now().as_millisecond();
    for (id, ahead) in people {
        put(&context, "users", id, json!({ "name": id })).await;
        database.put(&format!("/status/{id}"), node("online", now() + ahead));
    }
    let sync = async || {
        let report = follow::run_once(&context, follow::Trust::Guarded).await;
        report.expect("compares").written
    };
    let drift = async || audit::run(&context).await.expect("compares").drift.len();
    assert_eq!((drift().await, sync().await), (2, 2));
    assert_eq!((drift().await, sync().await), (0, 0), "it says nothing new");
    for (id, _) in people {
        let noted: Timestamp = user(&context, id).await["last_changed"]
            .as_str()
            .expect("text")
            .parse()
            .expect("a moment");
        assert!(noted <= Timestamp::now(), "{noted}");
        let shown = show::run(&context, whom(id)).await.expect("known");
        assert!(shown.presence.last_changed <= Some(Timestamp::now()));
        // The right time now, and even one that is behind.
        database.put(&format!("/status/{id}"), node("offline", now() - MINUTE));
    }
    assert_eq!((drift().await, sync().await), (2, 2));
    assert_eq!((drift().await, sync().await), (0, 0));
    assert_eq!(user(&context, "bob").await["state"], "offline");
    let mut following = Following::start(&context);
    database.opened(7).await;
    for (state, moved) in [
        ("online", 400 * 24 * 60 * MINUTE),
        ("offline", 0),
        ("online", -MINUTE),
        // Of what is heard just now the clock says nothing at all.
        ("offline", -400 * 24 * 60 * MINUTE),
    ] {
        database.put("/status/ada", node(state, now() + moved));
        following.until("ada", state).await;
    }
    following.stop().await;
}

/// What the one calls untrue the other one writes, and then neither says anything.
#[tokio::test]
async fn comparing_and_writing_go_by_one_rule() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(&database.variables(), &[]);
    let ahead = Timestamp::now().as_millisecond() + 3_600_000;
    let noted = [
        json!({}),
        json!({ "state": "online" }),
        json!({ "state": "online", "last_changed": 5_000 }),
        json!({ "state": "offline", "last_changed": "1970-01-01T00:00:05Z" }),
        json!({ "state": "offline", "last_changed": ahead }),
        json!({ "state": "online", "last_changed": i64::MAX }),
        json!({ "state": "away", "last_changed": "soon" }),
    ];
    let told = [
        Value::Null,
        json!(true),
        node("online", 4_000),
        node("offline", 6_000),
        node("online", ahead),
        json!({ "phone": node("online", 5_000), "laptop": node("offline", 9_000) }),
    ];
    for (n, noted) in noted.iter().enumerate() {
        for (m, told) in told.iter().enumerate() {
            let id = format!("u{n}-{m}");
            put(&context, "users", &id, noted.clone()).await;
            database.put(&format!("/status/{id}"), told.clone());
        }
    }
    let untrue = audit::run(&context).await.expect("compares").drift;
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, untrue.len() as u64);
    assert!(untrue.len() > 15, "{untrue:#?}");
    assert_eq!(audit::run(&context).await.expect("compares").drift, []);
    let report = follow::run_once(&context, follow::Trust::Guarded).await;
    assert_eq!(report.expect("compares").written, 0);
}

/// Firestore takes about one write of a document each second.
#[tokio::test]
async fn whoever_comes_and_goes_all_the_time_is_written_now_and_then() {
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    put(&context, "users", "ada", json!({ "name": "Ada" })).await;
    let following = Following::start(&context);
    database.opened(1).await;
    let began = Instant::now();
    let mut told = context.documents.watch("users", None);
    let counting = async {
        let (mut writes, mut state) = (0_u64, Value::Null);
        let last = json!(
            Timestamp::from_millisecond(60)
                .expect("a moment")
                .to_string()
        );
        while (&state["state"], &state["last_changed"]) != (&json!("online"), &last) {
            if let Event::Put(document) = told.next().await.expect("no end").expect("no error") {
                writes += 1;
                state = document.decode().expect("JSON");
            }
        }
        writes
    };
    let flipping = async {
        for n in 1..=60 {
            let state = if n % 2 == 0 { "online" } else { "offline" };
            database.put("/status/ada", node(state, n));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let both = futures_util::future::join(counting, flipping);
    let counted = tokio::time::timeout(PATIENCE * 3, both).await;
    let (writes, ()) = counted.expect("the last state wins");
    let passed = began.elapsed();
    assert!(
        writes <= passed.as_secs() + 3,
        "{writes} writes in {passed:?}, the first state included"
    );
    following.stop().await;
}

/// Whoever turns again and again is there at even turns.
fn state_at(turn: i64) -> &'static str {
    if turn % 2 == 0 { "online" } else { "offline" }
}

/// However fast somebody comes and goes, and in whatever form that is told: about one write a second, and
/// the last state is the one that stays.
#[tokio::test]
async fn however_fast_people_turn_up_and_leave_each_is_written_slowly_and_ends_as_they_are() {
    const SINCE: i64 = 1_500_000_000_000;
    let database = FakeDatabase::start().await;
    let (context, _dir) = over(
        &database.variables(),
        &[("TOK_PRESENCE__OFFLINE_GRACE", "1ms")],
    );
    // Who, where that is told, how often they turn, and the rests between.
    let people = [
        ("ivy", "/status/ivy", 29, 90),
        ("max", "/status/max/tablet", 210, 12),
        ("zoe", "/status/zoe/connections/c1", 64, 35),
    ];
    for (id, ..) in people {
        put(&context, "users", id, json!({ "name": id })).await;
    }
    let following = Following::start(&context);
    database.opened(1).await;
    let began = Instant::now();
    let turning = people.map(|(id, place, turns, rest)| {
        let (database, mut told) = (database.clone(), context.documents.watch("users", None));
        let last = Timestamp::from_millisecond(SINCE + turns).expect("a moment");
        let (last, ends) = (json!(last.to_string()), state_at(turns));
        let turn = async move {
            for n in 1..=turns {
                let state = state_at(n);
                database.put(place, node(state, SINCE + n));
                tokio::time::sleep(Duration::from_millis(rest)).await;
            }
        };
        let counting = async move {
            let (mut writes, mut fields) = (-1, Value::Null);
            while fields["state"] != ends || fields["last_changed"] != last {
                let event = told.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event
                    && document.id == id
                {
                    writes += 1;
                    fields = document.decode().expect("JSON");
                }
            }
            (id, writes, began.elapsed())
        };
        tokio::time::timeout(PATIENCE * 3, futures_util::future::join(turn, counting))
    });
    for ended in futures_util::future::join_all(turning).await {
        let ((), (id, writes, passed)) = ended.expect("the last state arrives");
        let most = i32::try_from(passed.as_secs()).expect("small") + 2;
        assert!(writes <= most, "{id}: {writes} writes in {passed:?}");
    }
    following.stop().await;
    let report = audit::run(&context).await.expect("compares");
    assert_eq!(report.drift, [], "what was noted last is true");
    database.verify();
}
