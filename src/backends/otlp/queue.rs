//! Spans that wait to be sent: so many, and each is counted by what became of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use metrics::counter;
use opentelemetry::Context;
use opentelemetry_otlp::SpanExporter as OtlpExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor,
};

/// So many spans wait; those after them are dropped.
const LONGEST: usize = 4096;
/// So many are sent at once.
const BATCH: usize = 512;
/// How often they are sent, if there are fewer.
const EVERY: Duration = Duration::from_secs(2);

/// The library's queue, and a count of what it had no room for.
#[derive(Debug)]
pub(super) struct SpanQueue {
    inner: BatchSpanProcessor,
    waiting: Arc<AtomicUsize>,
}

impl SpanQueue {
    pub(super) fn new(exporter: CountedExporter, waiting: Arc<AtomicUsize>) -> Self {
        let config = BatchConfigBuilder::default()
            .with_max_queue_size(LONGEST)
            .with_max_export_batch_size(BATCH)
            .with_scheduled_delay(EVERY)
            .build();
        let inner = BatchSpanProcessor::builder(exporter)
            .with_batch_config(config)
            .build();
        Self { inner, waiting }
    }
}

impl SpanProcessor for SpanQueue {
    fn on_start(&self, span: &mut Span, context: &Context) {
        self.inner.on_start(span, context);
    }

    fn on_end(&self, span: SpanData) {
        let more = |waiting| (waiting < LONGEST).then_some(waiting + 1);
        let has_room = self
            .waiting
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        if has_room.is_ok() {
            self.inner.on_end(span);
        } else {
            count("dropped", 1);
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

/// The library's exporter, and a count of what was taken.
#[derive(Debug)]
pub(super) struct CountedExporter {
    inner: OtlpExporter,
    waiting: Arc<AtomicUsize>,
}

impl CountedExporter {
    pub(super) fn new(inner: OtlpExporter, waiting: Arc<AtomicUsize>) -> Self {
        Self { inner, waiting }
    }
}

impl SpanExporter for CountedExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans = batch.len();
        // They have left the queue.
        self.waiting.fetch_sub(spans, Ordering::Relaxed);
        let outcome = self.inner.export(batch).await;
        count(if outcome.is_ok() { "sent" } else { "failed" }, spans);
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

fn count(outcome: &'static str, spans: usize) {
    counter!("tok_spans_total", "outcome" => outcome).increment(spans as u64);
}
