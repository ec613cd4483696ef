//! Keys and secrets in a database that others write to: with `auth.secret_file` only what tok sealed
//! counts.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use futures_util::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use reqwest::{Method, StatusCode};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tempfile::TempDir;
use tok::backends::documents::{Document, Scan, Write};
use tok::commands::key::{create, list, revoke};
use tok::commands::store::{seal, sealed};
use tok::commands::{doctor, idempotency, room};
use tok::context::Context;
use tok::error::Reason;
use tok::model::health::{Depth, Finding, Health};
use tok::model::key::Scope;
use tok::model::{Grant, Minter, Role};

use crate::support::meddled::{Meddling, meddle};
use crate::support::{Binary, Emulator, PATIENCE, TestApp, answer, config};

const OWN: &str = "b3duIHNlY3JldCBvZiAzMiBieXRlcyBvciBtb3JlLg==";
const OTHER: &str = "YW5vdGhlciBzZWNyZXQsIGFzIGxvbmcgYXMgdGhhdC4=";

fn file(dir: &Path, name: &str, secret: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, format!("{secret}\n")).expect("written");
    path.display().to_string()
}

/// A server with keys, and with the secret if `secret` is some.
async fn server(secret: Option<&str>) -> (TestApp, TempDir) {
    let dir = TempDir::new().expect("a directory");
    let mut variables = vec![("TOK_AUTH__MODE", "keys")];
    let path = file(dir.path(), "secret", secret.unwrap_or(OWN));
    if secret.is_some() {
        variables.push(("TOK_AUTH__SECRET_FILE", path.as_str()));
    }
    (TestApp::with(&variables).await, dir)
}

/// The store in `dir`, opened with a secret.
fn opened(dir: &Path, secret: Option<&str>) -> Context {
    let kept = TempDir::new().expect("a directory");
    let path = file(kept.path(), "secret", secret.unwrap_or(OWN));
    let variables = [("TOK_AUTH__SECRET_FILE", path.as_str())];
    let variables = if secret.is_some() {
        &variables[..]
    } else {
        &[]
    };
    Context::open(&config(dir, variables), dir).expect("opens")
}

async fn key(context: &Context, name: &str) -> create::Output {
    let input = create::Input {
        name: name.to_owned(),
        scopes: BTreeSet::from([Scope::RoomsRead, Scope::RoomsWrite, Scope::Tokens]),
        max_role: Role::Participant,
        expires: None,
    };
    create::run(context, input).await.expect("a key")
}

async fn document(context: &Context, collection: &str, id: &str) -> Document {
    let found = context.documents.get(collection, id).await;
    found.expect("reads").expect("is there")
}

fn value(document: &Document) -> Value {
    document.decode().expect("JSON")
}

