//! Rights of people: what a token gives ends with it, what was done to somebody is seen and undone, and
//! no door tells more than it must.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tok::commands::participant::{identify, join};
use tok::commands::room::create_numbered;
use tok::commands::{call, key, token, user};
use tok::context::Context;
use tok::meeting::{Packet, Seat};
use tok::model::key::Scope;
use tok::model::meeting::{Credential, Person};
use tok::model::sign_in::SignedIn;
use tok::model::{Minter, Role};
use tok::{Error, Kind, Result};

use crate::newcomer::anybody;
use crate::support::{Binary, PATIENCE, TestApp, answer, context};

/// A connection that remembers what it was told.
struct Chair(String, Mutex<Vec<&'static str>>);

impl Seat for Chair {
    fn id(&self) -> &str {
        &self.0
    }

    fn emit(&self, packet: &Packet) {
        self.1.lock().expect("whole").push(packet.name);
    }

    fn takes_signals(&self) -> bool {
        true
    }

    fn dismiss(&self, _: bool) {}
}

impl Chair {
    fn new(id: &str) -> Arc<Self> {
        Arc::new(Self(id.to_owned(), Mutex::default()))
    }

    fn heard(&self, event: &str) -> bool {
        self.1.lock().expect("whole").contains(&event)
    }
}

fn input(room: &str, token: Option<&str>) -> join::Input {
    join::Input {
        token: token.map(str::to_owned),
        ..anybody(room)
    }
}

fn back(room: &str, of: &join::Output) -> join::Input {
    let (id, key) = (of.admission.id.clone(), of.admission.key.clone());
    join::Input {
        returning: Some(Credential { id, key }),
        ..input(room, None)
    }
}

async fn create(app: &TestApp, room: Value) -> String {
    let (status, made) = app.post("/v1/rooms", room).await;
    assert_eq!(status, StatusCode::CREATED, "{made}");
    made["name"].as_str().expect("a name").to_owned()
}

async fn mint(context: &Context, room: &str, spec: Value, minter: Minter) -> Result<String> {
    let input = token::create::Input {
        room: room.parse()?,
        room_id: None,
        spec: serde_json::from_value(spec).expect("a specification"),
        minter,
    };
    Ok(token::create::run(context, input).await?.token)
}

async fn key_with(context: &Context, scopes: &[Scope], max_role: Role) -> key::create::Output {
    let input = key::create::Input {
        name: "test".to_owned(),
        scopes: scopes.iter().copied().collect(),
        max_role,
        expires: None,
    };
    key::create::run(context, input).await.expect("a key")
}

async fn person(app: &TestApp, room: &str, id: &str) -> Person {
    let room = room.parse().expect("a name");
    let people = app.context.meetings.people(&room).await.expect("reads");
    people.into_iter().find(|of| of.id == id).expect("known")
}

async fn until(what: &str, mut is: impl FnMut() -> bool) {
    let seen = tokio::time::timeout(PATIENCE, async {
        while !is() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    seen.await.unwrap_or_else(|_| panic!("{what}"));
}

/// Where no token is asked for, a person is whom they signed in as, and stays sent out as that.
#[tokio::test(flavor = "multi_thread")]
async fn who_signed_in_is_known_in_a_room_without_a_token() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "hall" })).await;
    let signed_in = |user: &str, name: &str| {
        Some(Arc::new(SignedIn {
            user: user.parse().expect("an id"),
            issuer: "app".into(),
            name: Some(name.to_owned()),
            role: Role::Participant,
            scopes: Arc::default(),
            expires_at: jiff::Timestamp::now() + Duration::from_mins(5),
            makes_user: true,
        }))
    };
    let come = async |user, token: Option<&str>, seat| {
        let input = join::Input {
            person: signed_in(user, "Bob"),
            ..input("hall", token)
        };
        join::run(&app.context, input, Chair::new(seat)).await
    };
    let bob = come("app:bob", None, "one").await.expect("comes in");
    let bob = person(&app, "hall", &bob.admission.id).await;
    assert_eq!(
        (bob.user_id.as_deref(), bob.name.as_str()),
        (Some("app:bob"), "Bob")
    );
    let spec = json!({ "user_id": "eve", "user_name": "Eve" });
    let guest = mint(&app.context, "hall", spec, Minter::OPERATOR).await;
    let guest = guest.expect("mints");
    let eve = come("app:bob", Some(&guest), "two")
        .await
        .expect("comes in");
    let eve = person(&app, "hall", &eve.admission.id).await;
    assert_eq!(eve.user_id.as_deref(), Some("eve"), "a token says more");
    let path = format!("/v1/rooms/hall/participants/{}", bob.id);
    let ban = app.client.delete(app.url(&path)).query(&[("ban", "true")]);
    assert_eq!(answer(ban).await.0, StatusCode::NO_CONTENT);
    let again = come("app:bob", None, "three").await.err().expect("refused");
    assert_eq!(again.kind(), Kind::Forbidden);
    come("app:zoe", None, "four").await.expect("comes in");
}

