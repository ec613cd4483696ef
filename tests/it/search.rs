//! Search: the index is the truth, whoever writes meanwhile and whatever breaks.

mod mirroring;
mod queries;
mod reindexing;
mod sharing;
mod storms;

use std::sync::Arc;

use serde_json::{Value, json};
use tok::backends::documents::Write;
use tok::commands::search::{query, reindex, verify};
use tok::context::Context;
use tok::model::search::IndexSpec;

use crate::support;

fn users(context: &Context) -> Arc<IndexSpec> {
    context.mirrors.get("users").expect("configured").clone()
}

async fn put(context: &Context, id: &str, value: Value) {
    support::put(context, "users", id, value).await;
}

async fn remove(context: &Context, id: &str) {
    let write = Write::delete("users", id);
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

fn person(name: &str) -> Value {
    json!({ "id": "x", "name": name, "token": "secret", "state": "online", "last_changed": 1 })
}

fn anything(index: &str) -> query::Input {
    query::Input {
        index: index.to_owned(),
        ..query::Input::default()
    }
}

fn look(spec: Arc<IndexSpec>, repair: bool) -> verify::Input {
    verify::Input { spec, repair }
}

async fn run(context: &Context, mode: reindex::Mode) -> reindex::Report {
    let input = reindex::Input {
        mode,
        ..reindex::Input::of(users(context))
    };
    reindex::run(context, input).await.expect("indexes")
}

async fn clean(context: &Context) -> verify::Report {
    let report = verify::run(context, look(users(context), false))
        .await
        .expect("verifies");
    assert_eq!(report.drift, [], "{report:?}");
    report
}

async fn find(context: &Context, text: &str) -> Vec<String> {
    let input = query::Input {
        text: text.to_owned(),
        ..anything("users")
    };
    let found = query::run(context, input).await.expect("searches");
    found.items.into_iter().map(|hit| hit.id).collect()
}
