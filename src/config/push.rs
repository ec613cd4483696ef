//! `[push]`: how notifications are delivered.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::Config;
use super::mistake::{Checked, Wrong, needs};
use super::section::{choice, section};
use crate::backends::push::{ListedHost, WebPushSettings};
use crate::error::Result;
use crate::model::Span;
use crate::model::loopback::is_loopback;
use crate::model::settings::NotifySettings;

section! {
    [push]
    /// How notifications are delivered.
    pub struct PushSection {
        /// how notifications are delivered
        backend: PushBackend = "'in_app'",
        /// how long an incoming call is worth ringing
        call_ttl: Span = "'45s'",
        /// notifications sent at the same time
        streams: usize = "100",
        /// how long a notification that cannot be sent is tried again
        patience: Span = "'1h'",
        /// how long the outcome of a notification is told
        keep: Span = "'7d'",
        /// where those who pass messages on to browsers may reach the operator, mailto: or https:; default https:// and the host of server.public_url
        contact: Option<String>,
        /// the private key that messages to browsers are signed with, 32 bytes as base64url; by default one is made and kept in the store
        vapid_private_key: Option<SecretString>,
        /// push services for browsers and UnifiedPush that may be in this network, like ntfy.lan or https://ntfy.lan:8443
        web_hosts: Vec<String> = "[]",
    }
}

/// Longest time for one message to a browser: the ring of a call waits for it.
const WEB_TIMEOUT: Duration = Duration::from_secs(5);

choice! {
    /// Who delivers.
    pub enum PushBackend {
        /// `tok` itself, to people who are connected.
        InApp = "in_app",
        /// Firebase Cloud Messaging.
        Fcm = "fcm",
        /// Amazon Pinpoint.
        Pinpoint = "pinpoint",
    }
}

/// Notifications that wait for another try and are kept in memory, about 200 bytes each.
const KEPT_WAITING: usize = 20_000;

impl PushSection {
    /// What operations go by.
    pub fn settings(&self) -> NotifySettings {
        NotifySettings {
            call_ttl: self.call_ttl,
            streams: self.streams,
            waiting: KEPT_WAITING,
            patience: self.patience,
            keep: self.keep,
        }
    }
}

/// What Web Push is opened with.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config); there is nothing wrong with a configuration that was loaded.
pub fn web_push(config: &Config) -> Result<WebPushSettings> {
    let push = &config.push;
    let public = config.server.public_url.as_ref();
    let reached = public.filter(|url| !is_loopback(url));
    let host = reached.and_then(Url::host_str).unwrap_or("localhost");
    let hosts = push.web_hosts.iter().map(|text| ListedHost::parse(text));
    Ok(WebPushSettings {
        contact: push.contact.clone().unwrap_or(format!("https://{host}")),
        contact_is_real: push.contact.is_some() || reached.is_some(),
        private_key: push.vapid_private_key.clone(),
        hosts: hosts.collect::<Result<_>>()?,
        timeout: WEB_TIMEOUT,
    })
}

/// Push services take a contact for real that looks like one.
fn is_contact(text: &str) -> bool {
    match text.strip_prefix("mailto:") {
        Some(address) => {
            let parts = address.split_once('@');
            parts.is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
        }
        None => Url::parse(text).is_ok_and(|url| url.scheme() == "https" && !is_loopback(&url)),
    }
}

/// Who delivers must be available; that Firebase is shows when its credential is read.
pub(super) fn check(config: &Config) -> Checked {
    let push = &config.push;
    if push
        .contact
        .as_deref()
        .is_some_and(|text| !is_contact(text))
    {
        let what =
            "push.contact is no address like mailto:admin@example.com or https://example.com";
        return Err(Wrong::new(&["push.contact"], what));
    }
    for text in &push.web_hosts {
        let wrong = |what| Wrong::new(&["push.web_hosts"], format!("push.web_hosts: {what}"));
        ListedHost::parse(text).map_err(|error| wrong(error.message().to_owned()))?;
    }
    if let Some(key) = &push.vapid_private_key {
        WebPushSettings::check_private_key(key.expose_secret())
            .map_err(|error| Wrong::new(&["push.vapid_private_key"], error.message()))?;
    }
    match config.push.backend {
        PushBackend::Pinpoint => needs("push.backend", "pinpoint", config.pinpoint.missing()),
        PushBackend::InApp | PushBackend::Fcm => Ok(()),
    }
}
