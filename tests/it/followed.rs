//! Following messages and people over a server, as over the store: whatever becomes of the connection.

use std::io::{Read, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Child, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use axum::http::StatusCode;
use axum::{Json, Router};
use nix::sys::signal::Signal;
use reqwest::{Method, Response};
use serde_json::{Value, json};

use crate::releases::eventually;
use crate::support::binary::{Run, Served, signal_child};
use crate::support::{Binary, PATIENCE, PAUSE, TestApp, answer, enter};

const TAIL: [&str; 5] = ["chat", "tail", "standup", "-o", "jsonl"];

/// A server that insists on keys and has a room, its home, and the key.
fn server() -> (Binary, Served, String) {
    let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    home.run(&["room", "create", "standup"]).ok();
    let key = home.run(&["key", "create", "laptop", "-o", "name"]).ok();
    let served = home.serve();
    (home, served, key.stdout.trim().to_owned())
}

fn laptop(url: &str, key: &str) -> Binary {
    Binary::with(&[("TOK_SERVER", url), ("TOK_KEY", key)])
}

/// A command that goes on, and what it said so far.
struct Following {
    child: Child,
    out: Heard,
    err: Heard,
}

/// What comes out of a pipe.
struct Heard {
    text: Arc<Mutex<String>>,
    reader: thread::JoinHandle<()>,
}

impl Heard {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let heard = text.clone();
        let reader = thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = pipe.read(&mut buffer) {
                let some = String::from_utf8_lossy(&buffer[..read]);
                heard.lock().expect("a text").push_str(&some);
            }
        });
        Self { text, reader }
    }

    fn so_far(&self) -> String {
        self.text.lock().expect("a text").clone()
    }

    fn whole(self) -> String {
        self.reader.join().expect("no panic");
        self.text.lock().expect("a text").clone()
    }
}

impl Following {
    fn begin(binary: &Binary, words: &[&str]) -> Self {
        let mut child = binary.spawn(words, Stdio::null());
        let out = Heard::of(child.stdout.take().expect("a pipe"));
        let err = Heard::of(child.stderr.take().expect("a pipe"));
        Self { child, out, err }
    }

    /// Waits until this was printed.
    #[track_caller]
    fn until(&self, part: &str) {
        let said = || self.out.so_far().contains(part).then_some(());
        let what = format!("{part} is printed after {}", self.out.so_far());
        eventually(&what, said);
    }

    /// Waits until a warning was printed.
    fn warned(&self) {
        eventually("it warns", || {
            self.err.so_far().contains('\n').then_some(())
        });
    }

    /// Waits for the end.
    fn ends(mut self) -> Run {
        let code = self.child.wait().expect("ends").code();
        let (stdout, stderr) = (self.out.whole(), self.err.whole());
        Run {
            code,
            stdout,
            stderr,
        }
    }

    fn stop(self, signal: Signal) -> Run {
        signal_child(&self.child, signal);
        self.ends()
    }
}

/// Writes until everybody who follows has printed something: from then on nothing can be missed.
fn until_all_follow(home: &Binary, following: &[&Following]) {
    eventually("they follow", || {
        home.run(&["chat", "send", "standup", "ping"]).ok();
        let told = |one: &&Following| one.out.so_far().contains("ping");
        following.iter().all(told).then_some(())
    });
}

fn say(home: &Binary, text: &str) {
    home.run(&["chat", "send", "standup", text]).ok();
}

/// What the messages say, in the order they were told.
fn contents(stdout: &str) -> Vec<String> {
    let content = |line: &str| {
        let told: Value = serde_json::from_str(line).expect("JSON");
        told["content"].as_str().expect("a text").to_owned()
    };
    let all = stdout.lines().map(content);
    all.filter(|content| content != "ping").collect()
}

/// The number of a series of a metric.
fn metric(served: &Served, series: &str) -> Option<u64> {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let text = runtime.block_on(async {
        let answer = reqwest::get(format!("{}/metrics", served.ops)).await;
        answer.expect("answers").text().await.expect("text")
    });
    let line = text.lines().find_map(|line| line.strip_prefix(series));
    line.and_then(|number| number.trim().parse().ok())
}

