//! Heads of HTTP: too large, too slow, and such that two readers would see different requests in them.

use futures_util::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{interval, timeout};

use super::{DRIP, Watched, statuses, told};
use crate::support::PATIENCE;

const LARGE: usize = 1_000_000;
/// More than anybody may send in a head, and much more than a server may keep of it.
const ENDLESS: usize = 96 * 1024 * 1024;
const GOOD: &str = "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_is_too_large_is_refused_and_not_kept() {
    let watched = Watched::start(&[]).await;
    let begin = "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n";
    let heads = [
        (
            "one header",
            format!("{begin}X-Large: {}\r\n\r\n", "a".repeat(LARGE)),
        ),
        (
            "one name",
            format!("{begin}{}: a\r\n\r\n", "a".repeat(LARGE)),
        ),
        (
            "many headers",
            format!("{begin}{}\r\n", "X-Many: a\r\n".repeat(LARGE / 11)),
        ),
        (
            "many short headers",
            format!("{begin}{}\r\n", "a:\r\n".repeat(1_000)),
        ),
        (
            "a path",
            format!(
                "GET /{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "a".repeat(LARGE)
            ),
        ),
        (
            "a query",
            format!(
                "GET /v1/rooms?{} HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "a".repeat(LARGE)
            ),
        ),
        (
            "a method",
            format!(
                "{} / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "A".repeat(LARGE)
            ),
        ),
        ("empty lines", format!("{}{GOOD}", "\r\n".repeat(LARGE))),
        (
            "a header without end",
            format!("{begin}X-Endless: {}", "a".repeat(ENDLESS)),
        ),
        (
            "headers without end",
            format!("{begin}{}", "X-Endless: a\r\n".repeat(ENDLESS / 14)),
        ),
    ];
    for (name, head) in &heads {
        // What follows is no request any more.
        let bytes = [head, GOOD].concat();
        let heard = told(watched.address, name, bytes.as_bytes()).await;
        let told = statuses(&heard);
        let refused = matches!(told.as_slice(), [] | ["400" | "414" | "431"]);
        // Empty lines before a request mean nothing (RFC 9112, 2.2), and are not kept either.
        let nothing = *name == "empty lines" && told.iter().all(|status| *status == "200");
        assert!(refused || nothing, "{name}: {heard}");
        watched.goes_on().await;
    }
    watched.stays_well().await;
}

/// Head after head of nearly the size that is taken, over many connections at once and one after another.
#[tokio::test(flavor = "multi_thread")]
async fn large_heads_leave_nothing_behind() {
    let watched = Watched::start(&[]).await;
    let head = format!("X-Large: {}\r\n", "a".repeat(60_000));
    let request = GOOD.replace("\r\n\r\n", &format!("\r\n{head}\r\n"));
    let last = GOOD.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let all = [request.repeat(50).as_str(), &last].concat();
    // 100 MB in all.
    for _ in 0..5 {
        let connections = (0..7).map(|_| told(watched.address, "large heads", all.as_bytes()));
        for heard in join_all(connections).await {
            assert_eq!(statuses(&heard), vec!["200"; 51]);
        }
    }
    watched.stays_well().await;
}

/// Sends a begin and then a byte now and then, for ever: until it is given up.
async fn drip(mut stream: TcpStream, begin: &str) {
    stream.write_all(begin.as_bytes()).await.expect("taken");
    let (mut reading, mut writing) = stream.split();
    let dripping = async {
        let mut pace = interval(DRIP);
        loop {
            pace.tick().await;
            if writing.write_all(b"a").await.is_err() {
                return;
            }
        }
    };
    let ending = async {
        let mut part = [0; 1024];
        while let Ok(1..) = reading.read(&mut part).await {}
    };
    let over = async {
        tokio::select! {
            () = dripping => {}
            () = ending => {}
        }
    };
    timeout(PATIENCE, over).await.expect("it is given up");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_that_comes_bit_by_bit_is_given_up_and_others_are_served() {
    let watched = Watched::start(&[]).await;
    let begins = [
        "",
        "GET /",
        "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",
        // On a connection that was good once.
        "GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\n\r\nGET /",
    ];
    let address = watched.address;
    let slow = begins.iter().cycle().take(60).map(|begin| async move {
        let stream = TcpStream::connect(address).await.expect("connects");
        drip(stream, begin).await;
    });
    let slow = join_all(slow);
    let others = async {
        let mut pace = interval(DRIP);
        loop {
            pace.tick().await;
            watched.goes_on().await;
        }
    };
    tokio::select! {
        _ = slow => {}
        () = others => {}
    }
    watched.stays_well().await;
}

/// Whether a status tells that a request is none that is answered, or that the rest of it never came.
fn is_refusal(status: &str) -> bool {
    status.starts_with('4') || status == "504"
}

/// What becomes of a request in which two readers would see different ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// It is refused, or the connection ends without a word.
    Refused,
    /// It is read as the standard says, and nothing that follows is read as a request.
    Last,
}

