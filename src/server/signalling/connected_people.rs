//! Connected people whom we know: what is delivered in the app reaches them at once, and they are
//! present as long as they are connected.
//!
//! A notification waits in the inbox until a client says that it has it; until then it is sent again
//! to every new connection.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::stream::FuturesUnordered;
use futures_util::{StreamExt, TryStreamExt};
use metrics::counter;
use serde_json::json;
use tokio::sync::Semaphore;
use tokio::time::MissedTickBehavior;

use super::socket::Connection;
use crate::commands::call::BUT_CONNECTION;
use crate::commands::notify::inbox::{self, InboxItem};
use crate::commands::notify::{arrivals, take};
use crate::commands::participant::identify::{self, Identity};
use crate::commands::presence::announce::{self, Announcement};
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::Span;
use crate::model::presence::PresenceState;
use crate::model::user::UserId;

/// How long presence counts without a sign of this server.
const PRESENT: Span = Span::seconds(90);
/// How often the sign is given.
const SIGN: Duration = Duration::from_secs(30);
/// Signs that are given at the same time: nobody waits behind one that takes long.
const AT_ONCE: usize = 32;
/// The delay before the inbox is followed again after a failure.
const DELAY: Duration = Duration::from_secs(1);
/// Notifications that one connection is offered and did not take yet.
const OFFERED: usize = 50;

/// Everybody whom we know, by user.
#[derive(Default)]
pub(super) struct ConnectedPeople(Mutex<HashMap<String, Vec<Arc<Connection>>>>);

impl ConnectedPeople {
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

    fn present(&self) -> Vec<(String, Arc<Connection>)> {
        let all = self.all();
        let each = all.iter().flat_map(|(user, connections)| {
            connections.iter().map(|of| (user.clone(), of.clone()))
        });
        each.collect()
    }
}

/// Somebody connected with a token: from now on, if it says who they are, they are present, and told
/// what waits for them.
///
/// # Errors
/// [`Kind::Forbidden`] for a token that is no good.
pub(super) async fn welcome(
    context: &Arc<Context>,
    people: &ConnectedPeople,
    connection: &Arc<Connection>,
    token: &str,
) -> Result<()> {
    let known = loop {
        match identify::run(
            context,
            identify::Input {
                token: token.to_owned(),
            },
        )
        .await
        {
            // The store is busy: they are known a little later.
            Err(error) if error.kind() == Kind::Unavailable && !connection.is_over() => {
                tracing::warn!(%error, "somebody is not known yet; trying again");
                tokio::time::sleep(DELAY).await;
            }
            other => break other?,
        }
    };
    // Nothing is ever sent to whom nobody can address.
    if let Some(identity) = known.filter(|of| of.user.parse::<UserId>().is_ok()) {
        arrived(context, people, connection, identity).await;
    }
    Ok(())
}

/// Somebody came of whom it is known who they are.
pub(super) async fn arrived(
    context: &Arc<Context>,
    people: &ConnectedPeople,
    connection: &Arc<Connection>,
    identity: Identity,
) {
    let user = identity.user.clone();
    if !connection.identify(identity) {
        return;
    }
    people.add(&user, connection.clone());
    let online = PresenceState::Online;
    if let Err(error) = announce_one(context, &user, connection.id(), online).await {
        tracing::warn!(user, %error, "somebody who came is present a little later");
    }
    // They may have gone meanwhile, unseen.
    if connection.is_over() {
        farewell(context, people, connection, &user).await;
        return;
    }
    catch_up(context, &user, connection).await;
}

/// Offers what waits for somebody; again and again, as what was offered is taken.
async fn catch_up(context: &Arc<Context>, user: &str, connection: &Arc<Connection>) {
    loop {
        match waiting(context, user).await {
            Ok(items) => {
                for item in items {
                    offer(context.clone(), user.to_owned(), connection.clone(), item);
                }
                return;
            }
            Err(_) if connection.is_over() => return,
            Err(error) => {
                tracing::warn!(user, %error, "an inbox cannot be read; trying again");
                tokio::time::sleep(DELAY).await;
            }
        }
    }
}

/// The first of what waits for somebody: more than one connection is offered.
async fn waiting(context: &Context, user: &str) -> Result<Vec<InboxItem>> {
    inbox::some(context, &user.parse()?, 2 * OFFERED).await
}

