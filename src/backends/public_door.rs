//! The way by which people come in from outside, tried as a browser would: through the name, the certificate
//! and the proxy, up to an open socket.
//!
//! <https://socket.io/docs/v4/engine-io-protocol/>

use std::time::Duration;

use async_trait::async_trait;
use futures_util::{SinkExt, StreamExt};
use reqwest::header::{CONNECTION, CONTENT_TYPE, HeaderMap, UPGRADE};
use reqwest::{Response, StatusCode, Upgraded};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;
use url::Url;

use super::http::unreached;
use super::http_client::HttpClient;
use crate::model::health::{Depth, Finding, Health, Probe};

/// The setting that says where it is.
const SETTING: &str = "server.public_url";
/// How the checks are called.
const SOCKET: &str = "public socket";
const RELAY: &str = "TURN";
/// Longest time for one step.
const PATIENCE: Duration = Duration::from_secs(5);

/// The server's address from outside.
pub struct PublicDoor {
    url: Url,
    has_relay: bool,
    client: HttpClient,
}

impl PublicDoor {
    /// The door at `url`; `has_relay` is whether people whose network lets nothing else through find each
    /// other by a relay, or need none of ours.
    pub fn new(url: Url, has_relay: bool) -> Self {
        Self {
            url,
            has_relay,
            client: HttpClient::new(|client| {
                client
                    .http1_only()
                    .redirect(reqwest::redirect::Policy::none())
                    .timeout(PATIENCE)
            }),
        }
    }

    /// Where a session is asked for by this transport.
    fn session(&self, transport: &str) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(["socket.io", ""]);
        }
        let query = [("EIO", "4"), ("transport", transport)];
        url.query_pairs_mut().extend_pairs(query);
        url
    }

    async fn ask(&self, transport: &str, headers: HeaderMap) -> Result<Response, NoEntry> {
        let client = self.client.ready().map_err(|error| NoEntry {
            what: error.message().to_owned(),
            advice: error.advice().unwrap_or("mend that first").to_owned(),
        })?;
        let asked = client.get(self.session(transport)).headers(headers);
        asked.send().await.map_err(|error| self.no_answer(&error))
    }

    fn no_answer(&self, error: &reqwest::Error) -> NoEntry {
        if error.is_connect() {
            let cause = unreached(error, &self.url, SETTING);
            return NoEntry {
                what: format!("tok cannot be reached from outside at {}", cause.what),
                advice: cause.advice,
            };
        }
        if error.is_timeout() {
            return self.late();
        }
        self.failing("broke off its answer")
    }

    fn late(&self) -> NoEntry {
        self.failing("does not answer in time")
    }

    fn failing(&self, what: &str) -> NoEntry {
        NoEntry {
            what: format!("{} {what}", self.url),
            advice: format!("look whether tok serve runs behind it, and at {SETTING}"),
        }
    }

    /// Opens a socket, as far as a client of ours is let in.
    async fn enter(&self) -> Result<(), NoEntry> {
        let key = generate_key();
        let told = [
            (CONNECTION.as_str(), "Upgrade"),
            (UPGRADE.as_str(), "websocket"),
            ("sec-websocket-version", "13"),
            ("sec-websocket-key", key.as_str()),
        ];
        let headers = told
            .into_iter()
            .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)));
        let answer = self.ask("websocket", headers.collect()).await?;
        let accepts = answer.headers().get("sec-websocket-accept");
        let accepted = accepts.is_some_and(|accepts| accepts == &derive_accept_key(key.as_bytes()));
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS || !accepted {
            return Err(self.no_upgrade(&answer).await);
        }
        let upgraded = answer
            .upgrade()
            .await
            .map_err(|error| self.no_answer(&error))?;
        let socket = WebSocketStream::from_raw_socket(upgraded, Role::Client, None).await;
        match timeout(PATIENCE, connect(socket)).await {
            Ok(true) => Ok(()),
            Err(_) => Err(self.late()),
            Ok(false) => Err(self.stranger("opens a socket, and what comes over it is not ours")),
        }
    }

    /// Whether tok answers here without a socket.
    async fn polls(&self) -> Result<bool, NoEntry> {
        let answer = self.ask("polling", HeaderMap::new()).await?;
        if !answer.status().is_success() {
            return Ok(false);
        }
        let text = answer.text().await;
        text.map(|text| opens_session(&text))
            .map_err(|error| self.no_answer(&error))
    }

    /// There is no socket. Whether tok is there at all is seen by asking without one.
    async fn no_upgrade(&self, refused: &Response) -> NoEntry {
        let status = refused.status();
        let is_ours = match self.polls().await {
            Ok(is_ours) => is_ours,
            Err(silent) => return silent,
        };
        if is_ours {
            return NoEntry {
                what: format!(
                    "{} answers requests and passes no WebSocket on ({status})",
                    self.url
                ),
                advice: "let the proxy before tok pass upgrades on (nginx: proxy_http_version 1.1, proxy_set_header Upgrade and Connection); see docs/self-hosting.md".to_owned(),
            };
        }
        let media = refused.headers().get(CONTENT_TYPE);
        let media = media.and_then(|media| media.to_str().ok());
        let media = media.unwrap_or("no content type");
        self.stranger(&format!(
            "answers {status} with {media} where tok opens a socket"
        ))
    }

    fn stranger(&self, does: &str) -> NoEntry {
        NoEntry {
            what: format!("another server {does}: {}", self.url),
            advice: format!(
                "look whether tok serve runs, whether the proxy before it leads there, and at {SETTING}"
            ),
        }
    }

    fn relay(&self) -> Option<Finding> {
        let lacks = self.url.scheme() == "https" && !self.has_relay;
        lacks.then(|| {
            Finding::bad(
                RELAY,
                Health::Warn,
                "no TURN server is set: people behind strict networks will not see each other",
                "set signalling.turn_urls and signalling.turn_secret; see docs/self-hosting.md",
            )
        })
    }
}

/// Why nobody comes in.
struct NoEntry {
    what: String,
    advice: String,
}

/// Whether this is how a session begins.
fn opens_session(text: &str) -> bool {
    text.starts_with("0{") && text.contains("\"sid\"")
}

/// Whether a client of ours gets an answer over this. Who may come in is another matter.
async fn connect(mut socket: WebSocketStream<Upgraded>) -> bool {
    let Some(Ok(Message::Text(first))) = socket.next().await else {
        return false;
    };
    if !opens_session(&first) || socket.send(Message::text("40")).await.is_err() {
        return false;
    }
    while let Some(Ok(message)) = socket.next().await {
        match message {
            Message::Text(text) if text.starts_with("40{") || text.starts_with("44") => {
                // Whether it hears that we go does not matter.
                drop(socket.close(None).await);
                return true;
            }
            Message::Text(_) | Message::Ping(_) => {}
            _ => return false,
        }
    }
    false
}

#[async_trait]
impl Probe for PublicDoor {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        if depth == Depth::Light {
            return Vec::new();
        }
        let entry = match self.enter().await {
            Ok(()) => Finding::ok(SOCKET, format!("people come in at {}", self.url)),
            Err(why) => Finding::bad(SOCKET, Health::Fail, why.what, why.advice),
        };
        [entry].into_iter().chain(self.relay()).collect()
    }
}
