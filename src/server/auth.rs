//! Who calls, and what they may do.

use std::cell::Cell;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, header};

use super::address::ClientAddress;
use super::error::ProblemResponse;
use super::misses::LookOutcome;
use super::origins::{self, WebOrigins};
use super::stream::ConnectionSlot;
use super::unread::Acquaintance;
use super::{App, AppState};
use crate::commands::issuer;
use crate::config::{self, AuthMode, Config};
use crate::error::{Error, Kind, Result};
use crate::model::key::{Scope, StoredKey};
use crate::model::sign_in::SignedIn;
use crate::model::user::UserId;
use crate::model::{Minter, Role};

static SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

tokio::task_local! {
    /// Stands while a route is only asked whether its caller may: whether it found so.
    static ASKED: Cell<bool>;
}

/// How callers are told apart.
pub(super) struct Auth {
    mode: AuthMode,
    origins: WebOrigins,
    open: Vec<String>,
    public_host: Option<String>,
    /// Whoever reaches this server may use it, from wherever.
    insecure: bool,
    /// Whether tokens are taken that an emulator did not sign.
    emulated: bool,
}

/// Somebody who may call the API.
#[derive(Clone)]
pub(super) enum Caller {
    /// Anybody on this machine, because no keys are asked for.
    Anybody,
    /// The holder of a key.
    Key(Arc<StoredKey>),
    /// Somebody who signed in elsewhere.
    User(Arc<SignedIn>),
}

impl Caller {
    /// Insists on a scope for what is not one person's own: so not for people.
    pub(super) fn need(&self, scope: Scope) -> Result<()> {
        if self.allowed(scope)?.is_none() {
            return go_on(());
        }
        let what = "this is not for people who sign in; it needs an API key";
        Err(Error::new(Kind::Forbidden, what))
    }

    /// Insists on a scope. Returns the person, if it is one, whose own alone this is about.
    pub(super) fn need_own(&self, scope: Scope) -> Result<Option<&SignedIn>> {
        go_on(self.allowed(scope)?)
    }

    /// The same, of those who may get tokens of people who take part.
    pub(super) fn need_to_join(&self, scope: Scope) -> Result<Option<&SignedIn>> {
        let person = self.allowed(scope)?;
        self.may_join()?;
        go_on(person)
    }

    /// The check of a scope alone.
    fn allowed(&self, scope: Scope) -> Result<Option<&SignedIn>> {
        let missing = |who: &str| {
            let what = format!("{who} no scope {}", scope.as_str());
            Err(Error::new(Kind::Forbidden, what))
        };
        match self {
            Self::Anybody => Ok(None),
            Self::Key(stored) if stored.key.scopes.contains(&scope) => Ok(None),
            Self::Key(_) => missing("this API key has"),
            Self::User(person) if person.scopes.contains(&scope) => Ok(Some(person)),
            Self::User(_) => missing("people who sign in so have"),
        }
    }

    /// The person, if it is one.
    pub(super) fn person(&self) -> Option<&Arc<SignedIn>> {
        match self {
            Self::User(person) => Some(person),
            Self::Anybody | Self::Key(_) => None,
        }
    }

    /// The same for what is of one user: a person must be that user.
    pub(super) fn need_user(&self, scope: Scope, user: &UserId) -> Result<()> {
        match self.need_own(scope)? {
            Some(person) if person.user != *user => Err(Error::new(
                Kind::Forbidden,
                "people who sign in see and change what is their own only",
            )),
            _ => Ok(()),
        }
    }

    /// Who stands behind the tokens that it gets.
    pub(super) fn minter(&self) -> Minter {
        match self {
            Self::Anybody => Minter::OPERATOR,
            Self::Key(stored) => stored.key.minter(),
            // Their token says who they are, and they get none for others.
            Self::User(person) => Minter {
                key: None,
                until: None,
                strongest: person.role,
                vouches: true,
            },
        }
    }

    /// Insists that it may get tokens of people who take part.
    pub(super) fn may_join(&self) -> Result<()> {
        may_join(self.minter().strongest)
    }

    /// How what it says of people is noted.
    pub(super) fn said_by(&self) -> String {
        match self {
            Self::Anybody => "anybody".to_owned(),
            Self::Key(stored) => format!("key {}", stored.key.id),
            Self::User(person) => of_user(&person.user),
        }
    }

    /// What tells this caller from others, for keys that only need to be unique per caller.
    pub(super) fn identity(&self) -> String {
        match self {
            Self::Anybody => String::new(),
            Self::Key(stored) => stored.key.id.clone(),
            Self::User(person) => of_user(&person.user),
        }
    }
}

