//! Configuration: sources, origins, secrets, and what is said about mistakes.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use nix::unistd::geteuid;
use serde_json::Value;

use tok::config::{Environment, Overrides};

use crate::support::Binary;
use crate::support::binary::Run;

fn shown(run: &Run, key: &str) -> (String, String) {
    let settings: Value = run.json();
    let setting = settings
        .as_array()
        .and_then(|all| all.iter().find(|setting| setting["key"] == key))
        .unwrap_or_else(|| panic!("no {key} in {run:#?}"));
    let text = |name: &str| setting[name].as_str().expect("text").to_owned();
    (text("value"), text("origin"))
}

const SHOW: [&str; 3] = ["config", "show", "--json"];

fn write(binary: &Binary, name: &str, text: &str) {
    fs::write(binary.dir().join(name), text).expect("written");
    let private = fs::Permissions::from_mode(0o600);
    fs::set_permissions(binary.dir().join(name), private).expect("changed");
}

#[test]
fn later_layers_win_and_every_value_knows_its_origin() {
    let ttl = |binary: &Binary, more: &[&str]| {
        let mut arguments = SHOW.to_vec();
        arguments.extend_from_slice(more);
        shown(&binary.run(&arguments).ok(), "tokens.ttl")
    };
    let binary = Binary::new();
    assert_eq!(ttl(&binary, &[]), ("1h".into(), "default".into()));
    write(
        &binary,
        "tok.toml",
        "[tokens]\nttl = '2h'\n[profile.prod.tokens]\nttl = '3h'\n",
    );
    let file = binary.dir().join("tok.toml").display().to_string();
    assert_eq!(ttl(&binary, &[]), ("2h".into(), file.clone()));
    assert_eq!(
        ttl(&binary, &["--profile", "prod"]),
        ("3h".into(), format!("{file} (profile prod)"))
    );
    write(&binary, ".env", "TOK_TOKENS__TTL=4h\n");
    assert_eq!(
        ttl(&binary, &["--profile", "prod"]),
        ("4h".into(), ".env TOK_TOKENS__TTL".into())
    );
    let with = Binary::with(&[
        ("TOK_TOKENS__TTL", "5h"),
        ("TOK_CONFIG", &file),
        ("TOK_PROFILE", "prod"),
    ]);
    assert_eq!(
        ttl(&with, &[]),
        ("5h".into(), "environment TOK_TOKENS__TTL".into())
    );
}

#[test]
fn the_user_and_the_system_have_files_too() {
    let binary = Binary::new();
    fs::create_dir_all(binary.dir().join(".config/tok")).expect("made");
    write(&binary, ".config/tok/tok.toml", "[tokens]\nttl = '7m'\n");
    let (value, origin) = shown(&binary.run(&SHOW).ok(), "tokens.ttl");
    assert_eq!(value, "7m");
    assert!(origin.ends_with(".config/tok/tok.toml"), "{origin}");
    write(&binary, "tok.toml", "[tokens]\nttl = '8m'\n");
    assert_eq!(shown(&binary.run(&SHOW).ok(), "tokens.ttl").0, "8m");
    binary
        .run(&["config", "show", "--config", "absent.toml"])
        .refused(10, "there is no configuration file absent.toml");
    binary
        .run(&["config", "show", "--profile", "x"])
        .refused(10, "there is no profile `x`");
}

#[test]
fn the_originals_variables_keep_working() {
    let binary = Binary::with(&[
        ("PORT", "7000"),
        ("DAILY_API_KEY", "very-secret"),
        ("GOOGLE_APPLICATION_CREDENTIALS", "/x.json"),
    ]);
    let run = binary.run(&SHOW).ok();
    assert_eq!(
        shown(&run, "server.bind"),
        ("127.0.0.1:7000".into(), "environment PORT".into())
    );
    assert_eq!(
        shown(&run, "daily.api_key"),
        ("(hidden)".into(), "environment DAILY_API_KEY".into())
    );
    assert!(!run.stdout.contains("very-secret"));
    let both = Binary::with(&[("PORT", "7000"), ("TOK_SERVER__BIND", "127.0.0.1:7001")]);
    assert_eq!(
        shown(&both.run(&SHOW).ok(), "server.bind").0,
        "127.0.0.1:7001"
    );
}

