//! Join tokens of local rooms: what each opens, and when.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{EncodingKey, Header};
use reqwest::StatusCode;
use serde_json::{Map, Value, json};
use tok::Kind;
use tok::backends::documents::{Documents, Write};
use tok::backends::rooms::{Rooms, Tokens};
use tok::commands::room::{create, show};
use tok::context::Context;
use tok::meeting::LocalRooms;
use tok::model::token::LEEWAY;
use tok::model::{Clock, Grant, Minter, Role, RoomSpec};

use crate::support::meddled::{Meddling, meddle, nameless};
use crate::support::{FakeDaily, TestApp, context};

fn in_hours(hours: i64) -> Timestamp {
    Timestamp::now() + SignedDuration::from_hours(hours)
}

fn grant() -> Grant {
    Grant {
        room: "gate".parse().expect("a name"),
        room_id: None,
        role: Role::Participant,
        user_id: None,
        user_name: None,
        issued_at: Timestamp::now(),
        not_before: None,
        expires_at: in_hours(1),
        properties: Map::new(),
        minter: Minter::OPERATOR,
        shared: false,
    }
}

async fn gate(context: &Context) {
    let input = create::Input {
        name: Some("gate".to_owned()),
        ..create::Input::default()
    };
    create::run(context, input).await.expect("a room");
}

fn tokens(context: &Context) -> Arc<dyn Tokens> {
    context.backends.get(None).expect("local").tokens.clone()
}

async fn mint(tokens: &dyn Tokens) -> String {
    tokens.mint(&grant()).await.expect("mints").token
}

/// Why a token opens nothing; nothing if it does.
async fn refusal(tokens: &dyn Tokens, token: &str) -> Option<String> {
    let facts = tokens.inspect(token).await.expect("reads");
    assert_eq!(facts.valid, facts.reason.is_none());
    facts.reason
}

async fn stored(context: &Context, collection: &str, id: &str) -> Value {
    let found = context.documents.get(collection, id).await.expect("reads");
    found.expect("is there").decode().expect("JSON")
}

#[tokio::test]
async fn a_token_opens_nothing_before_its_time_nor_after_that_of_its_room() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let tokens = tokens(&context);
    let now = mint(&*tokens).await;
    assert_eq!(refusal(&*tokens, &now).await, None);
    let later = Grant {
        not_before: Some(in_hours(1)),
        expires_at: in_hours(2),
        ..grant()
    };
    let later = tokens.mint(&later).await.expect("mints").token;
    let reason = refusal(&*tokens, &later).await;
    assert_eq!(reason.as_deref(), Some("it is not good yet"));
    let mut room = stored(&context, "tok_rooms", "local:gate").await;
    room["expires_at"] = json!(in_hours(-1).to_string());
    let write = Write::put("tok_rooms", "local:gate", &room).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
    let reason = refusal(&*tokens, &now).await;
    assert_eq!(reason.as_deref(), Some("its room has expired"));
    let late = tokens.mint(&grant()).await.expect_err("too late");
    assert_eq!(late.kind(), Kind::NotFound);
    assert_eq!(late.message(), "the room `gate` has expired");
}

#[tokio::test]
async fn what_a_local_room_does_not_know_is_not_put_into_a_token() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let mut strange = grant();
    strange.properties.insert("eject".to_owned(), json!(true));
    let refused = tokens(&context).mint(&strange).await.expect_err("refused");
    assert_eq!(refused.kind(), Kind::InvalidInput);
}

#[tokio::test]
async fn a_room_that_somebody_has_a_token_for_is_in_use() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let used = async || {
        let input = show::Input {
            name: "gate".to_owned(),
            backend: None,
        };
        let room = show::run(&context, input).await.expect("a room");
        assert_eq!(room.last_joined_at, None, "nobody came");
        room.last_used_at.is_some()
    };
    assert!(!used().await);
    mint(&*tokens(&context)).await;
    assert!(used().await);
}

#[tokio::test]
async fn only_what_was_made_as_a_join_token_is_one() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let tokens = tokens(&context);
    let token = mint(&*tokens).await;
    let mut claims = tokens.inspect(&token).await.expect("reads").claims;
    let secret = stored(&context, "tok_secrets", "join_tokens").await;
    let key = hex::decode(secret["key"].as_str().expect("a key")).expect("hex");
    let mut sign = |minter: &str| {
        claims["iss"] = json!(minter);
        let key = EncodingKey::from_secret(&key);
        jsonwebtoken::encode(&Header::default(), &claims, &key).expect("signs")
    };
    assert_eq!(refusal(&*tokens, &sign("tok")).await, None);
    let reason = refusal(&*tokens, &sign("another")).await;
    assert_eq!(reason.as_deref(), Some("it was not signed by this store"));
}

/// A node over these documents, by this clock.
fn node(context: &Context, documents: Arc<dyn Documents>, clock: Arc<dyn Clock>) -> LocalRooms {
    LocalRooms::new(
        documents,
        context.seal.clone(),
        clock,
        context.random.clone(),
        "http://localhost".parse().expect("an address"),
        context.meetings.clone(),
    )
}

