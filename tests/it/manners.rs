//! What holds for every command: formats, spreadsheets, reports, hints, dry runs.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::{Value, json};
use tok::backends::documents::{Documents, SqliteDocuments, Write};

use crate::support::Binary;

/// What a spreadsheet takes for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let row = |row: csv::Result<csv::StringRecord>| {
        let row = row.expect("one width");
        row.iter().map(str::to_owned).collect()
    };
    reader.records().map(row).collect()
}

#[test]
fn no_cell_is_a_formula() {
    let binary = Binary::new();
    binary.run(&["room", "create", "hall"]).ok();
    for name in ["=1+cmd|' /C calc'!A0", "+49 30", "-2+3", "@SUM(A1)", "\t=1"] {
        binary
            .run(&["user", "create", &format!("--name={name}")])
            .ok();
        binary.run(&["chat", "send", "hall", "--", name]).ok();
        binary.run(&["key", "create", "--", name]).ok();
    }
    binary
        .run(&[
            "user",
            "create",
            "--name",
            "Ada",
            "--id=-Nx3_a",
            "--first-name",
            "=A1",
        ])
        .ok();
    let commands: [&[&str]; 6] = [
        &["user", "list"],
        &["user", "show", "--", "-Nx3_a"],
        &["chat", "history", "hall"],
        &["chat", "export", "hall"],
        &["key", "list"],
        &["room", "list"],
    ];
    for command in commands {
        let arguments = [&["-o", "csv"], command].concat();
        let run = binary.run(&arguments).ok();
        let rows = records(&run.stdout);
        assert!(rows.len() > 1, "{command:?}: {run:#?}");
        for cell in rows.iter().flatten() {
            let plain = !cell.starts_with(FORMULA) || cell == "-" || cell == "-Nx3_a";
            assert!(plain, "{command:?}: {cell:?}");
        }
    }
    // What commands take is as it was; what people read has one sign more.
    let users = binary.run(&["user", "list", "-o", "csv"]).ok().stdout;
    assert!(users.contains("\n-Nx3_a,Ada,"), "{users}");
    assert!(users.contains(",'-2+3,"), "{users}");
    let json = binary.run(&["user", "list", "--json"]).ok().json();
    let names: BTreeSet<_> = json
        .as_array()
        .expect("a list")
        .iter()
        .map(|user| user["name"].as_str().expect("a name"))
        .collect();
    assert!(
        names.contains("-2+3") && names.contains("@SUM(A1)"),
        "{names:?}"
    );
}

#[test]
fn names_are_printed_of_what_is_gone_only() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a", "b"]).ok();
    let gone = binary.run(&["room", "delete", "a", "nobody", "-y", "-o", "name"]);
    assert_eq!(
        (gone.code, gone.stdout.as_str()),
        (Some(8), "a\n"),
        "{gone:#?}"
    );
    let none = binary.run(&[
        "room",
        "delete",
        "a",
        "-y",
        "-o",
        "name",
        "--ignore-not-found",
    ]);
    assert_eq!(
        (none.code, none.stdout.as_str()),
        (Some(0), ""),
        "{none:#?}"
    );
    let flushed = binary.run(&["notify", "flush", "-o", "name"]).ok();
    assert_eq!(flushed.stdout, "", "no name, no line");
}

