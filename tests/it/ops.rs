//! Running the server: health, readiness, metrics, starting and stopping.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::Value;

use crate::support::binary::signal_child;
use crate::support::{Binary, FakeDaily, PATIENCE, PAUSE, daily_variables};

#[tokio::test(flavor = "multi_thread")]
async fn health_readiness_and_metrics_are_told() {
    let binary = Binary::new();
    let served = binary.serve();
    let get = async |url: String| {
        let response = reqwest::get(url).await.expect("answers");
        (response.status(), response.text().await.expect("a body"))
    };
    assert_eq!(
        get(format!("{}/healthz", served.ops)).await,
        (StatusCode::OK, "ok\n".to_owned())
    );
    let (status, ready) = get(format!("{}/readyz", served.ops)).await;
    let ready: Value = serde_json::from_str(&ready).expect("JSON");
    assert_eq!(
        (status, &ready["ready"]),
        (StatusCode::OK, &Value::Bool(true))
    );
    get(format!("{}/v1/rooms", served.url)).await;
    let (_, metrics) = get(format!("{}/metrics", served.ops)).await;
    let line = "tok_http_requests_total{method=\"GET\",route=\"/v1/rooms\",status=\"200\"} 1";
    assert!(metrics.contains(line), "{metrics}");
    assert_eq!(
        get(format!("{}/metrics", served.url)).await.0,
        StatusCode::NOT_FOUND,
        "ops stays apart"
    );
    served.signal(Signal::SIGTERM);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.ends_with("stopped"), "{log}");
}

/// A page that a browser opened reaches this machine by a name of its own (DNS rebinding).
#[tokio::test(flavor = "multi_thread")]
async fn health_is_told_to_who_calls_this_machine_by_its_own_name() {
    let binary = Binary::new();
    let served = binary.serve();
    let client = reqwest::Client::new();
    let named = async |host: &str| {
        let request = client.get(format!("{}/metrics", served.ops));
        let answer = request.header("host", host).send().await;
        answer.expect("answers").status()
    };
    for own in ["localhost", "localhost:9", "127.0.0.1:8081", "[::1]"] {
        assert_eq!(named(own).await, StatusCode::OK, "{own}");
    }
    for other in [
        "rebound.example",
        "rebound.example:8081",
        "localhost.example",
    ] {
        assert_eq!(named(other).await, StatusCode::FORBIDDEN, "{other}");
    }
}

/// A log that strangers can fill is a disk that they can fill.
#[tokio::test(flavor = "multi_thread")]
async fn what_strangers_are_refused_does_not_fill_the_log() {
    let binary = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let served = binary.serve();
    let client = reqwest::Client::new();
    let since = Instant::now();
    for n in 0..600 {
        let answer = client.get(format!("{}/nowhere/{n}", served.url)).send();
        let status = answer.await.expect("answers").status();
        assert_eq!(status, StatusCode::NOT_FOUND);
    }
    let seconds = usize::try_from(since.elapsed().as_secs()).expect("small") + 1;
    served.signal(Signal::SIGTERM);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0));
    let told = log.matches("answered").count();
    assert!((20..=100 + 20 * seconds).contains(&told), "{told}");
}

/// Whoever reads the log may stand still: nobody waits for them, and what they miss is counted.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_that_nobody_reads_holds_nobody_up() {
    let binary = Binary::with(&[("TOK_LOG", "trace"), ("TOK_SERVER__RATE_LIMIT", "off")]);
    let arguments = [
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--ops-bind",
        "127.0.0.1:0",
    ];
    let mut child = binary.spawn(&arguments, Stdio::null());
    let mut unread = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut address = |says: &str| {
        let mut line = String::new();
        while !line.starts_with(says) {
            line.clear();
            assert!(unread.read_line(&mut line).expect("a line") > 0, "it ended");
        }
        let url = line[says.len()..].split_whitespace().next();
        url.expect("an address").to_owned()
    };
    let (url, ops) = (address("tok serves "), address("health and metrics at "));
    let client = reqwest::Client::builder().timeout(PATIENCE);
    let client = client.build().expect("a client");
    let get = async |url: String| {
        let response = client.get(url).send().await.expect("answers");
        assert_eq!(response.status(), StatusCode::OK);
        response.text().await.expect("a body")
    };
    // By what was said, not by time: the machine may have other things to do.
    for round in 0.. {
        for _ in 0..200 {
            get(format!("{url}/v1/rooms")).await;
        }
        let metrics = get(format!("{ops}/metrics")).await;
        let dropped = metrics
            .lines()
            .find_map(|line| line.strip_prefix("tok_log_lines_dropped_total "));
        if dropped.is_some_and(|count| count != "0") {
            break;
        }
        assert!(round < 200, "nothing was dropped: {metrics}");
    }
    child.kill().expect("stops");
    child.wait().expect("ends");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_in_trouble_is_told_and_takes_no_node_away() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("DAILY_API_KEY", "refused"));
    let served = Binary::with(&variables).serve();
    let deadline = Instant::now() + PATIENCE * 3;
    let body = loop {
        let response = reqwest::get(format!("{}/readyz", served.ops)).await;
        let response = response.expect("answers");
        assert_eq!(response.status(), StatusCode::OK, "local rooms are served");
        let body = response.text().await.expect("a body");
        if body.contains("daily credential") {
            break body;
        }
        assert!(Instant::now() < deadline, "{body}");
        tokio::time::sleep(PAUSE).await;
    };
    assert!(body.contains("\"health\":\"warn\""), "{body}");
    assert!(
        body.contains("refused the credential") && !body.contains("\"refused\""),
        "{body}"
    );
}

