//! What people type finds what they mean, in every script: a table of names and queries.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use tantivy::schema::{IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions};
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{Index, IndexWriter, TantivyDocument};
use tok::backends::documents::Write;
use tok::backends::search::Operation;
use tok::commands::search::{query, reindex, verify};
use tok::context::Context;
use tok::model::search::{IndexRecord, SearchQuery};

use crate::support::{Binary, context};

const NAMES: &str = include_str!("search_table/names.tsv");
const QUERIES: &str = include_str!("search_table/queries.tsv");

/// Lines without remarks, in columns.
fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .map(|line| line.split('\t').collect())
}

/// A cell with its `\u{…}` as characters.
fn text(cell: &str) -> String {
    let mut parts = cell.split("\\u{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("a code point");
        let code = u32::from_str_radix(code, 16).expect("hex");
        out.push(char::from_u32(code).expect("a character"));
        out.push_str(rest);
    }
    out
}

fn record(id: &str, name: &str) -> IndexRecord {
    IndexRecord {
        id: id.to_owned(),
        fields: json!({ "name": name })
            .as_object()
            .cloned()
            .expect("an object"),
    }
}

async fn fill(context: &Context, names: &[(String, String)]) {
    let put = |(id, name): &(String, String)| Operation::Put(record(id, name), 1);
    let operations = names.iter().map(put).collect();
    let applied = context.search.apply("users", Arc::new(operations), None);
    applied.await.expect("applies");
}

async fn page(context: &Context, text: &str, offset: usize, limit: usize) -> (u64, Vec<String>) {
    let query = SearchQuery {
        text: text.to_owned(),
        limit,
        offset,
    };
    let found = context.search.query("users", &query).await;
    let found = found.expect("searches");
    let ids = found.hits.into_iter().map(|hit| hit.id);
    (found.total, ids.collect())
}

/// What is not as a row of the table says.
fn wrongs(row: &[&str], found: &[String], everybody: usize) -> Vec<String> {
    let column = |number: usize| {
        let cell = row.get(number).copied().unwrap_or_default();
        cell.split(' ').filter(|id| !id.is_empty() && *id != "-")
    };
    let has = |id: &str| found.iter().any(|found| found == id);
    let mut wrongs = Vec::new();
    let mut expected: BTreeSet<&str> = column(1).collect();
    if expected.remove("=") && found.len() != expected.len() {
        wrongs.push("finds others as well".to_owned());
    }
    let lacks = expected.iter().filter(|id| !has(id));
    wrongs.extend(lacks.map(|id| format!("lacks {id}")));
    let hides = |id: &&str| {
        if *id == "*" {
            !found.is_empty()
        } else {
            has(id)
        }
    };
    wrongs.extend(column(2).filter(hides).map(|id| format!("finds {id}")));
    let first: Vec<&str> = column(3).collect();
    if !found
        .iter()
        .zip(&first)
        .all(|(found, first)| found == first)
    {
        wrongs.push(format!("does not begin with {first:?}"));
    }
    // A typing error in the table itself.
    if found.len() > everybody {
        wrongs.push("finds somebody twice".to_owned());
    }
    wrongs
}

