//! Door 2: HTTP. Requests become inputs of operations, outputs become bodies; nothing else.

mod address;
mod auth;
mod body;
mod compat;
mod docs;
mod error;
mod events;
mod half_sent;
mod idempotency;
mod listen;
mod misses;
mod observe;
pub mod ops;
mod origins;
mod page;
mod passed_on;
mod problems;
mod rate_limit;
mod readiness;
mod signalling;
mod slots;
mod stream;
mod unread;
mod v1;
mod video_web_app;
mod webhooks;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::from_fn_with_state;
use jiff::SignedDuration;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio_util::task::AbortOnDropHandle;
use tower::ServiceBuilder;
use tower_http::cors::{AllowHeaders, AllowOrigin, CorsLayer};
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use self::origins::{WebOrigin, WebOrigins};
use crate::commands::idempotency::expire as expire_answers;
use crate::commands::issuer;
use crate::commands::key::ring::KeyRing;
use crate::config::{self, AuthMode, Config, ServerSection};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::loopback::is_loopback;
use crate::model::{Rate, RoomName, Span};
use crate::records::unreadable;

pub use listen::{Connections, ListenSettings, Listener};
pub use signalling::Sockets;

/// How often documents that cannot be read are noted.
const FLUSH_EVERY: Duration = Duration::from_secs(10);
/// Files beside connections that are open at the most: the store, the search, vendors, the log.
const OWN_FILES: u64 = 256;
/// Keys that nobody knows and one address may try, unless nothing is limited.
const UNKNOWN_KEYS: Rate = Rate::new(60, 60);
/// So many seconds' worth of messages may come at once.
const MESSAGE_STOCK: u32 = 64;
/// After so many times, answers that have run their time are removed.
const EXPIRE_AFTER: u32 = 60;

/// What every request handler shares.
#[derive(Clone)]
pub struct App(Arc<AppState>);

struct AppState {
    context: Context,
    auth: auth::Auth,
    /// Whose pages may show the room page.
    embedders: page::Embedders,
    keys: Arc<KeyRing>,
    _keys_follower: Option<AbortOnDropHandle<()>>,
    limit: rate_limit::RateLimit,
    /// Messages of each participant.
    messages: Arc<rate_limit::Keyed<String>>,
    /// What people do in each room.
    room_events: Arc<rate_limit::Keyed<RoomName>>,
    /// Rooms that strangers make, from each address.
    creations: rate_limit::Keyed<IpAddr>,
    /// Bytes of messages from each address, and in each room.
    address_bytes: rate_limit::ByteRate<IpAddr>,
    room_bytes: rate_limit::ByteRate<RoomName>,
    /// Those who look for rooms, there or not.
    looks: misses::RoomLooks,
    /// Those who try keys that nobody knows.
    unknown_keys: misses::Misses,
    streams: Arc<events::EventStreams>,
    request_timeout: Duration,
    /// The largest body that is read, unpacked.
    body_limit: usize,
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
        check_emulator(config)?;
        let keys = Arc::new(KeyRing::default());
        let following = (config.auth.mode != AuthMode::None).then(|| {
            let (keys, context) = (keys.clone(), context.clone());
            let follow = async move {
                tokio::join!(keys.follow(&context), issuer::follow::run(&context));
            };
            AbortOnDropHandle::new(tokio::spawn(follow))
        });
        Ok(Self(Arc::new(AppState {
            auth: auth::Auth::new(config)?,
            embedders: page::Embedders::new(&server.embed_origins)?,
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
            creations: rate_limit::Keyed::new(config.signalling.create_rate.0, "too many rooms"),
            address_bytes: rate_limit::ByteRate::new(
                config.signalling.message_bytes,
                MESSAGE_STOCK,
                "of messages from your address",
            ),
            room_bytes: rate_limit::ByteRate::new(
                config.signalling.room_bytes,
                MESSAGE_STOCK,
                "of messages in this room",
            ),
            looks: misses::RoomLooks::new(server.miss_rate.0, server.rate_limit.0.is_some()),
            unknown_keys: misses::Misses::new(
                server.rate_limit.0.and(Some(UNKNOWN_KEYS)),
                "too many API keys were tried that nobody knows",
            ),
            streams: events::EventStreams::new(server),
            request_timeout: server.request_timeout.0,
            body_limit: body_limit(server),
            run_time: Span(server.request_timeout.0 / 2).signed(),
            _sweeper: AbortOnDropHandle::new(tokio::spawn(housekeep(context.clone()))),
            context,
        })))
    }
}

impl App {
    /// Whether a room may be made for somebody whom we know by their address only.
    fn check_creation(&self, client: Option<address::ClientAddress>) -> Result<()> {
        match client {
            Some(client) => self.0.creations.check(&client.network().address),
            None => Ok(()),
        }
    }

    /// Whether somebody may write a message of this length, whichever door they come in by.
    fn check_message(
        &self,
        client: Option<address::ClientAddress>,
        room: &RoomName,
        sender: &str,
        bytes: usize,
    ) -> Result<()> {
        let state = &self.0;
        state.messages.check(&sender.to_owned())?;
        if let Some(client) = client.filter(|client| !client.is_proxy) {
            state
                .address_bytes
                .check(&client.network().address, bytes)?;
        }
        state.room_bytes.check(room, bytes)
    }
}

