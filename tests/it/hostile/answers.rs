//! Whoever answers in a vendor's place: too much, too slowly, elsewhere, or with words that do harm. A command
//! ends in time with one clear sentence, and the credential goes nowhere else.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::{DRIP, Watched};
use crate::support::Binary;
use crate::support::binary::Run;

/// What every credential is, or has in it.
const CREDENTIAL: &str = "c2VjcmV0LXRoYXQtc3RheXMtaGVyZQ";
/// A command may repeat its call for eight seconds; nothing it waits for takes longer than the time limit.
/// Several run at once, on a machine that may be busy.
const IN_TIME: Duration = Duration::from_secs(45);
/// Presence is waited for a minute.
const OF_PRESENCE: Duration = Duration::from_secs(100);
const MIB: usize = 1024 * 1024;

/// How a host answers.
#[derive(Clone)]
enum Mood {
    /// These bytes.
    Says(Vec<u8>),
    /// A begin, and then this for ever.
    GoesOn(String, Vec<u8>),
    /// A begin, and then this now and then for ever.
    Drips(String, &'static str),
}

#[derive(Default)]
struct Noted {
    asked: Vec<String>,
    sent: usize,
}

/// A host that notes what it was asked, and how much it could send.
struct Host {
    address: SocketAddr,
    noted: Arc<Mutex<Noted>>,
}

impl Host {
    async fn start(mood: Mood) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let noted = Arc::<Mutex<Noted>>::default();
        let keeps = noted.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, mood.clone(), keeps.clone()));
            }
        });
        Self { address, noted }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn asked(&self) -> Vec<String> {
        self.noted.lock().expect("not poisoned").asked.clone()
    }

    fn sent(&self) -> usize {
        self.noted.lock().expect("not poisoned").sent
    }
}

async fn answer(mut stream: TcpStream, mood: Mood, noted: Arc<Mutex<Noted>>) {
    let mut head = Vec::new();
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    noted.lock().expect("not poisoned").asked.push(head);
    match mood {
        Mood::Says(bytes) => drop(stream.write_all(&bytes).await),
        Mood::GoesOn(begin, more) => {
            let mut next = begin.into_bytes();
            while stream.write_all(&next).await.is_ok() {
                noted.lock().expect("not poisoned").sent += next.len();
                next.clone_from(&more);
            }
        }
        Mood::Drips(begin, more) => {
            drop(stream.write_all(begin.as_bytes()).await);
            let mut pace = tokio::time::interval(DRIP);
            loop {
                pace.tick().await;
                if stream.write_all(more.as_bytes()).await.is_err() {
                    return;
                }
            }
        }
    }
    // Until the other side ends it.
    let mut rest = [0; 1024];
    while let Ok(1..) = stream.read(&mut rest).await {}
}

/// An answer of HTTP that ends.
fn says(status: &str, head: &str, body: impl AsRef<[u8]>) -> Mood {
    let body = body.as_ref();
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\n{head}content-length: {length}\r\nconnection: close\r\n\r\n"
    );
    Mood::Says([head.as_bytes(), body].concat())
}

/// A vendor whose place a host takes: its settings, and a command that asks it for something.
struct Place {
    name: &'static str,
    variables: fn(&Host) -> Vec<(&'static str, String)>,
    command: &'static [&'static str],
}

