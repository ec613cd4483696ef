//! The binary in an empty home.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;
use tok::backends::documents::{Documents, SqliteDocuments, Write};

/// `tok` with nothing around it but an empty home directory.
pub struct Binary {
    pub home: TempDir,
    variables: Vec<(String, String)>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Binary {
    pub fn new() -> Self {
        Self {
            home: TempDir::new().expect("a directory"),
            variables: Vec::new(),
        }
    }

    /// The same, with environment variables.
    pub fn with(variables: &[(&str, &str)]) -> Self {
        let mut new = Self::new();
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        new.variables = variables.iter().map(owned).collect();
        new
    }

    pub fn dir(&self) -> &Path {
        self.home.path()
    }

    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tok"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.dir())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.dir())
            .stdin(Stdio::null());
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Run {
        Run::of(&self.command(arguments).output().expect("runs"))
    }

    /// Runs as a line of a script of the shell, which is called `name` there and runs its arguments.
    pub fn in_script(&self, (script, name): (&str, &str), arguments: &[&str]) -> Run {
        let inner = self.command(arguments);
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script, name])
            .arg(inner.get_program())
            .args(inner.get_args())
            .env_clear()
            .env("HOME", self.dir())
            .current_dir(self.dir())
            .stdin(Stdio::null());
        Run::of(&command.output().expect("runs"))
    }

    /// Runs with this text on stdin.
    pub fn pipe<S: AsRef<OsStr>>(&self, arguments: &[S], stdin: &str) -> Run {
        let mut child = self.spawn(arguments, Stdio::piped());
        let mut pipe = child.stdin.take().expect("a pipe");
        let text = stdin.to_owned();
        let writer = std::thread::spawn(move || pipe.write_all(text.as_bytes()));
        let output = child.wait_with_output().expect("runs");
        // A program that refuses its arguments need not read its input.
        drop(writer.join().expect("no panic"));
        Run::of(&output)
    }

    pub fn spawn<S: AsRef<OsStr>>(&self, arguments: &[S], stdin: Stdio) -> Child {
        self.command(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("starts")
    }

    /// Fills the store with rooms, quicker than by making one after another; returns their names,
    /// one per line. So many that whatever is done to all of them takes a while.
    pub fn fill(&self) -> String {
        let names: Vec<String> = (0..40_000).map(|n| format!("room-{n:05}")).collect();
        let dir = self.dir().join(".local/share/tok");
        let documents = SqliteDocuments::open(&dir, 0).expect("opens");
        let write = |name: &String| {
            let room = json!({
                "name": name, "backend": "local", "id": name, "url": "", "privacy": "public",
                "created_at": "2026-01-01T00:00:00Z",
            });
            Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON")
        };
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        for some in names.chunks(5_000) {
            let writes = some.iter().map(write).collect();
            runtime.block_on(documents.commit(writes)).expect("commits");
        }
        names.join("\n") + "\n"
    }

    /// Makes a key that may do everything, or what these scopes say, and tells it.
    pub fn key(&self, scopes: &[&str]) -> String {
        let mut make = vec!["key", "create", "laptop", "-o", "name"];
        make.extend(["--max-role", "host"]);
        make.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
        self.run(&make).ok().stdout.trim().to_owned()
    }

    /// Starts to delete the named rooms and returns once the work has begun.
    pub fn begin_deletion(&self, names: &str) -> Child {
        let (child, stderr) = self.begin_deletion_with(names, &[]);
        // A closed stderr is no reason to stop, but an unread one would be.
        std::thread::spawn(move || stderr.lines().map_while(Result::ok).count());
        child
    }

    /// The same with more flags; what it says on from there is still to be read.
    pub fn begin_deletion_with(
        &self,
        names: &str,
        more: &[&str],
    ) -> (Child, BufReader<ChildStderr>) {
        let mut arguments = vec!["room", "delete", "-", "--yes", "--json"];
        arguments.extend(["--progress", "plain"]);
        arguments.extend_from_slice(more);
        let mut child = self.spawn(&arguments, Stdio::piped());
        let mut stdin = child.stdin.take().expect("a pipe");
        stdin.write_all(names.as_bytes()).expect("written");
        drop(stdin);
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut line = String::new();
        stderr.read_line(&mut line).expect("a line");
        assert!(line.starts_with("Deleting rooms: "), "{line}");
        (child, stderr)
    }

    /// Starts `tok serve` on free ports and waits until it listens.
    pub fn serve(&self) -> Served {
        self.serve_at("127.0.0.1:0")
    }

    /// The same, on this address.
    pub fn serve_at(&self, bind: &str) -> Served {
        self.serve_with(&["--bind", bind, "--ops-bind", "127.0.0.1:0"])
    }

    /// The same with these flags, among them both addresses.
    pub fn serve_with(&self, flags: &[&str]) -> Served {
        let arguments = [&["serve"], flags].concat();
        let (urls, child, log) = self.begin::<2>(&arguments);
        let [url, ops] = urls;
        Served {
            url,
            ops,
            child,
            log: Some(log),
        }
    }

    /// Starts `tok work` and waits until it is up.
    pub fn work(&self, more: &[&str]) -> Worked {
        let mut arguments = vec!["work", "--ops-bind", "127.0.0.1:0"];
        arguments.extend_from_slice(more);
        let ([ops], child, log) = self.begin::<1>(&arguments);
        Served {
            url: String::new(),
            ops,
            child,
            log: Some(log),
        }
    }

    /// Starts something that tells so many addresses, and reads its log on.
    fn begin<const N: usize>(
        &self,
        arguments: &[&str],
    ) -> ([String; N], Child, std::thread::JoinHandle<String>) {
        let mut child = self.spawn(arguments, Stdio::null());
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut seen = String::new();
        let urls: Vec<String> = std::iter::from_fn(|| {
            let mut line = String::new();
            let read = stderr.read_line(&mut line).expect("readable");
            seen.push_str(&line);
            (read > 0).then_some(line)
        })
        .filter_map(|line| {
            let start = line.find("http://")?;
            line[start..].split_whitespace().next().map(str::to_owned)
        })
        .take(N)
        .collect();
        let urls =
            <[String; N]>::try_from(urls).unwrap_or_else(|_| panic!("it did not start: {seen}"));
        // The log must be read, or the server would stop at a full pipe.
        let log = std::thread::spawn(move || {
            let lines: Vec<String> = stderr.lines().map_while(Result::ok).collect();
            lines.join("\n")
        });
        (urls, child, log)
    }
}

/// A running `tok work`.
pub type Worked = Served;

/// A running `tok serve`.
pub struct Served {
    pub url: String,
    pub ops: String,
    pub child: Child,
    log: Option<std::thread::JoinHandle<String>>,
}

impl Served {
    pub fn signal(&self, signal: Signal) {
        signal_child(&self.child, signal);
    }

    /// Waits for the end: the exit code and the log.
    pub fn finish(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("ends");
        let log = self.log.take().expect("a log").join().expect("no panic");
        (status.code(), log)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Gone already after `finish`.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

pub fn signal_child(child: &Child, signal: Signal) {
    let id = i32::try_from(child.id()).expect("a process id");
    kill(Pid::from_raw(id), signal).expect("a running process");
}

impl Run {
    pub fn of(output: &std::process::Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Insists on success.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{self:#?}");
        self
    }

    /// Insists on an exit code and a part of what is said on stderr, and on an empty stdout.
    #[track_caller]
    pub fn refused(self, code: i32, part: &str) -> Self {
        assert_eq!(self.code, Some(code), "{self:#?}");
        assert!(self.stderr.contains(part), "no {part:?} in {self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}
