//! Who may import whom, read off the sources.

use std::fs;
use std::path::{Path, PathBuf};

use crate::circles::paths;

pub fn sources(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).expect("a directory") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            out.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
    out
}

/// The code of a file: no comments, no tests, which may use what they like.
pub fn code(path: &Path) -> String {
    without_tests(&fs::read_to_string(path).expect("text"))
}

/// A text without comments and without modules of tests, whether they stand in it or are files of their
/// own.
fn without_tests(text: &str) -> String {
    let mut out = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line != "#[cfg(test)]" {
            if !line.trim_start().starts_with("//") {
                out.push(line);
            }
            continue;
        }
        let what = lines.next().unwrap_or_default();
        // The tests of modules share a part with these, who name the crate from outside.
        let is_for_tests = what.starts_with("mod ") || what == "extern crate self as tok;";
        assert!(is_for_tests, "only modules are for tests: {what}");
        if what.ends_with('{') {
            // Rustfmt puts the end of a module where it began.
            assert!(lines.any(|line| line == "}"), "{what} has no end");
        }
    }
    out.join("\n")
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Every breach of a rule "files below `layer` never say `word`".
fn breaches(layer: &str, words: &[&str], except: &[&str]) -> Vec<String> {
    let root = root();
    let place = root.join(layer);
    let files = if place.is_dir() {
        sources(&place)
    } else {
        vec![place]
    };
    let mut out = Vec::new();
    for path in files {
        let name = path
            .strip_prefix(&root)
            .expect("below src")
            .display()
            .to_string();
        if except.contains(&name.as_str()) {
            continue;
        }
        let code = code(&path);
        for word in words.iter().filter(|word| code.contains(**word)) {
            out.push(format!("{name} says {word}"));
        }
    }
    out
}

#[test]
fn each_layer_knows_only_what_is_below_it() {
    let doors = ["crate::cli", "crate::server", "crate::worker"];
    let front = [
        "clap",
        "axum",
        "dialoguer",
        "indicatif",
        "comfy_table",
        "std::env::",
        "println!",
        "eprintln!",
    ];
    let mut found = Vec::new();
    for layer in [
        "model", "error.rs", "records", "backends", "meeting", "commands",
    ] {
        found.extend(breaches(layer, &doors, &[]));
        found.extend(breaches(layer, &front, &[]));
        // A context is opened by a configuration, also for a test.
        let tests = ["commands/search/mirror/tests.rs"];
        found.extend(breaches(layer, &["crate::config"], &tests));
    }
    found.extend(breaches(
        "model",
        &[
            "crate::records",
            "crate::backends",
            "crate::meeting",
            "crate::commands",
            "crate::context",
        ],
        &[],
    ));
    let above_records = [
        "crate::backends",
        "crate::meeting",
        "crate::commands",
        "crate::context",
    ];
    found.extend(breaches("records", &above_records, &[]));
    found.extend(breaches("error.rs", &["crate::"], &[]));
    // It makes settings for what is below; who opens that with them is above it.
    let above_config = ["crate::commands", "crate::context"];
    found.extend(breaches("config", &above_config, &[]));
    found.extend(breaches("config", &doors, &[]));
    found.extend(breaches(
        "backends",
        &["crate::meeting::", "crate::commands", "crate::context"],
        &[],
    ));
    found.extend(breaches(
        "meeting",
        &["crate::commands", "crate::context"],
        &[],
    ));
    // What a vendor is like is known to operations only through its port, and to doors not at all.
    for door in ["cli", "server", "worker"] {
        found.extend(breaches(door, &["crate::backends"], &[]));
    }
    // The client of a server elsewhere is below the doors, as the operations are that it stands for.
    found.extend(breaches("client", &doors, &[]));
    found.extend(breaches("client", &front, &[]));
    found.extend(breaches(
        "client",
        &[
            "crate::config",
            "crate::meeting",
            "crate::records",
            "SystemTime",
        ],
        &[],
    ));
    found.extend(other_backends("client", &OF_THE_CLIENT));
    // It opens what operations need, for whichever door.
    found.extend(breaches("context", &doors, &[]));
    found.extend(breaches("context", &["crate::client"], &[]));
    // Every layer says something to them.
    found.extend(breaches("request_id.rs", &["crate::"], &[]));
    let all = [
        "backends", "client", "commands", "config", "context", "meeting", "records",
    ];
    let all = all.map(|layer| format!("crate::{layer}"));
    let all: Vec<&str> = all.iter().map(String::as_str).chain(doors).collect();
    found.extend(breaches("traces.rs", &all, &[]));
    found.extend(breaches("commands", &["crate::client"], &[]));
    found.extend(breaches("server", &["crate::client"], &[]));
    found.extend(breaches("worker", &["crate::client"], &[]));
    // Operations see traits, never a vendor.
    found.extend(breaches(
        "commands",
        &[
            "SqliteDocuments",
            "LocalRooms",
            "Daily",
            "HundredMs",
            "Opentok",
            "Bandwidth",
            "Pinpoint",
            "reqwest",
            "rusqlite",
        ],
        &[],
    ));
    found.extend(breaches(
        "commands",
        // Waiting goes by the runtime's clock, which tests can hold.
        &["Timestamp::now", "SystemTime", "std::time::Instant"],
        &[],
    ));
    // The doors share nothing; only the commands `serve` and `work` start the other two.
    found.extend(breaches(
        "server",
        &["crate::cli", "crate::worker", "clap"],
        &[],
    ));
    found.extend(breaches(
        "worker",
        &["crate::cli", "crate::server", "clap", "axum"],
        &[],
    ));
    found.extend(breaches(
        "cli",
        &["crate::server", "crate::worker"],
        &["cli/serve.rs", "cli/generate.rs"],
    ));
    assert!(found.is_empty(), "{found:#?}");
}