const PLACES: [Place; 6] = [
    Place {
        name: "Daily",
        variables: |host| {
            vec![
                ("TOK_ROOMS__BACKEND", "daily".to_owned()),
                ("TOK_DAILY__API_KEY", CREDENTIAL.to_owned()),
                ("TOK_DAILY__BASE_URL", host.url("/v1")),
                ("TOK_DAILY__TIMEOUT", "1s".to_owned()),
            ]
        },
        command: &["room", "list"],
    },
    Place {
        name: "100ms",
        variables: |host| {
            vec![
                ("TOK_ROOMS__BACKEND", "hundred_ms".to_owned()),
                ("APP_ACCESS_KEY", CREDENTIAL.to_owned()),
                ("APP_SECRET", CREDENTIAL.to_owned()),
                ("TOK_HUNDRED_MS__BASE_URL", host.url("/v2")),
                ("TOK_HUNDRED_MS__TIMEOUT", "1s".to_owned()),
            ]
        },
        command: &["room", "list"],
    },
    Place {
        name: "OpenTok",
        variables: |host| {
            vec![
                ("TOK_ROOMS__BACKEND", "opentok".to_owned()),
                ("TOKBOX_API_KEY", "45828062".to_owned()),
                ("TOKBOX_SECRET", CREDENTIAL.to_owned()),
                ("TOK_OPENTOK__BASE_URL", host.url("")),
                ("TOK_OPENTOK__TIMEOUT", "1s".to_owned()),
            ]
        },
        command: &["recording", "list", "--backend", "opentok"],
    },
    Place {
        name: "Bandwidth",
        variables: |host| {
            vec![
                ("TOK_ROOMS__BACKEND", "bandwidth".to_owned()),
                ("BW_ACCOUNT_ID", "9900000".to_owned()),
                ("BW_USERNAME", "api-user".to_owned()),
                ("BW_PASSWORD", CREDENTIAL.to_owned()),
                ("TOK_BANDWIDTH__BASE_URL", host.url("/v1")),
                ("TOK_BANDWIDTH__TIMEOUT", "1s".to_owned()),
            ]
        },
        command: &["room", "create", "hall"],
    },
    Place {
        name: "Algolia",
        variables: |host| {
            vec![
                ("TOK_SEARCH__BACKEND", "algolia".to_owned()),
                ("TOK_ALGOLIA__APP_ID", "APP".to_owned()),
                ("TOK_ALGOLIA__API_KEY", CREDENTIAL.to_owned()),
                ("TOK_ALGOLIA__BASE_URL", host.url("")),
            ]
        },
        command: &["search", "query", "users", "ada"],
    },
    Place {
        name: "a server of tok",
        variables: |host| {
            vec![
                ("TOK_SERVER", host.url("")),
                ("TOK_KEY", format!("tok_0123456789ab_{CREDENTIAL}")),
            ]
        },
        command: &["room", "list"],
    },
];

/// What a command said, and how long that took.
struct Met {
    place: &'static str,
    run: Run,
    took: Duration,
    host: Host,
}

/// Runs every command against a host of this mood, all at the same time.
async fn meet_all(mood: &Mood) -> Vec<Met> {
    let met = PLACES.iter().map(|place| meet(place, mood));
    join_all(met).await
}

async fn meet(place: &'static Place, mood: &Mood) -> Met {
    let host = Host::start(mood.clone()).await;
    let variables = (place.variables)(&host);
    let running = tokio::task::spawn_blocking(move || {
        let lent: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let began = Instant::now();
        let run = Binary::with(&lent).run(place.command);
        (run, began.elapsed())
    });
    let (run, took) = running.await.expect("no panic");
    let place = place.name;
    Met {
        place,
        run,
        took,
        host,
    }
}

/// Insists that a command failed in time, with one sentence and without telling the credential.
#[track_caller]
fn is_told(what: &str, met: &Met) {
    is_told_within(what, met, IN_TIME);
}

#[track_caller]
fn is_told_within(what: &str, met: &Met, time: Duration) {
    let Met {
        place,
        run,
        took,
        host,
    } = met;
    let told = format!("{what}, {place}, {took:?}: {run:#?}");
    assert!(matches!(run.code, Some(2..=6)), "{told}");
    assert!(*took < time, "{told}");
    assert_eq!(run.stdout, "", "{told}");
    let errors = run
        .stderr
        .lines()
        .filter(|line| line.starts_with("error: "));
    assert_eq!(errors.count(), 1, "{told}");
    assert!(run.stderr.lines().count() <= 8, "{told}");
    assert!(
        run.stderr.chars().all(|c| c == '\n' || !c.is_control()),
        "{told}"
    );
    assert!(run.stderr.len() < 2_000, "{told}");
    for word in ["panicked", CREDENTIAL, "\u{202e}"] {
        assert!(!run.stderr.contains(word), "{told}");
    }
    assert!(!host.asked().is_empty(), "it was never asked: {told}");
}

