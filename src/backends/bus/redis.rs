//! [`Bus`] over the publish and subscribe of Redis.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt};
use redis::Client;
use redis::aio::MultiplexedConnection;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{mpsc, oneshot};

use super::{Bus, Hear};
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::records::documents::Documents;

/// The channel that nodes share. Each listens to one below it as well, `tok:nodes:ID`, on which nothing
/// is said: Redis knows by it who listens.
const CHANNEL: &str = "tok:nodes";
/// Names the store of the nodes that share this Redis.
const STORE: &str = "tok:store";
/// How long that name stands unless a node says it again, in seconds.
const STORE_TTL: u64 = 30;
/// What is told in one go.
const BATCH: usize = 128;
/// What may wait to be told.
const QUEUE: usize = 4096;
/// The longest time for one call.
const TIMEOUT: Duration = Duration::from_secs(2);
/// The delay after a cut.
const DELAY: Duration = Duration::from_secs(1);
/// How often a silent connection is asked whether it still stands.
const LOOK: Duration = Duration::from_secs(5);

/// A Redis server, or what speaks its protocol.
pub struct RedisBus {
    client: Client,
    /// Host and port, without the password.
    place: String,
    documents: Arc<dyn Documents>,
    sender: mpsc::Sender<Telling>,
    queue: Mutex<Option<mpsc::Receiver<Telling>>>,
    up: AtomicBool,
}

/// What is to be told.
struct Telling {
    text: String,
    /// The channel of who must hear it, and who wants to know whether it did.
    to: Option<(String, oneshot::Sender<bool>)>,
}

/// The channel of one node.
fn channel_of(node: &str) -> String {
    format!("{CHANNEL}:{node}")
}

impl RedisBus {
    /// The server at `url`, e.g. `redis://:password@host:6379/0`.
    ///
    /// # Errors
    /// [`Kind::Config`] when it is no such address.
    pub fn new(url: &SecretString, documents: Arc<dyn Documents>) -> Result<Self> {
        let client = Client::open(url.expose_secret()).map_err(|_| {
            // The library's own words would show the password.
            Error::config("redis.url is not an address like redis://host:6379")
        })?;
        let (sender, queue) = mpsc::channel(QUEUE);
        let place = client.get_connection_info().addr().to_string();
        metrics::gauge!("tok_redis_up").set(0.0);
        Ok(Self {
            client,
            place,
            documents,
            sender,
            queue: Mutex::new(Some(queue)),
            up: AtomicBool::new(false),
        })
    }

    /// Hears and tells until the connection breaks.
    async fn serve(
        &self,
        node: &str,
        queue: &mut mpsc::Receiver<Telling>,
        hear: &Hear,
    ) -> std::result::Result<(), Down> {
        let mut heard = soon(self.client.get_async_pubsub()).await?;
        soon(heard.subscribe(&[CHANNEL, &channel_of(node)])).await?;
        let mut publishing = soon(self.client.get_multiplexed_async_connection()).await?;
        self.claim(&mut publishing).await?;
        let mut heard = heard.into_on_message();
        self.up.store(true, Ordering::Relaxed);
        metrics::gauge!("tok_redis_up").set(1.0);
        tracing::info!("redis connects this node with the others");
        let mut look = tokio::time::interval(LOOK);
        let mut waiting = Vec::new();
        loop {
            tokio::select! {
                message = heard.next() => match message {
                    Some(message) => hear(&message.get_payload::<String>()?),
                    None => return Ok(()),
                },
                _ = queue.recv_many(&mut waiting, BATCH) => {
                    tell_all(&mut publishing, &mut waiting).await?;
                }
                // A connection that died silently would be waited on for ever.
                _ = look.tick() => self.claim(&mut publishing).await?,
            }
        }
    }

    /// Says whose store the nodes at this Redis share. Nodes of different stores would tell each other
    /// of rooms that they do not have.
    async fn claim(&self, connection: &mut MultiplexedConnection) -> std::result::Result<(), Down> {
        let own = self.documents.lineage().await.map_err(Down::Store)?;
        let mut calls = redis::pipe();
        let set = calls.cmd("SET").arg(STORE).arg(&own).arg("NX");
        set.arg("EX").arg(STORE_TTL).ignore().get(STORE);
        let (found,): (String,) = soon(calls.query_async(connection)).await?;
        if found != own {
            return Err(Down::Foreign);
        }
        let mut again = redis::cmd("EXPIRE");
        again.arg(STORE).arg(STORE_TTL);
        Ok(soon(again.query_async::<()>(connection)).await?)
    }
}

/// Tells what waits, in this order.
async fn tell_all(
    connection: &mut MultiplexedConnection,
    waiting: &mut Vec<Telling>,
) -> redis::RedisResult<()> {
    let mut calls = redis::pipe();
    for telling in &*waiting {
        if let Some((channel, _)) = &telling.to {
            calls.cmd("PUBSUB").arg("NUMSUB").arg(channel);
        }
        calls.publish(CHANNEL, &telling.text).ignore();
    }
    let listeners: Vec<HashMap<String, usize>> = soon(calls.query_async(connection)).await?;
    let asked = waiting.drain(..).filter_map(|telling| telling.to);
    for ((channel, answer), found) in asked.zip(listeners) {
        // Whoever asked may have gone.
        let _ = answer.send(found.get(&channel).is_some_and(|count| *count > 0));
    }
    Ok(())
}

/// Why Redis cannot be used.
#[derive(Debug)]
enum Down {
    Redis(redis::RedisError),
    Store(Error),
    /// The nodes at this Redis have another store.
    Foreign,
}

