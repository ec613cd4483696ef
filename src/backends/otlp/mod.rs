//! Traces and metrics for a collector, by the OpenTelemetry protocol over HTTP.
//!
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>

mod collector;
mod exposition;
mod metrics;
mod queue;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracer, SdkTracerProvider};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::collector::Collector;
pub use self::metrics::OtlpMetrics;
use self::queue::{CountedExporter, SpanQueue};
use crate::error::{Error, Result};
use crate::model::ProcessPlace;

/// How long the end of a process waits for the last spans.
const FAREWELL: Duration = Duration::from_secs(3);

/// Where traces and metrics go, and how many traces.
pub struct OtlpSettings {
    /// The collector's address, below which `v1/traces` and `v1/metrics` stand.
    pub url: Url,
    /// Headers that it wants.
    pub headers: HeaderMap,
    /// The part of the traces that begin here and are told.
    pub ratio: f64,
}

/// Traces on their way to a collector. A collector that is away costs nobody anything: so many spans
/// wait for it, those after them are dropped and counted.
pub struct OtlpTraces {
    provider: SdkTracerProvider,
}

impl OtlpTraces {
    /// Begins to tell them.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when no collector can be called.
    pub fn open(settings: OtlpSettings, place: &ProcessPlace) -> Result<Self> {
        let url = below(&settings.url, "traces");
        let waiting = Arc::new(AtomicUsize::new(0));
        let exporter = SpanExporter::builder()
            .with_http()
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(url.as_str())
            .with_http_client(Collector::new(url, settings.headers)?)
            .build()
            .map_err(|error| Error::config("telemetry.otlp_url cannot be used").because(error))?;
        let exporter = CountedExporter::new(exporter, waiting.clone());
        let provider = SdkTracerProvider::builder()
            .with_span_processor(SpanQueue::new(exporter, waiting))
            .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(
                settings.ratio,
            ))))
            .with_resource(resource(place))
            .build();
        Ok(Self { provider })
    }

    /// What makes spans.
    pub fn tracer(&self) -> SdkTracer {
        self.provider.tracer("tok")
    }

    /// Sends what waits, for no longer than a few seconds.
    pub fn finish(&self) {
        if let Err(error) = self.provider.shutdown_with_timeout(FAREWELL) {
            tracing::warn!(%error, "the last traces were not sent");
        }
    }
}

/// Where the collector takes this.
fn below(base: &Url, what: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut parts) = url.path_segments_mut() {
        parts.pop_if_empty().extend(["v1", what]);
    }
    url
}

/// Who tells all that.
fn described(place: &ProcessPlace) -> [(&'static str, String); 4] {
    [
        ("service.name", "tok".to_owned()),
        ("service.version", env!("CARGO_PKG_VERSION").to_owned()),
        (
            "service.instance.id",
            format!("{}-{}", place.host, place.pid),
        ),
        ("host.name", place.host.clone()),
    ]
}

fn resource(place: &ProcessPlace) -> Resource {
    let attributes = described(place).map(|(name, value)| KeyValue::new(name, value));
    Resource::builder_empty()
        .with_attributes(attributes)
        .build()
}

/// The headers that a setting lists.
///
/// # Errors
/// When they are none, in words that repeat nothing of them.
pub fn headers(listed: &SecretString) -> Result<HeaderMap, &'static str> {
    const WRONG: &str = "expected headers like Authorization=Bearer ...,X-Team=calls";
    let pairs = listed.expose_secret().split(',').map(str::trim);
    let pairs = pairs.filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').ok_or(WRONG)?;
            let name = HeaderName::try_from(name.trim()).map_err(|_| WRONG)?;
            let mut value = HeaderValue::from_str(value.trim()).map_err(|_| WRONG)?;
            value.set_sensitive(true);
            Ok((name, value))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_of_traces_stands_below_the_collectors_address() {
        for (base, whole) in [
            ("http://c:4318", "http://c:4318/v1/traces"),
            ("http://c:4318/", "http://c:4318/v1/traces"),
            ("https://c/otlp", "https://c/otlp/v1/traces"),
        ] {
            let base = base.parse().expect("a URL");
            assert_eq!(below(&base, "traces").as_str(), whole);
        }
    }

    #[test]
    fn headers_are_read_and_never_told() {
        let read = |listed: &str| headers(&SecretString::from(listed));
        let found = read(" Authorization=Basic dG9rOnM=,X-Team = calls,").expect("headers");
        assert_eq!(found["authorization"], "Basic dG9rOnM=");
        assert_eq!(found["x-team"], "calls");
        assert!(!format!("{found:?}").contains("dG9r"), "{found:?}");
        assert_eq!(read("").expect("none"), HeaderMap::new());
        for wrong in ["hunter2", "a b=c", "a=b\nc", "=c"] {
            assert!(!read(wrong).expect_err(wrong).contains("hunter2"));
        }
    }
}
