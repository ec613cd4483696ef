//! Files that vendors give links to.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::TryStreamExt;
use futures_util::stream::BoxStream;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, CONTENT_RANGE, HeaderMap, RANGE};

use super::http::HttpClient;
use crate::error::{Error, Kind, Result};

/// A file that comes in from somewhere in it.
pub struct Incoming {
    /// Its first byte's place in the file.
    pub from: u64,
    /// How long the whole file is.
    pub total: Option<u64>,
    /// The bytes, piece by piece as they arrive.
    pub stream: BoxStream<'static, Result<Bytes>>,
}

/// Files behind links that vendors give out for a short time.
#[async_trait]
pub trait Files: Send + Sync {
    /// Opens a file at the byte `from`, or at its beginning if the other side cannot do better.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when the link does not work, or works no more.
    async fn open(&self, url: &str, from: u64) -> Result<Incoming>;
}

/// [`Files`] over HTTP: no credential goes along, the link itself is one.
pub struct HttpFiles {
    client: HttpClient,
}

impl HttpFiles {
    /// A client that gives up when nothing comes for `silence`.
    pub fn new(silence: Duration) -> Self {
        let client = HttpClient::new(move |client| {
            client
                // The length counts as it is announced.
                .no_gzip()
                .connect_timeout(Duration::from_secs(5))
                .read_timeout(silence)
        });
        Self { client }
    }
}

fn broken(error: reqwest::Error) -> Error {
    let kind = if error.is_timeout() {
        Kind::Timeout
    } else {
        Kind::BadGateway
    };
    // The link is a secret.
    Error::new(kind, "the file did not come through").because(error.without_url())
}

#[async_trait]
impl Files for HttpFiles {
    async fn open(&self, url: &str, from: u64) -> Result<Incoming> {
        let mut request = self.client.ready()?.get(url);
        if from > 0 {
            request = request.header(RANGE, format!("bytes={from}-"));
        }
        let response = request.send().await.map_err(broken)?;
        let headers = response.headers();
        let (from, total) = match response.status() {
            StatusCode::PARTIAL_CONTENT => range(headers).ok_or_else(|| {
                Error::bad_gateway("the file came in a part that nobody can place")
            })?,
            StatusCode::OK => (0, length(headers)),
            // Nothing is behind what we have: all of it, or of another file.
            StatusCode::RANGE_NOT_SATISFIABLE if from > 0 => return self.open(url, 0).await,
            StatusCode::NOT_FOUND | StatusCode::FORBIDDEN | StatusCode::GONE => {
                return Err(Error::not_found("the link to the file works no more"));
            }
            status => {
                let message = format!("the file's host answered {}", status.as_u16());
                return Err(Error::bad_gateway(message));
            }
        };
        Ok(Incoming {
            from,
            total,
            stream: response.bytes_stream().map_err(broken).boxed(),
        })
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// `bytes 100-199/200`: the first byte and the whole length.
fn range(headers: &HeaderMap) -> Option<(u64, Option<u64>)> {
    let text = headers.get(CONTENT_RANGE)?.to_str().ok()?;
    let (span, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let (from, _) = span.split_once('-')?;
    Some((from.parse().ok()?, total.parse().ok()))
}
