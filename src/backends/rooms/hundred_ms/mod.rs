//! 100ms by its REST API: <https://www.100ms.live/docs/server-side/v2/introduction/basics>.

mod occupancy;
mod recordings;
mod rooms;
mod sessions;
mod tokens;
mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use self::tokens::Management;
use crate::backends::http::{Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, parsed};
use crate::backends::rate_limit::Limiter;
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Probe};
use crate::model::listing::Listing;
use crate::model::{Clock, Random, RoomName};

/// How long it is believed that a name stands for a room.
const NAME_LIFE: SignedDuration = SignedDuration::from_mins(5);
/// So many names are remembered.
const MOST_NAMES: usize = 10_000;

/// How to talk to one 100ms account.
pub struct HundredMsSettings {
    /// The app access key.
    pub access_key: String,
    /// The app secret; signs every token.
    pub secret: SecretString,
    /// `https://api.100ms.live/v2`, or a stand-in.
    pub base_url: Url,
    /// How long one call may take.
    pub timeout: Duration,
}

/// One 100ms account: the client, and the ids of rooms that were looked up lately.
pub struct HundredMsBackend {
    upstream: Upstream,
    access_key: String,
    secret: SecretString,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    free: Limiter,
    ids: Mutex<HashMap<String, (String, Timestamp)>>,
}

impl HundredMsBackend {
    /// A client of one account. Nothing is sent yet.
    pub fn new(
        settings: HundredMsSettings,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let management = Management::new(
            settings.access_key.clone(),
            settings.secret.clone(),
            clock.clone(),
            random.clone(),
        );
        Self {
            upstream: Upstream::new(
                "100ms",
                "hundred_ms.access_key and hundred_ms.secret",
                settings.base_url,
                UpstreamCredential::Signed(Arc::new(management)),
                settings.timeout,
            )
            .found_by("hundred_ms.base_url"),
            access_key: settings.access_key,
            secret: settings.secret,
            clock,
            random,
            free: Limiter::default(),
            ids: Mutex::default(),
        }
    }

    async fn read<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
    ) -> Result<T> {
        let answer = self
            .upstream
            .send(UpstreamCall::get(path, query, &self.free))
            .await?;
        parse(answer.body)
    }

    /// Something that may be repeated.
    async fn write(&self, path: &[&str], body: &Value) -> Result<Value> {
        let call = UpstreamCall::new(Method::POST, path, UpstreamBody::Json(body), &self.free);
        Ok(self.upstream.send(call).await?.body)
    }

    /// Something that makes a new thing each time.
    async fn write_non_idempotent(&self, path: &[&str], body: &Value) -> Result<Value> {
        let call = UpstreamCall::new(Method::POST, path, UpstreamBody::Json(body), &self.free)
            .non_idempotent();
        Ok(self.upstream.send(call).await?.body)
    }

    /// All items of a list, page after page.
    async fn all(&self, path: &[&str], query: &[(&str, String)]) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        let mut start = None;
        let mut listing = Listing::of(format!("{} at 100ms", path.join("/")));
        loop {
            let page: wire::HundredMsList<Value> =
                self.page(path, query, start, wire::LARGEST_PAGE).await?;
            let more = page.next();
            let data = page.data.unwrap_or_default();
            let ids = data.iter().filter_map(|item| item.get("id")?.as_str());
            listing.turn(ids, more.as_deref())?;
            items.extend(data);
            match more {
                Some(next) => start = Some(next),
                None => return Ok(items),
            }
        }
    }

    async fn page<T: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        start: Option<String>,
        limit: usize,
    ) -> Result<wire::HundredMsList<T>> {
        let mut query = query.to_vec();
        query.push(("limit", limit.to_string()));
        query.extend(start.map(|start| ("start", start)));
        let mut page: wire::HundredMsList<T> = self.read(path, &query).await?;
        page.asked = limit;
        Ok(page)
    }

    /// The vendor's id of a room: the name itself if it is one, else looked up by name.
    async fn room_id(&self, name: &RoomName) -> Result<String> {
        let text = name.as_str();
        if is_id(text) {
            return Ok(text.to_owned());
        }
        if let Some(id) = self.remembered(text) {
            return Ok(id);
        }
        Ok(self.room_named(name).await?.id)
    }

    /// The open room of this name, asked for afresh.
    async fn room_named(&self, name: &RoomName) -> Result<wire::HundredMsRoom> {
        let query = [("name", name.to_string()), ("enabled", "true".to_owned())];
        let rooms = self.all(&["rooms"], &query).await?;
        for whole in rooms {
            let room = wire::HundredMsRoom::read(whole)?;
            // The vendor's names know no upper and lower case.
            if room.enabled && room.name.eq_ignore_ascii_case(name.as_str()) {
                self.remember(name.as_str(), &room.id);
                return Ok(room);
            }
        }
        Err(missing(name))
    }

    fn remembered(&self, name: &str) -> Option<String> {
        let ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, until) = ids.get(name)?;
        (*until > self.clock.now()).then(|| id.clone())
    }

    fn remember(&self, name: &str, id: &str) {
        let now = self.clock.now();
        let until = now.saturating_add(NAME_LIFE).unwrap_or(now);
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() >= MOST_NAMES {
            ids.clear();
        }
        ids.insert(name.to_owned(), (id.to_owned(), until));
    }

    /// Forgets a room, by whatever names it is known.
    fn uncache(&self, id: &str) {
        let mut ids = self.ids.lock().unwrap_or_else(PoisonError::into_inner);
        ids.retain(|_, (known, _)| known != id);
    }
}

/// Whether a text is one of the vendor's ids: 24 hexadecimal digits.
fn is_id(text: &str) -> bool {
    text.len() == 24 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn parse<T: DeserializeOwned>(body: Value) -> Result<T> {
    parsed("100ms", body)
}

fn missing(name: &RoomName) -> Error {
    Error::not_found(format!("there is no room `{name}`"))
}

#[async_trait]
impl Probe for HundredMsBackend {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let query = [("limit", "10".to_owned())];
        let check = "100ms credential";
        vec![match self.read::<Value>(&["rooms"], &query).await {
            Ok(_) => Finding::ok(check, "accepted, and may list rooms"),
            Err(error) => {
                let advice = match error.kind() {
                    Kind::Refused => {
                        "set hundred_ms.access_key and hundred_ms.secret (or APP_ACCESS_KEY and \
                         APP_SECRET) to those of the dashboard's developer section"
                    }
                    Kind::RateLimited => "wait until then; others may use the same account",
                    _ => "check hundred_ms.base_url and the network",
                };
                Finding::failed(check, &error, advice)
            }
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}
