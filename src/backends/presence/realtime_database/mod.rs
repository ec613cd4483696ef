//! Presence in Firebase Realtime Database, by its REST API and event stream.
//! <https://firebase.google.com/docs/reference/rest/database>

mod answer;
mod connection;
mod tree;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::try_unfold;
use jiff::Timestamp;
use tokio::time::Instant;
use url::Url;

use self::connection::{DatabaseClient, Heard, ServerEventStream};
use self::tree::{Tree, TreeChange};
use super::{PresenceEvent, PresenceStream, Presences};
use crate::backends::google::TokenSource;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::{Backoff, Delays};
use crate::model::health::{Depth, Finding, Probe};
use crate::model::presence::{ConnectionSign, Presence, PresenceState};

/// Who says what stands there.
const BY_APP: &str = "realtime database";

/// Where the database is and how patient to be with it.
pub struct RealtimeDatabaseSettings {
    /// The database, e.g. `https://NAME.firebaseio.com`; an emulator's with `?ns=NAME`.
    pub url: Url,
    /// Where presence stands in it.
    pub path: String,
    /// Where the access tokens of each request come from.
    pub tokens: Arc<TokenSource>,
    /// A stream that says nothing for so long is opened again; keep-alives come every 30 s.
    pub silence: Duration,
    /// After so long another stream is opened beside it, before the credential ends.
    pub renew_after: Duration,
    /// The delays before a stream is opened again.
    pub backoff: Backoff,
}

/// [`Presences`] in the database. Apps write there by themselves.
pub struct RealtimeDatabase {
    client: Arc<DatabaseClient>,
    renew_after: Duration,
    backoff: Backoff,
}

impl RealtimeDatabase {
    /// A client of the database.
    ///
    /// # Errors
    /// [`Kind::Config`] when address or path cannot be right.
    pub fn new(settings: RealtimeDatabaseSettings) -> Result<Self> {
        let (renew_after, backoff) = (settings.renew_after, settings.backoff);
        Ok(Self {
            client: Arc::new(DatabaseClient::new(settings)?),
            renew_after,
            backoff,
        })
    }
}

/// A stream that is being opened, up to its first state.
type Opening = BoxFuture<'static, Result<(ServerEventStream, TreeChange)>>;

struct TreeWatcher {
    client: Arc<DatabaseClient>,
    renew_after: Duration,
    delays: Delays,
    connection: Option<ServerEventStream>,
    /// When the stream is to be replaced by a fresh one.
    renew_at: Instant,
    opening: Option<Opening>,
    tree: Tree,
    /// The whole state was told.
    current: bool,
    pending: VecDeque<PresenceEvent>,
}

impl TreeWatcher {
    async fn advance(&mut self) -> Result<()> {
        let due = self.connection.is_none() || Instant::now() >= self.renew_at;
        if due && self.opening.is_none() {
            let client = self.client.clone();
            self.opening = Some(Box::pin(async move { client.open().await }));
        }
        tokio::select! {
            biased;
            opened = opened(&mut self.opening) => {
                self.opening = None;
                match opened {
                    Ok((connection, state)) => self.turn_to(connection, state)?,
                    Err(error) => return self.failed(error).await,
                }
            }
            heard = heard(&mut self.connection) => match heard {
                Ok(heard) => return self.hear(heard).await,
                Err(error) => {
                    self.connection = None;
                    return self.failed(error).await;
                }
            },
            () = tokio::time::sleep_until(self.renew_at), if self.opening.is_none() => {}
        }
        Ok(())
    }

    /// Goes on with a fresh stream; what it tells first is compared, not replayed.
    fn turn_to(&mut self, connection: ServerEventStream, state: TreeChange) -> Result<()> {
        self.delays.reset();
        self.renew_at = Instant::now() + self.renew_after;
        self.connection = Some(connection);
        metrics::counter!("tok_presence_streams_total").increment(1);
        let now = u32::try_from(Timestamp::now().as_second()).unwrap_or(u32::MAX);
        metrics::gauge!("tok_presence_stream_opened_timestamp_seconds").set(f64::from(now));
        self.apply(state, false)?;
        if !std::mem::replace(&mut self.current, true) {
            self.pending.push_back(PresenceEvent::Current);
        }
        Ok(())
    }

