//! UnifiedPush: apps without an account with anybody, told through the server of their distributor.

use std::fs;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::web_push::{FakePushService, Weather};
use crate::support::{Binary, TestApp, answer};

/// A server that insists on keys and knows a distributor, two people, and somebody elsewhere with a key.
struct World {
    runtime: tokio::runtime::Runtime,
    distributor: FakePushService,
    /// Whoever works on the machine of the server.
    home: Binary,
    app: TestApp,
    laptop: Binary,
}

impl World {
    fn begin() -> Self {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let distributor = runtime.block_on(FakePushService::distributor("localhost"));
        let hosts = distributor.origin();
        let settings = [
            ("TOK_AUTH__MODE", "keys"),
            ("TOK_PUSH__WEB_HOSTS", hosts.as_str()),
        ];
        let app = runtime.block_on(TestApp::with(&settings));
        let dir = app.dir.path().to_str().expect("text").to_owned();
        let home = Binary::with(&[settings[0], settings[1], ("TOK_DATA_DIR", &dir)]);
        for id in ["rosa", "emil"] {
            home.run(&["user", "create", "--id", id, "--name", id]).ok();
        }
        let key = home.key(&[]);
        let laptop = Binary::with(&[("TOK_SERVER", &app.url("")), ("TOK_KEY", &key)]);
        Self {
            runtime,
            distributor,
            home,
            app: app.with_key(key),
            laptop,
        }
    }

    fn ask(&self, method: Method, path: &str, body: Option<Value>) -> (StatusCode, Value) {
        let request = self.app.request(method, path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.runtime.block_on(answer(request))
    }

    /// Registers a phone of Emil's by one of the doors; the id of the device.
    fn register(&self, door: &str, subscription: &Value) -> String {
        if door == "http" {
            let body = json!({
                "platform": "web", "user_id": "emil", "subscription": subscription,
            });
            let (status, device) = self.ask(Method::POST, "/v1/devices", Some(body));
            assert_eq!(status, StatusCode::OK, "{device}");
            return device["id"].as_str().expect("an id").to_owned();
        }
        let from = if door == "store" {
            &self.home
        } else {
            &self.laptop
        };
        let file = from.dir().join("endpoint.json");
        fs::write(&file, subscription.to_string()).expect("written");
        let file = file.to_str().expect("text");
        let register = ["device", "register", "--platform", "web", "--user", "emil"];
        let more = ["--subscription", file, "-o", "name"];
        let run = from.run(&[&register[..], &more].concat()).ok();
        run.stdout.trim().to_owned()
    }

    fn ring(&self) -> Value {
        let call = json!({ "caller": { "user": "rosa" }, "callee": { "user": "emil" } });
        let (status, started) = self.ask(Method::POST, "/v1/calls", Some(call));
        assert_eq!(status, StatusCode::CREATED, "{started}");
        started
    }

    /// Sends Emil something to read.
    fn say(&self, title: &str) {
        let send = ["notify", "send", "--user", "emil", "--title", title];
        self.laptop.run(&send).ok();
        self.home.run(&["notify", "flush"]).ok();
    }

    fn has(&self, device: &str) -> bool {
        let (status, _) = self.ask(Method::GET, &format!("/v1/devices/{device}"), None);
        status == StatusCode::OK
    }
}

/// Who was told something since so many messages.
fn receivers(distributor: &FakePushService, since: usize) -> Vec<String> {
    let taken = distributor.taken();
    let mut out: Vec<_> = taken[since..]
        .iter()
        .map(|told| told.receiver.clone())
        .collect();
    out.sort();
    out
}

#[test]
fn an_endpoint_is_rung_and_told_by_whatever_door_it_came() {
    let world = World::begin();
    let distributor = &world.distributor;
    for (door, receiver) in [("http", "upH7x"), ("laptop", "upL5y"), ("store", "upS3z")] {
        let subscription = distributor.subscribe(receiver);
        let device = world.register(door, &subscription);
        // Once more is the same device, by any door.
        assert_eq!(world.register("http", &subscription), device, "{door}");
    }
    world.ring();
    let phones = ["upH7x", "upL5y", "upS3z"];
    assert_eq!(receivers(distributor, 0), phones);
    for told in distributor.taken() {
        assert_eq!(
            (&told.data["kind"], told.urgency.as_str()),
            (&json!("call"), "high")
        );
        assert_eq!(told.data["caller_name"], "rosa");
    }
    world.say("Supper at eight");
    assert_eq!(receivers(distributor, 3), phones);
    for told in &distributor.taken()[3..] {
        assert_eq!(
            (&told.data["kind"], &told.data["title"]),
            (&json!("message"), &json!("Supper at eight"))
        );
    }
    distributor.verify();
}

#[test]
fn an_endpoint_that_expired_is_forgotten_and_the_others_are_told() {
    let world = World::begin();
    let distributor = &world.distributor;
    let kept = world.register("store", &distributor.subscribe("upKept"));
    for (status, by_ring) in [(404, true), (410, false), (404, false), (410, true)] {
        let expired = world.register("laptop", &distributor.subscribe("upOld"));
        distributor.meets("upOld", Weather::Status(status, None));
        let before = distributor.taken().len();
        if by_ring {
            let started = world.ring();
            let path = format!(
                "/v1/calls/{}/cancel",
                started["call"]["id"].as_str().expect("an id")
            );
            world.ask(Method::POST, &path, Some(json!({})));
        } else {
            world.say("Hello");
        }
        assert!(receivers(distributor, before).contains(&"upKept".to_owned()));
        assert!(!world.has(&expired), "{status}, by a ring: {by_ring}");
        assert!(world.has(&kept));
        let listed = world
            .home
            .run(&["device", "list", "-o", "name"])
            .ok()
            .stdout;
        assert_eq!(listed.trim(), kept);
    }
    distributor.verify();
}

/// A distributor in our own network that nobody listed is refused at every door, not when somebody calls.
#[test]
fn a_distributor_that_was_not_listed_is_refused_at_every_door() {
    let world = World::begin();
    let stranger = world
        .runtime
        .block_on(FakePushService::distributor("localhost"));
    let subscription = stranger.subscribe("upStranger");
    let body = json!({ "platform": "web", "subscription": subscription });
    let (status, said) = world.ask(Method::POST, "/v1/devices", Some(body));
    assert_eq!(status, StatusCode::BAD_REQUEST, "{said}");
    for door in [&world.home, &world.laptop] {
        let file = door.dir().join("stranger.json");
        fs::write(&file, subscription.to_string()).expect("written");
        let file = file.to_str().expect("text");
        let register = [
            "device",
            "register",
            "--platform",
            "web",
            "--subscription",
            file,
        ];
        let run = door.run(&register);
        assert!(!run.stderr.contains("upStranger"), "{run:#?}");
        run.refused(2, "endpoint");
    }
    assert_eq!(stranger.calls(), 0);
}
