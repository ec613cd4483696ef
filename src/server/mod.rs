//! Door 2: HTTP. Requests become inputs of operations, outputs become bodies; nothing else.

mod auth;
mod body;
mod compat;
mod docs;
mod error;
mod idempotency;
mod listen;
mod observe;
pub mod ops;
mod page;
mod rate_limit;
mod request_id;
mod signalling;
mod v1;
mod webhooks;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use jiff::SignedDuration;
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceBuilder;
use tower_http::cors::{AllowOrigin, CorsLayer};
use url::{Host, Url};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::commands::idempotency::expire as expire_answers;
use crate::commands::key::ring::KeyRing;
use crate::config::{AuthMode, Config, ServerSection};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::{RoomName, Span};
use crate::records::unreadable;

pub use listen::{Listener, serve};
pub use signalling::Sockets;

/// How often documents that cannot be read are noted.
const FLUSH_EVERY: Duration = Duration::from_secs(10);
/// After so many times, answers that have run their time are removed.
const EXPIRE_AFTER: u32 = 60;

/// What every request handler shares.
#[derive(Clone)]
pub struct App(Arc<AppState>);

struct AppState {
    context: Context,
    auth: auth::Auth,
    keys: Arc<KeyRing>,
    _keys_follower: Option<AbortOnDropHandle<()>>,
    limit: rate_limit::RateLimit,
    /// Messages of each participant.
    messages: Arc<rate_limit::Keyed<String>>,
    /// What people do in each room.
    room_events: Arc<rate_limit::Keyed<RoomName>>,
    request_timeout: Duration,
    /// How long a run over many rooms may take before it reports how far it came.
    run_time: SignedDuration,
    _sweeper: AbortOnDropHandle<()>,
}

impl App {
    /// The doors of `context` as configured; must be called on a runtime.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when `server.open` names no surface.
    pub fn new(context: Context, config: &Config) -> Result<Self> {
        let server = &config.server;
        check(server)?;
        let keys = Arc::new(KeyRing::default());
        let following = (config.auth.mode == AuthMode::Keys).then(|| {
            let (keys, context) = (keys.clone(), context.clone());
            let follow = async move { keys.follow(&context).await };
            AbortOnDropHandle::new(tokio::spawn(follow))
        });
        Ok(Self(Arc::new(AppState {
            auth: auth::Auth::new(config),
            keys,
            _keys_follower: following,
            limit: rate_limit::RateLimit::new(server.rate_limit.0),
            messages: Arc::new(rate_limit::Keyed::new(
                config.signalling.message_rate.0,
                "too many messages",
            )),
            room_events: Arc::new(rate_limit::Keyed::new(
                config.signalling.room_rate.0,
                "too much happens in this room",
            )),
            request_timeout: server.request_timeout.0,
            run_time: Span(server.request_timeout.0 / 2).signed(),
            _sweeper: AbortOnDropHandle::new(tokio::spawn(housekeep(context.clone()))),
            context,
        })))
    }
}

/// Removes kept answers that have run their time. Who keeps them clears them away: this must not
/// hang on a worker being there.
async fn housekeep(context: Context) {
    let mut turns = 0_u32;
    loop {
        tokio::time::sleep(FLUSH_EVERY).await;
        if let Err(error) = unreadable::flush(context.documents.as_ref()).await {
            tracing::warn!(%error, "documents that cannot be read could not be noted");
        }
        turns += 1;
        if turns < EXPIRE_AFTER {
            continue;
        }
        turns = 0;
        if let Err(error) = unreadable::recount(context.documents.as_ref()).await {
            tracing::warn!(%error, "documents that cannot be read could not be counted");
        }
        if let Err(error) = expire_answers(&context).await {
            tracing::warn!(%error, "old answers could not be removed");
        }
    }
}

