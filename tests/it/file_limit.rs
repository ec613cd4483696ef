//! A machine that lets a server open fewer files than its settings promise connections: it says so when it
//! starts, and serves as many as it can. And one on which a file has no room for all that is written.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::Signal;
use nix::unistd::geteuid;

use crate::support::binary::{Run, signal_child};
use crate::support::{Binary, PATIENCE};

/// A server whose shell did this first.
struct Limited {
    child: Child,
    address: String,
    /// What it said before it listened.
    told: String,
    _binary: Binary,
}

impl Limited {
    fn start(limits: &str, variables: &[(&str, &str)]) -> Self {
        let binary = Binary::new();
        let serve = [
            "serve",
            "--bind",
            "127.0.0.1:0",
            "--ops-bind",
            "127.0.0.1:0",
        ];
        let serve = binary.command(&serve);
        let mut child = Command::new("sh")
            .args(["-c", &format!("{limits}; exec \"$0\" \"$@\"")])
            .arg(serve.get_program())
            .args(serve.get_args())
            .env_clear()
            .env("HOME", binary.dir())
            .envs(variables.iter().copied())
            .current_dir(binary.dir())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (mut told, mut address) = (String::new(), String::new());
        while address.is_empty() {
            let mut line = String::new();
            let read = stderr.read_line(&mut line).expect("readable");
            assert!(read > 0, "it did not start: {told}");
            told.push_str(&line);
            let url = line.split("tok serves http://").nth(1);
            if let Some(url) = url.and_then(|rest| rest.split_whitespace().next()) {
                address.push_str(url);
            }
        }
        // A full pipe would hold it up.
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).for_each(drop));
        Self {
            child,
            address,
            told,
            _binary: binary,
        }
    }

    /// How many files it may have open now.
    fn soft_limit(&self) -> u64 {
        let path = format!("/proc/{}/limits", self.child.id());
        let limits = std::fs::read_to_string(path).expect("readable");
        let line = limits
            .lines()
            .find_map(|line| line.strip_prefix("Max open files"));
        let soft = line.and_then(|line| line.split_whitespace().next());
        soft.expect("a limit").parse().expect("a number")
    }

    /// Whether it answers somebody new, however busy the machine is.
    fn answers(&self) -> bool {
        self.answers_within(PATIENCE)
    }

    fn answers_within(&self, time: Duration) -> bool {
        let asking = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(&self.address)?;
            stream.set_read_timeout(Some(time))?;
            stream.write_all(
                b"GET /v1/rooms HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            )?;
            let mut told = String::new();
            stream.read_to_string(&mut told)?;
            Ok(told)
        };
        asking().is_ok_and(|told| told.starts_with("HTTP/1.1 200 "))
    }
}

impl Drop for Limited {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

const CONNECTIONS: &str = "TOK_SERVER__MAX_CONNECTIONS";
/// What is told when they cannot be had.
const TOO_FEW: &str = "files open";

#[test]
fn a_limit_that_is_too_low_is_told_with_what_to_raise() {
    for (limits, connections, parts) in [
        (
            "ulimit -n 300",
            None,
            ["connections is 4096", "have 300 files", "to 4352"],
        ),
        (
            "ulimit -n 300",
            Some("45"),
            ["connections is 45", "have 300 files", "to 301"],
        ),
        (
            "ulimit -Sn 100; ulimit -Hn 4351",
            None,
            ["connections is 4096", "have 4351 files", "to 4352"],
        ),
    ] {
        let variables: Vec<_> = connections
            .map(|of| (CONNECTIONS, of))
            .into_iter()
            .collect();
        let server = Limited::start(limits, &variables);
        let told = &server.told;
        let lines: Vec<_> = told.lines().filter(|line| line.contains(TOO_FEW)).collect();
        let [line] = lines[..] else {
            panic!("{limits}: {told}");
        };
        for part in parts.iter().chain(&[
            "server.max_connections",
            "LimitNOFILE=",
            "ulimit -n",
            "or lower the setting",
        ]) {
            assert!(line.contains(part), "{limits}: no {part} in {line}");
        }
        assert!(server.answers(), "{limits}");
    }
}

#[test]
fn a_limit_that_is_enough_or_can_be_raised_is_told_nobody() {
    for (limits, connections, soft) in [
        ("ulimit -n 300", "44", 300),
        ("ulimit -Sn 64", "44", 300),
        ("ulimit -Sn 64; ulimit -Hn 4352", "4096", 4352),
        ("ulimit -n 1000", "100", 1000),
    ] {
        let server = Limited::start(limits, &[(CONNECTIONS, connections)]);
        let told = &server.told;
        assert!(!told.contains(TOO_FEW), "{limits}: {told}");
        assert_eq!(server.soft_limit(), soft, "{limits}");
        assert!(server.answers(), "{limits}");
    }
}

/// Whoever was told may do nothing about it.
#[test]
fn when_no_more_files_can_be_opened_others_wait_and_are_served_after_it() {
    let keys = [
        ("TOK_SERVER__ADDRESS_CONNECTIONS", "4000"),
        ("TOK_SERVER__TRUSTED_PROXIES", "192.0.2.1"),
    ];
    let server = Limited::start("ulimit -n 128", &keys);
    assert!(server.told.contains(TOO_FEW), "{}", server.told);
    let idle: Vec<_> = (0..300)
        .map_while(|_| TcpStream::connect(&server.address).ok())
        .collect();
    assert!(
        !server.answers_within(Duration::from_secs(2)),
        "there is no room with {} idle",
        idle.len()
    );
    drop(idle);
    let deadline = Instant::now() + PATIENCE;
    while !server.answers_within(Duration::from_secs(2)) {
        assert!(Instant::now() < deadline, "it does not recover");
    }
    signal_child(&server.child, Signal::SIGTERM);
}

/// Runs `tok` where no file may have more than a block, of 512 bytes or of 1024 as the shell counts them.
fn in_short_files(binary: &Binary, arguments: &[&str], redirected: &str) -> Run {
    let script = format!("ulimit -f 1; exec \"$@\" {redirected}");
    binary.in_script((&script, "sh"), arguments)
}

/// What is in a directory, by its names.
fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).expect("a directory");
    let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
    let mut names: Vec<String> = entries
        .map(|entry| name(entry).into_string().expect("text"))
        .collect();
    names.sort_unstable();
    names
}

