//! What a search finds, and whom it lets see it.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tempfile::TempDir;
use tok::Kind;
use tok::commands::search::{key, query, reindex};

use super::{anything, clean, find, person, put, remove, run};
use crate::support::{Binary, FakeAlgolia, TestApp, context, over};

#[tokio::test]
async fn a_slip_and_an_unfinished_word_are_forgiven() {
    let (context, _dir) = context(&[]);
    for (id, name) in [
        ("ada", "Ada Lovelace"),
        ("grace", "Grace Hopper"),
        ("jose", "José Núñez"),
        ("alan", "Alan Turing"),
    ] {
        put(&context, id, person(name)).await;
    }
    for (text, expected) in [
        ("ada", "ada"),
        ("lovel", "ada"),
        ("lovleace", "ada"),
        ("hoper", "grace"),
        ("jose nunez", "jose"),
        ("JOSÉ", "jose"),
        ("alan tur", "alan"),
    ] {
        assert_eq!(find(&context, text).await, [expected], "{text}");
    }
    assert_eq!(find(&context, "nobody").await, [""; 0]);
    assert_eq!(find(&context, "").await.len(), 4);
    assert_eq!(
        find(&context, "secret").await,
        [""; 0],
        "tokens are not searched"
    );
}

#[tokio::test]
async fn without_a_worker_whoever_searches_catches_up() {
    let (context, _dir) = context(&[]);
    put(&context, "ada", person("Ada")).await;
    assert_eq!(find(&context, "ada").await, ["ada"]);
    put(&context, "bob", person("Bob")).await;
    assert_eq!(find(&context, "bob").await, ["bob"]);
    put(&context, "ada", person("Eve")).await;
    remove(&context, "bob").await;
    assert_eq!(find(&context, "eve").await, ["ada"]);
    assert_eq!(find(&context, "ada").await, [""; 0]);
    assert_eq!(find(&context, "bob").await, [""; 0]);
    clean(&context).await;
}

#[tokio::test]
async fn the_pages_of_a_search_are_all_of_it() {
    let (context, _dir) = context(&[]);
    for n in 0..25 {
        put(
            &context,
            &format!("u{n:02}"),
            person(&format!("Person {n}")),
        )
        .await;
    }
    let mut input = query::Input {
        text: "person".to_owned(),
        limit: Some(10),
        ..anything("users")
    };
    let mut seen = Vec::new();
    loop {
        let found = query::run(&context, input.clone()).await.expect("searches");
        assert_eq!(found.total, 25);
        seen.extend(found.items.into_iter().map(|hit| hit.id));
        match found.next {
            Some(next) => input.after = Some(next),
            None => break,
        }
    }
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 25);
    let missing = query::run(&context, anything("people")).await;
    let error = missing.expect_err("unknown");
    assert_eq!(error.kind(), Kind::NotFound);
    assert!(error.message().contains("users"), "{error}");
}

#[tokio::test]
async fn only_what_is_mirrored_reaches_the_index() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    put(&context, "ada", person("Ada")).await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.deletes), (1, 0), "{report:?}");
    let expected = BTreeMap::from([("ada".to_owned(), json!({ "name": "Ada" }))]);
    assert_eq!(algolia.records("users"), expected);
    let fields = json!({ "searchableAttributes": ["name", "firstName", "lastName"] });
    assert_eq!(algolia.settings("users"), fields);
    // Presence and push tokens are nobody's business, and not worth an operation.
    let mut flipped = person("Ada");
    flipped["state"] = json!("offline");
    put(&context, "ada", flipped).await;
    let report = run(&context, reindex::Mode::Reconcile).await;
    assert_eq!((report.puts, report.unchanged), (0, 1), "{report:?}");
    assert_eq!(algolia.operations(), 1);
    algolia.verify();
}

/// A field called as the document's id in a hit does not take its place.
#[tokio::test]
async fn a_field_called_id_is_no_id() {
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("tok.toml");
    let text = "[[search.indexes]]\nindex = \"users\"\ncollection = \"users\"\nfields = [\"name\", \"id\"]\nsearchable = [\"name\"]\n";
    std::fs::write(&file, text).expect("written");
    let (context, _dir) = context(&[("TOK_CONFIG", file.to_str().expect("text"))]);
    put(&context, "ada", json!({ "name": "Ada", "id": "mallory" })).await;
    assert_eq!(find(&context, "ada").await, ["ada"]);
    let found = query::run(&context, anything("users"))
        .await
        .expect("searches");
    let hit = serde_json::to_string(&found.items[0]).expect("JSON");
    assert_eq!(hit, r#"{"id":"ada","name":"Ada"}"#);
}

#[test]
fn a_field_that_would_replace_an_id_is_refused() {
    for field in ["objectID", "_tok", "_snippetResult"] {
        let binary = Binary::with(&[
            ("TOK_SEARCH__BACKEND", "algolia"),
            ("TOK_ALGOLIA__APP_ID", "APP"),
            ("TOK_ALGOLIA__API_KEY", "key"),
        ]);
        let text = format!(
            "[[search.indexes]]\nindex = \"all\"\ncollection = \"users\"\nfields = [\"name\", \"{field}\"]\n"
        );
        std::fs::write(binary.dir().join("tok.toml"), text).expect("written");
        binary.run(&["search", "status"]).refused(10, field);
    }
}

#[tokio::test]
async fn keys_for_apps_are_made_here() {
    let algolia = FakeAlgolia::start().await;
    let (context, _dir) = over(&algolia.variables(), &[]);
    let input = key::Input {
        ttl: Some("1h".parse().expect("a span")),
        ..key::Input::default()
    };
    let made = key::create(&context, input).expect("makes");
    assert_eq!(made.indexes, ["users", "rooms"]);
    assert!(made.expires_at.is_some());
    assert_eq!(algolia.calls(), [""; 0], "nobody was asked");
    let (embedded, _dir) = crate::support::context(&[]);
    let error = key::create(&embedded, key::Input::default())
        .err()
        .expect("none");
    assert_eq!(error.kind(), Kind::Unsupported);
}

/// The doors say the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let (status, _) = app
        .post("/v1/users", json!({ "id": "ada", "name": "Ada" }))
        .await;
    assert_eq!(status, 201);
    let (status, found) = app.get("/v1/search/users?q=ada").await;
    assert_eq!(status, 200, "{found}");
    assert_eq!(found["items"][0], json!({ "id": "ada", "name": "Ada" }));
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    let hits = tok(&["search", "query", "users", "ada"]).ok().json();
    assert_eq!(hits, found["items"]);
    let (_, indexes) = app.get("/v1/search").await;
    assert_eq!(tok(&["search", "status"]).ok().json(), indexes["items"]);
    let (status, report) = app.post("/v1/search/users/verify", Value::Null).await;
    assert_eq!((status.as_u16(), &report["drift"]), (200, &json!([])));
    assert_eq!(
        tok(&["search", "verify", "users"]).ok().json(),
        json!([report])
    );
    let (status, plan) = app
        .post("/v1/search/users/reindex?dry_run=true", Value::Null)
        .await;
    assert_eq!((status.as_u16(), &plan["puts"]), (200, &json!(0)));
    let (status, _) = app.get("/v1/search/nowhere?q=x").await;
    assert_eq!(status, 404);
    assert_eq!(tok(&["search", "query", "nowhere", "x"]).code, Some(3));
    let settings = tok(&["search", "settings", "pull", "users"]).ok().json();
    assert_eq!(settings["searchableAttributes"][0], "name");
}