impl From<redis::RedisError> for Down {
    fn from(error: redis::RedisError) -> Self {
        Self::Redis(error)
    }
}

impl std::fmt::Display for Down {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Redis(error) => error.fmt(f),
            Self::Store(error) => error.fmt(f),
            Self::Foreign => f.write_str(FOREIGN),
        }
    }
}

/// Whether a server that answers refuses what we say of ourselves.
fn is_refusal(problem: &redis::RedisError) -> bool {
    let codes = ["NOAUTH", "WRONGPASS", "NOPERM"];
    problem.kind() == redis::ErrorKind::AuthenticationFailed
        || problem.code().is_some_and(|code| codes.contains(&code))
}

/// What is wrong with a server at this place, and what to do about it. One that answers and refuses is not
/// away.
fn told(problem: &redis::RedisError, place: &str) -> (String, &'static str) {
    if is_refusal(problem) {
        let what = format!("{place} refuses the user or the password: {problem}");
        return (
            what,
            "check them in redis.url: redis://USER:PASSWORD@host:6379",
        );
    }
    if problem.is_timeout() {
        let what = format!("{place} does not answer");
        return (
            what,
            "check redis.url, and that the server runs and is not stopped",
        );
    }
    let what = format!("{place} cannot be reached: {problem}");
    (what, "check redis.url, and that the server runs")
}

/// What is said of nodes that share a Redis and no store.
const FOREIGN: &str = "nodes with another store use this redis; nodes that share a redis must share their documents as well";

async fn soon<T>(call: impl Future<Output = redis::RedisResult<T>>) -> redis::RedisResult<T> {
    let done = tokio::time::timeout(TIMEOUT, call).await;
    done.unwrap_or_else(|_| {
        let late = std::io::Error::from(std::io::ErrorKind::TimedOut);
        Err(redis::RedisError::from(late))
    })
}

fn down() -> Error {
    Error::new(Kind::Unavailable, "redis cannot be reached; try again")
}

impl RedisBus {
    fn queue(&self, telling: Telling) -> Result<()> {
        if !self.up.load(Ordering::Relaxed) {
            return Err(down());
        }
        self.sender.try_send(telling).map_err(|_| down())
    }
}

#[async_trait]
impl Bus for RedisBus {
    fn publish(&self, text: String) -> Result<()> {
        self.queue(Telling { text, to: None })
    }

    fn tell(&self, node: &str, text: String) -> BoxFuture<'static, Result<()>> {
        let (answer, listened) = oneshot::channel();
        let to = Some((channel_of(node), answer));
        let queued = self.queue(Telling { text, to });
        async move {
            queued?;
            match listened.await {
                Ok(false) => Err(Error::new(
                    Kind::Unavailable,
                    "the receiver's node is not connected to redis just now; try again",
                )),
                Ok(true) => Ok(()),
                Err(_) => Err(down()),
            }
        }
        .boxed()
    }

    async fn listen(&self, node: &str, hear: Arc<Hear>) {
        let queue = self
            .queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(mut queue) = queue else { return };
        let (mut foreign, mut is_told) = (false, false);
        loop {
            let ended = self.serve(node, &mut queue, hear.as_ref()).await;
            let was_foreign = std::mem::replace(&mut foreign, matches!(ended, Err(Down::Foreign)));
            if foreign && !was_foreign {
                tracing::error!("{FOREIGN}; this node hears and tells nothing");
            }
            metrics::gauge!("tok_redis_up").set(0.0);
            let was_up = self.up.swap(false, Ordering::Relaxed);
            let (why, what_to_do) = match &ended {
                Err(Down::Redis(problem)) => told(problem, &self.place),
                Err(error) => (error.to_string(), "mend the store first"),
                Ok(()) => (
                    format!("{} ended the connection", self.place),
                    "nothing, unless it lasts; it is tried again",
                ),
            };
            // Also when it was never there; and once, for as long as it stays away.
            if !foreign && (was_up || !is_told) {
                tracing::warn!(
                    what_to_do,
                    "redis is gone, {why}; this node serves its own people and follows the others by the store"
                );
            }
            is_told = true;
            tokio::time::sleep(DELAY).await;
            // What waited is old news.
            while queue.try_recv().is_ok() {}
        }
    }
}

#[async_trait]
impl Probe for RedisBus {
    /// It fails only where nodes of different stores would send people to each other; one that is away is
    /// a warning.
    fn is_vital(&self) -> bool {
        true
    }

    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let asked = async {
            let mut connection = self.client.get_multiplexed_async_connection().await?;
            let found: Option<String> = redis::cmd("GET")
                .arg(STORE)
                .query_async(&mut connection)
                .await?;
            Ok(found)
        };
        let problem = match soon(asked).await {
            Ok(found) => match (found, self.documents.lineage().await) {
                (Some(found), Ok(own)) if found != own => {
                    let advice = "let all nodes use one store, or give these a redis of their own, e.g. another database number";
                    return vec![Finding::bad("redis", Health::Fail, FOREIGN, advice)];
                }
                _ => {
                    let found = "it connects this node with the others";
                    return vec![Finding::ok("redis", found)];
                }
            },
            Err(problem) => problem,
        };
        let (what, advice) = told(&problem, &self.place);
        // People are served all the same: by the store nodes follow each other, more slowly.
        let advice =
            format!("{advice}; until then calls between people on different nodes do not begin");
        vec![Finding::bad("redis", Health::Warn, what, advice)]
    }
}