#[test]
fn secrets_come_from_files_and_stay_hidden() {
    let binary = Binary::new();
    write(&binary, "tok.toml", "[daily]\napi_key_file = 'daily.key'\n");
    write(&binary, "daily.key", "very-secret\n");
    let run = binary.run(&SHOW).ok();
    assert_eq!(shown(&run, "daily.api_key").0, "(hidden)");
    assert!(!format!("{run:?}").contains("very-secret"), "{run:#?}");
    fs::set_permissions(
        binary.dir().join("daily.key"),
        fs::Permissions::from_mode(0o644),
    )
    .expect("changed");
    let run = binary.run(&["config", "check"]).ok();
    // What a service reads by its group must stay readable for it.
    let mend = if nix::unistd::geteuid().is_root() {
        "can be read by others; run chmod 640 on it, after chgrp tok"
    } else {
        "can be read by others; run chmod 600 on it"
    };
    assert!(run.stderr.contains(mend), "{run:#?}");
    write(&binary, "daily.key", "\n");
    binary
        .run(&["config", "check"])
        .refused(10, "the file is empty");
    fs::remove_file(binary.dir().join("daily.key")).expect("removed");
    binary
        .run(&["config", "check"])
        .refused(10, "daily.api_key_file: ");
}

#[test]
fn mistakes_get_one_clear_sentence() {
    let cases = [
        (
            "[daily]\napi_kye = 'x'",
            "there is no setting `daily.api_kye`; did you mean `daily.api_key`?",
        ),
        (
            "[sever]\nbind = 'x'",
            "there is no setting `sever.bind`; did you mean `server.bind`?",
        ),
        ("bind = 'x'", "there is no setting `bind`"),
        (
            "[server]\nbind = 'here'",
            "server.bind: expected an address like 127.0.0.1:8080, found `here`",
        ),
        (
            "[server]\nbind = 8080",
            "server.bind: expected an address like 127.0.0.1:8080, found 8080",
        ),
        (
            "[tokens]\nttl = 'soon'",
            "tokens.ttl: expected a length of time like",
        ),
        (
            "[tokens]\nttl = '25h'",
            "tokens.ttl is longer than tokens.max_ttl",
        ),
        (
            "[server]\nmax_connections = 0",
            "expected a number from 1 to",
        ),
        ("[rooms]\nbackend = 'zoom'", "expected one of local, daily"),
        ("[rooms]\nbackend = 'daily'", "daily.api_key is not set"),
        ("[rooms]\nbackend = 'opentok'", "opentok.api_key is not set"),
        (
            "[rooms]\nbackend = 'hundred_ms'\n[hundred_ms]\naccess_key = 'x'",
            "hundred_ms.secret is not set",
        ),
        ("[push]\nbackend = 'pinpoint'", "pinpoint.app_id is not set"),
        (
            "[documents]\nbackend = 'firestore'",
            "firestore.project_id is not set",
        ),
        (
            "[worker]\nloops = ['rooms', 'dance']",
            "there is no loop `dance`",
        ),
        ("[server\nbind = 'x'", "tok.toml, line 1: "),
        ("[profile]\nprod = 1\n[profile.dev]\nx = 1", "line "),
    ];
    for (text, part) in cases {
        let binary = Binary::new();
        write(&binary, "tok.toml", text);
        let arguments: &[&str] = if text.contains("profile") {
            &["config", "check", "--profile", "prod"]
        } else {
            &["config", "check"]
        };
        let run = binary.run(arguments);
        assert_eq!(run.code, Some(10), "{text}: {run:#?}");
        if !text.contains("profile") {
            assert!(run.stderr.contains(part), "{text}: {run:#?}");
        }
        assert_eq!(
            run.stderr.lines().count(),
            2,
            "one sentence and a hint: {run:#?}"
        );
    }
    let binary = Binary::with(&[("TOK_DAILY__API_KYE", "x")]);
    binary.run(&["room", "list"]).refused(
        10,
        "environment TOK_DAILY__API_KYE: there is no such setting; did you mean `TOK_DAILY__API_KEY`?",
    );
    let binary = Binary::with(&[("TOK_SERVER__MAX_CONNECTIONS", "many")]);
    binary.run(&["room", "list"]).refused(
        10,
        "server.max_connections: expected a whole number, found `many`",
    );
    let binary = Binary::with(&[("PORT", "http")]);
    binary
        .run(&["room", "list"])
        .refused(10, "expected a port number, found `http`");
    let open = Binary::with(&[("TOK_SERVER__OPEN", "everything")]);
    open.run(&[
        "serve",
        "--bind",
        "127.0.0.1:0",
        "--ops-bind",
        "127.0.0.1:0",
    ])
    .refused(10, "there is no compat surface `everything`; use tokapp");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let binary = Binary::new();
    fs::write(binary.dir().join("tok.toml"), b"[server]\n# \xff\xfe\n").expect("written");
    binary
        .run(&["room", "list"])
        .refused(10, "tok.toml cannot be read: ");
    binary
        .run(&["room", "list", "--config", "."])
        .refused(10, ". is no file; ");
}