/// Writes as somebody does who has no secret.
async fn write(context: &Context, collection: &str, id: &str, document: &Value) {
    let write = Write::put(collection, id, document).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

async fn status(app: &TestApp, secret: &str) -> StatusCode {
    let request = app.client.request(Method::GET, app.url("/v1/rooms"));
    answer(request.bearer_auth(secret)).await.0
}

async fn becomes(app: &TestApp, secret: &str, expected: StatusCode) {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = status(app, secret).await;
        if found == expected {
            return;
        }
        assert!(Instant::now() < deadline, "it stays {found}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

/// A key that somebody made who can write into the database: `tok_feedfeedfeed_mine`.
fn forged() -> Value {
    let scopes: Vec<_> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    json!({
        "hash": hex::encode(Sha256::digest("mine")),
        "key": {
            "id": "feedfeedfeed", "name": "mine", "scopes": scopes, "max_role": "host",
            "created_at": "2026-01-01T00:00:00Z",
        },
    })
}

const FORGED: &str = "tok_feedfeedfeed_mine";

#[tokio::test]
async fn a_key_that_somebody_else_wrote_opens_nothing() {
    let (open, _dir) = server(None).await;
    write(&open.context, "tok_keys", "feedfeedfeed", &forged()).await;
    // Without a secret whoever writes there makes keys.
    becomes(&open, FORGED, StatusCode::OK).await;

    let (app, _dir) = server(Some(OWN)).await;
    write(&app.context, "tok_keys", "feedfeedfeed", &forged()).await;
    let good = key(&app.context, "app").await;
    becomes(&app, &good.secret, StatusCode::OK).await;
    assert_eq!(status(&app, FORGED).await, StatusCode::UNAUTHORIZED);
    let request = app.client.request(Method::GET, app.url("/v1/rooms"));
    let (_, body) = answer(request.bearer_auth(FORGED)).await;
    assert_eq!(body["detail"], "the API key is not valid");
    let listed = list::run(&app.context).await.expect("lists");
    let told = |id: &str| {
        let found = listed.iter().find(|listed| listed.key.id == id);
        found.expect("is listed").not_sealed
    };
    assert_eq!(told("feedfeedfeed"), Some("not sealed"));
    assert_eq!(told(&good.key.id), None);
    // It can be revoked as any other one.
    let gone = revoke::run(&app.context, "feedfeedfeed".into()).await;
    assert_eq!(gone.expect("revokes").name, "mine");
}

#[tokio::test]
async fn a_genuine_key_cannot_be_widened_renewed_or_moved() {
    let (app, _dir) = server(Some(OWN)).await;
    let context = &app.context;
    let made = key(context, "app").await;
    let own = value(&document(context, "tok_keys", &made.key.id).await);
    let seal = own["seal"].clone();
    becomes(&app, &made.secret, StatusCode::OK).await;
    let mut cases = Vec::new();
    for (field, to) in [
        ("max_role", json!("host")),
        ("scopes", json!(["rooms:read", "status"])),
        ("expires_at", json!("2099-01-01T00:00:00Z")),
        ("name", json!("another")),
        ("created_at", json!("2020-01-01T00:00:00Z")),
    ] {
        let mut changed = own.clone();
        changed["key"][field] = to;
        cases.push(changed);
    }
    let mut other_secret = own.clone();
    other_secret["hash"] = forged()["hash"].clone();
    cases.push(other_secret);
    let mut unsealed = own.clone();
    unsealed
        .as_object_mut()
        .expect("fields")
        .shift_remove("seal");
    cases.push(unsealed);
    for changed in cases {
        write(context, "tok_keys", &made.key.id, &changed).await;
        becomes(&app, &made.secret, StatusCode::UNAUTHORIZED).await;
        write(context, "tok_keys", &made.key.id, &own).await;
        becomes(&app, &made.secret, StatusCode::OK).await;
    }
    let mut moved = forged();
    moved["seal"] = seal;
    write(context, "tok_keys", "feedfeedfeed", &moved).await;
    becomes(&app, FORGED, StatusCode::UNAUTHORIZED).await;
}

#[test]
fn a_revoked_key_cannot_be_brought_back() {
    let binary = Binary::new();
    file(binary.dir(), "tok.secret", OWN);
    let config = "[auth]\nsecret_file = 'tok.secret'\n";
    std::fs::write(binary.dir().join("tok.toml"), config).expect("written");
    let made = binary.run(&["key", "create", "app", "-o", "name"]).ok();
    let id = made.stdout.split('_').nth(1).expect("an id").to_owned();
    let kept = crate::stored::document(&binary, "tok_keys", &id).expect("is there");
    binary.run(&["key", "revoke", &id, "--yes"]).ok();
    let back = Write::put("tok_keys", &id, &value(&kept)).expect("JSON");
    crate::stored::commit(&binary, vec![back]);
    // The store's clock says when it was written, and that is long after it was sealed.
    let store = binary.dir().join(".local/share/tok/tok.db");
    let connection = rusqlite::Connection::open(store).expect("opens");
    let later = "UPDATE documents SET written = written + 600000 WHERE collection = 'tok_keys'";
    assert_eq!(connection.execute(later, []).expect("written"), 1);
    drop(connection);
    let listed = binary.run(&["key", "list", "--json"]).ok().json();
    let why = "an old state that was brought back";
    assert_eq!(listed[0]["not_sealed"], why);
}

#[tokio::test]
async fn a_signing_key_that_somebody_else_wrote_signs_and_proves_nothing() {
    let dir = TempDir::new().expect("a directory");
    let context = opened(dir.path(), Some(OWN));
    write(
        &context,
        "tok_secrets",
        "join_tokens",
        &json!({ "key": "00".repeat(32) }),
    )
    .await;
    let error = minted(&context).await.expect_err("is refused");
    assert_eq!(error.why(), Some(Reason::NotSealed), "{error}");
    assert!(
        error.message().contains("tok_secrets/join_tokens"),
        "{error}"
    );

    let fresh = TempDir::new().expect("a directory");
    let context = opened(fresh.path(), Some(OWN));
    let token = minted(&context).await.expect("mints");
    let stored = document(&context, "tok_secrets", "join_tokens").await;
    let names: Vec<String> = value(&stored)
        .as_object()
        .expect("fields")
        .keys()
        .cloned()
        .collect();
    assert_eq!(names, ["v", "seal"], "nobody reads the key in the store");
    // Other nodes with the secret read it.
    let other = opened(fresh.path(), Some(OWN));
    let tokens = &other.backends.get(None).expect("local").tokens;
    assert!(tokens.inspect(&token).await.expect("reads").valid);
    let blind = opened(fresh.path(), None);
    let error = minted(&blind).await.expect_err("is refused");
    assert!(error.message().contains("auth.secret_file"), "{error}");
}

async fn minted(context: &Context) -> tok::Result<String> {
    let input = room::create::Input {
        name: Some("gate".to_owned()),
        ..room::create::Input::default()
    };
    // It may be there.
    drop(room::create::run(context, input).await);
    let grant = Grant {
        room: "gate".parse().expect("a name"),
        room_id: None,
        role: Role::Participant,
        user_id: None,
        user_name: None,
        issued_at: Timestamp::now(),
        not_before: None,
        expires_at: Timestamp::now() + SignedDuration::from_hours(1),
        properties: Map::new(),
        minter: Minter::OPERATOR,
        shared: false,
    };
    let tokens = &context.backends.get(None).expect("local").tokens;
    Ok(tokens.mint(&grant).await?.token)
}

async fn post(app: &TestApp, secret: &str, key: &str) -> (StatusCode, Value) {
    let request = app.request(Method::POST, "/v1/rooms");
    let request = request.bearer_auth(secret).header("idempotency-key", key);
    answer(request.json(&json!({}))).await
}

/// What is kept of the one request.
async fn kept(context: &Context) -> Document {
    let found = context.documents.scan(Scan::all("tok_idempotency"));
    let mut found: Vec<Document> = found.try_collect().await.expect("reads");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[tokio::test]
async fn an_answer_that_somebody_else_wrote_is_not_given_out() {
    let (app, _dir) = server(Some(OWN)).await;
    let made = key(&app.context, "app").await;
    let first = post(&app, &made.secret, "k1").await;
    assert_eq!(first.0, StatusCode::CREATED);
    assert_eq!(post(&app, &made.secret, "k1").await, first);
    let own = kept(&app.context).await;
    let name = first.1["name"].as_str().expect("a name");
    assert!(!own.json.contains(name), "{}", own.json);
    let stored = idempotency_in_clear();
    let mut longer = value(&own);
    longer["until"] = json!("2099-01-01T00:00:00Z");
    for forged in [stored, longer] {
        write(&app.context, "tok_idempotency", &own.id, &forged).await;
        let (status, body) = post(&app, &made.secret, "k1").await;
        assert_eq!(status, StatusCode::CONFLICT, "{body}");
        assert_eq!(body["reason"], "not_sealed");
    }
    // Nothing was made by it.
    let request = app
        .request(Method::GET, "/v1/rooms")
        .bearer_auth(&made.secret);
    let (_, rooms) = answer(request).await;
    assert_eq!(rooms["items"].as_array().expect("rooms").len(), 1);
}

fn idempotency_in_clear() -> Value {
    json!({
        "fingerprint": "x", "since": "2026-01-01T00:00:00Z", "until": "2099-01-01T00:00:00Z",
        "answer": { "status": 200, "body": "{\"token\":\"mine\"}" },
    })
}

async fn plan(context: &Context) -> seal::Plan {
    seal::plan(context, seal::Input::default())
        .await
        .expect("plans")
}

#[tokio::test]
async fn what_was_there_is_sealed_once_and_then_counts() {
    let dir = TempDir::new().expect("a directory");
    let before = opened(dir.path(), None);
    let one = key(&before, "one").await;
    let token = minted(&before).await.expect("mints");
    write(
        &before,
        "tok_idempotency",
        "answered",
        &idempotency_in_clear(),
    )
    .await;
    let mut claimed = idempotency_in_clear();
    claimed["answer"] = Value::Null;
    write(&before, "tok_idempotency", "claimed", &claimed).await;

    let context = opened(dir.path(), Some(OWN));
    assert!(sealed::insist(&context).await.is_ok(), "it may begin");
    let planned = plan(&context).await;
    let what: Vec<_> = planned
        .sealed
        .iter()
        .map(|item| item.what.as_str())
        .collect();
    let expected = [
        "API key one: rooms:read rooms:write tokens, up to participant",
        "a secret that tok made",
    ];
    assert_eq!(what, expected);
    // Meanwhile one is replaced by somebody: what nobody saw is not sealed.
    write(&before, "tok_keys", &one.key.id, &forged()).await;
    let report = seal::apply(&context, planned).await.expect("seals");
    assert_eq!((report.sealed.len(), report.left.len()), (1, 1));
    assert_eq!(report.left[0].was, "changed meanwhile");
    assert_eq!(report.forgotten, 1);

    revoke::run(&context, one.key.id.as_str().into())
        .await
        .expect("revokes");
    let again = seal::apply(&context, plan(&context).await)
        .await
        .expect("seals");
    assert_eq!(
        (again.sealed.len(), again.left.len(), again.forgotten),
        (0, 0, 0)
    );
    assert_eq!(again.already, 1);
    // The token from before is still good, by the same signing key.
    let after = opened(dir.path(), Some(OWN));
    let tokens = &after.backends.get(None).expect("local").tokens;
    assert!(tokens.inspect(&token).await.expect("reads").valid);
    // A request that was answered is carried out as a repetition; one that is under way is left alone.
    let claim = idempotency::claim(&after, "answered", "x".to_owned()).await;
    let Ok(idempotency::Claim::Run(request)) = claim else {
        panic!("it is not answered");
    };
    assert!(request.repeated);
    let under_way = value(&document(&after, "tok_idempotency", "claimed").await);
    assert_eq!(under_way, claimed);
}

#[tokio::test]
async fn a_sealing_that_is_cut_short_anywhere_goes_on() {
    for commits in 0..4 {
        let dir = TempDir::new().expect("a directory");
        let before = opened(dir.path(), None);
        let mut made = Vec::new();
        for name in ["a", "b", "c"] {
            made.push(key(&before, name).await);
        }
        minted(&before).await.expect("mints");
        let context = opened(dir.path(), Some(OWN));
        let meddlings = (0..commits).map(|_| Meddling::None);
        // The next one is made and nobody hears of it, as if the process had died.
        let meddlings = meddlings.chain([Meddling::Unanswered]);
        let broken = meddle(&context, "tok_keys", meddlings);
        let outcome = seal::apply(&broken, plan(&broken).await).await;
        assert_eq!(outcome.is_err(), commits < 3, "after {commits}");
        let report = seal::apply(&context, plan(&context).await)
            .await
            .expect("seals");
        assert_eq!(
            report.sealed.len() as u64 + report.already,
            4,
            "after {commits}"
        );
        assert!(report.left.is_empty());
        let listed = list::run(&context).await.expect("lists");
        assert!(listed.iter().all(|listed| listed.not_sealed.is_none()));
        assert_eq!(listed.len(), made.len());
    }
}

#[tokio::test]
async fn the_secret_is_changed() {
    let dir = TempDir::new().expect("a directory");
    let former = opened(dir.path(), Some(OTHER));
    key(&former, "app").await;
    let token = minted(&former).await.expect("mints");
    let context = opened(dir.path(), Some(OWN));
    let refused = sealed::insist(&context).await.expect_err("does not begin");
    assert!(refused.message().contains("another secret"), "{refused}");
    let blind = plan(&context).await;
    assert_eq!((blind.sealed.len(), blind.left.len()), (0, 2));
    let former = || seal::Input {
        former: Some(OTHER.to_owned().into()),
    };
    let planned = seal::plan(&context, former()).await.expect("plans");
    assert_eq!((planned.sealed.len(), planned.left.len()), (2, 0));
    let report = seal::apply(&context, planned).await.expect("seals");
    assert_eq!(report.sealed[0].was, "sealed with the former secret");
    assert!(sealed::insist(&context).await.is_ok());
    let tokens = &context.backends.get(None).expect("local").tokens;
    assert!(tokens.inspect(&token).await.expect("reads").valid);
    let again = seal::plan(&context, former()).await.expect("plans");
    assert_eq!((again.sealed.len(), again.already), (0, 2));
}

async fn finding(context: &Context) -> Option<Finding> {
    let input = doctor::Input { depth: Depth::Full };
    let found = doctor::run(context, input).await.findings;
    found
        .into_iter()
        .find(|finding| finding.check == "sealed keys")
}

#[tokio::test]
async fn doctor_tells_what_is_not_sealed() {
    let dir = TempDir::new().expect("a directory");
    let open = opened(dir.path(), None);
    assert_eq!(finding(&open).await, None);
    let context = opened(dir.path(), Some(OWN));
    key(&context, "app").await;
    let told = finding(&context).await.expect("a finding");
    assert_eq!(told.health, Health::Ok);
    write(&context, "tok_keys", "feedfeedfeed", &forged()).await;
    let told = finding(&context).await.expect("a finding");
    assert_eq!(told.health, Health::Warn);
    assert_eq!(told.message, "tok_keys/feedfeedfeed is not sealed");
    let told = finding(&open).await.expect("a finding");
    assert_eq!(told.health, Health::Fail);
    // Another server, with another secret or none.
    let now = context.clock.now();
    write(&context, "tok_nodes", "other", &json!({ "at": now })).await;
    let told = finding(&context).await.expect("a finding");
    assert_eq!(told.health, Health::Fail);
    assert!(told.message.contains("other"), "{}", told.message);
}

#[test]
fn a_sealed_store_is_not_served_without_its_secret() {
    let binary = Binary::new();
    let secret = file(binary.dir(), "tok.secret", OWN);
    let other = file(binary.dir(), "other.secret", OTHER);
    let with = |path: &str| format!("[auth]\nsecret_file = '{path}'\n");
    let file = binary.dir().join("tok.toml");
    std::fs::write(&file, with(&secret)).expect("written");
    binary.run(&["key", "create", "app"]).ok();
    binary.run(&["work", "--once"]).ok();
    std::fs::remove_file(&file).expect("removed");
    let set = "set auth.secret_file to the file with the secret";
    binary.run(&["work", "--once"]).refused(10, set);
    let free = "127.0.0.1:0";
    binary
        .run(&["serve", "--bind", free, "--ops-bind", free])
        .refused(10, set);
    binary.run(&["key", "create", "another"]).refused(10, set);
    binary.run(&["push", "key", "show"]).refused(10, set);
    binary
        .run(&["push", "key", "rotate", "--yes"])
        .refused(10, set);
    std::fs::write(&file, with(&other)).expect("written");
    let another = "are sealed with another secret than that in auth.secret_file";
    binary.run(&["work", "--once"]).refused(10, another);
}

#[test]
fn a_secret_is_long_and_in_a_file_of_its_own() {
    let binary = Binary::new();
    let toml = binary.dir().join("tok.toml");
    std::fs::write(&toml, "[auth]\nsecret_file = 'tok.secret'\n").expect("written");
    binary.run(&["key", "list"]).refused(10, "auth.secret_file");
    file(binary.dir(), "tok.secret", &"x".repeat(31));
    let short =
        "the secret is shorter than 32 bytes; make one with head -c 32 /dev/urandom | base64";
    binary.run(&["key", "list"]).refused(10, short);
    file(binary.dir(), "tok.secret", OWN);
    let shown = binary.run(&["config", "show", "--json"]).ok();
    assert!(!shown.stdout.contains(OWN), "{shown:#?}");
    let settings = shown.json();
    let settings = settings.as_array().expect("settings");
    let own = settings
        .iter()
        .find(|setting| setting["key"] == "auth.secret_file");
    assert_eq!(own.expect("is shown")["value"], "(hidden)");
    std::fs::write(&toml, format!("[auth]\nsecret = '{OWN}'\n")).expect("written");
    let run = binary
        .run(&["key", "list"])
        .refused(10, "did you mean `auth.secret_file`?");
    assert!(!run.stderr.contains(OWN), "{run:#?}");
    std::fs::remove_file(&toml).expect("removed");
    let path = binary.dir().join("tok.secret").display().to_string();
    let by_variable = Binary::with(&[("TOK_AUTH__SECRET_FILE", &path)]);
    by_variable.run(&["key", "create", "app"]).ok();
    let listed = by_variable.run(&["key", "list", "--json"]).ok().json();
    assert_eq!(listed[0]["name"], "app");
    let refused = Binary::with(&[("TOK_AUTH__SECRET", OWN)]);
    let run = refused
        .run(&["key", "list"])
        .refused(10, "did you mean `TOK_AUTH__SECRET_FILE`?");
    assert!(!run.stderr.contains(OWN), "{run:#?}");
}

/// Firestore keeps no order of fields, and has its own clock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seal_is_good_in_firestore_as_well() {
    let emulator = Emulator::start().await;
    let dir = TempDir::new().expect("a directory");
    let context = Context {
        documents: Arc::new(emulator.open()),
        ..opened(dir.path(), Some(OWN))
    };
    let made = key(&context, "app").await;
    let claim = idempotency::claim(&context, "r", "x".to_owned()).await;
    let Ok(idempotency::Claim::Run(request)) = claim else {
        panic!("it is new");
    };
    let body = "{\"token\":\"t\"}".to_owned();
    let answer = idempotency::Answer { status: 200, body };
    let ending = idempotency::RequestEnding::Lasting(answer.clone());
    let kept = idempotency::finish(&context, request, ending).await;
    kept.expect("is kept");
    let again = idempotency::claim(&context, "r", "x".to_owned()).await;
    let Ok(idempotency::Claim::Answered(given)) = again else {
        panic!("it was answered");
    };
    assert_eq!(given, answer);
    write(&context, "tok_keys", "feedfeedfeed", &forged()).await;
    let listed = list::run(&context).await.expect("lists");
    let told = listed.iter().map(|of| (of.key.id.as_str(), of.not_sealed));
    let told: BTreeMap<_, _> = told.collect();
    let expected = [
        (made.key.id.as_str(), None),
        ("feedfeedfeed", Some("not sealed")),
    ];
    assert_eq!(told, BTreeMap::from(expected));
}
