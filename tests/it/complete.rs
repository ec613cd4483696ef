//! What shells complete: by the words that their scripts send, and by bash itself.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::releases::eventually;
use crate::support::Binary;
use crate::support::binary::Run;

/// Asks as the script of bash does, with the last word in the making.
fn asked(binary: &Binary, line: &[&str]) -> Run {
    let words = [&["--", "tok"], line].concat();
    let output = binary
        .command(&words)
        .env("TOK_COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", line.len().to_string())
        .env("_CLAP_IFS", "\n")
        .output()
        .expect("runs");
    Run::of(&output)
}

/// A store that is slow for a moment has no names, and is asked again.
#[track_caller]
fn completes(binary: &Binary, line: &[&str], expected: &[&str]) {
    let run = eventually(&format!("{line:?} is completed"), || {
        let run = asked(binary, line);
        let knows = run.stdout.lines().any(|name| expected.contains(&name));
        (knows || expected.is_empty()).then_some(run)
    });
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{line:?}");
    let found: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(found, expected, "{line:?}");
}

/// A store with one of each.
fn filled() -> Binary {
    let binary = Binary::new();
    for name in ["stand-1", "stand-2", "tea"] {
        binary.run(&["room", "create", name]).ok();
    }
    for id in ["ada", "bob"] {
        binary
            .run(&["user", "create", "--id", id, "--name", id])
            .ok();
    }
    binary
}

#[test]
fn what_is_there_is_completed() {
    let binary = filled();
    let rooms = ["stand-1", "stand-2", "tea"];
    for line in [
        &["room", "show", ""][..],
        &["room", "delete", "tea", ""],
        &["token", "create", ""],
        &["chat", "send", ""],
        &["participant", "kick", ""],
        &["session", "attendance", ""],
    ] {
        completes(&binary, line, &rooms);
    }
    completes(&binary, &["room", "show", "st"], &rooms[..2]);
    completes(&binary, &["call", "start", ""], &["ada", "bob"]);
    completes(&binary, &["call", "start", "ada", "b"], &["bob"]);
    completes(&binary, &["notify", "send", "--user", ""], &["ada", "bob"]);
    completes(&binary, &["user", "update", "a"], &["ada"]);
    completes(&binary, &["search", "query", ""], &["users", "rooms"]);
    let call = binary.run(&["call", "start", "ada", "bob", "-o", "name"]);
    completes(&binary, &["call", "end", ""], &[call.ok().stdout.trim()]);
    binary.run(&["key", "create", "app"]).ok();
    let keys = binary.run(&["key", "list", "--json"]).ok().json();
    let key = keys[0]["id"].as_str().expect("an id").to_owned();
    completes(&binary, &["key", "revoke", ""], &[&key]);
    let sent = ["notify", "send", "--user", "ada", "--title", "x", "--json"];
    let sent: Value = binary.run(&sent).ok().json();
    let id = sent["id"].as_str().expect("an id");
    completes(&binary, &["notify", "discard", ""], &[id]);
}

#[test]
fn what_is_new_is_not() {
    let binary = filled();
    for line in [
        &["room", "create", ""][..],
        &["user", "create", "--id", ""],
        &["key", "create", ""],
    ] {
        let found = asked(&binary, line).ok().stdout;
        let names = ["tea", "ada", "bob"];
        assert!(!names.iter().any(|name| found.contains(name)), "{found}");
    }
}

#[test]
fn commands_flags_and_values_are_completed() {
    let binary = Binary::new();
    completes(&binary, &["chat", "ed"], &["edit"]);
    completes(&binary, &["room", "list", "--lim"], &["--limit"]);
    completes(&binary, &["room", "list", "--data-d"], &["--data-dir"]);
    let roles = ["viewer", "participant", "host"];
    completes(&binary, &["token", "create", "a", "--role", ""], &roles);
    // Flags stand in nobody's way.
    let found = asked(&binary, &["doctor", ""]).ok().stdout;
    assert!(found.contains("--data-dir") && found.contains("--help"));
}

/// Where the line says that things are.
#[test]
fn the_flags_of_the_line_are_heeded() {
    let binary = filled();
    let home = binary.dir().join("other");
    let home = home.to_str().expect("a path");
    let create = ["room", "create", "there", "--data-dir", home];
    binary.run(&create).ok();
    completes(
        &binary,
        &["--data-dir", home, "room", "show", ""],
        &["there"],
    );
    let joined = format!("--data-dir={home}");
    completes(&binary, &["room", "show", &joined, "t"], &["there"]);
    let file =
        "[profile.blue.server]\nbind = \"127.0.0.1:1\"\n[profile.green]\ndata_dir = \"other\"\n";
    fs::write(binary.dir().join("tok.toml"), file).expect("written");
    completes(&binary, &["--profile", ""], &["blue", "green"]);
    completes(&binary, &["room", "show", "--profile", "g"], &["green"]);
    completes(
        &binary,
        &["--profile", "green", "room", "show", "t"],
        &["there"],
    );
}