#[test]
fn a_spreadsheet_reads_letters_and_times_of_here() {
    let binary = Binary::with(&[("TZ", "Asia/Kolkata")]);
    binary
        .run(&["user", "create", "--id", "ola", "--name", "=Ölaf"])
        .ok();
    let users = binary.run(&["user", "list", "-o", "excel"]).ok().stdout;
    assert!(users.starts_with("\u{feff}id,"), "{users:?}");
    assert_eq!(users.matches('\u{feff}').count(), 1);
    assert_eq!(users.matches("\r\n").count(), 2);
    assert!(users.contains("'=Ölaf"), "{users}");
    let room = binary
        .run(&["room", "create", "hall", "--json"])
        .ok()
        .json();
    let at = room["created_at"].as_str().expect("a time");
    let at: jiff::Timestamp = at.parse().expect("a moment");
    let zone = jiff::tz::TimeZone::get("Asia/Kolkata").expect("a zone");
    let local = at.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string();
    for command in [["room", "list"].as_slice(), &["room", "show", "hall"]] {
        let shown = binary
            .run(&[command, &["-o", "excel"]].concat())
            .ok()
            .stdout;
        assert!(shown.contains(&local), "{local} in {shown}");
        assert!(!shown.contains("Z,"), "no time of elsewhere: {shown}");
    }
}

#[test]
fn a_document_has_one_form() {
    let binary = Binary::new();
    for format in ["csv", "name"] {
        binary
            .run(&["openapi", "-o", format])
            .refused(2, "is JSON; leave -o out");
    }
    binary
        .run(&["config", "init", "-", "--json"])
        .refused(2, "is plain text; leave -o out");
    let checked = binary.run(&["config", "check", "--json"]).ok().json();
    assert_eq!(checked["file"], Value::Null);
    let written = binary.run(&["config", "init", "--json", "-n"]).ok().json();
    assert_eq!(written, json!({ "file": "tok.toml" }));
    assert!(!binary.dir().join("tok.toml").exists(), "a dry run");
    binary.run(&["config", "init"]).ok();
    let checked = binary.run(&["config", "check", "-o", "name"]).ok();
    assert!(checked.stdout.ends_with("/tok.toml\n"), "{checked:#?}");
}

#[test]
fn the_version_is_told_in_every_format() {
    let binary = Binary::new();
    let version = env!("CARGO_PKG_VERSION");
    for flag in ["--version", "-V"] {
        assert_eq!(binary.run(&[flag]).ok().stdout, format!("tok {version}\n"));
    }
    for arguments in [
        ["--version", "-o", "json"],
        ["-o", "json", "--version"],
        ["--json", "-q", "-V"],
    ] {
        let told = binary.run(&arguments).ok().json();
        assert_eq!(told["version"], version);
        assert!(
            told["schema"].as_i64().is_some_and(|schema| schema > 0),
            "{told}"
        );
        assert!(
            told.get("commit").is_some() && told.get("date").is_some(),
            "{told}"
        );
    }
    assert_eq!(
        binary.run(&["version"]).ok().stdout,
        format!("tok {version}\n")
    );
}

/// Each hint is run as it stands.
#[test]
fn a_hint_is_a_command_that_works_here() {
    let binary = Binary::new();
    binary.run(&["room", "create", "hall"]).ok();
    let cases: [(&[&str], &str); 12] = [
        (&["room", "show", "nobody"], "tok room list"),
        (&["user", "show", "nobody"], "tok user list"),
        (&["call", "show", "nobody"], "tok call list"),
        (&["call", "start", "nobody", "ada"], "tok user list"),
        (&["notify", "show", "nobody"], "tok notify list"),
        (&["device", "delete", "nobody", "-y"], "tok device list"),
        (&["key", "revoke", "nobody", "-y"], "tok key list"),
        (&["webhook", "show", "nobody"], "tok webhook list"),
        (
            &["chat", "delete", "hall", "99", "-y"],
            "tok chat history hall",
        ),
        (
            &["participant", "kick", "hall", "nobody", "-y"],
            "tok participant list hall",
        ),
        (
            &["participant", "unban", "hall", "nobody"],
            "tok participant bans hall",
        ),
        (
            &["participant", "kick", "nowhere", "nobody", "-y"],
            "tok room list",
        ),
    ];
    for (command, hint) in cases {
        let run = binary.run(command);
        assert_eq!(run.code, Some(3), "{command:?}: {run:#?}");
        let told = run.stderr.lines().last().unwrap_or_default();
        let quoted = told.split('`').nth(1).unwrap_or_default();
        assert_eq!(quoted, hint, "{command:?}: {run:#?}");
        let words: Vec<_> = quoted.split(' ').skip(1).collect();
        binary.run(&words).ok();
    }
}