/// The secrets of production need not lie on every machine that has its profile.
#[test]
fn the_secret_of_an_unused_profile_may_be_absent() {
    let binary = Binary::new();
    write(
        &binary,
        "tok.toml",
        "[profile.prod.daily]\napi_key_file = 'absent.key'\n",
    );
    binary.run(&["config", "check"]).ok();
    binary
        .run(&["config", "check", "--profile", "prod"])
        .refused(10, "daily.api_key_file: ");
}

/// What the configuration takes, something uses.
#[test]
fn a_setting_or_value_that_does_nothing_is_none() {
    for (text, part) in [
        (
            "[auth]\nfirebase_project = 'x'\n",
            "auth.firebase_project is set, but auth.mode is not firebase",
        ),
        (
            "[auth]\nmode = 'firebase'\n",
            "auth.mode is firebase, but auth.firebase_project is not set",
        ),
    ] {
        let binary = Binary::new();
        write(&binary, "tok.toml", text);
        binary.run(&["config", "check"]).refused(10, part);
    }
}

/// The hint under an error of the configuration, if it ends with one.
fn hint(run: &Run) -> &str {
    assert_eq!(run.code, Some(10), "{run:#?}");
    let hint = run.stderr.lines().last().unwrap_or_default();
    hint.strip_prefix("hint: ")
        .unwrap_or_else(|| panic!("no hint: {run:#?}"))
}

