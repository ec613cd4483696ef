//! A proxy that is missing in `server.trusted_proxies` is told: by the log once, by `tok doctor` wherever
//! it runs, and by the metrics.

use std::io::{Read, Write};
use std::net::TcpStream;

use nix::sys::signal::Signal;
use serde_json::Value;

use crate::edge::NO_PROXY;
use crate::releases::eventually;
use crate::support::Binary;

/// Signs of life that are not waited for long.
const QUICK: (&str, &str) = ("TOK_SIGNALLING__HEARTBEAT", "600ms");
const TRUSTED: (&str, &str) = ("TOK_SERVER__TRUSTED_PROXIES", "10.0.0.0/8,127.0.0.0/8");
/// What the log says.
const MANY: &str = "many requests say by X-Forwarded-For or Forwarded";

/// What proxies send, and what others send who want to be somebody else.
fn heads() -> Vec<Vec<u8>> {
    let long = format!("X-Forwarded-For: {}\r\n", "198.51.100.4, ".repeat(500));
    let texts = [
        "X-Forwarded-For: 198.51.100.4\r\n",
        "X-Forwarded-For: 127.0.0.1\r\n",
        "X-Forwarded-For: 203.0.113.1, 192.0.2.1, 198.51.100.7\r\n",
        "X-Forwarded-For: 203.0.113.1\r\nX-Forwarded-For: 192.0.2.1\r\n",
        "Forwarded: for=198.51.100.4;proto=https, for=\"[2001:db8::1]:4711\"\r\n",
        "Forwarded: for=_hidden\r\nX-Forwarded-For: [2001:db8::1]:4711\r\n",
        "Forwarded: for=\"\r\n",
        "X-Forwarded-For: \r\n",
        "X-Forwarded-For: ,,unknown,256.1.1.1\r\n",
        "x-forwarded-for: 192.0.2.1\r\n",
        &long,
    ];
    let mut heads: Vec<_> = texts.iter().map(|text| text.as_bytes().to_vec()).collect();
    heads.push(b"X-Forwarded-For: \xff\xfe\r\n".to_vec());
    heads
}

/// A request with these lines in its head, over a connection of its own; its status.
fn send(url: &str, head: &[u8]) -> u16 {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("connects");
    let asked = [
        b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".as_slice(),
        head,
        b"\r\n",
    ];
    stream.write_all(&asked.concat()).expect("taken");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("an answer");
    let answer = String::from_utf8_lossy(&answer);
    answer
        .get(9..12)
        .and_then(|status| status.parse().ok())
        .unwrap_or_else(|| panic!("{answer}"))
}

/// So many requests, of every kind.
fn send_many(url: &str, count: usize) {
    for head in heads().iter().cycle().take(count) {
        send(url, head);
    }
}

/// What doctor says of them.
fn finding(binary: &Binary) -> Option<Value> {
    let found = binary.run(&["doctor", "--json"]).ok().json();
    let all = found["findings"].as_array().expect("a list").clone();
    all.into_iter()
        .find(|one| one["check"] == "forwarded addresses")
}

/// How many the server says that it disregarded.
fn disregarded(ops: &str) -> u32 {
    let mut stream = TcpStream::connect(ops.trim_start_matches("http://")).expect("connects");
    let asked = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    stream.write_all(asked).expect("taken");
    let mut told = String::new();
    stream.read_to_string(&mut told).expect("text");
    let line = told
        .lines()
        .find_map(|line| line.strip_prefix("tok_forwarded_disregarded_total "));
    line.map_or(0, |count| count.parse().expect("a number"))
}

#[test]
fn a_proxy_that_is_missing_in_the_setting_is_told_by_doctor_and_once_by_the_log() {
    let binary = Binary::with(&[NO_PROXY, QUICK]);
    let served = binary.serve();
    send_many(&served.url, 120);
    assert_eq!(disregarded(&served.ops), 120, "each counts once");
    // Signs of life before the last request tell of fewer.
    let told = eventually("doctor hears of all", || {
        finding(&binary).filter(|told| told.to_string().contains("127.0.0.1 (120 requests)"))
    });
    assert_eq!(told["health"], "warn", "{told}");
    let advice = told["advice"].as_str().expect("text");
    assert!(advice.contains("server.trusted_proxies"), "{advice}");
    let run = binary.run(&["doctor"]).ok();
    assert!(run.stdout.contains("forwarded addresses"), "{run:#?}");
    served.signal(Signal::SIGTERM);
    let (_, log) = served.finish();
    let lines: Vec<_> = log.lines().filter(|line| line.contains(MANY)).collect();
    let [line] = lines[..] else {
        panic!("{log}");
    };
    let parts = ["\"WARN\"", "server.trusted_proxies", "127.0.0.1"];
    assert!(parts.iter().all(|part| line.contains(part)), "{line}");
}

#[test]
fn nothing_is_told_of_a_trusted_proxy_of_few_requests_or_of_the_operators_listener() {
    for (what, proxies, ops, count, counted) in [
        ("trusted", TRUSTED, false, 250, 0),
        ("few", NO_PROXY, false, 99, 99),
        ("of operators", NO_PROXY, true, 250, 0),
    ] {
        let binary = Binary::with(&[proxies]);
        let served = binary.serve();
        send_many(if ops { &served.ops } else { &served.url }, count);
        assert_eq!(disregarded(&served.ops), counted, "{what}");
        served.signal(Signal::SIGTERM);
        // The last sign of life tells as much as was heard.
        let (_, log) = served.finish();
        assert!(!log.contains(MANY), "{what}: {log}");
        assert_eq!(finding(&binary), None, "{what}");
    }
}

/// What is said last is not lost with the server, and a restart forgets it.
#[test]
fn what_was_heard_goes_with_the_server_that_heard_it() {
    let binary = Binary::with(&[QUICK]);
    let set = |proxies: &str| {
        let text = format!("[server]\ntrusted_proxies = ['{proxies}']\n");
        std::fs::write(binary.dir().join("tok.toml"), text).expect("written");
    };
    set("192.0.2.1");
    let served = binary.serve();
    send_many(&served.url, 100);
    served.signal(Signal::SIGTERM);
    served.finish();
    assert!(finding(&binary).is_some(), "told by its last sign");
    set("127.0.0.1");
    let served = binary.serve();
    send_many(&served.url, 150);
    eventually("the former one is out", || {
        finding(&binary).is_none().then_some(())
    });
    served.signal(Signal::SIGTERM);
    served.finish();
    assert_eq!(finding(&binary), None);
}