/// What the client of a server elsewhere uses of the outside: how to ask by HTTP, and no vendor.
const OF_THE_CLIENT: [&str; 3] = ["files", "http", "rate_limit"];

/// What a layer imports of the outside beside these.
fn other_backends(layer: &str, allowed: &[&str]) -> Vec<String> {
    let mut out = Vec::new();
    for path in sources(&root().join(layer)) {
        for said in paths(&code(&path), "crate::") {
            if let ["crate", "backends", part, ..] =
                said.iter().map(String::as_str).collect::<Vec<_>>()[..]
                && !allowed.contains(&part)
            {
                out.push(format!("{} says {}", path.display(), said.join("::")));
            }
        }
    }
    out
}

/// What lasts is named, and read, in one place: so one policy holds for what cannot be read.
#[test]
fn only_records_names_collections_and_reads_documents() {
    let names = tok::records::ALL.map(|declared| declared.name);
    let own: Vec<String> = names
        .iter()
        .filter(|name| name.starts_with("tok_"))
        .map(|name| format!("\"{name}\""))
        .collect();
    let mut words: Vec<&str> = own.iter().map(String::as_str).collect();
    words.extend([".decode()", ".decode::<", "Document::decode"]);
    let mut found = Vec::new();
    for layer in [
        "backends", "meeting", "commands", "context", "server", "worker", "cli",
    ] {
        found.extend(breaches(layer, &words, &[]));
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(!breaches("records", &words, &[]).is_empty());
}

/// What an operation takes beside the context and its input, and why.
const OTHER_SHAPES: [(&str, &str); 4] = [
    // Each is a part of the worker's work, and no request.
    ("notify/follow.rs", "context: &Context, shard: Shard"),
    (
        "search/follow.rs",
        "context: &Context, spec: &Arc<IndexSpec>",
    ),
    // Whom to tell from then on is no part of what is asked.
    (
        "participant/join.rs",
        "context: &Context, input: Input, seat: Arc<dyn Seat>",
    ),
    // Nobody may be at work on the store.
    ("store/restore.rs", "input: Input"),
];

/// The parameters of an operation in a file, if there is one of that name.
fn operation(code: &str, name: &str) -> Option<String> {
    let starts = ["async fn", "fn"].map(|start| format!("\npub {start} {name}("));
    let mut found = starts.iter().filter_map(|start| code.split_once(start));
    let (parameters, _) = found.next()?.1.split_once(')')?;
    let words: Vec<&str> = parameters.split_whitespace().collect();
    Some(words.join(" ").trim_end_matches(',').to_owned())
}

/// An operation takes the context, and one input whose parts have names; what carries out a plan takes
/// that.
#[test]
fn every_operation_has_one_shape() {
    let commands = root().join("commands");
    let (mut seen, mut found) = (0, Vec::new());
    for path in sources(&commands) {
        let code = code(&path);
        let name = path.strip_prefix(&commands).expect("below").display();
        let name = name.to_string();
        for verb in ["run", "plan", "apply"] {
            let Some(parameters) = operation(&code, verb) else {
                continue;
            };
            seen += 1;
            let usual = match verb {
                "apply" => ["context: &Context, plan: Plan"].as_slice(),
                _ => &[
                    "context: &Context",
                    "context: &Context, input: Input",
                    "context: &Context, input: Input<'_>",
                ],
            };
            let parameters = parameters.as_str();
            if !usual.contains(&parameters) && !OTHER_SHAPES.contains(&(&name, parameters)) {
                found.push(format!("{name}: {verb}({parameters})"));
            }
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(seen > 130, "{seen} operations were seen");
    let code = "\npub async fn run(\n    a: &str,\n    b: &str,\n) -> Result<()> {\n}\npub fn apply(c: &C) {";
    assert_eq!(operation(code, "run").as_deref(), Some("a: &str, b: &str"));
    assert_eq!(operation(code, "apply").as_deref(), Some("c: &C"));
    assert_eq!(operation(code, "plan"), None);
}

/// Who compares sentences all the same, because whoever says them gives nothing else to go by.
const OTHERS_GIVE_NO_CODE: [(&str, &str); 5] = [
    (
        "backends/http/cause.rs",
        "the libraries for TLS and HTTP hide their causes",
    ),
    (
        "backends/documents/firestore/fault.rs",
        "so does the one for gRPC, and Firestore has one code for any thing that is not there",
    ),
    (
        "backends/push/fcm/mod.rs",
        "FCM has one code for all that is wrong with a message",
    ),
    (
        "backends/push/fcm/answer.rs",
        "older answers say only in words that a quota is everybody's",
    ),
    (
        "config/schema.rs",
        "a key in PEM is known by its first line",
    ),
];

/// What takes a text apart or compares it, in Rust and on the page.
const COMPARE: [&str; 16] = [
    ".contains(",
    ".starts_with(",
    ".ends_with(",
    ".find(",
    ".split_once(",
    ".strip_prefix(",
    ".strip_suffix(",
    ".includes(",
    ".startsWith(",
    ".endsWith(",
    ".indexOf(",
    "=== ",
    "!== ",
    "== ",
    "!= ",
    "case ",
];

/// What holds a sentence for people.
const SENTENCES: [&str; 6] = [
    ".message()",
    ".to_string()",
    "textContent",
    "textContent?",
    "error",
    "words(",
];

/// Where a text is compared with a sentence, or a sentence with something.
fn compared(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    for how in COMPARE {
        for (at, _) in code.match_indices(how) {
            let (before, after) = (code[..at].trim_end(), &code[at + how.len()..]);
            let after = after.trim_start_matches(['&', ' ', '\n']);
            let is_literal = |quote: char| {
                let inside = after.strip_prefix(quote)?;
                inside.split(quote).next()
            };
            let literal = ['"', '`'].into_iter().find_map(is_literal);
            let phrase = literal.is_some_and(|text| {
                let words = text.split(' ').filter(|word| word.len() > 1);
                words
                    .filter(|word| word.starts_with(char::is_alphabetic))
                    .count()
                    > 1
            });
            // An error that is compared as a whole is compared with a phrase, or is none.
            let may = |word: &str| word != "error" || !how.starts_with(['=', '!']);
            let mut held = SENTENCES.iter().filter(|word| may(word));
            let sentence = how != "case " && held.any(|word| before.ends_with(word));
            if phrase || sentence || after.starts_with("words(") {
                let line = code[..at].lines().count();
                let text = code.lines().nth(line.saturating_sub(1));
                out.push(text.unwrap_or_default().trim().to_owned());
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out
}

/// The scripts of a folder of pages.
fn scripts(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).expect("a folder");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let found = paths.map(|path| match path.extension() {
        _ if path.is_dir() => scripts(&path),
        Some(extension) if extension == "js" => vec![path],
        _ => Vec::new(),
    });
    found.flatten().collect()
}

/// Errors are told apart by kind and reason, and what is shown by what is known of it; a sentence is for
/// people.
#[test]
fn nobody_compares_sentences() {
    let root = root();
    let rust = sources(&root).into_iter().map(|path| (code(&path), path));
    let page = scripts(&root.join("server/page"));
    assert!(page.iter().any(|path| path.ends_with("elsewhere/embed.js")));
    let page = page.into_iter().map(|path| {
        let text = fs::read_to_string(&path).expect("text");
        (without_tests(&text), path)
    });
    let (mut found, mut excused) = (Vec::new(), Vec::new());
    for (text, path) in rust.chain(page) {
        let name = path.strip_prefix(&root).expect("below src").display();
        let name = name.to_string();
        let of_tests = path.iter().any(|part| part == "tests") || path.ends_with("tests.rs");
        let lines = if of_tests {
            Vec::new()
        } else {
            compared(&text)
        };
        match OTHERS_GIVE_NO_CODE.iter().find(|(of, _)| *of == name) {
            Some((of, _)) if !lines.is_empty() => excused.push(*of),
            _ => found.extend(lines.iter().map(|line| format!("{name}: {line}"))),
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    // An exception that nobody needs any more goes.
    excused.sort_unstable();
    let mut named = OTHERS_GIVE_NO_CODE.map(|(of, _)| of);
    named.sort_unstable();
    assert_eq!(excused, named);
}

#[test]
fn comparisons_of_sentences_are_found() {
    for line in [
        "if error.message() == INSIDE {",
        "if error.message().contains(WORD) {",
        "causes.any(|cause| cause.to_string() == Astray::Inside.as_str())",
        "if told.starts_with(\"the push service\") {",
        "if text == \"dns error\" {",
        "tell($(\"status\").textContent?.startsWith(risen) ? a : b);",
        "if ($(\"status\").textContent === shown) return;",
        "if (told === words(\"nowHost\")) return;",
        "if (error.endsWith(full)) return;",
        "if (error === \"the room is full\") return;",
    ] {
        assert_eq!(compared(line), [line], "{line}");
    }
    for line in [
        "if error.kind() == Kind::NotFound {",
        "if name == \"room-joined\" {",
        "$(\"status\").textContent = words(\"nowHost\");",
        "if (error === null) return;",
        "format!(\"{name} == the name\")",
    ] {
        assert_eq!(compared(line), [] as [&str; 0], "{line}");
    }
}

#[test]
fn no_vendor_knows_another() {
    let vendors = ["daily", "hundred_ms", "opentok", "bandwidth"];
    let mut found = Vec::new();
    for own in vendors {
        let others: Vec<String> = vendors
            .iter()
            .filter(|other| **other != own)
            .flat_map(|other| [format!("rooms::{other}"), format!("super::{other}")])
            .collect();
        let others: Vec<&str> = others.iter().map(String::as_str).collect();
        found.extend(breaches(&format!("backends/rooms/{own}"), &others, &[]));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn one_file_prints_and_one_folder_reads_the_environment() {
    let printing = [
        "print!",
        "println!",
        "eprint!",
        "eprintln!",
        "io::stdout",
        "io::stderr().",
    ];
    let mut found = breaches("", &printing, &["cli/output.rs"]);
    let environment = [
        "std::env::var",
        "env::var(",
        "env::vars",
        "home_dir",
        "current_dir",
    ];
    found.extend(breaches("", &environment, &["config/environment.rs"]));
    found.retain(|breach| {
        !breach.contains("io::stderr(). ")
            && !breach.starts_with("cli/progress.rs says io::stderr().")
    });
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn files_stay_small_and_names_stay_plain() {
    let mut found = Vec::new();
    for path in sources(&root()) {
        let lines = fs::read_to_string(&path).expect("text").lines().count();
        if lines > 420 {
            found.push(format!("{} has {lines} lines", path.display()));
        }
        let name = path
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default()
            .to_owned();
        if [
            "utils", "util", "helpers", "helper", "common", "manager", "service", "handler", "misc",
        ]
        .contains(&name.as_str())
        {
            found.push(format!("{} says nothing", path.display()));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

/// A rule that cannot find a breach proves nothing.
#[test]
fn the_rules_can_be_broken() {
    assert!(!breaches("cli/serve.rs", &["crate::server"], &[]).is_empty());
    assert!(!breaches("cli/output.rs", &["io::stdout"], &[]).is_empty());
    assert!(breaches("model", &["no such word"], &[]).is_empty());
    assert!(!breaches("context", &["crate::config"], &[]).is_empty());
    assert!(!breaches("traces.rs", &["crate::error"], &[]).is_empty());
    assert!(!other_backends("client", &OF_THE_CLIENT[..1]).is_empty());
    // What stands below a line that names a file of tests is read as well.
    assert!(!breaches("meeting/mod.rs", &["self::rules::ChangeAnswer"], &[]).is_empty());
}

#[test]
fn tests_are_told_from_code() {
    let text = "use a;\n#[cfg(test)]\nmod tests;\nuse b; // c\n// d\n#[cfg(test)]\nmod hostile {\n    use e;\n}\nuse f;\n";
    assert_eq!(without_tests(text), "use a;\nuse b; // c\nuse f;");
}

/// The types of a folder, and where each is; not those that belong to a trait, and not those of tests.
fn types(dir: &Path) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for path in sources(dir) {
        let of_tests = path.components().any(|part| part.as_os_str() == "tests");
        if of_tests || path.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("text");
        let own = text.split("#[cfg(test)]\nmod tests {").next();
        for line in own.unwrap_or_default().lines() {
            // Those that a macro declares are further to the right.
            let declared = line
                .strip_prefix("    ")
                .filter(|line| line.starts_with("pub struct ") || line.starts_with("pub enum "));
            if let Some(name) = type_of(declared.unwrap_or(line))
                && !name.starts_with('$')
            {
                out.push((name.to_owned(), path.display().to_string()));
            }
        }
    }
    out.sort();
    out
}

/// The type that a line declares, whoever may name it.
fn type_of(line: &str) -> Option<&str> {
    let visible = line.strip_prefix("pub").map_or(line, |rest| {
        let rest = rest
            .strip_prefix('(')
            .and_then(|rest| rest.split_once(") "));
        rest.map_or_else(|| line.trim_start_matches("pub "), |(_, rest)| rest)
    });
    let words: Vec<&str> = visible.split([' ', '<', '(', '{', ';', ':']).collect();
    match words[..] {
        ["struct" | "enum" | "trait" | "type", name, ..] => Some(name),
        _ => None,
    }
}

/// Names that every operation and every door gives to the same thing, and what is private to a file and
/// known by its field.
const EVERYWHERE: [&str; 8] = [
    "Input", "Output", "Plan", "Report", "Command", "Body", "Inner", "State",
];

/// One word, one meaning, also where only a file or a folder may say it.
#[test]
fn a_type_name_means_one_thing() {
    let types = types(&root());
    let may = |name: &str| {
        EVERYWHERE.contains(&name) || name.ends_with("Args") || name.ends_with("Query")
    };
    let twice = types.windows(2).filter(|two| two[0].0 == two[1].0);
    let twice: Vec<_> = twice.filter(|two| !may(&two[0].0)).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

/// Types of every visibility are seen, and nothing else is.
#[test]
fn types_are_found() {
    for (line, name) in [
        ("pub struct RoomName(String);", "RoomName"),
        ("struct Inner {", "Inner"),
        ("pub(crate) enum Kind {", "Kind"),
        ("pub(in crate::server) struct Gate(Arc<Inner>);", "Gate"),
        ("pub trait Key: 'static {", "Key"),
        ("type Reply<T> = Result<T>;", "Reply"),
    ] {
        assert_eq!(type_of(line), Some(name), "{line}");
    }
    for line in ["    type Error = Error;", "pub fn run() {", "pub use a::B;"] {
        assert_eq!(type_of(line), None, "{line}");
    }
    for name in ["RoomName", "DailySection"] {
        assert!(
            types(&root()).iter().any(|(found, _)| found == name),
            "{name}"
        );
    }
}