/// A request that makes a room, as it would be smuggled in.
fn smuggled(name: &str) -> String {
    let body = json!({ "name": name }).to_string();
    let length = body.len();
    format!(
        "POST /v1/rooms HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Heads whose framing is doubtful, and what comes behind them. `LEN` is how long that is.
fn forms() -> Vec<(&'static str, &'static str, Fate)> {
    use Fate::{Last, Refused};
    vec![
        (
            "Content-Length: LEN\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
            Last,
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: LEN\r\n",
            "0\r\n\r\n",
            Last,
        ),
        (
            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
            Last,
        ),
        (
            "content-length: 4\r\nTRANSFER-ENCODING: CHUNKED\r\n",
            "0\r\n\r\n",
            Last,
        ),
        ("Content-Length: 0\r\nContent-Length: LEN\r\n", "", Refused),
        ("Content-Length: LEN\r\nContent-Length: 0\r\n", "", Refused),
        ("Content-Length: 0, 0\r\n", "", Refused),
        ("Content-Length: 0,LEN\r\n", "", Refused),
        ("Content-Length: -1\r\n", "", Refused),
        ("Content-Length: +0\r\n", "", Refused),
        ("Content-Length: 0x0\r\n", "", Refused),
        ("Content-Length: 0 0\r\n", "", Refused),
        ("Content-Length: \r\n", "", Refused),
        ("Content-Length: 1e1\r\n", "", Refused),
        ("Content-Length: 18446744073709551616\r\n", "", Refused),
        ("Content-Length: 18446744073709551615\r\n", "", Refused),
        ("Content-Length : 0\r\n", "", Refused),
        ("Content-Length\t: 0\r\n", "", Refused),
        ("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n", Refused),
        (
            "Transfer-Encoding: xchunked\r\nContent-Length: 5\r\n",
            "0\r\n\r\n",
            Refused,
        ),
        ("Transfer-Encoding: identity\r\n", "", Refused),
        ("Transfer-Encoding: gzip\r\n", "", Refused),
        (
            "Transfer-Encoding: chunked, identity\r\n",
            "0\r\n\r\n",
            Refused,
        ),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            "0\r\n\r\n",
            Refused,
        ),
        ("Transfer-Encoding: chunked;q=1\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding: \"chunked\"\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding: 'chunked'\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding: chunked \x0b\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding:\x0bchunked\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding : chunked\r\n", "0\r\n\r\n", Refused),
        ("Transfer\x00-Encoding: chunked\r\n", "0\r\n\r\n", Refused),
        ("Transfer-Encoding\r\n : chunked\r\n", "0\r\n\r\n", Refused),
        // Lines that go on in the next one.
        ("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n", Refused),
        ("Content-Length: 0\r\n 1\r\n", "", Refused),
        (
            "X-Folded: a\r\n\tTransfer-Encoding: chunked\r\n",
            "0\r\n\r\n",
            Refused,
        ),
        (" X-First: a\r\n", "", Refused),
        // Ends of lines that are none, or only half of one.
        ("X-Line: a\rContent-Length: LEN\r\n", "", Refused),
        ("X-Line: a\r\rContent-Length: LEN\r\n", "", Refused),
        ("X-Line: a\nContent-Length: LEN\r\n", "", Last),
        (
            "X-Line: a\nTransfer-Encoding: chunked\nContent-Length: LEN\r\n",
            "0\r\n\r\n",
            Last,
        ),
        // What stands in no head.
        ("X-Nothing: a\0b\r\n", "", Refused),
        ("X-Noth\0ing: a\r\n", "", Refused),
        ("X-Bell: \x07\r\n", "", Refused),
        ("X-Gone: \x7f\r\n", "", Refused),
        (": nameless\r\n", "", Refused),
        ("nothing of a header\r\n", "", Refused),
        // Sizes of chunks.
        (CHUNKED, "-1\r\n", Refused),
        (CHUNKED, "+0\r\n\r\n", Refused),
        (CHUNKED, " 0\r\n\r\n", Refused),
        (CHUNKED, "0x0\r\n\r\n", Refused),
        (CHUNKED, "\r\n\r\n", Refused),
        (CHUNKED, "g\r\n\r\n", Refused),
        (CHUNKED, "0 0\r\n\r\n", Refused),
        (CHUNKED, "10000000000000000\r\n", Refused),
        (CHUNKED, "FFFFFFFFFFFFFFFF1\r\n", Refused),
        (CHUNKED, "FFFFFFFFFFFFFFFF\r\n", Refused),
        (CHUNKED, "7FFFFFFFFFFFFFFF\r\n", Refused),
        (CHUNKED, "1\r\n{}\r\n0\r\n\r\n", Refused),
        (CHUNKED, "2\r\n{}0\r\n\r\n", Refused),
        (CHUNKED, "2\n{}\n0\n\n", Refused),
        (CHUNKED, "2\r\n{}\n0\r\n\r\n", Refused),
        (CHUNKED, "2\r\n{}\r\n0\n\n", Refused),
        (CHUNKED, "2;a=\n0\r\n{}\r\n0\r\n\r\n", Refused),
        (CHUNKED, "0\r\nX-Bad trailer\r\n\r\n", Refused),
    ]
}

/// How long a body is waited for.
const SOON: (&str, &str) = ("TOK_SERVER__REQUEST_TIMEOUT", "5s");
const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn no_request_is_smuggled_in_another_one() {
    let watched = Watched::start(&[SOON]).await;
    let exists = async |name: &str| {
        let answer = reqwest::get(watched.url(&format!("/v1/rooms/{name}"))).await;
        answer.expect("an answer").status() == 200
    };
    // Where nothing is doubtful the next request is one, and would be found.
    let head = "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    let both = [head, &smuggled("in-the-open")].concat();
    let heard = told(watched.address, "two requests", both.as_bytes()).await;
    assert_eq!(statuses(&heard), ["404", "201"]);
    assert!(exists("in-the-open").await);
    let forms = forms();
    let mut sent = Vec::new();
    // One reads bodies, the other does not.
    for (path, version) in [
        ("/v1/rooms", "1.1"),
        ("/nowhere", "1.1"),
        ("/nowhere", "1.0"),
    ] {
        for (number, (head, body, fate)) in forms.iter().enumerate() {
            let name = format!("smuggled-{number}-{}-{}", &path[1..3], &version[2..]);
            let rest = [body, smuggled(&name).as_str()].concat();
            let head = head.replace("LEN", &rest.len().to_string());
            let request = format!(
                "POST {path} HTTP/{version}\r\nHost: localhost\r\nContent-Type: application/json\r\n{head}\r\n{rest}"
            );
            let fate = if version == "1.0" { Fate::Last } else { *fate };
            sent.push((name, head, *body, fate, request));
        }
    }
    let asked = sent
        .iter()
        .map(async |(name, .., request)| told(watched.address, name, request.as_bytes()).await);
    let heard = join_all(asked).await;
    for ((name, head, body, fate, _), heard) in sent.iter().zip(heard) {
        let told = statuses(&heard);
        assert!(told.len() <= 1, "{name} {head:?} {body:?}: {heard}");
        let refused = told.iter().all(|status| is_refusal(status));
        assert!(
            *fate == Fate::Last || refused,
            "{name} {head:?} {body:?}: {heard}"
        );
        assert!(!exists(name).await, "{head:?} {body:?}");
    }
    watched.stays_well().await;
}

/// What belongs to chunks and is none of the body has an end too.
#[tokio::test(flavor = "multi_thread")]
async fn chunks_with_endless_extensions_and_trailers_are_cut_off() {
    let watched = Watched::start(&[SOON]).await;
    for path in ["/v1/rooms", "/nowhere", "/webhooks/daily"] {
        for (name, begin, more) in [
            ("an extension", "2;", "a"),
            (
                "extensions of many chunks",
                "",
                "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n \r\n",
            ),
            ("trailers", "2\r\n{}\r\n0\r\n", "X-Endless: a\r\n"),
            ("a trailer", "2\r\n{}\r\n0\r\nX-Endless: ", "a"),
            ("space behind a size", "2", " "),
            ("zeros before a size", "", "0"),
            ("chunks of nothing", "", "1\r\n \r\n"),
        ] {
            // What the standard lets anybody send is read byte by byte.
            let much = if [" ", "0"].contains(&more) {
                4 * 1024 * 1024
            } else {
                ENDLESS / 2
            };
            let begin = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{CHUNKED}\r\n{begin}"
            );
            let more = more.repeat(much / more.len());
            let bytes = [begin.as_str(), &more].concat();
            let heard = told(watched.address, name, bytes.as_bytes()).await;
            let told = statuses(&heard);
            let refused = told.iter().all(|status| is_refusal(status));
            assert!(told.len() <= 1 && refused, "{path} {name}: {heard}");
        }
        watched.goes_on().await;
    }
    watched.stays_well().await;
}