const ENDLESS: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/// A chunk of a body.
fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read_to_the_end() {
    let spaces = vec![b' '; 64 * 1024];
    for (what, mood) in [
        (
            "chunks",
            Mood::GoesOn(
                format!("{ENDLESS}transfer-encoding: chunked\r\n\r\n"),
                chunk(&spaces),
            ),
        ),
        (
            "a length",
            Mood::GoesOn(
                format!("{ENDLESS}content-length: 1000000000000\r\n\r\n"),
                spaces.clone(),
            ),
        ),
        (
            "no length",
            Mood::GoesOn(format!("{ENDLESS}\r\n"), spaces.clone()),
        ),
        (
            "a refusal",
            Mood::GoesOn(
                ENDLESS.replace("200 OK", "400 Bad Request") + "\r\n",
                spaces.clone(),
            ),
        ),
        (
            "a head",
            Mood::GoesOn(
                ENDLESS.to_owned(),
                b"x-more: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n".repeat(1000),
            ),
        ),
        (
            "a header",
            Mood::GoesOn(format!("{ENDLESS}x-more: "), vec![b'a'; 64 * 1024]),
        ),
    ] {
        for met in meet_all(&mood).await {
            is_told(what, &met);
            // Every try reads some MiB, and the network holds some.
            let sent = met.host.sent();
            assert!(sent < 96 * MIB, "{what}, {}: {sent} bytes", met.place);
        }
    }
}