/// Their app has shown it.
async fn take_out(context: &Context, user: &str, item: &InboxItem) -> Result<()> {
    let input = take::Input {
        user: user.parse()?,
        id: item.id.clone(),
    };
    take::run(context, input).await
}

/// A known person's connection is over.
pub(super) async fn farewell(
    context: &Context,
    people: &ConnectedPeople,
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
    let input = announce::Input {
        user: user.parse()?,
        connection: connection.to_owned(),
        says: Announcement { state, ttl },
        said_by: "socket".to_owned(),
    };
    let noted = announce::run(context, input).await;
    match noted {
        // Where apps write presence by themselves, a socket says nothing of it.
        Err(error) if error.kind() != Kind::Unsupported => Err(error),
        _ => Ok(()),
    }
}

/// Says of everybody connected that they are still there, for ever.
pub(super) async fn keep_present(context: Arc<Context>, people: Arc<ConnectedPeople>) {
    let (context, people) = (context.as_ref(), people.as_ref());
    let turns = Semaphore::new(AT_ONCE);
    let (mut signs, mut under_way) = (FuturesUnordered::new(), HashSet::new());
    let mut sign = tokio::time::interval(SIGN);
    // After a delay it is not said several times at once.
    sign.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            // Whose sign has been given is known before the next one is due.
            biased;
            Some(id) = signs.next() => {
                under_way.remove(&id);
            }
            _ = sign.tick() => {
                for (user, connection) in people.present() {
                    let id = connection.id().to_owned();
                    // Nobody waits for whom an earlier sign takes long.
                    if under_way.insert(id.clone()) {
                        let turns = &turns;
                        signs.push(async move {
                            let _turn = turns.acquire().await;
                            give_sign(context, people, &user, &connection).await;
                            id
                        });
                    }
                }
            }
        }
    }
}

/// Says of one who is connected that they are still there.
async fn give_sign(
    context: &Context,
    people: &ConnectedPeople,
    user: &str,
    connection: &Connection,
) {
    if forget_if_over(context, people, connection).await {
        return;
    }
    let online = PresenceState::Online;
    if let Err(error) = announce_one(context, user, connection.id(), online).await {
        tracing::warn!(user, %error, "somebody's presence is not kept");
    }
    // They may have gone meanwhile: what is noted last must say so.
    if connection.is_over() {
        farewell(context, people, connection, user).await;
    }
}

/// Who is known by a token that has ended, or that stands on nothing any more, is nobody. Says whether
/// that is so.
async fn forget_if_over(
    context: &Context,
    people: &ConnectedPeople,
    connection: &Connection,
) -> bool {
    let Some(identity) = connection.identity() else {
        return true;
    };
    match identify::holds(context, &identity).await {
        Ok(false) => {}
        Ok(true) => return false,
        Err(error) => {
            tracing::warn!(%error, "whether somebody is still known is seen a little later");
            return false;
        }
    }
    if let Some(user) = connection.take_user() {
        farewell(context, people, connection, &user).await;
        let what = "the join token that said who you are has ended; connect with a new one";
        connection.emit("error-event", &[&"token", &what, &"T403"]);
    }
    true
}

/// Offers whatever is delivered to whoever of its receivers is connected, for ever.
pub(super) async fn deliver(context: Arc<Context>, people: Arc<ConnectedPeople>) {
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
        tokio::time::sleep(DELAY).await;
    }
}

/// Sends a notification; once the client says that it has it, it waits no more.
fn offer(context: Arc<Context>, user: String, connection: Arc<Connection>, item: InboxItem) {
    // Whoever did it themselves knows.
    let doer = item.data.get(BUT_CONNECTION);
    if doer.is_some_and(|doer| doer == connection.id()) {
        return;
    }
    // Told twice when it comes just as they connect; and a client takes only so many at a time.
    if !connection.offers(&item.id, OFFERED) {
        return;
    }
    tokio::spawn(async move {
        let body = json!({ "id": item.id, "kind": item.kind, "data": item.data, "at": item.at });
        let taken = connection.ask("notification", &body).await;
        if taken {
            counter!("tok_socket_notifications_total").increment(1);
            match take_out(&context, &user, &item).await {
                Err(error) if error.kind() != Kind::NotFound => {
                    tracing::warn!(user, %error, "a notification will be told again");
                }
                _ => {}
            }
        }
        if connection.wants_more(&item.id, taken, OFFERED / 2) {
            catch_up(&context, &user, &connection).await;
        }
    });
}
