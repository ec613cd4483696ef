//! Whoever asks is told what the workers do: by `doctor`, `status`, readiness, metrics and the log alike.

use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::releases::eventually;
use crate::stored;
use crate::support::{Binary, FakeDaily, Fault, PAUSE, daily_variables};
use tok::backends::documents::Write;

/// Short leases: a worker that is gone is missed soon.
const SHORT: (&str, &str) = ("TOK_WORKER__LEASE", "1s");

fn findings(binary: &Binary) -> Vec<Value> {
    let found = binary.run(&["doctor", "--json"]).json();
    found["findings"].as_array().expect("a list").clone()
}

fn finding(binary: &Binary, check: &str) -> Option<Value> {
    findings(binary).into_iter().find(|of| of["check"] == check)
}

fn get(url: &str) -> (StatusCode, String) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let answer = reqwest::get(url).await.expect("answers");
        (answer.status(), answer.text().await.expect("text"))
    })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[test]
fn a_worker_that_is_missing_is_told_by_everybody() {
    let binary = Binary::with(&[SHORT]);
    let served = binary.serve();
    let missing = finding(&binary, "worker").expect("a check");
    assert_eq!(missing["health"], "warn", "{missing}");
    assert_eq!(missing["message"], "no worker has been seen yet");
    assert!(text(&missing["advice"]).contains("tok work"), "{missing}");
    let status = binary.run(&["status"]).ok();
    assert!(
        status.stderr.contains("no worker has been seen yet"),
        "{status:?}"
    );
    assert!(status.stdout.contains("housekeeping"), "{status:?}");
    let body = eventually("readiness tells, and people can be served", || {
        let (status, body) = get(&format!("{}/readyz", served.ops));
        let told = body.contains("no worker has been seen yet");
        (status == StatusCode::OK && told).then_some(body)
    });
    assert!(body.contains("\"ready\":true"), "{body}");
    let (_, metrics) = get(&format!("{}/metrics", served.ops));
    let line = "tok_worker_loop{loop=\"calls\",condition=\"missing\"} 1";
    assert!(metrics.contains(line), "{metrics}");
    assert!(
        !metrics.contains("tok_worker_seen_timestamp_seconds{"),
        "{metrics}"
    );
    served.signal(Signal::SIGTERM);
    let (_, log) = served.finish();
    assert!(log.contains("no worker has been seen yet"), "{log}");
}

/// A loop that fails again and again does not mend itself: from some minutes on the doctor fails.
#[test]
fn a_loop_that_fails_for_minutes_makes_the_doctor_fail() {
    let binary = Binary::with(&[("TOK_WORKER__LOOPS", "notify,search,presence")]);
    binary
        .run(&["user", "create", "--id", "kim", "--name", "Kim"])
        .ok();
    let note = |name: &str, seconds: i64| {
        let since = jiff::Timestamp::now() - jiff::SignedDuration::from_secs(seconds);
        let note = json!({
            "condition": "failing", "since": since.to_string(), "life_ms": 600_000,
            "why": "the store is away",
        });
        Write::put("tok_loops", name, &note).expect("JSON")
    };
    stored::commit(&binary, vec![note("notify", 20), note("presence", 100)]);
    let health =
        |name: &str| finding(&binary, &format!("loop {name}")).expect("told")["health"].clone();
    assert_eq!(
        (health("notify"), health("presence")),
        (json!("warn"), json!("warn"))
    );
    assert_ne!(binary.run(&["doctor"]).code, Some(8));
    stored::commit(&binary, vec![note("presence", 200)]);
    assert_eq!(
        (health("notify"), health("presence")),
        (json!("warn"), json!("fail"))
    );
    assert_eq!(binary.run(&["doctor"]).code, Some(8));
}

#[test]
fn a_loop_is_told_with_its_worker_until_that_is_gone() {
    let binary = Binary::with(&[SHORT]);
    let worker = binary.work(&[]);
    let pid = worker.child.id();
    let works = |name: &str| {
        let told = finding(&binary, name)?;
        text(&told["message"])
            .starts_with("working")
            .then_some(told)
    };
    let told = eventually("it works", || works("loop rooms"));
    assert!(
        text(&told["message"]).contains(&format!("tok {pid} on ")),
        "{told}"
    );
    // Each loop begins by itself.
    eventually("the status tells it of another loop", || {
        let status = binary.run(&["status", "--json"]).ok().json();
        let loops = status["loops"].as_array().expect("loops");
        let calls = loops.iter().find(|of| of["name"] == "calls");
        let calls = calls.expect("calls");
        (calls["worker"]["pid"] == pid && calls["succeeded"].is_string()).then_some(())
    });
    worker.signal(Signal::SIGKILL);
    let (_, _) = worker.finish();
    let gone = eventually("it is missed", || finding(&binary, "worker"));
    let message = text(&gone["message"]);
    assert!(
        message.starts_with("no worker has been seen since 20"),
        "{gone}"
    );
}

