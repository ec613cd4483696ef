//! Web Push: browsers are rung without an account with anybody, and no stranger's address leads anywhere
//! it should not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Digest as _;
use tok::backends::documents::Write;
use tok::commands::key;
use tok::commands::notify::follow;
use tok::commands::notify::{flush, inbox};
use tok::context::Context;
use tok::model::Role;
use tok::model::key::Scope;
use tok::model::shard::Shard;

use crate::support::web_push::{FakePushService, Weather};
use crate::support::{Binary, FakeFcm, PATIENCE, PAUSE, TestApp, answer, borrowed};

/// A server whose one distributor is the stand-in, and two people.
async fn app_over(services: &[&FakePushService], more: &[(&str, &str)]) -> TestApp {
    let origins: Vec<String> = services.iter().map(|service| service.origin()).collect();
    let hosts = origins.join(",");
    let mut variables = vec![("TOK_PUSH__WEB_HOSTS", hosts.as_str())];
    variables.extend_from_slice(more);
    let app = TestApp::with(&variables).await;
    for id in ["ada", "bob"] {
        let body = json!({ "id": id, "name": id });
        let (status, _) = app.post("/v1/users", body).await;
        assert_eq!(status, StatusCode::CREATED);
    }
    app
}

async fn register(app: &TestApp, user: &str, subscription: &Value) -> String {
    let body = json!({ "platform": "web", "subscription": subscription, "user_id": user });
    let (status, device) = app.post("/v1/devices", body).await;
    assert_eq!(status, StatusCode::OK, "{device}");
    device["id"].as_str().expect("an id").to_owned()
}

async fn ring(app: &TestApp) -> (StatusCode, Value) {
    let body = json!({ "caller": { "user": "ada" }, "callee": { "user": "bob" } });
    app.post("/v1/calls", body).await
}

async fn notify(context: &Context, id: &str, device: &str, more: Value) {
    let mut spec = json!({ "to": { "device": device }, "title": "Hello", "body": "there" });
    let fields = more.as_object().expect("an object").clone();
    spec.as_object_mut().expect("an object").extend(fields);
    let write = Write::put("notifications", id, &spec).expect("JSON");
    let committed = context.documents.commit(vec![write]).await;
    committed.expect("commits");
}

async fn sent(context: &Context) -> flush::Report {
    flush::send_all(context, flush::Input::default())
        .await
        .expect("sends")
}

fn topic_of(id: &str) -> String {
    use base64::Engine as _;
    let digest = sha2::Sha256::digest(id);
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest)[..32].to_owned()
}

#[tokio::test]
async fn a_ring_reaches_browsers_and_the_app_at_once_and_is_taken_back_by_the_same_way() {
    let service = FakePushService::start().await;
    let app = app_over(&[&service], &[]).await;
    for receiver in ["laptop", "tablet"] {
        register(&app, "bob", &service.subscribe(receiver)).await;
    }
    let (status, started) = ring(&app).await;
    assert_eq!(status, StatusCode::CREATED, "{started}");
    let rings = started["rings"].as_array().expect("rings").clone();
    assert_eq!(rings.len(), 1, "{rings:?}");
    assert_eq!(rings[0]["outcome"], "delivered");
    let user = inbox::Input::of("bob".parse().expect("an id"));
    let told = inbox::run(&app.context, user).await.expect("reads");
    assert_eq!(told.items.len(), 1, "{told:?}");
    let rang = service.taken();
    assert_eq!(rang.len(), 2);
    for message in &rang {
        assert_eq!(message.urgency, "high");
        assert_eq!(message.contact, "https://localhost");
        assert!((1..=45).contains(&message.ttl), "{}", message.ttl);
        let data = &message.data;
        assert_eq!(
            (&data["event"], &data["kind"]),
            (&json!("call.ringing"), &json!("call"))
        );
        assert_eq!(data["caller_name"], "ada");
        assert_eq!(message.topic, topic_of(data["id"].as_str().expect("an id")));
    }
    let call = started["call"]["id"].as_str().expect("an id");
    let cancel = format!("/v1/calls/{call}/cancel");
    assert_eq!(app.post(&cancel, json!({})).await.0, StatusCode::OK);
    service.reached(4).await;
    let taken = service.taken();
    for message in &taken[2..] {
        assert_eq!(message.data["event"], "call.cancelled");
        assert_eq!(message.urgency, "normal");
        let same = |ring: &&crate::support::web_push::Taken| ring.receiver == message.receiver;
        let rung = rang.iter().find(same).expect("it rang");
        assert_eq!(rung.topic, message.topic, "it replaces the ring");
    }
    assert!(taken.iter().all(|message| message.by == taken[0].by));
    service.verify();
}

