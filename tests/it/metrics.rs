//! What is measured: each metric explained and listed, each alert tried on what is really told, each panel
//! of the dashboard about something that there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use nix::sys::signal::Signal;
use serde_json::Value;
use tok::model::metric::{METRICS, Metric, MetricType};

use crate::support::promql::{Query, Scrape};
use crate::support::{
    Binary, FakeDaily, FakeFcm, FcmFault, PATIENCE, PAUSE, borrowed, daily_variables,
};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).expect(path)
}

async fn scrape(ops: &str) -> String {
    let answer = reqwest::get(format!("{ops}/metrics"))
        .await
        .expect("answers");
    answer.text().await.expect("text")
}

/// The rules by their names, as they are shipped.
fn rules() -> Vec<(String, String)> {
    let text = read("deploy/alerts.yml");
    let mut rules = Vec::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix("- alert: ") {
            rules.push((name.to_owned(), String::new()));
        }
        if let (Some(expr), Some(rule)) = (line.strip_prefix("expr: "), rules.last_mut()) {
            expr.clone_into(&mut rule.1);
        }
    }
    assert!(rules.len() > 10, "{rules:?}");
    rules
}

const MINUTE: f64 = 60.0;

/// The alerts that fire, a minute after another scrape.
fn firing(before: &str, now: &str) -> BTreeSet<String> {
    let (before, now) = (Scrape::of(before), Scrape::of(now));
    let time = jiff::Timestamp::now().as_second();
    let time = f64::from(u32::try_from(time).expect("before 2106"));
    let fires = |expr: &str| {
        let answer = Query::parse(expr).answer(&before, &now, MINUTE, time);
        !answer.vector().is_empty()
    };
    let rules = rules().into_iter().filter(|(_, expr)| fires(expr));
    rules.map(|(name, _)| name).collect()
}

/// The metric of a series: of a histogram there are several.
fn metric_of(series: &str) -> Option<&'static Metric> {
    let parts = ["_bucket", "_sum", "_count"];
    let base = parts.iter().find_map(|part| series.strip_suffix(part));
    METRICS.iter().find(|metric| {
        metric.name == series || (metric.kind == MetricType::Histogram && Some(metric.name) == base)
    })
}

/// Whether everything that a query asks for is there, with the labels that it names.
fn check_query(query: &str) {
    let mut asked = BTreeMap::new();
    Query::parse(query).asks(&mut asked);
    assert!(!asked.is_empty(), "{query} asks for nothing");
    for (series, labels) in asked {
        let metric = metric_of(&series).unwrap_or_else(|| panic!("{query}: no {series}"));
        for label in labels
            .iter()
            .filter(|label| !["le", "instance"].contains(&label.as_str()))
        {
            assert!(
                metric.labels.contains(&label.as_str()),
                "{query}: {series} has no {label}"
            );
        }
    }
}