impl Auth {
    pub(super) fn new(config: &Config) -> Result<Self> {
        let server = &config.server;
        let host = server.public_url.as_ref().and_then(|url| url.host_str());
        Ok(Self {
            mode: config.auth.mode,
            origins: WebOrigins::new("server.cors_origins", &server.cors_origins)?,
            open: server.open.clone(),
            // As that of a request: a dot at the end changes nothing.
            public_host: host.map(|host| host.trim_end_matches('.').to_owned()),
            insecure: config.insecure,
            emulated: config::emulates_sign_in(config),
        })
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

    /// Anybody can make the tokens of an emulator: they are for this machine only.
    pub(super) fn check_emulator(&self, headers: &HeaderMap) -> Result<()> {
        let passed_on = headers.keys().any(|name| is_of_a_proxy(name.as_str()));
        if self.emulated && passed_on {
            return Err(Error::new(
                Kind::Forbidden,
                "a proxy passed this on, and the emulator's tokens are for this machine only; unset FIREBASE_AUTH_EMULATOR_HOST",
            ));
        }
        Ok(())
    }

    /// Without keys, a socket is for pages of this server and of listed origins only: browsers open
    /// them for anybody.
    pub(super) fn check_socket(&self, headers: &HeaderMap) -> Result<()> {
        match self.mode {
            AuthMode::None => {
                self.check_origin_of_request(headers)?;
                self.check_browser(headers)
            }
            // What a socket keeps of its headers does not tell any more.
            _ => self.check_emulator(headers),
        }
    }

    /// Without keys, a web page in this machine's browser must not use what this machine may. Whether
    /// a request makes something cannot be told by its method, so all are treated alike.
    fn check_browser(&self, headers: &HeaderMap) -> Result<()> {
        // One that is no text is nobody's name.
        let host = headers.get(header::HOST);
        let host = host.map_or(Some(""), |host| host.to_str().ok());
        let public = self.public_host.as_deref();
        let Some(host) = host.filter(|host| origins::is_own_host(host, public)) else {
            return Err(Error::new(
                Kind::Forbidden,
                "the Host header names another machine, and without keys this server is for its own only; set auth.mode to keys",
            ));
        };
        let allowed = match headers.get(header::ORIGIN) {
            Some(origin) => self
                .origins
                .allow(origin.to_str().unwrap_or_default(), host),
            // Of some requests a browser only says that a page of elsewhere wanted them.
            None => match headers
                .get(&SEC_FETCH_SITE)
                .and_then(|site| site.to_str().ok())
            {
                Some(site) => matches!(site, "same-origin" | "none") || self.origins.are_all(),
                None => true,
            },
        };
        if allowed {
            return Ok(());
        }
        Err(Error::new(
            Kind::Forbidden,
            "this web origin may not call the API; list it in server.cors_origins",
        ))
    }
}

/// What tells a person from all other callers: no key's id has a blank.
fn of_user(user: &UserId) -> String {
    format!("user {user}")
}

/// Whether proxies add such a header to what they pass on.
fn is_of_a_proxy(name: &str) -> bool {
    const ADDED: [&str; 7] = [
        "forwarded",
        "via",
        "x-real-ip",
        "x-client-ip",
        "cf-connecting-ip",
        "true-client-ip",
        "fastly-client-ip",
    ];
    ADDED.contains(&name) || name.starts_with("x-forwarded-")
}

/// Asks a route whether its caller may: it alone knows what they need, and goes no further than to check
/// that. Returns what it answers somebody who may not.
pub(super) async fn refusal<T>(route: impl Future<Output = T>) -> Option<T> {
    let asked = async {
        let answer = route.await;
        (!ASKED.with(Cell::get)).then_some(answer)
    };
    ASKED.scope(Cell::new(false), asked).await
}

/// Lets a route go on with a caller who may, unless it was only asked that.
fn go_on<T>(checked: T) -> Result<T> {
    match ASKED.try_with(|may| may.set(true)) {
        Ok(()) => Err(Error::new(Kind::Forbidden, "this was only asked")),
        Err(_) => Ok(checked),
    }
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
    let address = parts.extensions.get::<ClientAddress>();
    app.0.limit.check_address(address.copied())?;
    match app.0.auth.mode {
        AuthMode::None => {
            Acquaintance::made(&parts.extensions);
            app.0.auth.check_browser(&parts.headers)
        }
        _ => Ok(()),
    }
}

/// Tells who sends a request, within the rate limit.
pub(super) async fn identify(app: &App, parts: &Parts) -> Result<Caller> {
    if app.0.auth.mode == AuthMode::None {
        return admit_anybody(app, parts).map(|()| Caller::Anybody);
    }
    let address = parts.extensions.get::<ClientAddress>().copied();
    let caller = identify_headers(app, &parts.headers, address).await?;
    // Somebody whom we know does not give way to strangers, and has more time.
    Acquaintance::made(&parts.extensions);
    if let Some(ConnectionSlot(slot)) = parts.extensions.get() {
        slot.keep();
    }
    Ok(caller)
}

/// Tells who holds the key in these headers, within the rate limit.
pub(super) async fn identify_headers(
    app: &App,
    headers: &HeaderMap,
    address: Option<ClientAddress>,
) -> Result<Caller> {
    let shared = &app.0;
    let presented = bearer(headers);
    if let Some(token) = presented.filter(|text| shared.takes_token(text)) {
        return identify_person(app, headers, token, address)
            .await
            .map(Caller::User);
    }
    let known = match presented {
        Some(secret) => find_key(app, secret, address).await,
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

/// The key, if it opens something; one that is not in memory costs a look-up.
async fn find_key(
    app: &App,
    secret: &str,
    address: Option<ClientAddress>,
) -> Result<Arc<StoredKey>> {
    let AppState { context, keys, .. } = app.0.as_ref();
    if let Some(known) = keys.known(context, secret) {
        return known;
    }
    let looking = keys.look_up(context, secret);
    let misses = &app.0.unknown_keys;
    misses
        .guard(address, || false, looking, LookOutcome::of)
        .await
}

/// Tells who signed in with a token, within the rate limit.
pub(super) async fn identify_person(
    app: &App,
    headers: &HeaderMap,
    token: &str,
    address: Option<ClientAddress>,
) -> Result<Arc<SignedIn>> {
    let shared = &app.0;
    shared.auth.check_emulator(headers)?;
    let input = issuer::verify::Input {
        token: token.to_owned(),
    };
    match issuer::verify::run(&shared.context, input).await {
        Ok(person) => {
            shared.limit.check_key(&of_user(&person.user))?;
            Ok(Arc::new(person))
        }
        Err(error) => {
            shared.limit.check_address(address)?;
            Err(error)
        }
    }
}

/// What was shown to say who calls.
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
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
