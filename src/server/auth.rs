//! Who calls, and what they may do.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};

use super::App;
use super::error::ProblemResponse;
use crate::config::{AuthMode, Config};
use crate::error::{Error, Kind, Result};
use crate::model::Role;
use crate::model::key::{Scope, StoredKey};

/// The address at the other end of the connection, put into each request by the listener.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) SocketAddr);

/// How callers are told apart.
pub(super) struct Auth {
    mode: AuthMode,
    origins: Vec<String>,
    open: Vec<String>,
    public_host: Option<String>,
    /// Whoever reaches this server may use it, from wherever.
    insecure: bool,
}

/// Somebody who may call the API.
#[derive(Clone)]
pub(super) enum Caller {
    /// Anybody on this machine, because no keys are asked for.
    Anybody,
    /// The holder of a key.
    Key(Arc<StoredKey>),
}

impl Caller {
    /// Insists on a scope.
    pub(super) fn need(&self, scope: Scope) -> Result<()> {
        match self {
            Self::Key(stored) if !stored.key.scopes.contains(&scope) => Err(Error::new(
                Kind::Forbidden,
                format!("this API key has no scope {}", scope.as_str()),
            )),
            _ => Ok(()),
        }
    }

    /// The strongest role of the tokens it may mint.
    pub(super) fn strongest_role(&self) -> Role {
        match self {
            Self::Anybody => Role::Host,
            Self::Key(stored) => stored.key.max_role,
        }
    }

    /// Insists that it may get tokens of people who take part.
    pub(super) fn may_join(&self) -> Result<()> {
        may_join(self.strongest_role())
    }

    /// What tells this caller from others, for keys that only need to be unique per caller.
    pub(super) fn identity(&self) -> &str {
        match self {
            Self::Anybody => "",
            Self::Key(stored) => &stored.key.id,
        }
    }
}

impl Auth {
    pub(super) fn new(config: &Config) -> Self {
        let server = &config.server;
        let host = server.public_url.as_ref().and_then(|url| url.host_str());
        Self {
            mode: config.auth.mode,
            origins: server.cors_origins.clone(),
            open: server.open.clone(),
            public_host: host.map(str::to_owned),
            insecure: config.insecure,
        }
    }

    /// Whether the operator opened a compat surface to everybody.
    pub(super) fn is_open(&self, surface: &str) -> bool {
        self.open.iter().any(|open| open == surface)
    }

    /// Whether callers must show a key.
    pub(super) fn asks_for_keys(&self) -> bool {
        self.mode != AuthMode::None
    }

    /// Without keys, this server is for its own machine: what a proxy passes on came from elsewhere.
    pub(super) fn check_origin_of_request(&self, headers: &HeaderMap) -> Result<()> {
        if self.mode != AuthMode::None || self.insecure {
            return Ok(());
        }
        match headers.keys().find(|name| is_of_a_proxy(name.as_str())) {
            None => Ok(()),
            Some(name) => Err(Error::new(
                Kind::Forbidden,
                format!(
                    "the header {name} says that a proxy passed this on, and without keys this server is for its own machine only; set auth.mode to keys, or start it with --insecure"
                ),
            )),
        }
    }

    /// Without keys, a socket is for pages of this server and of listed origins only: browsers open
    /// them for anybody.
    pub(super) fn check_socket(&self, headers: &HeaderMap) -> Result<()> {
        match self.mode {
            AuthMode::None => {
                self.check_origin_of_request(headers)?;
                self.check_browser(&Method::POST, headers)
            }
            AuthMode::Keys => Ok(()),
        }
    }

    /// Without keys, a web page in this machine's browser must not use what this machine may.
    fn check_browser(&self, method: &Method, headers: &HeaderMap) -> Result<()> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let host = text(header::HOST).unwrap_or_default();
        if !self.is_own_host(host) {
            return Err(Error::new(
                Kind::Forbidden,
                "the Host header names another machine, and without keys this server is for its own only; set auth.mode to keys",
            ));
        }
        let Some(origin) = text(header::ORIGIN) else {
            return Ok(());
        };
        let own = origin.split_once("://").is_some_and(|(_, of)| of == host);
        let listed = self
            .origins
            .iter()
            .any(|allowed| allowed == "*" || allowed == origin);
        if own || listed || method.is_safe() {
            return Ok(());
        }
        Err(Error::new(
            Kind::Forbidden,
            "this web origin may not call the API; list it in server.cors_origins",
        ))
    }

    /// An address, `localhost`, or the configured name; anything else may be DNS rebinding.
    fn is_own_host(&self, host: &str) -> bool {
        let name = match host.rsplit_once(':') {
            Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
            _ => host,
        };
        let name = name.trim_start_matches('[').trim_end_matches(']');
        name.is_empty()
            || name.eq_ignore_ascii_case("localhost")
            || name.parse::<IpAddr>().is_ok()
            || self.public_host.as_deref() == Some(name)
    }
}

/// Whether proxies add such a header to what they pass on.
fn is_of_a_proxy(name: &str) -> bool {
    const ADDED: [&str; 4] = ["forwarded", "via", "x-real-ip", "x-client-ip"];
    ADDED.contains(&name) || name.starts_with("x-forwarded-")
}

/// Whether somebody with this strongest role may get tokens of people who take part.
pub(super) fn may_join(strongest: Role) -> Result<()> {
    if strongest < Role::Participant {
        return Err(Error::new(
            Kind::Forbidden,
            "this key may mint tokens for viewers only; a call needs participants",
        ));
    }
    Ok(())
}

/// Lets anybody send a request to a surface that the operator opened, within the limit of their
/// address.
pub(super) fn admit_anybody(app: &App, parts: &Parts) -> Result<()> {
    let address = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
    app.0.limit.check_address(address)?;
    match app.0.auth.mode {
        AuthMode::None => app.0.auth.check_browser(&parts.method, &parts.headers),
        AuthMode::Keys => Ok(()),
    }
}

/// Tells who sends a request, within the rate limit.
pub(super) async fn identify(app: &App, parts: &Parts) -> Result<Caller> {
    let address = parts.extensions.get::<Peer>().map(|peer| peer.0.ip());
    if app.0.auth.mode == AuthMode::None {
        return admit_anybody(app, parts).map(|()| Caller::Anybody);
    }
    identify_headers(app, &parts.headers, address).await
}

/// Tells who holds the key in these headers, within the rate limit.
pub(super) async fn identify_headers(
    app: &App,
    headers: &HeaderMap,
    address: Option<IpAddr>,
) -> Result<Caller> {
    let shared = &app.0;
    let presented = bearer(headers);
    let known = match presented {
        Some(secret) => shared.keys.verify(&shared.context, secret).await,
        None => Err(Error::new(
            Kind::Unauthenticated,
            "an API key is missing; send it as Authorization: Bearer …",
        )),
    };
    match known {
        Ok(stored) => {
            shared.limit.check_key(&stored.key.id)?;
            Ok(Caller::Key(stored))
        }
        Err(error) => {
            shared.limit.check_address(address)?;
            Err(error)
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let text = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| secret.trim())
}

impl FromRequestParts<App> for Caller {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemResponse> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        Ok(identify(app, parts).await?)
    }
}
