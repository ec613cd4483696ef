//! The manuals for operators and apps: what they say to type is understood, what they say to write into a
//! file is taken, and their requests get the answers that they promise.

use std::fs;
use std::path::{Path, PathBuf};

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::layers::sources;
use crate::support::{Binary, TestApp};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The README and everything in `docs`, by their names.
fn manuals() -> Vec<(String, String)> {
    let mut paths: Vec<PathBuf> = vec![root().join("README.md")];
    for entry in fs::read_dir(root().join("docs")).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|kind| kind == "md") {
            paths.push(path);
        }
    }
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("text");
        (path.display().to_string(), text)
    };
    paths.into_iter().map(read).collect()
}

fn manual(name: &str) -> String {
    fs::read_to_string(root().join("docs").join(name)).expect("text")
}

/// The blocks of one language.
fn blocks<'a>(text: &'a str, language: &'a str) -> impl Iterator<Item = &'a str> {
    let mark = format!("```{language}\n");
    let parts: Vec<&str> = text.split(mark.as_str()).skip(1).collect();
    parts
        .into_iter()
        .map(|part| part.split("\n```").next().unwrap_or_default())
}

/// The words of a line as a shell tells them apart, up to what is another command.
fn words(line: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = None;
    for c in line.chars() {
        match (c, quote) {
            (c, Some(of)) if c == of => quote = None,
            ('\'' | '"', None) => quote = Some(c),
            (' ', None) => out.push(String::new()),
            ('|' | ';' | '>' | '<' | '&' | '#', None) => break,
            _ => out.last_mut().expect("never empty").push(c),
        }
    }
    out.retain(|word| !word.is_empty());
    out
}

/// The commands of a manual that begin with `tok`: in blocks, and those in the text that name no further
/// ones.
fn commands(text: &str) -> Vec<Vec<String>> {
    let inline = text.split('`').skip(1).step_by(2);
    let inline = inline.map(|quoted| quoted.trim_start_matches("sudo -u tok "));
    let whole = |quoted: &&str| {
        quoted.starts_with("tok ") && !quoted.contains(['|', '\n', '…', '<', '{', '[', '*'])
    };
    let mut out: Vec<Vec<String>> = inline.filter(whole).map(words).collect();
    for language in ["sh", "console", "bash"] {
        for line in blocks(text, language).flat_map(str::lines) {
            // What is printed stands beside it.
            let line = match (language, line.strip_prefix("$ ")) {
                ("console", None) => continue,
                (_, stripped) => stripped.unwrap_or(line),
            };
            for command in line.split(" && ").flat_map(|part| part.split(" | ")) {
                let command = command.trim_start_matches("sudo -u tok ");
                let variables = |word: &&str| word.contains('=') && !word.starts_with('-');
                let skipped: usize = command
                    .split_inclusive(' ')
                    .take_while(|word| variables(&word.trim_end()))
                    .map(str::len)
                    .sum();
                if command[skipped..].starts_with("tok ") {
                    out.push(words(&command[skipped..]));
                }
            }
        }
    }
    out
}

