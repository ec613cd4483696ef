//! `[algolia]`: The Algolia application.

use bytesize::ByteSize;
use secrecy::SecretString;
use url::Url;

use super::mistake::first_unset;
use super::section::section;
use crate::backends::search::AlgoliaSettings;

section! {
    [algolia]
    /// The Algolia application.
    pub struct AlgoliaSection {
        /// Algolia application
        #[also("ALGOLIA_APP_ID")]
        app_id: Option<String>,
        /// Algolia admin key
        #[also("ALGOLIA_API_KEY")]
        api_key: Option<SecretString>,
        /// search-only key that the keys of apps are derived from
        search_key: Option<SecretString>,
        /// one host instead of Algolia's own
        base_url: Option<Url>,
        /// largest record of the plan
        record_limit: ByteSize = "'100KB'",
    }
}

impl AlgoliaSection {
    /// What the backend is opened with, if that is set.
    pub fn settings(&self) -> Option<AlgoliaSettings> {
        Some(AlgoliaSettings {
            app_id: self.app_id.clone()?,
            api_key: self.api_key.clone()?,
            search_key: self.search_key.clone(),
            base_url: self.base_url.clone(),
            record_limit: usize::try_from(self.record_limit.as_u64()).unwrap_or(usize::MAX),
        })
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[
            ("algolia.app_id", self.app_id.is_some()),
            ("algolia.api_key", self.api_key.is_some()),
        ])
    }
}