/// A way to a server that can be cut.
struct Way {
    url: String,
    /// Whether nobody comes through.
    closed: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    fn to(url: &str) -> Self {
        let to = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let closed = Arc::new(AtomicBool::new(false));
        let open: Arc<Mutex<Vec<TcpStream>>> = Arc::default();
        let (is_closed, all) = (closed.clone(), open.clone());
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let mut all = all.lock().expect("a list");
                if is_closed.load(Ordering::SeqCst) {
                    continue;
                }
                let server = TcpStream::connect(&to).expect("the server listens");
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let mut from = from.try_clone().expect("a socket");
                    let mut to = to.try_clone().expect("a socket");
                    thread::spawn(move || {
                        // Either may be gone already.
                        drop(std::io::copy(&mut from, &mut to));
                        drop(to.shutdown(Shutdown::Write));
                    });
                }
                all.extend([client, server]);
            }
        });
        Self { url, closed, open }
    }

    fn cut(&self) {
        let mut open = self.open.lock().expect("a list");
        self.closed.store(true, Ordering::SeqCst);
        for socket in open.drain(..) {
            // It may have ended by itself.
            drop(socket.shutdown(Shutdown::Both));
        }
    }

    fn mend(&self) {
        self.closed.store(false, Ordering::SeqCst);
    }
}

#[test]
fn messages_are_printed_over_a_server_as_over_the_store() {
    let (home, served, key) = server();
    let away = laptop(&served.url, &key);
    for format in ["table", "jsonl", "csv", "json"] {
        let words = ["chat", "tail", "standup", "-o", format];
        let both = [
            Following::begin(&home, &words),
            Following::begin(&away, &words),
        ];
        until_all_follow(&home, &[&both[0], &both[1]]);
        say(&home, "We begin");
        let id = home.run(&[
            "chat",
            "send",
            "standup",
            "Ünd\r\nso 'weiter'",
            "-o",
            "name",
        ]);
        let id = id.ok().stdout;
        home.run(&["chat", "edit", "standup", id.trim(), "Changed, \"so\""])
            .ok();
        home.run(&["chat", "delete", "standup", id.trim(), "--yes"])
            .ok();
        say(&home, "The last word");
        let ends = both.map(|one| {
            one.until("The last word");
            let run = one.stop(Signal::SIGINT);
            assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
            let begin = run.stdout.find("We begin").expect("it is told");
            run.stdout[begin..].to_owned()
        });
        assert_eq!(ends[1], ends[0], "over a server, and over the store");
    }
    // The server notices by itself that somebody left, a moment later.
    eventually("all are gone", || {
        let left = metric(&served, "tok_event_streams_ended_total{reason=\"left\"} ");
        (left == Some(4)).then_some(())
    });
}

#[test]
fn people_are_printed_over_a_server_as_over_the_store() {
    let (home, served, key) = server();
    let away = laptop(&served.url, &key);
    let set = |who: &str, state: &str| drop(home.run(&["presence", "set", who, state]).ok());
    set("ada", "online");
    set("eve", "offline");
    for (round, words) in [
        &["presence", "watch"][..],
        &["presence", "watch", "--online"],
        &["presence", "watch", "-o", "csv"],
    ]
    .into_iter()
    .enumerate()
    {
        // Who was told already would be taken for news.
        let (bob, kim) = (format!("bob-{round}"), format!("kim-{round}"));
        let both = [
            Following::begin(&home, words),
            Following::begin(&away, words),
        ];
        for one in &both {
            one.until("ada");
        }
        set(&bob, "online");
        for one in &both {
            one.until(&bob);
        }
        set(&bob, "offline");
        set(&kim, "online");
        let [here, there] = both.map(|one| {
            one.until(&kim);
            one.stop(Signal::SIGTERM)
        });
        assert_eq!(
            (there.code, &there.stdout),
            (here.code, &here.stdout),
            "{words:?}"
        );
        assert_eq!((there.code, there.stderr.as_str()), (Some(0), ""));
        set(&kim, "offline");
    }
}

