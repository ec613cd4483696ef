//! `[telemetry]`: where traces and metrics go.

use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::mistake::{Checked, Wrong};
use super::section::section;
use crate::backends::otlp::{self, OtlpSettings};
use crate::model::{Ratio, Span};

/// How often metrics can be sent.
const SHORTEST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_hours(1);

section! {
    [telemetry]
    /// Where traces and metrics go.
    pub struct TelemetrySection {
        /// collector that traces are sent to by OTLP over HTTP, e.g. http://127.0.0.1:4318; nobody
        /// without it
        otlp_url: Option<Url>,
        /// headers that the collector wants, e.g. Authorization=Bearer ...,X-Team=calls
        otlp_headers: Option<SecretString>,
        /// share of the requests that are traced, from 0 to 1; where a caller sends traceparent, its
        /// word counts
        sample: Ratio = "1.0",
        /// how often the collector is sent what /metrics shows, from 1s to 1h, e.g. 1m; never
        /// without it
        metrics_every: Option<Span>,
    }
}

impl TelemetrySection {
    /// Whether the headers are some, what they are is not told; and whether metrics can be sent.
    pub(super) fn check(&self) -> Checked {
        const SETTING: &str = "telemetry.otlp_headers";
        if let Some(Err(what)) = self.otlp_headers.as_ref().map(otlp::headers) {
            return Err(Wrong::new(&[SETTING], format!("{SETTING}: {what}")));
        }
        let Some(Span(every)) = self.metrics_every else {
            return Ok(());
        };
        if !(SHORTEST..=LONGEST).contains(&every) {
            let what = "telemetry.metrics_every is from 1s to 1h";
            return Err(Wrong::new(&["telemetry.metrics_every"], what));
        }
        if self.otlp_url.is_none() {
            let settings = ["telemetry.metrics_every", "telemetry.otlp_url"];
            let what = "telemetry.metrics_every is for the collector at telemetry.otlp_url, which is not set";
            return Err(Wrong::new(&settings, what));
        }
        Ok(())
    }

    /// How often metrics are sent, if they are.
    pub fn metrics_every(&self) -> Option<Duration> {
        self.metrics_every.map(|every| every.0)
    }

    /// What traces and metrics are sent with, if they are.
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
