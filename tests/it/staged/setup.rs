//! Settings that are wrong, and servers that cannot start.

use std::fs;
use std::net::TcpListener;

use super::{Met, Staged, all_are_told, closed, run, with};
use crate::support::Binary;

/// What `room list` says with this configuration.
fn configured(text: &str) -> Option<Met> {
    let binary = Binary::new();
    fs::write(binary.dir().join("tok.toml"), text).expect("written");
    Met::by(run(&binary, "room list"))
}

#[test]
fn a_setting_that_is_wrong_is_told_with_its_place() {
    all_are_told(&[
        Staged {
            name: "a setting that there is not",
            stage: || configured("[serv]\nbind = \"127.0.0.1:1\"\n"),
            code: 10,
            cause: &["tok.toml, line 2: there is no setting `serv.bind`"],
            remedy: &["did you mean `server.bind`?", "tok config init -"],
        },
        Staged {
            name: "a value that is none",
            stage: || configured("\n[worker]\nlease = \"soon\"\n"),
            code: 10,
            cause: &["tok.toml, line 3: worker.lease", "soon"],
            remedy: &["change or remove worker.lease in "],
        },
        Staged {
            name: "a file that is no TOML",
            stage: || configured("[worker]\nlease = 1s\n"),
            code: 10,
            cause: &["tok.toml, line 2"],
            remedy: &["hint: mend ", "tok.toml"],
        },
        Staged {
            name: "a variable that there is not",
            stage: || Met::by(with(&[("TOK_WORKER__LEES", "1s")], "room list")),
            code: 10,
            cause: &["environment TOK_WORKER__LEES: there is no such setting"],
            remedy: &["rename or unset TOK_WORKER__LEES"],
        },
        Staged {
            name: "a backend without its key",
            stage: || Met::by(with(&[("TOK_ROOMS__BACKEND", "opentok")], "room list")),
            code: 10,
            cause: &["rooms.backend is opentok, but"],
            remedy: &["change or unset TOK_ROOMS__BACKEND"],
        },
        Staged {
            name: "a file with a key that is not there",
            stage: || {
                let file = [("TOK_DAILY__API_KEY_FILE", "/nowhere/daily-key")];
                Met::by(with(&file, "room list --backend daily"))
            },
            code: 10,
            cause: &["daily.api_key_file", "No such file"],
            remedy: &["change or unset TOK_DAILY__API_KEY_FILE"],
        },
        Staged {
            name: "a configuration that is not there",
            stage: || Met::by(with(&[], "room list --config nosuch.toml")),
            code: 10,
            cause: &["there is no configuration file nosuch.toml"],
            remedy: &["change --config", "tok config init"],
        },
    ]);
}

/// What a command says in a folder whose `tok.toml` counts before one's own.
fn in_a_folder_with_its_own(command: &str) -> Option<Met> {
    let binary = Binary::new();
    let own = binary.dir().join(".config/tok");
    fs::create_dir_all(&own).expect("made");
    let own = own.join("tok.toml");
    fs::write(&own, "[rooms]\nbackend = \"local\"\n").expect("written");
    run(&binary, "room create standup").ok();
    fs::write(binary.dir().join("tok.toml"), "").expect("written");
    Met::at(own.display().to_string(), run(&binary, command))
}

#[test]
fn a_configuration_that_counts_unasked_is_told() {
    let row = |name, stage| Staged {
        name,
        stage,
        code: 0,
        cause: &["tok.toml counts, and {at} does not"],
        remedy: &["name the one that you mean with --config"],
    };
    all_are_told(&[
        row("a list in a folder with its own tok.toml", || {
            in_a_folder_with_its_own("room list")
        }),
        row("a change in a folder with its own tok.toml", || {
            in_a_folder_with_its_own("room delete standup --yes")
        }),
    ]);
}

#[test]
fn a_server_that_cannot_start_says_why() {
    all_are_told(&[
        Staged {
            name: "a port that is taken",
            stage: || {
                let other = TcpListener::bind("127.0.0.1:0").expect("a port");
                let at = other.local_addr().expect("an address").to_string();
                let run = with(&[], &format!("serve --bind {at} --ops-bind 127.0.0.1:0"));
                Met::at(at, run)
            },
            code: 10,
            cause: &["{at} is in use by another program"],
            remedy: &["choose another --bind (server.bind"],
        },
        Staged {
            name: "a server that everybody could use",
            stage: || Met::by(with(&[], "serve --bind 0.0.0.0:0 --ops-bind 127.0.0.1:0")),
            code: 10,
            cause: &["can be reached from other machines and auth.mode is none"],
            remedy: &["set auth.mode to keys", "--insecure"],
        },
        Staged {
            name: "a machine without certificates",
            stage: || {
                let bare = [
                    ("SSL_CERT_FILE", "/nowhere/certificates.pem"),
                    ("DAILY_API_KEY", "key"),
                ];
                Met::by(with(
                    &bare,
                    "serve --bind 127.0.0.1:0 --ops-bind 127.0.0.1:0",
                ))
            },
            code: 10,
            cause: &["no certificate of an authority was found"],
            remedy: &["ca-certificates", "SSL_CERT_FILE"],
        },
    ]);
}

#[test]
fn a_server_that_is_asked_and_cannot_be_is_told() {
    all_are_told(&[
        Staged {
            name: "a server that is away",
            stage: || {
                let at = closed();
                let run = with(&[], &format!("room list --server http://{at}"));
                Met::at(at, run)
            },
            code: 6,
            cause: &["tok serve cannot be reached at {at}: connection refused"],
            remedy: &["nobody listens there: check that it runs"],
        },
        Staged {
            name: "a server that takes no such key",
            stage: || {
                let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
                let served = home.serve();
                let variables = [
                    ("TOK_SERVER", served.url.as_str()),
                    ("TOK_KEY", "tok_0123456789ab_0"),
                ];
                let run = with(&variables, "room list");
                Met::by(run)
            },
            code: 5,
            cause: &["key"],
            remedy: &["tok key create"],
        },
    ]);
}