#[test]
fn a_cut_connection_loses_no_message_and_doubles_none() {
    let (home, served, key) = server();
    let way = Way::to(&served.url);
    let following = Following::begin(&laptop(&way.url, &key), &TAIL);
    until_all_follow(&home, &[&following]);
    let began = Instant::now();
    for round in 0..3 {
        say(&home, &format!("before {round}"));
        way.cut();
        following.warned();
        say(&home, &format!("meanwhile {round}"));
        say(&home, &format!("still {round}"));
        way.mend();
        following.until(&format!("still {round}"));
    }
    let took = began.elapsed();
    say(&home, "after");
    following.until("after");
    let run = following.stop(Signal::SIGINT);
    assert_eq!(run.code, Some(0), "{run:#?}");
    let mut wanted: Vec<String> = (0..3)
        .flat_map(|round| ["before", "meanwhile", "still"].map(|what| format!("{what} {round}")))
        .collect();
    wanted.push("after".to_owned());
    assert_eq!(contents(&run.stdout), wanted);
    let told = run.stderr.matches("trying again").count();
    assert_eq!(run.stderr.lines().count(), told, "{}", run.stderr);
    // After ten good seconds what breaks a connection is another fault, which is told as well.
    let most = if took < Duration::from_secs(10) { 1 } else { 3 };
    assert!((1..=most).contains(&told), "{took:?}: {}", run.stderr);
}

#[test]
fn after_a_cut_only_those_are_told_who_changed_meanwhile() {
    let (home, served, key) = server();
    let set = |who: &str, state: &str| drop(home.run(&["presence", "set", who, state]).ok());
    set("ada", "online");
    set("bob", "online");
    let way = Way::to(&served.url);
    let following = Following::begin(&laptop(&way.url, &key), &["presence", "watch"]);
    following.until("bob");
    way.cut();
    following.warned();
    set("bob", "offline");
    set("eve", "online");
    way.mend();
    following.until("eve");
    set("kim", "online");
    following.until("kim");
    let run = following.stop(Signal::SIGINT);
    let told = |line: &str| {
        let told: Value = serde_json::from_str(line).expect("JSON");
        (told["id"].clone(), told["state"].clone())
    };
    let (on, off) = (json!("online"), json!("offline"));
    let wanted = [
        ("ada", &on),
        ("bob", &on),
        ("bob", &off),
        ("eve", &on),
        ("kim", &on),
    ];
    let wanted = wanted.map(|(id, state)| (json!(id), state.clone()));
    assert_eq!(run.stdout.lines().map(told).collect::<Vec<_>>(), wanted);
}

#[test]
fn a_server_that_stops_is_not_held_and_is_followed_on_when_it_is_back() {
    let home = Binary::with(&[
        ("TOK_AUTH__MODE", "keys"),
        ("TOK_SERVER__DRAIN_TIMEOUT", "10m"),
    ]);
    home.run(&["room", "create", "standup"]).ok();
    let key = home.run(&["key", "create", "laptop", "-o", "name"]).ok();
    let served = home.serve();
    let following = Following::begin(&laptop(&served.url, key.stdout.trim()), &TAIL);
    until_all_follow(&home, &[&following]);
    let address = served.url.trim_start_matches("http://").to_owned();
    let began = Instant::now();
    served.signal(Signal::SIGTERM);
    let (code, log) = served.finish();
    assert_eq!(code, Some(0), "{log}");
    assert!(began.elapsed() < Duration::from_mins(2), "it was held");
    say(&home, "while it was away");
    let served = home.serve_at(&address);
    following.until("while it was away");
    say(&home, "when it was back");
    following.until("when it was back");
    let run = following.stop(Signal::SIGTERM);
    assert_eq!(
        contents(&run.stdout),
        ["while it was away", "when it was back"]
    );
    assert_eq!(
        (run.code, run.stderr.lines().count()),
        (Some(0), 1),
        "{run:#?}"
    );
    assert!(run.stderr.contains("the server stops"), "{run:#?}");
    drop(served);
}

