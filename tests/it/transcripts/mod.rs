//! What every command says: as a table, as JSON, and at its most likely mistake. What stands on
//! stderr is marked with `!`, and what ends in failure tells its exit code.
//!
//! After a change that is meant: `cargo insta test --review --test it -- transcripts::`.

mod call;
mod chat;
mod config;
mod device;
mod generated;
mod key;
mod notify;
mod participant;
mod presence;
mod push;
mod recording;
mod room;
mod search;
mod session;
mod status;
mod store;
mod token;
mod user;
mod webhook;

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use insta::internals::SettingsBindDropGuard;
use serde_json::Value;
use tok::backends::documents::Write;

use crate::stored;
use crate::support::Binary;
use crate::support::binary::Run;

/// What differs from run to run, and what is shown in its place: as wide, so that tables stay
/// tables.
const CHANGING: [(&str, &str); 7] = [
    (
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z",
        "YYYY-MM-DDTHH:MM:SSZ",
    ),
    (
        r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
        "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
    ),
    (r"\b[0-9a-f]{32}\b", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
    (r"\beyJ[\w-]+\.[\w-]+\.[\w-]+", "<token>"),
    (r"\btok_[0-9a-fx]{12}_[0-9a-f]{64}\b", "<secret>"),
    (
        r#"\b(bytes|version|oldest_seconds)("?: *)\d+"#,
        "$1$2<number>",
    ),
    (r"\b1[789]\d{8}\b", "<seconds>"),
];

/// Somebody at a shell in an empty home.
struct Shell {
    binary: Binary,
    _filters: SettingsBindDropGuard,
}

impl Shell {
    fn new() -> Self {
        Self::with(&[])
    }

    /// The same, with environment variables.
    fn with(variables: &[(&str, &str)]) -> Self {
        let mut settings = insta::Settings::clone_current();
        for (pattern, shown) in CHANGING {
            settings.add_filter(pattern, shown);
        }
        Self {
            binary: Binary::with(variables),
            _filters: settings.bind_to_scope(),
        }
    }

    /// Puts a file there.
    fn file(&self, name: &str, text: &str) {
        fs::write(self.binary.dir().join(name), text).expect("written");
    }

    /// Puts a secret there, in a file that only its owner reads.
    fn secret(&self, name: &str, text: &str) {
        self.file(name, &format!("{text}\n"));
        let private = fs::Permissions::from_mode(0o600);
        fs::set_permissions(self.binary.dir().join(name), private).expect("changed");
    }

    /// Writes into the store what takes others to come about.
    fn store(&self, documents: &[(&str, &str, Value)]) {
        let write = |(collection, id, document): &(&str, &str, Value)| {
            Write::put(collection, id, document).expect("JSON")
        };
        stored::commit(&self.binary, documents.iter().map(write).collect());
    }

    /// Runs what must succeed and is not shown; returns what it printed.
    fn does(&self, line: &str) -> String {
        let stdout = self.binary.run(&words(line)).ok().stdout;
        stdout.trim_end().to_owned()
    }

    /// Runs one command after another and shows what is typed and answered.
    fn shows(&self, lines: &[&str]) -> String {
        let mut out = String::new();
        for line in lines {
            self.show(&mut out, line, &self.binary.run(&words(line)));
        }
        out
    }

    /// The same of one command that reads this from stdin.
    fn reads(&self, stdin: &str, line: &str) -> String {
        let mut out = String::new();
        self.show(&mut out, line, &self.binary.pipe(&words(line), stdin));
        out
    }

    fn show(&self, out: &mut String, line: &str, run: &Run) {
        let home = self.binary.dir().display().to_string();
        writeln!(out, "$ tok {line}").expect("a text");
        *out += &run.stdout.replace(&home, "<home>");
        for line in run.stderr.replace(&home, "<home>").lines() {
            writeln!(out, "! {line}").expect("a text");
        }
        if run.code != Some(0) {
            writeln!(out, "exit {}", run.code.unwrap_or(-1)).expect("a text");
        }
    }
}

/// The words of a line; single quotes keep together what stands between them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for char in line.chars() {
        match char {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            char => words.last_mut().expect("a word").push(char),
        }
    }
    words
}

/// Commands without a transcript, and why.
const SILENT: [(&str, &str); 3] = [
    ("openapi", "docs/openapi.json is what it prints"),
    ("presence watch", "it goes on until it is stopped"),
    ("version", "each release prints another one"),
];

fn leaves(command: &clap::Command, path: &str, out: &mut Vec<String>) {
    let subs = command.get_subcommands();
    let subs: Vec<_> = subs.filter(|sub| sub.get_name() != "help").collect();
    if subs.is_empty() {
        out.push(path.trim_start().to_owned());
    }
    for sub in subs {
        leaves(sub, &format!("{path} {}", sub.get_name()), out);
    }
}

/// Commands of which no text shows a run.
fn untold(texts: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    leaves(&tok::cli::tree(), "", &mut all);
    let told = |command: &String| {
        let typed = format!("$ tok {command}");
        let lines = texts.iter().flat_map(|text| text.lines());
        let mut rests = lines.filter_map(|line| line.trim_start().strip_prefix(typed.as_str()));
        rests.any(|rest| rest.is_empty() || rest.starts_with(' '))
    };
    all.retain(|command| !told(command));
    all
}

#[test]
fn every_command_has_a_transcript() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/transcripts");
    let files = fs::read_dir(dir).expect("a directory");
    let text =
        |file: std::io::Result<fs::DirEntry>| fs::read_to_string(file.expect("a file").path());
    let texts: Vec<String> = files.map(|file| text(file).expect("text")).collect();
    let silent: Vec<&str> = SILENT.iter().map(|(command, _)| *command).collect();
    let mut untold = untold(&texts);
    untold.sort();
    assert_eq!(untold, silent, "commands without a transcript");
}

#[test]
fn a_command_without_a_transcript_is_found() {
    let told = |text: &str| !untold(&[text.to_owned()]).contains(&"room list".to_owned());
    assert!(told("    $ tok room list\n") && told("$ tok room list --json\n"));
    assert!(!told("$ tok room lists\n") && !told("tok room list\n"));
}
