//! Users: the app's own documents, over both doors.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::backends::documents::Write;

use crate::support::{Binary, TestApp, answer};

#[tokio::test]
async fn a_user_lives_its_life() {
    let app = TestApp::start().await;
    let body = json!({ "id": "ada", "name": "Ada", "photo_url": "https://x.example/a.png" });
    let (status, made) = app.post("/v1/users", body.clone()).await;
    assert_eq!((status, &made), (StatusCode::CREATED, &body));
    let (status, problem) = app.post("/v1/users", body.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let patch = |body: Value| answer(app.request(Method::PATCH, "/v1/users/ada").json(&body));
    let (status, changed) = patch(json!({ "name": "Ada L.", "photo_url": null })).await;
    assert_eq!(
        (status, &changed),
        (StatusCode::OK, &json!({ "id": "ada", "name": "Ada L." }))
    );
    assert_eq!(app.get("/v1/users/ada").await.1, changed);
    assert_eq!(
        app.delete("/v1/users/ada?dry_run=true").await,
        (StatusCode::OK, changed.clone())
    );
    assert_eq!(app.delete("/v1/users/ada").await, (StatusCode::OK, changed));
    for (status, body) in [
        app.get("/v1/users/ada").await,
        app.delete("/v1/users/ada").await,
        patch(json!({ "name": "x" })).await,
    ] {
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(body["detail"], "there is no user `ada`");
    }
}

/// The app's own documents carry more than we know, and push tokens nobody may see.
#[tokio::test]
async fn what_is_not_known_is_neither_shown_nor_touched() {
    let app = TestApp::start().await;
    let theirs = json!({
        "id": "u1", "name": "Bob", "photoURL": null, "token": "push-token", "onRoom": "r7",
        "state": "online", "last_changed": 5, "firstName": "Robert", "clientId": "c1",
    });
    let write = Write::put("users", "u1", &theirs).expect("JSON");
    app.context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let (_, seen) = app.get("/v1/users/u1").await;
    let expected = json!({ "id": "u1", "name": "Bob", "first_name": "Robert", "client_id": "c1", "state": "online" });
    assert_eq!(seen, expected);
    let patch = app
        .request(Method::PATCH, "/v1/users/u1")
        .json(&json!({ "client_id": "c2" }));
    assert_eq!(answer(patch).await.0, StatusCode::OK);
    let stored = app
        .context
        .documents
        .get("users", "u1")
        .await
        .expect("reads")
        .expect("is there");
    let mut after = theirs;
    after["clientId"] = json!("c2");
    assert_eq!(stored.decode::<Value>().expect("JSON"), after);
}

#[tokio::test]
async fn bad_input_is_refused() {
    let app = TestApp::start().await;
    let cases = [
        (json!({}), "missing field `name`"),
        (json!({ "name": " " }), "a user needs a name"),
        (json!({ "name": "x".repeat(257) }), "257 characters long"),
        (
            json!({ "name": "x", "id": "a/b" }),
            "cannot be a new user's id",
        ),
        (
            json!({ "name": "x", "id": "__x__" }),
            "cannot be a new user's id",
        ),
        (
            json!({ "name": "x", "token": "t" }),
            "unknown field `token`",
        ),
        (json!({ "name": 5 }), "expected a string"),
    ];
    for (body, part) in cases {
        let (status, problem) = app.post("/v1/users", body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}: {problem}");
        assert!(
            problem["detail"].as_str().expect("text").contains(part),
            "{body}: {problem}"
        );
    }
    assert_eq!(
        app.get("/v1/users").await.1,
        json!({ "items": [], "next": null })
    );
}

#[test]
fn the_command_line_does_the_same() {
    let binary = Binary::new();
    for id in ["ada", "bob", "cyd"] {
        binary
            .run(&["user", "create", "--name", id, "--id", id])
            .ok();
    }
    binary
        .run(&["user", "create", "--name", "x", "--id", "ada"])
        .refused(4, "exists already");
    assert_eq!(
        binary.run(&["user", "list", "-o", "name"]).ok().stdout,
        "ada\nbob\ncyd\n"
    );
    assert_eq!(
        binary
            .run(&["user", "list", "--limit", "2", "-o", "name"])
            .ok()
            .stdout,
        "ada\nbob\n"
    );
    let user = binary
        .run(&["user", "update", "ada", "--first-name", "Ada", "--json"])
        .ok()
        .json();
    assert_eq!(
        user,
        json!({ "id": "ada", "name": "ada", "first_name": "Ada" })
    );
    binary
        .run(&["user", "update", "ada", "--clear", "first-name"])
        .ok();
    binary
        .run(&["user", "update", "ada", "--clear", "name"])
        .refused(2, "cannot be cleared");
    binary
        .run(&["user", "update", "ada"])
        .refused(2, "there is nothing to change");
    binary
        .run(&["user", "create", "--name", "y", "--id", "yan", "-n"])
        .ok();
    binary
        .run(&["user", "delete", "ada"])
        .refused(9, "nobody is there to confirm");
    binary
        .run(&["user", "delete", "nope", "--yes"])
        .refused(3, "there is no user `nope`");
    let gone = binary
        .pipe(
            &["user", "delete", "-", "--yes", "-o", "name"],
            "ada\nbob\n",
        )
        .ok();
    assert_eq!(gone.stdout, "ada\nbob\n");
    assert_eq!(
        binary.run(&["user", "list", "-o", "name"]).ok().stdout,
        "cyd\n"
    );
}

/// Ids that an app may have given its own documents, and that nobody would be given here.
const ODD: [&str; 7] = [
    "Ольга 2",
    "ゆき",
    "50%",
    "c%3Fd",
    "__id42__",
    "x/../y",
    "-v?a=1#b",
];

#[tokio::test]
async fn whoever_the_app_made_is_reached_by_every_door() {
    let app = TestApp::start().await;
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = Binary::with(&[("TOK_DATA_DIR", &dir)]);
    let escaped = |id: &str| {
        let bytes = id.bytes().map(|byte| format!("%{byte:02X}"));
        bytes.collect::<String>()
    };
    let runs = |arguments: &[&str]| {
        let run = tok.run(arguments);
        assert_eq!(run.code, Some(0), "{arguments:?}: {}", run.stderr);
        run
    };
    for id in ODD {
        let document = json!({ "name": "Ada", "theirs": 1 });
        let write = Write::put("users", id, &document).expect("JSON");
        app.context
            .documents
            .commit(vec![write])
            .await
            .expect("commits");
        let path = format!("/v1/users/{}", escaped(id));
        let (status, shown) = app.get(&path).await;
        assert_eq!(
            (status, &shown["id"]),
            (StatusCode::OK, &json!(id)),
            "{shown}"
        );
        let renamed = app
            .request(Method::PATCH, &path)
            .json(&json!({ "name": "Ada L." }));
        assert_eq!(answer(renamed).await.0, StatusCode::OK, "{id}");
        assert_eq!(
            runs(&["user", "show", "--json", "--", id]).json()["name"],
            "Ada L."
        );
        runs(&[
            "notify",
            "send",
            "--title",
            "Hello",
            &format!("--user={id}"),
        ]);
        runs(&["notify", "flush"]);
        let inbox = app.get(&format!("{path}/notifications")).await.1;
        assert_eq!(
            inbox["items"].as_array().map(Vec::len),
            Some(1),
            "{id}: {inbox}"
        );
        let inbox = runs(&["notify", "inbox", "--json", "--", id]).json();
        assert_eq!(inbox.as_array().map(Vec::len), Some(1), "{id}: {inbox}");
        runs(&["presence", "set", "--connection", "c", "--", id, "online"]);
        let presence = app.get(&format!("/v1/presence/{}", escaped(id))).await;
        assert_eq!(presence.1["state"], "online", "{id}: {presence:?}");
        let plan = runs(&["user", "delete", "--dry-run", "--json", "--", id]).json();
        assert!(plan.to_string().contains(&json!(id).to_string()), "{plan}");
        let (status, gone) = app.delete(&path).await;
        assert_eq!(status, StatusCode::OK, "{id}: {gone}");
        assert_eq!(app.get(&path).await.0, StatusCode::NOT_FOUND);
    }
    assert_eq!(app.get("/v1/users").await.1["items"], json!([]));
}
