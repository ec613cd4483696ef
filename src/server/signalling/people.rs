//! Connected people whom we know: what is delivered in the app reaches them at once, and they are
//! present as long as they are connected.
//!
//! A notification waits in the inbox until a client says that it has it; until then it is sent again
//! to every new connection.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use metrics::counter;
use serde_json::json;

use super::socket::Connection;
use crate::commands::notify::arrivals;
use crate::commands::notify::inbox::{self, InboxItem};
use crate::commands::participant::identify;
use crate::commands::presence::announce;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::Span;
use crate::model::presence::PresenceState;

/// How long presence counts without a sign of this server.
const PRESENT: Span = Span::seconds(90);
/// How often the sign is given.
const SIGN: Duration = Duration::from_secs(30);
/// The rest before the inbox is followed again after a failure.
const REST: Duration = Duration::from_secs(1);

/// Everybody whom we know, by user.
#[derive(Default)]
pub(super) struct People(Mutex<HashMap<String, Vec<Arc<Connection>>>>);

impl People {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Vec<Arc<Connection>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn connections(&self, user: &str) -> Vec<Arc<Connection>> {
        self.all().get(user).cloned().unwrap_or_default()
    }

    fn add(&self, user: &str, connection: Arc<Connection>) {
        self.all()
            .entry(user.to_owned())
            .or_default()
            .push(connection);
    }

    fn remove(&self, user: &str, connection: &Connection) {
        let mut all = self.all();
        if let Some(connections) = all.get_mut(user) {
            connections.retain(|other| other.id() != connection.id());
            if connections.is_empty() {
                all.remove(user);
            }
        }
    }

    fn present(&self) -> Vec<(String, String)> {
        let all = self.all();
        let each = all.iter().flat_map(|(user, connections)| {
            connections
                .iter()
                .map(|of| (user.clone(), of.id().to_owned()))
        });
        each.collect()
    }
}

/// Somebody connected with a token: from now on they are present, and told what waits for them.
/// Returns who they are.
pub(super) async fn welcome(
    context: &Arc<Context>,
    people: &People,
    connection: &Arc<Connection>,
    token: &str,
) -> Result<Option<String>> {
    let Some(user) = identify::run(context, token).await? else {
        return Ok(None);
    };
    people.add(&user, connection.clone());
    announce_one(context, &user, connection.id(), PresenceState::Online).await?;
    for item in inbox::run(context, &user).await? {
        offer(context.clone(), user.clone(), connection.clone(), item);
    }
    Ok(Some(user))
}

/// A known person's connection is over.
pub(super) async fn farewell(
    context: &Context,
    people: &People,
    connection: &Connection,
    user: &str,
) {
    people.remove(user, connection);
    let gone = announce_one(context, user, connection.id(), PresenceState::Offline).await;
    if let Err(error) = gone {
        tracing::warn!(user, %error, "somebody who went stays present for a while");
    }
}

async fn announce_one(
    context: &Context,
    user: &str,
    connection: &str,
    state: PresenceState,
) -> Result<()> {
    let ttl = (state == PresenceState::Online).then_some(PRESENT);
    let noted = announce::run(context, user, connection, announce::Input { state, ttl }).await;
    match noted {
        // Where apps write presence by themselves, a socket says nothing of it.
        Err(error) if error.kind() != Kind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Says of everybody connected that they are still there, for ever.
pub(super) async fn keep_present(context: Arc<Context>, people: Arc<People>) {
    let mut sign = tokio::time::interval(SIGN);
    loop {
        sign.tick().await;
        for (user, connection) in people.present() {
            let state = PresenceState::Online;
            if let Err(error) = announce_one(&context, &user, &connection, state).await {
                tracing::warn!(user, %error, "somebody's presence is not kept");
            }
        }
    }
}

/// Offers whatever is delivered to whoever of its receivers is connected, for ever.
pub(super) async fn deliver(context: Arc<Context>, people: Arc<People>) {
    loop {
        let mut arriving = arrivals::run(&context);
        let failed = loop {
            match arriving.try_next().await {
                Ok(Some((user, item))) => {
                    for connection in people.connections(&user) {
                        offer(context.clone(), user.clone(), connection, item.clone());
                    }
                }
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        if let Some(error) = failed {
            tracing::warn!(%error, "the inbox cannot be followed; trying again");
        }
        tokio::time::sleep(REST).await;
    }
}

/// Sends a notification; once the client says that it has it, it waits no more.
fn offer(context: Arc<Context>, user: String, connection: Arc<Connection>, item: InboxItem) {
    // Told twice when it comes just as they connect.
    if !connection.offers(&item.id) {
        return;
    }
    tokio::spawn(async move {
        let body = json!({ "id": item.id, "kind": item.kind, "data": item.data, "at": item.at });
        if !connection.ask("notification", &body).await {
            connection.withdraws(&item.id);
            return;
        }
        counter!("tok_socket_notifications_total").increment(1);
        match inbox::take(&context, &user, &item.id).await {
            Err(error) if error.kind() != Kind::NotFound => {
                tracing::warn!(user, %error, "a notification will be told again");
            }
            _ => {}
        }
    });
}