#[test]
fn rules_and_panels_ask_for_what_there_is() {
    for (_, expr) in rules() {
        check_query(&expr);
    }
    let board: Value = serde_json::from_str(&read("deploy/grafana.json")).expect("JSON");
    let panels = board["panels"].as_array().expect("panels");
    assert!(panels.len() > 8, "{}", panels.len());
    for panel in panels {
        let targets = panel["targets"].as_array().expect("targets");
        assert!(!targets.is_empty(), "{panel}");
        for target in targets {
            check_query(target["expr"].as_str().expect("a query"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_alert_fires_when_all_is_well() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let binary = Binary::with(&daily_variables(&url));
    let (served, worker) = (binary.serve(), binary.work(&[]));
    let ask = async || {
        for path in ["/v1/rooms", "/v1/status"] {
            let answer = reqwest::get(format!("{}{path}", served.url)).await;
            assert!(answer.expect("answers").status().is_success(), "{path}");
        }
    };
    ask().await;
    let deadline = Instant::now() + PATIENCE * 4;
    let before = loop {
        let told = scrape(&served.ops).await;
        let works = "condition=\"working\"} 1";
        if told.matches(works).count() == 7 {
            break told;
        }
        assert!(Instant::now() < deadline, "the worker is not seen: {told}");
        tokio::time::sleep(PAUSE).await;
    };
    let mut before = format!("{before}\n{}", scrape(&worker.ops).await);
    ask().await;
    // A machine that stood still for some seconds is slow, which is for an alert; afterwards it is not.
    let now = loop {
        let now = format!(
            "{}\n{}",
            scrape(&served.ops).await,
            scrape(&worker.ops).await
        );
        let fired = firing(&before, &now);
        if fired.is_empty() {
            break now;
        }
        assert!(Instant::now() < deadline, "{fired:?}: {now}");
        before = now;
        ask().await;
    };
    every_family_is_explained(&now);
}

fn every_family_is_explained(told: &str) {
    let families = told.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut count = 0;
    for family in families {
        let name = family.split(' ').next().expect("a name");
        assert!(
            told.contains(&format!("# HELP {name} ")),
            "{name} has no HELP"
        );
        assert!(metric_of(name).is_some(), "{name} is not in the list");
        count += 1;
    }
    assert!(count > 10, "{told}");
}

/// What is told while something is wrong.
async fn told_until(ops: &str, is_told: impl Fn(&str) -> bool) -> String {
    let deadline = Instant::now() + PATIENCE * 4;
    loop {
        let told = scrape(ops).await;
        if is_told(&told) {
            return told;
        }
        assert!(Instant::now() < deadline, "{told}");
        tokio::time::sleep(PAUSE).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_fire_when_no_worker_runs_and_redis_is_gone() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = closed.local_addr().expect("an address");
    drop(closed);
    let redis = format!("redis://{address}");
    let served = Binary::with(&[("TOK_REDIS__URL", &redis)]).serve();
    let told = told_until(&served.ops, |told| {
        told.contains("condition=\"missing\"} 1") && told.contains("tok_redis_up 0")
    })
    .await;
    let fired = firing(&told, &told);
    let expected = ["TokRedisGone", "TokWorkerMissing"].map(str::to_owned);
    assert_eq!(fired, BTreeSet::from(expected), "{told}");
    let lost = firing("", "");
    assert_eq!(
        lost,
        BTreeSet::from(["TokWorkerMissing".to_owned()]),
        "nobody tells"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_fires_when_a_vendor_refuses_us() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("DAILY_API_KEY", "revoked"));
    let served = Binary::with(&variables).serve();
    let ask = async || {
        let client = reqwest::Client::new();
        let body = client
            .post(format!("{}/v1/rooms", served.url))
            .body("{\"name\":\"x\"}");
        let answer = body.header("content-type", "application/json").send().await;
        assert!(answer.expect("answers").status().is_server_error());
    };
    ask().await;
    let before = scrape(&served.ops).await;
    ask().await;
    let fired = firing(&before, &scrape(&served.ops).await);
    assert!(fired.contains("TokVendorFails"), "{fired:?}");
    assert!(fired.contains("TokErrors"), "{fired:?}");
}

/// FCM is counted as the others are: fine when it takes messages, failing when it refuses us.
#[tokio::test(flavor = "multi_thread")]
async fn alerts_fire_when_a_loop_is_paused() {
    let fcm = FakeFcm::start().await;
    let variables = fcm.variables();
    let mut variables = borrowed(&variables);
    // Long enough to be renewed on a busy machine: whoever loses it does not pause, but begins anew.
    variables.push(("TOK_WORKER__LEASE", "10s"));
    let binary = Binary::with(&variables);
    let send = || {
        binary
            .run(&["notify", "send", "--topic", "news", "--title", "x"])
            .ok()
    };
    send();
    let worker = binary.work(&["--only", "notify"]);
    let delivered = "tok_upstream_requests_total{vendor=\"FCM\",outcome=\"ok\"} 1";
    let before = told_until(&worker.ops, |told| told.contains(delivered)).await;
    fcm.fault(FcmFault::Forbidden);
    send();
    let paused = "tok_worker_loop{loop=\"notify\",condition=\"paused\"} 1";
    let now = told_until(&worker.ops, |told| told.contains(paused)).await;
    let fired = firing(&before, &now);
    assert!(fired.contains("TokLoopPaused"), "{fired:?}\n{now}");
    worker.signal(Signal::SIGTERM);
    worker.finish();
}

/// What takes long to come about is staged in the words of `/metrics`.
#[test]
fn each_other_alert_fires_at_what_it_is_about() {
    let worker = "tok_worker_loop{loop=\"x\",condition=\"working\"} 1\n";
    let staged = [
        (
            "TokSlow",
            "tok_http_request_seconds_bucket{route=\"/\",le=\"5\"} 0\n\
             tok_http_request_seconds_bucket{route=\"/\",le=\"30\"} 0\n\
             tok_http_request_seconds_bucket{route=\"/\",le=\"+Inf\"} 0",
            "tok_http_request_seconds_bucket{route=\"/\",le=\"5\"} 10\n\
             tok_http_request_seconds_bucket{route=\"/\",le=\"30\"} 12\n\
             tok_http_request_seconds_bucket{route=\"/\",le=\"+Inf\"} 12",
        ),
        (
            "TokWorkerFails",
            "tok_worker_failures_total{loop=\"x\",code=\"timeout\"} 0",
            "tok_worker_failures_total{loop=\"x\",code=\"timeout\"} 4",
        ),
        (
            "TokLoopFails",
            "",
            "tok_worker_loop{loop=\"y\",condition=\"failing\"} 1",
        ),
        (
            "TokNotificationsLate",
            "",
            "tok_notifications_oldest_seconds{shard=\"0\"} 301",
        ),
        ("TokParked", "", "tok_search_parked{index=\"users\"} 1"),
        (
            "TokSearchLags",
            "",
            "tok_search_lag_seconds{index=\"users\"} 61",
        ),
        (
            "TokPresenceStreamOld",
            "",
            "tok_presence_stream_opened_timestamp_seconds 1700000000",
        ),
        (
            "TokSignInKeysOld",
            "",
            "tok_auth_keys_age_seconds{issuer=\"a\"} 72001",
        ),
    ];
    let tried: BTreeSet<_> = staged.iter().map(|(name, ..)| (*name).to_owned()).collect();
    for (name, before, now) in staged {
        let (before, now) = (format!("{worker}{before}"), format!("{worker}{now}"));
        assert_eq!(
            firing(&before, &now),
            BTreeSet::from([name.to_owned()]),
            "{name}"
        );
    }
    let others = [
        "TokErrors",
        "TokVendorFails",
        "TokWorkerMissing",
        "TokLoopPaused",
        "TokRedisGone",
    ];
    let all: BTreeSet<_> = rules().into_iter().map(|(name, _)| name).collect();
    let tried: BTreeSet<_> = tried.into_iter().chain(others.map(str::to_owned)).collect();
    assert_eq!(tried, all, "each alert is tried");
}

#[test]
fn the_list_of_metrics_is_the_one_in_the_docs() {
    let mut table =
        "| metric | type | labels | unit | meaning |\n| --- | --- | --- | --- | --- |\n".to_owned();
    for metric in METRICS {
        let labels: Vec<_> = metric
            .labels
            .iter()
            .map(|label| format!("`{label}`"))
            .collect();
        let (name, kind, unit) = (metric.name, metric.kind.as_str(), metric.unit);
        let (labels, meaning) = (labels.join(", "), metric.meaning);
        writeln!(
            table,
            "| `{name}` | {kind} | {labels} | {unit} | {meaning} |"
        )
        .expect("text");
    }
    let document = read("docs/metrics.md");
    assert!(
        document.contains(&table),
        "docs/metrics.md wants this table:\n{table}"
    );
}

/// Every name that the sources measure by.
fn measured(dir: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            measured(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        for begin in ["counter!(", "gauge!(", "histogram!(", "gauge(", "gauge: "] {
            for (at, _) in text.match_indices(begin) {
                let rest = text[at + begin.len()..].trim_start();
                let name = rest
                    .strip_prefix('"')
                    .and_then(|rest| rest.split('"').next());
                found.extend(name.map(str::to_owned));
            }
        }
    }
}

#[test]
fn whatever_is_measured_is_in_the_list_and_sorted() {
    let mut found = BTreeSet::new();
    measured(&root().join("src"), &mut found);
    assert!(found.len() > 30, "{found:?}");
    let listed: BTreeSet<_> = METRICS
        .iter()
        .map(|metric| metric.name.to_owned())
        .collect();
    let unlisted: Vec<_> = found.difference(&listed).collect();
    assert!(unlisted.is_empty(), "{unlisted:?}");
    let names: Vec<_> = METRICS.iter().map(|metric| metric.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}
