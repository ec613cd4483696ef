//! The README and the documents it hands on to: their tables say what the code says, the tour does what it
//! shows.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;
use tok::error::{Kind, Reason};

use crate::support::Binary;

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("text")
}

/// Insists that the table between the markers of a text has these rows.
#[track_caller]
pub fn table_in(text: &str, name: &str, rows: &[String]) {
    let start = format!("<!-- {name}: checked by a test -->\n");
    let (_, rest) = text.split_once(&start).expect("the marker");
    let (table, _) = rest.split_once("<!-- end -->").expect("the end");
    let found: Vec<&str> = table.lines().skip(2).collect();
    assert!(
        found == rows,
        "the table `{name}` should be:\n{}\n",
        rows.join("\n")
    );
}

fn leaves(command: &clap::Command, path: &str, out: &mut Vec<String>) {
    for sub in command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
    {
        let path = format!("{path} {}", sub.get_name());
        if sub.has_subcommands() {
            leaves(sub, &path, out);
        } else {
            let about = sub.get_about().expect("an explanation").to_string();
            out.push(format!("| `{path}` | {about} |"));
        }
    }
}

#[test]
fn the_table_of_commands_is_complete() {
    let mut rows = Vec::new();
    leaves(&tok::cli::tree(), "tok", &mut rows);
    table_in(&text("docs/commands.md"), "commands", &rows);
}

#[test]
fn the_tables_of_errors_are_complete() {
    let text = text("docs/errors.md");
    let row = |reason: &Reason| format!("| `{}` | {} |", reason.as_str(), reason.meaning());
    let rows: Vec<String> = Reason::ALL.iter().map(row).collect();
    table_in(&text, "reasons", &rows);
    for kind in Kind::ALL {
        assert!(
            text.contains(&format!("| `{}` | ", kind.code())),
            "{kind:?}"
        );
    }
}

#[test]
fn the_table_of_settings_is_complete() {
    let settings = Binary::new().run(&["config", "show", "--json"]).ok().json();
    let told = |setting: &Value, name: &str| setting[name].as_str().expect("text").to_owned();
    let row = |setting: &Value| {
        let value = told(setting, "value");
        let default = if value == "(not set)" {
            String::new()
        } else {
            format!("`{value}`")
        };
        format!(
            "| `{}` | {default} | {} |",
            told(setting, "key"),
            told(setting, "meaning")
        )
    };
    let rows: Vec<String> = settings
        .as_array()
        .expect("a list")
        .iter()
        .map(row)
        .collect();
    table_in(&text("docs/settings.md"), "settings", &rows);
}

#[test]
fn the_table_of_exit_codes_is_complete() {
    let row = |(code, meaning): &(u8, &str)| format!("| {code} | {meaning} |");
    let rows: Vec<String> = tok::cli::table().iter().map(row).collect();
    table_in(&text("docs/errors.md"), "exit codes", &rows);
}

/// One command of the tour with what it prints.
struct Step {
    command: String,
    expected: Vec<String>,
}

fn steps(text: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for block in text.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").expect("the end of a block");
        for line in block.lines() {
            match line.strip_prefix("$ ") {
                Some(command) => steps.push(Step {
                    command: command.to_owned(),
                    expected: Vec::new(),
                }),
                None => steps
                    .last_mut()
                    .expect("a command first")
                    .expected
                    .push(line.to_owned()),
            }
        }
    }
    steps
}

/// `[..]` stands for anything within a line.
fn matches(line: &str, pattern: &str) -> bool {
    let mut parts = pattern.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = line.strip_prefix(first) else {
        return false;
    };
    let mut last = first;
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
        last = part;
    }
    rest.is_empty() || (last.is_empty() && pattern.ends_with("[..]"))
}

/// Runs the tour in an empty home, on a free port.
struct Tour {
    home: TempDir,
    port: u16,
    /// Keeps the port for the server, so that nobody else is given it.
    kept: Option<TcpListener>,
    server: Option<Child>,
}

impl Tour {
    fn shell(&self, command: &str) -> Command {
        let binary = Path::new(env!("CARGO_BIN_EXE_tok"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut path: Vec<_> = std::env::split_paths(&path).collect();
        path.insert(0, binary.parent().expect("a directory").to_owned());
        let mut shell = Command::new("sh");
        shell
            .args(["-c", command])
            .current_dir(self.home.path())
            .env_clear()
            .env("HOME", self.home.path())
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .env("PORT", self.port.to_string())
            .env("TOK_SERVER__OPS_BIND", "127.0.0.1:0");
        shell
    }

    /// The lines a command prints, stdout before stderr.
    fn run(&mut self, command: &str) -> Vec<String> {
        if let Some(command) = command.strip_suffix(" &") {
            return self.start(command);
        }
        if let Some(arguments) = command.strip_prefix("curl ") {
            return vec![curl(&arguments.replace("8080", &self.port.to_string()))];
        }
        let output = self.shell(command).output().expect("runs");
        let text = [output.stdout, output.stderr].concat();
        String::from_utf8_lossy(&text)
            .lines()
            .map(str::to_owned)
            .collect()
    }

    fn start(&mut self, command: &str) -> Vec<String> {
        drop(self.kept.take());
        let mut child = self
            .shell(&format!("exec {command}"))
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts");
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let lines = BufRead::lines(&mut stderr)
            .take(2)
            .map(|line| line.expect("text"))
            .collect();
        // The log goes on and must be read.
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).count());
        self.server = Some(child);
        lines
    }
}

