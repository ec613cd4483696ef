//! `[pinpoint]`: Amazon Pinpoint, now AWS End User Messaging Push.

use secrecy::SecretString;
use url::Url;

use super::mistake::first_unset;
use super::section::section;
use crate::backends::push::PinpointSettings;
use crate::model::Span;

section! {
    [pinpoint]
    /// Amazon Pinpoint, now AWS End User Messaging Push.
    pub struct PinpointSection {
        /// Pinpoint application
        #[also("PINPOINT_APP_ID")]
        app_id: Option<String>,
        /// AWS region
        #[also("AWS_REGION")]
        region: Option<String>,
        /// Pinpoint's API; default the one of the region
        base_url: Option<Url>,
        /// longest time for one call
        timeout: Span = "'8s'",
        /// AWS access key
        #[also("AWS_ACCESS_KEY_ID")]
        access_key_id: Option<String>,
        /// secret of that key
        #[also("AWS_SECRET_ACCESS_KEY")]
        secret_access_key: Option<SecretString>,
        /// token of a temporary AWS credential
        #[also("AWS_SESSION_TOKEN")]
        session_token: Option<SecretString>,
    }
}

impl PinpointSection {
    /// What the backend is opened with, if that is set.
    pub fn settings(&self) -> Option<PinpointSettings> {
        Some(PinpointSettings {
            app_id: self.app_id.clone()?,
            region: self.region.clone()?,
            access_key_id: self.access_key_id.clone()?,
            secret_access_key: self.secret_access_key.clone()?,
            session_token: self.session_token.clone(),
            base_url: self.base_url.clone(),
            timeout: self.timeout.0,
        })
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[
            ("pinpoint.app_id", self.app_id.is_some()),
            ("pinpoint.region", self.region.is_some()),
            ("pinpoint.access_key_id", self.access_key_id.is_some()),
            (
                "pinpoint.secret_access_key",
                self.secret_access_key.is_some(),
            ),
        ])
    }
}