#[tokio::test]
async fn a_ring_reaches_browsers_and_phones_in_one_pass() {
    let (service, fcm) = (FakePushService::start().await, FakeFcm::start().await);
    let app = app_over(&[&service], &borrowed(&fcm.variables())).await;
    let browser = register(&app, "bob", &service.subscribe("laptop")).await;
    let body = json!({ "platform": "gcm", "token": "phone-token", "user_id": "bob" });
    assert_eq!(app.post("/v1/devices", body).await.0, StatusCode::OK);
    let (status, started) = ring(&app).await;
    assert_eq!(status, StatusCode::CREATED, "{started}");
    assert_eq!((service.taken().len(), fcm.taken().len()), (1, 1));
    // Whoever answers on one device silences the others.
    let call = started["call"]["id"].as_str().expect("an id");
    let accept = json!({ "device": browser });
    let path = format!("/v1/calls/{call}/accept");
    let (status, accepted) = app.post(&path, accept).await;
    assert_eq!(status, StatusCode::OK, "{accepted}");
    sent(&app.context).await;
    assert_eq!(service.taken().len(), 1, "it answered itself");
    let told = fcm.taken();
    assert_eq!(told[1]["data"]["event"], "call.answered_elsewhere");
    service.verify();
}

#[tokio::test]
async fn what_a_push_service_answers_decides_what_becomes_of_a_message_and_its_device() {
    let service = FakePushService::start().await;
    let app = app_over(&[&service], &[]).await;
    let context = &app.context;
    let mut devices = Vec::new();
    for receiver in ["fine", "gone", "lost", "odd", "narrow", "large"] {
        devices.push(register(&app, "bob", &service.subscribe(receiver)).await);
    }
    service.meets("gone", Weather::Status(410, None));
    service.meets("lost", Weather::Status(404, None));
    service.meets("odd", Weather::Status(400, None));
    service.meets("narrow", Weather::Narrow(1000));
    service.meets("narrow", Weather::Narrow(1000));
    for (number, device) in devices.iter().enumerate() {
        let long = match number {
            4 => json!({ "body": "b".repeat(2000), "data": { "more": "m" } }),
            5 => json!({ "body": "b".repeat(9000) }),
            _ => json!({ "ttl": 60 }),
        };
        notify(context, &format!("n{number}"), device, long).await;
    }
    let report = sent(context).await;
    assert_eq!(
        (report.delivered, report.dead, report.parked),
        (3, 2, 1),
        "{report:?}"
    );
    for (number, left) in [(0, true), (1, false), (2, false), (3, true)] {
        let path = format!("/v1/devices/{}", devices[number]);
        assert_eq!(app.get(&path).await.0 == StatusCode::OK, left, "{number}");
    }
    let taken = service.taken();
    let told = |receiver: &str| {
        let found = taken.iter().find(|message| message.receiver == receiver);
        found.expect(receiver).clone()
    };
    assert_eq!(told("fine").topic, topic_of("n0"));
    assert!(told("fine").ttl <= 60 && told("narrow").ttl == 28 * 24 * 3600);
    let short = told("narrow").data;
    assert_eq!(
        (&short["id"], &short["kind"]),
        (&json!("n4"), &json!("message"))
    );
    assert!(short.get("more").is_none() && short["body"].as_str().expect("a text").len() < 200);
    let cut = told("large").data["body"]
        .as_str()
        .expect("a text")
        .to_owned();
    assert!(cut.ends_with('…') && cut.len() > 3000, "{}", cut.len());
    assert_eq!(service.calls(), 7, "one was cut once");
    service.verify();
}

