//! The worker: expired local rooms go, one worker at a time, an orderly end.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tok::backends::documents::{Event, Write};
use tok::commands::room::create;
use tok::model::Room;
use tok::worker;

use crate::support::{PATIENCE, config, context};
use futures_util::StreamExt;

async fn expired_room(context: &tok::context::Context, name: &str, hours: i64) {
    let input = create::Input {
        name: Some(name.to_owned()),
        ..create::Input::default()
    };
    let room = Room {
        expires_at: Some(Timestamp::now() - SignedDuration::from_hours(hours)),
        ..create::run(context, input).await.expect("creates")
    };
    let write = Write::put("tok_rooms", &format!("local:{name}"), &room).expect("JSON");
    context
        .documents
        .commit(vec![write])
        .await
        .expect("commits");
}

#[tokio::test]
async fn expired_rooms_go_after_their_grace() {
    let (context, dir) = context(&[]);
    let config = config(
        dir.path(),
        &[
            ("TOK_WORKER__ROOMS_GRACE", "2h"),
            ("TOK_WORKER__ROOMS_EVERY", "10ms"),
        ],
    );
    expired_room(&context, "over", 3).await;
    expired_room(&context, "in-grace", 1).await;
    let mut events = context.documents.watch("tok_rooms", None);
    let worker = tokio::spawn({
        let context = context.clone();
        async move { worker::work(context, &config.worker, Arc::default()).await }
    });
    let gone = async {
        loop {
            if let Event::Removed(id) = events.next().await.expect("no end").expect("no error") {
                return id;
            }
        }
    };
    let id = tokio::time::timeout(PATIENCE, gone).await.expect("in time");
    assert_eq!(id, "local:over");
    context.stop.cancel();
    tokio::time::timeout(Duration::from_secs(5), worker)
        .await
        .expect("drains")
        .expect("no panic");
    assert_eq!(
        context.documents.count("tok_rooms").await.expect("counts"),
        1
    );
    assert_eq!(
        context.documents.count("tok_leases").await.expect("counts"),
        0,
        "leases are given back"
    );
}
