//! `OpenTok` and its successor, the unified Vonage Video API: one API, two kinds of account
//! (<https://tokbox.com/developer/rest/>, <https://developer.vonage.com/en/api/video>).
//!
//! The vendor knows sessions by their own ids only, and can neither list nor find them: the
//! registry keeps which session belongs to which name, for good.

mod archives;
mod credential;
mod occupancy;
mod rooms;
mod t1;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde_json::Value;
use url::Url;

pub use self::credential::Account;
use crate::backends::http::{Upstream, UpstreamBody, UpstreamCall, UpstreamCredential, parsed};
use crate::backends::rate_limit::Limiter;
use crate::backends::rooms::StoredSessions;
use crate::backends::rooms::registry::Registry;
use crate::error::{Kind, Result};
use crate::model::health::{Depth, Finding, Probe};
use crate::model::{BackendName, Clock, Random};
use crate::records::documents::Documents;

/// The host of the legacy API, for projects.
const OPENTOK: &str = "https://api.opentok.com";
/// The host of the unified API, for applications.
const VONAGE: &str = "https://video.api.vonage.com";

/// How to talk to one account.
pub struct OpentokSettings {
    /// A project or an application; it decides the host and the tokens.
    pub account: Account,
    /// The API; the usual one of the account if absent.
    pub base_url: Option<Url>,
    /// How long one call may take.
    pub timeout: Duration,
}

/// One account, with the registry of its sessions' names.
pub struct OpentokBackend {
    upstream: Upstream,
    account: Arc<Account>,
    registry: Registry,
    sessions: StoredSessions,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    free: Limiter,
}

impl OpentokBackend {
    /// A client of one account. Nothing is sent yet.
    pub fn new(
        settings: OpentokSettings,
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
    ) -> Self {
        let account = Arc::new(settings.account);
        let (usual, setting) = match *account {
            Account::Project { .. } => (OPENTOK, "opentok.api_key and opentok.secret"),
            Account::Application { .. } => {
                (VONAGE, "opentok.application_id and opentok.private_key")
            }
        };
        let usual = || Url::parse(usual).unwrap_or_else(|_| unreachable!("{usual} is a URL"));
        let signer = credential::PerRequest::new(account.clone(), clock.clone(), random.clone());
        Self {
            upstream: Upstream::new(
                "OpenTok",
                setting,
                settings.base_url.unwrap_or_else(usual),
                UpstreamCredential::Signed(Arc::new(signer)),
                settings.timeout,
            )
            .found_by("opentok.base_url"),
            account,
            registry: Registry::new(documents.clone(), BackendName::Opentok),
            sessions: StoredSessions::new(documents, BackendName::Opentok),
            clock,
            random,
            free: Limiter::default(),
        }
    }

    /// A path below the account.
    fn path<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        [&["v2", "project", self.account.id()], more].concat()
    }

    async fn read(&self, path: &[&str], query: &[(&str, String)]) -> Result<Value> {
        let path = self.path(path);
        let answer = self
            .upstream
            .send(UpstreamCall::get(&path, query, &self.free))
            .await?;
        Ok(answer.body)
    }

    async fn delete(&self, path: &[&str]) -> Result<()> {
        let path = self.path(path);
        let call = UpstreamCall::new(Method::DELETE, &path, UpstreamBody::None, &self.free);
        self.upstream.send(call).await.map(|_| ())
    }
}

fn parse<T: serde::de::DeserializeOwned>(body: Value) -> Result<T> {
    parsed("OpenTok", body)
}

#[async_trait]
impl Probe for OpentokBackend {
    async fn probe(&self, _depth: Depth) -> Vec<Finding> {
        let check = "opentok credential";
        let query = [("count", "1".to_owned())];
        vec![match self.read(&["archive"], &query).await {
            Ok(_) => Finding::ok(
                check,
                format!("accepted for {}, and may list archives", self.account.id()),
            ),
            Err(error) => {
                let advice = match (error.kind(), &*self.account) {
                    (Kind::Refused, Account::Project { .. }) => {
                        "set opentok.api_key and opentok.secret (or TOKBOX_API_KEY and \
                         TOKBOX_SECRET) to those of the project, and this machine's clock by NTP"
                    }
                    (Kind::Refused, Account::Application { .. }) => {
                        "set opentok.application_id and opentok.private_key_file to those of the \
                         application, give it the Video capability, and set the clock by NTP"
                    }
                    (Kind::RateLimited, _) => "wait until then; others may use the same account",
                    _ => "check opentok.base_url and the network",
                };
                Finding::failed(check, &error, advice)
            }
        }]
    }

    fn prepare(&self) -> Result<()> {
        self.upstream.prepare()
    }
}