#[tokio::test]
async fn one_push_service_that_is_full_or_hangs_holds_up_nobody_else() {
    for weather in [Weather::Status(429, Some(3600)), Weather::Hang] {
        // Whoever is held up by them is so each time, a busy machine now and then.
        let mut took = Vec::new();
        while took.iter().all(|took| *took >= SOON) {
            assert!(took.len() < 5, "{weather:?}: {took:?}");
            took.push(told_beside_a_service_with(weather).await);
        }
    }
}

/// Sooner than those that hang are given up.
const SOON: Duration = Duration::from_secs(4);

/// How long it takes to tell somebody behind 150 others, whose push service has this weather.
async fn told_beside_a_service_with(weather: Weather) -> Duration {
    let bad = FakePushService::start().await;
    let good = FakePushService::start().await;
    let app = app_over(&[&bad, &good], &[]).await;
    let context = &app.context;
    bad.always(Some(weather));
    for number in 0..150 {
        let subscription = bad.subscribe(&format!("bad{number}"));
        let body = json!({ "platform": "web", "subscription": subscription });
        let (_, device) = app.post("/v1/devices", body).await;
        let device = device["id"].as_str().expect("an id");
        notify(context, &format!("a{number}"), device, json!({})).await;
    }
    let fine = register(&app, "ada", &good.subscribe("fine")).await;
    notify(context, "z", &fine, json!({})).await;
    let working = context.clone();
    let began = Instant::now();
    let whole = Shard { number: 0, of: 1 };
    let worker = tokio::spawn(async move { follow::run(&working, whole).await });
    good.reached(1).await;
    let passed = began.elapsed();
    worker.abort();
    // Most were not even tried, if there was no time to try again.
    let calls = bad.calls();
    assert!(calls <= 64 || passed >= SOON, "{calls} in {passed:?}");
    good.verify();
    passed
}

#[tokio::test]
async fn who_does_not_know_our_key_is_left_alone_and_others_are_told() {
    let (bad, good) = (
        FakePushService::start().await,
        FakePushService::start().await,
    );
    let app = app_over(&[&bad, &good], &[]).await;
    let context = &app.context;
    let refused = register(&app, "ada", &bad.subscribe("refused")).await;
    let fine = register(&app, "bob", &good.subscribe("fine")).await;
    bad.always(Some(Weather::Status(403, None)));
    notify(context, "n1", &refused, json!({})).await;
    notify(context, "n2", &fine, json!({})).await;
    let report = sent(context).await;
    assert_eq!((report.delivered, report.retrying), (1, 1), "{report:?}");
    assert_eq!(report.blocked, None);
    sent(context).await;
    assert_eq!(bad.calls(), 1, "it is left alone");
    // A key that was replaced makes it plain whose fault it is.
    let done = tok::commands::push::rotate::run(context)
        .await
        .expect("rotates");
    assert_eq!(done.silenced, 2);
    let (_, told) = app.get("/v1/push/key").await;
    assert_eq!(told["key"], done.key);
    good.always(Some(Weather::Status(403, None)));
    notify(context, "n3", &fine, json!({})).await;
    let report = sent(context).await;
    assert_eq!(report.dead, 1, "{report:?}");
    let path = format!("/v1/devices/{fine}");
    assert_eq!(app.get(&path).await.0, StatusCode::NOT_FOUND);
    good.verify();
}

/// A door on this machine that counts who comes.
async fn counted() -> (std::net::SocketAddr, Arc<AtomicUsize>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counting = count.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counting.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, count)
}

