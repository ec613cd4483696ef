//! Work at a server of which the connection broke in the middle.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::{Value, json};

use crate::releases::eventually;
use crate::support::Binary;

/// What a request begins with that deletes, other than one that only plans.
const DELETES: &[u8] = b"POST /v1/rooms:delete?max_runtime";

/// A way to a server that breaks when the answer to the third deletion comes, and for good: that one was
/// carried out, but nobody is told so.
fn way_that_breaks(to: &str) -> String {
    let to = to.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let deletions = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        while let Ok((client, _)) = listener.accept() {
            let (to, deletions) = (to.clone(), deletions.clone());
            thread::spawn(move || {
                let server = TcpStream::connect(to).expect("the server listens");
                let back = (
                    server.try_clone().expect("a socket"),
                    client.try_clone().expect("a socket"),
                );
                let seen = deletions.clone();
                thread::spawn(move || forth(client, server, &seen));
                answers(back.0, back.1, &deletions);
            });
        }
    });
    url
}

/// Passes requests on and counts those that delete.
fn forth(mut from: TcpStream, mut to: TcpStream, deletions: &AtomicUsize) {
    let mut buffer = [0; 16 * 1024];
    let mut kept: Vec<u8> = Vec::new();
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        let some = &buffer[..read];
        // One may begin in one part and end in the next one.
        kept.extend_from_slice(some);
        let found = kept.windows(DELETES.len()).filter(|part| *part == DELETES);
        deletions.fetch_add(found.count(), Ordering::SeqCst);
        let rest = kept.len().saturating_sub(DELETES.len() - 1);
        kept.drain(..rest);
        if to.write_all(some).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    drop(to.shutdown(Shutdown::Write));
}

/// Passes answers on, until the third deletion is answered.
fn answers(mut from: TcpStream, mut to: TcpStream, deletions: &AtomicUsize) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        if deletions.load(Ordering::SeqCst) >= 3 || to.write_all(&buffer[..read]).is_err() {
            break;
        }
    }
    // The other side may be gone already.
    drop(to.shutdown(Shutdown::Both));
}

fn number(report: &Value, name: &str) -> u64 {
    report[name].as_u64().expect("a number")
}

#[test]
fn a_deletion_that_broke_off_is_continued_over_a_server() {
    let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let names = home.fill();
    let key = home.run(&["key", "create", "laptop", "-o", "name"]).ok();
    let served = home.serve();
    let laptop = |url: &str| Binary::with(&[("TOK_SERVER", url), ("TOK_KEY", key.stdout.trim())]);
    let delete = ["room", "delete", "-", "--yes", "--json"];
    // One that was not there in the first place is told as such, also by the run after.
    let names = format!("a-missing-one\n{names}");
    let broken = laptop(&way_that_breaks(&served.url)).pipe(&delete, &names);
    assert_eq!(broken.code, Some(8), "{}", broken.stderr);
    let first = broken.json();
    assert!(number(&first, "deleted") > 0 && number(&first, "failed") > 0);
    assert_eq!(number(&first, "missing"), 1);
    let straight = laptop(&served.url);
    let run = eventually("the work in hand ends", || {
        let run = straight.pipe(&delete, &names);
        (run.code != Some(11)).then_some(run)
    });
    // For the room that never was, as over the store.
    assert_eq!(run.code, Some(8), "{}", run.stderr);
    let second = run.json();
    assert_eq!(number(&second, "missing"), 1);
    assert_eq!(
        number(&second, "deleted") + number(&second, "resumed"),
        40_000
    );
    // More than the first run was told of.
    assert!(number(&second, "resumed") > number(&first, "deleted"));
    assert_eq!(second["failed"], json!(0));
    // The run is over: nothing is kept of it.
    let third = straight.pipe(&delete, "room-00001\nroom-00002\n").json();
    assert_eq!(
        (number(&third, "missing"), number(&third, "resumed")),
        (2, 0)
    );
    let again = straight.pipe(&delete, &names).json();
    assert_eq!(
        (number(&again, "missing"), number(&again, "resumed")),
        (40_001, 0)
    );
}

#[test]
fn a_run_begun_over_a_server_is_continued_at_the_store() {
    let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let names = home.fill();
    let key = home.run(&["key", "create", "laptop", "-o", "name"]).ok();
    let served = home.serve();
    let url = way_that_breaks(&served.url);
    let laptop = Binary::with(&[("TOK_SERVER", &url), ("TOK_KEY", key.stdout.trim())]);
    let delete = ["room", "delete", "-", "--yes", "--json"];
    let broken = laptop.pipe(&delete, &names);
    assert_eq!(broken.code, Some(8), "{}", broken.stderr);
    let run = eventually("the work in hand ends", || {
        let run = home.pipe(&delete, &names);
        (run.code != Some(11)).then_some(run)
    });
    let report = run.ok().json();
    assert_eq!(number(&report, "missing"), 0);
    assert_eq!(
        number(&report, "deleted") + number(&report, "resumed"),
        40_000
    );
    assert!(number(&report, "resumed") > 0);
}

#[test]
fn a_part_of_a_run_says_which_run() {
    let home = Binary::new();
    let served = home.serve();
    let body = json!({ "names": ["a", "b"], "part": { "run": "x", "before": 0, "ends": true } });
    let url = format!("{}/v1/rooms:delete", served.url);
    let (status, _, problem) = crate::releases::ask(reqwest::Method::POST, &url, Some(body));
    assert_eq!(status, 400);
    assert!(
        problem["detail"].to_string().contains("32 hexadecimal"),
        "{problem}"
    );
}
