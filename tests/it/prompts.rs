//! What somebody at a terminal is asked, and how they leave it unanswered.

// The `script` of other systems takes other arguments.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{ErrorKind, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use crate::releases::eventually;
use crate::stopped_bulk::{StandIn, numbered};
use crate::support::{Binary, PATIENCE, PAUSE};

/// `tok` at a terminal before which somebody sits to the end: a question whose input ends is over anyway.
struct Terminal {
    script: Child,
    keys: ChildStdin,
    news: Receiver<String>,
    shown: String,
}

impl Terminal {
    /// Starts it with these arguments; `None` where nobody can make a terminal.
    #[allow(clippy::print_stderr, reason = "what is skipped is said aloud")]
    fn start(binary: &Binary, arguments: &str) -> Option<Self> {
        let tok = env!("CARGO_BIN_EXE_tok");
        let line = format!("echo $$ >pid; exec '{tok}' {arguments}");
        let started = Command::new("script")
            .args(["-qec", &line, "/dev/null"])
            .env_clear()
            .env("HOME", binary.dir())
            .env("PATH", "/usr/bin:/bin")
            .env("SHELL", "/bin/sh")
            .current_dir(binary.dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut script = match started {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                eprintln!("SKIPPED: script is not installed, so that nobody sat at a terminal");
                return None;
            }
            started => started.expect("starts"),
        };
        let mut output = script.stdout.take().expect("a pipe");
        let (tell, news) = channel();
        std::thread::spawn(move || {
            let mut some = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut some) {
                let text = String::from_utf8_lossy(&some[..read]).into_owned();
                if tell.send(text).is_err() {
                    break;
                }
            }
        });
        Some(Self {
            keys: script.stdin.take().expect("a pipe"),
            script,
            news,
            shown: String::new(),
        })
    }

    /// Waits until this is shown.
    #[track_caller]
    fn shows(&mut self, part: &str) {
        while !self.shown.contains(part) {
            let Ok(more) = self.news.recv_timeout(PATIENCE) else {
                panic!("no {part:?} in {:?}", self.shown);
            };
            self.shown.push_str(&more);
        }
    }

    fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).expect("written");
        self.keys.flush().expect("written");
    }

    /// Waits for the end, with its input open: the exit code and what was shown.
    #[track_caller]
    fn end(mut self) -> (Option<i32>, String) {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.script.try_wait().expect("a process") {
                break status;
            }
            let (waited, shown) = (began.elapsed(), &self.shown);
            assert!(waited < PATIENCE, "it goes on after {shown:?}");
            std::thread::sleep(PAUSE);
        };
        self.shown.extend(self.news.iter());
        (status.code(), std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Gone already after `end`.
        drop(self.script.kill());
        drop(self.script.wait());
    }
}

/// Sends a signal to the `tok` that was last started at a terminal there.
fn send(binary: &Binary, signal: Signal) {
    let id = fs::read_to_string(binary.dir().join("pid")).expect("text");
    let id = id.trim().parse().expect("a number");
    kill(Pid::from_raw(id), signal).expect("a running process");
}

/// A store with two rooms and a user, and a copy of it.
fn furnished() -> Binary {
    let binary = Binary::new();
    binary.run(&["room", "create", "t1", "t2"]).ok();
    binary
        .run(&["user", "create", "--name", "Ada", "--id", "ada"])
        .ok();
    binary.run(&["store", "backup", "saved.db"]).ok();
    binary
}

#[track_caller]
fn is_untouched(binary: &Binary) {
    let rooms = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    assert_eq!(rooms, "t1\nt2\n");
    binary.run(&["user", "show", "ada"]).ok();
    let former = binary.dir().join(".local/share/tok/tok.db.before");
    assert!(!former.exists(), "the store was replaced");
}

#[test]
fn a_signal_ends_every_question_and_nothing_is_done() {
    let binary = furnished();
    for (command, question) in [
        ("room delete t1", "[y/N] "),
        ("user delete ada", "[y/N] "),
        ("store restore saved.db", "[y/N] "),
        ("room create", "not asked): "),
    ] {
        for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
            let Some(mut terminal) = Terminal::start(&binary, command) else {
                return;
            };
            terminal.shows(question);
            if signal == Signal::SIGINT {
                terminal.press("\u{3}");
            } else {
                send(&binary, signal);
            }
            let (ended, shown) = terminal.end();
            assert_eq!(ended, Some(code), "{command}: {shown:?}");
            is_untouched(&binary);
        }
    }
}

