//! `[realtime_database]`: Firebase Realtime Database.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::google::BACKOFF;
use super::mistake::first_unset;
use super::section::section;
use crate::backends::google::TokenSource;
use crate::backends::presence::RealtimeDatabaseSettings;

/// A stream that says nothing for so long is opened again.
const KEEP_ALIVE: Duration = Duration::from_secs(90);
/// A stream is replaced before its credential, which lives an hour, ends.
const RENEW: Duration = Duration::from_mins(50);

section! {
    [realtime_database]
    /// Firebase Realtime Database.
    pub struct RealtimeDatabaseSection {
        /// the database, e.g. https://NAME.firebaseio.com
        #[also("FIREBASE_DATABASE_EMULATOR_HOST")]
        url: Option<Url>,
        /// where presence stands in it
        path: String = "'status'",
    }
}

impl RealtimeDatabaseSection {
    /// The database, if one is set; an emulator is told that the one of `project` is meant.
    pub fn database(&self, project: Option<&str>) -> Option<Url> {
        let mut url = self.url.clone()?;
        let named = url.query_pairs().any(|(name, _)| name == "ns");
        if let Some(project) = project.filter(|_| url.scheme() == "http" && !named) {
            let name = format!("{project}-default-rtdb");
            url.query_pairs_mut().append_pair("ns", &name);
        }
        Some(url)
    }

    /// What it needs to be in use and has not.
    pub(super) fn missing(&self) -> Option<&'static str> {
        first_unset(&[("realtime_database.url", self.url.is_some())])
    }

    /// What the backend is opened with.
    pub fn settings(&self, url: Url, tokens: Arc<TokenSource>) -> RealtimeDatabaseSettings {
        RealtimeDatabaseSettings {
            url,
            path: self.path.clone(),
            tokens,
            silence: KEEP_ALIVE,
            renew_after: RENEW,
            backoff: BACKOFF,
        }
    }
}
