//! One healthy worker sends once; inboxes are read to their end; exit codes say what happened.

use std::time::Duration;

use serde_json::{Value, json};
use tok::Kind;
use tok::backends::documents::{Cursor, Event, Write};
use tok::commands::lease::{Lease, LeaseName};
use tok::commands::notify::follow;
use tok::commands::notify::{flush, inbox, list, send, show};
use tok::context::Context;
use tok::model::notification::{NotificationKind, NotificationState, Target};
use tok::model::shard::Shard;
use tok::worker;

use crate::support::meddled::{nameless, tell, tell_anew};
use crate::support::{
    Binary, Emulator, FakeFcm, PATIENCE, TestApp, borrowed, config, context, over, put_as_app,
};

async fn commit(context: &Context, writes: Vec<Write>) {
    context.documents.commit(writes).await.expect("commits");
}

fn queued(n: usize) -> Write {
    let value = json!({ "token": "t", "title": "x", "body": format!("{n:05}") });
    Write::put("notifications", &format!("n{n:05}"), &value).expect("JSON")
}

fn input(id: &str, to: Target) -> send::Input {
    send::Input {
        id: Some(id.to_owned()),
        to,
        kind: NotificationKind::Message,
        ttl: None,
        title: id.to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    }
}

fn ada() -> Target {
    Target::User("ada".to_owned())
}

/// Waits for something that must become true.
async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let held = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE * 3, held).await;
    in_time.unwrap_or_else(|_| panic!("{what}"));
}

/// The store tells everything anew, as it was before anything was sent.
#[tokio::test]
async fn what_is_told_again_is_sent_once() {
    const COUNT: usize = 5000;
    let fcm = FakeFcm::start().await;
    let variables = fcm.variables();
    let (context, _dir) = context(&borrowed(&variables));
    let mut puts = Vec::new();
    for start in (0..COUNT).step_by(1000) {
        commit(&context, (start..start + 1000).map(queued).collect()).await;
    }
    for n in 0..COUNT {
        let found = context
            .documents
            .get("notifications", &format!("n{n:05}"))
            .await;
        puts.push(Event::Put(found.expect("reads").expect("there")));
    }
    let mut events = vec![Event::Reset];
    events.extend(puts.clone());
    events.push(Event::Reset);
    events.extend(puts.clone());
    events.push(Event::Current(Cursor("1".to_owned())));
    // And once more, after it was complete.
    events.push(Event::Reset);
    events.extend(puts);
    let told = tell(&context, "notifications", events);
    let worker = tokio::spawn({
        let told = told.clone();
        async move { follow::run(&told, Shard { number: 0, of: 1 }).await }
    });
    fcm.reached(COUNT).await;
    commit(&context, vec![queued(COUNT)]).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    told.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
    assert_eq!(fcm.taken().len(), COUNT);
    fcm.verify();
}

/// The watch begins anew all the time, in the middle of whatever is sent. `NOTIFICATIONS=30000` for more.
#[tokio::test]
async fn a_watch_that_begins_anew_all_the_time_sends_nothing_twice() {
    let count =
        std::env::var("NOTIFICATIONS").map_or(2000, |count| count.parse().expect("a number"));
    let fcm = FakeFcm::slow(Duration::from_millis(20)).await;
    let variables = fcm.variables();
    let (context, _dir) = context(&borrowed(&variables));
    let anew = tell_anew(&context, "notifications", Duration::from_millis(100));
    let worker = tokio::spawn({
        let anew = anew.clone();
        async move { follow::run(&anew, Shard { number: 0, of: 1 }).await }
    });
    // While it works.
    for start in (0..count).step_by(500) {
        commit(&context, (start..start + 500).map(queued).collect()).await;
    }
    let pending = async || {
        context
            .documents
            .count("notifications")
            .await
            .expect("counts")
    };
    let emptied = async {
        while pending().await > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE * 10, emptied).await;
    in_time.expect("the queue is emptied");
    anew.stop.cancel();
    worker.await.expect("no panic").expect("ends well");
    assert_eq!(fcm.taken().len(), count);
    let mut bodies = fcm.texts("body");
    bodies.dedup();
    assert_eq!(bodies.len(), count);
    fcm.verify();
}