#[test]
fn a_room_that_is_not_there_or_goes_ends_it_as_over_the_store() {
    let (home, served, key) = server();
    let away = laptop(&served.url, &key);
    let nope = ["chat", "tail", "nope"];
    let (here, there) = (home.run(&nope), away.run(&nope));
    assert_eq!(there.stderr, here.stderr);
    there.refused(3, "there is no room `nope`");
    let both = [
        Following::begin(&home, &TAIL),
        Following::begin(&away, &TAIL),
    ];
    until_all_follow(&home, &[&both[0], &both[1]]);
    home.run(&["room", "delete", "standup", "--yes"]).ok();
    for run in both.map(Following::ends) {
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{run:#?}");
    }
}

#[test]
fn a_room_that_went_during_a_cut_ends_it_as_well() {
    let (home, served, key) = server();
    let way = Way::to(&served.url);
    // Another room may have its name by then.
    for again in [false, true] {
        let following = Following::begin(&laptop(&way.url, &key), &TAIL);
        until_all_follow(&home, &[&following]);
        way.cut();
        following.warned();
        home.run(&["room", "delete", "standup", "--yes"]).ok();
        if again {
            home.run(&["room", "create", "standup"]).ok();
        }
        way.mend();
        let run = following.ends();
        assert_eq!(run.code, Some(0), "{run:#?}");
        home.run(&["room", "create", "standup", "--exist-ok"]).ok();
    }
}

#[test]
fn a_refused_key_follows_nothing_and_a_revoked_one_nothing_more() {
    let (home, served, key) = server();
    let stranger = Binary::with(&[("TOK_SERVER", served.url.as_str())]);
    let make = [
        "key",
        "create",
        "reader",
        "--scope",
        "rooms:read",
        "-o",
        "name",
    ];
    let reader = home.run(&make).ok().stdout;
    let reader = laptop(&served.url, reader.trim());
    for words in [&TAIL[..], &["presence", "watch"]] {
        stranger.run(words).refused(5, "an API key is missing");
        reader.run(words).refused(5, "this API key has no scope");
    }
    let away = laptop(&served.url, &key);
    let both = [
        Following::begin(&away, &TAIL),
        Following::begin(&away, &["presence", "watch"]),
    ];
    until_all_follow(&home, &[&both[0]]);
    eventually("both follow", || {
        (metric(&served, "tok_event_streams ") == Some(2)).then_some(())
    });
    let id = key.split('_').nth(1).expect("an id");
    home.run(&["key", "revoke", id, "--yes"]).ok();
    for run in both.map(Following::ends) {
        assert_eq!(run.code, Some(5), "{run:#?}");
        assert!(run.stderr.contains("the API key is not valid"), "{run:#?}");
        assert!(!run.stderr.contains("trying again"), "{run:#?}");
    }
    eventually("both are gone", || {
        (metric(&served, "tok_event_streams ") == Some(0)).then_some(())
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_too_old_is_told_as_such() {
    let old = Router::new()
        .route(
            "/v1/rooms/{name}/messages",
            axum::routing::get(async || Json(json!({ "items": [], "next": null }))),
        )
        .fallback(async || {
            let problem =
                json!({ "detail": "there is no such route; see /docs", "code": "not_found" });
            (StatusCode::NOT_FOUND, Json(problem))
        });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, old).await });
    for words in [&TAIL[..], &["presence", "watch"]] {
        let away = laptop(&url, "secret");
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let run = tokio::task::spawn_blocking(move || away.run(&words)).await;
        run.expect("runs")
            .refused(7, "the server is of an older release");
    }
}

/// What is wrong at the server for good ends the command by the same error; what may pass does not end it.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_failed_ends_the_command_as_it_failed() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    let failing = Router::new().route(
        "/v1/presence:watch",
        axum::routing::get(async move || {
            let problem = match counted.fetch_add(1, Ordering::Relaxed) {
                0 => json!({ "code": "bad_gateway" }),
                _ => json!({ "code": "conflict", "reason": "written_by_newer" }),
            };
            let end = json!({ "reason": "failed", "detail": "so it is", "problem": problem });
            let headers = [("content-type", "text/event-stream")];
            (headers, format!("event: end\ndata: {end}\n\n"))
        }),
    );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, failing).await });
    let away = laptop(&url, "secret");
    let run = tokio::task::spawn_blocking(move || away.run(&["presence", "watch", "-o", "jsonl"]));
    let run = run.await.expect("runs").refused(4, "so it is");
    let last = run.stderr.lines().last().expect("an error");
    let told: Value = serde_json::from_str(last).expect("JSON");
    let told = (&told["error"]["code"], &told["error"]["reason"]);
    assert_eq!(told, (&json!("conflict"), &json!("written_by_newer")));
    assert_eq!(asked.load(Ordering::Relaxed), 2);
}

/// One event: its name, its id, its data.
type Told = (String, Option<String>, Value);

/// A stream over HTTP, cut into events.
struct Events {
    response: Response,
    rest: String,
}

impl Events {
    async fn open(url: &str, last: Option<&str>) -> Self {
        let mut request = reqwest::Client::new().get(url);
        if let Some(last) = last {
            request = request.header("last-event-id", last);
        }
        let response = request.send().await.expect("answers");
        assert_eq!(response.status(), StatusCode::OK);
        let headers = response.headers();
        assert_eq!(headers["content-type"], "text/event-stream");
        assert_eq!(headers["x-accel-buffering"], "no");
        let rest = String::new();
        Self { response, rest }
    }