/// Whoever made a mistake is sent to the file, variable or flag that it is in, not to a command that
/// would stop at it as well.
#[test]
fn the_hint_names_the_file_to_put_right() {
    for (text, wanted) in [
        (
            "[server]\nbind = 'here'",
            "change or remove server.bind in FILE",
        ),
        (
            "[daily]\napi_kye = 'x'",
            "rename or remove daily.api_kye in FILE; every setting with its meaning: `tok config init -`",
        ),
        (
            "[daily]\napi_key_file = 'absent.key'",
            "change or remove daily.api_key_file in FILE",
        ),
        (
            "[tokens]\nttl = '25h'",
            "change or remove tokens.ttl in FILE, or set tokens.max_ttl (TOK_TOKENS__MAX_TTL)",
        ),
        (
            "[rooms]\nbackend = 'daily'",
            "change or remove rooms.backend in FILE, or set daily.api_key (TOK_DAILY__API_KEY)",
        ),
        (
            "[worker]\nloops = ['dance']",
            "change or remove worker.loops in FILE",
        ),
        (
            "[[search.indexes]]\nindx = 'users'",
            "change or remove search.indexes in FILE",
        ),
        (
            "[profile.prod.server]\nbind = 'here'",
            "change or remove server.bind in the profile prod in FILE",
        ),
        ("[server\nbind = 'x'", "mend FILE"),
    ] {
        let binary = Binary::new();
        write(&binary, "tok.toml", text);
        let file = binary.dir().join("tok.toml").display().to_string();
        let run = binary.run(&["config", "check"]);
        assert_eq!(hint(&run), wanted.replace("FILE", &file), "{text}");
        // The command that says where settings come from would be of no help.
        binary.run(&["config", "show"]).refused(10, "error: ");
    }
}

#[test]
fn the_hint_names_the_variable_to_put_right() {
    for (name, value, wanted) in [
        (
            "TOK_SERVER__BIND",
            "here",
            "change or unset TOK_SERVER__BIND",
        ),
        ("PORT", "http", "change or unset PORT"),
        (
            "TOK_DAILY__API_KYE",
            "x",
            "rename or unset TOK_DAILY__API_KYE; every setting with its meaning: `tok config init -`",
        ),
        (
            "TOK_SERVER_BIND",
            "127.0.0.1:1",
            "rename or unset TOK_SERVER_BIND; every setting with its meaning: `tok config init -`",
        ),
        (
            "TOK_DAILY__API_KEY_FILE",
            "absent.key",
            "change or unset TOK_DAILY__API_KEY_FILE",
        ),
        ("TOK_PROFILE", "prod", "change or unset TOK_PROFILE"),
        (
            "TOK_CONFIG",
            "absent.toml",
            "change or unset TOK_CONFIG, or write that file: `tok config init FILE`",
        ),
    ] {
        let run = Binary::with(&[(name, value)]).run(&["config", "check"]);
        assert_eq!(hint(&run), wanted);
    }
    let binary = Binary::new();
    write(&binary, ".env", "TOK_TOKENS__TTL=soon\n");
    let wanted = "change or remove TOK_TOKENS__TTL in .env, line 1";
    assert_eq!(hint(&binary.run(&["config", "check"])), wanted);
    let run = binary.run(&["config", "check", "--json"]);
    let told: Value = serde_json::from_str(&run.stderr).expect("JSON");
    assert_eq!(told["error"]["hint"], wanted);
}

#[test]
fn the_hint_names_the_flag_to_put_right() {
    let binary = Binary::new();
    let run = binary.run(&["config", "check", "--config", "absent.toml"]);
    assert_eq!(
        hint(&run),
        "change --config, or write that file: `tok config init FILE`"
    );
    let run = binary.run(&["config", "check", "--profile", "prod"]);
    assert_eq!(hint(&run), "change --profile");
    let run = binary.run(&["serve", "--bind", "here"]);
    assert_eq!(hint(&run), "change --bind");
}

/// What only opening shows: the configuration can be read, so a command can show it.
#[test]
fn the_hint_names_a_command_where_one_helps() {
    let binary = Binary::with(&[("TOK_DOCUMENTS__BACKEND", "firestore")]);
    let run = binary.run(&["config", "check"]);
    assert_eq!(
        hint(&run),
        "where each setting comes from: `tok config show`"
    );
    binary.run(&["config", "show"]).ok();
}