#[test]
fn a_filter_is_asked_for_in_the_words_of_the_flags() {
    let binary = Binary::new();
    let run = binary.run(&["room", "prune", "--yes"]);
    assert!(!run.stderr.contains("older_than"), "{run:#?}");
    run.refused(2, "--older-than, --expired, --expired-for,");
}

#[test]
fn a_report_is_opened_before_anything_is_done() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a", "b"]).ok();
    for command in [
        &[
            "room",
            "prune",
            "--match",
            "*",
            "--yes",
            "--report",
            "no/such/x.json",
        ][..],
        &[
            "room",
            "delete",
            "a",
            "b",
            "--yes",
            "--report",
            "no/such/x.json",
        ],
        &["notify", "flush", "--report", "no/such/x.json"],
        &["search", "reindex", "--report", "no/such/x.json"],
    ] {
        binary.run(command).refused(2, "no/such/x.json: ");
    }
    assert_eq!(
        binary.run(&["room", "list", "-o", "name"]).ok().stdout,
        "a\nb\n"
    );
}

#[test]
fn a_report_is_written_however_the_run_ends() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a", "b", "c"]).ok();
    let path = binary.dir().join("prune.json");
    let report = || -> Value {
        let text = fs::read_to_string(&path).expect("a report");
        serde_json::from_str(&text).expect("JSON")
    };
    let prune = |more: &[&str]| {
        let arguments = ["room", "prune", "--match", "[ab]", "--report", "prune.json"];
        binary.run(&[&arguments, more].concat())
    };
    assert_eq!(prune(&[]).code, Some(9), "nobody confirmed");
    assert_eq!(report()["exit_code"], 9);
    assert_eq!(prune(&["--yes", "--max-delete", "1"]).code, Some(13));
    let refused = report();
    assert_eq!(refused["exit_code"], 13);
    assert!(
        refused["error"]
            .as_str()
            .is_some_and(|what| what.contains("2 rooms match"))
    );
    assert_eq!(refused["code"], "guard", "{refused}");
    prune(&["--yes", "--max-delete", "2"]).ok();
    let facts = std::fs::metadata(binary.dir().join("prune.json")).expect("a report");
    assert_eq!(facts.permissions().mode() & 0o777, 0o600, "it names rooms");
    let done = report();
    assert_eq!(
        (&done["exit_code"], &done["deleted"]),
        (&json!(0), &json!(2))
    );
    assert_eq!(
        (&done["filter"]["match"], &done["filter"]["max_delete"]),
        (&json!("[ab]"), &json!(2))
    );
    let moment = |name: &str| {
        let text = done[name].as_str().expect("a text");
        text.parse::<jiff::Timestamp>().expect("a moment")
    };
    assert!(moment("began_at") <= moment("ended_at") && done.get("error").is_none());
    let keyless = binary.run(&[
        "room",
        "prune",
        "--backend",
        "daily",
        "--match",
        "*",
        "--yes",
        "--report",
        "prune.json",
    ]);
    assert_eq!(keyless.code, Some(7), "{keyless:#?}");
    assert_eq!(report()["exit_code"], 7, "not that of the run before");
}

/// Nobody may believe that nothing was done, nor look for the report in vain.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_in_the_end_is_printed() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a", "b"]).ok();
    let run = binary.run(&[
        "-q",
        "room",
        "delete",
        "a",
        "b",
        "--yes",
        "--report",
        "/dev/full",
    ]);
    assert_eq!(run.code, Some(8), "{run:#?}");
    assert!(
        run.stderr
            .contains("all was done, but the report cannot be written to /dev/full"),
        "{run:#?}"
    );
    assert_eq!(run.json()["deleted"], 2);
}

