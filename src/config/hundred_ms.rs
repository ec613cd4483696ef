//! `[hundred_ms]`: the 100ms account.

use secrecy::SecretString;
use url::Url;

use super::mistake::first_unset;
use super::section::section;
use crate::backends::rooms::HundredMsSettings;
use crate::model::Span;

section! {
    [hundred_ms]
    /// The 100ms account; in use when it has a key and a secret.
    pub struct HundredMsSection {
        /// app access key of 100ms
        #[also("APP_ACCESS_KEY")]
        access_key: Option<String>,
        /// app secret of 100ms
        #[also("APP_SECRET")]
        secret: Option<SecretString>,
        /// 100ms' REST API
        base_url: Url = "'https://api.100ms.live/v2'",
        /// longest time for one call
        timeout: Span = "'8s'",
        /// what 100ms sends as X-Tok-Secret with its web callbacks
        webhook_secret: Option<SecretString>,
    }
}

impl HundredMsSection {
    /// What the backend is opened with, if it is in use.
    pub fn settings(&self) -> Option<HundredMsSettings> {
        Some(HundredMsSettings {
            access_key: self.access_key.clone()?,
            secret: self.secret.clone()?,
            base_url: self.base_url.clone(),
            timeout: self.timeout.0,
        })
    }

    /// Whether anything of the account is set.
    pub(super) fn is_begun(&self) -> bool {
        self.access_key.is_some() || self.secret.is_some()
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[
            ("hundred_ms.access_key", self.access_key.is_some()),
            ("hundred_ms.secret", self.secret.is_some()),
        ])
    }
}