#[tokio::test]
async fn no_address_of_a_stranger_leads_into_our_network() {
    let (inside, connections) = counted().await;
    let service = FakePushService::start().await;
    let app = app_over(&[&service], &[]).await;
    let context = &app.context;
    let port = inside.port();
    let mut subscription = service.subscribe("laptop");
    for (number, endpoint) in [
        format!("https://127.0.0.1:{port}/push/x"),
        format!("http://127.0.0.1:{port}/push/x"),
        format!("https://localhost:{port}/push/x"),
        format!("https://[::ffff:127.0.0.1]:{port}/push/x"),
        "https://127.0.0.1/push/x".to_owned(),
        "https://[::1]/push/x".to_owned(),
        "https://[::ffff:10.0.0.1]/push/x".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.1.2.3/push/x".to_owned(),
        "https://0.0.0.0/push/x".to_owned(),
        "https://localhost/push/x".to_owned(),
        format!("https://{}/push/x", service.address),
        "ftp://push.example.com/x".to_owned(),
    ]
    .into_iter()
    .enumerate()
    {
        subscription["endpoint"] = json!(endpoint);
        let body = json!({ "platform": "web", "subscription": subscription });
        let (status, problem) = app.post("/v1/devices", body).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{endpoint}");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(
            detail.contains("endpoint") && !detail.contains("push/x"),
            "{detail}"
        );
        // It may have come into the store by another way.
        let token = json!({
            "endpoint": endpoint, "p256dh": subscription["keys"]["p256dh"],
            "auth": subscription["keys"]["auth"], "key": "k",
        });
        let device = json!({
            "token": token.to_string(), "platform": "web",
            "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z",
        });
        let id = format!("d{number}");
        let write = Write::put("tok_devices", &id, &device).expect("JSON");
        context
            .documents
            .commit(vec![write])
            .await
            .expect("commits");
        notify(context, &format!("n{number}"), &id, json!({})).await;
    }
    let report = sent(context).await;
    assert_eq!(report.parked, 13, "{report:?}");
    // Nor does one that was listed send us there.
    let device = register(&app, "bob", &service.subscribe("laptop")).await;
    service.meets("laptop", Weather::Redirect(inside));
    notify(context, "redirected", &device, json!({})).await;
    assert_eq!(sent(context).await.retrying, 1);
    assert_eq!(connections.load(Ordering::SeqCst), 0);
    // The counter counts.
    drop(tokio::net::TcpStream::connect(inside).await);
    let counted = async {
        while connections.load(Ordering::SeqCst) == 0 {
            tokio::time::sleep(PAUSE).await;
        }
    };
    let in_time = tokio::time::timeout(PATIENCE, counted).await;
    in_time.expect("it is counted");
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn what_is_no_push_service_has_taken_nothing() {
    for status in [200, 201, 203] {
        let service = FakePushService::start().await;
        let app = app_over(&[&service], &[]).await;
        let device = register(&app, "ada", &service.subscribe("laptop")).await;
        service.meets("laptop", Weather::Page(status));
        notify(&app.context, "n", &device, json!({})).await;
        let report = sent(&app.context).await;
        assert_eq!(
            (report.delivered, report.retrying),
            (0, 1),
            "{status}: {report:?}"
        );
        let queued = app.context.documents.count("notifications").await;
        assert_eq!(queued.expect("counts"), 1, "{status}");
    }
}

