//! Whatever apps may store at Firestore is listed, shown, judged and removed, and stands in nobody's way.

use axum::http::StatusCode;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use tok::commands::notify::{discard, flush, list, show};
use tok::commands::presence::{audit, follow};
use tok::commands::search::reindex;
use tok::context::Context;
use tok::model::notification::NotificationState;

use crate::support::{Emulator, FakeFcm, TestApp, borrowed, put_as_app};

/// Values of every type, at the edges of what each may be, as the REST API writes them.
fn values() -> Vec<Value> {
    let deep = (0..18).fold(json!({ "stringValue": "deep" }), |inner, n| {
        let name = ["a.b`c", "日", "__", " "][n % 4];
        json!({ "mapValue": { "fields": { name: inner } } })
    });
    vec![
        json!({ "nullValue": null }),
        json!({ "booleanValue": true }),
        json!({ "integerValue": "-9223372036854775808" }),
        json!({ "integerValue": "9007199254740993" }),
        json!({ "doubleValue": "-Infinity" }),
        json!({ "doubleValue": 5e-324 }),
        json!({ "doubleValue": -0.0 }),
        json!({ "timestampValue": "0001-01-01T00:00:00Z" }),
        json!({ "timestampValue": "9999-12-31T03:04:05.000006Z" }),
        json!({ "timestampValue": "1582-10-10T12:00:00Z" }),
        json!({ "stringValue": "" }),
        json!({ "stringValue": "\u{202e}\u{feff}\u{0301}\u{1F468}\u{200D}\u{1F469}" }),
        json!({ "stringValue": "9999-99-99T99:99:99Z" }),
        json!({ "stringValue": "x".repeat(30_000) }),
        json!({ "bytesValue": "AP8AgA==" }),
        json!({ "referenceValue": "projects/demo-tok/databases/(default)/documents/users/u1" }),
        json!({ "geoPointValue": { "latitude": -90, "longitude": 180 } }),
        json!({ "arrayValue": {} }),
        json!({ "arrayValue": { "values": [{ "nullValue": null }, { "doubleValue": "NaN" }] } }),
        json!({ "mapValue": {} }),
        deep,
    ]
}

/// What ids may look like; each gets a number as well.
const IDS: [&str; 8] = [
    "plain",
    "a b",
    "日本",
    "x%2Fy",
    "..x",
    "'\"",
    "\u{1F984}",
    "?q=1&r",
];

struct World {
    emulator: Emulator,
    fcm: FakeFcm,
    app: TestApp,
}

impl World {
    async fn start() -> Self {
        let (emulator, fcm) = (Emulator::start().await, FakeFcm::start().await);
        let mut variables = fcm.variables();
        variables.extend(emulator.variables());
        let app = TestApp::with(&borrowed(&variables)).await;
        Self { emulator, fcm, app }
    }

    /// An app puts a document there, with each of `fields` and one of them so.
    async fn put(&self, collection: &str, id: &str, odd: (&str, &Value)) {
        let mut fields = json!({
            "token": { "stringValue": "t" }, "title": { "stringValue": "Hello" },
            "name": { "stringValue": "Somebody" }, "state": { "stringValue": "online" },
        });
        fields[odd.0] = odd.1.clone();
        put_as_app(&self.emulator, collection, id, fields).await;
    }
}

async fn listed(context: &Context, parked: bool) -> Vec<String> {
    let all: Vec<_> = list::all(context, parked)
        .try_collect()
        .await
        .expect("lists");
    all.into_iter().flatten().map(|status| status.id).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_in_a_notification_it_is_judged_and_can_be_thrown_away() {
    let world = World::start().await;
    let context = &world.app.context;
    let fields = [
        "token", "title", "to", "kind", "ttl", "body", "data", "theirs",
    ];
    let mut ids = Vec::new();
    for (n, value) in values().iter().enumerate() {
        for (m, field) in fields.into_iter().enumerate() {
            let id = format!("{}-{n}-{m}", IDS[(n + m) % IDS.len()]);
            world.put("notifications", &id, (field, value)).await;
            ids.push(id);
        }
    }
    world
        .put(
            "notifications",
            "good",
            ("theirs", &json!({ "booleanValue": true })),
        )
        .await;
    assert_eq!(listed(context, false).await.len(), ids.len() + 1);
    for id in &ids {
        let status = show::run(context, id.as_str().into()).await.expect(id);
        assert_eq!(status.state, NotificationState::Queued, "{id}");
    }
    // One in three is thrown away as it is; the others are sent, or parked with a reason.
    for id in ids.iter().step_by(3) {
        discard::run(context, id.as_str().into()).await.expect(id);
    }
    let report = flush::run(context, flush::Input::default())
        .await
        .expect("flushes");
    let judged = report.delivered + report.parked + report.dead;
    let left = 1 + ids.len() - ids.len().div_ceil(3);
    assert_eq!(judged, left as u64, "{report:?}");
    assert_eq!((report.retrying, report.blocked.as_ref()), (0, None));
    assert_eq!(listed(context, false).await, [""; 0]);
    assert!(report.delivered > 20 && report.parked > 20, "{report:?}");
    for id in listed(context, true).await {
        let status = show::run(context, id.as_str().into()).await.expect(&id);
        assert!(
            status.reason.is_some_and(|reason| !reason.is_empty()),
            "{id}"
        );
        discard::run(context, id.as_str().into()).await.expect(&id);
    }
    assert_eq!(listed(context, true).await, [""; 0]);
    world.fcm.verify();
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_stands_in_a_user_they_are_shown_searched_compared_and_deleted() {
    let world = World::start().await;
    let context = &world.app.context;
    let fields = [
        "name",
        "token",
        "state",
        "last_changed",
        "onRoom",
        "id",
        "photoURL",
    ];
    let mut all = 0;
    for (n, value) in values().iter().enumerate() {
        for (m, field) in fields.into_iter().enumerate() {
            world
                .put("users", &format!("u{n}-{m}"), (field, value))
                .await;
            all += 1;
        }
    }
    let spec = context.mirrors.get("users").expect("configured").clone();
    let report = reindex::run(context, reindex::Input::of(spec)).await;
    report.expect("everybody who can be searched is");
    follow::run_once(context, follow::Trust::Full)
        .await
        .expect("compares");
    assert_eq!(audit::run(context).await.expect("compares").drift, []);
    let mut after = String::new();
    let mut shown = Vec::new();
    loop {
        let (status, page) = world.app.get(&format!("/v1/users?limit=50{after}")).await;
        assert_eq!(status, StatusCode::OK, "{page}");
        let items = page["items"].as_array().expect("items").clone();
        shown.extend(
            items
                .iter()
                .map(|user| user["id"].as_str().expect("an id").to_owned()),
        );
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(shown.len(), all);
    for id in shown {
        let path = format!("/v1/users/{id}");
        let (status, user) = world.app.get(&path).await;
        assert_eq!(status, StatusCode::OK, "{id}: {user}");
        let (status, gone) = world.app.delete(&path).await;
        assert_eq!(status, StatusCode::OK, "{id}: {gone}");
    }
    let left = context.documents.count("users").await;
    assert_eq!(left.expect("counts"), 0);
}
