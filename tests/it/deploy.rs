//! The example configurations are ones.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::sys::signal::Signal;
use serde_json::json;
use tempfile::TempDir;

use crate::releases::eventually;
use crate::support::opentok::KEYS;
use crate::support::{Binary, PATIENCE};

/// The configurations that are shipped, and where each lies.
fn examples() -> impl Iterator<Item = (PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let entries = fs::read_dir(folder).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let examples = paths.filter(|path| path.extension().is_some_and(|kind| kind == "toml"));
    examples.map(|path| {
        let text = fs::read_to_string(&path).expect("text");
        (path, text)
    })
}

#[test]
fn every_example_configuration_is_accepted() {
    let mut checked = 0;
    for (path, text) in examples() {
        let binary = Binary::new();
        fs::write(binary.dir().join("tok.toml"), &text).expect("written");
        // The secrets that it names.
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, file)) = line.split_once(" = ")
                && name.ends_with("_file")
            {
                let file = binary.dir().join(file.trim_matches('"'));
                // Base64 as well, for those who want that.
                let secret = match name {
                    "credentials_file" => json!({
                        "type": "service_account", "project_id": "example", "private_key_id": "1",
                        "private_key": KEYS.0, "client_email": "tok@example.iam.gserviceaccount.com",
                        "token_uri": "https://oauth2.googleapis.com/token",
                    })
                    .to_string(),
                    "url_file" => "redis://127.0.0.1:6379\n".to_owned(),
                    "secret_file" => format!("{}\n", "c2VjcmV0".repeat(8)),
                    _ => "c2VjcmV0\n".to_owned(),
                };
                fs::write(file, secret).expect("written");
            }
        }
        let run = binary.run(&["config", "check"]);
        assert_eq!(run.code, Some(0), "{}: {run:#?}", path.display());
        checked += 1;
    }
    assert!(checked >= 5, "{checked}");
}

const SERVICES: [&str; 6] = [
    "tok-serve.service",
    "tok-work.service",
    "tok-backup.service",
    "tok-reindex.service",
    "tok-prune.service",
    "tok-verify.service",
];

/// What the timers and the lines for cron run, by the files they stand in.
fn upkeep() -> Vec<(String, String)> {
    let mut out = Vec::new();
    for unit in &SERVICES[2..] {
        let text = shipped(&format!("deploy/{unit}"));
        assert!(text.contains("OnFailure=tok-failed@%n.service\n"), "{unit}");
        let timer = unit.replace(".service", ".timer");
        assert!(shipped(&format!("deploy/{timer}")).contains("OnCalendar="));
        let commands = text
            .lines()
            .filter_map(|line| line.strip_prefix("ExecStart="));
        out.extend(commands.map(|command| ((*unit).to_owned(), command.to_owned())));
    }
    for line in shipped("deploy/tok.cron").lines() {
        // Five fields of time, the user, and the rest.
        let line = line.trim_start_matches('#');
        let Some((_, command)) = line.split_once("  tok  tok ") else {
            continue;
        };
        let command = command.split(" && ").next().unwrap_or_default();
        out.push(("tok.cron".to_owned(), format!("tok {command}")));
    }
    out
}

/// As they are, but for the folders; over a store in which there is something.
#[test]
fn upkeep_runs_as_it_is_shipped_and_says_nothing_when_all_is_well() {
    let binary = Binary::new();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    for name in ["old", "new"] {
        binary.run(&["room", "create", name]).ok();
    }
    // A worker runs beside, as everywhere.
    binary.run(&["work", "--once"]).ok();
    let home = binary.dir().to_str().expect("a path").to_owned();
    let commands = upkeep();
    assert!(commands.len() > 8, "{commands:?}");
    for (file, command) in commands {
        let command = command
            .replace("/var/lib/tok", &home)
            .replace("/var/backups/tok", &home);
        let words: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(words[0], "tok", "{file}: {command}");
        let run = binary.run(&words[1..]);
        assert_eq!(run.code, Some(0), "{file}: {command}: {run:#?}");
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str()),
            ("", ""),
            "{file}: {command}"
        );
    }
    for report in ["reindex.json", "prune.json"] {
        let text = fs::read_to_string(binary.dir().join(report)).expect("a report");
        serde_json::from_str::<serde_json::Value>(&text).expect("JSON");
    }
}

