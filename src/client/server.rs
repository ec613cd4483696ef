//! A server, and how it is reached.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::backends::files::{FILE_SILENCE, VendorFiles};
use crate::backends::http::{Upstream, UpstreamCredential, place};
use crate::backends::rate_limit::Limiter;
use crate::context::{Progress, SystemClock, Working};
use crate::error::{Error, Result};
use crate::model::loopback::is_loopback;
use crate::model::report::Stopped;
use crate::model::{Clock, Span};

/// A server answers, or says that it cannot, before its own `server.request_timeout`.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Where a server is: `https://…`, or `http://…` on this machine. It holds no password, and nothing
/// that would have to be hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(Url);

impl ServerAddress {
    /// Reads an address as people give it.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is none, or when a key that is sent
    /// there could be read on the way.
    pub fn parse(text: &str) -> Result<Self> {
        let Ok(url) = Url::parse(text) else {
            return Err(Error::invalid(format!(
                "`{text}` is not the address of a server; write it like https://calls.example.com"
            )));
        };
        let plain = url.username().is_empty() && url.password().is_none();
        // The text itself is not repeated: it may hold a secret.
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err(Error::invalid(
                "the address of a server is a scheme, a host, a port and a path only; the key goes into a file, --key-file",
            ));
        }
        if url.path().trim_end_matches('/').ends_with("/v1") {
            return Err(Error::invalid(
                "the address of a server ends before /v1, which is a part of every request; leave that out",
            ));
        }
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err(Error::invalid(format!(
                "the key would travel to {text} in the clear; use https://, or a tunnel to this machine"
            ))),
            _ => Err(Error::invalid(format!(
                "`{text}` is not the address of a server; it begins with https://"
            ))),
        }
    }

    /// The address without what says nothing.
    pub fn shown(&self) -> &str {
        self.0.as_str().trim_end_matches('/')
    }
}

/// A `tok serve` somewhere else, and what its client may touch besides.
pub struct Server {
    address: ServerAddress,
    upstream: Upstream,
    limiter: Limiter,
    /// The time on this machine.
    pub clock: Arc<dyn Clock>,
    /// Who is told how far long work is.
    pub progress: Arc<dyn Progress>,
    /// Cancelled when long work is to stop after the item in hand.
    pub stop: CancellationToken,
    /// What vendors have, to which the server makes links.
    pub(super) files: VendorFiles,
    /// How many stored documents its lists left out.
    unreadable: AtomicU64,
    /// Who is told, once, that an answer takes longer than this.
    slow: Option<(Duration, TellSlow)>,
    told_slow: AtomicBool,
}

/// Hears of which host and port an answer is waited for.
pub type TellSlow = Box<dyn Fn(&str) + Send + Sync>;

impl Server {
    /// The server at an address, called with a key if there is one. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when no request can carry the key.
    pub fn new(
        address: ServerAddress,
        key: Option<SecretString>,
        progress: Arc<dyn Progress>,
    ) -> Result<Self> {
        let credential = match key {
            Some(key) => UpstreamCredential::Bearer(key),
            None => UpstreamCredential::Headers(Vec::new()),
        };
        let url = address.0.clone();
        let upstream = Upstream::new("tok serve", "the key", url, credential, TIMEOUT);
        let upstream = upstream.found_by("the address of the server");
        upstream.prepare()?;
        Ok(Self {
            address,
            upstream,
            limiter: Limiter::default(),
            clock: Arc::new(SystemClock),
            progress,
            stop: CancellationToken::new(),
            files: VendorFiles::new(FILE_SILENCE),
            unreadable: AtomicU64::new(0),
            slow: None,
            told_slow: AtomicBool::new(false),
        })
    }

    /// The same; who waits for longer than `after` is told for what.
    #[must_use]
    pub fn telling_slow(mut self, after: Duration, tell: TellSlow) -> Self {
        self.slow = Some((after, tell));
        self
    }

    /// Waits for an answer, and says so once if it does not come soon.
    pub(super) async fn waiting<T>(&self, answer: impl Future<Output = T>) -> T {
        let Some((after, tell)) = &self.slow else {
            return answer.await;
        };
        let mut answer = std::pin::pin!(answer);
        if let Ok(answer) = tokio::time::timeout(*after, &mut answer).await {
            return answer;
        }
        if !self.told_slow.swap(true, Ordering::Relaxed) {
            tell(&place(&self.address.0));
        }
        answer.await
    }

    /// Where it is.
    pub fn address(&self) -> &ServerAddress {
        &self.address
    }

    pub(super) fn upstream(&self) -> (&Upstream, &Limiter) {
        (&self.upstream, &self.limiter)
    }

    /// Begins watched work on `total` items.
    pub(super) fn working(&self, what: &str, total: usize) -> Working<'_> {
        Working::begin(self.progress.as_ref(), what, total)
    }

    /// Why work is to stop now, if it is.
    pub(super) fn stopped(&self, until: Option<Timestamp>) -> Option<Stopped> {
        if self.stop.is_cancelled() {
            return Some(Stopped::Interrupted);
        }
        let over = until.filter(|until| self.clock.now() >= *until);
        over.map(|_| Stopped::OutOfTime)
    }

    /// How long one request of work may take that goes on until then: never longer than `slice`.
    pub(super) fn time_for(&self, until: Option<Timestamp>, slice: SignedDuration) -> Span {
        let left = until.map(|until| until.duration_since(self.clock.now()));
        let time = left.map_or(slice, |left| left.min(slice));
        Span(time.try_into().unwrap_or_default())
    }

    /// Notes that a list left some documents out.
    pub(super) fn left_out(&self, documents: u64) {
        self.unreadable.fetch_add(documents, Ordering::Relaxed);
    }

    /// How many stored documents its lists left out because they cannot be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_goes_over_https_or_stays_on_this_machine() {
        for (text, shown) in [
            ("https://calls.example.com", "https://calls.example.com"),
            (
                "https://calls.example.com/tok/",
                "https://calls.example.com/tok",
            ),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://localhost:8080/", "http://localhost:8080"),
        ] {
            let read = ServerAddress::parse(text).expect(text);
            assert_eq!(read.shown(), shown);
        }
        for text in [
            "calls.example.com",
            "localhost:8080",
            "http://calls.example.com",
            "http://127.0.0.1.example.com",
            "ftp://calls.example.com",
            "https://ada:secret@calls.example.com",
            "https://calls.example.com/?key=secret",
            "https://calls.example.com/v1",
            "http://localhost:8080/tok/v1/",
        ] {
            let refused = ServerAddress::parse(text).expect_err(text);
            assert!(!refused.to_string().contains("secret"), "{refused}");
        }
    }
}
