//! Keys of contexts in the keyring of the system.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::releases::eventually;
use crate::support::Binary;

/// What starts no service by itself, so that only what a test starts is there.
const BUS: &str = r#"<busconfig><type>session</type><listen>unix:path=DIR/bus</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
</policy></busconfig>"#;

/// A session bus of its own.
struct Session {
    bus: Child,
    address: String,
    dir: TempDir,
    keyring: Option<Child>,
}

impl Session {
    /// Starts a bus, where that is installed: `.ci/run` insists on it.
    fn start() -> Option<Self> {
        let dir = TempDir::new().expect("a directory");
        let config = dir.path().join("bus.conf");
        let text = BUS.replace("DIR", &dir.path().display().to_string());
        fs::write(&config, text).expect("written");
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={}", config.display()))
            .args(["--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let mut address = String::new();
        BufReader::new(bus.stdout.take().expect("a pipe"))
            .read_line(&mut address)
            .expect("a line");
        Some(Self {
            bus,
            address: address.trim().to_owned(),
            dir,
            keyring: None,
        })
    }

    /// Starts GNOME's keyring on it, unlocked; `None` where that is not installed.
    fn unlock(&mut self) -> Option<()> {
        let mut keyring = Command::new("gnome-keyring-daemon")
            .args(["--foreground", "--unlock", "--components=secrets"])
            .env_clear()
            .env("HOME", self.dir.path())
            .env("XDG_RUNTIME_DIR", self.dir.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let mut stdin = keyring.stdin.take().expect("a pipe");
        stdin.write_all(b"a password").expect("written");
        drop(stdin);
        self.keyring = Some(keyring);
        Some(())
    }

    fn lock(&mut self) {
        let mut keyring = self.keyring.take().expect("was started");
        keyring.kill().expect("killed");
        keyring.wait().expect("ends");
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Gone already after `lock`, or never there.
        for child in [self.keyring.as_mut(), Some(&mut self.bus)] {
            let Some(child) = child else { continue };
            drop(child.kill());
            drop(child.wait());
        }
    }
}

/// By GNOME's keyring itself.
#[test]
#[allow(clippy::print_stderr, reason = "what is skipped is said aloud")]
fn the_key_of_a_context_is_kept_in_the_keyring_and_used_from_there() {
    let Some(mut session) = Session::start() else {
        eprintln!("SKIPPED: dbus-daemon is not installed, so that nobody tried the keyring");
        return;
    };
    let home = Binary::with(&[("TOK_AUTH__MODE", "keys")]);
    let served = home.serve();
    let key = home.run(&["key", "create", "laptop", "-o", "name"]).ok();
    let key = key.stdout.as_str();
    let bus = ("DBUS_SESSION_BUS_ADDRESS", session.address.as_str());
    let laptop = Binary::with(&[bus]);
    let file = laptop.dir().join(".config/tok/contexts.toml");
    let add = [
        "context",
        "add",
        "prod",
        "--server",
        &served.url,
        "--keyring",
    ];
    // A bus without a keyring.
    let away = laptop.pipe(&add, key);
    assert!(away.stderr.contains("--key-file"), "{away:#?}");
    away.refused(10, "no keyring answers in this session");
    assert!(!file.exists());
    if session.unlock().is_none() {
        eprintln!("SKIPPED: gnome-keyring-daemon is not installed, so that no keyring was tried");
        return;
    }
    let dry = [&add[..], &["--dry-run"]].concat();
    eventually("the keyring answers", || {
        (laptop.run(&dry).code == Some(0)).then_some(())
    });
    assert!(!file.exists());
    laptop.pipe(&add, "").refused(2, "stdin is empty");
    laptop.pipe(&add, "tok_of_another\n").ok();
    laptop
        .run(&["room", "list", "--context", "prod"])
        .refused(5, "");
    // Once more, the right one.
    laptop.pipe(&add, key).ok();
    let text = fs::read_to_string(&file).expect("text");
    assert!(text.contains("keyring = true"), "{text}");
    assert!(!text.contains(key.trim()), "{text}");
    let listed = laptop.run(&["context", "list"]).ok();
    assert!(listed.stdout.contains("in the keyring"), "{listed:#?}");
    let mut loud = laptop.command(&["room", "list", "--context", "prod"]);
    loud.env("TOK_LOG__LEVEL", "trace");
    let loud = crate::support::binary::Run::of(&loud.output().expect("runs")).ok();
    assert!(!loud.stderr.contains(key.trim()), "{loud:#?}");
    // With another address in the file the key is not sent there.
    fs::write(
        &file,
        text.replace("http://127.0.0.1:", "http://localhost:"),
    )
    .expect("written");
    laptop
        .run(&["room", "list", "--context", "prod"])
        .refused(10, "the keyring has no key for the context `prod`");
    fs::write(&file, &text).expect("written");
    laptop.run(&["context", "remove", "prod", "--dry-run"]).ok();
    laptop.run(&["room", "list", "--context", "prod"]).ok();
    laptop.run(&["context", "remove", "prod"]).ok();
    // Its key is gone as well, not only its name.
    fs::write(&file, &text).expect("written");
    laptop
        .run(&["room", "list", "--context", "prod"])
        .refused(10, "the keyring has no key");
    session.lock();
    let stays = laptop.run(&["context", "remove", "prod"]);
    assert!(stays.stderr.contains("nothing was removed"), "{stays:#?}");
    stays.refused(10, "no keyring answers in this session");
    assert_eq!(fs::read_to_string(&file).expect("text"), text);
}

#[test]
fn without_a_session_bus_the_keyring_is_told_to_be_away() {
    let nowhere = ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus");
    let laptop = Binary::with(&[nowhere]);
    let add = "context add prod --server https://calls.example.com --keyring";
    let add: Vec<&str> = add.split(' ').collect();
    laptop
        .pipe(&add, "tok_a_b")
        .refused(10, "no keyring answers in this session");
    let both = [&add[..], &["--key-file", "a.key"]].concat();
    laptop.run(&both).refused(2, "cannot be used with");
    assert!(!laptop.dir().join(".config/tok").exists());
}
