//! Upkeep by timers, cron and people: which secrets it needs, what its reports say, and when it is silent.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use serde_json::Value;
use tok::commands::lease::{Lease, LeaseName};
use tok::context::Context;
use tok::model::BackendName;

use crate::support::{Binary, config};

/// A store with somebody in it, and then a configuration of Daily whose key is for services only.
fn with_a_key_of_services(more: &str) -> Binary {
    let binary = Binary::new();
    let create = ["user", "create", "--id", "ada", "--name", "Ada"];
    binary.run(&create).ok();
    binary.run(&["work", "--once"]).ok();
    let text = format!(
        "[rooms]\nbackend = \"daily\"\n[daily]\napi_key_file = \"${{CREDENTIALS_DIRECTORY}}/daily.key\"\n{more}"
    );
    fs::write(binary.dir().join("tok.toml"), text).expect("written");
    binary
}

/// A unit is handed its secrets over by systemd; whoever works beside it has none of them.
#[test]
fn what_needs_no_secret_goes_without_it() {
    let binary = with_a_key_of_services("");
    for command in [
        &["store", "backup", "saved.db"][..],
        &["store", "check"],
        &["search", "verify"],
        &["search", "reindex"],
        &["search", "status"],
        &["status"],
    ] {
        let run = binary.run(command).ok();
        let told = "daily.api_key_file: ";
        assert!(run.stderr.contains(told), "{run:#?}");
        assert!(run.stderr.contains("goes on without it"), "{run:#?}");
        let quiet = binary.run(&[command, &["--quiet"]].concat()).ok();
        assert_eq!(quiet.stderr.matches("daily").count(), 0, "{quiet:#?}");
    }
    // What works at the vendor needs the key.
    for command in [
        &["room", "list"][..],
        &["room", "prune", "--expired", "--yes"],
        &["config", "check"],
    ] {
        binary.run(command).refused(10, "daily.api_key_file");
    }
    binary.run(&["store", "restore", "saved.db", "--yes"]).ok();
}

/// Nothing is taken for granted that a command does need.
#[test]
fn what_needs_a_secret_does_not_go_without_it() {
    let index =
        "[search]\nbackend = \"algolia\"\n[algolia]\napp_id = \"A\"\napi_key_file = \"none.key\"\n";
    let binary = with_a_key_of_services(index);
    binary
        .run(&["search", "verify"])
        .refused(10, "algolia.api_key_file");
    binary
        .run(&["store", "check"])
        .refused(10, "algolia.api_key_file");
    binary.run(&["store", "backup", "saved.db"]).ok();

    let sealed = with_a_key_of_services("[auth]\nsecret_file = \"tok.secret\"\n");
    sealed
        .run(&["store", "check"])
        .refused(10, "auth.secret_file");
    sealed.run(&["store", "backup", "saved.db"]).ok();
    sealed.run(&["search", "verify"]).ok();

    let google = "[push]\nbackend = \"fcm\"\n[google]\ncredentials_file = \"none.json\"\n";
    let google = with_a_key_of_services(google);
    google.run(&["status"]).ok();
    google
        .run(&["notify", "flush"])
        .refused(10, "daily.api_key_file");
}

/// However a run ends: what is in the file is of this run.
#[test]
fn a_report_is_never_that_of_a_former_run() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let file = binary.dir().join("report.json");
    let prune = |more: &[&str], variables: &[(&str, &str)]| {
        let prune = ["room", "prune", "--yes", "--report", "report.json"];
        let arguments = [&prune, more].concat();
        let mut command = binary.command(&arguments);
        let output = command.envs(variables.iter().copied()).output();
        output.expect("runs").status.code().expect("a code")
    };
    let told = |code: i32, what: &str| {
        let text = fs::read_to_string(&file).expect("a report");
        let report: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(report["exit_code"], code, "{what}: {report}");
        assert!(report["began_at"].is_string(), "{what}: {report}");
        assert!(report["ended_at"].is_string(), "{what}: {report}");
        report["error"].as_str().map(str::to_owned)
    };
    let success = |what: &str| {
        assert_eq!(prune(&["--expired"], &[]), 0);
        assert_eq!(told(0, what), None);
    };
    fs::write(binary.dir().join("broken.toml"), "[server\n").expect("written");
    fs::create_dir(binary.dir().join("junk")).expect("made");
    fs::write(binary.dir().join("junk/tok.db"), "no database".repeat(1000)).expect("written");
    let expired = "--expired";
    for (code, more, variables) in [
        (10, &[expired][..], &[("TOK_ROOMS__BACKEND", "daily")][..]),
        (10, &[expired, "--config", "nosuch.toml"], &[]),
        (10, &[expired, "--config", "broken.toml"], &[]),
        (10, &[expired, "--data-dir", "junk"], &[]),
        (3, &[expired, "--context", "nosuch"], &[]),
        (2, &[], &[]),
    ] {
        success("before");
        assert_eq!(prune(more, variables), code, "{more:?}");
        let error = told(code, &format!("{more:?} {variables:?}"));
        assert!(error.is_some_and(|error| !error.is_empty()), "{more:?}");
    }
    success("before");
    let reindex = ["search", "reindex", "nosuch", "--report", "report.json"];
    binary.run(&reindex).refused(3, "nosuch");
    assert!(told(3, "reindex").is_some_and(|error| error.contains("nosuch")));
    // A place that cannot be written is told before anything is done.
    let nowhere = ["room", "delete", "a", "--yes", "--report", "nowhere/report"];
    binary.run(&nowhere).refused(2, "nowhere/report");
    binary.run(&["room", "show", "a"]).ok();
}

/// Cron sends what is said by mail: what is no news says nothing.
#[test]
fn a_quiet_run_says_nothing_of_what_can_wait() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let key = binary.dir().join("daily.key");
    fs::write(&key, "secret\n").expect("written");
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).expect("changed");
    let text = "[daily]\napi_key_file = \"daily.key\"\n";
    fs::write(binary.dir().join("tok.toml"), text).expect("written");
    let told = "can be read by others";
    let quiet = ["store", "backup", "saved.db", "--quiet"];
    assert_eq!(binary.run(&quiet).ok().stderr, "");
    let aloud = binary.run(&quiet[..3]).ok().stderr;
    assert!(aloud.contains(told), "{aloud}");
    let check = binary.run(&["config", "check", "--quiet"]).ok().stderr;
    assert!(check.contains(told), "{check}");
    // It fails, as there is no Daily; what it says of the file is what counts.
    let doctor = binary.run(&["doctor", "--quiet"]).stderr;
    assert!(doctor.contains(told), "{doctor}");
}

/// Another run at the same work: the exit code says it, and the timers know it.
#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_run_that_finds_another_at_work_says_nothing() {
    let binary = Binary::new();
    binary.run(&["room", "create", "over"]).ok();
    let dir = binary.dir().join(".local/share/tok");
    let context = Context::open(&config(&dir, &[]), &dir).expect("opens");
    // Longer than both runs take.
    let (name, life) = (
        LeaseName::prune(BackendName::Local),
        Duration::from_hours(1),
    );
    let first = Lease::take_for(&context, &name, life).await;
    let first = first.expect("is free");
    let second = ["room", "prune", "--match", "*", "--yes"];
    let quiet = binary.run(&[&second[..], &["--quiet"]].concat());
    assert_eq!(quiet.code, Some(11), "{quiet:#?}");
    assert_eq!((quiet.stdout.as_str(), quiet.stderr.as_str()), ("", ""));
    binary.run(&second).refused(11, "at work");
    first.release().await;
    binary.run(&second).ok();
}
