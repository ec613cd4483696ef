//! The contributor's guides: what they name exists, and the table of what is stored says what the
//! code says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tok::records::{ALL, After, Declaration, Expiry};

use crate::layers::sources;
use crate::readme::table_in;

/// The folders that a path in a guide begins with.
const FOLDERS: [&str; 10] = [
    ".ci/",
    ".github/",
    "benches/",
    "clients/",
    "completions/",
    "deploy/",
    "docs/",
    "man/",
    "src/",
    "tests/",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The guides, by their names.
fn guides() -> Vec<String> {
    let mut names: Vec<String> = [
        "CONTRIBUTING.md",
        "SECURITY.md",
        "README.md",
        "clients/typescript/README.md",
    ]
    .map(str::to_owned)
    .into();
    for folder in ["docs", "docs/decisions"] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|kind| kind == "md") {
                let name = path.file_name().expect("a name").to_string_lossy();
                names.push(format!("{folder}/{name}"));
            }
        }
    }
    names
}

/// What stands in backticks on one line.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2))
}

/// Whether a source has something of this name: a function, a type, a constant, a variant.
fn has(source: &str, name: &str) -> bool {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    source
        .match_indices(name)
        .filter(|(at, _)| !source[at + name.len()..].starts_with(word))
        .any(|(at, _)| {
            let before = source[..at].trim_end_matches(' ');
            let last = before.rsplit(|c| !word(c)).next().unwrap_or_default();
            ["fn", "struct", "enum", "trait", "const", "static", "type"].contains(&last)
        })
}

/// What a text names and the repository has not: paths, and `path::name` of what a file should hold.
fn missing(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for named in quoted(text) {
        if !FOLDERS.iter().any(|folder| named.starts_with(folder)) {
            continue;
        }
        let (path, inside) = named.split_once("::").unwrap_or((named, ""));
        // A command line begins with it.
        let path = path.split(' ').next().unwrap_or_default();
        // A place holder stands for any of several.
        let path = match path.split_once(['<', '*']) {
            Some((sure, _)) => sure.rsplit_once('/').map_or("", |(folder, _)| folder),
            None => path,
        };
        let place = root().join(path);
        let names: Vec<&str> = inside.trim_matches(['{', '}']).split(", ").collect();
        if inside.is_empty() && place.exists() {
            continue;
        }
        let source = fs::read_to_string(&place).unwrap_or_default();
        let there = names.iter().all(|name| {
            let name = name.rsplit("::").next().unwrap_or_default();
            !name.is_empty() && has(&source, name)
        });
        if !there {
            out.push(named.to_owned());
        }
    }
    out
}

