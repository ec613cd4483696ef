//! `[google]`: the credential for Google's APIs.

use std::path::PathBuf;
use std::time::Duration;

use super::section::section;
use crate::model::backoff::Backoff;

/// The rests before a stream of Google's is opened again.
pub(super) const BACKOFF: Backoff =
    Backoff::new(Duration::from_secs(1), Duration::from_mins(1)).with_jitter();

section! {
    [google]
    /// The credential for Google's APIs.
    pub struct GoogleSection {
        /// service account of Google Cloud; default what the machine offers
        #[also("GOOGLE_APPLICATION_CREDENTIALS")]
        credentials_file: Option<PathBuf>,
    }
}
