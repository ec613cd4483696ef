//! Every setting that is a secret, and where it must not be read: in no line of the log at its finest, in no
//! error, in nothing that is shown.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use nix::sys::signal::Signal;
use regex::Regex;
use reqwest::{Client, Method};
use serde_json::{Value, json};

use crate::log_lines::Polling;
use crate::support::opentok::KEYS;
use crate::support::{
    Binary, FakeAlgolia, FakeDaily, bandwidth, daily_variables, hundred_ms, opentok, pinpoint,
};

/// Settings that are called like secrets and are none: half of a pair that is shown, or a number.
const NO_SECRETS: [&str; 3] = [
    "opentok.api_key",
    "firestore.web_api_key",
    "hundred_ms.access_key",
];

/// The settings that the configuration says are secrets: by their names, with the other variable that they
/// have, and whether they are the name of a file.
fn secret_settings() -> BTreeMap<String, (Option<String>, bool)> {
    let section = Regex::new(r"(?ms)^section! \{\s*\[(\w+)\](.*?)^\}").expect("a pattern");
    let field = Regex::new(
        r#"(?:#\[also\("(\w+)"\)\]\s*)?\b(\w+): (?:Option<)?(SecretString|FiledSecret)\b"#,
    )
    .expect("a pattern");
    let mut all = BTreeMap::new();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config");
    for entry in fs::read_dir(sources).expect("a directory") {
        let code = fs::read_to_string(entry.expect("an entry").path()).expect("code");
        for section in section.captures_iter(&code) {
            for field in field.captures_iter(&section[2]) {
                let also = field.get(1).map(|name| name.as_str().to_owned());
                let name = format!("{}.{}", &section[1], &field[2]);
                all.insert(name, (also, &field[3] == "FiledSecret"));
            }
        }
    }
    all
}

fn variable(setting: &str) -> String {
    format!("TOK_{}", setting.replace('.', "__").to_uppercase())
}

/// A value that a setting of this name takes, and what of it must not be read.
fn made_up(setting: &str) -> (String, String) {
    let mark = format!("never-read-{}-by-anybody", setting.replace(['.', '_'], "-"));
    match setting {
        "opentok.private_key" => {
            let key = KEYS.0.clone();
            let line = key.lines().nth(1).expect("a line").to_owned();
            (key, line)
        }
        "push.vapid_private_key" => {
            let key = URL_SAFE_NO_PAD.encode(&mark.as_bytes()[..32]);
            (key.clone(), key)
        }
        "redis.url" => (format!("redis://somebody:{mark}@127.0.0.1:9/"), mark),
        "telemetry.otlp_headers" => (format!("Authorization=Bearer {mark}"), mark),
        // Signs what Daily sends, in base64.
        "daily.webhook_secret" => {
            let secret = STANDARD.encode(&mark);
            (secret.clone(), secret)
        }
        _ => (mark.clone(), mark),
    }
}

/// A home in which every secret is set, and what must not be read anywhere.
struct Home {
    variables: BTreeMap<String, String>,
    binary: Binary,
    /// What each secret is, by what it is for.
    secrets: BTreeMap<String, String>,
    /// What was said, by where.
    said: Vec<(String, String)>,
    _fakes: Vec<Box<dyn Send>>,
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("changed");
}

