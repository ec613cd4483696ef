//! What is said to people who slipped, wait, or change what others count on.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

use crate::support::Binary;
use crate::support::binary::Run;

#[test]
fn a_value_that_begins_with_a_dash_gets_the_hint_that_helps() {
    let binary = Binary::new();
    for (command, hint) in [
        (
            &["room", "create", "a", "--expires", "-1h"][..],
            "`--expires=-1h`",
        ),
        (&["notify", "list", "--since", "-1h"], "`--since=-1h`"),
        (
            &["user", "create", "--id", "ada", "--name", "-2+3"],
            "`--name=-2+3`",
        ),
        (&["user", "show", "-QxR"], "`-- -QxR`"),
        (&["room", "delete", "--yes", "-QxR"], "`-- -QxR`"),
    ] {
        binary.run(command).refused(2, hint);
    }
    // The hint is a command that works.
    let joined = ["user", "create", "--id", "ada", "--name=-2+3"];
    binary.run(&joined).ok();
}

#[test]
fn the_address_of_a_server_has_no_v1() {
    let list = ["room", "list", "--server", "http://127.0.0.1:1/v1"];
    Binary::new().run(&list).refused(2, "ends before /v1");
}

#[test]
fn a_dry_run_of_a_deletion_looks_first() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let delete = ["room", "delete", "a", "nosuch", "--dry-run", "-o", "name"];
    let run = binary.run(&delete).ok();
    assert_eq!(run.stdout, "a\n");
    assert!(run.stderr.contains("1 room would be deleted"), "{run:#?}");
    assert!(run.stderr.contains("there is no room `nosuch`"), "{run:#?}");
    // Of many all are listed once.
    let names: String = (0..40).map(|n| format!("room-{n}\n")).collect();
    let many = ["room", "delete", "-", "--dry-run", "-o", "name"];
    let run = binary.pipe(&many, &format!("{names}a\n")).ok();
    assert_eq!(run.stdout, "a\n");
    binary.run(&["room", "show", "a"]).ok();
}

#[test]
fn a_context_in_use_is_not_removed_without_a_word() {
    let binary = Binary::new();
    let add = ["context", "add", "prod", "--server", "http://127.0.0.1:1"];
    binary.run(&add).ok();
    binary.run(&["context", "use", "prod"]).ok();
    let told = "prod is the context in use";
    let dry = binary.run(&["context", "remove", "prod", "--dry-run"]).ok();
    assert!(dry.stderr.contains(told), "{dry:#?}");
    let run = binary.run(&["context", "remove", "prod"]).ok();
    assert!(run.stderr.contains(told), "{run:#?}");
    assert!(run.stderr.contains("store of this machine"), "{run:#?}");
    binary.run(&add).ok();
    let run = binary.run(&["context", "remove", "prod"]).ok();
    assert_eq!(run.stderr, "");
}

#[test]
fn a_line_of_dot_env_that_sets_nothing_is_told() {
    let binary = Binary::new();
    let text = "set TOKBOX_API_KEY=SECRET\nTOK_SERVER__BIND\nset OTHERS=1\nlonely\nTOK_SERVER__OPS_BIND=127.0.0.1:1\n";
    fs::write(binary.dir().join(".env"), text).expect("written");
    let told = binary.run(&["config", "check"]).ok().stderr;
    for line in [
        ".env, line 1, sets nothing: write it as TOKBOX_API_KEY=value",
        ".env, line 2, sets nothing: write it as TOK_SERVER__BIND=value",
    ] {
        assert!(told.contains(line), "{told}");
    }
    assert_eq!(told.matches("sets nothing").count(), 2, "{told}");
    assert!(!told.contains("SECRET"), "{told}");
}

#[test]
fn a_list_of_nothing_has_its_heading_in_csv() {
    let binary = Binary::new();
    let prune = ["room", "prune", "--expired", "--yes", "-o", "csv"];
    assert_eq!(binary.run(&prune).ok().stdout, "name,outcome,error\n");
}

#[test]
fn a_format_of_the_version_that_there_is_not_is_refused() {
    let binary = Binary::new();
    let run = binary.run(&["-V", "-o", "yaml"]);
    assert_eq!(run.code, Some(2), "{run:#?}");
    assert!(run.stderr.contains("yaml"), "{run:#?}");
    binary.run(&["-V", "-o", "json"]).ok();
}