#[test]
fn what_the_guides_name_exists() {
    let mut found = Vec::new();
    let mut names = 0;
    for guide in guides() {
        let text = text(&guide);
        names += quoted(&text).filter(|of| of.starts_with("src/")).count();
        let missing = missing(&text).into_iter();
        found.extend(missing.map(|what| format!("{guide} names {what}")));
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(names > 100, "{names} is too few to be true");
}

/// A look that finds everything proves nothing.
#[test]
fn what_does_not_exist_is_found() {
    for (text, wrong) in [
        ("`src/lib.rs` and `src/lip.rs`", "src/lip.rs"),
        (
            "`tests/it/nothing/<release>/`",
            "tests/it/nothing/<release>/",
        ),
        (
            "`src/cli/mod.rs::dispatch_all`",
            "src/cli/mod.rs::dispatch_all",
        ),
        ("`src/cli/mod.rs::dispat`", "src/cli/mod.rs::dispat"),
        (
            "`src/cli/mod.rs::{run, flee}`",
            "src/cli/mod.rs::{run, flee}",
        ),
        ("`src/cli/nod.rs::run`", "src/cli/nod.rs::run"),
    ] {
        assert_eq!(missing(text), [wrong], "{text}");
    }
    for fine in [
        "`src/cli/mod.rs::dispatch`",
        "`src/cli/mod.rs::{run, dispatch}`",
        "`src/commands/<noun>/<verb>.rs`",
        "`tests/it/stored/`",
        "`.ci/run fast`",
        "`cargo test` of `no/such/path`",
    ] {
        assert_eq!(missing(fine), [""; 0], "{fine}");
    }
}

/// What a release is told by, before it is tagged and after: its section of the CHANGELOG.
#[test]
fn the_notes_of_the_coming_release_can_be_cut_out() {
    let notes = |of: &str| -> Output {
        let mut cutting = Command::new(root().join(".ci/release-notes"));
        cutting.arg(of).output().expect("runs")
    };
    let version = env!("CARGO_PKG_VERSION");
    // Its section has its version once it is released.
    let is_out = text("CHANGELOG.md").contains(&format!("\n## {version} - "));
    let cut = notes(if is_out { version } else { "Unreleased" });
    let told = String::from_utf8_lossy(&cut.stdout).into_owned();
    assert!(cut.status.success() && told.starts_with("### "), "{cut:?}");
    assert!(!told.contains("\n## "), "one section");
    let nothing = notes("0.0.0");
    assert!(
        !nothing.status.success() && nothing.stdout.is_empty(),
        "{nothing:?}"
    );
}

/// Who installs a package types its name as the guides have it.
#[test]
fn the_guides_name_the_package_of_this_version() {
    let package = concat!("tok_", env!("CARGO_PKG_VERSION"), "-1_amd64.deb");
    let mut names = 0;
    for guide in guides() {
        let text = text(&guide);
        for (at, _) in text.match_indices("-1_amd64.deb") {
            let before = &text[..at];
            let begin = before.rfind("tok_").expect("a name");
            let named = format!("{}-1_amd64.deb", &before[begin..]);
            assert_eq!(named, package, "{guide}");
            names += 1;
        }
    }
    assert!(names > 0);
}

/// The names by which links reach the headings of a text.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings
        .map(|line| line.trim_start_matches('#').trim().to_lowercase())
        .map(|title| title.chars().filter(kept).collect::<String>())
        .map(|title| title.replace(' ', "-"))
        .collect()
}

/// Where the links of a guide lead to nothing.
fn lost(guide: &str, links: &mut usize) -> Vec<String> {
    let here = text(guide);
    let folder = Path::new(guide).parent().expect("a folder");
    let mut found = Vec::new();
    let named = here.split("](").skip(1);
    for link in named.filter_map(|rest| rest.split(')').next()) {
        if link.contains("://") {
            continue;
        }
        *links += 1;
        let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
        let path = match file {
            "" => root().join(guide),
            file => root().join(folder).join(file),
        };
        let known = || anchors(&fs::read_to_string(&path).unwrap_or_default());
        if !path.exists() || !anchor.is_empty() && !known().contains(anchor) {
            found.push(format!("{guide} links to {link}"));
        }
    }
    found
}

/// Links between the guides, and from the README to them, down to the heading.
#[test]
fn the_guides_link_to_what_exists() {
    let mut links = 0;
    let guides = guides().into_iter();
    let found: Vec<String> = guides.flat_map(|guide| lost(&guide, &mut links)).collect();
    assert!(found.is_empty(), "{found:#?}");
    assert!(links > 60, "{links} is too few to be true");
    let known = anchors("# Which key where\n## What `x` is, and why\n");
    assert!(known.contains("which-key-where") && known.contains("what-x-is-and-why"));
    assert!(!known.contains("which-key"));
}

