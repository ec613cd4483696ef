//! One stream of events, and single reads.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use url::Url;

use super::RealtimeDatabaseSettings;
use super::answer::{broken, classify, refused, transport};
use super::tree::{TreeChange, as_map};
use crate::backends::google::TokenSource;
use crate::backends::http::{self, EventParser, ServerSentEvent};
use crate::backends::http_client::HttpClient;
use crate::error::{Error, Result};
use crate::traces;

/// How often a request is sent on to another host.
const MOST_REDIRECTS: usize = 5;
/// Longest time for a single read.
const READ_TIME: Duration = Duration::from_secs(30);
/// The most that is read of one person.
const LARGEST_NODE: usize = 1024 * 1024;
/// The longest event that is taken: the whole state is one.
const LONGEST_EVENT: usize = 512 * 1024 * 1024;

/// What a stream tells.
pub(super) enum Heard {
    Put(TreeChange),
    Patch(TreeChange),
    KeepAlive,
    /// The rules forbid it, or there is too much.
    Cancelled,
    /// A fresh credential is needed; nothing more comes.
    CredentialEnded,
}

/// Opens streams of events and reads single values of one database.
pub(super) struct DatabaseClient {
    url: Url,
    path: Vec<String>,
    pub(super) tokens: Arc<TokenSource>,
    http: HttpClient,
}

/// A stream at work.
pub(super) struct ServerEventStream {
    response: Response,
    parser: EventParser,
    waiting: VecDeque<ServerSentEvent>,
    /// What it was opened with.
    pub(super) token: SecretString,
}

/// Whether something in the database can be called so.
/// <https://firebase.google.com/docs/database/web/structure-data#how_data_is_structured_its_a_json_tree>
pub(super) fn may_be_key(text: &str) -> bool {
    let forbidden = |c: char| "/.$#[]".contains(c) || c.is_control();
    !text.is_empty() && !text.contains(forbidden)
}

impl DatabaseClient {
    pub(super) fn new(settings: RealtimeDatabaseSettings) -> Result<Self> {
        let path: Vec<String> = settings
            .path
            .split('/')
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        if !path.iter().all(|part| may_be_key(part)) {
            return Err(Error::config(
                "realtime_database.path is no path of the database; it cannot have . $ # [ ]",
            ));
        }
        let silence = settings.silence;
        let http = HttpClient::new(move |client| {
            client
                .redirect(reqwest::redirect::Policy::none())
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(silence)
        });
        Ok(Self {
            url: settings.url,
            path,
            tokens: settings.tokens,
            http,
        })
    }

    pub(super) fn prepare(&self) -> Result<()> {
        self.http.ready().map(drop)
    }

    fn place(&self, user: Option<&str>) -> Url {
        let mut url = self.url.clone();
        let last = user.or(self.path.last().map(String::as_str)).unwrap_or("");
        let before = match user {
            Some(_) => &self.path[..],
            None => &self.path[..self.path.len().saturating_sub(1)],
        };
        if let Ok(mut parts) = url.path_segments_mut() {
            parts
                .pop_if_empty()
                .extend(before)
                .push(&format!("{last}.json"));
        }
        url
    }

    /// Opens a stream and waits for the whole state that it tells first.
    pub(super) async fn open(&self) -> Result<(ServerEventStream, TreeChange)> {
        let url = self.place(None);
        let (response, token) = self.ask(url, "text/event-stream", None).await?;
        let mut connection = ServerEventStream {
            response,
            parser: EventParser::new(LONGEST_EVENT),
            waiting: VecDeque::new(),
            token,
        };
        loop {
            match connection.next().await? {
                Heard::Put(change) if change.path == "/" => return Ok((connection, change)),
                Heard::KeepAlive => {}
                Heard::CredentialEnded => {
                    self.tokens.refused(&connection.token).await;
                    return Err(broken("ended the credential"));
                }
                Heard::Cancelled => {
                    return Err(refused("cancelled the stream; check its rules"));
                }
                Heard::Put(_) | Heard::Patch(_) => {
                    return Err(broken("did not begin with the whole state"));
                }
            }
        }
    }