#[test]
fn every_command_in_a_manual_is_understood() {
    use clap::error::ErrorKind::{DisplayHelp, DisplayVersion, MissingRequiredArgument};
    let mut tried = 0;
    let mut wrong = Vec::new();
    for (name, text) in manuals() {
        for command in commands(&text) {
            tried += 1;
            if let Err(error) = tok::cli::tree().try_get_matches_from(&command)
                // The text names commands without what they are to work on.
                && !matches!(error.kind(), DisplayHelp | DisplayVersion | MissingRequiredArgument)
            {
                wrong.push(format!("{name}: {}: {error}", command.join(" ")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(tried > 30, "{tried} are too few to be true");
    let strange = commands("```sh\nsudo -u tok tok room creat x && tok nonsense\n```");
    assert_eq!(strange.len(), 2, "{strange:?}");
}

#[test]
fn the_configuration_of_the_guide_is_one() {
    let guide = manual("self-hosting.md");
    let configurations: Vec<_> = blocks(&guide, "toml").collect();
    assert_eq!(configurations.len(), 1);
    let binary = Binary::new();
    let home = binary.dir().to_str().expect("a path").to_owned();
    let text = configurations[0].replace("/var/lib/tok", &home);
    fs::write(binary.dir().join("tok.toml"), text).expect("written");
    fs::write(binary.dir().join("turn.secret"), "c2VjcmV0c2VjcmV0\n").expect("written");
    let run = binary.run(&["config", "check"]);
    assert_eq!(run.code, Some(0), "{run:#?}");
    // What the guide says of the shipped one holds as well.
    let shipped = fs::read_to_string(root().join("deploy/tok.toml")).expect("text");
    assert!(shipped.contains("data_dir = \"/var/lib/tok\""));
}

/// One request of the guide for apps.
struct Asked {
    path: String,
    /// Of one that makes something.
    body: Option<String>,
    headers: Vec<(String, String)>,
}

fn requests(text: &str) -> Vec<Asked> {
    let lines: String = blocks(text, "sh").collect::<Vec<_>>().join("\n");
    let lines = lines.replace("\\\n", " ");
    let curls = lines.lines().filter(|line| line.starts_with("curl "));
    curls.map(asked).collect()
}

fn asked(line: &str) -> Asked {
    let words = words(line);
    let after = |flag: &str| {
        let found = words.windows(2).filter(move |pair| pair[0] == flag);
        found.map(|pair| pair[1].clone()).collect::<Vec<_>>()
    };
    let header = |text: String| {
        let (name, value) = text.split_once(": ").expect("a header");
        (name.to_owned(), value.to_owned())
    };
    Asked {
        path: words
            .iter()
            .find_map(|word| word.strip_prefix("https://calls.example.com"))
            .expect("an address")
            .to_owned(),
        body: after("-d").pop(),
        headers: after("-H").into_iter().map(header).collect(),
    }
}

#[tokio::test]
async fn the_requests_of_the_guide_for_apps_do_what_it_says() {
    let app = TestApp::start().await;
    for id in ["ada", "bob"] {
        let (status, _) = app
            .post("/v1/users", serde_json::json!({ "id": id, "name": id }))
            .await;
        assert_eq!(status, StatusCode::CREATED);
    }
    let requests = requests(&manual("apps.md"));
    let paths: Vec<&str> = requests.iter().map(|asked| asked.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "/v1/rooms",
            "/v1/rooms/order-17/tokens",
            "/v1/calls",
            "/v1/rooms/order-17/messages:watch",
        ]
    );
    for asked in &requests {
        let names: Vec<&str> = asked.headers.iter().map(|(name, _)| &**name).collect();
        assert!(names.contains(&"Authorization"));
        let Some(body) = &asked.body else {
            let stream = app.request(Method::GET, &asked.path).send().await;
            let stream = stream.expect("answers");
            assert_eq!(stream.status(), StatusCode::OK);
            assert_eq!(stream.headers()["content-type"], "text/event-stream");
            continue;
        };
        assert!(names.contains(&"Content-Type"));
        let body: Value = serde_json::from_str(body).expect("JSON");
        let (status, answer) = app.post(&asked.path, body).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        let way_in = match asked.path.as_str() {
            "/v1/calls" => &answer["token"],
            _ => &answer,
        };
        let is_way_in = way_in["token"].is_string() && way_in["url"].is_string();
        assert_eq!(is_way_in, asked.path != "/v1/rooms", "{answer}");
    }
}

/// What a row says is said somewhere in the code.
#[test]
fn the_messages_of_the_table_of_troubles_are_said() {
    let files = sources(&root().join("src")).into_iter();
    let sources: String = files
        .map(|path| fs::read_to_string(path).expect("text"))
        .collect();
    // A sentence may be broken by the length of a line.
    let sources: String = sources.split("\\\n").map(str::trim_start).collect();
    let guide = manual("troubleshooting.md");
    let first = guide
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
    let messages: Vec<&str> = first.map(|(message, _)| message).collect();
    assert!(messages.len() > 4, "{messages:?}");
    for message in messages {
        assert!(sources.contains(message), "nobody says: {message}");
    }
}