#[test]
fn init_writes_what_check_accepts() {
    let binary = Binary::new();
    binary.run(&["config", "init"]).ok();
    let path = binary.dir().join("tok.toml");
    let mode = fs::metadata(&path).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    binary.run(&["config", "check"]).ok();
    binary
        .run(&["config", "init"])
        .refused(4, "exists already; say --force");
    // Every commented default is a value that is accepted.
    let text = fs::read_to_string(&path).expect("text");
    let live: Vec<&str> = text
        .lines()
        .filter(|line| !line.ends_with("= \"\""))
        .map(|line| {
            if line.contains(" = ") && !line.starts_with("# A ") {
                line.trim_start_matches("# ")
            } else {
                line
            }
        })
        .collect();
    write(&binary, "tok.toml", &live.join("\n"));
    let run = binary.run(&["config", "check"]).ok();
    assert!(run.stderr.contains("the configuration is fine"), "{run:#?}");
}

#[test]
fn a_data_directory_that_cannot_be_used_is_named() {
    let binary = Binary::new();
    write(&binary, "file", "");
    let blocked = binary.dir().join("file/data");
    let path = blocked.to_str().expect("a path");
    binary
        .run(&["room", "list", "--data-dir", path])
        .refused(10, "cannot be made");
    fs::create_dir(binary.dir().join("junk.d")).expect("made");
    fs::write(
        binary.dir().join("junk.d/tok.db"),
        "this is no database, whatever its name says".repeat(100),
    )
    .expect("written");
    binary
        .run(&["room", "list", "--data-dir", "junk.d"])
        .refused(10, "tok.db is not a database of tok");
    if !geteuid().is_root() {
        let sealed = binary.dir().join("sealed");
        fs::create_dir(&sealed).expect("made");
        fs::set_permissions(&sealed, fs::Permissions::from_mode(0o500)).expect("changed");
        binary
            .run(&["room", "list", "--data-dir", "sealed"])
            .refused(10, "cannot be written");
    }
    // Root may write anywhere but not into /proc.
    binary
        .run(&["room", "list", "--data-dir", "/proc/tok"])
        .refused(10, "cannot be made");
}

#[test]
fn data_of_a_newer_version_is_left_alone() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let path = binary.dir().join(".local/share/tok/tok.db");
    let connection = rusqlite::Connection::open(&path).expect("opens");
    connection
        .pragma_update(None, "user_version", 99)
        .expect("changed");
    drop(connection);
    binary
        .run(&["room", "list"])
        .refused(10, "was written by a newer version of tok");
}

#[test]
fn a_full_store_is_one_clear_sentence() {
    let binary = Binary::with(&[("TOK_DOCUMENTS__MAX_SIZE", "300KiB")]);
    let names: String = (0..5_000)
        .map(|n| format!("a-room-that-fills-the-store-{n}\n"))
        .collect();
    let run = binary.pipe(&["room", "create", "-", "-o", "name"], &names);
    assert_eq!(run.code, Some(6), "{run:#?}");
    assert!(
        run.stderr
            .starts_with("error: the store is full; free disk space or raise documents.max_size"),
        "{}",
        run.stderr
    );
    let made = run.stdout.lines().count();
    let kept = binary
        .run(&["room", "list", "-o", "name"])
        .ok()
        .stdout
        .lines()
        .count();
    assert!(kept >= made && made > 0, "{kept} kept, {made} told");
}

#[test]
fn a_broken_env_line_does_not_show_its_secret() {
    let binary = Binary::new();
    write(
        &binary,
        ".env",
        "A=1\n\nTOK_DAILY__API_KEY=\"SECRETKEY unclosed",
    );
    let run = binary
        .command(&["room", "list"])
        .env("TOK_LOG", "debug")
        .output()
        .expect("runs");
    let run = Run::of(&run);
    assert!(!format!("{run:?}").contains("SECRETKEY"), "{run:#?}");
    run.refused(
        10,
        ".env TOK_DAILY__API_KEY, line 3: daily.api_key: the value begins with a quote",
    );
}

