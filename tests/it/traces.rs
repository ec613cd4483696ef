//! Traces and metrics: what a collector is told, and that one that is away costs nobody anything.

use futures_util::StreamExt;
use futures_util::stream;
use nix::sys::signal::Signal;
use serde_json::json;

use crate::support::binary::Served;
use crate::support::collector::{CREDENTIAL, FakeCollector, Mood, ToldSpan};
use crate::support::rtdb::FakeDatabase;
use crate::support::{
    Binary, Emulator, FakeDaily, FakeFcm, Fault, PAUSE, borrowed, daily, daily_variables,
};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const CALLER: &str = "b7ad6b7169203331";

fn stop(served: Served) -> String {
    served.signal(Signal::SIGTERM);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0), "{log}");
    log
}

#[track_caller]
fn named<'a>(spans: &'a [ToldSpan], name: &str) -> &'a ToldSpan {
    let names: Vec<_> = spans.iter().map(|span| &span.name).collect();
    let found = spans.iter().find(|span| span.name == name);
    found.unwrap_or_else(|| panic!("no {name} in {names:?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_followed_from_its_caller_to_the_vendor() {
    let (collector, daily) = (
        FakeCollector::start(Mood::Well).await,
        FakeDaily::start().await,
    );
    let url = daily.url();
    let settings = collector.variables();
    let mut variables = daily_variables(&url);
    variables.extend(borrowed(&settings));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    let request = reqwest::Client::new()
        .post(format!("{}/v1/rooms", served.url))
        .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
        .header("x-request-id", "asked-by-a-test")
        .json(&json!({ "name": "standup" }));
    let answer = request.send().await.expect("answers");
    assert!(answer.status().is_success(), "{answer:?}");
    // What waits is sent before the end.
    stop(served);
    collector.verify();
    let spans = collector.spans();
    let whole = named(&spans, "POST /v1/rooms");
    assert_eq!(
        (whole.trace.as_str(), whole.parent.as_str()),
        (TRACE, CALLER)
    );
    assert_eq!((whole.kind, whole.status), (2, 0), "a server's, no failure");
    assert_eq!(whole.attribute("http.route"), Some("/v1/rooms"));
    assert_eq!(whole.attribute("http.response.status_code"), Some("201"));
    assert_eq!(whole.attribute("tok.request_id"), Some("asked-by-a-test"));
    let made = named(&spans, "room create");
    assert_eq!((made.trace.as_str(), &made.parent), (TRACE, &whole.id));
    let called = named(&spans, "POST Daily");
    assert_eq!((called.trace.as_str(), &called.parent), (TRACE, &made.id));
    assert_eq!(called.kind, 3, "a client's");
    assert_eq!(called.attribute("server.address"), Some("127.0.0.1"));
    let told = daily.traceparents();
    assert!(
        told.contains(&format!("00-{TRACE}-{}-01", called.id)),
        "{told:?}"
    );
    assert_eq!(
        collector.numbers(),
        Vec::<Vec<_>>::new(),
        "nobody wants any"
    );
    let services = collector.services();
    assert!(
        services.contains(&("service.name".to_owned(), "tok".to_owned())),
        "{services:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_said_to_have_failed_and_no_secret_is_told() {
    let (collector, daily) = (
        FakeCollector::start(Mood::Well).await,
        FakeDaily::start().await,
    );
    let url = daily.url();
    let settings = collector.variables();
    let mut variables = daily_variables(&url);
    variables.extend(borrowed(&settings));
    variables.push(("TOK_AUTH__MODE", "keys"));
    let binary = Binary::with(&variables);
    let key = binary.run(&["key", "create", "app", "--json"]).ok().json();
    let key = key["secret"].as_str().expect("a key").to_owned();
    let served = binary.serve();
    let client = reqwest::Client::new();
    let ask = |path: &str, key: &str| {
        let request = client.post(format!("{}{path}", served.url));
        request.bearer_auth(key).json(&json!({}))
    };
    daily.fault("POST /rooms", Fault::Status(401, "authentication-error"));
    let refused = ask("/v1/rooms", &key).send().await.expect("answers");
    assert_eq!(refused.status(), 502, "our key is refused");
    let token = ask("/v1/rooms/pub-room/tokens?x=query-secret", &key)
        .send()
        .await;
    let token = token.expect("answers").text().await.expect("text");
    let nobody = ask("/v1/rooms", "tok_stranger-secret").send().await;
    assert_eq!(nobody.expect("answers").status(), 401);
    let log = stop(served);
    collector.verify();
    let spans = collector.spans();
    let failed: Vec<_> = spans.iter().filter(|span| span.status == 2).collect();
    let names: Vec<_> = failed.iter().map(|span| span.name.as_str()).collect();
    assert!(
        ["POST /v1/rooms", "room create", "POST Daily"]
            .iter()
            .all(|name| names.contains(name)),
        "{names:?}"
    );
    let refused = failed.iter().find(|span| span.name == "room create");
    let refused = refused.expect("one").attribute("error.type");
    assert_eq!(refused, Some("credential_refused"));
    let told: String = spans.iter().map(|span| span.whole.as_str()).collect();
    let minted = serde_json::from_str::<serde_json::Value>(&token).expect("JSON");
    let secrets = [
        key.as_str(),
        daily::KEY,
        CREDENTIAL,
        "collector-secret",
        "query-secret",
        "stranger-secret",
        minted["token"].as_str().unwrap_or("Authorization"),
        "uthorization",
    ];
    for secret in secrets {
        assert!(!told.contains(secret), "{secret} in {told}");
    }
    assert!(!log.contains("collector-secret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delivery_is_a_trace_of_its_own_with_the_call_to_the_vendor_in_it() {
    let (collector, fcm) = (
        FakeCollector::start(Mood::Well).await,
        FakeFcm::start().await,
    );
    let (settings, vendor) = (collector.variables(), fcm.variables());
    let mut variables = borrowed(&settings);
    variables.extend(borrowed(&vendor));
    let binary = Binary::with(&variables);
    let send = [
        "notify",
        "send",
        "--topic",
        "news",
        "--title",
        "hush-title",
        "--json",
    ];
    let sent = binary.run(&send).ok().json();
    binary.run(&["work", "--once", "--only", "notify"]).ok();
    collector.verify();
    let spans = collector.spans();
    let delivery = named(&spans, "notification delivery");
    assert_eq!(delivery.attribute("notification"), sent["id"].as_str());
    assert_eq!(delivery.attribute("outcome"), Some("delivered"));
    let called = named(&spans, "POST FCM");
    assert_eq!(
        (&called.trace, &called.parent),
        (&delivery.trace, &delivery.id)
    );
    assert!(!format!("{spans:?}").contains("hush-title"), "{spans:?}");
}

/// So many requests that more spans come than there is room for.
async fn many_requests(url: &str) {
    let client = reqwest::Client::new();
    let ask = |_| {
        let request = client.get(format!("{url}/v1/rooms"));
        async move { request.send().await.expect("answers").status() }
    };
    let answers: Vec<_> = stream::iter(0..5000)
        .map(ask)
        .buffer_unordered(32)
        .collect()
        .await;
    assert!(
        answers.iter().all(reqwest::StatusCode::is_success),
        "{answers:?}"
    );
}

/// What a metric is at.
async fn counted(ops: &str, outcome: &str) -> u64 {
    let told = reqwest::get(format!("{ops}/metrics"))
        .await
        .expect("answers");
    let told = told.text().await.expect("text");
    let name = format!("tok_spans_total{{outcome=\"{outcome}\"}} ");
    let mut lines = told.lines().filter_map(|line| line.strip_prefix(&name));
    lines
        .next()
        .map_or(0, |count| count.parse().expect("a number"))
}

fn complaints(log: &str) -> usize {
    log.matches("the collector does not take our traces")
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_never_answers_holds_up_nobody() {
    let collector = FakeCollector::start(Mood::Hangs).await;
    let settings = collector.variables();
    let mut variables = borrowed(&settings);
    variables.push(("TOK_SERVER__RATE_LIMIT", "off"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    many_requests(&served.url).await;
    collector.asked().await;
    assert!(counted(&served.ops, "dropped").await > 0);
    // Its first request is never answered, so this ends only because it is not waited for.
    let log = stop(served);
    assert!(log.contains("the last traces were not sent"), "{log}");
    assert!(complaints(&log) <= 1, "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_is_told_of_once() {
    let collector = FakeCollector::start(Mood::Away).await;
    let settings = collector.variables();
    let mut variables = borrowed(&settings);
    variables.push(("TOK_SERVER__RATE_LIMIT", "off"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    many_requests(&served.url).await;
    let log = stop(served);
    assert!(collector.requests() > 1);
    assert_eq!(complaints(&log), 1, "{log}");
    assert!(log.contains("503 Service Unavailable"), "{log}");
    assert!(!log.contains("collector-secret"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sample_of_nothing_is_nothing_but_for_those_who_ask() {
    let collector = FakeCollector::start(Mood::Well).await;
    let settings = collector.variables();
    let mut variables = borrowed(&settings);
    variables.push(("TOK_TELEMETRY__SAMPLE", "0"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    let ask = |flags: &str| {
        let request = reqwest::Client::new().get(format!("{}/v1/rooms", served.url));
        request.header("traceparent", format!("00-{TRACE}-{CALLER}-{flags}"))
    };
    ask("00").send().await.expect("answers");
    reqwest::get(format!("{}/v1/rooms", served.url))
        .await
        .expect("answers");
    ask("01").send().await.expect("answers");
    stop(served);
    let spans = collector.spans();
    assert_eq!(spans.len(), 1, "{spans:?}");
    assert_eq!(spans[0].trace, TRACE);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_to_google_are_parts_of_the_request() {
    let collector = FakeCollector::start(Mood::Well).await;
    let emulator = Emulator::start().await;
    let database = FakeDatabase::start().await;
    let (settings, presence) = (collector.variables(), database.variables());
    let url = format!("http://{}", emulator.address);
    let mut variables = borrowed(&settings);
    variables.extend(borrowed(&presence));
    variables.extend([
        ("TOK_DOCUMENTS__BACKEND", "firestore"),
        ("TOK_FIRESTORE__BASE_URL", &url),
        ("TOK_FIRESTORE__PROJECT_ID", "demo"),
        ("TOK_TELEMETRY__SAMPLE", "0"),
    ]);
    let binary = Binary::with(&variables);
    let served = binary.serve();
    let client = reqwest::Client::new();
    let ask = |request: reqwest::RequestBuilder| {
        request
            .header("traceparent", format!("00-{TRACE}-{CALLER}-01"))
            .send()
    };
    let user = json!({ "id": "ada", "name": "secret-name" });
    let made = client.post(format!("{}/v1/users", served.url)).json(&user);
    assert_eq!(ask(made).await.expect("answers").status(), 201);
    database.put(
        "/status/ada",
        json!({ "state": "online", "last_changed": 1 }),
    );
    let shown = client.get(format!("{}/v1/presence/ada", served.url));
    assert!(ask(shown).await.expect("answers").status().is_success());
    let nobody = client.get(format!("{}/v1/users/nobody", served.url));
    assert_eq!(ask(nobody).await.expect("answers").status(), 404);
    let listed = client.get(format!("{}/v1/users", served.url));
    assert_eq!(ask(listed).await.expect("answers").status(), 200);
    stop(served);
    collector.verify();
    let spans = collector.spans();
    for (name, of) in [
        ("Commit Firestore", "POST /v1/users"),
        ("RunQuery Firestore", "GET /v1/users"),
        ("GetDocument Firestore", "GET /v1/users/{id}"),
        ("GET Realtime Database", "GET /v1/presence/{user}"),
    ] {
        let whole = named(&spans, of);
        let own = |span: &&ToldSpan| span.name == name && span.trace == TRACE;
        let mut calls = spans.iter().filter(own);
        let call = calls.find(|span| span.parent == whole.id);
        let call = call.unwrap_or_else(|| panic!("no {name} in {of}: {spans:#?}"));
        assert_eq!(call.kind, 3, "a client's");
        assert_eq!(call.attribute("server.address"), Some("127.0.0.1"));
    }
    let missing = named(&spans, "GetDocument Firestore");
    assert_eq!(missing.attribute("rpc.method"), Some("GetDocument"));
    let told: String = spans.iter().map(|span| span.whole.as_str()).collect();
    assert!(!told.contains("secret-name"), "{told}");
}

/// All that `/metrics` shows, and what was counted after that.
#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_sent_as_they_are_shown() {
    let collector = FakeCollector::start(Mood::Well).await;
    let settings = collector.variables();
    let mut variables = borrowed(&settings);
    variables.push(("TOK_TELEMETRY__SAMPLE", "0"));
    // Only at the end.
    variables.push(("TOK_TELEMETRY__METRICS_EVERY", "1h"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    for _ in 0..3 {
        let asked = reqwest::get(format!("{}/v1/rooms", served.url)).await;
        assert_eq!(asked.expect("answers").status(), 200);
    }
    let shown = reqwest::get(format!("{}/metrics", served.ops)).await;
    let shown = shown.expect("answers").text().await.expect("text");
    stop(served);
    collector.verify();
    let told = collector.numbers();
    let [told] = told.as_slice() else {
        panic!("{} times", told.len());
    };
    for line in shown.lines() {
        let Some((name, kind)) = line
            .strip_prefix("# TYPE ")
            .and_then(|line| line.split_once(' '))
        else {
            continue;
        };
        let kind = if kind == "counter" { "sum" } else { kind };
        let found = told.iter().find(|number| number.metric == name);
        assert_eq!(found.expect(name).kind, kind, "{name}");
    }
    let of_route = |metric: &str| {
        let labelled = told.iter().filter(|number| number.metric == metric);
        let rooms = ("route".to_owned(), "/v1/rooms".to_owned());
        let of_route = labelled.filter(|number| number.attributes.contains(&rooms));
        of_route.map(|number| number.value).sum::<f64>()
    };
    for metric in ["tok_http_requests_total", "tok_http_request_seconds"] {
        assert!((of_route(metric) - 3.0).abs() < f64::EPSILON, "{metric}");
    }
    let memory = told
        .iter()
        .find(|number| number.metric == "process_resident_memory_bytes")
        .expect("measured");
    assert!(memory.value > 0.0 && memory.unit == "bytes", "{memory:?}");
    let services = collector.services();
    assert!(
        services.contains(&("service.name".to_owned(), "tok".to_owned())),
        "{services:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_are_sent_again_and_again_and_what_fails_is_counted() {
    for (mood, outcome) in [(Mood::Well, "sent"), (Mood::Away, "failed")] {
        let collector = FakeCollector::start(mood).await;
        let settings = collector.variables();
        let mut variables = borrowed(&settings);
        variables.push(("TOK_TELEMETRY__SAMPLE", "0"));
        variables.push(("TOK_TELEMETRY__METRICS_EVERY", "1s"));
        let binary = Binary::with(&variables);
        let served = binary.serve();
        let line = format!("tok_metric_pushes_total{{outcome=\"{outcome}\"}} ");
        let pushes = async || {
            let shown = reqwest::get(format!("{}/metrics", served.ops)).await;
            let shown = shown.expect("answers").text().await.expect("text");
            let mut lines = shown.lines().filter_map(|found| found.strip_prefix(&line));
            lines
                .next()
                .map_or(0, |count| count.parse().expect("a number"))
        };
        let often = async {
            while pushes().await < 2 {
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::time::timeout(crate::support::PATIENCE, often)
            .await
            .expect("in time");
        let log = stop(served);
        collector.verify();
        let told = "the collector does not take our metrics";
        let told = log.matches(told).count();
        assert_eq!(told, usize::from(outcome == "failed"), "{log}");
        assert!(!log.contains("collector-secret"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_metrics_hold_up_the_end_for_no_longer_than_a_moment() {
    let collector = FakeCollector::start(Mood::Hangs).await;
    let settings = collector.variables();
    let mut variables = borrowed(&settings);
    variables.push(("TOK_TELEMETRY__SAMPLE", "0"));
    variables.push(("TOK_TELEMETRY__METRICS_EVERY", "1s"));
    let binary = Binary::with(&variables);
    let served = binary.serve();
    collector.asked().await;
    let log = stop(served);
    assert!(log.contains("the last metrics were not sent"), "{log}");
}

#[test]
fn settings_that_no_collector_can_have_are_refused() {
    for (name, value, part) in [
        (
            "TOK_TELEMETRY__SAMPLE",
            "2",
            "expected a number from 0 to 1",
        ),
        (
            "TOK_TELEMETRY__OTLP_URL",
            "collector:4318",
            "expected a URL",
        ),
        (
            "TOK_TELEMETRY__METRICS_EVERY",
            "1m",
            "telemetry.otlp_url, which is not set",
        ),
        (
            "TOK_TELEMETRY__METRICS_EVERY",
            "100ms",
            "telemetry.metrics_every is from 1s to 1h",
        ),
    ] {
        Binary::with(&[(name, value)])
            .run(&["config", "check"])
            .refused(10, part);
    }
    let binary = Binary::with(&[
        ("TOK_TELEMETRY__OTLP_URL", "http://127.0.0.1:4318"),
        ("TOK_TELEMETRY__OTLP_HEADERS", "hunter2"),
    ]);
    let run = binary.run(&["config", "check"]);
    assert!(!run.stderr.contains("hunter2"), "{run:?}");
    run.refused(10, "telemetry.otlp_headers");
}
