//! Spans of what tok does, for whoever follows a request over several programs.
//!
//! They cost nothing unless `telemetry.otlp_url` is set: nobody listens to [`TARGET`] then. A span says
//! what was done, for which id, and how it ended; never what somebody said or sent, nor a key, a token or
//! the address of one.

use std::future::Future;

use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::Status;
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use opentelemetry_sdk::propagation::TraceContextPropagator;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response};
use tracing::{Instrument, Span};
use tracing_opentelemetry::OpenTelemetrySpanExt;

use crate::error::{Kind, Result};

/// What spans are told apart by from lines of the log.
pub const TARGET: &str = "tok::traces";

/// What lines are told apart by that say why it takes long: for whoever waits at a terminal. What comes of it
/// is told by whoever asked, so that a server tells it once.
pub const WAITS: &str = "tok::waits";

/// Begins a span with this name and these fields.
macro_rules! span {
    ($name:literal $($fields:tt)*) => {
        tracing::info_span!(target: $crate::traces::TARGET, $name $($fields)*)
    };
}

pub(crate) use span;

/// Begins a span about one call to a vendor. Where exactly it goes may be secret; the host is not.
pub(crate) fn vendor(vendor: &str, method: &str, host: &str) -> Span {
    span!(
        "vendor",
        otel.name = %format_args!("{method} {vendor}"),
        otel.kind = "client",
        peer.service = vendor,
        http.request.method = method,
        server.address = host,
    )
}

/// Begins a span about one call of a procedure of a vendor's.
pub(crate) fn procedure(vendor: &str, procedure: &str, host: &str) -> Span {
    span!(
        "vendor",
        otel.name = %format_args!("{procedure} {vendor}"),
        otel.kind = "client",
        peer.service = vendor,
        rpc.system = "grpc",
        rpc.method = procedure,
        server.address = host,
    )
}

/// Sends a request of this method to a vendor that is not one of ours: it is told nothing of the trace.
pub(crate) async fn sent(
    vendor: &str,
    (method, host): (&str, &str),
    request: RequestBuilder,
) -> reqwest::Result<Response> {
    let span = self::vendor(vendor, method, host);
    let outcome = request.send().instrument(span.clone()).await;
    match &outcome {
        Ok(response) => answered(&span, response.status().as_u16()),
        Err(_) => failed(&span, Kind::BadGateway),
    }
    outcome
}

/// Makes a span part of the trace that a request says it belongs to (`traceparent`).
pub(crate) fn continue_from(span: &Span, headers: &HeaderMap) {
    if !span.is_disabled() {
        let from = TraceContextPropagator::new().extract(&HeaderExtractor(headers));
        // It fails for a span that has begun, and ours has not.
        drop(span.set_parent(from));
    }
}

/// Tells whoever gets a request which trace it belongs to.
pub(crate) fn hand_on(headers: &mut HeaderMap) {
    let span = Span::current();
    if !span.is_disabled() {
        TraceContextPropagator::new().inject_context(&span.context(), &mut HeaderInjector(headers));
    }
}

/// Does work within a span, which tells how it ended.
pub(crate) async fn within<T>(span: Span, work: impl Future<Output = Result<T>>) -> Result<T> {
    let outcome = work.instrument(span.clone()).await;
    if let Err(error) = &outcome {
        failed(&span, error.kind());
    }
    outcome
}

/// Says of a span about a request what it was answered.
pub(crate) fn served(span: &Span, status: u16) {
    if !span.is_disabled() {
        span.set_attribute("http.response.status_code", i64::from(status));
        if status >= 500 {
            span.set_status(Status::error(status.to_string()));
        }
    }
}

/// Says of a span about a call to somebody else what they answered.
pub(crate) fn answered(span: &Span, status: u16) {
    if !span.is_disabled() {
        span.set_attribute("http.response.status_code", i64::from(status));
        if status >= 400 {
            span.set_status(Status::error(status.to_string()));
        }
    }
}

/// Says of a span that what it is about failed. The sentence may name what is nobody else's business.
pub(crate) fn failed(span: &Span, kind: Kind) {
    if !span.is_disabled() {
        span.set_attribute("error.type", kind.code());
        span.set_status(Status::error(kind.code()));
    }
}
