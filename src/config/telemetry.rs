//! `[telemetry]`: where traces go.

use secrecy::SecretString;
use url::Url;

use super::mistake::{Checked, Wrong};
use super::section::section;
use crate::backends::otlp::{self, OtlpSettings};
use crate::model::Ratio;

section! {
    [telemetry]
    /// Where traces go.
    pub struct TelemetrySection {
        /// collector that traces are sent to by OTLP over HTTP, e.g. http://127.0.0.1:4318; nobody
        /// without it
        otlp_url: Option<Url>,
        /// headers that the collector wants, e.g. Authorization=Bearer ...,X-Team=calls
        otlp_headers: Option<SecretString>,
        /// share of the requests that are traced, from 0 to 1; where a caller sends traceparent, its
        /// word counts
        sample: Ratio = "1.0",
    }
}

impl TelemetrySection {
    /// Whether the headers are some; what they are is not told.
    pub(super) fn check(&self) -> Checked {
        const SETTING: &str = "telemetry.otlp_headers";
        match self.otlp_headers.as_ref().map(otlp::headers) {
            Some(Err(what)) => Err(Wrong::new(&[SETTING], format!("{SETTING}: {what}"))),
            _ => Ok(()),
        }
    }

    /// What traces are sent with, if they are.
    pub fn settings(&self) -> Option<OtlpSettings> {
        // They were checked.
        let headers = self.otlp_headers.as_ref().map(otlp::headers);
        Some(OtlpSettings {
            url: self.otlp_url.clone()?,
            headers: headers
                .and_then(std::result::Result::ok)
                .unwrap_or_default(),
            ratio: self.sample.0,
        })
    }
}
