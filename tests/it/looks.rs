//! Whoever looks for rooms and keys that are not there costs no more than they may, however many look at
//! the same time, and keeps nobody out.

use std::time::Instant;

use futures_util::future::join_all;
use serde_json::json;
use tok::Kind;
use tok::commands::key::ring::KeyRing;

use crate::edge::{KEYS, key, key_in};
use crate::support::polling::Polling;
use crate::support::{Emulator, PATIENCE, TestApp, answer, borrowed, context};

/// How often a document was asked for.
fn reads(emulator: &Emulator) -> u64 {
    let calls = emulator.calls();
    let reads = calls.iter().filter(|(method, _)| method.contains("Get"));
    reads.map(|(_, count)| count).sum()
}

/// A server over the emulator, with keys.
async fn over(emulator: &Emulator, more: &[(&str, &str)]) -> TestApp {
    let own = emulator.variables();
    let mut variables = borrowed(&own);
    variables.push(KEYS);
    variables.extend_from_slice(more);
    TestApp::with(&variables).await
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_that_are_invented_at_the_same_time_cost_what_one_address_may() {
    let emulator = Emulator::start().await;
    let app = over(&emulator, &[("TOK_SERVER__MISS_RATE", "20/1h")]).await;
    let look = async |client: &str, room: &str| {
        let request = app.client.get(app.url(&format!("/r/{room}")));
        let request = request.header("x-forwarded-for", client);
        answer(request).await.0.as_u16()
    };
    let before = reads(&emulator);
    let guesses: Vec<String> = (0..200).map(|n| format!("guess-{n}")).collect();
    let told = join_all(guesses.iter().map(|room| look("198.51.100.1", room))).await;
    let answered = told.iter().filter(|status| **status == 200).count();
    assert_eq!(answered, 20, "{told:?}");
    assert!(
        told.iter().all(|status| [200, 429].contains(status)),
        "{told:?}"
    );
    let cost = reads(&emulator) - before;
    // The server itself reads a little.
    assert!((20..=60).contains(&cost), "{cost}");
}

/// A class comes in from one address at the same time, and more than once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_there_is_found_by_many_of_one_address_at_the_same_time() {
    let emulator = Emulator::start().await;
    let app = over(&emulator, &[]).await;
    let secret = key(&app).await;
    let make = app.client.post(app.url("/v1/rooms")).bearer_auth(&secret);
    let made = answer(make.json(&json!({ "name": "open" }))).await;
    assert!(made.0.is_success(), "{}", made.1);
    for _ in 0..5 {
        let look = async || {
            let request = app.client.get(app.url("/r/open"));
            let request = request.header("x-forwarded-for", "198.51.100.2");
            answer(request).await.0.as_u16()
        };
        let class = join_all((0..45).map(|_| look())).await;
        assert!(class.iter().all(|status| *status == 200), "{class:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_are_invented_at_the_same_time_cost_what_all_may() {
    let emulator = Emulator::start().await;
    let app = over(&emulator, &[]).await;
    let secret = key(&app).await;
    let list = async |client: &str, secret: &str| {
        let request = app.client.get(app.url("/v1/rooms")).bearer_auth(secret);
        answer(request.header("x-forwarded-for", client))
            .await
            .0
            .as_u16()
    };
    // Until all keys are known the store is asked for each, also for this one.
    let known = async {
        loop {
            let before = reads(&emulator);
            if list("203.0.113.1", &secret).await == 200 && reads(&emulator) == before {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, known).await.expect("known");
    let (before, since) = (reads(&emulator), Instant::now());
    let tries = (0..200).map(|n| {
        let list = &list;
        async move {
            let client = format!("198.51.100.{n}");
            list(&client, &format!("tok_{n:012x}_nonsense")).await
        }
    });
    let told = join_all(tries).await;
    assert!(told.iter().all(|status| *status == 401), "{told:?}");
    let cost = reads(&emulator) - before;
    let most = 50 + 10 * since.elapsed().as_secs();
    assert!(cost <= most, "{cost} reads; {most} are allowed");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_that_nobody_knows_is_asked_for_once() {
    let emulator = Emulator::start().await;
    let own = emulator.variables();
    let (context, _dir) = context(&borrowed(&own));
    let ring = KeyRing::default();
    for id in ["aaaaaaaaaaaa", "bbbbbbbbbbbb"] {
        let before = reads(&emulator);
        for n in 0..20 {
            let presented = format!("tok_{id}_{n}");
            let refused = ring.look_up(&context, &presented).await;
            let refused = refused.err().expect("nobody knows it");
            assert_eq!(refused.kind(), Kind::Unauthenticated);
        }
        assert_eq!(reads(&emulator) - before, 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn while_all_keys_are_known_the_store_is_asked_for_others_once_a_second() {
    let emulator = Emulator::start().await;
    let own = emulator.variables();
    let (context, _dir) = context(&borrowed(&own));
    let secret = key_in(&context).await;
    let ring = KeyRing::default();
    let follow = ring.follow(&context);
    let asking = async {
        while ring.known(&context, &secret).is_none() {
            tokio::task::yield_now().await;
        }
        let (before, since) = (reads(&emulator), Instant::now());
        for n in 0..60 {
            let refused = ring.look_up(&context, &format!("tok_{n:012x}_x")).await;
            assert_eq!(
                refused.err().map(|error| error.kind()),
                Some(Kind::Unauthenticated)
            );
        }
        let cost = reads(&emulator) - before;
        let most = 11 + since.elapsed().as_secs();
        assert!(cost <= most, "{cost} reads; {most} are allowed");
        assert!(cost >= 10, "what is new is found: {cost}");
    };
    tokio::select! {
        () = follow => unreachable!("it goes on"),
        () = asking => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_joins_rooms_that_are_not_there_is_soon_refused() {
    let app = TestApp::with(&[KEYS, ("TOK_SERVER__MISS_RATE", "5/1h")]).await;
    let secret = key(&app).await;
    for name in ["open", "private"] {
        let make = app.client.post(app.url("/v1/rooms")).bearer_auth(&secret);
        let privacy = if name == "open" { "public" } else { "private" };
        let made = answer(make.json(&json!({ "name": name, "privacy": privacy }))).await;
        assert!(made.0.is_success(), "{}", made.1);
    }
    let mut client = Polling::connect(&app, "198.51.100.1").await;
    for n in 0..4 {
        let told = client
            .ask("join-room", &[json!(format!("guess-{n}"))])
            .await;
        assert_eq!(told["status"], json!(404), "{told}");
    }
    let told = client.ask("join-room", &[json!("private")]).await;
    assert_eq!(told["status"], json!(403), "{told}");
    for room in ["guess-5", "private", "open"] {
        let told = client.ask("join-room", &[json!(room)]).await;
        assert_eq!(told["status"], json!(429), "{room}: {told}");
    }
    let mut other = Polling::connect(&app, "198.51.100.2").await;
    let told = other.ask("join-room", &[json!("open"), json!("Bob")]).await;
    assert_eq!(told["success"], json!(true), "{told}");
}
