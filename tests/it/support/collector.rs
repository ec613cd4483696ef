//! A strict stand-in for an OpenTelemetry collector: it takes traces and metrics by OTLP over HTTP, nothing else,
//! insists on its credential, and can refuse or never answer.
//! <https://opentelemetry.io/docs/specs/otlp/#otlphttp>

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint};
use prost::Message;
use tokio::sync::watch;

/// The only credential it takes.
pub const CREDENTIAL: &str = "Bearer collector-secret";

/// How it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// 503 for everything.
    Away,
    /// It takes requests and never answers.
    Hangs,
}

/// A span as it came.
#[derive(Debug, Clone)]
pub struct ToldSpan {
    pub name: String,
    pub kind: i32,
    pub trace: String,
    pub id: String,
    pub parent: String,
    /// The code of its status; 2 is a failure.
    pub status: i32,
    pub attributes: Vec<(String, String)>,
    /// Everything that it says, in one text.
    pub whole: String,
}

impl ToldSpan {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        all.find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One number of a metric as it came; of a histogram how much was counted.
#[derive(Debug, Clone, PartialEq)]
pub struct ToldNumber {
    pub metric: String,
    pub unit: String,
    pub kind: &'static str,
    pub attributes: Vec<(String, String)>,
    pub value: f64,
}

#[derive(Default)]
struct World {
    spans: Vec<ToldSpan>,
    /// Those of each request.
    numbers: Vec<Vec<ToldNumber>>,
    /// What says who tells them.
    services: Vec<(String, String)>,
    wrong: Vec<String>,
}

/// A running stand-in.
#[derive(Clone)]
pub struct FakeCollector {
    pub address: SocketAddr,
    mood: Mood,
    world: Arc<Mutex<World>>,
    heard: Arc<watch::Sender<usize>>,
}

impl FakeCollector {
    pub async fn start(mood: Mood) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let collector = Self {
            address: listener.local_addr().expect("an address"),
            mood,
            world: Arc::default(),
            heard: Arc::new(watch::Sender::new(0)),
        };
        let router = Router::new().fallback(answer).with_state(collector.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        collector
    }

    /// The settings that make `tok` send here.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            (
                "TOK_TELEMETRY__OTLP_URL",
                format!("http://{}", self.address),
            ),
            (
                "TOK_TELEMETRY__OTLP_HEADERS",
                format!("Authorization={CREDENTIAL}"),
            ),
        ]
    }

    /// How many requests came, whatever became of them.
    pub fn requests(&self) -> usize {
        *self.heard.borrow()
    }

    /// Waits until a request came.
    pub async fn asked(&self) {
        let mut heard = self.heard.subscribe();
        let came = heard.wait_for(|requests| *requests > 0);
        let came = tokio::time::timeout(super::PATIENCE, came).await;
        came.expect("asked in time").expect("it lives");
    }

    /// The spans so far.
    pub fn spans(&self) -> Vec<ToldSpan> {
        self.world.lock().expect("not poisoned").spans.clone()
    }

    /// What was told of metrics, each time.
    pub fn numbers(&self) -> Vec<Vec<ToldNumber>> {
        self.world.lock().expect("not poisoned").numbers.clone()
    }

    /// What says who told them.
    pub fn services(&self) -> Vec<(String, String)> {
        self.world.lock().expect("not poisoned").services.clone()
    }

    /// Fails if anything came that no collector takes.
    #[track_caller]
    pub fn verify(&self) {
        let world = self.world.lock().expect("not poisoned");
        assert!(world.wrong.is_empty(), "{:#?}", world.wrong);
    }
}

async fn answer(
    State(collector): State<FakeCollector>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    collector.heard.send_modify(|requests| *requests += 1);
    match collector.mood {
        Mood::Well => {}
        Mood::Away => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Mood::Hangs => return std::future::pending().await,
    }
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let wrong = match () {
        () if method != Method::POST => "another method",
        () if header("content-type") != Some("application/x-protobuf") => "another content type",
        () if header("authorization") != Some(CREDENTIAL) => "no credential",
        () => match uri.path() {
            "/v1/traces" => match ExportTraceServiceRequest::decode(body) {
                Ok(request) => return collector.take(request),
                Err(_) => "no traces",
            },
            "/v1/metrics" => match ExportMetricsServiceRequest::decode(body) {
                Ok(request) => return collector.take_metrics(request),
                Err(_) => "no metrics",
            },
            _ => "another door",
        },
    };
    let mut world = collector.world.lock().expect("not poisoned");
    world.wrong.push(format!("{wrong}: {uri} {headers:?}"));
    StatusCode::BAD_REQUEST.into_response()
}

