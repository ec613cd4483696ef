//! Where the keys of an issuer come from: its discovery document, and the set that this names.

use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{ACCEPT, CACHE_CONTROL, DATE, HeaderMap};
use reqwest::redirect::{Attempt, Policy};
use serde::Deserialize;
use url::Url;

use crate::backends::http::unreached;
use crate::backends::http_client::HttpClient;
use crate::error::{Error, Kind, Result};
use crate::model::loopback::is_loopback;

/// The most that is read of one answer.
const LARGEST: usize = 256 * 1024;
/// An issuer that takes longer is away.
const TIMEOUT: Duration = Duration::from_secs(5);
/// Redirects that are followed.
const REDIRECTS: usize = 3;
/// How long keys are kept of which nothing is said.
const USUAL: Duration = Duration::from_mins(10);
/// Keys are kept so long at least,
const SHORTEST: Duration = Duration::from_mins(5);
/// and at most.
const LONGEST: Duration = Duration::from_hours(24);

/// An issuer's keys, as it tells them.
pub(super) struct FetchedKeys {
    /// The set.
    pub(super) text: Vec<u8>,
    /// How long it may be kept.
    pub(super) max_age: Duration,
    /// The issuer's clock.
    pub(super) date: Option<Timestamp>,
}

/// Asks an issuer for its keys.
#[async_trait]
pub(super) trait KeySource: Send + Sync {
    /// Asks once.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] and [`Kind::Timeout`], with a sentence that names the issuer.
    async fn fetch(&self) -> Result<FetchedKeys>;
}

/// Asks over HTTP.
pub(super) struct HttpKeys {
    alias: String,
    issuer: String,
    jwks_url: Option<Url>,
    client: HttpClient,
}

/// What counts of a discovery document.
#[derive(Deserialize)]
struct Discovered {
    issuer: String,
    jwks_uri: Url,
}

impl HttpKeys {
    pub(super) fn new(alias: &str, issuer: &str, jwks_url: Option<Url>) -> Self {
        Self {
            alias: alias.to_owned(),
            issuer: issuer.to_owned(),
            jwks_url,
            client: HttpClient::new(|client| {
                client
                    .redirect(Policy::custom(|attempt: Attempt<'_>| {
                        let from = attempt.previous().last().map(Url::origin);
                        let here = from.is_some_and(|from| from == attempt.url().origin());
                        if here && attempt.previous().len() <= REDIRECTS {
                            attempt.follow()
                        } else {
                            attempt.stop()
                        }
                    }))
                    .connect_timeout(TIMEOUT)
                    .timeout(TIMEOUT)
            }),
        }
    }

    fn away(&self, kind: Kind, what: &str) -> Error {
        Error::new(kind, format!("the issuer `{}` {what}", self.alias))
    }

    async fn get(&self, url: Url) -> Result<(HeaderMap, Vec<u8>)> {
        let shown = url.clone();
        let broke = |error: reqwest::Error| {
            if error.is_connect() {
                let cause = unreached(&error, &shown, "issuer and jwks_url of auth.issuers");
                let what = format!("cannot be reached for {shown}: {}", cause.what);
                let told = self.away(Kind::BadGateway, &what).advise(cause.advice);
                return told.because(error.without_url());
            }
            let (kind, what) = match () {
                () if error.is_timeout() => (Kind::Timeout, "did not answer in time"),
                () => (Kind::BadGateway, "broke off its answer"),
            };
            self.away(kind, &format!("{what} at {shown}"))
                .because(error.without_url())
        };
        let request = self.client.ready()?.get(url.clone());
        let request = request.header(ACCEPT, "application/json");
        let mut response = request.send().await.map_err(broke)?;
        if !response.status().is_success() {
            let what = format!("answers {} at {shown}", response.status().as_u16());
            return Err(self.away(Kind::BadGateway, &what));
        }
        let headers = std::mem::take(response.headers_mut());
        let mut text = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(broke)? {
            if text.len() + chunk.len() > LARGEST {
                let what = format!("answers more than 256 KiB at {shown}");
                return Err(self.away(Kind::BadGateway, &what));
            }
            text.extend_from_slice(&chunk);
        }
        Ok((headers, text))
    }

    /// Where the keys are, as the issuer itself says.
    async fn discover(&self) -> Result<Url> {
        let base = self.issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let url: Url = url
            .parse()
            .map_err(|error| self.away(Kind::Config, "is no address").because(error))?;
        let own = is_loopback(&url);
        let (_, text) = self.get(url).await?;
        let found: Discovered = serde_json::from_slice(&text).map_err(|error| {
            let what = "tells no jwks_uri in its discovery document; set jwks_url";
            self.away(Kind::BadGateway, what).because(error)
        })?;
        if found.issuer != self.issuer {
            let what = format!(
                "calls itself {:?}; auth.issuers must say so, letter by letter",
                shortened(&found.issuer)
            );
            return Err(self.away(Kind::BadGateway, &what));
        }
        // What an issuer of elsewhere says must not lead to this machine.
        let good = match found.jwks_uri.scheme() {
            "https" => own || !is_loopback(&found.jwks_uri),
            _ => own && is_loopback(&found.jwks_uri),
        };
        if !good {
            return Err(self.away(Kind::BadGateway, "tells a jwks_uri that is not https"));
        }
        Ok(found.jwks_uri)
    }
}

#[async_trait]
impl KeySource for HttpKeys {
    async fn fetch(&self) -> Result<FetchedKeys> {
        let url = match &self.jwks_url {
            Some(url) => url.clone(),
            None => self.discover().await?,
        };
        let (headers, text) = self.get(url).await?;
        let date = headers.get(DATE).and_then(|date| date.to_str().ok());
        Ok(FetchedKeys {
            text,
            max_age: max_age(&headers),
            date: date.and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok()),
        })
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}

/// How long an answer may be kept.
fn max_age(headers: &HeaderMap) -> Duration {
    let text = headers
        .get(CACHE_CONTROL)
        .and_then(|value| value.to_str().ok());
    let text = text.unwrap_or_default().to_ascii_lowercase();
    let mut words = text.split(',').map(str::trim);
    if words
        .clone()
        .any(|word| word == "no-store" || word == "no-cache")
    {
        return SHORTEST;
    }
    let said = words.find_map(|word| word.strip_prefix("max-age="));
    let said = said.and_then(|age| age.trim_matches('"').parse().ok());
    said.map_or(USUAL, Duration::from_secs)
        .clamp(SHORTEST, LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_kept_from_five_minutes_to_a_day() {
        let kept = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(CACHE_CONTROL, text.parse().expect("a value"));
            max_age(&headers).as_secs()
        };
        assert_eq!(max_age(&HeaderMap::new()), USUAL);
        for (text, seconds) in [
            ("public, max-age=21600, must-revalidate", 21_600),
            ("MAX-AGE=\"900\"", 900),
            ("max-age=0", 300),
            ("max-age=99999999", 86_400),
            ("max-age=99999999999999999999999", 600),
            ("max-age=-1", 600),
            ("no-store, max-age=7200", 300),
        ] {
            assert_eq!(kept(text), seconds, "{text}");
        }
    }
}