impl AppState {
    /// Whether this is, by its looks, a token of somebody who signed in, and no API key.
    fn takes_token(&self, text: &str) -> bool {
        text.contains('.') && !self.context.issuers.is_empty()
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

/// Lets this process open as many files as it may have connections. Says what is wrong if the machine
/// does not let it.
pub fn raise_file_limit(connections: usize) -> Option<String> {
    let needed = u64::try_from(connections).unwrap_or(u64::MAX);
    let needed = needed.saturating_add(OWN_FILES);
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE).ok()?;
    if soft >= needed {
        return None;
    }
    let wanted = needed.min(hard);
    let have = match setrlimit(Resource::RLIMIT_NOFILE, wanted, hard) {
        Ok(()) => wanted,
        Err(_) => soft,
    };
    (have < needed).then(|| {
        format!(
            "server.max_connections is {connections}, but this process may have {have} files open, \
             connections included; raise its limit to {needed} (LimitNOFILE= of systemd, ulimit -n), \
             or lower the setting"
        )
    })
}

/// The whole API as one service, and its sockets; must be called on a runtime.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) when `server.cors_origins` has something that is no origin.
pub fn router(app: &App, config: &Config) -> Result<(Router, Sockets)> {
    let server = &config.server;
    let idempotent = from_fn_with_state(app.clone(), idempotency::idempotent);
    let (api, openapi) = api(|routes| routes.layer(idempotent)).split_for_parts();
    let limit = body_limit(server);
    let api = api
        .merge(docs::routes(openapi))
        .fallback(compat::unknown_route)
        .method_not_allowed_fallback(compat::unknown_method)
        // One stack: each further layer of a router costs every request an allocation.
        .layer(
            ServiceBuilder::new()
                .layer(observe::Observe(app.clone()))
                .map_response(docs::keep_out_of_caches)
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

fn body_limit(server: &ServerSection) -> usize {
    usize::try_from(server.body_limit.as_u64()).unwrap_or(usize::MAX)
}

/// The routes; `idempotent` wraps those that may carry an `Idempotency-Key`.
fn api(idempotent: impl FnOnce(OpenApiRouter<App>) -> OpenApiRouter<App>) -> OpenApiRouter<App> {
    v1::routes()
        .merge(idempotent(idempotency::described(v1::idempotent_routes())))
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
    address::TrustedProxies::new(&server.trusted_proxies)?;
    page::Embedders::new(&server.embed_origins)?;
    cors(&server.cors_origins).map(|_| ())
}

/// Refuses to let everybody on the network in.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for an address beyond this machine without keys.
pub fn check_exposure(address: SocketAddr, mode: AuthMode) -> Result<()> {
    if address.ip().to_canonical().is_loopback() || mode != AuthMode::None {
        return Ok(());
    }
    Err(Error::config(format!(
        "{address} can be reached from other machines and auth.mode is none; set auth.mode to \
         keys, listen on 127.0.0.1, or say --insecure"
    )))
}

/// Refuses to show everybody on the network health and metrics.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) for an address beyond this machine.
pub fn check_ops_exposure(address: SocketAddr) -> Result<()> {
    if address.ip().to_canonical().is_loopback() {
        return Ok(());
    }
    Err(Error::config(format!(
        "{address} can be reached from other machines, and health and metrics are for everybody who \
         reaches them; listen on 127.0.0.1, or say --insecure-ops"
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
    if is_loopback(url) {
        return Ok(());
    }
    Err(Error::config(format!(
        "server.public_url {} is for others and auth.mode is none, so that everybody could use the \
         whole API; set auth.mode to keys (make one with tok key create), or say --insecure",
        url.host_str().unwrap_or_default()
    )))
}

/// Refuses to take the tokens of an emulator, which anybody can make, from elsewhere.
///
/// # Errors
/// [`Kind::Config`](crate::Kind::Config) when other machines can reach this server, whatever else is said.
pub fn check_emulator(config: &Config) -> Result<()> {
    let server = &config.server;
    let own = server.bind.ip().is_loopback() && server.public_url.as_ref().is_none_or(is_loopback);
    if own || !config::emulates_sign_in(config) {
        return Ok(());
    }
    Err(Error::config(
        "FIREBASE_AUTH_EMULATOR_HOST is set, so that anybody could sign in as anybody, and other \
         machines can reach this server; unset it, or listen on 127.0.0.1 without server.public_url",
    ))
}

fn cors(origins: &[String]) -> Result<Option<CorsLayer>> {
    if origins.is_empty() {
        return Ok(None);
    }
    let origins = WebOrigins::new("server.cors_origins", origins)?;
    let allowed = if origins.are_all() {
        AllowOrigin::any()
    } else {
        let value = |origin: &WebOrigin| HeaderValue::from_str(origin.as_str());
        let values = origins.listed().iter().map(value);
        let values = values.collect::<std::result::Result<Vec<_>, _>>();
        AllowOrigin::list(values.map_err(|error| {
            Error::config("server.cors_origins has something that no header can hold")
                .because(error)
        })?)
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
        // Nothing goes by cookies: a header by itself lets nobody do anything, and libraries add theirs.
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers([
            header::RETRY_AFTER,
            header::WWW_AUTHENTICATE,
            HeaderName::from_static("idempotency-replayed"),
            HeaderName::from_static("x-request-id"),
        ])
        .max_age(Duration::from_hours(1));
    Ok(Some(layer))
}