impl Drop for Tour {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            drop(server.kill());
            drop(server.wait());
        }
    }
}

/// What `curl` would do with the few flags of the tour; a machine with only Rust may not have it.
fn curl(arguments: &str) -> String {
    let mut words = Vec::new();
    for (index, part) in arguments.split('\'').enumerate() {
        if index % 2 == 1 {
            words.push(part.to_owned());
        } else {
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    let (mut method, mut url, mut header, mut body) = ("GET".to_owned(), String::new(), None, None);
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let mut value = || words.next().expect("a value");
        match word.as_str() {
            "-s" => {}
            "-X" => method = value(),
            "-H" => header = Some(value()),
            "-d" => body = Some(value()),
            _ => url = word,
        }
    }
    let method = method.parse().expect("a method");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let mut request = reqwest::Client::new().request(method, url);
        if let Some(header) = header {
            let (name, value) = header.split_once(": ").expect("a header");
            request = request.header(name, value);
        }
        if let Some(body) = body {
            request = request.body(body);
        }
        request
            .send()
            .await
            .expect("an answer")
            .text()
            .await
            .expect("a body")
    })
}

#[test]
fn the_tour_does_what_it_shows() {
    let steps = steps(&text("README.md"));
    assert!(steps.len() > 10, "the tour is too short to be true");
    go(steps);
}

#[test]
fn the_rest_of_the_tour_does_what_it_shows() {
    let steps = steps(&text("docs/tour.md"));
    assert!(steps.len() > 15, "the tour is too short to be true");
    go(steps);
}

/// The commands that a text has somebody type, in their order.
fn typed(text: &str) -> Vec<&str> {
    let mut language = "";
    let mut lines = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("```") {
            // What ends a block names none.
            Some(begun) => language = begun,
            None if language == "sh" => lines.push(line),
            None if language == "console" => lines.extend(line.strip_prefix("$ ")),
            None => {}
        }
    }
    let lines = lines.into_iter();
    lines.flat_map(|line| line.split(" && ")).collect()
}

/// Whoever types all of it makes no room that is there already, and starts no server beside another one.
#[test]
fn the_readme_can_be_typed_from_the_top() {
    let text = text("README.md");
    let binary = Binary::new();
    let mut rooms = 0;
    for command in typed(&text) {
        let words: Vec<&str> = command.split_whitespace().collect();
        if let ["tok", "room", "create" | "delete", ..] = words[..] {
            binary.run(&words[1..]).ok();
            rooms += 1;
        }
    }
    assert!(rooms > 4, "{rooms} are too few to be true");
    let (_, after) = text.split_once("&& tok serve\n").expect("a server");
    let (between, _) = after.split_once("$ tok serve &\n").expect("another one");
    assert!(between.contains("Ctrl-C"), "nobody ends the first one");
}

/// Whoever looks in reads to the end; what is to be looked up stands in `docs`.
#[test]
fn the_readme_is_short() {
    let lines = text("README.md").lines().count();
    assert!(lines < 200, "{lines} lines");
}

#[track_caller]
fn go(steps: Vec<Step>) {
    let kept = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = kept.local_addr().expect("an address").port();
    let mut tour = Tour {
        home: TempDir::new().expect("a directory"),
        port,
        kept: Some(kept),
        server: None,
    };
    for step in steps {
        let found: Vec<String> = tour
            .run(&step.command)
            .into_iter()
            .map(|line| line.replace(&port.to_string(), "8080"))
            .collect();
        let same = found.len() == step.expected.len()
            && found.iter().zip(&step.expected).all(|(line, pattern)| {
                matches(line, pattern) || pattern.starts_with("health and metrics at")
            });
        assert!(
            same,
            "$ {}\n{found:#?}\nis not\n{:#?}",
            step.command, step.expected
        );
    }
}

/// A comparison that lets everything pass proves nothing.
#[test]
fn the_comparison_tells_lines_apart() {
    assert!(matches("id: 5 x", "id: [..] x"));
    assert!(matches("id: 5", "id: [..]"));
    assert!(!matches("id: 5 y", "id: [..] x"));
    assert!(!matches("id: 5 x and more", "id: [..] x"));
    assert!(!matches("other", "id: [..]"));
}