/// Operators have one `.env` for all their programs.
#[test]
fn lines_of_others_in_env_stop_nothing() {
    let binary = Binary::new();
    let text = "TITLE=Weekly meeting of all\nJSON={\"a\": [1, 2]}\nHI=it's\nDIR=C:\\new dir\nmy-var=1\nALONE\n\
                PEM=-----BEGIN PRIVATE KEY-----\nMIIB/+=\n-----END PRIVATE KEY-----\nOPEN='a\n\
                TOK_TOKENS__TTL=9m # until June\n";
    for text in [
        text.to_owned(),
        format!("\u{feff}{}", text.replace('\n', "\r\n")),
    ] {
        write(&binary, ".env", &text);
        assert_eq!(shown(&binary.run(&SHOW).ok(), "tokens.ttl").0, "9m");
    }
    let wide: Vec<u8> = "\u{feff}TOK_TOKENS__TTL=8m\r\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(binary.dir().join(".env"), wide).expect("written");
    assert_eq!(shown(&binary.run(&SHOW).ok(), "tokens.ttl").0, "8m");
    let latin = b"CITY=K\xf6ln\nTOK_TOKENS__TTL=7m\n";
    fs::write(binary.dir().join(".env"), latin).expect("written");
    assert_eq!(shown(&binary.run(&SHOW).ok(), "tokens.ttl").0, "7m");
    fs::write(binary.dir().join(".env"), b"TOK_DAILY__API_KEY=K\xf6ln\n").expect("written");
    binary.run(&SHOW).refused(
        10,
        ".env TOK_DAILY__API_KEY, line 1: daily.api_key: it is not UTF-8",
    );
}

/// The same from everywhere: a mark before it and space around it are not part of a value.
#[test]
fn space_around_a_value_means_nothing() {
    for around in ["8080\n", " 8080", "8080\r\n", "\t8080 ", "\u{feff}8080"] {
        let binary = Binary::with(&[("PORT", around), ("TOK_TOKENS__TTL", " 6m\n")]);
        let run = binary.run(&SHOW).ok();
        assert_eq!(shown(&run, "server.bind").0, "127.0.0.1:8080", "{around:?}");
        assert_eq!(shown(&run, "tokens.ttl").0, "6m");
    }
    let binary = Binary::new();
    write(&binary, "tok.toml", "\u{feff}[tokens]\r\nttl = ' 5m '\r\n");
    assert_eq!(shown(&binary.run(&SHOW).ok(), "tokens.ttl").0, "5m");
    let dir = binary.dir().join("here").display().to_string();
    let around = format!(" {dir}\n");
    let flagged = ["--data-dir", &around, "config", "show", "--json"];
    assert_eq!(shown(&binary.run(&flagged).ok(), "data_dir").0, dir);
}

#[test]
fn a_mistake_is_told_with_its_line() {
    let binary = Binary::new();
    write(
        &binary,
        "tok.toml",
        "# ours\n[tokens]\nttl = '1h'\n\n[server] # the API\nbind='here'\n",
    );
    binary
        .run(&SHOW)
        .refused(10, "tok.toml, line 6: server.bind: ");
    write(&binary, "tok.toml", "[profile.dev.server]\n\nbnd = 1\n");
    binary.run(&SHOW).refused(
        10,
        "tok.toml (profile dev), line 3: there is no setting `server.bnd`",
    );
    write(&binary, "tok.toml", "");
    write(&binary, ".env", "A='1\n2'\nTOK_TOKENS__TTL=soon\n");
    let run = binary.run(&["config", "show"]);
    assert_eq!(
        hint(&run),
        "change or remove TOK_TOKENS__TTL in .env, line 3"
    );
    run.refused(10, ".env TOK_TOKENS__TTL, line 3: tokens.ttl: ");
}

