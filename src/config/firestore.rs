//! `[firestore]`: Google Cloud Firestore.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::google::BACKOFF;
use super::section::section;
use crate::backends::documents::{FirestoreRulesSettings, FirestoreSettings};
use crate::backends::google::TokenSource;
use crate::error::{Error, Result};
use crate::model::Span;

/// Where users of apps sign in.
const IDENTITY: &str = "https://identitytoolkit.googleapis.com";
/// A listening stream that says nothing for so long is opened again.
const SILENCE: Duration = Duration::from_mins(2);

section! {
    [firestore]
    /// Google Cloud Firestore.
    pub struct FirestoreSection {
        /// Google Cloud project; default google.project_id
        project_id: Option<String>,
        /// database in the project
        database: String = "'(default)'",
        /// Firestore, or an emulator
        #[also("FIRESTORE_EMULATOR_HOST")]
        base_url: Url = "'https://firestore.googleapis.com'",
        /// the app's key for browsers: doctor then tries whether users of the app can read what is ours
        web_api_key: Option<String>,
        /// longest time for one call
        timeout: Span = "'15s'",
    }
}

impl FirestoreSection {
    /// What the check of its rules is made with; an emulator has rules of its own.
    ///
    /// # Errors
    /// [`Kind::Internal`](crate::Kind::Internal), which cannot be.
    pub fn rules(&self, project: String) -> Result<Option<FirestoreRulesSettings>> {
        if self.base_url.scheme() != "https" {
            return Ok(None);
        }
        let no_url = |error| Error::internal("an address of Google's is none").because(error);
        Ok(Some(FirestoreRulesSettings {
            project,
            database: self.database.clone(),
            base_url: self.base_url.clone(),
            identity_url: Url::parse(IDENTITY).map_err(no_url)?,
            web_api_key: self.web_api_key.clone(),
            timeout: self.timeout.0,
        }))
    }

    /// What the backend is opened with.
    pub fn settings(&self, project: String, tokens: Arc<TokenSource>) -> FirestoreSettings {
        FirestoreSettings {
            project,
            database: self.database.clone(),
            base_url: self.base_url.clone(),
            tokens,
            timeout: self.timeout.0,
            silence: SILENCE,
            backoff: BACKOFF,
        }
    }
}