#[tokio::test]
async fn a_page_with_a_join_token_registers_its_own_users_browser_and_nothing_else() {
    let service = FakePushService::start().await;
    let origin = service.origin();
    let hosts = ("TOK_PUSH__WEB_HOSTS", origin.as_str());
    let app = TestApp::with(&[("TOK_AUTH__MODE", "keys"), hosts]).await;
    let ask = |method: Method, path: &str, bearer: &str, body: Option<Value>| {
        let mut request = app.client.request(method, app.url(path));
        if !bearer.is_empty() {
            request = request.bearer_auth(bearer);
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request)
    };
    // One key may say who somebody is, the other may not.
    let mut tokens = Vec::new();
    let some = [Scope::Tokens, Scope::RoomsWrite, Scope::UsersWrite];
    let none: &[Scope] = &[];
    for scopes in [none, &some] {
        let input = key::create::Input {
            name: "test".to_owned(),
            scopes: scopes.iter().copied().collect(),
            max_role: Role::Host,
            expires: None,
        };
        let key = key::create::run(&app.context, input).await.expect("a key");
        let post = |path: &'static str, body: Value| {
            let asking = ask(Method::POST, path, &key.secret, Some(body));
            async move { asking.await.1 }
        };
        post("/v1/users", json!({ "id": "bob", "name": "Bob" })).await;
        post("/v1/rooms", json!({ "name": "hello" })).await;
        for spec in [json!({ "user_id": "bob" }), json!({})] {
            let made = post("/v1/rooms/hello/tokens", spec).await;
            let token = made["token"].as_str().expect("a token");
            tokens.push(token.to_owned());
        }
    }
    let (status, key) = ask(Method::GET, "/v1/push/key", "", None).await;
    assert_eq!(status, StatusCode::OK, "the key is for everybody: {key}");
    assert_eq!(key["key"].as_str().map(str::len), Some(87), "{key}");
    let subscription = service.subscribe("laptop");
    let body = json!({ "platform": "web", "subscription": subscription, "user_id": "ada" });
    let register = |token: &str| ask(Method::POST, "/v1/devices", token, Some(body.clone()));
    let (status, device) = register(&tokens[0]).await;
    assert_eq!(status, StatusCode::OK, "{device}");
    assert_eq!(device["user_id"], "bob", "whatever the body says");
    for token in [tokens[1].as_str(), &tokens[2], &tokens[3], ""] {
        assert_eq!(register(token).await.0, StatusCode::UNAUTHORIZED, "{token}");
    }
    let forged = format!("{}x", tokens[0]);
    assert_eq!(register(&forged).await.0, StatusCode::FORBIDDEN);
    let phone = json!({ "platform": "gcm", "token": "t" });
    let (status, _) = ask(Method::POST, "/v1/devices", &tokens[0], Some(phone)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let (status, _) = ask(Method::GET, "/v1/devices", &tokens[0], None).await;
    assert_eq!(
        status,
        StatusCode::UNAUTHORIZED,
        "a join token lists nothing"
    );
}