fn shipped(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whoever hands a secret to the servers is told to hand it to upkeep as well.
#[test]
fn every_unit_says_how_a_secret_is_handed_over() {
    let guide = shipped("docs/self-hosting.md");
    for unit in SERVICES {
        let (text, name) = (
            shipped(&format!("deploy/{unit}")),
            unit.replace(".service", ""),
        );
        assert!(text.contains(&format!("systemctl edit {name}")), "{unit}");
        assert!(
            text.contains("#   LoadCredential=daily.key:/etc/tok/daily.key\n"),
            "{unit}"
        );
        assert!(guide.contains(&name), "{unit}");
    }
}

/// By the words of systemd itself, where it is installed: `.ci/run` insists on it.
#[test]
#[allow(clippy::print_stderr, reason = "what is skipped is said aloud")]
fn the_units_run_with_the_least_rights() {
    let analyze = |arguments: &[&str], unit: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("deploy")
            .join(unit);
        let run = Command::new("systemd-analyze")
            .args(arguments)
            .arg(path)
            .output();
        run.ok().map(|run| {
            let told = [run.stdout, run.stderr].concat();
            (
                run.status.success(),
                String::from_utf8_lossy(&told).into_owned(),
            )
        })
    };
    for unit in SERVICES {
        // Above 2.5 it fails.
        let checked = analyze(&["security", "--offline=true", "--threshold=25"], unit);
        let Some((well, told)) = checked else {
            eprintln!("SKIPPED: systemd-analyze is not installed, so that nobody looked at {unit}");
            return;
        };
        assert!(well, "{unit}: {told}");
        let (_, told) = analyze(&["verify"], unit).expect("is there");
        let wrong: Vec<_> = told
            .lines()
            .filter(|line| line.contains(unit) && !line.contains("is not executable"))
            .collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

/// A service is handed its secrets over; its files are its own.
#[test]
fn the_units_hand_secrets_over_and_have_limits() {
    for unit in ["tok-serve.service", "tok-work.service"] {
        let text = shipped(&format!("deploy/{unit}"));
        let has = |line: &str| text.lines().any(|found| found == line);
        for line in [
            "Type=notify",
            "WatchdogSec=30",
            "User=tok",
            "UMask=0077",
            "StateDirectoryMode=0700",
            "NoNewPrivileges=yes",
        ] {
            assert!(has(line), "{unit}: {line}");
        }
        assert!(
            text.contains("LoadCredential=daily.key:/etc/tok/daily.key"),
            "{unit}"
        );
        assert!(text.contains("MemoryMax="), "{unit}");
        // SIGHUP changes nothing: nobody is to believe that a reload did.
        let reloads = |line: &str| line.starts_with("ExecReload");
        assert!(!text.lines().any(reloads), "{unit}");
    }
}

/// No secret and no build of this machine gets into the image; the image tells whether it is well.
#[test]
fn the_image_is_made_of_what_is_needed() {
    let ignored = shipped(".dockerignore");
    let patterns = ignored
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let patterns: Vec<_> = patterns.collect();
    assert_eq!(patterns[0], "*", "nothing is taken that is not named");
    let taken: Vec<_> = patterns
        .iter()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    for name in ["/src/", "/Cargo.toml", "/Cargo.lock"] {
        assert!(taken.contains(&name), "{name}");
    }
    for secret in ["target", "tok.toml", ".env", ".git", "deploy"] {
        assert!(
            !taken.iter().any(|name| name.trim_matches('/') == secret),
            "{secret}"
        );
    }
    for never in ["**/.env", "**/*.db", "**/*.key"] {
        assert!(patterns.contains(&never), "{never}");
    }
    let recipe = shipped("deploy/Dockerfile");
    let images: Vec<_> = recipe
        .lines()
        .filter(|line| line.starts_with("FROM "))
        .collect();
    let by_digest = |line: &&str| line.contains("@sha256:");
    assert!(
        images.len() == 2 && images.iter().all(by_digest),
        "{images:?}"
    );
    assert!(
        recipe.contains("HEALTHCHECK") && recipe.contains("/readyz"),
        "{recipe}"
    );
}

/// What Docker asks a container with `serve`, and one with `work`: each has its own port for that.
#[test]
fn the_image_finds_servers_and_workers_healthy() {
    let recipe = shipped("deploy/Dockerfile").replace("\\\n", "");
    let line = recipe
        .lines()
        .find(|line| line.starts_with("HEALTHCHECK"))
        .expect("one");
    let (_, command) = line.split_once(" CMD ").expect("a command");
    let words: Vec<String> = serde_json::from_str(command).expect("a list");
    assert!(recipe.contains("EXPOSE 8080 7882/udp"), "{recipe}");
    let usual = ["9090", "9091"];
    let is_healthy = |ports: [&str; 2]| {
        let mut run = Command::new(&words[0]);
        run.args(
            words[1..]
                .iter()
                .map(|word| word.replace(usual[0], ports[0]).replace(usual[1], ports[1])),
        );
        run.status().expect("bash").success()
    };
    let binary = Binary::new();
    let (served, worker) = (binary.serve(), binary.work(&[]));
    let port = |url: &str| url.rsplit(':').next().expect("a port").to_owned();
    let (serves, works) = (port(&served.ops), port(&worker.ops));
    // Nobody listens at port 1. The first look at the store may take its time.
    for ports in [[serves.as_str(), "1"], ["1", works.as_str()]] {
        let what = format!("{ports:?} is healthy by {words:?}");
        eventually(&what, || is_healthy(ports).then_some(()));
    }
    assert!(!is_healthy(["1", "1"]), "{words:?}");
    for (settings, usual) in [("server", usual[0]), ("worker", usual[1])] {
        let shown = binary.run(&["config", "show", "-o", "csv"]).ok().stdout;
        let line = format!("{settings}.ops_bind,default,");
        let line = shown.lines().find(|found| found.starts_with(&line));
        assert!(line.is_some_and(|line| line.ends_with(usual)), "{shown}");
    }
}

/// Each service of the compose file is a command with settings that are some.
#[test]
fn the_compose_file_starts_what_there_is() {
    let text = shipped("deploy/compose.yaml");
    let lines = || text.lines().map(str::trim);
    let commands: Vec<Vec<String>> = lines()
        .filter_map(|line| line.strip_prefix("command: "))
        .map(|list| serde_json::from_str(list).expect("a list"))
        .collect();
    assert_eq!(commands, [["serve"], ["work"]]);
    let settings: Vec<(&str, &str)> = lines()
        .filter(|line| line.starts_with("TOK_"))
        .map(|line| line.split_once(": ").expect("a setting"))
        .collect();
    assert!(settings.len() >= 3, "{settings:?}");
    let recipe = shipped("deploy/Dockerfile");
    let of_image = recipe
        .lines()
        .find_map(|line| line.strip_prefix("ENV "))
        .expect("settings of the image");
    let of_image = of_image.split(' ').filter_map(|one| one.split_once('='));
    let of_image = of_image.filter(|(name, _)| *name != "TOK_DATA_DIR");
    let all: Vec<_> = settings.into_iter().chain(of_image).collect();
    Binary::with(&all).run(&["config", "check"]).ok();
    for port in ["8080:8080", "7882:7882/udp"] {
        assert!(text.contains(port), "{port}");
    }
}

/// The rules that are shipped let nobody at what is ours.
#[test]
fn the_rules_of_firestore_keep_clients_out_of_what_is_ours() {
    let rules = shipped("deploy/firestore.rules");
    let code: String = rules
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect();
    assert!(code.contains("collection.matches('tok_.*')"), "{code}");
    assert_eq!(code.matches("allow ").count(), 1, "{code}");
    assert!(
        code.contains("allow read, write: if !isOfTok(collection) && "),
        "{code}"
    );
}

/// Units say `Type=notify`: systemd goes by what it is told.
#[test]
fn a_service_manager_hears_that_tok_is_ready_lives_and_stops() {
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("notify");
    let heard = UnixDatagram::bind(&path).expect("binds");
    heard.set_read_timeout(Some(PATIENCE)).expect("is set");
    let next = || {
        let mut buffer = [0; 256];
        let length = heard.recv(&mut buffer).expect("something is told");
        String::from_utf8_lossy(&buffer[..length]).trim().to_owned()
    };
    let path = path.to_str().expect("a path");
    let binary = Binary::with(&[("NOTIFY_SOCKET", path), ("WATCHDOG_USEC", "100000")]);
    let served = binary.serve();
    assert_eq!(next(), "READY=1");
    for _ in 0..3 {
        assert_eq!(next(), "WATCHDOG=1");
    }
    served.signal(Signal::SIGTERM);
    while next() != "STOPPING=1" {}
    assert_eq!(served.finish().0, Some(0));
}

/// Behind a proxy elsewhere, all clients would have its address: each example says where it is named.
#[test]
fn every_example_says_which_proxies_are_believed() {
    let mut checked = 0;
    for (path, text) in examples() {
        let mut section = "";
        let line = text.lines().find(|line| {
            if line.starts_with('[') {
                section = line;
            }
            line.trim_start_matches("# ")
                .starts_with("trusted_proxies = ")
        });
        let line = line.unwrap_or_else(|| panic!("{} names none", path.display()));
        assert_eq!(section, "[server]", "{}", path.display());
        // Without its comment it is a setting, and this machine is trusted still.
        let setting = format!("[server]\n{}\n", line.trim_start_matches("# "));
        let binary = Binary::new();
        fs::write(binary.dir().join("tok.toml"), setting).expect("written");
        binary.run(&["config", "check"]).ok();
        assert!(line.contains("\"127.0.0.0/8\", \"::1/128\", \""), "{line}");
        checked += 1;
    }
    assert!(checked >= 8, "{checked}");
    assert!(shipped("deploy/compose.yaml").contains("TOK_SERVER__TRUSTED_PROXIES: "));
}