/// A clock that stands still.
struct Still(Timestamp);

impl Clock for Still {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[tokio::test]
async fn a_token_is_no_good_from_its_end_on() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let granted = grant();
    let token = tokens(&context).mint(&granted).await.expect("mints").token;
    let at = async |seconds| {
        let now = granted.expires_at + SignedDuration::from_secs(seconds);
        let node = node(&context, context.documents.clone(), Arc::new(Still(now)));
        refusal(&node, &token).await
    };
    assert_eq!(at(-1).await, None);
    assert_eq!(at(0).await.as_deref(), Some("it has expired"));
}

/// Two nodes begin at the same time over a new store.
#[tokio::test]
async fn a_node_that_was_second_signs_with_the_key_of_the_first() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let first = tokens(&context);
    let token = mint(&*first).await;
    let key = stored(&context, "tok_secrets", "join_tokens").await;
    // The second looks before the first has written it.
    let not_yet = Write::delete("tok_secrets", "join_tokens");
    context.documents.commit(vec![not_yet]).await.expect("gone");
    let key = Write::put("tok_secrets", "join_tokens", &key).expect("JSON");
    let meddled = meddle(&context, "tok_secrets", [Meddling::Faster(vec![key])]);
    let second = node(&context, meddled.documents, context.clock.clone());
    assert_eq!(refusal(&second, &token).await, None);
    let token = mint(&second).await;
    assert_eq!(refusal(&*first, &token).await, None);
}

/// A node whose next commit of a room is meddled with.
fn meddled(context: &Context, meddling: Meddling) -> LocalRooms {
    let documents = meddle(context, "tok_rooms", [meddling]).documents;
    node(context, documents, context.clock.clone())
}

#[tokio::test]
async fn that_the_store_is_busy_says_nothing_of_the_room() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let spec = RoomSpec {
        name: "another".parse().expect("a name"),
        privacy: None,
        not_before: None,
        expires_at: None,
        max_participants: None,
        properties: Map::new(),
    };
    let busy = meddled(&context, Meddling::Busy);
    let refused = busy.create(&spec).await.expect_err("busy");
    assert_eq!(refused.kind(), Kind::Unavailable, "it is not taken");
    busy.create(&spec).await.expect("made");
    let taken = busy.create(&spec).await.expect_err("twice");
    assert_eq!(taken.kind(), Kind::Conflict);
    let busy = meddled(&context, Meddling::Busy);
    let refused = busy.mint(&grant()).await.expect_err("busy");
    assert_eq!(refused.kind(), Kind::Unavailable, "it is there");
    let token = mint(&busy).await;
    let unseen = nameless(&context, "tok_rooms", "local:gate").documents;
    let unseen = node(&context, unseen, context.clock.clone());
    let refused = unseen.inspect(&token).await.expect_err("cannot be read");
    assert_eq!(refused.kind(), Kind::InvalidInput);
}

#[tokio::test]
async fn a_room_that_is_deleted_while_a_token_is_made_has_none() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let gone = Meddling::Faster(vec![Write::delete("tok_rooms", "local:gate")]);
    let late = meddled(&context, gone).mint(&grant()).await;
    assert_eq!(late.expect_err("gone").kind(), Kind::NotFound);
    assert_eq!(context.documents.count("tok_rooms").await.ok(), Some(0));
}

/// Clocks of two machines are never the same; what is meant for now opens now.
#[tokio::test]
async fn a_token_is_good_as_early_as_clocks_may_differ() {
    let (context, _dir) = context(&[]);
    gate(&context).await;
    let from = Timestamp::from_second(in_hours(1).as_second()).expect("a moment");
    let later = Grant {
        not_before: Some(from),
        expires_at: in_hours(2),
        ..grant()
    };
    let token = tokens(&context).mint(&later).await.expect("mints").token;
    let early = async |by: SignedDuration| {
        let documents = context.documents.clone();
        let node = node(&context, documents, Arc::new(Still(from - by)));
        refusal(&node, &token).await
    };
    assert_eq!(early(LEEWAY).await, None);
    let reason = early(LEEWAY + SignedDuration::from_secs(1)).await;
    assert_eq!(reason.as_deref(), Some("it is not good yet"));
}

/// A vendor lets in whoever has its token; only in our own rooms it is for one person at a time.
#[tokio::test]
async fn a_token_for_many_is_for_local_rooms() {
    let daily = FakeDaily::start().await;
    for (app, expected) in [
        (TestApp::start().await, StatusCode::CREATED),
        (TestApp::over(&daily).await, StatusCode::BAD_REQUEST),
    ] {
        let (status, told) = app.post("/v1/rooms", json!({ "name": "gate" })).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
        let spec = json!({ "shared": true });
        let (status, told) = app.post("/v1/rooms/gate/tokens", spec).await;
        assert_eq!(status, expected, "{told}");
    }
    assert!(
        !daily
            .calls()
            .iter()
            .any(|call| call.contains("meeting-tokens"))
    );
}