    /// What stands at a user's place, or at our own; with `shallow` only what there is.
    pub(super) async fn read(&self, user: Option<&str>, shallow: bool) -> Result<Value> {
        let mut url = self.place(user);
        if shallow {
            url.query_pairs_mut().append_pair("shallow", "true");
        }
        let (mut response, _) = self.ask(url, "application/json", Some(READ_TIME)).await?;
        let headers = std::mem::take(response.headers_mut());
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(transport)? {
            text.extend_from_slice(&chunk);
            if text.len() > LARGEST_NODE {
                // Whoever is checked for being reachable is.
                return if shallow {
                    Ok(Value::Null)
                } else {
                    Err(broken("told more than 1 MiB of one person"))
                };
            }
        }
        serde_json::from_slice(&text).map(as_map).map_err(|error| {
            let told = http::beginning(&headers, &text);
            broken(&format!("answered something that is not JSON: {told}"))
                .advise(
                    "check that no proxy or portal answers in its place, and realtime_database.url",
                )
                .because(error)
        })
    }

    /// Asks, with another credential once if the first one is refused.
    async fn ask(
        &self,
        url: Url,
        accept: &str,
        time: Option<Duration>,
    ) -> Result<(Response, SecretString)> {
        let token = self.tokens.token().await?;
        let response = self.follow(url.clone(), accept, time, &token).await?;
        if response.status() != StatusCode::UNAUTHORIZED {
            return classify(response).map(|response| (response, token));
        }
        self.tokens.refused(&token).await;
        let token = self.tokens.token().await?;
        let response = self.follow(url, accept, time, &token).await?;
        classify(response).map(|response| (response, token))
    }

    /// Asks where the database sends us, which is another host for each of its shards.
    async fn follow(
        &self,
        mut url: Url,
        accept: &str,
        time: Option<Duration>,
        token: &SecretString,
    ) -> Result<Response> {
        let http = self.http.ready()?;
        for _ in 0..=MOST_REDIRECTS {
            let mut request = http
                .get(url.clone())
                .header(ACCEPT, accept)
                .header("cache-control", "no-cache")
                .bearer_auth(token.expose_secret());
            if let Some(time) = time {
                request = request.timeout(time);
            }
            let host = url.host_str().unwrap_or_default();
            let sent = traces::sent("Realtime Database", ("GET", host), request);
            let response = sent.await.map_err(transport)?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION);
            let location = location.and_then(|value| value.to_str().ok());
            let next = location.and_then(|text| url.join(text).ok());
            let next = next.ok_or_else(|| broken("sent us nowhere"))?;
            if !may_know(&self.url, &next) {
                let host = next.host_str().unwrap_or_default();
                return Err(refused(&format!(
                    "sent us to {host}, which gets no credential; check realtime_database.url"
                )));
            }
            url = next;
        }
        Err(broken("sent us on and on"))
    }
}

/// Whether an address gets the credential that is for the database at `own`: the same origin, or one of
/// Google's own, which sends streams from one of its hosts to another. An emulator on this machine may
/// send us from one of its ports to another.
fn may_know(own: &Url, url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let googles = [".firebaseio.com", ".firebasedatabase.app"];
    let at_google = googles.iter().any(|end| host.ends_with(end));
    let usual = url.scheme() == "https" && url.port().is_none();
    let here = own.scheme() == url.scheme() && is_emulator(own) && own.host() == url.host();
    own.origin() == url.origin() || (at_google && usual) || here
}

fn is_emulator(own: &Url) -> bool {
    let address = match own.host() {
        Some(url::Host::Ipv4(v4)) => v4.into(),
        Some(url::Host::Ipv6(v6)) => v6.into(),
        _ => return false,
    };
    own.scheme() == "http" && std::net::IpAddr::is_loopback(&address)
}

impl ServerEventStream {
    /// The next thing that is told.
    pub(super) async fn next(&mut self) -> Result<Heard> {
        loop {
            while let Some(event) = self.waiting.pop_front() {
                if let Some(heard) = understand(&event)? {
                    return Ok(heard);
                }
            }
            let chunk = self.response.chunk().await.map_err(transport)?;
            let chunk = chunk.ok_or_else(|| broken("ended the stream"))?;
            let events = self.parser.feed(&chunk);
            let events = events.map_err(|_| broken("sent something that is no event"))?;
            self.waiting.extend(events);
        }
    }
}