#[test]
fn each_format_of_status_is_one_thing() {
    let binary = Binary::new();
    binary.run(&["work", "--once"]).ok();
    let csv = binary.run(&["status", "-o", "csv"]).ok().stdout;
    let wide = |line: &str| line.split(',').count();
    let widths: Vec<usize> = csv.lines().map(wide).collect();
    assert!(
        widths.len() > 3 && widths.iter().all(|one| *one == widths[0]),
        "{csv}"
    );
    let names = binary.run(&["status", "-o", "name"]).ok().stdout;
    assert!(
        names.lines().count() > 2 && names.lines().all(|name| !name.is_empty()),
        "{names}"
    );
}

#[test]
fn quiet_runs_say_nothing_when_all_went_well() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a", "b", "c", "d"]).ok();
    for command in [
        &["-q", "room", "prune", "--match", "a", "--yes"][..],
        &["-q", "room", "delete", "b", "--yes"],
        &["-q", "search", "reindex"],
        &["-q", "search", "verify"],
        &["-q", "notify", "flush"],
        &["-q", "store", "backup", "copy.db"],
        &["-q", "presence", "sync"],
        &["-q", "presence", "sweep"],
        &["-q", "work", "--once", "--only", "notify,presence"],
    ] {
        let run = binary.run(command).ok();
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            ("", ""),
            "{command:?}"
        );
    }
    // Who asks for a format, or for a thing, gets it.
    let run = binary
        .run(&["-q", "room", "delete", "c", "--yes", "--json"])
        .ok();
    assert_eq!(run.json()["deleted"], 1);
    assert_eq!(
        binary
            .run(&["-q", "room", "list", "-o", "name"])
            .ok()
            .stdout,
        "d\n"
    );
    let failed = binary.run(&["-q", "room", "delete", "c", "--yes"]);
    assert_eq!(failed.code, Some(3));
    assert!(failed.stdout.contains("missing"), "{failed:#?}");
}

/// Commands that change nothing of tok's: they read, print, serve, or fetch.
const READING: [&str; 43] = [
    "call list",
    "call show",
    "chat export",
    "chat history",
    "chat tail",
    "completions",
    "config check",
    "config show",
    "device list",
    "doctor",
    "key list",
    "man",
    "notify inbox",
    "notify list",
    "notify show",
    "openapi",
    "participant bans",
    "participant list",
    "presence audit",
    "presence list",
    "presence show",
    "presence watch",
    "push key show",
    "recording download",
    "recording list",
    "recording show",
    "recording url",
    "recording wait",
    "room history",
    "room list",
    "room participants",
    "room show",
    "search key create",
    "search parked",
    "search query",
    "search settings diff",
    "search settings pull",
    "search status",
    "search verify",
    "serve",
    "session attendance",
    "session list",
    "session show",
];
const READING_TOO: [&str; 12] = [
    "context list",
    "status",
    "store backup",
    "store check",
    "token inspect",
    "user list",
    "user show",
    "version",
    "webhook list",
    "webhook show",
    "work",
    "help",
];

fn leaves(command: &clap::Command, words: &str, out: &mut Vec<(String, bool)>) {
    let dry = command.get_arguments().any(|arg| arg.get_id() == "dry_run");
    if command.get_subcommands().next().is_none() {
        out.push((words.to_owned(), dry));
    }
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let words = format!("{words} {}", sub.get_name());
        leaves(sub, words.trim(), out);
    }
}

