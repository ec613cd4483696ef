//! What surrounds every request: its id, its time limit, its line in the log, its metrics.

use std::collections::HashMap;
use std::convert::Infallible;
use std::num::NonZeroU32;
use std::panic::AssertUnwindSafe;
use std::sync::{LazyLock, PoisonError, RwLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, Uri};
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use metrics::{Counter, Histogram};
use tower::{Layer, Service};
use tracing::{Instrument, Span};

use super::address::ClientAddress;
use super::error::panicked;
use super::{App, compat};
use crate::error::{Error, Kind};
use crate::request_id::{self, RequestId};
use crate::traces;

/// Refusals that are told in the log: so many a second, five times as many at once.
const TOLD_REFUSALS: Quota = match (NonZeroU32::new(20), NonZeroU32::new(100)) {
    (Some(second), Some(stock)) => Quota::per_second(second).allow_burst(stock),
    _ => unreachable!(),
};

/// Puts all of that around a route. A service of its own rather than a middleware function: that
/// would box the route anew for every request.
#[derive(Clone)]
pub(super) struct Observe(pub(super) App);

impl<S> Layer<S> for Observe {
    type Service = Observed<S>;

    fn layer(&self, route: S) -> Observed<S> {
        Observed {
            app: self.0.clone(),
            route,
        }
    }
}

/// A route with what surrounds its requests.
#[derive(Clone)]
pub(super) struct Observed<S> {
    app: App,
    route: S,
}

impl<S> Service<Request> for Observed<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.route.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let asked = Asked::of(&self.app, &request);
        let answer = self.route.call(request);
        asked
            .observe(self.app.0.request_timeout, answer)
            .map(Ok)
            .boxed()
    }
}

/// What is kept of a request until it is answered.
struct Asked {
    app: App,
    start: Instant,
    id: RequestId,
    method: Method,
    route: Option<MatchedPath>,
    uri: Uri,
    client: Option<ClientAddress>,
    /// Why it must not be answered.
    strange: Option<Error>,
    span: Span,
}

impl Asked {
    fn of(app: &App, request: &Request) -> Self {
        let id = RequestId::of(request.headers());
        let route = request.extensions().get::<MatchedPath>();
        Self {
            app: app.clone(),
            start: Instant::now(),
            span: span_of(request, &id, route.map_or("unmatched", MatchedPath::as_str)),
            id,
            method: request.method().clone(),
            route: route.cloned(),
            uri: request.uri().clone(),
            client: request.extensions().get().copied(),
            strange: app.0.auth.check_origin_of_request(request.headers()).err(),
        }
    }

    async fn observe(
        self,
        patience: Duration,
        answer: impl Future<Output = Result<Response, Infallible>>,
    ) -> Response {
        let answered = request_id::within(self.id.clone(), async {
            if let Some(error) = self.strange {
                return compat::shaped(&self.app, self.uri.path(), StatusCode::FORBIDDEN, error);
            }
            let answer = AssertUnwindSafe(answer).catch_unwind();
            match tokio::time::timeout(patience, answer).await {
                Ok(Ok(Ok(response))) => response,
                Ok(Err(panic)) => panicked(panic),
                Err(_) => {
                    let what = "the request took longer than server.request_timeout";
                    let error = Error::new(Kind::Timeout, what);
                    compat::shaped(
                        &self.app,
                        self.uri.path(),
                        StatusCode::GATEWAY_TIMEOUT,
                        error,
                    )
                }
            }
        });
        let mut response = answered.instrument(self.span.clone()).await;
        traces::served(&self.span, response.status().as_u16());
        let (method, status) = (self.method, response.status().as_u16());
        if matches!(status, 401 | 429) {
            // Whoever asks for much at once over one connection does not go before all others.
            tokio::task::yield_now().await;
        }
        let route = self.route.as_ref().map_or("unmatched", MatchedPath::as_str);
        let seconds = self.start.elapsed().as_secs_f64();
        let request = self.id.as_str();
        if is_told(&method, status) {
            tracing::info!(
                request,
                client = self.client.map(|client| tracing::field::display(client.ip)),
                method = method.as_str(),
                route,
                status,
                seconds,
                "answered"
            );
        } else {
            tracing::debug!(
                request,
                method = method.as_str(),
                route,
                status,
                seconds,
                "answered"
            );
        }
        record(&method, route, status, seconds);
        response
            .headers_mut()
            .insert(request_id::HEADER.clone(), self.id.header());
        response
    }
}

/// The part of a trace that a request is. Its path may name what is secret; its route does not.
fn span_of(request: &Request, id: &RequestId, route: &str) -> Span {
    let method = known_method(request.method());
    let span = traces::span!(
        "request",
        otel.name = %format_args!("{method} {route}"),
        otel.kind = "server",
        http.request.method = method,
        http.route = route,
        tok.request_id = id.as_str(),
    );
    traces::continue_from(&span, request.headers());
    span
}

/// Whether an answer is for the log as it usually is. What strangers are refused is told as far as it
/// helps somebody who looks for a mistake: whoever writes the log full must not pay for it with ours.
fn is_told(method: &Method, status: u16) -> bool {
    static REFUSALS: LazyLock<DefaultDirectRateLimiter> =
        LazyLock::new(|| RateLimiter::direct(TOLD_REFUSALS));
    match status {
        400..500 => {
            let told = REFUSALS.check().is_ok();
            if !told {
                metrics::counter!("tok_log_refusals_untold_total").increment(1);
            }
            told
        }
        500.. => true,
        _ => !method.is_safe(),
    }
}

/// Where one kind of answer is counted.
#[derive(Clone)]
struct Meters {
    requests: Counter,
    seconds: Histogram,
}

type KnownMeters = HashMap<String, HashMap<(&'static str, u16), Meters>>;

/// Looking a meter up by its labels costs more than a point read, so they are kept by route. There
/// are as many as routes, methods and statuses, which callers cannot add to.
fn record(method: &Method, route: &str, status: u16, seconds: f64) {
    static KNOWN: LazyLock<RwLock<KnownMeters>> = LazyLock::new(RwLock::default);
    let kind = (known_method(method), status);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    let meters = known.get(route).and_then(|of| of.get(&kind)).cloned();
    drop(known);
    let meters = meters.unwrap_or_else(|| {
        let made = meters_for(kind, route);
        let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
        let of = known.entry(route.to_owned()).or_default();
        of.entry(kind).or_insert(made).clone()
    });
    meters.requests.increment(1);
    meters.seconds.record(seconds);
}

fn meters_for((method, status): (&'static str, u16), route: &str) -> Meters {
    let labels = [
        ("method", method.to_owned()),
        ("route", route.to_owned()),
        ("status", status.to_string()),
    ];
    Meters {
        requests: metrics::counter!("tok_http_requests_total", &labels),
        seconds: metrics::histogram!("tok_http_request_seconds", "route" => route.to_owned()),
    }
}

/// Callers can invent methods; the metrics must not grow with their fantasy.
fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PATCH" => "PATCH",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
