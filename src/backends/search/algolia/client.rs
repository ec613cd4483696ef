//! Calls to Algolia's hosts: when one is down the next is asked.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::Method;
use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use crate::backends::http::{
    Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, UpstreamReply, until,
};
use crate::backends::rate_limit::Limiter;
use crate::error::{Error, Kind, Result};

/// A host that failed is left alone for so long.
const DOWN_FOR: Duration = Duration::from_mins(2);
/// How often the same host is asked again when it asks to wait.
const WAITS: u32 = 3;
/// The usual wait, and the longest.
const WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(20);
/// Longest time for one answer.
const READ_TIME: Duration = Duration::from_secs(5);
const WRITE_TIME: Duration = Duration::from_secs(30);
/// How much of Algolia's explanation is repeated.
const LONGEST_INFO: usize = 300;

/// Which hosts are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    Read,
    Write,
}

struct Host {
    upstream: Upstream,
    down_since: Mutex<Option<Instant>>,
}

/// The hosts of one application.
pub(super) struct AlgoliaClient {
    key: SecretString,
    read: Vec<Host>,
    write: Vec<Host>,
}

impl AlgoliaClient {
    /// Calls with a key, which is in this setting.
    pub(super) fn new(
        app_id: &str,
        (setting, key): (&'static str, &SecretString),
        base: Option<&Url>,
    ) -> Result<Self> {
        let plain = |c: char| c.is_ascii_alphanumeric();
        if app_id.is_empty() || !app_id.chars().all(plain) {
            return Err(Error::config(
                "algolia.app_id has letters and digits only, e.g. ABCDE12345",
            ));
        }
        let hosts = |first: &str, time: Duration| -> Result<Vec<Host>> {
            let names = match base {
                Some(url) => vec![url.clone()],
                None => own_hosts(app_id, first)?,
            };
            let host = |url: Url| {
                let headers = vec![
                    ("x-algolia-application-id", app_id.to_owned().into()),
                    ("x-algolia-api-key", key.clone()),
                ];
                let credential = UpstreamCredential::Headers(headers);
                Host {
                    upstream: Upstream::new("Algolia", setting, url, credential, time)
                        .found_by("algolia.base_url"),
                    down_since: Mutex::default(),
                }
            };
            Ok(names.into_iter().map(host).collect())
        };
        Ok(Self {
            key: key.clone(),
            read: hosts("-dsn.algolia.net", READ_TIME)?,
            write: hosts(".algolia.net", WRITE_TIME)?,
        })
    }

    /// The key that calls are made with.
    pub(super) fn key(&self) -> &SecretString {
        &self.key
    }

    pub(super) fn prepare(&self) -> Result<()> {
        let mut hosts = self.read.iter().chain(&self.write);
        hosts.try_for_each(|host| host.upstream.prepare())
    }

    /// One call. Everything that is sent here may be sent twice.
    pub(super) async fn call(
        &self,
        want: Want,
        method: Method,
        path: &[&str],
        body: Option<Value>,
    ) -> Result<Value> {
        let body = body.map(|body| Bytes::from(body.to_string()));
        self.send(want, method, path, body).await
    }

    /// The same with a body that is JSON already.
    pub(super) async fn send(
        &self,
        want: Want,
        method: Method,
        path: &[&str],
        body: Option<Bytes>,
    ) -> Result<Value> {
        let hosts = match want {
            Want::Read => &self.read,
            Want::Write => &self.write,
        };
        let limiter = Limiter::default();
        let body = body
            .as_ref()
            .map_or(UpstreamBody::None, UpstreamBody::Bytes);
        let call = UpstreamCall::new(method, path, body, &limiter);
        let mut last = None;
        // Those that failed lately are asked when nobody else is left.
        let (up, down): (Vec<_>, Vec<_>) = hosts.iter().partition(|host| host.is_up());
        for host in up.into_iter().chain(down) {
            match host.ask(&call).await {
                Ok(reply) => return classify(reply),
                Err(error) => last = Some(error),
            }
        }
        Err(last.unwrap_or_else(|| Error::internal("there is no host of Algolia")))
    }
}

impl Host {
    fn is_up(&self) -> bool {
        let down = *self
            .down_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        down.is_none_or(|since| since.elapsed() > DOWN_FOR)
    }

    fn set(&self, down: bool) {
        let mut since = self
            .down_since
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *since = down.then(Instant::now);
    }

