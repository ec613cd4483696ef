//! Credentials of TURN servers, which do not last as long as calls do.

use std::sync::{Arc, Weak};
use std::time::Duration;

use super::socket::{Connection, Joined};
use crate::commands::participant;
use crate::context::Context;
use crate::model::meeting::Actor;

/// Sends fresh credentials of TURN servers to somebody, for as long as they are in the room.
pub(super) async fn renew(
    context: Arc<Context>,
    connection: Weak<Connection>,
    joined: Joined,
    every: Duration,
) {
    loop {
        tokio::time::sleep(every).await;
        let Some(connection) = connection.upgrade() else {
            return;
        };
        if connection.joined().as_ref() != Some(&joined) {
            return;
        }
        let by = Actor::Seated {
            id: joined.id.clone(),
            seat: connection.id().to_owned(),
        };
        let room = joined.room.clone();
        match participant::ice::run(&context, participant::ice::Input { room, by }).await {
            // They may have left meanwhile.
            Ok(_) if connection.joined().as_ref() != Some(&joined) => return,
            Ok(servers) => connection.emit("ice-servers", &[&servers]),
            // Who waits is told them when they are let in.
            Err(error) => tracing::debug!(%error, "nobody gets fresh credentials"),
        }
    }
}
