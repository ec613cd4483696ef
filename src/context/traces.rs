//! Where traces go.

pub use crate::backends::otlp::OtlpTraces;
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
