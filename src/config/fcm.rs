//! `[fcm]`: Firebase Cloud Messaging.

use std::sync::Arc;

use url::Url;

use super::section::section;
use crate::backends::google::TokenSource;
use crate::backends::push::FcmSettings;
use crate::model::Span;

section! {
    [fcm]
    /// Firebase Cloud Messaging.
    pub struct FcmSection {
        /// Firebase project; default firestore.project_id
        project_id: Option<String>,
        /// Firebase Cloud Messaging
        base_url: Url = "'https://fcm.googleapis.com'",
        /// longest time for one message
        timeout: Span = "'15s'",
    }
}

impl FcmSection {
    /// What the backend is opened with.
    pub fn settings(&self, project: String, tokens: Arc<TokenSource>) -> FcmSettings {
        FcmSettings {
            project,
            base_url: self.base_url.clone(),
            tokens,
            timeout: self.timeout.0,
        }
    }
}