    /// The next event, or nothing at the end.
    async fn next(&mut self) -> Option<Told> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let read = event_of(event);
                self.rest = String::from(rest);
                match read {
                    Some(read) => return Some(read),
                    None => continue,
                }
            }
            let chunk = tokio::time::timeout(PATIENCE * 3, self.response.chunk()).await;
            let chunk = chunk.expect("in time").expect("whole")?;
            self.rest += std::str::from_utf8(&chunk).expect("text");
        }
    }
}

/// An event, if it is one and no comment.
fn event_of(text: &str) -> Option<Told> {
    let field = |name: &str| {
        let field = |line: &str| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned());
        text.lines().find_map(field)
    };
    let data = serde_json::from_str(&field("data")?).expect("JSON");
    Some((field("event").unwrap_or_default(), field("id"), data))
}

async fn write(client: &reqwest::Client, url: &str, content: &str) {
    let request = client.post(format!("{url}/v1/rooms/standup/messages"));
    let (status, told) = answer(request.json(&json!({ "content": content }))).await;
    assert_eq!(status, StatusCode::CREATED, "{told}");
}

async fn with_room(variables: &[(&str, &str)]) -> TestApp {
    let app = TestApp::with(variables).await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    app
}

const WATCH: &str = "/v1/rooms/standup/messages:watch";

#[tokio::test]
async fn a_stream_goes_on_behind_the_event_whose_id_is_shown() {
    let app = with_room(&[]).await;
    let mut events = Events::open(&app.url(WATCH), None).await;
    let (name, begin, _) = events.next().await.expect("where it begins");
    assert_eq!(name, "current");
    for n in 0..3 {
        write(&app.client, &app.url(""), &format!("{n}")).await;
    }
    let mut ids = vec![begin.expect("an id")];
    for n in 0..3 {
        let (name, id, data) = events.next().await.expect("a message");
        assert_eq!((name.as_str(), &data["change"]), ("", &json!("new")));
        assert_eq!(data["content"], json!(n.to_string()));
        ids.push(id.expect("an id"));
    }
    drop(events);
    for (known, id) in ids.iter().enumerate() {
        let mut events = Events::open(&app.url(WATCH), Some(id)).await;
        let (name, again, _) = events.next().await.expect("where it begins");
        assert_eq!(
            (name.as_str(), again.as_deref()),
            ("current", Some(id.as_str()))
        );
        for n in known..3 {
            let (_, _, data) = events.next().await.expect("a message");
            assert_eq!(data["content"], json!(n.to_string()), "after {id}");
        }
    }
    // What is none, what is of a time to come, and what is not kept any more.
    let ask = async |id: &str| {
        let request = app.request(Method::GET, WATCH).header("last-event-id", id);
        answer(request).await
    };
    assert_eq!(ask("7").await.0, StatusCode::BAD_REQUEST);
    let (_, room) = ids[0].rsplit_once('.').expect("a room");
    assert_eq!(ask(&format!("9999.0.{room}")).await.0, StatusCode::CONFLICT);
    for n in 0..600 {
        write(&app.client, &app.url(""), &format!("{n}")).await;
    }
    let (status, problem) = ask(&ids[0]).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    // An earlier room of this name is gone.
    let mut events = Events::open(&app.url(WATCH), Some("1.0.0000000000000000")).await;
    let (name, _, end) = events.next().await.expect("an end");
    assert_eq!((name.as_str(), &end["reason"]), ("end", &json!("gone")));
    assert_eq!(events.next().await, None);
}

/// Whoever follows a room in which nobody writes could not go on where it is now, if it were not told so.
#[tokio::test]
async fn where_nobody_writes_it_is_told_from_where_to_go_on() {
    let app = with_room(&[]).await;
    for n in 0..70 {
        enter(&app.context, "standup", &format!("p{n}")).await;
    }
    let mut events = Events::open(&app.url(WATCH), None).await;
    let (_, begin, _) = events.next().await.expect("where it begins");
    for n in 0..70 {
        let path = format!("/v1/rooms/standup/participants/p{n}");
        let (status, problem) = app.delete(&path).await;
        assert!(status.is_success(), "{problem}");
    }
    let (name, id, _) = events.next().await.expect("another place");
    assert_eq!(name, "current");
    assert_ne!(id, begin);
}

