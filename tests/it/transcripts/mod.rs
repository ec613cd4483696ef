//! What every command says: as a table, as JSON, and at its most likely mistake. What stands on
//! stderr is marked with `!`, and what ends in failure tells its exit code.
//!
//! After a change that is meant: `cargo insta test --review --test it -- transcripts::`.

mod call;
mod chat;
mod config;
mod context;
mod device;
mod generated;
mod key;
mod laptop;
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
use std::sync::LazyLock;

use self::laptop::Laptop;
use regex::Regex;
use serde_json::Value;
use tok::backends::documents::Write;

use crate::stored;
use crate::support::Binary;
use crate::support::binary::Run;

/// What differs from run to run, and what is shown in its place: as wide, so that tables stay
/// tables.
static CHANGING: LazyLock<Patterns> = LazyLock::new(|| {
    patterns(&[
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
    ])
});

/// What is looked for, and what is shown in its place. Compiled once: that takes longer than most commands.
type Patterns = Vec<(Regex, &'static str)>;

fn patterns(of: &[(&str, &'static str)]) -> Patterns {
    let compiled = |(pattern, shown): &(&str, _)| (Regex::new(pattern).expect("a pattern"), *shown);
    of.iter().map(compiled).collect()
}

/// A text with what is shown in the place of these patterns.
fn masked(text: String, patterns: &Patterns) -> String {
    let mask = |text: String, (pattern, shown): &(Regex, &str)| {
        pattern.replace_all(&text, *shown).into_owned()
    };
    patterns.iter().fold(text, mask)
}

/// Somebody at a shell in an empty home.
struct Shell {
    binary: Binary,
    /// Where everything is typed once more, to be done at a server.
    laptop: Option<Laptop>,
}

impl Shell {
    fn new() -> Self {
        Self::with(&[])
    }

    /// The same, with environment variables.
    fn with(variables: &[(&str, &str)]) -> Self {
        Self {
            binary: Binary::with(variables),
            laptop: None,
        }
    }

    /// Somebody who types everything twice: over an empty store, and on a laptop to a server that has
    /// another one. Both must be told the same, to the byte.
    fn twice() -> Self {
        Self::twice_with(&[], &[])
    }

    /// The same, with environment variables for the store and for the server.
    fn twice_with(here: &[(&str, &str)], there: &[(&str, &str)]) -> Self {
        Self {
            laptop: Some(Laptop::new(there)),
            ..Self::with(here)
        }
    }

    /// The homes in which commands are typed.
    fn desks(&self) -> impl Iterator<Item = &Binary> {
        let laptop = self.laptop.as_ref().map(|laptop| &laptop.binary);
        std::iter::once(&self.binary).chain(laptop)
    }

    /// Puts a file there.
    fn file(&self, name: &str, text: &str) {
        for desk in self.desks() {
            fs::write(desk.dir().join(name), text).expect("written");
        }
    }

    /// Puts a secret there, in a file that only its owner reads.
    fn secret(&self, name: &str, text: &str) {
        self.file(name, &format!("{text}\n"));
        let private = fs::Permissions::from_mode(0o600);
        for desk in self.desks() {
            fs::set_permissions(desk.dir().join(name), private.clone()).expect("changed");
        }
    }

    /// Writes into the store what takes others to come about.
    fn store(&self, documents: &[(&str, &str, Value)]) {
        let write = |(collection, id, document): &(&str, &str, Value)| {
            Write::put(collection, id, document).expect("JSON")
        };
        stored::commit(&self.binary, documents.iter().map(write).collect());
        if let Some(laptop) = &self.laptop {
            let there = |(collection, id, document): &(&str, &str, Value)| {
                let text = laptop.there(&document.to_string());
                let document: Value = serde_json::from_str(&text).expect("JSON");
                Write::put(collection, &laptop.there(id), &document).expect("JSON")
            };
            stored::commit(&laptop.server, documents.iter().map(there).collect());
        }
    }

    /// Runs what must succeed and is not shown; returns what it printed.
    fn does(&self, line: &str) -> String {
        let stdout = self.binary.run(&words(line)).ok().stdout;
        if let Some(laptop) = &self.laptop {
            laptop.does(line, &stdout);
        }
        stdout.trim_end().to_owned()
    }

    /// Runs one command after another and shows what is typed and answered.
    fn shows(&self, lines: &[&str]) -> String {
        let mut out = String::new();
        for line in lines {
            let run = self.binary.run(&words(line));
            self.show(&mut out, line, &run);
            if let Some(laptop) = &self.laptop {
                laptop.compare(line, &run, self.binary.dir(), |line| {
                    laptop.binary.run(&words(line))
                });
            }
        }
        out
    }

    /// The same of one command that reads this from stdin.
    fn reads(&self, stdin: &str, line: &str) -> String {
        let mut out = String::new();
        let run = self.binary.pipe(&words(line), stdin);
        self.show(&mut out, line, &run);
        if let Some(laptop) = &self.laptop {
            laptop.compare(line, &run, self.binary.dir(), |line| {
                laptop.binary.pipe(&words(line), &laptop.there(stdin))
            });
        }
        out
    }

    fn show(&self, out: &mut String, line: &str, run: &Run) {
        let mut told = format!("$ tok {line}\n{}", run.stdout);
        for line in run.stderr.lines() {
            writeln!(told, "! {line}").expect("a text");
        }
        if run.code != Some(0) {
            writeln!(told, "exit {}", run.code.unwrap_or(-1)).expect("a text");
        }
        let home = self.binary.dir().display().to_string();
        *out += &masked(told.replace(&home, "<home>"), &CHANGING);
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