/// The glossary explains words that the code uses, each once and in order.
#[test]
fn the_glossary_has_words_of_the_code() {
    let guide = text("docs/ARCHITECTURE.md");
    let (_, rest) = guide.split_once("## Words\n").expect("the glossary");
    let (glossary, _) = rest.split_once("\n## ").expect("the end");
    let rows = glossary.lines().filter(|line| line.starts_with("| **"));
    let terms: Vec<&str> = rows
        .filter_map(|row| row["| **".len()..].split("**").next())
        .collect();
    assert!((35..=65).contains(&terms.len()), "{}", terms.len());
    let sorted: BTreeSet<&str> = terms.iter().copied().collect();
    assert_eq!(
        terms,
        sorted.into_iter().collect::<Vec<_>>(),
        "in order, each once"
    );
    let files = sources(&root().join("src"));
    let all = files
        .iter()
        .map(|path| fs::read_to_string(path).expect("text"));
    let all = all.collect::<Vec<_>>().join("\n").to_lowercase();
    let unused: Vec<&&str> = terms.iter().filter(|term| !all.contains(**term)).collect();
    assert!(unused.is_empty(), "the code does not say {unused:?}");
}

/// Where a collection is declared, and what its comment says that it holds.
struct Declared {
    place: String,
    holds: String,
}

/// Reads the declarations off the sources, by the names of the collections.
fn declarations() -> BTreeMap<String, Declared> {
    let mut out = BTreeMap::new();
    let files = sources(&root().join("src/records"));
    for path in files {
        let file = path.file_name().expect("a name").to_string_lossy();
        let source = fs::read_to_string(&path).expect("text");
        let mut comment = String::new();
        let mut lines = source.lines();
        while let Some(line) = lines.next() {
            if let Some(more) = line.strip_prefix("/// ") {
                comment = format!("{comment}{more} ");
                continue;
            }
            let constant = line.strip_prefix("pub const ");
            if let Some((constant, kind)) = constant.and_then(|rest| rest.split_once(": "))
                && ["Collection<", "SealedCollection<"]
                    .iter()
                    .any(|of| kind.starts_with(of))
            {
                let name = line
                    .split('"')
                    .nth(1)
                    .or_else(|| lines.next()?.split('"').nth(1));
                let (first, _) = comment.split_once(". ").unwrap_or((&comment, ""));
                out.insert(
                    name.expect("a name").to_owned(),
                    Declared {
                        place: format!("`{file}` `{constant}`"),
                        holds: first.replace("[`", "`").replace("`]", "`"),
                    },
                );
            }
            comment.clear();
        }
    }
    out
}

/// When documents of a collection go, in words.
fn goes(of: &Declaration) -> String {
    let Some(Expiry { field, after }) = of.expiry else {
        return of.kept.to_owned();
    };
    let end = match after {
        After::AtOnce => format!("at `{field}`"),
        After::Hours(hours) => format!("{hours} h after `{field}`"),
        After::CallsKeep => format!("`calls.keep` after `{field}`"),
        After::DeliveriesKeep => format!("`calls.keep`, and at least 72 h, after `{field}`"),
        After::SessionsKeep => format!("`sessions.keep` after `{field}`"),
        After::MessagesKeep => format!("`signalling.messages_keep` after `{field}`"),
    };
    match of.kept {
        "" => end,
        kept => format!("{end}; {kept}"),
    }
}

#[test]
fn the_table_of_what_is_stored_is_complete() {
    let declared = declarations();
    let mut all: Vec<&Declaration> = ALL.iter().collect();
    all.sort_by_key(|of| of.name);
    let row = |of: &&Declaration| {
        let Declared { place, holds } = &declared[of.name];
        let found = of.lookups.iter().map(|field| format!("`{field}`"));
        format!(
            "| `{}` | {place} | {holds} | {} | {} | {} | {} |",
            of.name,
            of.version,
            if of.bookkeeping { "yes" } else { "" },
            found.collect::<Vec<_>>().join(", "),
            goes(of),
        )
    };
    let rows: Vec<String> = all.iter().map(row).collect();
    assert_eq!(declared.len(), ALL.len(), "each declaration is in ALL");
    table_in(&text("docs/ARCHITECTURE.md"), "stored", &rows);
}