#[tokio::test]
async fn a_caller_may_follow_so_much_at_a_time() {
    let app = with_room(&[
        ("TOK_SERVER__MAX_STREAMS", "3"),
        ("TOK_SERVER__KEY_STREAMS", "2"),
    ])
    .await;
    let one = Events::open(&app.url(WATCH), None).await;
    let two = Events::open(&app.url("/v1/presence:watch"), None).await;
    for path in [WATCH, "/v1/presence:watch"] {
        let (status, problem) = app.get(path).await;
        assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{problem}");
    }
    drop((one, two));
    let deadline = Instant::now() + PATIENCE * 3;
    let free = async || {
        let sent = app.request(Method::GET, WATCH).send().await;
        sent.expect("answers").status() == StatusCode::OK
    };
    while !free().await {
        assert!(Instant::now() < deadline, "a place that was left is free");
        tokio::time::sleep(PAUSE).await;
    }
}

/// Asks for a stream and reads nothing of it.
fn sluggish(address: &str) -> TcpStream {
    let kind = socket2::Type::STREAM;
    let socket = socket2::Socket::new(socket2::Domain::IPV4, kind, None).expect("a socket");
    // As little as may be waits on this side.
    socket.set_recv_buffer_size(4096).expect("set");
    let address: std::net::SocketAddr = address.parse().expect("an address");
    socket.connect(&address.into()).expect("connects");
    let mut stream = TcpStream::from(socket);
    write!(stream, "GET {WATCH} HTTP/1.1\r\nHost: {address}\r\n\r\n").expect("asked");
    stream
}

#[test]
fn a_reader_that_is_too_slow_is_ended_and_goes_on_behind_what_it_has() {
    const MESSAGES: usize = 480;
    let home = Binary::new();
    home.run(&["room", "create", "standup"]).ok();
    let served = home.serve();
    let mut stream = sluggish(served.url.trim_start_matches("http://"));
    let mut kept = Vec::new();
    let mut read = |kept: &mut Vec<u8>| {
        let mut buffer = [0; 16 * 1024];
        let read = stream.read(&mut buffer).expect("goes on");
        assert!(read > 0, "it ends in order");
        kept.extend_from_slice(&buffer[..read]);
    };
    while !String::from_utf8_lossy(&kept).contains("event: current") {
        read(&mut kept);
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let (client, text) = (reqwest::Client::new(), "x".repeat(16_000));
        for n in 0..MESSAGES {
            write(&client, &served.url, &format!("{n} {text}")).await;
        }
    });
    eventually("it is ended", || {
        metric(
            &served,
            "tok_event_streams_ended_total{reason=\"too_slow\"} ",
        )
    });
    while !kept.ends_with(b"\r\n0\r\n\r\n") {
        read(&mut kept);
    }
    let text = unchunked(&String::from_utf8(kept).expect("text"));
    let told: Vec<Told> = text.split("\n\n").filter_map(event_of).collect();
    let (last, before) = told.split_last().expect("events");
    assert_eq!(
        (last.0.as_str(), &last.2["reason"]),
        ("end", &json!("too_slow"))
    );
    let number = |(_, _, data): &Told| -> Option<usize> {
        data["content"].as_str()?.split(' ').next()?.parse().ok()
    };
    let mut numbers: Vec<usize> = before.iter().filter_map(number).collect();
    assert!(numbers.len() < MESSAGES, "it was not slow enough");
    let known = before.iter().rev().find_map(|(_, id, _)| id.clone());
    runtime.block_on(async {
        let url = format!("{}{WATCH}", served.url);
        let mut events = Events::open(&url, known.as_deref()).await;
        while numbers.len() < MESSAGES {
            let told = events.next().await.expect("the rest");
            numbers.extend(number(&told));
        }
    });
    assert_eq!(numbers, (0..MESSAGES).collect::<Vec<_>>());
}

/// The body of an answer that came in chunks.
fn unchunked(answer: &str) -> String {
    let (_, mut rest) = answer.split_once("\r\n\r\n").expect("a head");
    let mut body = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a length");
        body += &after[..length];
        rest = after[length..].trim_start_matches("\r\n");
        if length == 0 {
            break;
        }
    }
    body
}