#[tokio::test(flavor = "multi_thread")]
async fn bans_are_seen_and_lifted_at_every_door() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "hall" })).await;
    let guest = mint(
        &app.context,
        "hall",
        json!({ "user_id": "eve" }),
        Minter::OPERATOR,
    );
    let guest = guest.await.expect("mints");
    let chair = Chair::new("one");
    let eve = join::run(&app.context, input("hall", Some(&guest)), chair).await;
    let eve = eve.expect("comes in").admission.id;
    assert_eq!(app.get("/v1/rooms/hall/bans").await.1["items"], json!([]));
    let kick = format!("/v1/rooms/hall/participants/{eve}?ban=true");
    assert_eq!(app.delete(&kick).await.0, StatusCode::NO_CONTENT);
    let (_, bans) = app.get("/v1/rooms/hall/bans").await;
    let ban = &bans["items"][0];
    assert_eq!(
        (&ban["id"], &ban["user_id"], &ban["by_operator"]),
        (&json!(eve), &json!("eve"), &json!(true))
    );
    let again =
        async |seat| join::run(&app.context, input("hall", Some(&guest)), Chair::new(seat)).await;
    assert!(again("two").await.is_err());
    let lift = format!("/v1/rooms/hall/bans/{eve}");
    assert_eq!(app.delete(&lift).await.0, StatusCode::NO_CONTENT);
    assert_eq!(app.delete(&lift).await.0, StatusCode::NOT_FOUND);
    assert!(again("three").await.is_ok());
    for path in ["/v1/rooms/none/bans", "/v1/rooms/none/bans/x"] {
        let method = if path.ends_with('x') {
            Method::DELETE
        } else {
            Method::GET
        };
        assert_eq!(
            answer(app.request(method, path)).await.0,
            StatusCode::NOT_FOUND
        );
    }
}

#[test]
fn an_empty_or_blank_person_gets_no_token() {
    let binary = Binary::new();
    binary.run(&["room", "create", "gate"]).ok();
    for flag in ["--user-id", "--user-name"] {
        for text in ["", "  ", "\t", "\u{200b}", "\u{3164}"] {
            let run = binary.run(&["token", "create", "gate", flag, text]);
            run.refused(2, "is empty");
        }
    }
}

#[tokio::test]
async fn an_empty_or_blank_person_is_a_bad_request() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "gate" })).await;
    for spec in [
        json!({ "user_id": "" }),
        json!({ "user_name": " " }),
        json!({ "user_id": "a", "user_name": "\u{202e}" }),
    ] {
        let (status, told) = app.post("/v1/rooms/gate/tokens", spec).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{told}");
    }
}