/// No shell has expanded what systemd, compose or `.env` hand over.
#[test]
fn a_tilde_is_the_home_directory() {
    let binary = Binary::with(&[("TOK_DATA_DIR", "~/data"), ("TOK_CONFIG", "~/mine.toml")]);
    write(
        &binary,
        "mine.toml",
        "[daily]\napi_key_file = '~/daily.key'\n",
    );
    write(&binary, "daily.key", "\u{feff} key \r\n");
    binary.run(&["room", "create", "a"]).ok();
    assert!(binary.dir().join("data/tok.db").is_file());
    assert!(!binary.dir().join("~").exists());
    binary
        .run(&["room", "list", "--data-dir", "~nobody/data"])
        .refused(10, "only ~/ stands for a home directory");
    assert!(!binary.dir().join("~nobody").exists());
}

#[test]
fn the_name_of_a_host_is_as_good_as_its_address() {
    let binary = Binary::with(&[("TOK_SERVER__BIND", "localhost:8123")]);
    let (value, _) = shown(&binary.run(&SHOW).ok(), "server.bind");
    assert_eq!(value, "127.0.0.1:8123");
    let served = binary.serve_at("localhost:0");
    assert!(
        served.url.starts_with("http://127.0.0.1:"),
        "{}",
        served.url
    );
    for bind in ["localhost", "localhost:x", "no such host:80"] {
        binary
            .run(&["serve", "--bind", bind])
            .refused(10, "expected an address like 127.0.0.1:8080");
    }
}

/// A key that no request can carry is found before a request is made.
#[test]
fn a_key_of_two_lines_is_a_mistake_in_the_configuration() {
    let binary = Binary::with(&[("TOK_DAILY__API_KEY", "one\ntwo")]);
    for command in [
        &["config", "check"][..],
        &["room", "list", "--backend", "daily"],
    ] {
        binary.run(command).refused(10, "it has line breaks");
    }
    let binary = Binary::with(&[("TOK_DAILY__API_KEY", "one\u{7}two")]);
    binary
        .run(&["config", "check"])
        .refused(10, "daily.api_key: it holds control characters");
}

#[test]
fn check_finds_what_serve_would_refuse() {
    let cases = [
        (
            "[server]\nopen = ['nope']",
            "there is no compat surface `nope`",
        ),
        ("[server]\nbind = '0.0.0.0:8080'", "auth.mode is none"),
        (
            "[server]\ncors_origins = ['example.com']",
            "is not an origin like",
        ),
        ("[tokens]\nttl = '0s'", "expected a length of time"),
        ("[worker]\nloops = []", "worker.loops is empty"),
        (
            "[profile.prod.daily]\napi_kye = 'x'",
            "did you mean `daily.api_key`?",
        ),
    ];
    for (text, part) in cases {
        let binary = Binary::new();
        write(&binary, "tok.toml", text);
        binary.run(&["config", "check"]).refused(10, part);
    }
    let binary = Binary::with(&[("TOK_SERVER_BIND", "127.0.0.1:1")]);
    binary
        .run(&["config", "check"])
        .refused(10, "did you mean `TOK_SERVER__BIND`?");
    let binary = Binary::with(&[
        ("TOK_SERVER__CORS_ORIGINS", "[\"https://a.example\"]"),
        ("TOK_UNRELATED", "x"),
    ]);
    binary.run(&["config", "check"]).ok();
}

#[test]
fn a_full_store_can_be_emptied() {
    let full = Binary::with(&[("TOK_DOCUMENTS__MAX_SIZE", "300KiB")]);
    let names: String = (0..5_000)
        .map(|n| format!("a-room-that-fills-the-store-{n}\n"))
        .collect();
    full.pipe(&["room", "create", "-", "-o", "name"], &names);
    let large = format!("filler={}", "x".repeat(50_000));
    full.run(&["room", "create", "one-more", "--property", &large])
        .refused(6, "the store is full");
    let kept = full.run(&["room", "list", "-o", "name"]).ok().stdout;
    full.pipe(&["room", "delete", "-", "--yes", "-q"], &kept)
        .ok();
    full.run(&["room", "create", "one-more", "--property", &large])
        .ok();
}

