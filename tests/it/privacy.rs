//! Who can read what: files on disk, lines of the log, answers in caches, credentials on their way.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::sys::signal::Signal;
use reqwest::Method;
use serde_json::json;

use crate::support::opentok::KEYS;
use crate::support::{Binary, TestApp};

fn mode(path: &Path) -> u32 {
    let facts = fs::metadata(path).expect("is there");
    facts.permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("changed");
}

fn everything_below(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a directory");
    let entries = entries.map(|entry| entry.expect("an entry").path());
    entries
        .flat_map(|path| {
            let mut all = vec![path.clone()];
            if path.is_dir() {
                all.extend(everything_below(&path));
            }
            all
        })
        .collect()
}

const MIRROR: &str = "[search]\nbackend = 'embedded'\n[[search.indexes]]\nindex = 'people'\n\
    collection = 'users'\nfields = ['name']\nsearchable = ['name']\n";

/// Also in a directory that somebody else made, and that an earlier release left open.
#[test]
fn an_index_is_its_owners_alone() {
    let binary = Binary::new();
    fs::write(binary.dir().join("tok.toml"), MIRROR).expect("written");
    let data = binary.dir().join("data");
    fs::create_dir(&data).expect("made");
    set_mode(&data, 0o755);
    let at = |more: &[&str]| {
        let mut all = more.to_vec();
        all.extend(["--data-dir", data.to_str().expect("text")]);
        binary.run(&all).ok()
    };
    at(&["user", "create", "--id", "ada", "--name", "Ada"]);
    at(&["search", "reindex", "people"]);
    let check = || {
        for path in everything_below(&data) {
            assert_eq!(mode(&path) & 0o077, 0, "{}", path.display());
        }
    };
    check();
    for path in everything_below(&data.join("search")) {
        set_mode(&path, if path.is_dir() { 0o755 } else { 0o644 });
    }
    set_mode(&data.join("search"), 0o755);
    let found = at(&["search", "query", "people", "ada", "--json"]);
    assert!(found.stdout.contains("Ada"), "{found:#?}");
    check();
}

#[test]
fn a_store_that_others_can_read_is_told() {
    let binary = Binary::new();
    binary.run(&["room", "create", "a"]).ok();
    let file = binary.dir().join(".local/share/tok/tok.db");
    assert_eq!(mode(&file), 0o600);
    assert!(!binary.run(&["doctor"]).ok().stdout.contains("store file"));
    set_mode(&file, 0o644);
    let told = binary.run(&["doctor"]).ok().stdout;
    assert!(told.contains("chmod 600"), "{told}");
}