#[tokio::test]
async fn clocks_that_differ_by_seconds_refuse_no_token() {
    let (context, _dir) = context(&[]);
    let make = tok::commands::room::create::Input {
        name: Some("gate".to_owned()),
        ..Default::default()
    };
    tok::commands::room::create::run(&context, make)
        .await
        .expect("a room");
    let facts = async |spec| {
        let token = mint(&context, "gate", spec, Minter::OPERATOR).await?;
        let input = token::inspect::Input {
            token,
            backend: None,
        };
        token::inspect::run(&context, input).await
    };
    let plain = facts(json!({})).await.expect("reads");
    assert!(plain.valid && !plain.claims.contains_key("nbf"));
    let soon = facts(json!({ "not_before": "50s" })).await.expect("reads");
    assert!(soon.valid && soon.claims.contains_key("nbf"));
    let later = facts(json!({ "not_before": "90s" })).await.expect("reads");
    assert_eq!(later.reason.as_deref(), Some("it is not good yet"));
}

#[tokio::test]
async fn a_token_comes_with_the_link_that_invites() {
    let public = ("TOK_SERVER__PUBLIC_URL", "https://calls.example.com/");
    let app = TestApp::with(&[public, ("TOK_AUTH__MODE", "keys")]).await;
    let secret = key_with(&app.context, &[], Role::Host).await.secret;
    let app = app.with_key(secret);
    create(&app, json!({ "name": "hall" })).await;
    let (_, minted) = app.post("/v1/rooms/hall/tokens", json!({})).await;
    let token = minted["token"].as_str().expect("a token");
    assert_eq!(
        minted["url"],
        format!("https://calls.example.com/r/hall#token={token}")
    );
}

/// A key may let people in without being able to speak for the app's users.
#[tokio::test]
async fn a_token_says_who_somebody_is_only_if_its_key_may() {
    let (context, _dir) = context(&[]);
    let make = tok::commands::room::create::Input {
        name: Some("hall".to_owned()),
        ..Default::default()
    };
    tok::commands::room::create::run(&context, make)
        .await
        .expect("a room");
    let known = async |key: &key::create::Output| {
        let spec = json!({ "role": "viewer", "user_id": "bob" });
        let token = mint(&context, "hall", spec, key.key.minter())
            .await
            .expect("mints");
        identify::run(&context, identify::Input { token })
            .await
            .expect("reads")
    };
    let tokens = key_with(&context, &[Scope::Tokens], Role::Viewer).await;
    assert_eq!(known(&tokens).await, None);
    let both = [Scope::Tokens, Scope::Identity];
    let viewer = key_with(&context, &both, Role::Viewer).await;
    let bob = known(&viewer).await.expect("known");
    let refused = identify::minter(&context, &bob)
        .await
        .expect_err("viewers only");
    assert_eq!(refused.kind(), Kind::Forbidden);
    let speaks = key_with(&context, &both, Role::Participant).await;
    let bob = known(&speaks).await.expect("known");
    assert_eq!(bob.user, "bob");
    let minter = identify::minter(&context, &bob)
        .await
        .expect("answers calls");
    assert_eq!(minter.key.as_ref(), Some(&speaks.key.id));
    assert!(identify::holds(&context, &bob).await.expect("reads"));
    // Whoever may do all of it themselves may say so as well: keys of earlier releases.
    let all: Vec<_> = Scope::ALL
        .into_iter()
        .filter(|of| *of != Scope::Identity)
        .collect();
    assert!(
        known(&key_with(&context, &all, Role::Host).await)
            .await
            .is_some()
    );
    key::revoke::run(&context, speaks.key.id.as_str().into())
        .await
        .expect("revoked");
    assert!(!identify::holds(&context, &bob).await.expect("reads"));
    assert!(identify::minter(&context, &bob).await.is_err());
}

