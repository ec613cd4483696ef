//! `[opentok]`: the OpenTok project, or the unified Vonage application.

use secrecy::SecretString;
use url::Url;

use super::mistake::first_unset;
use super::section::section;
use crate::backends::rooms::OpentokSettings;
use crate::backends::rooms::opentok::Account;
use crate::error::Result;
use crate::model::Span;

section! {
    [opentok]
    /// The OpenTok project, or the unified Vonage application, which goes first.
    pub struct OpentokSection {
        /// API key of the OpenTok project
        #[also("TOKBOX_API_KEY")]
        api_key: Option<String>,
        /// secret of the OpenTok project
        #[also("TOKBOX_SECRET")]
        secret: Option<SecretString>,
        /// application of the unified Vonage account
        application_id: Option<String>,
        /// private key of that application, usually as private_key_file
        private_key: Option<SecretString>,
        /// the video REST API; default https://api.opentok.com, of Vonage
        /// https://video.api.vonage.com
        base_url: Option<Url>,
        /// longest time for one call
        timeout: Span = "'8s'",
        /// signature secret of Vonage, or for OpenTok what its callback URL carries as ?secret=
        webhook_secret: Option<SecretString>,
    }
}

impl OpentokSection {
    /// What the backend is opened with, if it is in use.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when the private key is none.
    pub fn settings(&self) -> Result<Option<OpentokSettings>> {
        let account = match (&self.application_id, &self.private_key) {
            (Some(id), Some(key)) => Account::application(id.clone(), key)?,
            _ => match (self.api_key.clone(), self.secret.clone()) {
                (Some(id), Some(secret)) => Account::Project { id, secret },
                _ => return Ok(None),
            },
        };
        Ok(Some(OpentokSettings {
            account,
            base_url: self.base_url.clone(),
            timeout: self.timeout.0,
        }))
    }

    /// Whether anything of an account is set.
    pub(super) fn is_begun(&self) -> bool {
        self.api_key.is_some() || self.application_id.is_some()
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        let project = first_unset(&[
            ("opentok.api_key", self.api_key.is_some()),
            ("opentok.secret", self.secret.is_some()),
        ]);
        match (&self.application_id, &self.private_key) {
            (Some(_), None) => project.and(Some("opentok.private_key")),
            (Some(_), Some(_)) => None,
            (None, _) => project,
        }
    }
}