/// Nobody at a prompt wants to read that something is wrong, or to find a store where none was.
#[test]
fn what_is_in_the_way_is_nobodys_name() {
    let binary = Binary::new();
    let before = fs::read_dir(binary.dir()).expect("a folder").count();
    for line in [
        &["room", "show", "x"][..],
        &["room", "show", "--data-dir", "/nowhere", "x"],
        &["--profile", "x"],
        &["--config", "nowhere.toml", "room", "show", "x"],
    ] {
        completes(&binary, line, &[]);
    }
    let after = fs::read_dir(binary.dir()).expect("a folder").count();
    assert_eq!(before, after, "nothing was made");
    fs::write(binary.dir().join("tok.toml"), "nonsense").expect("written");
    completes(&binary, &["room", "show", "x"], &[]);
    completes(&binary, &["--profile", "x"], &[]);
    let filled = filled();
    // Nobody is asked: nobody listens there, which would be told.
    let far = "[documents]\nbackend = \"firestore\"\n[firestore]\nproject_id = \"a\"\nbase_url = \"http://127.0.0.1:9\"\n";
    fs::write(filled.dir().join("tok.toml"), far).expect("written");
    completes(&filled, &["room", "show", "t"], &[]);
}

/// What is inserted into a line is not quoted.
#[test]
fn no_name_is_read_by_the_shell() {
    let binary = filled();
    binary
        .run(&["user", "create", "--name", "Eve", "--id=-x"])
        .ok();
    completes(&binary, &["user", "show", ""], &["ada", "bob"]);
    let file = "[profile.blue]\n[profile.\"$(reboot)\"]\n[profile.\"a b\"]\n";
    fs::write(binary.dir().join("tok.toml"), file).expect("written");
    completes(&binary, &["--profile", ""], &["blue"]);
}

#[test]
fn bash_completes_by_its_script() {
    let binary = filled();
    let script = binary.run(&["completions", "bash"]).ok().stdout;
    assert!(script.len() < 3000, "{} bytes", script.len());
    let completing = "COMP_WORDS=(tok room show st); COMP_CWORD=3; COMP_TYPE=9
        _clap_complete_tok tok st show; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let tok = std::path::Path::new(env!("CARGO_BIN_EXE_tok"));
    let path = format!(
        "{}:/usr/bin:/bin",
        tok.parent().expect("a folder").display()
    );
    let run = eventually("bash completes", || {
        let output = Command::new("bash")
            .args(["--norc", "-c", &format!("{script}\n{completing}")])
            .current_dir(binary.dir())
            .env_clear()
            .env("HOME", binary.dir())
            .env("PATH", &path)
            .output()
            .expect("bash");
        let run = Run::of(&output);
        // A store that is slow for a moment has no names.
        (!run.stdout.trim().is_empty()).then_some(run)
    });
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        ("stand-1\nstand-2\n", "")
    );
}

#[test]
fn an_unknown_shell_is_told_which_there_are() {
    let output = Binary::new()
        .command(&["--", "tok", ""])
        .env("TOK_COMPLETE", "tcsh")
        .output()
        .expect("runs");
    let run = Run::of(&output);
    assert!(
        run.code != Some(0) && run.stderr.contains("`zsh`"),
        "{run:?}"
    );
}

#[test]
fn servers_are_completed_by_name_and_what_is_at_them_is_not() {
    let binary = filled();
    for name in ["prod", "test"] {
        let add = ["context", "add", name, "--server", "https://a.example"];
        binary.run(&add).ok();
    }
    completes(&binary, &["context", "use", ""], &["prod", "test"]);
    completes(&binary, &["room", "list", "--context", "p"], &["prod"]);
    completes(&binary, &["context", "add", "p"], &[]);
    let rooms = ["stand-1", "stand-2", "tea"];
    completes(&binary, &["room", "show", ""], &rooms);
    completes(&binary, &["room", "show", "--context", "prod", "s"], &[]);
    let elsewhere = ["--server", "https://a.example", "room", "show", "s"];
    completes(&binary, &elsewhere, &[]);
    binary.run(&["context", "use", "prod"]).ok();
    completes(&binary, &["room", "show", "s"], &[]);
    completes(&binary, &["room", "show", "--context", "-", ""], &rooms);
}