    /// An answer that is final, or why this host gave none.
    async fn ask(&self, call: &UpstreamCall<'_>) -> Result<UpstreamReply> {
        for waits in 0.. {
            let reply = match self.upstream.send_plainly(call).await {
                Ok(reply) if reply.status < 500 => reply,
                Ok(reply) => {
                    self.set(true);
                    let message = format!("Algolia failed ({})", reply.status);
                    return Err(Error::bad_gateway(message).advise(
                        "Algolia itself is in trouble, or what algolia.base_url leads to: look at its status page, and try again later",
                    ));
                }
                Err(error) => {
                    self.set(true);
                    return Err(error);
                }
            };
            self.set(false);
            let wait = reply.retry_after.unwrap_or(WAIT);
            if reply.status != 429 || waits >= WAITS || wait > LONGEST_WAIT {
                return Ok(reply);
            }
            tokio::time::sleep(wait).await;
        }
        Err(Error::internal("Algolia was asked for ever"))
    }
}

/// Algolia's own hosts, those after the first in another order for everybody.
fn own_hosts(app_id: &str, first: &str) -> Result<Vec<Url>> {
    let mut spare = ["-1", "-2", "-3"];
    let turn = usize::from(uuid::Uuid::new_v4().as_bytes()[0]) % spare.len();
    spare.rotate_left(turn);
    let names = std::iter::once(format!("https://{app_id}{first}")).chain(
        spare
            .iter()
            .map(|number| format!("https://{app_id}{number}.algolianet.com")),
    );
    names
        .map(|name| {
            Url::parse(&name).map_err(|error| {
                Error::config("algolia.app_id is no part of a host").because(error)
            })
        })
        .collect()
}

/// Whatever answered with this status does not speak as Algolia does.
pub(super) fn not_algolia(status: u16) -> Error {
    Error::bad_gateway(format!(
        "something that is not Algolia answered in its place ({status})"
    ))
    .advise("check algolia.base_url, and that no proxy or portal answers in its place")
}

fn classify(reply: UpstreamReply) -> Result<Value> {
    let status = reply.status;
    let is_own = reply.body.is_object();
    if (200..300).contains(&status) && is_own {
        return Ok(reply.body);
    }
    // An index that is not there is empty; a portal's page must not look like one, nor like success.
    if status < 400 || (status != 429 && !is_own) {
        return Err(not_algolia(status));
    }
    let said: String = reply.body["message"]
        .as_str()
        .unwrap_or("no explanation given")
        .chars()
        .take(LONGEST_INFO)
        .collect();
    let (kind, message) = match status {
        401..=403 => (
            Kind::Refused,
            format!(
                "Algolia refused ({status}): {said}; check algolia.app_id, algolia.api_key and the plan"
            ),
        ),
        404 => (Kind::NotFound, format!("Algolia says: {said}")),
        429 => (
            Kind::RateLimited,
            format!(
                "Algolia says that there are too many calls{}",
                reply.retry_after.map_or_else(String::new, until)
            ),
        ),
        _ => (Kind::InvalidInput, format!("Algolia says: {said}")),
    };
    Err(Error::new(kind, message).retry_after(reply.retry_after))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    #[test]
    fn a_page_in_its_place_is_no_index_that_is_missing() {
        let reply = |status, body| UpstreamReply {
            status,
            body,
            retry_after: None,
        };
        let missing = serde_json::json!({"message": "Index users does not exist", "status": 404});
        let missing = classify(reply(404, missing)).expect_err("is none");
        assert_eq!(missing.kind(), Kind::NotFound);
        let portal = classify(reply(404, Value::Null)).expect_err("is none");
        assert_eq!(portal.kind(), Kind::BadGateway);
        for (status, body) in [
            (200, Value::Null),
            (201, serde_json::json!("<html>")),
            (204, Value::Null),
            (302, serde_json::json!({"message": "moved"})),
        ] {
            let taken = classify(reply(status, body)).expect_err("is none");
            assert_eq!(taken.kind(), Kind::BadGateway, "{status}");
        }
        let busy = classify(reply(429, Value::Null)).expect_err("is none");
        assert_eq!(busy.kind(), Kind::RateLimited);
    }

    fn host(url: &str) -> Host {
        let credential = UpstreamCredential::Headers(Vec::new());
        let url = url.parse().expect("a URL");
        let time = Duration::from_secs(5);
        Host {
            upstream: Upstream::new("Algolia", "algolia.api_key", url, credential, time),
            down_since: Mutex::default(),
        }
    }

    /// Answers every connection once with these bytes, and counts.
    async fn server(answer: &'static str, calls: &'static AtomicUsize) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                calls.fetch_add(1, Ordering::SeqCst);
                let mut request = [0; 4096];
                let read = stream.read(&mut request).await;
                read.expect("reads");
                stream.write_all(answer.as_bytes()).await.expect("writes");
            }
        });
        format!("http://{address}")
    }

    #[tokio::test]
    async fn a_host_that_is_down_is_left_alone_for_a_while() {
        static SICK: AtomicUsize = AtomicUsize::new(0);
        static WELL: AtomicUsize = AtomicUsize::new(0);
        let sick =
            "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        let well = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
        let urls = [
            "http://127.0.0.1:1".to_owned(),
            server(sick, &SICK).await,
            server(well, &WELL).await,
        ];
        let hosts = urls.iter().map(|url| host(url));
        let client = AlgoliaClient {
            key: "key".into(),
            read: hosts.collect(),
            write: Vec::new(),
        };
        for _ in 0..3 {
            let answer = client.call(Want::Read, Method::GET, &["1"], None).await;
            answer.expect("answers");
        }
        assert_eq!(SICK.load(Ordering::SeqCst), 1, "asked once");
        assert_eq!(WELL.load(Ordering::SeqCst), 3);
        let nobody = client.call(Want::Write, Method::GET, &["1"], None).await;
        assert_eq!(nobody.expect_err("no host").kind(), Kind::Internal);
    }

    #[test]
    fn the_hosts_are_algolias_own() {
        let hosts = own_hosts("ABC", "-dsn.algolia.net").expect("hosts");
        assert_eq!(hosts.len(), 4);
        assert_eq!(hosts[0].host_str(), Some("abc-dsn.algolia.net"));
        let key = SecretString::from("k");
        assert!(AlgoliaClient::new("evil.example/", ("algolia.api_key", &key), None).is_err());
    }
}
