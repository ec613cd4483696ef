//! `[google]`: the credential for Google's APIs.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::environment::Environment;
use super::secrets;
use super::section::section;
use crate::backends::google::GoogleMachine;
use crate::model::backoff::Backoff;

/// The delays before a stream of Google's is opened again.
pub(super) const BACKOFF: Backoff =
    Backoff::new(Duration::from_secs(1), Duration::from_mins(1)).with_jitter();

section! {
    [google]
    /// The credential for Google's APIs.
    pub struct GoogleSection {
        /// credential for Google Cloud: the key of a service account, or a file that gcloud writes; default what the machine offers
        #[also("GOOGLE_APPLICATION_CREDENTIALS")]
        credentials_file: Option<PathBuf>,
        /// Google Cloud project where no other setting names one; default the one of the credential or of the machine
        #[also("GOOGLE_CLOUD_PROJECT")]
        project_id: Option<String>,
        /// metadata server of the machine, if not the usual one
        #[also("GCE_METADATA_HOST")]
        metadata_host: Option<String>,
    }
}

impl GoogleSection {
    /// What the machine offers, with the login that its user has.
    pub fn machine(&self, login_file: Option<PathBuf>) -> GoogleMachine {
        GoogleMachine {
            login_file,
            metadata_host: self.metadata_host.clone(),
        }
    }

    /// Finds the key where systemd or the configuration file, whose folder is `base`, has it; and else
    /// from where the command is run. A warning if others can read it.
    pub(super) fn locate(&mut self, environment: &Environment, base: &Path) -> Option<String> {
        let named = self.credentials_file.as_mut()?;
        let file = secrets::file_of(environment, base, named.to_str()?).ok()?;
        if file.is_file() {
            *named = file;
        }
        let file = environment.directory.join(named);
        if secrets::is_handed_over(environment, &file) {
            return None;
        }
        secrets::exposure(&file, "google.credentials_file")
    }
}