/// Without its store a node can serve nobody.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_without_its_store_is_not_ready() {
    let binary = Binary::new();
    let served = binary.serve();
    let ready = async || {
        let response = reqwest::get(format!("{}/readyz", served.ops)).await;
        response.expect("answers").status()
    };
    assert_eq!(ready().await, StatusCode::OK);
    // Somebody else writes and does not come to an end.
    let path = binary.dir().join(".local/share/tok/tok.db");
    let other = rusqlite::Connection::open(path).expect("opens");
    other.execute_batch("BEGIN IMMEDIATE").expect("locks");
    let deadline = Instant::now() + PATIENCE * 3;
    while ready().await != StatusCode::SERVICE_UNAVAILABLE {
        assert!(Instant::now() < deadline, "it is still ready");
        tokio::time::sleep(PAUSE).await;
    }
}

/// A request that is in hand when the signal comes is answered; new connections are not.
#[tokio::test(flavor = "multi_thread")]
async fn stopping_finishes_what_is_in_hand() {
    let daily = FakeDaily::start().await;
    let url = daily.url();
    let mut variables = daily_variables(&url);
    variables.push(("TOK_DAILY__TIMEOUT", "10s"));
    let served = Binary::with(&variables).serve();
    daily.fault(
        "POST /rooms",
        crate::support::Fault::Slow(Duration::from_secs(1)),
    );
    let request = reqwest::Client::new()
        .post(format!("{}/create-room", served.url))
        .body("{\"name\":\"late\"}");
    let in_hand = tokio::spawn(request.send());
    let asked = async {
        while !daily.calls().iter().any(|call| call.starts_with("POST")) {
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked)
        .await
        .expect("the call arrives");
    served.signal(Signal::SIGTERM);
    let response = in_hand.await.expect("no panic").expect("is answered");
    assert_eq!(response.status(), StatusCode::OK);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn a_port_in_use_is_one_clear_sentence() {
    let binary = Binary::new();
    let served = binary.serve();
    let address = served.url.trim_start_matches("http://");
    let second = binary.run(&["serve", "--bind", address, "--ops-bind", "127.0.0.1:0"]);
    let sentence = format!(
        "error: {address} is in use by another program; choose another --bind (server.bind, from flag --bind)\n"
    );
    second.refused(10, &sentence);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_docs_page_needs_nothing_from_elsewhere() {
    let binary = Binary::new();
    let served = binary.serve();
    let get = async |path: &str| {
        let response = reqwest::get(format!("{}{path}", served.url))
            .await
            .expect("answers");
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        response.text().await.expect("a body")
    };
    assert!(get("/").await.contains("href=\"/docs\""));
    let page = get("/docs/").await;
    assert!(page.contains("swagger-ui"), "{page}");
    for line in page
        .lines()
        .filter(|line| line.contains("src=") || line.contains("href="))
    {
        assert!(!line.contains("http"), "from elsewhere: {line}");
    }
    let description: Value = serde_json::from_str(&get("/openapi.json").await).expect("JSON");
    assert!(description["paths"]["/v1/rooms"]["post"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rooms_link_tells_whether_it_is_open() {
    let app = crate::support::TestApp::start().await;
    app.post("/v1/rooms", serde_json::json!({ "name": "open" }))
        .await;
    let page = app
        .request(reqwest::Method::GET, "/r/open")
        .send()
        .await
        .expect("answers");
    assert_eq!(page.status(), StatusCode::OK);
    assert!(
        page.headers()["content-security-policy"]
            .to_str()
            .expect("text")
            .contains("default-src 'none'")
    );
    for path in ["/r/none", "/r/%3Cscript%3E"] {
        let page = app
            .request(reqwest::Method::GET, path)
            .send()
            .await
            .expect("answers");
        assert_eq!(page.status(), StatusCode::OK, "as of a private one");
        assert!(!page.text().await.expect("a body").contains("<script>"));
    }
    // Phones write capitals, and people and chat apps add a slash.
    app.post("/v1/rooms", serde_json::json!({ "name": "Two" }))
        .await;
    app.post("/v1/rooms", serde_json::json!({ "name": "two" }))
        .await;
    let private = serde_json::json!({ "name": "vault", "privacy": "private" });
    app.post("/v1/rooms", private).await;
    for (with, without) in [
        ("/r/open/", "/r/open"),
        ("/r/open/?from=chat", "/r/open?from=chat"),
        ("/r/%3Cscript%3E/", "/r/%3Cscript%3E"),
        ("/r/OPEN", "/r/open"),
        ("/r/Open/?from=chat", "/r/open?from=chat"),
        // Names have their case: each has its own page, and a private one is told nobody.
        ("/r/Two", "/r/Two"),
        ("/r/TWO", "/r/two"),
        ("/r/two", "/r/two"),
        ("/r/VAULT", "/r/VAULT"),
        ("/r/NONE", "/r/NONE"),
    ] {
        let page = app.request(reqwest::Method::GET, with).send().await;
        let page = page.expect("answers");
        assert_eq!(page.status(), StatusCode::OK);
        assert!(page.url().as_str().ends_with(without), "{}", page.url());
    }
}

/// Somebody who connects and says nothing, or half a request, does not keep the place.
#[tokio::test(flavor = "multi_thread")]
async fn silence_is_not_waited_for_long() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let app = crate::support::TestApp::start().await;
    let mut silent = tokio::net::TcpStream::connect(app.address)
        .await
        .expect("connects");
    let mut slow = tokio::net::TcpStream::connect(app.address)
        .await
        .expect("connects");
    slow.write_all(b"P").await.expect("writes");
    for stream in [&mut silent, &mut slow] {
        let read = tokio::time::timeout(PATIENCE, stream.read(&mut [0; 64]))
            .await
            .expect("is closed");
        assert_eq!(read.expect("an orderly end"), 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_surface_has_a_limit_too() {
    let app = crate::support::TestApp::with(&[
        ("TOK_AUTH__MODE", "keys"),
        ("TOK_SERVER__OPEN", "tokapp"),
        ("TOK_SERVER__RATE_LIMIT", "2/1h"),
    ])
    .await;
    let create = || async { app.post("/create-room", serde_json::json!({})).await };
    assert_eq!(create().await.0, StatusCode::OK);
    assert_eq!(create().await.0, StatusCode::OK);
    let (status, body) = create().await;
    assert_eq!(
        (status, &body["error"]),
        (
            StatusCode::TOO_MANY_REQUESTS,
            &serde_json::json!("rate-limit-error")
        )
    );
}

/// Daemons read their files again at SIGHUP. These say that they do not, and nobody's call is cut.
#[tokio::test(flavor = "multi_thread")]
async fn sighup_ends_no_server_and_says_what_to_do() {
    let binary = Binary::new();
    for served in [binary.serve(), binary.work(&[])] {
        for _ in 0..2 {
            served.signal(Signal::SIGHUP);
        }
        let health = reqwest::get(format!("{}/healthz", served.ops)).await;
        assert_eq!(health.expect("answers").status(), StatusCode::OK);
        served.signal(Signal::SIGTERM);
        let (code, log) = served.finish();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("\"WARN\""), "{log}");
        assert!(log.contains("a restart is needed"), "{log}");
    }
}

/// A terminal that closes stops what runs in it as Ctrl-C does; what `nohup` started goes on.
#[test]
fn sighup_stops_a_command_gently() {
    let binary = Binary::new();
    let names = binary.fill();
    let mut child = binary.begin_deletion(&names);
    let stdout = child.stdout.take().expect("a pipe");
    let reader = std::thread::spawn(move || std::io::read_to_string(stdout));
    for _ in 0..2 {
        signal_child(&child, Signal::SIGHUP);
    }
    assert_eq!(child.wait().expect("ends").code(), Some(129));
    let report = reader.join().expect("no panic").expect("text");
    let report: Value = serde_json::from_str(&report).expect("JSON");
    assert!(report["deleted"].is_number(), "{report}");
}