#[test]
fn a_signal_ends_what_was_agreed_to() {
    let binary = furnished();
    let begun = binary.dir().join(".local/share/tok/tok.db.restoring");
    for (signal, code) in [(Signal::SIGINT, 130), (Signal::SIGTERM, 143)] {
        let Some(mut terminal) = Terminal::start(&binary, "store restore -") else {
            return;
        };
        terminal.shows("[y/N] ");
        terminal.press("y\n");
        // The backup would have to be typed as well.
        eventually("the restore begins", || begun.exists().then_some(()));
        send(&binary, signal);
        let (ended, shown) = terminal.end();
        assert_eq!(ended, Some(code), "{shown:?}");
        // What is left of it goes with the next command.
        is_untouched(&binary);
    }
}

#[test]
fn a_signal_lets_many_that_were_agreed_to_end_after_the_one_in_hand() {
    let runtime = Runtime::new().expect("a runtime");
    let binary = Binary::new();
    let (tell, asked) = channel();
    let stand_in = Arc::new(StandIn {
        second: Some((tell, Notify::new())),
        ..StandIn::default()
    });
    let url = stand_in.begin(&runtime);
    let line = format!("user delete {} --server {url}", numbered(50).join(" "));
    let Some(mut terminal) = Terminal::start(&binary, &line) else {
        return;
    };
    terminal.shows("[y/N] ");
    terminal.press("y\n");
    asked
        .recv_timeout(PATIENCE)
        .expect("it comes to the second");
    send(&binary, Signal::SIGINT);
    let (_, go) = stand_in.second.as_ref().expect("it waits");
    go.notify_one();
    let (ended, shown) = terminal.end();
    assert_eq!(ended, Some(130), "{shown:?}");
    assert!(shown.contains("the rest was not touched"), "{shown:?}");
    let done = stand_in.done.lock().expect("no panic").len();
    assert!(done > 1 && done < 50, "{done}: {shown:?}");
}

/// Ctrl-C and Escape mean in a list what they mean at every other question.
#[test]
fn a_list_is_left_without_picking() {
    let binary = furnished();
    for (command, question) in [
        ("room delete --yes", "Which room"),
        ("room create", "Who may come in"),
    ] {
        for (key, code, told) in [
            ("\u{3}", 130, "interrupted; nothing was done"),
            ("\u{1b}", 9, "nothing was done"),
        ] {
            let Some(mut terminal) = Terminal::start(&binary, command) else {
                return;
            };
            if command == "room create" {
                terminal.shows("not asked): ");
                terminal.press("t3\n");
            }
            terminal.shows(question);
            terminal.press(key);
            let (ended, shown) = terminal.end();
            assert_eq!(ended, Some(code), "{command}, {key:?}: {shown:?}");
            // A list hides the cursor.
            assert!(
                shown.contains("\u{1b}[?25h"),
                "{command}, {key:?}: {shown:?}"
            );
            // What is told depends on when the key came: between two keys it is a signal.
            assert!(
                shown.contains(told) || code == 130,
                "{command}, {key:?}: {shown:?}"
            );
            is_untouched(&binary);
        }
    }
}

#[test]
fn somebody_picks_from_a_list() {
    let binary = furnished();
    let Some(mut terminal) = Terminal::start(&binary, "room delete") else {
        return;
    };
    terminal.shows("Which room");
    terminal.press("t2");
    terminal.press("\r");
    terminal.shows("Delete the room t2 at local? [y/N] ");
    terminal.press("y\n");
    assert_eq!(terminal.end().0, Some(0));
    let rooms = binary.run(&["room", "list", "-o", "name"]).ok().stdout;
    assert_eq!(rooms, "t1\n");
    let Some(mut terminal) = Terminal::start(&binary, "room create") else {
        return;
    };
    terminal.shows("not asked): ");
    terminal.press("t3\n");
    terminal.shows("> everybody with the link");
    terminal.press("\u{1b}[B");
    terminal.shows("> holders of a token");
    terminal.press("\r");
    terminal.shows("Closes");
    terminal.press("\n");
    assert_eq!(terminal.end().0, Some(0));
    let made = binary.run(&["room", "show", "t3", "--json"]).ok().json();
    assert_eq!(made["privacy"], "private");
}
