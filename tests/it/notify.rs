//! Notifications: what is sent, what becomes of each, and that nothing is lost.

mod doors;
mod firestore;
mod outcomes;
mod project;
mod workers;

use serde_json::{Value, json};
use tok::commands::notify::{inbox, show};
use tok::context::Context;
use tok::model::notification::NotificationState;

use crate::support::put;

async fn queue(context: &Context, id: &str, value: Value) {
    put(context, "notifications", id, value).await;
}

/// As TokApp's client writes them.
fn chat(token: &str, body: &str) -> Value {
    json!({
        "userID": "ada", "title": "Ada", "body": body, "photoURL": null, "token": token,
    })
}

async fn state(context: &Context, id: &str) -> NotificationState {
    show::run(context, id.into()).await.expect("known").state
}

fn inbox_of(user: &str) -> inbox::Input {
    inbox::Input::of(user.parse().expect("an id"))
}
