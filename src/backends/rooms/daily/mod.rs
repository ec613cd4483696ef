//! Daily (daily.co) by its REST API: <https://docs.daily.co/reference/rest-api>.

mod meetings;
mod occupancy;
mod recordings;
mod rooms;
mod tokens;
mod wire;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::Method;
use secrecy::SecretString;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::OnceCell;
use url::Url;

use crate::backends::http::{
    Upstream, UpstreamAnswer, UpstreamBody, UpstreamCall, UpstreamCredential, parsed,
};
use crate::backends::rate_limit::Limiter;
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::{Clock, Rate};

/// Beyond this difference tokens may be refused as not yet good or expired.
const TOLERATED_SKEW: i64 = 30;

/// How to talk to one Daily domain.
pub struct DailySettings {
    /// The domain's API key; also the key that signs tokens.
    pub api_key: SecretString,
    /// `https://api.daily.co/v1`, or a stand-in.
    pub base_url: Url,
    /// How long one call may take.
    pub timeout: Duration,
    /// The limit of most endpoints.
    pub rate: Option<Rate>,
    /// The limit of deleting a room and listing recordings.
    pub slow_rate: Option<Rate>,
    /// Sign tokens here instead of asking Daily for each.
    pub self_signed: bool,
}

/// One Daily domain: [`Rooms`](super::Rooms), [`Occupancy`](super::Occupancy) and
/// [`Tokens`](super::Tokens).
pub struct DailyBackend {
    upstream: Upstream,
    api_key: SecretString,
    general: Limiter,
    slow: Limiter,
    self_signed: bool,
    clock: Arc<dyn Clock>,
    domain: OnceCell<wire::Domain>,
}

impl DailyBackend {
    /// A client of one domain. Nothing is sent yet.
    pub fn new(settings: DailySettings, clock: Arc<dyn Clock>) -> Self {
        Self {
            upstream: Upstream::new(
                "Daily",
                "daily.api_key",
                settings.base_url,
                UpstreamCredential::Bearer(settings.api_key.clone()),
                settings.timeout,
            )
            .found_by("daily.base_url"),
            api_key: settings.api_key,
            general: Limiter::new(settings.rate),
            slow: Limiter::new(settings.slow_rate),
            self_signed: settings.self_signed,
            clock,
            domain: OnceCell::new(),
        }
    }

    async fn read(&self, path: &[&str], query: &[(&str, String)]) -> Result<UpstreamAnswer> {
        self.upstream
            .send(UpstreamCall::get(path, query, &self.general))
            .await
    }

    async fn write(&self, method: Method, path: &[&str], body: &Value) -> Result<Value> {
        self.write_reporting_lost(method, path, body).await.0
    }

    /// Also tells whether an earlier try may have been carried out.
    async fn write_reporting_lost(
        &self,
        method: Method,
        path: &[&str],
        body: &Value,
    ) -> (Result<Value>, bool) {
        let call = UpstreamCall::new(method, path, UpstreamBody::Json(body), &self.general);
        let (outcome, lost) = self.upstream.send_reporting_lost(call).await;
        (outcome.map(|answer| answer.body), lost)
    }

    /// Facts of the domain that never change, asked for once.
    async fn domain(&self) -> Result<&wire::Domain> {
        self.domain
            .get_or_try_init(|| async { parse(self.read(&[], &[]).await?.body) })
            .await
    }
}

fn parse<T: DeserializeOwned>(body: Value) -> Result<T> {
    parsed("Daily", body)
}

#[async_trait]
impl Probe for DailyBackend {
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let answer = match self.read(&[], &[]).await {
            Ok(answer) => answer,
            Err(error) => return vec![unreachable(&error)],
        };
        let mut findings = vec![match parse::<wire::Domain>(answer.body) {
            Ok(domain) => Finding::ok(
                "daily credential",
                format!("accepted for the domain {}", domain.domain_name),
            ),
            Err(error) => unreachable(&error),
        }];
        findings.extend(self.skew(answer.date.as_deref()));
        if depth == Depth::Light {
            return findings;
        }
        findings.push(
            match self.read(&["rooms"], &[("limit", "1".to_owned())]).await {
                Ok(_) => Finding::ok("daily rooms", "may be listed"),
                Err(error) => {
                    let advice = "give the API key the permission to manage rooms";
                    Finding::failed("daily rooms", &error, advice)
                }
            },
        );
        findings
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}

impl DailyBackend {
    fn skew(&self, date: Option<&str>) -> Option<Finding> {
        let theirs: Timestamp = rfc2822::DateTimeParser::new().parse_timestamp(date?).ok()?;
        let skew = self.clock.now().as_second() - theirs.as_second();
        Some(if skew.abs() <= TOLERATED_SKEW {
            Finding::ok("daily clock", format!("{skew} s apart"))
        } else {
            Finding::bad(
                "daily clock",
                Health::Warn,
                format!("this machine's clock is {skew} s ahead of Daily's"),
                "set the clock by NTP; join tokens may be refused",
            )
        })
    }
}

fn unreachable(error: &Error) -> Finding {
    let advice = match error.kind() {
        Kind::Refused => "set daily.api_key (or DAILY_API_KEY) to a key from the Daily dashboard",
        Kind::Timeout | Kind::BadGateway => "check the network and daily.base_url",
        Kind::RateLimited => "wait until then; fewer calls at once: daily.rate",
        _ => "try again later",
    };
    Finding::failed("daily credential", error, advice)
}