impl FakeCollector {
    fn take(&self, request: ExportTraceServiceRequest) -> Response {
        let mut world = self.world.lock().expect("not poisoned");
        for of_resource in request.resource_spans {
            let resource = of_resource.resource.unwrap_or_default();
            world.services.extend(resource.attributes.iter().map(pair));
            let spans = of_resource.scope_spans.into_iter();
            for span in spans.flat_map(|of_scope| of_scope.spans) {
                world.spans.push(ToldSpan {
                    whole: format!("{span:?}"),
                    kind: span.kind,
                    trace: hex::encode(&span.trace_id),
                    id: hex::encode(&span.span_id),
                    parent: hex::encode(&span.parent_span_id),
                    status: span.status.unwrap_or_default().code,
                    attributes: span.attributes.iter().map(pair).collect(),
                    name: span.name,
                });
            }
        }
        let body = ExportTraceServiceResponse::default().encode_to_vec();
        ([("content-type", "application/x-protobuf")], body).into_response()
    }
}

impl FakeCollector {
    fn take_metrics(&self, request: ExportMetricsServiceRequest) -> Response {
        let mut world = self.world.lock().expect("not poisoned");
        let mut numbers = Vec::new();
        for of_resource in request.resource_metrics {
            let resource = of_resource.resource.unwrap_or_default();
            world.services.extend(resource.attributes.iter().map(pair));
            let scopes = of_resource.scope_metrics.into_iter();
            for metric in scopes.flat_map(|of_scope| of_scope.metrics) {
                match told_numbers(&metric) {
                    Ok(told) => numbers.extend(told),
                    Err(why) => world.wrong.push(format!("{why}: {metric:?}")),
                }
            }
        }
        world.numbers.push(numbers);
        let body = ExportMetricsServiceResponse::default().encode_to_vec();
        ([("content-type", "application/x-protobuf")], body).into_response()
    }
}

/// The numbers of a metric, or why no collector takes it.
fn told_numbers(metric: &Metric) -> Result<Vec<ToldNumber>, &'static str> {
    let told = |kind, attributes: &[KeyValue], value| ToldNumber {
        metric: metric.name.clone(),
        unit: metric.unit.clone(),
        kind,
        attributes: attributes.iter().map(pair).collect(),
        value,
    };
    let dated = |began: u64, now: u64| began > 0 && began <= now;
    let plain = |kind, points: &[NumberDataPoint]| {
        let number = |point: &NumberDataPoint| match point.value {
            _ if !dated(point.start_time_unix_nano, point.time_unix_nano) => Err("no time"),
            Some(Number::AsDouble(value)) => Ok(told(kind, &point.attributes, value)),
            _ => Err("no number"),
        };
        points.iter().map(number).collect()
    };
    match &metric.data {
        Some(Data::Sum(sum)) if sum.aggregation_temporality != 2 => Err("not cumulative"),
        Some(Data::Sum(sum)) => plain("sum", &sum.data_points),
        Some(Data::Gauge(gauge)) => plain("gauge", &gauge.data_points),
        Some(Data::Histogram(histogram)) => {
            let points = histogram.data_points.iter().map(|point| {
                let buckets: u64 = point.bucket_counts.iter().sum();
                let whole = buckets == point.count && point.sum.is_some();
                let fits = point.bucket_counts.len() == point.explicit_bounds.len() + 1;
                let rises = point.explicit_bounds.is_sorted();
                if !(whole && fits && rises) {
                    return Err("no histogram");
                }
                #[allow(clippy::cast_precision_loss, reason = "few")]
                Ok(told("histogram", &point.attributes, point.count as f64))
            });
            points.collect()
        }
        _ => Err("another kind of metric"),
    }
}

fn pair(attribute: &KeyValue) -> (String, String) {
    let value = attribute
        .value
        .as_ref()
        .and_then(|value| value.value.as_ref());
    let text = match value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        other => format!("{other:?}"),
    };
    (attribute.key.clone(), text)
}
