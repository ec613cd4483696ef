//! `[daily]`: the Daily account.

use secrecy::SecretString;
use url::Url;

use super::mistake::first_unset;
use super::section::{Limit, choice, section};
use crate::backends::rooms::DailySettings;
use crate::model::Span;

section! {
    [daily]
    /// The Daily account; in use when it has a key.
    pub struct DailySection {
        /// API key of the Daily domain
        #[also("DAILY_API_KEY")]
        api_key: Option<SecretString>,
        /// Daily's REST API
        base_url: Url = "'https://api.daily.co/v1'",
        /// longest time for one call
        timeout: Span = "'8s'",
        /// Daily's limit for most calls
        rate: Limit = "'100/5s'",
        /// Daily's limit for deleting a room
        slow_rate: Limit = "'50/30s'",
        /// sign join tokens here, or ask Daily for each
        tokens: Minting = "'self_signed'",
        /// the base64 secret that Daily signs its web callbacks with
        webhook_secret: Option<SecretString>,
    }
}

choice! {
    /// Who makes join tokens.
    pub enum Minting {
        /// We do, with the vendor's key.
        SelfSigned = "self_signed",
        /// The vendor does, when asked.
        Rest = "rest",
    }
}

impl DailySection {
    /// What the backend is opened with, if it is in use.
    pub fn settings(&self) -> Option<DailySettings> {
        Some(DailySettings {
            api_key: self.api_key.clone()?,
            base_url: self.base_url.clone(),
            timeout: self.timeout.0,
            rate: self.rate.0,
            slow_rate: self.slow_rate.0,
            self_signed: self.tokens == Minting::SelfSigned,
        })
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[("daily.api_key", self.api_key.is_some())])
    }
}
