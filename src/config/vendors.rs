//! The sections of 100ms, OpenTok, Bandwidth, Pinpoint and of calls.

use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::{Config, PushBackend};
use crate::error::{Error, Result};
use crate::model::{BackendName, Span};

/// The 100ms account; in use when it has a key and a secret.
#[derive(Debug, Clone, Deserialize)]
pub struct HundredMsSection {
    /// The app access key.
    #[serde(default)]
    pub access_key: Option<String>,
    /// The app secret.
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// The REST API.
    pub base_url: Url,
    /// Longest time for one call.
    pub timeout: Span,
    /// What comes with its web callbacks.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
}

/// The OpenTok project, or the unified Vonage application.
#[derive(Debug, Clone, Deserialize)]
pub struct OpentokSection {
    /// The project's API key.
    #[serde(default)]
    pub api_key: Option<String>,
    /// The project's secret.
    #[serde(default)]
    pub secret: Option<SecretString>,
    /// The unified application.
    #[serde(default)]
    pub application_id: Option<String>,
    /// Its private key, PEM.
    #[serde(default)]
    pub private_key: Option<SecretString>,
    /// The REST API.
    #[serde(default)]
    pub base_url: Option<Url>,
    /// Longest time for one call.
    pub timeout: Span,
    /// What its web callbacks are checked with.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
}

/// One of the two kinds of account.
#[derive(Debug, Clone, Copy)]
pub enum OpentokAccount<'a> {
    /// API key and secret.
    Project(&'a str, &'a SecretString),
    /// Application and private key.
    Application(&'a str, &'a SecretString),
}

impl OpentokSection {
    /// The account that is configured; the unified one if both are.
    pub fn account(&self) -> Option<OpentokAccount<'_>> {
        match (&self.application_id, &self.private_key) {
            (Some(id), Some(key)) => Some(OpentokAccount::Application(id, key)),
            _ => match (&self.api_key, &self.secret) {
                (Some(key), Some(secret)) => Some(OpentokAccount::Project(key, secret)),
                _ => None,
            },
        }
    }
}

/// The Bandwidth account; in use when it has an account, a user and a password.
#[derive(Debug, Clone, Deserialize)]
pub struct BandwidthSection {
    /// The account.
    #[serde(default)]
    pub account_id: Option<String>,
    /// The API user.
    #[serde(default)]
    pub username: Option<String>,
    /// The API password.
    #[serde(default)]
    pub password: Option<SecretString>,
    /// The WebRTC API.
    pub base_url: Url,
    /// Longest time for one call.
    pub timeout: Span,
    /// What callback URLs carry.
    #[serde(default)]
    pub webhook_secret: Option<SecretString>,
    /// The deep link in a ring.
    pub answer_url: Url,
}

/// Amazon Pinpoint, now AWS End User Messaging Push.
#[derive(Debug, Clone, Deserialize)]
pub struct PinpointSection {
    /// The application.
    #[serde(default)]
    pub app_id: Option<String>,
    /// The AWS region.
    #[serde(default)]
    pub region: Option<String>,
    /// The API.
    #[serde(default)]
    pub base_url: Option<Url>,
    /// Longest time for one call.
    pub timeout: Span,
    /// The AWS access key.
    #[serde(default)]
    pub access_key_id: Option<String>,
    /// Its secret.
    #[serde(default)]
    pub secret_access_key: Option<SecretString>,
    /// The token of a temporary credential.
    #[serde(default)]
    pub session_token: Option<SecretString>,
}

/// Calls from person to person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct CallsSection {
    /// How long a phone rings.
    pub ring_for: Span,
    /// How long a call may last.
    pub longest: Span,
    /// How long calls that are over are kept.
    pub keep: Span,
}

/// Sessions of people in rooms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct SessionsSection {
    /// How long they are kept after they began.
    pub keep: Span,
}

/// What no single key of these sections can tell.
pub(super) fn check(config: &Config) -> Result<()> {
    let backend = config.rooms.backend;
    if let Some(missing) = missing(config, backend).first() {
        return Err(Error::config(format!(
            "rooms.backend is {backend}, but {missing} is not set"
        )));
    }
    let pinpoint = &config.pinpoint;
    let needed = [
        ("app_id", pinpoint.app_id.is_some()),
        ("region", pinpoint.region.is_some()),
        ("access_key_id", pinpoint.access_key_id.is_some()),
        ("secret_access_key", pinpoint.secret_access_key.is_some()),
    ];
    if config.push.backend == PushBackend::Pinpoint
        && let Some((name, _)) = needed.iter().find(|(_, set)| !set)
    {
        return Err(Error::config(format!(
            "push.backend is pinpoint, but pinpoint.{name} is not set"
        )));
    }
    Ok(())
}

/// What a vendor's section needs and has not.
fn missing(config: &Config, backend: BackendName) -> Vec<&'static str> {
    let needed: Vec<(&'static str, bool)> = match backend {
        BackendName::Local => Vec::new(),
        BackendName::Daily => vec![("daily.api_key", config.daily.api_key.is_some())],
        BackendName::HundredMs => vec![
            (
                "hundred_ms.access_key",
                config.hundred_ms.access_key.is_some(),
            ),
            ("hundred_ms.secret", config.hundred_ms.secret.is_some()),
        ],
        BackendName::Opentok => {
            let opentok = &config.opentok;
            match (&opentok.application_id, opentok.account()) {
                (_, Some(_)) => Vec::new(),
                (Some(_), None) => vec![("opentok.private_key", false)],
                (None, None) => vec![
                    ("opentok.api_key", opentok.api_key.is_some()),
                    ("opentok.secret", opentok.secret.is_some()),
                ],
            }
        }
        BackendName::Bandwidth => vec![
            (
                "bandwidth.account_id",
                config.bandwidth.account_id.is_some(),
            ),
            ("bandwidth.username", config.bandwidth.username.is_some()),
            ("bandwidth.password", config.bandwidth.password.is_some()),
        ],
    };
    let unset = needed.into_iter().filter(|(_, set)| !set);
    unset.map(|(name, _)| name).collect()
}

/// Points out sections that were begun and not finished: that vendor is not available.
pub(super) fn warnings(config: &Config) -> Vec<String> {
    let begun = [
        (
            BackendName::HundredMs,
            config.hundred_ms.access_key.is_some() || config.hundred_ms.secret.is_some(),
        ),
        (
            BackendName::Opentok,
            config.opentok.api_key.is_some() || config.opentok.application_id.is_some(),
        ),
        (
            BackendName::Bandwidth,
            config.bandwidth.account_id.is_some() || config.bandwidth.username.is_some(),
        ),
    ];
    begun
        .into_iter()
        .filter(|(_, begun)| *begun)
        .filter_map(|(backend, _)| {
            let missing = missing(config, backend);
            let first = missing.first()?;
            Some(format!("{backend} is not available: {first} is not set"))
        })
        .collect()
}
