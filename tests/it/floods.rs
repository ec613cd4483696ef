//! A thousand documents that cannot be read are told of once, and drown no log.

use nix::sys::signal::Signal;
use reqwest::{Method, StatusCode};
use serde_json::json;
use tok::backends::documents::Write;

use crate::releases::{ask, eventually};
use crate::stored::{commit, count, golden};
use crate::support::Binary;
use crate::unreadable::MOST_LINES;

/// A thousand documents that cannot be read, and one after them that can.
fn a_thousand(collection: &str, prefix: &str) -> Binary {
    let binary = Binary::new();
    let broken = |n: u32| Write::put(collection, &format!("{prefix}u{n:04}"), &json!([n]));
    let mut writes: Vec<Write> = (0..1000).map(|n| broken(n).expect("JSON")).collect();
    let good = golden(collection);
    writes.push(Write::put(collection, &format!("{prefix}zoe"), &good).expect("JSON"));
    commit(&binary, writes);
    binary
}

/// The lines of a log that tell of a document that cannot be read.
fn told_of(log: &str) -> usize {
    log.lines()
        .filter(|line| line.contains("stored document"))
        .count()
}

/// How many can be read and how many cannot, over all pages.
fn over_all_pages(list: &str) -> (usize, u64) {
    let (mut items, mut unreadable) = (0, 0);
    let mut url = list.to_owned();
    for _ in 0..30 {
        let (status, _, page) = ask(Method::GET, &url, None);
        assert_eq!(status, StatusCode::OK, "{page}");
        items += page["items"].as_array().expect("a list").len();
        unreadable += page["unreadable"].as_u64().unwrap_or(0);
        let Some(next) = page["next"].as_str() else {
            return (items, unreadable);
        };
        url = format!("{list}&after={next}");
    }
    panic!("the pages of {list} do not end");
}

#[test]
fn a_thousand_of_them_are_told_once_over_http() {
    for (collection, prefix, path) in [
        ("users", "", "/v1/users?limit=100"),
        ("tok_rooms", "local:", "/v1/rooms?limit=100"),
    ] {
        let binary = a_thousand(collection, prefix);
        let served = binary.serve();
        for _ in 0..2 {
            let found = over_all_pages(&format!("{}{path}", served.url));
            assert_eq!(found, (1, 1000), "{collection}");
        }
        let noted = || (count(&binary, "tok_parked/records/items") == 1000).then_some(());
        eventually("they are noted", noted);
        served.signal(Signal::SIGTERM);
        let (code, log) = served.finish();
        assert_eq!(code, Some(0), "{log}");
        assert!((1..=MOST_LINES).contains(&told_of(&log)), "{log}");
    }
}

#[test]
fn a_thousand_of_them_do_not_drown_the_log_of_a_worker() {
    let binary = a_thousand("users", "");
    let worker = binary.work(&[]);
    let parked = || (count(&binary, "tok_parked/search/items") == 1000).then_some(());
    eventually("they are parked", parked);
    eventually("it is found", || {
        let query = ["search", "query", "users", "Lovelace", "-o", "name"];
        (binary.run(&query).stdout == "zoe\n").then_some(())
    });
    worker.signal(Signal::SIGTERM);
    let (code, log) = worker.finish();
    assert_eq!(code, Some(0), "{log}");
    // It may have to tell of other things as well.
    let of_one = |line: &&str| line.contains("document") || line.contains("id=");
    let warnings = log.lines().filter(|line| line.contains("WARN"));
    let lines = warnings.filter(of_one).count();
    assert!((1..=MOST_LINES).contains(&lines), "{lines}: {log}");
    // Whoever begins again does not tell them again.
    let again = binary.run(&["search", "query", "users", "Lovelace"]).ok();
    assert_eq!(again.stderr, "");
}
