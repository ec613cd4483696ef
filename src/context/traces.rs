//! Where traces and metrics go.

pub use crate::backends::otlp::{OtlpMetrics, OtlpTraces};
use crate::config::Config;
use crate::error::Result;

/// Begins to send traces to the configured collector, if there is one.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) when the settings are wrong.
pub fn open_traces(config: &Config) -> Result<Option<OtlpTraces>> {
    let settings = config.telemetry.settings();
    let open = |settings| OtlpTraces::open(settings, &super::this_process());
    settings.map(open).transpose()
}

/// Who sends metrics to the configured collector, if they are to be sent.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) when the settings are wrong.
pub fn open_metrics(config: &Config) -> Result<Option<OtlpMetrics>> {
    let (settings, every) = (
        config.telemetry.settings(),
        config.telemetry.metrics_every(),
    );
    let open = |(settings, every)| OtlpMetrics::open(settings, every, &super::this_process());
    settings.zip(every).map(open).transpose()
}
