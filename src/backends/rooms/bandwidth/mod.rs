//! Bandwidth's WebRTC API, version 1 (<https://dev.bandwidth.com/apis/webrtc>).
//!
//! The vendor knows sessions and participants by its own ids, can list neither, and gives a
//! participant's token once, when it makes the participant. Whatever is made twice is two things:
//! nothing that makes something is repeated unless the vendor surely did not begin with it, and
//! what was made is undone when a later step fails.

mod occupancy;
mod rooms;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use crate::backends::http::{Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, parsed};
use crate::backends::rate_limit::Limiter;
use crate::backends::rooms::StoredSessions;
use crate::backends::rooms::registry::Registry;
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Probe};
use crate::model::{BackendName, Clock};
use crate::records::documents::Documents;

/// How to talk to one account.
pub struct BandwidthSettings {
    /// The id of the account, part of every path.
    pub account_id: String,
    /// The name of an API user, for Basic authentication.
    pub username: String,
    /// The password of that user.
    pub password: SecretString,
    /// `https://api.webrtc.bandwidth.com/v1`, or a stand-in.
    pub base_url: Url,
    /// How long one call may take.
    pub timeout: Duration,
    /// Where the vendor tells who comes and goes, if it is to do so.
    pub callback: Option<SecretString>,
}

/// One account, with the registry of its sessions' names.
pub struct BandwidthBackend {
    upstream: Upstream,
    account: String,
    registry: Registry,
    sessions: StoredSessions,
    clock: Arc<dyn Clock>,
    callback: Option<SecretString>,
    free: Limiter,
}

/// A participant as far as we read it.
#[derive(Deserialize)]
struct WireParticipant {
    id: String,
    #[serde(default)]
    tag: Option<String>,
}

impl BandwidthBackend {
    /// A client of one account. Nothing is sent yet.
    pub fn new(
        settings: BandwidthSettings,
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let pair = format!(
            "{}:{}",
            settings.username,
            settings.password.expose_secret()
        );
        let basic = SecretString::from(format!("Basic {}", BASE64.encode(pair)));
        Self {
            upstream: Upstream::new(
                "Bandwidth",
                "bandwidth.account_id, bandwidth.username and bandwidth.password",
                settings.base_url,
                UpstreamCredential::Headers(vec![("authorization", basic)]),
                settings.timeout,
            )
            .found_by("bandwidth.base_url"),
            account: settings.account_id,
            registry: Registry::new(documents.clone(), BackendName::Bandwidth),
            sessions: StoredSessions::new(documents, BackendName::Bandwidth),
            clock,
            callback: settings.callback,
            free: Limiter::default(),
        }
    }

    /// A path below the account. No part may be empty: that would name the whole collection.
    fn path<'a>(&'a self, more: &[&'a str]) -> Result<Vec<&'a str>> {
        if more.iter().any(|part| part.is_empty()) {
            return Err(Error::internal("an id of Bandwidth's is empty"));
        }
        Ok([&["accounts", self.account.as_str()], more].concat())
    }

    async fn read(&self, path: &[&str]) -> Result<Value> {
        let path = self.path(path)?;
        let answer = self
            .upstream
            .send(UpstreamCall::get(&path, &[], &self.free))
            .await?;
        Ok(answer.body)
    }

    /// Makes something; never twice.
    async fn make(&self, path: &[&str], body: &Value) -> Result<Value> {
        let path = self.path(path)?;
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Json(body), &self.free)
            .non_idempotent();
        Ok(self.upstream.send(call).await?.body)
    }

    async fn put(&self, path: &[&str], body: &Value) -> Result<()> {
        let path = self.path(path)?;
        let call = UpstreamCall::new(Method::PUT, &path, UpstreamBody::Json(body), &self.free);
        self.upstream.send(call).await.map(|_| ())
    }

    /// Removes something; whether it was there.
    async fn remove(&self, path: &[&str]) -> Result<bool> {
        let path = self.path(path)?;
        let call = UpstreamCall::new(Method::DELETE, &path, UpstreamBody::None, &self.free);
        match self.upstream.send(call).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(false),
            other => other.map(|_| true),
        }
    }

    /// Who belongs to a session; nobody if it is gone.
    async fn members(&self, session: &str) -> Result<Vec<WireParticipant>> {
        match self.read(&["sessions", session, "participants"]).await {
            Err(error) if error.kind() == Kind::NotFound => Ok(Vec::new()),
            // 204: nobody.
            Ok(Value::Null) => Ok(Vec::new()),
            found => parse(found?),
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T> {
    parsed("Bandwidth", body)
}

#[async_trait]
impl Probe for BandwidthBackend {
    /// Asks for a session that does not exist: only an accepted credential is told so.
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let check = "bandwidth credential";
        let nobody = "00000000-0000-4000-8000-000000000000";
        vec![match self.read(&["sessions", nobody]).await {
            Err(error) if error.kind() != Kind::NotFound => {
                let advice = match error.kind() {
                    Kind::Refused => {
                        "set bandwidth.account_id, bandwidth.username and bandwidth.password (or \
                         BW_ACCOUNT_ID, BW_USERNAME and BW_PASSWORD) to those of an API user"
                    }
                    Kind::RateLimited => "wait until then; others may use the same account",
                    _ => "check bandwidth.base_url and the network",
                };
                Finding::failed(check, &error, advice)
            }
            _ => Finding::ok(check, format!("accepted for the account {}", self.account)),
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}