/// What a call gives its people stands on whoever made the call.
#[tokio::test]
async fn tokens_of_calls_say_no_more_than_their_key_may() {
    let app = TestApp::start().await;
    for id in ["ada", "bob"] {
        app.post("/v1/users", json!({ "id": id, "name": id })).await;
    }
    let caller = key_with(&app.context, &[Scope::CallsWrite], Role::Participant).await;
    let input = call::create::Input {
        caller: tok::model::call::PartyRef::User("ada".to_owned()),
        callee: tok::model::call::PartyRef::User("bob".to_owned()),
        backend: None,
        ring_for: None,
        token_in_ring: false,
        minter: caller.key.minter(),
    };
    let started = call::create::run(&app.context, input).await;
    let token = started.map_err(Error::from).expect("rings").token.token;
    let known = identify::run(
        &app.context,
        identify::Input {
            token: token.clone(),
        },
    )
    .await;
    assert_eq!(known.expect("reads"), None);
    key::revoke::run(&app.context, caller.key.id.as_str().into())
        .await
        .expect("revoked");
    let input = token::inspect::Input {
        token,
        backend: None,
    };
    let facts = token::inspect::run(&app.context, input)
        .await
        .expect("reads");
    assert_eq!(
        facts.reason.as_deref(),
        Some("the API key that minted it was revoked")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_ends_with_the_key_or_the_user_that_it_stands_on() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "vault", "privacy": "private" })).await;
    for id in ["ada", "bob"] {
        app.post("/v1/users", json!({ "id": id, "name": id })).await;
    }
    let minter = key_with(&app.context, &[], Role::Host).await;
    let come = async |user: &str, minter: Minter| {
        let token = mint(&app.context, "vault", json!({ "user_id": user }), minter);
        let token = token.await.expect("mints");
        let chair = Chair::new(user);
        let output = join::run(&app.context, input("vault", Some(&token)), chair.clone()).await;
        (output.expect("comes in"), chair)
    };
    let (ada, ada_chair) = come("ada", minter.key.minter()).await;
    let (bob, bob_chair) = come("bob", Minter::OPERATOR).await;
    // Nobody knows this one, and nobody deletes them.
    let (zoe, _) = come("zoe", Minter::OPERATOR).await;
    key::revoke::run(&app.context, minter.key.id.as_str().into())
        .await
        .expect("revoked");
    until("told that it was withdrawn", || {
        ada_chair.heard("token-ended")
    })
    .await;
    assert!(!bob_chair.heard("token-ended"));
    let bob_id = user::delete::Input {
        id: "bob".parse().expect("an id"),
    };
    user::delete::run(&app.context, bob_id)
        .await
        .expect("deleted");
    until("told that it was withdrawn", || {
        bob_chair.heard("token-ended")
    })
    .await;
    for gone in [&ada, &bob] {
        assert!(!person(&app, "vault", &gone.admission.id).await.is_inside());
        let again = join::run(&app.context, back("vault", gone), Chair::new("again")).await;
        assert_eq!(again.err().map(|error| error.kind()), Some(Kind::Forbidden));
    }
    assert!(person(&app, "vault", &zoe.admission.id).await.is_inside());
    assert!(
        join::run(&app.context, back("vault", &zoe), Chair::new("back"))
            .await
            .is_ok()
    );
}