#[tokio::test]
async fn what_people_type_finds_what_they_mean() {
    let (context, _dir) = context(&[]);
    let names: Vec<_> = rows(NAMES)
        .map(|row| (row[0].to_owned(), text(row[1])))
        .collect();
    let ids: BTreeSet<&str> = names.iter().map(|(id, _)| id.as_str()).collect();
    assert!(ids.len() >= 200 && ids.len() == names.len(), "each id once");
    fill(&context, &names).await;
    let mut wrong = Vec::new();
    let mut queries = 0;
    for row in rows(QUERIES) {
        for id in row[1..].iter().flat_map(|cell| cell.split(' ')) {
            let is_known = ids.contains(id) || ["=", "-", "*", ""].contains(&id);
            assert!(is_known, "{id} is nobody, in {row:?}");
        }
        let (total, found) = page(&context, &text(row[0]), 0, 1000).await;
        assert_eq!(total, found.len() as u64, "{row:?}");
        let wrongs = wrongs(&row, &found, names.len());
        if !wrongs.is_empty() {
            let some: Vec<_> = found.iter().take(10).collect();
            wrong.push(format!("{}: {} of {some:?}", row[0], wrongs.join(", ")));
        }
        queries += 1;
    }
    assert!(queries >= 300, "{queries} queries");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The same text is found by itself, whatever it is made of.
#[tokio::test]
async fn every_name_finds_itself_first_or_beside_its_like() {
    let (context, _dir) = context(&[]);
    let names: Vec<_> = rows(NAMES)
        .map(|row| (row[0].to_owned(), text(row[1])))
        .collect();
    fill(&context, &names).await;
    for (id, name) in &names {
        if id == "nothing" {
            continue;
        }
        for typed in [
            name.clone(),
            name.to_uppercase(),
            name.to_lowercase(),
            name.replace(' ', "\u{3000}"),
            name.replace(' ', "\u{200e} "),
        ] {
            let (_, found) = page(&context, &typed, 0, 1000).await;
            assert!(found.contains(id), "{typed:?} ({name:?}): {found:?}");
        }
    }
}

#[tokio::test]
async fn pages_join_without_a_gap_whatever_the_index_went_through() {
    let (context, _dir) = context(&[]);
    let names: Vec<_> = rows(NAMES)
        .map(|row| (row[0].to_owned(), text(row[1])))
        .collect();
    // In many small parts, some of them written twice.
    for part in names.chunks(17) {
        fill(&context, part).await;
    }
    fill(&context, &names[40..90]).await;
    for typed in ["", "ma", "a", "mari", "田", "room 1"] {
        let (total, whole) = page(&context, typed, 0, 1000).await;
        for size in [1, 7] {
            let mut joined = Vec::new();
            while joined.len() < whole.len() {
                let (again, page) = page(&context, typed, joined.len(), size).await;
                assert_eq!(again, total);
                joined.extend(page);
            }
            assert_eq!(joined, whole, "{typed}");
        }
        let (_, behind) = page(&context, typed, whole.len(), 5).await;
        assert_eq!(behind, [""; 0]);
    }
    let (_, before) = page(&context, "mar", 0, 1000).await;
    fill(&context, &names).await;
    assert_eq!(
        page(&context, "mar", 0, 1000).await.1,
        before,
        "stays in order"
    );
}

/// What is stored may be as long and as odd as a record can be.
#[tokio::test]
async fn no_name_is_too_long_or_too_odd() {
    let (context, _dir) = context(&[]);
    let names = [
        ("alternating", "aB".repeat(100_000)),
        ("capitals", "ABc".repeat(100_000)),
        ("marks", format!("ก{}", "\u{e38}".repeat(100_000))),
        ("indian", format!("क{}", "\u{93f}".repeat(100_000))),
        ("korean", format!("\u{1100}{}", "\u{1161}".repeat(100_000))),
        ("chinese", "会議室".repeat(30_000)),
        ("numbers", "1 ".repeat(100_000)),
        ("ligatures", "\u{fdfa}".repeat(30_000)),
        ("signs", "🦄+".repeat(50_000)),
    ];
    let names = names.map(|(id, name)| (id.to_owned(), name));
    let began = Instant::now();
    fill(&context, &names).await;
    assert!(began.elapsed().as_secs() < 120, "{:?}", began.elapsed());
    for (typed, id) in [
        ("abab", "alternating"),
        ("กุ", "marks"),
        ("कि", "indian"),
        ("가", "korean"),
        ("議室会議", "chinese"),
        ("🦄", "signs"),
    ] {
        let (_, found) = page(&context, typed, 0, 9).await;
        assert!(found.iter().any(|found| found == id), "{typed}: {found:?}");
    }
}

/// Long queries are answered in no more time and memory than others.
#[tokio::test]
async fn no_query_is_too_long_or_too_odd() {
    let (context, _dir) = context(&[]);
    let names: Vec<_> = (0..2000)
        .map(|n| (format!("u{n}"), format!("会議{n} a{n}")))
        .collect();
    fill(&context, &names).await;
    let began = Instant::now();
    for typed in [
        "a ".repeat(256),
        "会".repeat(170),
        "\u{301}".repeat(256),
        "+".repeat(512),
        "🦄".repeat(128),
        "1 ".repeat(256),
        "aB".repeat(256),
        "\u{1100}\u{1161}".repeat(80),
        "\0\u{7f}\u{fffd}\u{10ffff}".repeat(40),
    ] {
        page(&context, &typed, 0, 20).await;
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

/// An index as releases before made it, with these people.
fn earlier_index(dir: &std::path::Path, names: &[(&str, &str)]) {
    let mut builder = Schema::builder();
    let id = builder.add_text_field("id", STRING | STORED);
    let mark = builder.add_text_field("mark", STORED);
    let record = builder.add_text_field("json", STORED);
    let words = TextFieldIndexing::default()
        .set_tokenizer("tok_words")
        .set_index_option(IndexRecordOption::WithFreqs);
    let words = TextOptions::default().set_indexing_options(words);
    let texts = [0, 1, 2].map(|n| builder.add_text_field(&format!("text{n}"), words.clone()));
    let dir = dir.join("search/users");
    std::fs::create_dir_all(&dir).expect("a directory");
    let index = Index::create_in_dir(&dir, builder.build()).expect("an index");
    let cutting = tantivy::tokenizer::SimpleTokenizer::default();
    let cutting = TextAnalyzer::builder(cutting)
        .filter(tantivy::tokenizer::LowerCaser)
        .build();
    index.tokenizers().register("tok_words", cutting);
    let mut writer: IndexWriter = index
        .writer_with_num_threads(1, 32 * 1024 * 1024)
        .expect("writes");
    for (name_of, name) in names {
        let mut document = TantivyDocument::default();
        document.add_text(id, name_of);
        document.add_text(mark, "0000000000000001");
        document.add_text(record, json!({ "name": name }).to_string());
        document.add_text(texts[0], name);
        writer.add_document(document).expect("adds");
    }
    let mut commit = writer.prepare_commit().expect("commits");
    let place = json!({ "at": "{}", "searchable": ["name", "firstName", "lastName"] });
    commit.set_payload(&place.to_string());
    commit.commit().expect("commits");
    writer.wait_merging_threads().expect("merges");
}

async fn store(context: &Context, names: &[(&str, &str)]) {
    let write = |(id, name): &(&str, &str)| Write::put("users", id, &json!({ "name": name }));
    let writes = names.iter().map(write).collect::<Result<_, _>>();
    let writes = writes.expect("JSON");
    context.documents.commit(writes).await.expect("commits");
}

async fn find(context: &Context, text: &str) -> Vec<String> {
    let input = query::Input {
        index: "users".to_owned(),
        text: text.to_owned(),
        ..query::Input::default()
    };
    let found = query::run(context, input).await.expect("searches");
    found.items.into_iter().map(|hit| hit.id).collect()
}

const PEOPLE: [(&str, &str); 3] = [
    ("ada", "Ada Lovelace"),
    ("tanaka", "田中太郎"),
    ("picard", "Jean-Luc Picard"),
];

/// Nothing is missing while the other one is made, and everything is found the new way afterwards.
#[tokio::test]
async fn an_index_of_an_earlier_release_is_made_anew() {
    let (context, dir) = context(&[]);
    earlier_index(dir.path(), &PEOPLE);
    store(&context, &PEOPLE).await;
    assert!(context.indexes.is_outdated("users").await.expect("looks"));
    assert_eq!(
        context.search.checkpoint("users").await.expect("reads"),
        None
    );
    // It is searched and filled as it is.
    assert_eq!(page(&context, "lovelcae", 0, 9).await.1, ["ada"]);
    assert_eq!(page(&context, "太郎", 0, 9).await.1, [""; 0]);
    fill(&context, &[("bob".to_owned(), "Bob".to_owned())]).await;
    assert_eq!(page(&context, "bob", 0, 9).await.1, ["bob"]);
    assert_eq!(page(&context, "ada", 0, 9).await.1, ["ada"]);
    // Whoever searches next has it made anew; what nobody knows of is gone.
    assert_eq!(find(&context, "太郎").await, ["tanaka"]);
    assert!(!context.indexes.is_outdated("users").await.expect("looks"));
    assert_eq!(find(&context, "jeanluc").await, ["picard"]);
    assert_eq!(find(&context, "").await.len(), 3);
    let spec = context.mirrors.get("users").expect("configured").clone();
    let input = verify::Input {
        spec,
        repair: false,
    };
    let report = verify::run(&context, input).await.expect("verifies");
    assert_eq!(report.drift, [], "{report:?}");
    let left = std::fs::read_dir(dir.path().join("search")).expect("a directory");
    let left = left.map(|entry| entry.expect("an entry").file_name());
    let left: Vec<_> = left
        .filter(|name| name.to_string_lossy().starts_with("users"))
        .collect();
    assert_eq!(left.len(), 2, "one pointer, one index: {left:?}");
}

#[tokio::test]
async fn a_reindexing_makes_an_index_of_an_earlier_release_anew() {
    let (context, dir) = context(&[]);
    earlier_index(dir.path(), &PEOPLE);
    store(&context, &PEOPLE).await;
    let spec = context.mirrors.get("users").expect("configured").clone();
    let input = reindex::Input::of(spec);
    let plan = reindex::plan(&context, input.clone()).await.expect("plans");
    assert_eq!((plan.mode, plan.puts), (reindex::Mode::Swap, 3), "{plan:?}");
    let report = reindex::run(&context, input.clone()).await;
    let report = report.expect("indexes");
    assert_eq!((report.mode, report.puts), (reindex::Mode::Swap, 3));
    assert_eq!(page(&context, "太郎", 0, 9).await.1, ["tanaka"]);
    let report = reindex::run(&context, input).await.expect("indexes");
    assert_eq!((report.mode, report.puts), (reindex::Mode::Reconcile, 0));
}

/// The worker does it by itself and says so.
#[test]
fn the_worker_tells_that_an_index_is_made_anew() {
    let binary = Binary::new();
    let dir = binary.dir().join(".local/share/tok");
    for (id, name) in PEOPLE {
        binary
            .run(&["user", "create", "--id", id, "--name", name])
            .ok();
    }
    earlier_index(&dir, &PEOPLE);
    let run = binary.run(&["work", "--once", "--only", "search"]).ok();
    assert!(run.stderr.contains("it is made anew"), "{}", run.stderr);
    let run = binary
        .run(&["search", "query", "users", "太郎", "--json"])
        .ok();
    assert_eq!(run.json()[0]["id"], Value::from("tanaka"));
    assert!(!run.stderr.contains("made anew"), "{}", run.stderr);
}
