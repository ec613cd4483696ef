//! The worker when receivers are many, fail or wait. The stand-ins run on the same machine.

#![allow(clippy::cast_precision_loss, reason = "counts of one run")]

use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::json;
use tok::backends::documents::{Documents, Write};
use tok::commands::{device, notify, user};

use crate::Bar;
use crate::cli::{home, memory, tok};
use crate::http::runtime;
use crate::peers::fcm::FakeFcm;
use crate::peers::web_push::FakePushService;
use crate::worker::{context, fill, store, work};

/// What becomes of a token says how it begins.
fn notification(n: usize, token: &str) -> Write {
    let value = json!({
        "userID": "ada", "title": "Ada", "body": format!("message {n}"), "photoURL": null,
        "token": token,
    });
    Write::put("notifications", &format!("n{n:06}"), &value).expect("JSON")
}

/// One in ten is gone, no token at all, or gets too much.
pub fn flush_failing() -> Bar {
    const COUNT: usize = 10_000;
    let latency = Duration::from_millis(50);
    let (rate, streams) = runtime().block_on(async {
        let fcm = FakeFcm::slow(latency).await;
        let dir = home();
        let context = context(dir.path(), &fcm.variables());
        fill(context.documents.as_ref(), COUNT, |n| {
            let fate = match n % 30 {
                5 => "gone",
                15 => "malformed",
                25 => "busy",
                _ => "token",
            };
            notification(n, &format!("{fate}-{n}"))
        })
        .await;
        let began = Instant::now();
        let input = notify::flush::Input::default();
        let report = notify::flush::run(&context, input).await;
        let report = report.expect("flushes");
        let rate = COUNT as f64 / began.elapsed().as_secs_f64();
        assert_eq!(fcm.taken().len(), COUNT * 9 / 10, "{report:?}");
        assert_eq!(fcm.calls(), COUNT, "{report:?}");
        (rate, context.notify.streams)
    });
    let possible = streams as f64 / latency.as_secs_f64();
    Bar {
        name: "notify flush of 10 000 with one in ten failing, part of what the streams allow",
        measured: rate / possible,
        bar: 0.9,
        at_least: true,
        note: format!("{rate:.0} of {possible:.0} per second, {streams} streams over 50 ms"),
    }
}

/// The slowest of some rings, in seconds, while so many others wait for another try; and what the
/// worker holds then, in MiB.
async fn rings_beside(waiting: usize) -> (f64, f64) {
    const RINGS: usize = 20;
    let fcm = FakeFcm::start().await;
    let dir = home();
    let documents = store(&dir);
    // What Apple's key is missing for waits a long time, each by itself.
    fill(&documents, waiting, |n| {
        notification(n, &format!("iphone-{n}"))
    })
    .await;
    let mut child = work(&dir, &fcm.variables(), &["--only", "notify"]);
    while fcm.calls() < waiting {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut slowest: f64 = 0.0;
    for n in 0..RINGS {
        let ring = json!({
            "userID": "ada", "type": "call", "title": "Ada calls", "token": format!("ring-{n}"),
        });
        let ring = Write::put("notifications", &format!("ring-{n}"), &ring).expect("JSON");
        let began = Instant::now();
        documents.commit(vec![ring]).await.expect("commits");
        fcm.reached(n + 1).await;
        slowest = slowest.max(began.elapsed().as_secs_f64());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let resident = memory(&child, "VmRSS:").expect("a process") / 1024.0;
    child.kill().expect("stops");
    child.wait().expect("ends");
    (slowest, resident)
}

pub fn waiting_retries() -> Bar {
    let runtime = runtime();
    let (slowest, _) = runtime.block_on(rings_beside(100_000));
    Bar {
        name: "the slowest of 20 rings while 100 000 retries wait, seconds",
        measured: slowest,
        bar: 1.0,
        at_least: false,
        note: "each waits by itself".to_owned(),
    }
}

pub fn waiting_memory() -> Bar {
    let runtime = runtime();
    // More than are kept in memory already.
    let (_, few) = runtime.block_on(rings_beside(25_000));
    let (_, many) = runtime.block_on(rings_beside(100_000));
    Bar {
        name: "memory of the worker, 100 000 / 25 000 retries waiting",
        measured: many / few,
        bar: 1.15,
        at_least: false,
        note: format!("{many:.0} and {few:.0} MiB resident"),
    }
}

/// CPU time of children that ended, in seconds.
fn of_children() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("a process");
    let after = stat.rsplit_once(')').expect("a name").1;
    let fields: Vec<&str> = after.split_whitespace().collect();
    let ticks = |n: usize| fields[n].parse::<f64>().expect("a number");
    (ticks(13) + ticks(14)) / 100.0
}

pub fn web_push() -> Bar {
    const COUNT: usize = 10_000;
    let runtime = runtime();
    let dir = home();
    let service = runtime.block_on(FakePushService::start());
    let variables = vec![("TOK_PUSH__WEB_HOSTS", service.origin())];
    let filled = async {
        let context = context(&dir.path().join(".local/share/tok"), &variables);
        let ada = json!({ "id": "ada", "name": "Ada" });
        let ada = serde_json::from_value(ada).expect("a user");
        user::create::run(&context, ada).await.expect("made");
        let input = json!({
            "platform": "web", "subscription": service.subscribe("laptop"), "user_id": "ada",
        });
        let input = serde_json::from_value(input).expect("a device");
        let device = device::register::run(&context, input).await;
        let device = device.expect("registered").id;
        let queue = async |from: usize, to: usize| {
            fill(context.documents.as_ref(), to - from, |n| {
                let body = n.to_string();
                let value = json!({ "to": { "device": device }, "title": "Ada", "body": body });
                let id = format!("n{:06}", from + n);
                Write::put("notifications", &id, &value).expect("JSON")
            })
            .await;
        };
        // The first one goes from here: the stand-in opens messages by what sealed them.
        queue(0, 1).await;
        let input = notify::flush::Input::default();
        notify::flush::run(&context, input).await.expect("sent");
        queue(1, COUNT + 1).await;
    };
    runtime.block_on(filled);
    let before = of_children();
    let mut flush = tok(&dir, &["notify", "flush"]);
    flush.stdout(Stdio::null());
    let status = flush.envs(variables).status().expect("runs");
    assert!(status.success(), "{status}");
    let spent = of_children() - before;
    service.verify();
    assert_eq!(service.taken().len(), COUNT + 1);
    Bar {
        name: "sealed web pushes per CPU second of notify flush",
        measured: COUNT as f64 / spent,
        bar: 2_000.0,
        at_least: true,
        note: format!("{COUNT} in {spent:.2} s of CPU, the queue's store included"),
    }
}