/// Every setting, also one that takes any text.
#[test]
fn what_a_key_file_holds_is_no_value_and_never_told() {
    let shown = Binary::new().run(&["config", "show", "--json"]).ok().json();
    let names: Vec<String> = shown
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["key"].as_str().expect("a name").to_owned())
        .collect();
    assert!(names.len() > 100, "{names:?}");
    for name in names {
        let variable = format!("TOK_{}", name.replace('.', "__").to_uppercase());
        for content in [
            r#"{"key":"NEVER"}"#,
            "-----BEGIN EC KEY-----\nNEVER\n-----END EC KEY-----\n",
            "NEVER,\nNEVER",
        ] {
            let dir = tempfile::TempDir::new().expect("a directory");
            let environment = Environment::of(dir.path().to_owned(), &[(&variable, content)]);
            let told = match tok::config::load(&environment, &Overrides::default()) {
                Ok(loaded) => format!("{:?}", loaded.config),
                Err(error) => format!("{error} {error:?}"),
            };
            assert!(!told.contains("NEVER"), "{name}: {told}");
        }
    }
}

/// Wherever somebody puts a secret, also where the name of a file or something else belongs, no
/// command prints it.
#[test]
fn a_secret_in_the_wrong_place_is_never_printed() {
    let service = r#"{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQ-NEVER\n-----END PRIVATE KEY-----\n"}"#;
    let lines = "-----BEGIN PRIVATE KEY-----\nMIIEvQ-NEVER\n-----END PRIVATE KEY-----\n";
    let plain = "NEVER5f0c2a7e1b8d4c6f9a3e5b7d1f2c4a6e";
    let slashes = "/NEVER/wJalrXUtnFEMI/K7MDENG/bPxRfiCY";
    let dots = "eyJhbGciOiJIUzI1NiJ9.eyJNEVERIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1";
    let long = "NEVER".repeat(2_000);
    let secrets = [service, lines, plain, slashes, dots, &long];
    let places = [
        "GOOGLE_APPLICATION_CREDENTIALS",
        "TOK_GOOGLE__CREDENTIALS_FILE",
        "TOK_ALGOLIA__API_KEY_FILE",
        "TOK_DAILY__API_KEY_FILE",
        "TOK_OPENTOK__PRIVATE_KEY_FILE",
        "TOK_DAILY__BASE_URL",
        "TOK_DAILY__RATE",
        "TOK_SERVER__BIND",
        "TOK_SERVER__MAX_CONNECTIONS",
        "TOK_ROOMS__BACKEND",
        "PORT",
        "TOK_CONFIG",
    ];
    for (place, secret) in places
        .iter()
        .flat_map(|place| secrets.iter().map(move |secret| (*place, *secret)))
    {
        let binary = Binary::with(&[
            ("TOK_PUSH__BACKEND", "fcm"),
            ("TOK_FCM__PROJECT_ID", "demo"),
            (place, secret),
        ]);
        for arguments in [
            &["config", "show"][..],
            &["doctor"],
            &["status"],
            &["notify", "flush"],
            &["--json", "work", "--once"],
        ] {
            let run = binary.run(arguments);
            let told = run.stdout + &run.stderr;
            assert!(!told.contains("NEVER"), "{place}: {told}");
            assert!(!told.contains("PRIVATE KEY"), "{place}: {told}");
        }
    }
    let binary = Binary::new();
    let sent = ["notify", "send", "--title", "x", "--token-file", plain];
    let run = binary.run(&sent).refused(2, "a text of");
    assert!(!run.stderr.contains("NEVER"), "{run:?}");
    let binary = Binary::with(&[("TOK_ALGOLIA__API_KEY_FILE", service)]);
    binary
        .run(&["config", "check"])
        .refused(10, "algolia.api_key_file: (a text of");
    binary
        .run(&["config", "check"])
        .refused(10, "put it into a file and name that");
}