/// The commands that need no store are told of the limit as well, instead of being ended by it.
#[test]
fn a_file_that_may_not_get_long_enough_is_told_and_not_left_half() {
    let binary = Binary::new();
    for (command, file) in [
        (&["config", "init", "c.toml"][..], "c.toml"),
        (&["completions", "--dir", "scripts"], "scripts/tok.bash"),
        (&["man", "--dir", "pages"], "pages/tok.1"),
    ] {
        let run = in_short_files(&binary, command, "").refused(6, "File too large");
        let is_told = run.stderr.contains(file) && run.stderr.contains("ulimit -f");
        assert!(is_told, "{run:#?}");
        assert!(!binary.dir().join(file).exists(), "{file} is left");
        // With room the same command does it.
        binary.run(command).ok();
        assert!(binary.dir().join(file).is_file(), "{file}");
    }
    for command in [&["completions", "bash"][..], &["man"], &["openapi"]] {
        let run = in_short_files(&binary, command, "> printed");
        let ended = run.code.is_some_and(|code| code > 0);
        assert!(ended, "{command:?}: {run:#?}");
        assert!(run.stderr.contains("File too large"), "{run:#?}");
    }
    let help = in_short_files(&binary, &["room", "--help"], "> printed");
    assert!(help.code.is_some(), "{help:#?}");
}

#[test]
fn a_full_disk_is_not_the_fault_of_whoever_names_a_file_on_it() {
    let binary = Binary::new();
    let full = |link: &str| symlink("/dev/full", binary.dir().join(link)).expect("linked");
    full("c.toml");
    fs::create_dir(binary.dir().join("pages")).expect("made");
    full("pages/tok.1");
    for command in [
        &["config", "init", "c.toml", "--force"][..],
        &["man", "--dir", "pages"],
    ] {
        let run = binary.run(command).refused(6, "No space left on device");
        assert!(run.stderr.contains("hint: make room there"), "{run:#?}");
    }
    // What is no file is not taken away.
    assert_eq!(names(binary.dir()), ["c.toml", "pages"]);
    // A file that cannot be made for another reason is still wrong input.
    let nowhere = ["config", "init", "nope/c.toml"];
    binary.run(&nowhere).refused(2, "No such file");
}

#[test]
fn a_configuration_that_has_no_room_leaves_the_one_before_as_it_was() {
    let binary = Binary::new();
    let at = |name: &str| binary.dir().join(name);
    let (link, real) = (at("tok.toml"), at("real.toml"));
    fs::write(&real, "[server]\n").expect("written");
    symlink("real.toml", &link).expect("linked");
    let init = ["config", "init", "--force"];
    in_short_files(&binary, &init, "").refused(6, "File too large");
    assert_eq!(fs::read_to_string(&real).expect("text"), "[server]\n");
    assert_eq!(names(binary.dir()), ["real.toml", "tok.toml"]);
    if geteuid().is_root() {
        chown(&real, Some(12_345), None).expect("given away");
    }
    let owner = fs::metadata(&real).expect("a file").uid();
    binary.run(&init).ok();
    let template = binary.run(&["config", "init", "-"]).ok().stdout;
    assert_eq!(fs::read_to_string(&real).expect("text"), template);
    let facts = fs::metadata(&real).expect("a file");
    assert_eq!((facts.uid(), facts.mode() & 0o777), (owner, 0o600));
    assert!(link.is_symlink(), "a link stays one");
    assert_eq!(names(binary.dir()), ["real.toml", "tok.toml"]);
}

#[test]
fn a_configuration_is_written_where_a_link_leads_and_where_nothing_can_be_beside_it() {
    let binary = Binary::new();
    let (link, dir) = (binary.dir().join("tok.toml"), binary.dir().join("conf"));
    fs::create_dir(&dir).expect("made");
    symlink("conf/new.toml", &link).expect("linked");
    in_short_files(&binary, &["config", "init"], "").refused(6, "File too large");
    assert_eq!(names(&dir), [""; 0]);
    binary.run(&["config", "init"]).ok();
    assert!(link.is_symlink(), "a link stays one");
    assert_eq!(names(&dir), ["new.toml"]);
    fs::write(dir.join("new.toml"), "").expect("written");
    let rights = |mode| fs::set_permissions(&dir, fs::Permissions::from_mode(mode));
    rights(0o500).expect("set");
    binary.run(&["config", "init", "--force"]).ok();
    rights(0o700).expect("set");
    let written = fs::metadata(dir.join("new.toml")).expect("a file");
    assert!(written.len() > 1024, "{written:?}");
    assert_eq!(names(&dir), ["new.toml"]);
}