    async fn hear(&mut self, heard: Heard) -> Result<()> {
        match heard {
            Heard::Put(change) => self.apply(change, false)?,
            Heard::Patch(change) => self.apply(change, true)?,
            Heard::KeepAlive => {}
            Heard::Cancelled => {
                return Err(Error::new(
                    Kind::Refused,
                    "Realtime Database cancelled the stream; check its rules, google.credentials_file and realtime_database.path",
                ));
            }
            Heard::CredentialEnded => {
                if let Some(connection) = self.connection.take() {
                    self.client.tokens.refused(&connection.token).await;
                }
            }
        }
        Ok(())
    }

    fn apply(&mut self, change: TreeChange, patch: bool) -> Result<()> {
        let events = if patch {
            self.tree.patch(&change)
        } else {
            self.tree.put(change)?
        };
        self.pending.extend(events);
        Ok(())
    }

    /// Delays, unless only a person can help.
    async fn failed(&mut self, error: Error) -> Result<()> {
        if !error.kind().is_temporary() {
            return Err(error);
        }
        let delay = self.delays.next(error.wait());
        tracing::debug!(%error, ?delay, "opening the stream of presence again");
        metrics::counter!("tok_watch_restarts_total", "reason" => "presence").increment(1);
        if self.connection.is_none() {
            tokio::time::sleep(delay).await;
        } else {
            // The old stream is still good; the fresh one is tried again a little later.
            self.renew_at = Instant::now() + delay;
        }
        Ok(())
    }
}

async fn opened(opening: &mut Option<Opening>) -> Result<(ServerEventStream, TreeChange)> {
    match opening {
        Some(opening) => opening.await,
        None => std::future::pending().await,
    }
}

async fn heard(connection: &mut Option<ServerEventStream>) -> Result<Heard> {
    match connection {
        Some(connection) => connection.next().await,
        None => std::future::pending().await,
    }
}

#[async_trait]
impl Presences for RealtimeDatabase {
    fn is_own(&self) -> bool {
        false
    }

    fn watch(&self) -> PresenceStream {
        let watcher = TreeWatcher {
            client: self.client.clone(),
            renew_after: self.renew_after,
            delays: self.backoff.delays(),
            connection: None,
            renew_at: Instant::now(),
            opening: None,
            tree: Tree::default(),
            current: false,
            pending: VecDeque::new(),
        };
        try_unfold(watcher, |mut watcher| async move {
            loop {
                if let Some(event) = watcher.pending.pop_front() {
                    return Ok(Some((event, watcher)));
                }
                watcher.advance().await?;
            }
        })
        .boxed()
    }

    async fn explain_silence(&self) -> Result<()> {
        self.client.read(None, true).await.map(drop)
    }

    async fn get(&self, user: &str) -> Result<Option<(Presence, Vec<ConnectionSign>)>> {
        if !connection::may_be_key(user) {
            return Ok(None);
        }
        let node = self.client.read(Some(user), false).await?;
        let sign = |(connection, one): (Option<String>, Presence)| ConnectionSign {
            connection,
            state: one.state,
            last_sign: one.moment(Timestamp::now()),
            expires_at: None,
            said_by: Some(BY_APP.to_owned()),
        };
        let presence = Presence::read(&node);
        Ok(presence.map(|presence| {
            let signs = Presence::parts(&node).into_iter().map(sign).collect();
            (presence, signs)
        }))
    }

    async fn announce(
        &self,
        _user: &str,
        _connection: &str,
        _says: (PresenceState, Option<i64>),
        _said_by: &str,
    ) -> Result<()> {
        Err(Error::unsupported(
            "apps write their presence to the Realtime Database by themselves",
        ))
    }

    /// The database notices by itself when a connection ends.
    async fn expire(&self) -> Result<u64> {
        Ok(0)
    }
}

#[async_trait]
impl Probe for RealtimeDatabase {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let check = "presence (Realtime Database)";
        vec![match self.client.read(None, true).await {
            Ok(_) => Finding::ok(check, "presence can be read"),
            Err(error) => Finding::failed(
                check,
                &error,
                "check realtime_database.url and path, and that the service account has the role Firebase Realtime Database Viewer",
            ),
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.client.prepare()
    }
}
