//! Notifications that are sent, listed and taken, at every door.

use serde_json::json;
use tok::Kind;
use tok::commands::notify::{flush, inbox, send, take};
use tok::model::notification::{NotificationKind, NotificationState, Target};

use super::inbox_of;
use crate::support::{Binary, FakeFcm, TestApp, context, over, put};

#[tokio::test]
async fn what_is_sent_by_us_reaches_a_user_a_device_or_a_topic() {
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &[]);
    put(&context, "users", "ada", json!({ "token": "of-ada" })).await;
    put(
        &context,
        "tok_devices",
        "phone",
        json!({ "token": "of-phone" }),
    )
    .await;
    let input = |to: Target| send::Input {
        id: None,
        to,
        kind: NotificationKind::Message,
        ttl: Some(60),
        title: "Hello".to_owned(),
        body: String::new(),
        image: None,
        data: [("room".to_owned(), "standup".to_owned())].into(),
    };
    for to in [
        Target::User("ada".to_owned()),
        Target::Device("phone".to_owned()),
        Target::Topic("news".to_owned()),
        Target::Token("direct".to_owned()),
        Target::User("nobody".to_owned()),
    ] {
        send::run(&context, input(to)).await.expect("queues");
    }
    let validated = send::validate(&context, input(Target::Topic("news".to_owned()))).await;
    assert!(validated.expect("valid").valid);
    assert_eq!(fcm.checked(), 1);
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!((report.delivered, report.dead), (4, 1), "{report:?}");
    let mut tokens: Vec<_> = fcm
        .taken()
        .iter()
        .filter_map(|message| message["token"].as_str().map(str::to_owned))
        .collect();
    tokens.sort();
    assert_eq!(tokens, ["direct", "of-ada", "of-phone"]);
    assert_eq!(fcm.taken()[0]["data"]["room"], "standup");
    // The same id is the same notification, delivered or not.
    let twice = send::Input {
        id: Some("mine".to_owned()),
        ..input(Target::Topic("news".to_owned()))
    };
    send::run(&context, twice.clone()).await.expect("queues");
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let known = send::run(&context, twice).await.expect("known");
    assert_eq!(known.state, NotificationState::Delivered);
    fcm.verify();
}

#[tokio::test]
async fn without_an_account_notifications_wait_in_the_app() {
    let (context, _dir) = context(&[]);
    let input = send::Input {
        id: Some("n1".to_owned()),
        to: Target::User("ada".to_owned()),
        kind: NotificationKind::Call,
        ttl: None,
        title: "Bob is calling".to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    };
    send::run(&context, input).await.expect("queues");
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 1);
    let waiting = inbox::run(&context, inbox_of("ada"))
        .await
        .expect("lists")
        .items;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].data["title"], "Bob is calling");
    assert!(
        inbox::run(&context, inbox_of("ad"))
            .await
            .expect("lists")
            .items
            .is_empty(),
        "no prefix of a name"
    );
    let other = send::Input {
        id: Some("n2".to_owned()),
        to: Target::User("ada:bob".to_owned()),
        kind: NotificationKind::Message,
        ttl: None,
        title: "For Bob".to_owned(),
        body: String::new(),
        image: None,
        data: [].into(),
    };
    send::run(&context, other).await.expect("queues");
    flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    let waiting = inbox::run(&context, inbox_of("ada"))
        .await
        .expect("lists")
        .items;
    assert_eq!(waiting.len(), 1, "nobody reads what is for ada:bob");
    let one = take::Input {
        user: "ada".parse().expect("an id"),
        id: "n1".to_owned(),
    };
    take::run(&context, one.clone()).await.expect("takes");
    let gone = take::run(&context, one).await.expect_err("taken");
    assert_eq!(gone.kind(), Kind::NotFound);
}

/// Both doors say the same.
#[tokio::test(flavor = "multi_thread")]
async fn the_doors_agree() {
    let app = TestApp::start().await;
    let body = json!({ "id": "n1", "to": { "user": "ada" }, "title": "Hello" });
    let (status, sent) = app.post("/v1/notifications", body).await;
    assert_eq!(status, 202, "{sent}");
    let (_, shown) = app.get("/v1/notifications/n1").await;
    assert_eq!(shown["state"], "queued");
    let binary = Binary::new();
    let dir = app.dir.path().to_str().expect("text").to_owned();
    let tok = |arguments: &[&str]| {
        let mut all = vec!["--data-dir", &dir, "--json"];
        all.extend_from_slice(arguments);
        binary.run(&all)
    };
    assert_eq!(tok(&["notify", "show", "n1"]).ok().json(), shown);
    let (_, page) = app.get("/v1/notifications").await;
    assert_eq!(tok(&["notify", "list"]).ok().json(), page["items"]);
    let report = tok(&["notify", "flush"]).ok().json();
    assert_eq!(report["delivered"], 1);
    let (_, inbox) = app.get("/v1/users/ada/notifications").await;
    assert_eq!(
        tok(&["notify", "inbox", "ada"]).ok().json(),
        inbox["items"],
        "{inbox}"
    );
    let (status, problem) = app.get("/v1/notifications/nobody").await;
    assert_eq!(
        (status.as_u16(), &problem["code"]),
        (404, &json!("not_found"))
    );
    assert_eq!(tok(&["notify", "show", "nobody"]).code, Some(3));
}
