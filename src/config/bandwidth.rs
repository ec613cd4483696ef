//! `[bandwidth]`: the Bandwidth account.

use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::mistake::first_unset;
use super::section::section;
use crate::backends::rooms::BandwidthSettings;
use crate::model::Span;

section! {
    [bandwidth]
    /// The Bandwidth account; in use when it has an account, a user and a password.
    pub struct BandwidthSection {
        /// Bandwidth account
        #[also("BW_ACCOUNT_ID")]
        account_id: Option<String>,
        /// API user
        #[also("BW_USERNAME")]
        username: Option<String>,
        /// API password
        #[also("BW_PASSWORD")]
        password: Option<SecretString>,
        /// Bandwidth's WebRTC API
        base_url: Url = "'https://api.webrtc.bandwidth.com/v1'",
        /// longest time for one call
        timeout: Span = "'8s'",
        /// what the callback URL of participants carries as ?secret=; without it there are no
        /// callbacks
        webhook_secret: Option<SecretString>,
        /// the deep link in a ring of the Bandwidth surface; the callee's token is added as
        /// ?tok=
        answer_url: Url = "'https://my.app.com/incomingCall'",
    }
}

impl BandwidthSection {
    /// What the backend is opened with, if it is in use; `public_url` is how Bandwidth reaches us.
    pub fn settings(&self, public_url: Option<&Url>) -> Option<BandwidthSettings> {
        Some(BandwidthSettings {
            account_id: self.account_id.clone()?,
            username: self.username.clone()?,
            password: self.password.clone()?,
            base_url: self.base_url.clone(),
            timeout: self.timeout.0,
            callback: self.callback(public_url),
        })
    }

    /// Where Bandwidth tells who comes and goes: it signs nothing, so the link itself is the
    /// secret.
    fn callback(&self, public_url: Option<&Url>) -> Option<SecretString> {
        let secret = self.webhook_secret.as_ref()?;
        let mut url = public_url?.clone();
        url.path_segments_mut()
            .ok()?
            .pop_if_empty()
            .extend(["webhooks", "bandwidth"]);
        url.query_pairs_mut()
            .append_pair("secret", secret.expose_secret());
        Some(SecretString::from(String::from(url)))
    }

    /// Whether anything of the account is set.
    pub(super) fn is_begun(&self) -> bool {
        self.account_id.is_some() || self.username.is_some()
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[
            ("bandwidth.account_id", self.account_id.is_some()),
            ("bandwidth.username", self.username.is_some()),
            ("bandwidth.password", self.password.is_some()),
        ])
    }
}