/// A few KiB that are a GiB.
fn bomb() -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; MIB];
    for _ in 0..256 {
        packed.write_all(&spaces).expect("packs");
    }
    packed.finish().expect("packs")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_packed_is_not_unpacked_without_end() {
    let mood = says("200 OK", "content-encoding: gzip\r\n", bomb());
    for met in meet_all(&mood).await {
        is_told("a bomb", &met);
    }
    // In a server, where it counts.
    let host = Host::start(mood).await;
    let url = host.url("/v1");
    let variables = [
        ("TOK_DAILY__API_KEY", CREDENTIAL),
        ("TOK_DAILY__BASE_URL", &url),
        ("TOK_DAILY__TIMEOUT", "30s"),
    ];
    let watched = Watched::start(&variables).await;
    let asked = (0..4).map(|_| reqwest::get(watched.url("/v1/rooms?backend=daily")));
    for answer in join_all(asked).await {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), 502);
        let told = answer.text().await.expect("text");
        assert!(
            told.contains("Daily's answer is larger than 8 MiB"),
            "{told}"
        );
    }
    watched.stays_well().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_bit_by_bit_is_given_up() {
    // Whoever calls a server of ours waits for as long as that may work at it, which is two minutes.
    let places = || {
        PLACES
            .iter()
            .filter(|place| place.name != "a server of tok")
    };
    for (what, begin) in [
        (
            "a body",
            format!("{ENDLESS}content-length: 1000000\r\n\r\n"),
        ),
        ("a head", format!("{ENDLESS}x-slow:")),
        ("a first line", "HTTP/1.1 200".to_owned()),
    ] {
        let mood = Mood::Drips(begin, " ");
        for met in join_all(places().map(|place| meet(place, &mood))).await {
            is_told(what, &met);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_takes_no_credential_elsewhere() {
    let elsewhere = Host::start(says("200 OK", "", "{}")).await;
    let port = elsewhere.address.port();
    let targets = [
        elsewhere.url("/collect"),
        format!("http://localhost:{port}/collect"),
        format!("//127.0.0.1:{port}/collect"),
        format!("http://user:password@127.0.0.1:{port}/"),
    ];
    for status in [
        "301 Moved",
        "302 Found",
        "303 See Other",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let some = if status.starts_with("307") { 4 } else { 1 };
        for target in &targets[..some] {
            let mood = says(status, &format!("location: {target}\r\n"), "");
            for met in meet_all(&mood).await {
                is_told(&format!("{status} {target}"), &met);
            }
        }
    }
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

/// A stream of what changes is opened anew until a minute is over.
#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_answers_oddly_is_given_up_after_a_minute() {
    static PRESENCE: Place = Place {
        name: "Realtime Database",
        variables: |host| {
            vec![
                ("TOK_PRESENCE__BACKEND", "realtime_database".to_owned()),
                ("TOK_REALTIME_DATABASE__URL", host.url("/?ns=demo")),
            ]
        },
        command: &["presence", "audit"],
    };
    let elsewhere = Host::start(says("200 OK", "", "{}")).await;
    // An emulator has several ports; another host is another one.
    let port = elsewhere.address.port();
    let target = format!("location: http://localhost:{port}/collect\r\n");
    let events = ENDLESS.replace("application/json", "text/event-stream");
    let alive = "event: keep-alive\ndata: null\n\n";
    let odd = "event: put\ndata: {\"path\":\"/\",\"data\":\u{1b}[31m}\n\n";
    let moods = [
        ("a redirect", says("307 Temporary Redirect", &target, "")),
        ("drips", Mood::Drips(format!("{events}\r\n"), " ")),
        (
            "a head that drips",
            Mood::Drips(format!("{events}x-slow: "), " "),
        ),
        ("signs of life", Mood::Drips(format!("{events}\r\n"), alive)),
        (
            "a bomb",
            says("200 OK", "content-encoding: gzip\r\n", bomb()),
        ),
        (
            "a long wait",
            says(
                "429 Too Many",
                "retry-after: 18446744073709551615\r\n",
                "{}",
            ),
        ),
        ("no JSON", says("200 OK", "", odd)),
    ];
    let met = moods
        .iter()
        .map(async |(what, mood)| (what, meet(&PRESENCE, mood).await));
    for (what, met) in join_all(met).await {
        is_told_within(what, &met, OF_PRESENCE);
    }
    assert_eq!(elsewhere.asked(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_a_vendor_do_nothing_to_a_terminal() {
    let words = "bad\u{1b}[31m\u{1b}]0;pwned\u{7}\r\nerror: another\n\u{202e}\u{0}\u{9b}2J\u{7f}\u{85}\u{2028}";
    let long = format!("{words}{}", "a".repeat(100_000));
    for (words, some) in [(words, 6), (&long, 1)] {
        let body = json!({
            "error": words, "info": words, "message": words, "description": words, "detail": words,
            "title": words, "code": words,
        });
        for status in [
            "400 Bad Request",
            "404 Not Found",
            "409 Conflict",
            "422 Unprocessable",
            "418 Teapot",
            "500 Internal Server Error",
        ]
        .into_iter()
        .take(some)
        {
            for met in meet_all(&says(status, "", body.to_string())).await {
                is_told(status, &met);
            }
        }
        // Somebody else's page.
        for met in meet_all(&says("200 OK", "", words)).await {
            is_told("no JSON", &met);
        }
        let head = "location: http://127.0.0.1:1/\u{202e}\u{85}\r\n";
        for met in meet_all(&says("302 Found", head, words)).await {
            is_told("a redirect", &met);
        }
    }
}

/// What a vendor has is shown in rows, whatever it is called.
#[tokio::test(flavor = "multi_thread")]
async fn names_of_a_vendor_do_nothing_to_a_terminal() {
    let name = "standup\u{1b}[2J\nother\u{202e}\u{7}";
    let room = json!({
        "id": "1", "name": name, "api_created": true, "privacy": "public", "url": name,
        "created_at": "2026-01-01T00:00:00.000Z", "config": {},
    });
    let body = json!({ "total_count": 1, "data": [room] });
    let host = Host::start(says("200 OK", "", body.to_string())).await;
    let variables = (PLACES[0].variables)(&host);
    let runs = tokio::task::spawn_blocking(move || {
        let lent: Vec<(&str, &str)> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let binary = Binary::with(&lent);
        [
            &["room", "list"][..],
            &["room", "list", "-o", "csv"],
            &["room", "list", "-o", "name"],
            &["room", "list", "--json"],
        ]
        .map(|words| binary.run(words))
    });
    for run in runs.await.expect("no panic") {
        let said = [run.stdout.as_str(), &run.stderr].concat();
        let odd = |c: char| c != '\n' && (c.is_control() || c == '\u{202e}');
        assert_eq!(said.chars().find(|c| odd(*c)), None, "{run:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vendor_that_asks_to_wait_absurdly_long_is_not_waited_for() {
    for wait in [
        "-1",
        "1000000000000000000",
        "18446744073709551615",
        "18446744073709551616",
        "999999999999999999999999999999",
        "1e300",
        "0.5",
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "soon",
        "\u{1b}[31m",
        "",
    ] {
        // In trouble, it is asked some times more.
        let trouble = (wait.len() == 20).then_some("503 Service Unavailable");
        for status in ["429 Too Many Requests"].into_iter().chain(trouble) {
            let mood = says(status, &format!("retry-after: {wait}\r\n"), "{}");
            for met in meet_all(&mood).await {
                is_told(&format!("{status} {wait:?}"), &met);
            }
        }
    }
}
