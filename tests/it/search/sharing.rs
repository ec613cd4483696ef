//! Collections that share an index.

use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use tok::backends::documents::Write;
use tok::commands::search::{follow, parked, reindex, verify};
use tok::context::Context;
use tok::model::search::IndexSpec;

use super::{look, remove};
use crate::support::{FakeAlgolia, over};

#[tokio::test]
async fn collections_that_share_an_index_do_not_hide_each_other() {
    let algolia = FakeAlgolia::start().await;
    let home = TempDir::new().expect("a directory");
    let file = home.path().join("tok.toml");
    let text = r#"
        [[search.indexes]]
        index = "all"
        collection = "users"
        fields = ["name"]
        [[search.indexes]]
        index = "all"
        collection = "rooms"
        fields = ["name"]
    "#;
    std::fs::write(&file, text).expect("written");
    let file = file.to_str().expect("text");
    let (context, _dir) = over(&algolia.variables(), &[("TOK_CONFIG", file)]);
    let spec = context.mirrors.get("all").expect("configured").clone();
    for collection in ["users", "rooms"] {
        let value = json!({ "name": collection });
        let writes = vec![
            Write::put(collection, "same", &value).expect("JSON"),
            Write::put(collection, collection, &value).expect("JSON"),
        ];
        context.documents.commit(writes).await.expect("commits");
    }
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(algolia.records("all").len(), 3);
    remove(&context, "same").await;
    follow::run_once(&context, &spec).await.expect("catches up");
    assert_eq!(algolia.records("all")["same"], json!({ "name": "rooms" }));
    algolia.verify();
}

/// Two collections over one index: `users` and `rooms`, by their names.
fn shared(algolia: &FakeAlgolia, home: &TempDir) -> (Context, TempDir, Arc<IndexSpec>) {
    let file = home.path().join("tok.toml");
    let source = |collection: &str| {
        format!(
            "[[search.indexes]]\nindex = \"all\"\ncollection = \"{collection}\"\nfields = [\"name\", \"bio\"]\n"
        )
    };
    std::fs::write(&file, [source("users"), source("rooms")].concat()).expect("written");
    let file = file.to_str().expect("text");
    let (context, dir) = over(&algolia.variables(), &[("TOK_CONFIG", file)]);
    let spec = context.mirrors.get("all").expect("configured").clone();
    (context, dir, spec)
}

/// One of two documents with one id is found; the other one is named, for as long as that is so.
#[tokio::test]
async fn an_id_that_two_collections_have_is_told() {
    let home = TempDir::new().expect("a directory");
    for (room, reason) in [
        (json!({ "name": "Room" }), "another document has this id"),
        // The same record, of another document.
        (json!({ "name": "Ada" }), "another document has this id"),
        (
            json!({ "name": "Room", "bio": "b".repeat(20_000) }),
            "most of them in `bio`",
        ),
    ] {
        let algolia = FakeAlgolia::start().await;
        let (context, _dir, spec) = shared(&algolia, &home);
        let ada = json!({ "name": "Ada" });
        let writes = vec![
            Write::put("rooms", "a%2Fb", &room).expect("JSON"),
            Write::put("users", "a%2Fb", &ada).expect("JSON"),
            Write::put("rooms", "tea", &json!({ "name": "Tea" })).expect("JSON"),
        ];
        context.documents.commit(writes).await.expect("commits");
        let parked = async || {
            let parked = parked::run(
                &context,
                parked::Input {
                    index: "all".to_owned(),
                },
            )
            .await
            .expect("lists");
            parked
                .into_iter()
                .map(|of| (of.id, of.reason))
                .collect::<Vec<_>>()
        };
        let input = || reindex::Input::of(spec.clone());
        // By a worker, by a reindexing, and again when all is in the index already.
        follow::run_once(&context, &spec).await.expect("catches up");
        for _ in 0..2 {
            let report = reindex::run(&context, input()).await.expect("indexes");
            assert_eq!((report.parked, report.puts), (1, 0), "{report:?}");
            let [(id, why)] = &parked().await[..] else {
                panic!("{:?}", parked().await);
            };
            assert!(id == "a%2Fb" && why.contains(reason), "{why}");
            assert_eq!(algolia.records("all").len(), 2);
            assert_eq!(algolia.records("all")["a%2Fb"], ada);
        }
        let plan = reindex::plan(&context, input()).await.expect("counts");
        assert_eq!((plan.puts, plan.deletes), (0, 0), "{plan:?}");
        let verified = verify::run(&context, look(spec.clone(), false)).await;
        let verified = verified.expect("verifies");
        assert_eq!((verified.drift.len(), verified.parked), (0, 1));
        remove(&context, "a%2Fb").await;
        follow::run_once(&context, &spec).await.expect("catches up");
        let is_room = algolia.records("all").get("a%2Fb") == Some(&room);
        assert_eq!(is_room, !reason.contains("bio"));
        assert_eq!(parked().await.len(), usize::from(reason.contains("bio")));
        algolia.verify();
    }
}
