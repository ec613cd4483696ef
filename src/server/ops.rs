//! The operators' own listener: health, readiness, metrics.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::error::ProblemResponse;
use super::origins;
use super::readiness::Readiness;
use crate::commands::doctor;
use crate::context::{Context, OtlpMetrics};
use crate::error::{Error, Kind, Result};
use crate::model::metric::{METRICS, MetricType};

/// How often the samples of histograms are folded.
const UPKEEP: Duration = Duration::from_secs(5);

/// How long the end of a process waits for the collector to take the last metrics.
const FAREWELL: Duration = Duration::from_secs(3);

#[derive(Clone)]
struct Ops {
    draining: CancellationToken,
    metrics: PrometheusHandle,
    _upkeep: Arc<AbortOnDropHandle<()>>,
    readiness: Readiness,
}

#[derive(Serialize)]
struct ReadyAnswer {
    ready: bool,
    draining: bool,
    #[serde(flatten)]
    backends: doctor::Output,
}

/// `/healthz`, `/readyz` and `/metrics`; not ready once `draining` is cancelled. Must be
/// called on a runtime. `works` says whether loops run in this process.
///
/// # Errors
/// [`Kind::Internal`] when the metrics cannot be set up.
pub fn router(
    context: Context,
    draining: CancellationToken,
    consent: OpsConsent,
    works: bool,
) -> Result<Router> {
    let metrics = recorder()?;
    // Only once there is somebody to count for.
    let readiness = Readiness::watch(context, works);
    let ops = Ops {
        draining,
        _upkeep: Arc::new(AbortOnDropHandle::new(tokio::spawn(upkeep(
            metrics.clone(),
        )))),
        metrics,
        readiness,
    };
    let router = Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(render))
        .with_state(ops);
    Ok(match consent {
        OpsConsent::Everybody => router,
        OpsConsent::ThisMachine => router.layer(from_fn(of_this_machine)),
    })
}

/// Sends a collector what `/metrics` shows, until the `end` and once more then.
///
/// # Errors
/// [`Kind::Internal`] when the metrics cannot be set up.
pub async fn push(to: OtlpMetrics, end: CancellationToken) -> Result<()> {
    let metrics = recorder()?;
    let told = async || {
        measure();
        to.push(&metrics.render()).await;
    };
    let regularly = async {
        loop {
            tokio::time::sleep(to.interval).await;
            told().await;
        }
    };
    tokio::select! {
        () = end.cancelled() => {}
        () = regularly => {}
    }
    if tokio::time::timeout(FAREWELL, told()).await.is_err() {
        tracing::warn!("the last metrics were not sent");
    }
    Ok(())
}

/// Who may see health and metrics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpsConsent {
    /// Whoever is on this machine, by one of its own names.
    ThisMachine,
    /// Everybody on the network.
    Everybody,
}

/// A web page must not reach this listener by a name of its own (DNS rebinding).
async fn of_this_machine(request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST);
    let host = host.map_or(Ok(""), |host| host.to_str());
    if host.is_ok_and(|host| origins::is_own_host(host, None)) {
        return next.run(request).await;
    }
    let what = "the Host header names another machine; call health and metrics by an address or \
                localhost, or start with --insecure-ops";
    ProblemResponse::from(Error::new(Kind::Forbidden, what)).into_response()
}

/// Samples gather until they are folded, whether or not anybody asks for them.
async fn upkeep(metrics: PrometheusHandle) {
    let mut interval = tokio::time::interval(UPKEEP);
    loop {
        interval.tick().await;
        metrics.run_upkeep();
    }
}

/// One recorder per process, whatever is started in it.
fn recorder() -> Result<PrometheusHandle> {
    static HANDLE: OnceLock<PrometheusHandle> = OnceLock::new();
    if let Some(handle) = HANDLE.get() {
        return Ok(handle.clone());
    }
    let wrong = |error: &dyn std::error::Error| {
        Error::internal("the metrics cannot be set up").because(error.to_string())
    };
    let seconds = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 15.0, 30.0];
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &seconds)
        .map_err(|error| wrong(&error))?
        .build_recorder();
    let handle = recorder.handle();
    match HANDLE.set(handle.clone()) {
        Ok(()) => {
            metrics::set_global_recorder(recorder).map_err(|error| wrong(&error))?;
            describe();
            Ok(handle)
        }
        Err(_) => recorder_of_winner(&HANDLE),
    }
}

/// Says of each metric what it means.
fn describe() {
    for metric in METRICS {
        let (name, meaning) = (metric.name, metric.meaning);
        match metric.kind {
            MetricType::Counter => metrics::describe_counter!(name, meaning),
            MetricType::Gauge => metrics::describe_gauge!(name, meaning),
            MetricType::Histogram => metrics::describe_histogram!(name, meaning),
        }
    }
    metrics::gauge!("tok_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
}

/// What this process takes of the machine, where the system tells.
fn measure() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mut lines = status.lines();
    let resident = lines.find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next());
    if let Some(Ok(kilobytes)) = resident.map(str::parse::<u32>) {
        metrics::gauge!("process_resident_memory_bytes").set(f64::from(kilobytes) * 1024.0);
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        let open = u32::try_from(open.count()).unwrap_or(u32::MAX);
        metrics::gauge!("process_open_fds").set(f64::from(open));
    }
}

/// Another thread was first.
fn recorder_of_winner(handle: &OnceLock<PrometheusHandle>) -> Result<PrometheusHandle> {
    handle
        .get()
        .cloned()
        .ok_or_else(|| Error::internal("the metrics cannot be set up"))
}

/// Ready is who can serve people; a vendor in trouble is told and takes nobody out of a balancer.
async fn ready(State(ops): State<Ops>) -> Response {
    let backends = ops.readiness.now().await;
    let draining = ops.draining.is_cancelled();
    let ready = backends.healthy && !draining;
    let status = if ready {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    let body = ReadyAnswer {
        ready,
        draining,
        backends,
    };
    (status, Json(body)).into_response()
}

async fn render(State(ops): State<Ops>) -> Response {
    measure();
    let format = [(header::CONTENT_TYPE, "text/plain; version=0.0.4")];
    (format, ops.metrics.render()).into_response()
}