#[test]
fn a_worker_that_waits_says_which_one_works() {
    let binary = Binary::new();
    let first = binary.work(&["--only", "rooms"]);
    let of_first = format!("tok {} on ", first.child.id());
    eventually("the first works", || {
        let told = finding(&binary, "loop rooms")?;
        text(&told["message"]).contains(&of_first).then_some(())
    });
    let second = binary.work(&["--only", "rooms"]);
    eventually("the second tells of the first", || {
        let (_, body) = get(&format!("{}/readyz", second.ops));
        body.contains(&of_first).then_some(())
    });
    // That stands in the store; it looks for the lease by itself.
    eventually("the second waits", || {
        let (_, metrics) = get(&format!("{}/metrics", second.ops));
        let waits = "tok_worker_lease_held{loop=\"rooms\"} 0";
        metrics.contains(waits).then_some(())
    });
    let run = binary.run(&["work", "--once", "--only", "rooms"]);
    run.refused(11, &of_first);
    second.signal(Signal::SIGTERM);
    let (_, log) = second.finish();
    let line = log
        .lines()
        .find(|line| line.contains("another worker has it"));
    assert!(line.expect("a line").contains(&of_first), "{log}");
    assert!(!log.contains("loop started"), "{log}");
    first.signal(Signal::SIGTERM);
    first.finish();
}

#[test]
fn a_turn_that_failed_is_told_with_its_reason() {
    let fake = tokio::runtime::Runtime::new().expect("a runtime");
    let daily = fake.block_on(FakeDaily::start());
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("DAILY_API_KEY", "refused"));
    variables.push(("TOK_WORKER__ROOMS_UNUSED", "30d"));
    let binary = Binary::with(&variables);
    let run = binary.run(&["work", "--once", "--only", "rooms"]);
    assert_ne!(run.code, Some(0), "{run:?}");
    let told = finding(&binary, "loop rooms").expect("a check");
    let message = text(&told["message"]);
    assert!(message.starts_with("failing since"), "{told}");
    assert!(message.contains("refused the credential"), "{told}");
    let status = binary.run(&["status"]).ok();
    assert!(status.stdout.contains("failing"), "{status:?}");
}

/// A vendor that hangs takes no node out of its balancer, and nobody waits for it.
#[tokio::test(flavor = "multi_thread")]
async fn readiness_waits_for_no_vendor() {
    // Whoever waits for it does so each time, a busy machine now and then.
    let mut took = Vec::new();
    while took.iter().all(|took| *took >= Duration::from_secs(5)) {
        assert!(took.len() < 5, "{took:?}");
        took.push(readiness_beside_a_silent_vendor().await);
    }
}

/// How long readiness takes while a vendor says nothing.
async fn readiness_beside_a_silent_vendor() -> Duration {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    daily.fault("GET /", Fault::Slow(Duration::from_mins(1)));
    let mut variables = daily_variables(&url);
    variables.push(("TOK_DAILY__TIMEOUT", "1m"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    while daily.calls().is_empty() {
        tokio::time::sleep(PAUSE).await;
    }
    let began = Instant::now();
    let answer = reqwest::get(format!("{}/readyz", served.ops)).await;
    let answer = answer.expect("answers");
    assert_eq!(answer.status(), StatusCode::OK);
    began.elapsed()
}

/// Nobody ends a ring where no worker runs.
#[test]
fn a_ring_that_nobody_ends_is_overdue() {
    let binary = Binary::new();
    let mut call = stored::golden("tok_calls");
    call["state"] = "ringing".into();
    let id = text(&call["id"]).to_owned();
    stored::commit(
        &binary,
        vec![Write::put("tok_calls", &id, &call).expect("JSON")],
    );
    let shown = binary.run(&["call", "show", &id, "--json"]).ok().json();
    assert_eq!(
        (&shown["state"], &shown["overdue"]),
        (&"ringing".into(), &true.into())
    );
    let listed = binary.run(&["call", "list"]).ok();
    assert!(listed.stdout.contains("ringing, overdue"), "{listed:?}");
    let told = binary.run(&["call", "show", &id]).ok();
    assert!(told.stderr.contains("no worker ends it"), "{told:?}");
}