#[test]
fn whatever_changes_something_can_be_tried_without_doing_it() {
    let mut all = Vec::new();
    leaves(&tok::cli::tree(), "", &mut all);
    assert!(all.len() > 80, "{}", all.len());
    let reads = |words: &str| READING.contains(&words) || READING_TOO.contains(&words);
    let wrong: Vec<_> = all
        .iter()
        .filter(|(words, dry)| *dry == reads(words))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_dry_run_leaves_everything_as_it_was() {
    let binary = Binary::new();
    binary.run(&["room", "create", "hall"]).ok();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    let sent = binary.run(&["chat", "send", "hall", "one", "-o", "name"]);
    let message = sent.ok().stdout.trim().to_owned();
    let state = || {
        [
            &["chat", "export", "hall", "-o", "csv"][..],
            &["key", "list", "-o", "csv"],
            &["notify", "list", "-o", "csv"],
            &["presence", "list", "-o", "csv"],
            &["user", "list", "-o", "csv"],
        ]
        .map(|command| binary.run(command).ok().stdout)
    };
    let before = state();
    for command in [
        &["token", "create", "hall"][..],
        &["chat", "send", "hall", "two"],
        &["chat", "edit", "hall", &message, "two"],
        &["key", "create", "app"],
        &["notify", "send", "--user", "ada", "--title", "x"],
        &["presence", "set", "ada", "online"],
        &["presence", "sync"],
        &["presence", "sweep"],
    ] {
        let run = binary.run(&[command, &["--dry-run"]].concat()).ok();
        assert!(run.stderr.contains("dry run: nothing was done"), "{run:#?}");
        assert!(
            !run.stdout.contains("tok_") && !run.stdout.contains("eyJ"),
            "no secret: {run:#?}"
        );
    }
    assert_eq!(state(), before);
    binary
        .run(&["token", "create", "nowhere", "-n"])
        .refused(3, "there is no room `nowhere`");
}

#[test]
fn the_newest_callbacks_come_first() {
    let binary = Binary::new();
    let dir = binary.dir().join(".local/share/tok");
    let documents = SqliteDocuments::open(&dir, 0).expect("opens");
    let write = |(id, minute): (&str, u32)| {
        let delivery = json!({
            "id": format!("daily:{id}"), "backend": "daily", "kind": "meeting.ended", "state": "ignored",
            "received_at": format!("2026-05-01T10:{minute:02}:00Z"), "body": "{}",
        });
        Write::put("tok_webhooks", &format!("daily:{id}"), &delivery).expect("JSON")
    };
    let writes = [("a", 3), ("b", 9), ("c", 1), ("d", 7)].map(write).to_vec();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(documents.commit(writes)).expect("commits");
    drop(documents);
    let run = binary
        .run(&["webhook", "list", "--limit", "3", "-o", "name"])
        .ok();
    assert_eq!(run.stdout, "daily:b\ndaily:d\ndaily:a\n", "{run:#?}");
}

#[test]
fn closed_sets_are_offered_from_the_code() {
    let tree = tok::cli::tree();
    let values = |path: &[&str], arg: &str| -> Vec<String> {
        let mut at = &tree;
        for word in path {
            at = at.find_subcommand(word).expect("a command");
        }
        let arg = at
            .get_arguments()
            .find(|one| one.get_id() == arg)
            .expect("an argument");
        arg.get_possible_values()
            .iter()
            .map(|value| value.get_name().to_owned())
            .collect()
    };
    assert_eq!(
        values(&["token", "create"], "role"),
        ["viewer", "participant", "host"]
    );
    assert_eq!(
        values(&["room", "create"], "privacy"),
        ["public", "private"]
    );
    assert_eq!(values(&["room", "list"], "backend").len(), 5);
    assert_eq!(values(&["work"], "only").len(), 6);
    assert_eq!(
        values(&["device", "register"], "platform"),
        ["gcm", "apns", "web"]
    );
    let scopes = values(&["key", "create"], "scopes");
    assert_eq!(scopes.len(), tok::model::key::Scope::ALL.len());
    let help = Binary::new().run(&["key", "create", "--help"]).ok().stdout;
    for scope in scopes {
        assert!(help.contains(&scope), "{scope} is not in {help}");
    }
}