#[test]
fn a_receiver_who_is_not_there_is_told_at_once() {
    let binary = Binary::new();
    let send = ["notify", "send", "--user", "nosuch", "--title", "Hello"];
    let run = binary.run(&send).ok();
    assert!(run.stderr.contains("there is no user `nosuch`"), "{run:#?}");
    let create = ["user", "create", "--id", "nosuch", "--name", "Ada"];
    binary.run(&create).ok();
    assert_eq!(binary.run(&send).ok().stderr, "");
}

#[test]
fn certificates_that_cannot_be_read_are_told() {
    let binary = Binary::with(&[("SSL_CERT_FILE", "/nope.pem")]);
    let told = "SSL_CERT_FILE names /nope.pem, which cannot be read";
    let run = binary.run(&["config", "check"]).ok();
    assert!(run.stderr.contains(told), "{run:#?}");
    let list = ["room", "list", "--server", "https://127.0.0.1:1"];
    let run = binary.run(&list);
    assert!(run.stderr.contains(told), "{run:#?}");
}

/// A server that takes connections and says nothing, as one that is stopped.
#[test]
fn who_waits_for_a_server_is_told_for_which() {
    let mute = TcpListener::bind("127.0.0.1:0").expect("a port");
    let place = mute.local_addr().expect("an address").to_string();
    let binary = Binary::new();
    let list = ["room", "list", "--server", &format!("http://{place}")];
    let mut child = binary.spawn(&list, Stdio::null());
    let mut line = String::new();
    let stderr = child.stderr.take().expect("a pipe");
    BufReader::new(stderr).read_line(&mut line).expect("a line");
    child.kill().expect("ends");
    child.wait().expect("ends");
    assert_eq!(line, format!("waiting for {place} …\n"));
}

/// On a terminal a page is shown by `man`, elsewhere it is what it is made of.
#[test]
#[allow(clippy::print_stderr, reason = "what is skipped is said aloud")]
fn a_manual_page_is_read_on_a_terminal() {
    let binary = Binary::new();
    let page = binary.run(&["man", "room"]).ok().stdout;
    assert!(page.contains(".TH"), "{page}");
    let man = binary.dir().join("man");
    fs::write(&man, "#!/bin/sh\necho \"shown by man $*\"\ngrep -c TH\n").expect("written");
    fs::set_permissions(&man, fs::Permissions::from_mode(0o755)).expect("changed");
    let path = format!("{}:/usr/bin:/bin", binary.dir().display());
    let tok = env!("CARGO_BIN_EXE_tok");
    let run = Command::new("script")
        .args(["-qec", &format!("{tok} man room"), "/dev/null"])
        .env_clear()
        .env("HOME", binary.dir())
        .env("PATH", path)
        .env("SHELL", "/bin/sh")
        .stdin(Stdio::null())
        .output();
    let Ok(run) = run else {
        eprintln!("SKIPPED: script is not installed, so that nobody looked at a terminal");
        return;
    };
    let shown = String::from_utf8_lossy(&run.stdout);
    assert!(shown.contains("shown by man -l -"), "{shown}");
    assert!(!shown.contains(".TH"), "{shown}");
}

/// Of several configurations the nearest counts; that is said, as the others are read by nobody.
#[test]
fn a_configuration_that_is_passed_over_is_told() {
    let binary = Binary::new();
    let (near, far) = ("tok.toml", ".config/tok/tok.toml");
    fs::create_dir_all(binary.dir().join(".config/tok")).expect("made");
    fs::write(binary.dir().join(far), "[server]\n").expect("written");
    assert_eq!(binary.run(&["room", "create", "a"]).ok().stderr, "");
    fs::write(binary.dir().join(near), "[server]\n").expect("written");
    let told = binary.run(&["room", "list"]).ok().stderr;
    assert_eq!(told.matches("counts, and").count(), 1, "{told}");
    assert!(told.contains(far), "{told}");
    assert_eq!(binary.run(&["room", "list", "-q"]).ok().stderr, "");
    let named = ["room", "list", "--config", near];
    assert_eq!(binary.run(&named).ok().stderr, "");
    // A folder in the place of a file is no configuration, and no reason to look elsewhere.
    fs::remove_file(binary.dir().join(near)).expect("removed");
    fs::create_dir(binary.dir().join(near)).expect("made");
    binary
        .run(&["room", "list"])
        .refused(10, "tok.toml is no file");
}