#[tokio::test]
async fn a_subscription_is_one_device_however_often_it_is_sent_and_old_ones_make_room() {
    let service = FakePushService::start().await;
    let app = app_over(&[&service], &[]).await;
    let subscription = service.subscribe("laptop");
    let first = register(&app, "bob", &subscription).await;
    tok::commands::push::rotate::run(&app.context)
        .await
        .expect("rotates");
    assert_eq!(register(&app, "bob", &subscription).await, first);
    // It is still made for the key before.
    service.meets("laptop", Weather::Status(401, None));
    notify(&app.context, "n1", &first, json!({})).await;
    assert_eq!(sent(&app.context).await.dead, 1);
    for number in 0..25 {
        register(&app, "bob", &service.subscribe(&format!("b{number}"))).await;
    }
    let (_, devices) = app.get("/v1/devices").await;
    assert_eq!(devices["items"].as_array().map(Vec::len), Some(20));
    for (body, part) in [
        (json!({ "platform": "web", "token": "t" }), "subscription"),
        (json!({ "platform": "web" }), "subscription"),
        (
            json!({ "platform": "gcm", "subscription": subscription }),
            "web",
        ),
        (json!({ "platform": "gcm" }), "push token"),
    ] {
        let (status, problem) = app.post("/v1/devices", body.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{body}");
        let detail = problem["detail"].as_str().expect("a sentence");
        assert!(detail.contains(part), "{detail}");
    }
}

/// The address opens the device: whoever reads a list, a log or an error must not learn it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_shown_or_logged_tells_an_address() {
    let service = FakePushService::start().await;
    let receiver = "capability-0123456789abcdefghij";
    let subscription = service.subscribe(receiver).to_string();
    let origin = service.origin();
    let variables = [
        ("TOK_PUSH__WEB_HOSTS", origin.as_str()),
        ("RUST_LOG", "trace"),
        ("TOK_LOG", "trace"),
    ];
    let binary = Binary::with(&variables);
    let mut said = String::new();
    let mut run = |arguments: &str, stdin: &str| {
        let arguments: Vec<&str> = arguments.split(' ').collect();
        let run = binary.pipe(&arguments, stdin);
        said.push_str(&run.stdout);
        said.push_str(&run.stderr);
        run
    };
    run("user create --id bob --name Bob", "").ok();
    let registered = run(
        "device register --platform web --user bob --subscription - --json",
        &subscription,
    );
    assert_eq!(registered.code, Some(0), "{registered:#?}");
    let device = registered.json()["id"].as_str().expect("an id").to_owned();
    run(
        "device register --platform web --subscription -",
        "{\"endpoint\":\"capability\"",
    )
    .refused(2, "subscription");
    run("device list", "").ok();
    run("device list --json", "").ok();
    for (id, weather) in [
        ("n1", Weather::Status(429, Some(1))),
        ("n2", Weather::Status(400, None)),
        ("n3", Weather::Status(503, None)),
        ("n4", Weather::Status(403, None)),
        ("n5", Weather::Hang),
        ("n6", Weather::Status(410, None)),
    ] {
        service.meets(receiver, weather);
        run(
            &format!("notify send --device {device} --title Hi --id {id}"),
            "",
        );
        run("notify flush --json", "");
        run("notify list --json", "");
        run(&format!("notify discard {id} --yes"), "");
    }
    run("doctor", "");
    let rotated = run("push key rotate --yes", "");
    assert!(rotated.stderr.contains("0 devices"), "{rotated:#?}");
    assert!(said.contains(&format!("{origin} …efghij")), "{said}");
    assert!(!said.contains("capability"), "{said}");
    assert!(service.calls() >= 4, "{}", service.calls());
}

#[test]
fn settings_that_cannot_work_are_named_and_doctor_asks_for_a_contact() {
    for (variable, value, setting) in [
        ("TOK_PUSH__CONTACT", "admin", "push.contact"),
        ("TOK_PUSH__CONTACT", "mailto:admin", "push.contact"),
        ("TOK_PUSH__CONTACT", "http://example.com", "push.contact"),
        ("TOK_PUSH__WEB_HOSTS", "ntfy.lan/topic", "push.web_hosts"),
        (
            "TOK_PUSH__VAPID_PRIVATE_KEY",
            "c2VjcmV0",
            "push.vapid_private_key",
        ),
    ] {
        let run = Binary::with(&[(variable, value)]).run(&["config", "check"]);
        assert!(!run.stderr.contains("c2VjcmV0"), "{run:#?}");
        run.refused(10, setting);
    }
    let found = |variables: &[(&str, &str)], used: bool| {
        let binary = Binary::with(variables);
        binary
            .run(&["user", "create", "--id", "ada", "--name", "Ada"])
            .ok();
        if used {
            binary.run(&["push", "key", "show"]).ok();
        }
        let doctor = binary.run(&["doctor", "--json"]).json();
        let findings = doctor["findings"].as_array().expect("a list").clone();
        let own = findings
            .into_iter()
            .find(|finding| finding["check"] == "push (web)");
        own.map(|finding| finding["health"].as_str().expect("a word").to_owned())
    };
    assert_eq!(found(&[], false), None, "nobody uses it");
    assert_eq!(found(&[], true).as_deref(), Some("warn"));
    let contact = [("TOK_PUSH__CONTACT", "mailto:admin@example.com")];
    assert_eq!(found(&contact, true).as_deref(), Some("ok"));
}