/// What could not be removed would be sent for ever: it is kept aside, with the reason, before anything is
/// sent, by whoever sends.
#[tokio::test]
async fn what_could_not_be_removed_is_parked_and_never_sent() {
    const ID: &str = "__beacon__";
    for by_worker in [false, true] {
        let fcm = FakeFcm::start().await;
        let variables = fcm.variables();
        let (plain, _dir) = context(&borrowed(&variables));
        let odd = json!({ "token": "t", "title": "x", "body": "never" });
        let put = |id: &str| vec![Write::put("notifications", id, &odd).expect("JSON")];
        commit(&plain, put(ID)).await;
        commit(&plain, vec![queued(1)]).await;
        let odd_store = nameless(&plain, "notifications", ID);
        let is_parked = async || {
            let all = list::Input {
                parked: true,
                ..list::Input::default()
            };
            let all = list::run(&odd_store, all).await.expect("lists");
            all.items.iter().any(|status| status.id == ID)
        };
        if by_worker {
            let worker = tokio::spawn({
                let own = odd_store.clone();
                async move { follow::run(&own, Shard { number: 0, of: 1 }).await }
            });
            fcm.reached(1).await;
            eventually("is parked", is_parked).await;
            // It changes, as the app wrote it once more: the others still are sent.
            commit(&plain, put(ID)).await;
            commit(&plain, vec![queued(2)]).await;
            fcm.reached(2).await;
            odd_store.stop.cancel();
            worker.await.expect("no panic").expect("ends well");
        } else {
            for sent in [1, 0] {
                let report = flush::run(&odd_store, flush::Input::default()).await;
                let report = report.expect("flushes");
                assert_eq!((report.delivered, report.parked), (sent, 1), "{report:?}");
            }
            assert!(is_parked().await);
        }
        let status = show::run(&odd_store, ID.into()).await.expect("is known");
        let reason = status.reason.expect("a reason");
        assert!(reason.contains("could not be removed"), "{reason}");
        assert!(!fcm.texts("body").contains(&"never".to_owned()));
        fcm.verify();
    }
}

/// Numbers for ids, as imports from Datastore make them; negative ones are numbers as well.
#[tokio::test]
async fn what_was_imported_is_sent_once_and_removed() {
    let (emulator, fcm) = (Emulator::start().await, FakeFcm::start().await);
    let firestore = emulator.variables();
    let (context, _dir) = over(&fcm.variables(), &borrowed(&firestore));
    let ids = [
        "__id-3__",
        "__id9007199254740993__",
        "__id-9223372036854775808__",
        "_id5_",
    ];
    for id in ids {
        let fields =
            ["token", "title", "body"].map(|name| (name.to_owned(), json!({ "stringValue": id })));
        let fields = Value::Object(fields.into_iter().collect());
        put_as_app(&emulator, "notifications", id, fields).await;
    }
    for sent in [ids.len() as u64, 0] {
        let report = flush::run(&context, flush::Input::default())
            .await
            .expect("flushes");
        assert_eq!((report.delivered, report.parked), (sent, 0), "{report:?}");
    }
    let left = context.documents.count("notifications").await;
    assert_eq!((left.expect("counts"), fcm.calls()), (0, ids.len()));
    fcm.verify();
}