/// The whole API as one service, and its sockets; must be called on a runtime.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) when `server.cors_origins` has something that is no origin.
pub fn router(app: &App, config: &Config) -> Result<(Router, Sockets)> {
    let server = &config.server;
    let idempotent = from_fn_with_state(app.clone(), idempotency::idempotent);
    let (api, openapi) = api(|routes| routes.layer(idempotent)).split_for_parts();
    let limit = usize::try_from(server.body_limit.as_u64()).unwrap_or(usize::MAX);
    let api = api
        .merge(docs::routes(openapi))
        .fallback(compat::unknown_route)
        .method_not_allowed_fallback(compat::unknown_method)
        // One stack: each further layer of a router costs every request an allocation.
        .layer(
            ServiceBuilder::new()
                .layer(observe::Observe(app.clone()))
                .layer(DefaultBodyLimit::max(limit)),
        )
        .with_state(app.clone());
    // Outside of what surrounds requests: a socket lives longer than any of them.
    let (routes, sockets) = signalling::routes(app, config);
    let api = api.merge(routes);
    let api = match cors(&server.cors_origins)? {
        Some(cors) => api.layer(cors),
        None => api,
    };
    Ok((api, sockets))
}

/// The routes; `idempotent` wraps those that may carry an `Idempotency-Key`.
fn api(idempotent: impl FnOnce(OpenApiRouter<App>) -> OpenApiRouter<App>) -> OpenApiRouter<App> {
    v1::routes()
        .merge(idempotent(v1::idempotent_routes()))
        .merge(compat::routes())
        .merge(webhooks::routes())
}

/// The API's description, generated from the handlers.
pub fn openapi() -> OpenApi {
    docs::describe(api(|routes| routes).split_for_parts().1)
}

/// What only the server can tell of its configuration.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for surfaces and origins that are none.
pub fn check(server: &ServerSection) -> Result<()> {
    compat::check_open(&server.open)?;
    cors(&server.cors_origins).map(|_| ())
}

/// Refuses to let everybody on the network in.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for an address beyond this machine without keys.
pub fn check_exposure(address: SocketAddr, mode: AuthMode) -> Result<()> {
    if address.ip().is_loopback() || mode != AuthMode::None {
        return Ok(());
    }
    Err(Error::config(format!(
        "{address} can be reached from other machines and auth.mode is none; set auth.mode to \
         keys, listen on 127.0.0.1, or say --insecure"
    )))
}

/// Refuses to invite everybody: an address for others means that others reach this server.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for a public address beyond this machine without keys.
pub fn check_public_url(server: &ServerSection, mode: AuthMode) -> Result<()> {
    let Some(url) = server
        .public_url
        .as_ref()
        .filter(|_| mode == AuthMode::None)
    else {
        return Ok(());
    };
    let own = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if own {
        return Ok(());
    }
    Err(Error::config(format!(
        "server.public_url {} is for others and auth.mode is none, so that everybody could use the \
         whole API; set auth.mode to keys (make one with tok key create), or say --insecure",
        url.host_str().unwrap_or_default()
    )))
}

fn cors(origins: &[String]) -> Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let allowed = if origins.iter().any(|origin| origin == "*") {
        AllowOrigin::any()
    } else {
        let parse = |origin: &String| {
            let plain = origin.trim_end_matches('/');
            let is_origin = Url::parse(plain)
                .is_ok_and(|url| url.has_host() && url.origin().ascii_serialization() == plain);
            let value = HeaderValue::from_str(plain).ok().filter(|_| is_origin);
            value.ok_or_else(|| {
                Error::config(format!(
                    "server.cors_origins: {origin:?} is not an origin like https://example.com"
                ))
            })
        };
        AllowOrigin::list(origins.iter().map(parse).collect::<Result<Vec<_>>>()?)
    };
    let layer = CorsLayer::new()
        .allow_origin(allowed)
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([HeaderName::from_static("x-request-id")])
        .max_age(Duration::from_hours(1));
    Ok(Some(layer))
}