#[test]
fn a_configuration_is_private_also_over_an_open_file() {
    let binary = Binary::new();
    let path = binary.dir().join("tok.toml");
    fs::write(&path, "[server]\n").expect("written");
    set_mode(&path, 0o666);
    binary.run(&["config", "init", "--force"]).ok();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn every_file_with_a_secret_that_others_can_read_is_told() {
    let binary = Binary::new();
    let service = json!({
        "type": "service_account", "project_id": "example", "private_key_id": "1",
        "private_key": KEYS.0, "client_email": "tok@example.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.googleapis.com/token",
    });
    let files = [
        (
            ".env",
            "TOK_OPENTOK__SECRET=s\nTOK_ROOMS__BACKEND=local\n".to_owned(),
            "opentok.secret",
        ),
        (
            "service.json",
            service.to_string(),
            "google.credentials_file",
        ),
        ("daily.key", "secret\n".to_owned(), "daily.api_key"),
        (
            "tok.toml",
            "[daily]\napi_key_file = 'daily.key'\n[bandwidth]\nwebhook_secret = 'x'\n\
             [google]\ncredentials_file = 'service.json'\n"
                .to_owned(),
            "bandwidth.webhook_secret",
        ),
    ];
    for (name, text, _) in &files {
        fs::write(binary.dir().join(name), text).expect("written");
        set_mode(&binary.dir().join(name), 0o600);
    }
    let told = || binary.run(&["config", "check"]).ok().stderr;
    assert!(!told().contains("can be read by others"), "{}", told());
    // A file of root's may be read by one group.
    for open in [0o644, 0o660, 0o604] {
        for (name, _, secret) in &files {
            let path = binary.dir().join(name);
            set_mode(&path, open);
            let told = told();
            let warning = format!("holds {secret} and can be read by others");
            assert!(told.contains(&warning), "{name} {open:o}: {told}");
            assert_eq!(told.matches("can be read by others").count(), 1, "{told}");
            set_mode(&path, 0o600);
        }
    }
    // Without a secret there is nothing to hide.
    fs::write(binary.dir().join(".env"), "TOK_ROOMS__BACKEND=local\n").expect("written");
    set_mode(&binary.dir().join(".env"), 0o644);
    assert!(!told().contains("can be read by others"), "{}", told());
}

/// systemd hands secrets over in a directory that only the service can read.
#[test]
fn secrets_are_found_where_systemd_hands_them_over() {
    let handed = tempfile::TempDir::new().expect("a directory");
    let dir = handed.path().to_str().expect("text");
    fs::write(handed.path().join("daily.key"), "from systemd\n").expect("written");
    set_mode(&handed.path().join("daily.key"), 0o440);
    let set = |binary: &Binary, name: &str| {
        let text = format!("[daily]\napi_key_file = '{name}'\n");
        fs::write(binary.dir().join("tok.toml"), text).expect("written");
    };
    for name in ["daily.key", "${CREDENTIALS_DIRECTORY}/daily.key"] {
        // Outside of the service, a command reads the file beside the configuration.
        let outside = Binary::new();
        set(&outside, name);
        outside
            .run(&["config", "check"])
            .refused(10, "daily.api_key_file: ");
        fs::write(outside.dir().join("daily.key"), "of the operator\n").expect("written");
        set_mode(&outside.dir().join("daily.key"), 0o600);
        outside.run(&["config", "check"]).ok();
        let inside = Binary::with(&[("CREDENTIALS_DIRECTORY", dir)]);
        set(&inside, name);
        let run = inside.run(&["config", "check"]).ok();
        assert!(!run.stderr.contains("read by others"), "{run:#?}");
    }
    let inside = Binary::with(&[("CREDENTIALS_DIRECTORY", dir)]);
    set(&inside, "${CREDENTIALS_DIRECTORY}/other.key");
    inside
        .run(&["config", "check"])
        .refused(10, "daily.api_key_file: ");
}

#[test]
fn a_credential_that_would_go_unencrypted_to_another_machine_is_told() {
    let told = |name: &str, url: &str| {
        let key = if name.starts_with("TOK_OPENTOK") {
            "x"
        } else {
            "c2VjcmV0"
        };
        let binary = Binary::with(&[(name, url), ("TOK_DAILY__API_KEY", key)]);
        binary.run(&["config", "check"]).ok().stderr
    };
    for name in [
        "TOK_DAILY__BASE_URL",
        "TOK_HUNDRED_MS__BASE_URL",
        "TOK_BANDWIDTH__BASE_URL",
    ] {
        for url in [
            "http://api.example.com/v1",
            "http://10.0.0.1",
            "http://[fd00::1]:8080/",
        ] {
            let told = told(name, url);
            assert!(told.contains("base_url is http"), "{name} {url}: {told}");
        }
        for url in [
            "https://api.example.com",
            "http://127.0.0.1:9",
            "http://localhost:9",
            "http://[::1]:9",
        ] {
            let told = told(name, url);
            assert!(!told.contains("is http"), "{name} {url}: {told}");
        }
    }
}

/// At its finest, the log tells what tok does; not what libraries send and receive.
#[test]
fn no_level_of_the_log_prints_what_goes_over_the_wire() {
    for level in ["trace", "TRACE", "5", "info,tok=trace"] {
        let binary = Binary::with(&[("TOK_LOG", level)]);
        let served = binary.serve();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let url = served.url.clone();
        let token = runtime.block_on(async {
            let client = reqwest::Client::new();
            let post = async |path: &str, body: serde_json::Value| {
                let request = client.post(format!("{url}{path}")).json(&body);
                let answer = request.send().await.expect("an answer");
                answer.json::<serde_json::Value>().await.expect("JSON")
            };
            post("/v1/rooms", json!({ "name": "standup" })).await;
            let made = post("/v1/rooms/standup/tokens", json!({ "user_name": "Ada" })).await;
            made["token"].as_str().expect("a token").to_owned()
        });
        served.signal(Signal::SIGTERM);
        let (_, log) = served.finish();
        assert!(!log.contains(&token), "{level}: a token is in the log");
        let foreign = log.lines().find(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap_or_default();
            let target = line["target"].as_str().unwrap_or("tok");
            line["level"] == "TRACE" && target != "tok" && !target.starts_with("tok::")
        });
        assert_eq!(foreign, None, "{level}");
    }
}

#[tokio::test]
async fn answers_are_kept_out_of_caches() {
    let app = TestApp::start().await;
    app.post("/v1/rooms", json!({ "name": "standup" })).await;
    let cache = async |method: Method, path: &str| {
        let request = app.request(method, path).json(&json!({}));
        let answer = request.send().await.expect("an answer");
        let headers = answer.headers();
        headers["cache-control"].to_str().expect("text").to_owned()
    };
    for (method, path) in [
        (Method::POST, "/v1/rooms/standup/tokens"),
        (Method::GET, "/v1/rooms/standup"),
        (Method::GET, "/v1/rooms/nothing"),
        (Method::GET, "/room/standup"),
        (Method::GET, "/session"),
        (Method::POST, "/create-room"),
        (Method::POST, "/webhooks/daily"),
        (Method::GET, "/nothing"),
    ] {
        assert_eq!(cache(method, path).await, "no-store", "{path}");
    }
}

