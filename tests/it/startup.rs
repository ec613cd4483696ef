//! What a command takes before it does anything: only what it needs.

use std::process::Command;

use crate::support::Binary;

/// A machine without certificates: whoever gets a client ready for calls fails.
const BARE: (&str, &str) = ("SSL_CERT_FILE", "/nowhere/certificates.pem");

/// The environment of every vendor at once.
const EVERYBODY: [(&str, &str); 17] = [
    BARE,
    ("DAILY_API_KEY", "key"),
    ("TOK_HUNDRED_MS__ACCESS_KEY", "key"),
    ("TOK_HUNDRED_MS__SECRET", "secret"),
    ("TOK_OPENTOK__API_KEY", "12345"),
    ("TOK_OPENTOK__SECRET", "secret"),
    ("TOK_BANDWIDTH__ACCOUNT_ID", "9900000"),
    ("TOK_BANDWIDTH__USERNAME", "name"),
    ("TOK_BANDWIDTH__PASSWORD", "secret"),
    ("TOK_PUSH__BACKEND", "pinpoint"),
    ("TOK_PINPOINT__APP_ID", "app"),
    ("TOK_PINPOINT__REGION", "eu-west-1"),
    ("TOK_PINPOINT__ACCESS_KEY_ID", "key"),
    ("TOK_PINPOINT__SECRET_ACCESS_KEY", "secret"),
    ("TOK_SEARCH__BACKEND", "algolia"),
    ("TOK_ALGOLIA__APP_ID", "ABCDE12345"),
    ("TOK_ALGOLIA__API_KEY", "key"),
];

#[test]
fn who_calls_nobody_reads_no_certificates() {
    let binary = Binary::with(&EVERYBODY);
    let list = ["room", "list", "--backend", "local", "-o", "jsonl"];
    // The first one says that there was no store.
    binary.run(&list).ok();
    assert_eq!(binary.run(&list).ok().stderr, "");
}

#[test]
fn who_calls_somebody_is_told_what_is_wrong() {
    let binary = Binary::with(&EVERYBODY);
    binary
        .run(&["room", "list", "--backend", "daily"])
        .refused(10, "install the package ca-certificates");
}

/// Servers stay: what the first call would meet shows at their start.
#[test]
fn servers_get_every_vendor_ready_when_they_start() {
    let binary = Binary::with(&[BARE, ("DAILY_API_KEY", "key")]);
    let free = "127.0.0.1:0";
    let commands: [&[&str]; 3] = [
        &["serve", "--bind", free, "--ops-bind", free],
        &["work", "--ops-bind", free],
        &["config", "check"],
    ];
    for command in commands {
        binary
            .run(command)
            .refused(10, "install the package ca-certificates");
    }
    let alone = Binary::with(&[BARE]);
    alone.run(&["config", "check"]).ok();
    drop(alone.serve());
}

/// Seconds of CPU that ten runs take, as a shell that runs nothing else counts them.
fn seconds(binary: &Binary, arguments: &str) -> f64 {
    let script = format!(
        "for n in 1 2 3 4 5 6 7 8 9 10; do \"$TOK\" {arguments} > out || exit 1; done; times"
    );
    let mut shell = Command::new("bash");
    shell
        .args(["-c", &script])
        .env_clear()
        .env("HOME", binary.dir())
        .env("TOK", env!("CARGO_BIN_EXE_tok"))
        .current_dir(binary.dir());
    let output = shell.output().expect("bash runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{output:?}");
    // Two lines, the shell's own and its children's: `0m0.012s 0m0.034s`.
    let children = text.lines().nth(1).expect("two lines");
    let parts = children.split_whitespace().map(|time| {
        let (minutes, seconds) = time.trim_end_matches('s').split_once('m').expect("a time");
        let number = |text: &str| text.parse::<f64>().expect("a number");
        number(minutes) * 60.0 + number(seconds)
    });
    parts.sum()
}

/// A ratio of two runs on this machine: how quick the machine is does not matter. What others do to its caches
/// during one of the two does, so that the best of a few counts.
#[test]
fn listing_an_empty_store_costs_little_more_than_starting() {
    let binary = Binary::new();
    let mut measured = Vec::new();
    let is_little = (0..3).any(|_| {
        let nothing = seconds(&binary, "--version");
        let listing = seconds(&binary, "room list");
        measured.push((listing, nothing));
        listing < 5.0 * nothing
    });
    assert!(
        is_little,
        "seconds of CPU of ten listings and of ten starts: {measured:?}"
    );
}