/// Whoever guesses names learns neither which rooms there are nor what they are called.
#[tokio::test]
async fn the_page_of_a_private_room_is_that_of_none() {
    let app = TestApp::start().await;
    let secret = json!({
        "name": "board-2027", "privacy": "private", "properties": { "title": "Takeover of Example Ltd" },
    });
    create(&app, secret).await;
    create(
        &app,
        json!({ "name": "board-2029", "privacy": "private", "not_before": "1h" }),
    )
    .await;
    create(
        &app,
        json!({ "name": "open", "properties": { "title": "Everybody" } }),
    )
    .await;
    let page = async |name: &str| {
        let answer = app.request(Method::GET, &format!("/r/{name}")).send().await;
        let answer = answer.expect("answers");
        let status = answer.status();
        (
            status,
            answer.text().await.expect("a body").replace(name, "NAME"),
        )
    };
    let unknown = page("board-2028").await;
    assert_eq!(unknown.0, StatusCode::OK);
    assert!(page("board-2027").await == unknown, "the page tells");
    assert!(page("board-2029").await == unknown, "the page tells");
    assert!(page("open").await.1.contains("Everybody"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hosts_token_keeps_strangers_from_being_hosts() {
    let app = TestApp::start().await;
    for name in ["plain", "hosted"] {
        create(&app, json!({ "name": name })).await;
    }
    let token = mint(
        &app.context,
        "hosted",
        json!({ "role": "host" }),
        Minter::OPERATOR,
    );
    let token = token.await.expect("mints");
    let guest = json!({ "role": "participant" });
    let guest = mint(&app.context, "plain", guest, Minter::OPERATOR);
    guest.await.expect("mints");
    let come = async |room: &str, token: Option<&str>, seat: &str| {
        let output = join::run(&app.context, input(room, token), Chair::new(seat)).await;
        output.expect("comes in").admission.role
    };
    assert_eq!(come("plain", None, "a").await, Role::Host);
    assert_eq!(come("hosted", None, "b").await, Role::Participant);
    assert_eq!(come("hosted", Some(&token), "c").await, Role::Host);
    assert_eq!(
        app.get("/v1/rooms/hosted").await.1["has_hosts"],
        json!(true)
    );
    assert_eq!(app.get("/v1/rooms/plain").await.1.get("has_hosts"), None);
}

/// A number of nine digits is what clients of the original expect; an operator may want more.
#[tokio::test]
async fn rooms_made_over_sockets_have_names_that_nobody_guesses_where_that_is_wanted() {
    for (names, digits) in [("digits", true), ("letters", false)] {
        let (context, _dir) = context(&[("TOK_SIGNALLING__ROOM_NAMES", names)]);
        let input = create_numbered::Input::checked(&context, None).expect("a title");
        let room = create_numbered::run(&context, input).await.expect("a room");
        let name = room.name.as_str();
        let of_digits = name.bytes().all(|byte| byte.is_ascii_digit());
        assert_eq!((of_digits, name.len() == 9), (digits, digits), "{name}");
        assert!(digits || name.len() >= 16, "{name}");
    }
}

/// What a key minted goes with it when its time is over, as when somebody revokes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_seat_and_a_token_end_with_their_key_when_it_expires() {
    let app = TestApp::start().await;
    create(&app, json!({ "name": "vault", "privacy": "private" })).await;
    let short = key::create::Input {
        name: "short".to_owned(),
        scopes: Scope::ALL.into_iter().collect(),
        max_role: Role::Host,
        // As long as it may take until both are in the room.
        expires: Some("12s".parse().expect("a moment")),
    };
    let key = key::create::run(&app.context, short)
        .await
        .expect("a key")
        .key;
    let end = key.expires_at.expect("an end");
    // Tokens of earlier releases say nothing about the end of their key.
    let older = Minter {
        until: None,
        ..key.minter()
    };
    let mint = async |minter| {
        let token = mint(&app.context, "vault", json!({ "ttl": "1h" }), minter);
        token.await.expect("mints")
    };
    let (token, older) = (mint(key.minter()).await, mint(older).await);
    let inspect = async |token: &str| {
        let token = token.to_owned();
        let input = token::inspect::Input {
            token,
            backend: None,
        };
        let facts = token::inspect::run(&app.context, input).await;
        facts.expect("reads")
    };
    let facts = inspect(&token).await;
    assert_eq!((facts.valid, facts.expires_at), (true, Some(end)));
    let chair = Chair::new("ada");
    let ada = join::run(&app.context, input("vault", Some(&token)), chair.clone()).await;
    let ada = ada.expect("comes in");
    let bob = join::run(
        &app.context,
        input("vault", Some(&older)),
        Chair::new("bob"),
    )
    .await;
    let bob = bob.expect("comes in");
    until("told that it has ended", || chair.heard("token-ended")).await;
    assert!(jiff::Timestamp::now() >= end, "no sooner");
    assert!(!person(&app, "vault", &ada.admission.id).await.is_inside());
    for again in [
        input("vault", Some(&token)),
        input("vault", Some(&older)),
        back("vault", &ada),
        back("vault", &bob),
    ] {
        let refused = join::run(&app.context, again, Chair::new("again")).await;
        assert_eq!(
            refused.err().map(|error| error.kind()),
            Some(Kind::Forbidden)
        );
    }
    let why = inspect(&older).await.reason;
    assert_eq!(
        why.as_deref(),
        Some("the API key that minted it has expired")
    );
}