fn understand(event: &ServerSentEvent) -> Result<Option<Heard>> {
    let change = || {
        let unreadable = || broken("sent an event that cannot be read");
        let read = serde_json::from_str::<TreeChange>(&event.data);
        let change = read.map_err(|error| unreadable().because(error))?;
        change.fits().then_some(change).ok_or_else(unreadable)
    };
    Ok(Some(match event.name.as_str() {
        "put" => Heard::Put(change()?),
        "patch" => Heard::Patch(change()?),
        "keep-alive" => Heard::KeepAlive,
        "cancel" => Heard::Cancelled,
        "auth_revoked" => Heard::CredentialEnded,
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::Kind;
    use crate::backends::presence::realtime_database::tree::Tree;
    use crate::hostile::{hostile, refused};

    /// The events of a stream that comes in pieces, up to where it is garbage.
    fn events(bytes: &[u8], piece: usize) -> (Vec<ServerSentEvent>, bool) {
        let mut parser = EventParser::new(LONGEST_EVENT);
        let mut events = Vec::new();
        for piece in bytes.chunks(piece) {
            match parser.feed(piece) {
                Ok(more) => events.extend(more),
                Err(_) => return (events, false),
            }
        }
        (events, true)
    }

    fn follow(bytes: &[u8]) {
        let (all, good) = events(bytes, bytes.len().max(1));
        let (same, also_good) = events(bytes, 1 + bytes.len() % 7);
        assert_eq!(good, also_good);
        assert!(!good || all == same, "pieces make other events");
        let kept: usize = same.iter().map(|of| of.name.len() + of.data.len()).sum();
        assert!(kept <= bytes.len(), "more is kept than came");
        let mut tree = Tree::default();
        for event in same {
            let told = match understand(&event) {
                Ok(Some(Heard::Put(change))) => tree.put(change),
                Ok(Some(Heard::Patch(change))) => Ok(tree.patch(&change)),
                Ok(_) => continue,
                Err(error) => Err(error),
            };
            match told {
                Ok(told) => assert!(told.len() <= bytes.len(), "{} are told of", told.len()),
                Err(error) => refused(&error),
            }
        }
    }

    /// Neither by its path nor by what stands there.
    #[test]
    fn what_is_deeper_than_the_database_is_refused() {
        let event = |path: &str, data: &str| ServerSentEvent {
            name: "put".to_owned(),
            data: format!(r#"{{"path":"{path}","data":{data}}}"#),
            id: None,
        };
        let nested =
            |levels: usize| [&r#"{"a":"#.repeat(levels), "1", &"}".repeat(levels)].concat();
        assert!(understand(&event(&"/a".repeat(16), &nested(16))).is_ok());
        for (path, data) in [
            ("/a".repeat(100_000), "1".to_owned()),
            ("/a".to_owned(), nested(100)),
            ("/a".repeat(17), nested(16)),
        ] {
            let refused = understand(&event(&path, &data)).err().expect("is refused");
            assert_eq!(refused.kind(), Kind::BadGateway);
        }
    }

    /// Whatever the stream says is followed, or broken off with a reason.
    #[test]
    fn event_stream_is_followed_or_refused() {
        hostile!("event_stream", follow);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_gets_the_credential_at_the_same_origin_or_at_google() {
        let own = "https://example-default-rtdb.firebaseio.com/";
        for (own, to, may) in [
            (own, "https://example-default-rtdb.firebaseio.com/a", true),
            (own, "https://s-usc1c-nss-1.firebaseio.com/a", true),
            (own, "https://a.europe-west1.firebasedatabase.app/", true),
            (own, "http://example-default-rtdb.firebaseio.com/a", false),
            (
                own,
                "https://example-default-rtdb.firebaseio.com:8443/",
                false,
            ),
            (own, "https://firebaseio.com.example.com/", false),
            (own, "https://firebaseio.com/", false),
            (own, "https://127.0.0.1/", false),
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/b", true),
            ("http://127.0.0.1:9000/", "http://127.0.0.1:9001/b", true),
            ("http://10.0.0.1:9000/", "http://10.0.0.1:9001/b", false),
            ("http://127.0.0.1:9000/", "http://localhost:9000/b", false),
        ] {
            let url = |text: &str| Url::parse(text).expect("an address");
            assert_eq!(may_know(&url(own), &url(to)), may, "{own} to {to}");
        }
    }
}