impl Home {
    async fn new(level: &str) -> Self {
        let daily = FakeDaily::start().await;
        let (hms, vonage, bw, pinpoints) = tokio::join!(
            hundred_ms::start(),
            opentok::start(),
            bandwidth::start(),
            pinpoint::start()
        );
        let algolia = FakeAlgolia::start().await;
        let url = daily.url();
        let lent = daily_variables(&url);
        let mut variables: BTreeMap<String, String> = lent
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let all = [
            hundred_ms::variables(&hms),
            opentok::unified(&vonage),
            bandwidth::variables(&bw),
            pinpoint::variables(&pinpoints),
            algolia.variables(),
        ];
        variables.extend(
            all.into_iter()
                .flatten()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        for (name, value) in [
            ("TOK_LOG", level),
            ("TOK_AUTH__MODE", "keys"),
            ("TOK_ROOMS__BACKEND", "local"),
            ("TOK_SIGNALLING__TURN_URLS", "turn:127.0.0.1:9"),
            ("TOK_TELEMETRY__OTLP_URL", "http://127.0.0.1:9"),
        ] {
            variables.insert(name.to_owned(), value.to_owned());
        }
        let fakes: Vec<Box<dyn Send>> = vec![
            Box::new(daily),
            Box::new(hms),
            Box::new(vonage),
            Box::new(bw),
            Box::new(pinpoints),
            Box::new(algolia),
        ];
        let mut home = Self {
            variables,
            binary: Binary::new(),
            secrets: BTreeMap::new(),
            said: Vec::new(),
            _fakes: fakes,
        };
        home.fill();
        home
    }

    /// Gives every secret a value that is found again.
    fn fill(&mut self) {
        // A key of several lines, and one that is called as the settings explain it.
        let own_words = ["opentok.private_key", "algolia.search_key"];
        for (setting, (also, is_file)) in secret_settings() {
            let own = variable(&setting);
            let mut known = [Some(own.clone()), also].into_iter().flatten();
            let given = known.find_map(|name| self.variables.get(&name)).cloned();
            let (value, mark) = match given {
                // What a stand-in insists on.
                Some(value) if !own_words.contains(&setting.as_str()) => (value.clone(), value),
                _ => made_up(&setting),
            };
            let path = self.binary.dir().join(format!("{setting}.secret"));
            if is_file {
                write(&path, &value);
                self.variables.insert(own, path.display().to_string());
            } else if !self.variables.values().any(|known| *known == value) {
                self.variables.insert(own, value);
            }
            assert!(mark.len() >= 10, "{setting}: {mark}");
            self.secrets.insert(setting, mark);
        }
        let service = json!({
            "type": "service_account", "project_id": "example", "private_key_id": "1",
            "private_key": KEYS.0, "client_email": "tok@example.iam.gserviceaccount.com",
            "token_uri": "http://127.0.0.1:9/token",
        });
        write(
            &self.binary.dir().join("service.json"),
            &service.to_string(),
        );
        let shared = made_up("auth.issuers-secret-of-the-app").1;
        write(&self.binary.dir().join("app.secret"), &shared);
        self.secrets.insert("auth.issuers".to_owned(), shared);
        let text = "[google]\ncredentials_file = 'service.json'\n[[auth.issuers]]\nalias = 'app'\n\
            issuer = 'https://app.example'\naudience = ['tok']\nsecret_file = 'app.secret'\n\
            algorithms = ['HS256']\n";
        write(&self.binary.dir().join("tok.toml"), text);
        let lent: Vec<(&str, &str)> = self
            .variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let dir = std::mem::replace(&mut self.binary, Binary::with(&lent)).home;
        self.binary.home = dir;
    }

    fn run(&mut self, words: &[&str]) -> String {
        let run = self.binary.run(words);
        let said = format!("exit {:?}\n{}\n{}", run.code, run.stdout, run.stderr);
        self.said.push((words.join(" "), said));
        run.stdout
    }

    /// The same of a command that needs the secret of a vendor, and gets what it wants.
    fn run_well(&mut self, words: &[&str]) {
        self.run(words);
        let said = &self.said.last().expect("something").1;
        assert!(said.starts_with("exit Some(0)"), "{words:?}: {said}");
    }

    /// Where secrets stand in what was said, however they are written.
    fn found(&self) -> Vec<String> {
        let mut found = Vec::new();
        for (setting, mark) in &self.secrets {
            let quoted: String = url::form_urlencoded::byte_serialize(mark.as_bytes()).collect();
            let forms = [
                mark.clone(),
                quoted,
                hex::encode(mark),
                STANDARD.encode(mark).trim_end_matches('=').to_owned(),
                URL_SAFE_NO_PAD.encode(mark),
                json!(mark).to_string().trim_matches('"').to_owned(),
            ];
            for (what, said) in &self.said {
                if let Some(form) = forms.iter().find(|form| said.contains(form.as_str())) {
                    let line = said.lines().find(|line| line.contains(form.as_str()));
                    found.push(format!("{setting} in {what}: {line:?}"));
                }
            }
        }
        found
    }

    /// Insists that no secret stands in anything that was said, and that it would have been found.
    fn stays_silent(mut self) {
        let found = self.found();
        assert!(found.is_empty(), "{}", found.join("\n"));
        let all: Vec<&String> = self.secrets.values().collect();
        self.said
            .push(("planted".to_owned(), json!(all).to_string()));
        assert_eq!(self.found().len(), self.secrets.len());
    }
}

/// What is shown of the configuration, and what fails, for every level of the log.
#[tokio::test(flavor = "multi_thread")]
async fn no_command_tells_a_secret() {
    for level in ["debug", "trace"] {
        let mut home = Home::new(level).await;
        home.run(&["config", "check"]);
        let shown = home.run(&["config", "show", "--json"]);
        let shown: Value = serde_json::from_str(&shown).expect("JSON");
        let settings = shown.as_array().or_else(|| shown["items"].as_array());
        let settings = settings.expect("a list");
        let text = |of: &Value, name: &str| of[name].as_str().expect("a text").to_owned();
        // What the code calls secret is hidden, all of it was set, and nothing else is called like one.
        let known = secret_settings();
        assert!(known.len() >= 18, "{known:?}");
        let hidden = settings.iter().filter(|of| of["value"] == "(hidden)");
        let hidden: Vec<String> = hidden.map(|of| text(of, "key")).collect();
        let mut expected: Vec<String> = known.keys().cloned().collect();
        let mut told = hidden.clone();
        expected.sort();
        told.sort();
        assert_eq!(told, expected);
        for setting in settings {
            let key = text(setting, "key");
            let (_, name) = key.rsplit_once('.').unwrap_or(("", &key));
            let last = name.rsplit('_').next().expect("a word");
            if ["secret", "key", "password", "token", "headers"].contains(&last) {
                let fine = hidden.contains(&key) || NO_SECRETS.contains(&key.as_str());
                assert!(fine, "{key} is called like a secret and shown");
            }
        }
        for words in [
            &["room", "create", "hall"][..],
            &["token", "create", "hall", "--json"],
            &["room", "create", "daily", "--backend", "daily"],
            &["token", "create", "daily", "--backend", "daily"],
            &["room", "create", "hms", "--backend", "hundred_ms"],
            &["room", "create", "vonage", "--backend", "opentok"],
            &["token", "create", "vonage", "--backend", "opentok"],
            &["room", "create", "bw", "--backend", "bandwidth"],
            &["room", "list", "--backend", "daily"],
            &["room", "list", "--backend", "hundred_ms"],
            &["recording", "list", "--backend", "opentok"],
            &["search", "reindex", "users"],
            &["search", "query", "users", "ada"],
        ] {
            home.run_well(words);
        }
        for words in [
            &["config", "show"][..],
            &["config", "show", "-o", "csv"],
            &["config", "init", "other.toml"],
            &["doctor"],
            &["doctor", "--json"],
            &["status"],
            &["presence", "audit"],
            &["push", "key", "show"],
            &["webhook", "list"],
            &["key", "list"],
            &["nonsense"],
        ] {
            home.run(words);
        }
        // The same where nobody is who is asked.
        for (name, value) in [
            ("TOK_DAILY__BASE_URL", "http://127.0.0.1:9/v1"),
            ("TOK_HUNDRED_MS__BASE_URL", "http://127.0.0.1:9/v2"),
            ("TOK_ALGOLIA__BASE_URL", "http://127.0.0.1:9"),
            ("TOK_BANDWIDTH__BASE_URL", "http://127.0.0.1:9/v1"),
            ("TOK_PINPOINT__BASE_URL", "http://127.0.0.1:9"),
            ("TOK_OPENTOK__BASE_URL", "http://127.0.0.1:9"),
        ] {
            let run = home
                .binary
                .command(&["doctor", "--json"])
                .env(name, value)
                .output();
            let run = run.expect("runs");
            let said = [run.stdout, run.stderr].concat();
            home.said.push((
                format!("doctor, {name}"),
                String::from_utf8_lossy(&said).into_owned(),
            ));
        }
        home.stays_silent();
    }
}

/// A value that a setting does not take is not repeated.
#[test]
fn no_complaint_about_a_secret_repeats_it() {
    for setting in secret_settings().keys() {
        for odd in [
            "never-read-\u{1}-control",
            "never-read-\u{7f}",
            "{\"never-read\":",
            "\"never-read",
            "never-read\\",
        ] {
            let binary = Binary::with(&[(&variable(setting), odd), ("TOK_LOG", "trace")]);
            for words in [
                &["config", "check"][..],
                &["config", "show"],
                &["doctor"],
                &["room", "list"],
            ] {
                let run = binary.run(words);
                let said = [run.stdout.as_str(), &run.stderr].concat();
                // Of a file, the name is told.
                let file = setting.ends_with("_file");
                assert!(
                    file || !said.contains("never-read"),
                    "{setting} {odd:?}: {said}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_a_server_tells_a_secret() {
    for level in ["debug", "trace"] {
        let mut home = Home::new(level).await;
        let key = home.binary.key(&[]);
        home.secrets.insert("an API key".to_owned(), key.clone());
        let served = home.binary.serve();
        let client = Client::new();
        let mut calls = vec![
            (
                Method::POST,
                "/v1/rooms".to_owned(),
                json!({ "name": "hall" }),
            ),
            (
                Method::POST,
                "/v1/rooms/hall/tokens".to_owned(),
                json!({ "user_name": "Ada" }),
            ),
            (Method::GET, "/room/hall".to_owned(), json!(null)),
            (Method::POST, "/create-room".to_owned(), json!({})),
            (Method::GET, "/v1/status".to_owned(), json!(null)),
            (
                Method::POST,
                "/v1/users".to_owned(),
                json!({ "id": "ada", "name": "Ada" }),
            ),
            (
                Method::POST,
                "/v1/devices".to_owned(),
                json!({ "user_id": "ada", "token": "t", "kind": "android" }),
            ),
            (
                Method::POST,
                "/v1/notifications".to_owned(),
                json!({ "to": { "token": "t" }, "title": "Hi" }),
            ),
        ];
        for backend in ["daily", "hundred_ms", "opentok", "bandwidth"] {
            let room = json!({ "name": format!("at-{backend}"), "backend": backend });
            calls.push((Method::POST, "/v1/rooms".to_owned(), room));
            calls.push((
                Method::GET,
                format!("/v1/rooms?backend={backend}"),
                json!(null),
            ));
            calls.push((
                Method::POST,
                format!("/v1/rooms/at-{backend}/tokens?backend={backend}"),
                json!({ "user_name": "Ada" }),
            ));
        }
        // Callbacks with good and bad secrets, some of them in the address.
        for vendor in ["daily", "100ms", "opentok", "bandwidth"] {
            let setting = format!(
                "{}.webhook_secret",
                if vendor == "100ms" {
                    "hundred_ms"
                } else {
                    vendor
                }
            );
            let secret = home.secrets[&setting].clone();
            for secret in [secret.as_str(), "wrong"] {
                let path = format!("/webhooks/{vendor}?secret={secret}");
                calls.push((
                    Method::POST,
                    path,
                    json!({ "event": "x", "type": "y", "id": "1" }),
                ));
            }
        }
        let mut answers = Vec::new();
        for (method, path, body) in &calls {
            for key in [key.as_str(), "tok_000000000000_wrong"] {
                let request = client.request(method.clone(), format!("{}{path}", served.url));
                let answer = request
                    .bearer_auth(key)
                    .json(body)
                    .send()
                    .await
                    .expect("an answer");
                let (status, text) = (answer.status(), answer.text().await.expect("text"));
                answers.push((format!("{method} {path}: {status}"), text));
            }
        }
        // Whoever is in the room gets what the TURN servers take, and not what that is made with.
        let socket = Polling::open(&served, "ada").await;
        let told = socket.ask(json!(["join-room", "hall", "Ada"])).await;
        answers.push(("join-room".to_owned(), told.to_string()));
        for path in ["/metrics", "/readyz", "/healthz"] {
            let answer = reqwest::get(format!("{}{path}", served.ops))
                .await
                .expect("an answer");
            answers.push((path.to_owned(), answer.text().await.expect("text")));
        }
        // Answers to whoever asked with a good key have tokens in them, and nothing that is told here.
        home.said.extend(answers);
        served.signal(Signal::SIGTERM);
        let (code, log) = served.finish();
        assert_eq!(code, Some(0), "{log}");
        assert!(log.contains("\"DEBUG\""), "the log is loud: {log}");
        home.said.extend(
            log.lines()
                .map(|line| ("the log".to_owned(), line.to_owned())),
        );
        home.stays_silent();
    }
}