/// Two workers of one store whose settings differ, as while settings are rolled out.
#[tokio::test]
async fn workers_that_cut_the_queue_differently_never_work_together() {
    let fcm = FakeFcm::start().await;
    let variables = fcm.variables();
    let (context, dir) = context(&borrowed(&variables));
    let start = |shards: &str| {
        let mut variables = borrowed(&variables);
        variables.extend([
            ("TOK_WORKER__LOOPS", "notify"),
            ("TOK_WORKER__SHARDS", shards),
            ("TOK_WORKER__LEASE", "6s"),
        ]);
        let config = config(dir.path(), &variables);
        let mut own = context.clone();
        own.stop = tokio_util::sync::CancellationToken::new();
        let worker = tokio::spawn({
            let own = own.clone();
            async move { worker::work(own, &config.worker, std::sync::Arc::default()).await }
        });
        (own.stop, worker)
    };
    let (first, one) = start("1");
    let (second, two) = start("2");
    let (third, three) = start("3");
    for part in 0..30 {
        commit(&context, (part * 10..part * 10 + 10).map(queued).collect()).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    fcm.reached(300).await;
    // Whoever works goes; another one takes over.
    for (stop, worker) in [(first, one), (second, two)] {
        stop.cancel();
        worker.await.expect("no panic");
        commit(&context, (300..400).map(queued).collect()).await;
    }
    eventually("the last one takes over", async || {
        context
            .documents
            .count("notifications")
            .await
            .expect("counts")
            == 0
    })
    .await;
    third.cancel();
    three.await.expect("no panic");
    let texts = fcm.texts("body");
    let mut once = texts.clone();
    once.dedup();
    // What was written twice was sent twice at most: it is another notification by then.
    assert!(
        texts.len() <= 500 && once.len() == 400,
        "{} {}",
        texts.len(),
        once.len()
    );
    let early = texts.iter().filter(|text| text.as_str() < "00300").count();
    assert_eq!(early, 300, "nothing was sent twice");
    fcm.verify();
}

#[tokio::test]
async fn other_numbers_of_parts_are_locked_and_named() {
    let (context, _dir) = context(&[]);
    let other = Lease::take(&context, &LeaseName::of_loop("notify:2-of-3")).await;
    let other = other.expect("is free");
    for of in [1, 2, 4] {
        let refused = follow::run(&context, Shard { number: 0, of }).await;
        let refused = refused.expect_err("stands by");
        assert_eq!(refused.kind(), Kind::Locked);
        assert!(refused.message().contains("notify:2-of-3"), "{refused}");
    }
    let own = flush::run_for(&context, Shard { number: 0, of: 3 }).await;
    assert_eq!(own.expect_err("a part is sent").kind(), Kind::Locked);
    other.release().await;
    let own = flush::run_for(&context, Shard { number: 0, of: 3 }).await;
    own.expect("nobody else is there");
}

#[test]
fn a_run_whose_loops_are_all_locked_says_so() {
    let binary = Binary::new();
    binary.run(&["user", "list"]).ok();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let dir = binary.dir().join(".local/share/tok");
    let context = Context::open(&config(&dir, &[]), &dir).expect("opens");
    let held = runtime.block_on(async {
        let mut held = Vec::new();
        for name in ["notify", "rooms", "calls"] {
            held.push(
                // Longer than all runs take.
                Lease::take_for(&context, &LeaseName::of_loop(name), Duration::from_hours(1))
                    .await
                    .expect("is free"),
            );
        }
        held
    });
    for only in ["notify", "notify,rooms", "notify,rooms,calls"] {
        let run = binary.run(&["work", "--once", "--only", only, "--json"]);
        assert_eq!(run.code, Some(11), "{only}: {}", run.stderr);
        let said: String = run.stderr.split_whitespace().collect();
        assert!(said.contains("\"exit_code\":11"), "{only}: {}", run.stderr);
    }
    // What others have is told, and what was done was done.
    for only in ["notify,housekeeping", "notify,rooms,housekeeping"] {
        let run = binary.run(&["work", "--once", "--only", only, "--json"]);
        assert_eq!(run.code, Some(8), "{only}: {}", run.stderr);
        assert!(run.stderr.contains("notify: "), "{only}: {}", run.stderr);
    }
    // The queue in parts is one loop, done by its first.
    let variables = [("TOK_WORKER__SHARDS", "3")];
    let parts = Binary::with(&variables);
    let run = parts.run(&["work", "--once", "--only", "notify"]);
    run.ok();
    drop(held);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inbox_is_read_newest_first_to_its_end() {
    let app = TestApp::start().await;
    let context = &app.context;
    for n in [4, 6, 5, 1, 3, 2] {
        let id = format!("n{n}");
        send::run(context, input(&id, ada())).await.expect("queues");
        flush::run(context, flush::Input::default())
            .await
            .expect("flushes");
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let mut after = String::new();
    let mut read = Vec::new();
    loop {
        let path = format!("/v1/users/ada/notifications?limit=4{after}");
        let (status, page) = app.get(&path).await;
        assert_eq!(status, 200, "{page}");
        let items = page["items"].as_array().expect("items");
        read.extend(
            items
                .iter()
                .map(|item| item["id"].as_str().expect("an id").to_owned()),
        );
        let Some(next) = page["next"].as_str() else {
            break;
        };
        after = format!("&after={}", next.replace('+', "%2B"));
    }
    assert_eq!(read, ["n2", "n3", "n1", "n5", "n6", "n4"]);
    let (status, _) = app.get("/v1/users/ada/notifications?after=nonsense").await;
    assert_eq!(status, 400);
    let (status, _) = app.get("/v1/users/ada/notifications?limit=0").await;
    assert_eq!(status, 400);
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text");
    let all = ["--data-dir", dir, "notify", "inbox", "ada", "-o", "name"];
    assert_eq!(binary.run(&all).ok().stdout, "n2\nn3\nn1\nn5\nn6\nn4\n");
    let first = [
        "--data-dir",
        dir,
        "notify",
        "inbox",
        "ada",
        "-o",
        "name",
        "--limit",
        "2",
    ];
    assert_eq!(binary.run(&first).ok().stdout, "n2\nn3\n");
}

/// Many of one moment: pages neither repeat nor leave out any.
#[tokio::test]
async fn what_came_at_one_moment_is_paged_without_a_gap() {
    let (context, _dir) = context(&[]);
    let item = |n: usize| {
        let value = json!({
            "to": { "user": "ada" }, "kind": "message", "data": {},
            "at": "2026-01-01T10:00:00Z", "expires_at": "2100-01-01T10:00:00Z",
        });
        Write::put("tok_inbox", &format!("user:ada:m{n:04}"), &value).expect("JSON")
    };
    commit(&context, (0..1500).map(item).collect()).await;
    let mut page = inbox::Input {
        limit: Some(400),
        ..inbox::Input::of("ada".parse().expect("id"))
    };
    let mut read = Vec::new();
    loop {
        let found = inbox::run(&context, page.clone()).await.expect("reads");
        read.extend(found.items.into_iter().map(|item| item.id));
        page.after = found.next;
        if page.after.is_none() {
            break;
        }
    }
    let expected: Vec<_> = (0..1500).map(|n| format!("m{n:04}")).collect();
    assert_eq!(read, expected);
}

#[tokio::test]
async fn in_the_app_nothing_is_taken_that_nobody_could_read() {
    let (context, _dir) = context(&[]);
    let to = [
        Target::Topic("news".to_owned()),
        Target::Token("t".to_owned()),
        Target::Device("unknown".to_owned()),
    ];
    for to in to {
        let refused = send::run(&context, input("x", to.clone())).await;
        assert_eq!(
            refused.expect_err("refused").kind(),
            Kind::Unsupported,
            "{to}"
        );
        let refused = send::validate(&context, input("x", to.clone())).await;
        assert_eq!(
            refused.expect_err("refused").kind(),
            Kind::Unsupported,
            "{to}"
        );
    }
    // What an app writes into the queue by itself is kept aside, with the reason.
    let own = json!({ "token": "t", "title": "x" });
    commit(
        &context,
        vec![Write::put("notifications", "own", &own).expect("JSON")],
    )
    .await;
    // A device's are its owner's.
    let device = json!({
        "token": "t", "platform": "gcm", "user_id": "ada", "created_at": "2026-01-01T10:00:00Z",
        "updated_at": "2026-01-01T10:00:00Z",
    });
    commit(
        &context,
        vec![Write::put("tok_devices", "phone", &device).expect("JSON")],
    )
    .await;
    send::run(&context, input("d", Target::Device("phone".to_owned())))
        .await
        .expect("queues");
    send::run(&context, input("u", ada()))
        .await
        .expect("queues");
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.delivered, report.parked), (2, 1), "{report:?}");
    let parked = show::run(&context, "own".into()).await.expect("known");
    assert_eq!(parked.state, NotificationState::Parked);
    let waiting = inbox::run(&context, inbox::Input::of("ada".parse().expect("id"))).await;
    assert_eq!(waiting.expect("reads").items.len(), 2);
    // Nobody by that name is known; it says so.
    let status = show::run(&context, "u".into()).await.expect("known");
    assert!(status.reason.expect("a note").contains("no user `ada`"));
}

#[test]
fn what_cannot_be_delivered_ends_with_its_own_code() {
    let binary = Binary::new();
    let send = ["notify", "send", "--topic", "news", "--title", "x"];
    binary.run(&send).refused(7, "people");
}

#[tokio::test]
async fn what_waits_in_the_app_ends_when_everything_does() {
    let (context, _dir) = context(&[("TOK_PUSH__KEEP", "3h")]);
    send::run(&context, input("n", ada()))
        .await
        .expect("queues");
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let found = context.documents.get("tok_inbox", "user:ada:n").await;
    let item: Value = found
        .expect("reads")
        .expect("waits")
        .decode()
        .expect("JSON");
    let moment = |name: &str| -> jiff::Timestamp {
        item[name]
            .as_str()
            .expect("a moment")
            .parse()
            .expect("a moment")
    };
    let kept = moment("expires_at").duration_since(moment("at"));
    assert_eq!(kept, jiff::SignedDuration::from_hours(3));
}
