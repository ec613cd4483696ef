//! `[firestore]`: Google Cloud Firestore.

use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::google::BACKOFF;
use super::section::section;
use crate::backends::documents::FirestoreSettings;
use crate::backends::google::TokenSource;
use crate::model::Span;

/// A listening stream that says nothing for so long is opened again.
const SILENCE: Duration = Duration::from_mins(2);

section! {
    [firestore]
    /// Google Cloud Firestore.
    pub struct FirestoreSection {
        /// Google Cloud project; default the one of google.credentials_file
        project_id: Option<String>,
        /// database in the project
        database: String = "'(default)'",
        /// Firestore, or an emulator
        #[also("FIRESTORE_EMULATOR_HOST")]
        base_url: Url = "'https://firestore.googleapis.com'",
        /// longest time for one call
        timeout: Span = "'15s'",
    }
}

impl FirestoreSection {
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
