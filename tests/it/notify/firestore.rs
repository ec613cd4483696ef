//! The queue of apps at Firestore, whatever stands in it.

use serde_json::json;
use tok::commands::notify::flush;

use super::{chat, queue};
use crate::support::{Binary, Emulator, FakeFcm, borrowed, over};

#[tokio::test]
async fn the_queue_of_firestore_is_sent() {
    let emulator = Emulator::start().await;
    let fcm = FakeFcm::start().await;
    let (context, _dir) = over(&fcm.variables(), &borrowed(&emulator.variables()));
    for n in 0..300 {
        queue(&context, &format!("n{n}"), chat("t", &n.to_string())).await;
    }
    let report = flush::run(&context, flush::Input::default())
        .await
        .expect("flushes");
    assert_eq!(report.delivered, 300, "{report:?}");
    assert_eq!(
        context
            .documents
            .count("notifications")
            .await
            .expect("counts"),
        0
    );
    fcm.verify();
}

/// The command line opens everything that is configured.
#[test]
fn the_command_line_works_over_firestore() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (emulator, fcm) =
        runtime.block_on(async { (Emulator::start().await, FakeFcm::start().await) });
    let mut variables = fcm.variables();
    variables.extend(emulator.variables());
    let binary = Binary::with(&borrowed(&variables));
    binary.run(&["config", "check"]).ok();
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    assert_eq!(
        binary.run(&["user", "list", "-o", "name"]).ok().stdout,
        "ada\n"
    );
    binary
        .run(&["notify", "send", "--topic", "news", "--title", "x"])
        .ok();
    let report = binary.run(&["notify", "flush", "--json"]).ok().json();
    assert_eq!(report["delivered"], 1);
    binary.run(&["search", "reindex", "users"]).ok();
    assert_eq!(
        binary
            .run(&["search", "query", "users", "ada", "-o", "name"])
            .ok()
            .stdout,
        "ada\n"
    );
    binary.run(&["presence", "audit"]).ok();
    binary.run(&["status"]).ok();
    binary.run(&["doctor"]).ok();
}

/// Writes documents as apps do, with values that our own types do not hold.
async fn put_odd_documents(url: &str) {
    use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
    use pb::value::ValueType;
    let channel = tonic::transport::Endpoint::from_shared(url.to_owned());
    let channel = channel.expect("a URL").connect().await.expect("connects");
    let mut api = pb::firestore_client::FirestoreClient::new(channel);
    let value = |value_type| pb::Value {
        value_type: Some(value_type),
    };
    let moment = |seconds, nanos| {
        value(ValueType::TimestampValue(prost_types::Timestamp {
            seconds,
            nanos,
        }))
    };
    let text = |text: &str| value(ValueType::StringValue(text.to_owned()));
    let odd = |id: &str, collection: &str| {
        let fields = [
            ("token", text("t")),
            ("title", text("never ends")),
            ("name", value(ValueType::IntegerValue(7))),
            ("until", moment(253_402_300_799, 999_999_999)),
            ("last_changed", moment(253_402_250_000, 0)),
            ("born", moment(-62_135_596_800, 0)),
            ("nan", value(ValueType::DoubleValue(f64::NAN))),
            ("far", value(ValueType::DoubleValue(f64::INFINITY))),
        ];
        let fields = fields.map(|(name, value)| (name.to_owned(), value));
        pb::Write {
            operation: Some(pb::write::Operation::Update(pb::Document {
                name: format!("projects/demo-tok/databases/(default)/documents/{collection}/{id}"),
                fields: fields.into(),
                ..pb::Document::default()
            })),
            ..pb::Write::default()
        }
    };
    let writes = vec![
        odd("evil", "notifications"),
        odd("evil", "users"),
        odd("evil", "rooms"),
        odd("evil", "tok_outcomes"),
        odd("worse", "tok_parked/notify/items"),
    ];
    api.commit(pb::CommitRequest {
        database: "projects/demo-tok/databases/(default)".to_owned(),
        writes,
        ..pb::CommitRequest::default()
    })
    .await
    .expect("commits");
}

/// Whatever an app may store, it is no reason to stop: everything else is sent, listed, searched
/// and swept, and what is odd can be thrown away.
#[test]
fn no_stored_value_stops_anything() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (emulator, fcm) =
        runtime.block_on(async { (Emulator::start().await, FakeFcm::start().await) });
    let url = format!("http://{}", emulator.address);
    let mut variables = fcm.variables();
    variables.extend(emulator.variables());
    let binary = Binary::with(&borrowed(&variables));
    runtime.block_on(put_odd_documents(&url));
    binary
        .run(&["user", "create", "--id", "ada", "--name", "Ada"])
        .ok();
    for arguments in [
        &["user", "list"][..],
        &["user", "show", "evil"],
        &["notify", "list"],
        &["notify", "list", "--parked"],
        &["notify", "show", "evil"],
        &["notify", "show", "worse"],
        &["search", "reindex"],
        &["search", "verify"],
        &["presence", "sync"],
        &["presence", "audit"],
        &["status"],
        &["doctor"],
    ] {
        binary.run(arguments).ok();
    }
    let discard = ["notify", "discard", "evil", "worse", "--yes"];
    binary.run(&discard).ok();
    binary.run(&["notify", "list", "--parked"]).ok();
    binary
        .run(&["notify", "send", "--topic", "news", "--title", "x"])
        .ok();
    runtime.block_on(put_odd_documents(&url));
    binary.run(&["work", "--once"]).ok();
    let left = binary.run(&["notify", "list", "--json"]).ok().json();
    assert_eq!(left, json!([]), "both were sent");
    binary.run(&["user", "delete", "evil", "--yes"]).ok();
}
