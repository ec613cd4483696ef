//! Metrics for a collector: what `/metrics` shows, again and again.

use std::time::Duration;

use jiff::Timestamp;
use metrics::counter;
use opentelemetry_http::{Bytes, Request};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::InstrumentationScope;
use opentelemetry_proto::tonic::metrics::v1::{ResourceMetrics, ScopeMetrics};
use opentelemetry_proto::tonic::resource::v1::Resource;
use prost::Message;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use super::collector::CollectorClient;
use super::exposition::{self, Period};
use super::{OtlpSettings, below, described};
use crate::error::Result;
use crate::model::ProcessPlace;

/// Metrics on their way to a collector. Nothing waits for one that is away: what is told next time has all
/// that was counted meanwhile.
pub struct OtlpMetrics {
    url: Url,
    client: CollectorClient,
    resource: Resource,
    began: u64,
    /// How often they are told.
    pub interval: Duration,
}

impl OtlpMetrics {
    /// Who tells them every `interval`; nothing is sent yet.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when no collector can be called.
    pub fn open(settings: OtlpSettings, interval: Duration, place: &ProcessPlace) -> Result<Self> {
        let url = below(&settings.url, "metrics");
        Ok(Self {
            client: CollectorClient::new(url.clone(), settings.headers, "metrics")?,
            url,
            resource: Resource {
                attributes: exposition::attributes(described(place)),
                ..Resource::default()
            },
            began: now(),
            interval,
        })
    }

    /// Tells what a text in the format of Prometheus says. What becomes of it is counted, and a collector
    /// that does not take it is told of in the log.
    pub async fn push(&self, text: &str) {
        let outcome = match self.send(text).await {
            Ok(()) => "sent",
            Err(why) => {
                self.client.tell(&why);
                "failed"
            }
        };
        counter!("tok_metric_pushes_total", "outcome" => outcome).increment(1);
    }

    async fn send(&self, text: &str) -> Result<(), String> {
        let period = Period {
            began: self.began,
            now: now(),
        };
        let body = ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics {
                resource: Some(self.resource.clone()),
                scope_metrics: vec![ScopeMetrics {
                    scope: Some(InstrumentationScope {
                        name: "tok".to_owned(),
                        ..InstrumentationScope::default()
                    }),
                    metrics: exposition::metrics(text, period),
                    ..ScopeMetrics::default()
                }],
                ..ResourceMetrics::default()
            }],
        };
        let request = Request::post(self.url.as_str())
            .header(CONTENT_TYPE, "application/x-protobuf")
            .body(Bytes::from(body.encode_to_vec()))
            .map_err(|error| error.to_string())?;
        let answer = self.client.send(request).await?;
        let answer = ExportMetricsServiceResponse::decode(answer.into_body())
            .map_err(|_| "its answer is no collector's; check telemetry.otlp_url".to_owned())?;
        let rejected = answer
            .partial_success
            .unwrap_or_default()
            .rejected_data_points;
        match rejected {
            0 => Ok(()),
            some => Err(format!("it rejects {some} of them")),
        }
    }
}

fn now() -> u64 {
    u64::try_from(Timestamp::now().as_nanosecond()).unwrap_or_default()
}