/// It is there, so that nobody is told to write it.
#[test]
fn a_folder_named_as_the_configuration_is_told_as_one() {
    let binary = Binary::new();
    fs::create_dir(binary.dir().join("conf")).expect("made");
    let by_flag = binary.run(&["room", "list", "--config", "conf"]);
    let variable = Binary::with(&[("TOK_CONFIG", "/")]);
    let by_variable = variable.run(&["room", "list"]);
    for (run, what, hint) in [
        (by_flag, "conf is no file", "hint: change --config\n"),
        (
            by_variable,
            "/ is no file",
            "hint: change or unset TOK_CONFIG\n",
        ),
    ] {
        let run = run.refused(10, what);
        assert!(run.stderr.contains(hint), "{run:#?}");
    }
}

/// What is named twice is done once; only of rooms that are to be made it is told.
#[test]
fn what_is_named_twice_is_meant_once() {
    let binary = Binary::new();
    for id in ["d1", "d2"] {
        let make = ["user", "create", "--name", id, "--id", id];
        binary.run(&make).ok();
    }
    let delete = ["user", "delete", "d2", "-", "d2", "--yes", "-o", "name"];
    let gone = binary.pipe(&delete, "d1\nd2\n\nd1\n").ok();
    assert_eq!(gone.stdout, "d2\nd1\n");
    binary.run(&["room", "create", "hall"]).ok();
    let sent = binary.run(&["chat", "send", "hall", "hello", "-o", "name"]);
    let sent = sent.ok().stdout;
    let id = sent.trim();
    let delete = ["chat", "delete", "hall", id, id, "--yes", "-o", "name"];
    assert_eq!(binary.run(&delete).ok().stdout, sent);
    binary.key(&[]);
    let key = binary.run(&["key", "list", "-o", "name"]).ok().stdout;
    let id = key.trim();
    let revoke = ["key", "revoke", id, id, "--yes", "-o", "name"];
    assert_eq!(binary.run(&revoke).ok().stdout, key);
    let made = binary.run(&["room", "create", "a", "a", "-o", "name"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(8), "a\n"));
    assert!(made.stderr.starts_with("warning: a: "), "{made:#?}");
}

/// What is no list of names is told by its line, in a sentence, and nothing is done.
#[test]
fn a_line_of_stdin_that_is_no_name_is_told_by_its_number() {
    let binary = Binary::new();
    binary
        .run(&["user", "create", "--name", "Ada", "--id", "ada"])
        .ok();
    let delete = ["user", "delete", "-", "--yes"];
    for letter in ["\0", "x"] {
        let lines = format!("ada\n{}", letter.repeat(3_000_000));
        let run = binary.pipe(&delete, &lines);
        assert!(run.stderr.len() < 200, "{} bytes", run.stderr.len());
        run.refused(2, "line 2 of stdin has more than 4096 bytes");
    }
    let lines = binary.dir().join("lines");
    fs::write(&lines, b"ada\n\nk\xe4the\n").expect("written");
    let lines = fs::File::open(lines).expect("opens");
    let run = binary.command(&delete).stdin(lines).output().expect("runs");
    Run::of(&run).refused(2, "line 3 of stdin is not UTF-8");
    binary.run(&["user", "show", "ada"]).ok();
}

/// Whoever runs it again would find that it was done; a key that nobody saw is not left behind.
#[cfg(target_os = "linux")]
#[test]
fn a_result_for_which_there_is_no_space_is_told_from_a_failure() {
    let binary = Binary::new();
    let run = |arguments: &[&str]| {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = binary.command(arguments);
        let output = command.stdout(full.expect("opens")).output();
        Run::of(&output.expect("runs"))
    };
    let made = run(&["room", "create", "x"]).refused(6, "was done, but it cannot be written");
    assert!(made.stderr.contains("look at what there is"), "{made:#?}");
    assert!(!made.stderr.contains("TOK_LOG"), "{made:#?}");
    binary.run(&["room", "show", "x"]).ok();
    run(&["room", "create", "y", "--json"]).refused(6, "\"code\":\"unavailable\"");
    binary.run(&["room", "show", "y"]).ok();
    run(&["key", "create", "laptop"]).refused(6, "the key is revoked again");
    assert_eq!(binary.run(&["key", "list", "-o", "name"]).ok().stdout, "");
    run(&["store", "backup", "-"]).refused(6, "No space left");
}