#[tokio::test]
async fn the_documentation_is_framed_by_nobody_and_runs_what_is_its_own() {
    let app = TestApp::start().await;
    for path in ["/docs/", "/docs/swagger-initializer.js", "/openapi.json"] {
        let answer = app
            .request(Method::GET, path)
            .send()
            .await
            .expect("an answer");
        assert_eq!(answer.status(), 200, "{path}");
        let header = |name: &str| answer.headers()[name].to_str().expect("text").to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(policy.contains("script-src 'self';"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
    }
    // The policy lets no script through that stands in the page.
    let page = app
        .request(Method::GET, "/docs/")
        .send()
        .await
        .expect("an answer");
    let page = page.text().await.expect("text");
    for script in page.split("<script").skip(1) {
        let inline = script.split_once('>').expect("a tag").1;
        let inline = inline.split_once("</script>").expect("an end").0;
        assert_eq!(inline.trim(), "", "{page}");
    }
}

/// Who leaves a file where a command is run does not get the credentials of whoever runs it.
#[test]
fn only_the_operator_says_where_credentials_go() {
    let text = "[daily]\nbase_url = 'https://evil.example.com/v1'\n";
    let line = "TOK_DAILY__BASE_URL=https://evil.example.com/v1\n";
    for (name, text) in [("tok.toml", text), (".env", line)] {
        let binary = Binary::with(&[("TOK_DAILY__API_KEY", "secret")]);
        let path = binary.dir().join(name);
        fs::write(&path, text).expect("written");
        set_mode(&path, 0o644);
        binary.run(&["config", "check"]).ok();
        set_mode(&path, 0o666);
        let run = binary.run(&["config", "check"]);
        run.refused(10, "written by everybody");
        set_mode(&path, 0o644);
        if !nix::unistd::geteuid().is_root() {
            continue;
        }
        std::os::unix::fs::chown(&path, Some(12_345), None).expect("given away");
        let run = binary.run(&["config", "check"]);
        run.refused(10, "belongs to another user");
        // What says nothing of where credentials go is as good as ever.
        fs::write(&path, "").expect("written");
        binary.run(&["config", "check"]).ok();
    }
    let binary = Binary::with(&[
        ("TOK_DAILY__API_KEY", "secret"),
        ("TOK_CONFIG", "of-others.toml"),
    ]);
    let path = binary.dir().join("of-others.toml");
    fs::write(&path, text).expect("written");
    set_mode(&path, 0o644);
    if nix::unistd::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(12_345), None).expect("given away");
    }
    // Asked for by its name, it is what the operator means.
    binary.run(&["config", "check"]).ok();
    set_mode(&path, 0o666);
    binary
        .run(&["config", "check"])
        .refused(10, "written by everybody");
}

/// Says something over a WebSocket and waits for what is answered.
fn say_over_a_socket(address: &str, words: &str) {
    let mut socket = TcpStream::connect(address).expect("connects");
    let head = format!(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {address}\r\n\
         Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).expect("written");
    let mut heard = Vec::new();
    let mut hear = |socket: &mut TcpStream, what: &str| {
        while !String::from_utf8_lossy(&heard).contains(what) {
            let mut part = [0; 4096];
            let read = socket.read(&mut part).expect("readable");
            assert!(read > 0, "no {what} in {}", String::from_utf8_lossy(&heard));
            heard.extend_from_slice(&part[..read]);
        }
    };
    // Short texts, masked with zeros.
    let frame = |text: &str| {
        let length = u8::try_from(text.len()).expect("a short text");
        [&[0x81, 0x80 | length, 0, 0, 0, 0], text.as_bytes()].concat()
    };
    hear(&mut socket, "pingInterval");
    socket.write_all(&frame("40")).expect("written");
    hear(&mut socket, "40{");
    let event = format!("420[\"{words}\",{{}}]");
    socket.write_all(&frame(&event)).expect("written");
    hear(&mut socket, "430[");
}

#[test]
fn no_level_of_the_log_prints_what_is_said_over_sockets() {
    let secret = "nobody-else-may-read-this";
    // Named, the library tells all of it: there is something to be kept silent.
    for (level, told) in [
        ("trace", false),
        ("info,tok=trace", false),
        ("trace,tungstenite=trace", true),
    ] {
        let binary = Binary::with(&[("TOK_LOG", level)]);
        let served = binary.serve();
        say_over_a_socket(served.url.trim_start_matches("http://"), secret);
        served.signal(Signal::SIGTERM);
        let (_, log) = served.finish();
        assert_eq!(log.contains(secret), told, "{level}: {log}");
    }
}
