//! Presence: the user documents say what the source says, nothing more and nothing late.

mod connected;
mod distrust;
mod doors;
mod noting;
mod pace;
mod stream;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tok::backends::documents::{Event, EventStream};
use tok::commands::presence::{follow, show};
use tok::context::Context;
use tokio_util::sync::CancellationToken;

use crate::support::PATIENCE;

async fn user(context: &Context, id: &str) -> Value {
    let found = context.documents.get("users", id).await.expect("reads");
    found.map_or(Value::Null, |document| document.decode().expect("JSON"))
}

fn node(state: &str, at: i64) -> Value {
    json!({ "state": state, "last_changed": at })
}

/// The loop `presence` at work; stopped at the end.
struct Following {
    context: Context,
    task: tokio::task::JoinHandle<tok::Result<()>>,
    users: EventStream,
}

impl Following {
    fn start(context: &Context) -> Self {
        let mut own = context.clone();
        own.stop = CancellationToken::new();
        let task = tokio::spawn({
            let context = own.clone();
            async move { follow::run(&context).await }
        });
        Self {
            users: own.documents.watch("users", None),
            context: own,
            task,
        }
    }

    /// Waits until a user's document has this state.
    async fn until(&mut self, id: &str, state: &str) -> Value {
        let reached = async {
            loop {
                let event = self.users.next().await.expect("no end").expect("no error");
                if let Event::Put(document) = event
                    && document.id == id
                {
                    let fields: Value = document.decode().expect("JSON");
                    if fields["state"] == state {
                        return fields;
                    }
                }
            }
        };
        tokio::time::timeout(PATIENCE, reached)
            .await
            .unwrap_or_else(|_| {
                let ended = self.task.is_finished();
                panic!("{id} never became {state}; the loop ended: {ended}")
            })
    }

    async fn stop(self) {
        self.context.stop.cancel();
        self.task.await.expect("no panic").expect("ends well");
    }
}

fn whom(user: &str) -> show::Input {
    let user = user.to_owned();
    show::Input { user }
}
