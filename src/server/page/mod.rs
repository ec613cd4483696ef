//! The room page: a call in the browser, at a local room's `url`. Its parts stand beside this file
//! and are put together once; nothing comes from elsewhere.

mod embedders;
mod script;

use std::borrow::Cow;
use std::sync::LazyLock;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use self::script::{SCRIPT, WORKER};
use super::App;
use super::address::ClientAddress;
use super::error::ProblemResponse;
use super::misses::LookOutcome;
use crate::commands::room;
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Privacy, Room};

pub(super) use self::embedders::{Embedders, element};

const STYLE: &str = include_str!("room.css");

/// The page but for what is the room's.
static PAGE: LazyLock<String> = LazyLock::new(|| {
    include_str!("room.html")
        .replace("{{style}}", STYLE)
        .replace("{{script}}", &SCRIPT)
});

/// Only our own script and style, and our own sockets; whose pages may show it follows.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    format!(
        "default-src 'none'; script-src 'sha256-{}'; style-src 'sha256-{}'; connect-src 'self'; \
         worker-src 'self'; \
         img-src data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; \
         frame-ancestors",
        hash(&SCRIPT),
        hash(STYLE)
    )
});

/// What is told of a private room, and of one that is not there: whoever guesses names learns nothing.
const UNTOLD: (StatusCode, Cow<'static, str>, &str) =
    (StatusCode::OK, Cow::Borrowed("Call"), "untold");

/// `GET /r/{name}`
pub(super) async fn room(
    State(app): State<App>,
    client: Option<Extension<ClientAddress>>,
    Path(name): Path<String>,
    uri: Uri,
    asked: HeaderMap,
) -> Response {
    let embedders = &app.0.embedders;
    if let Err(error) = embedders.check(&asked) {
        return (headers(embedders), ProblemResponse::from(error)).into_response();
    }
    let now = app.0.context.clock.now();
    let client = client.map(|client| client.0);
    let (status, title, problem) = match look_for(&app, client, &name).await {
        // There may be a room of the other name some day.
        Ok(room) if room.name.as_str() != name => {
            let path = format!("/r/{}", room.name);
            return Redirect::temporary(&with_query(&path, &uri)).into_response();
        }
        Ok(room) => {
            let problem = if room.is_expired(now) {
                "roomExpired"
            } else if room.not_before.is_some_and(|at| at > now) {
                "roomNotOpen"
            } else {
                ""
            };
            let status = if problem.is_empty() {
                StatusCode::OK
            } else {
                StatusCode::NOT_FOUND
            };
            (status, Cow::Owned(room.title().to_owned()), problem)
        }
        Err(error) if error.kind() == Kind::RateLimited => {
            return ProblemResponse::from(error).into_response();
        }
        Err(error) if super::error::status(error.kind()).is_client_error() => UNTOLD,
        Err(error) => return ProblemResponse::from(error).into_response(),
    };
    let page = PAGE
        .replace("{{title}}", &escaped(&title))
        .replace("{{room}}", &escaped(&name))
        .replace("{{problem}}", problem)
        .replace("{{embedders}}", &escaped(&embedders.listed()));
    (status, headers(embedders), Html(page)).into_response()
}

/// Looks for the room that a link leads to, for somebody who has not looked for too many. A private room is
/// one that is not there, also for whoever counts what they may ask for.
async fn look_for(app: &App, client: Option<ClientAddress>, name: &str) -> Result<Room> {
    app.0.limit.check_address(client)?;
    app.0.looks.check(client)?;
    let told = |found: &Result<Room>| match found {
        Ok(room) if room.privacy == Privacy::Private => LookOutcome::Hidden,
        other => LookOutcome::of(other),
    };
    // A link says who somebody is behind its `#` only, which no browser sends.
    let unknown = std::future::ready(false);
    let looks = &app.0.looks;
    let room = looks
        .guard(client, name, unknown, find(app, name), told)
        .await?;
    if room.privacy == Privacy::Private {
        return Err(Error::not_found("no such room"));
    }
    Ok(room)
}

/// The room of exactly this name, or where there is none that of the same name in small letters, as phones
/// and people write capitals.
async fn find(app: &App, name: &str) -> Result<Room> {
    let show = async |name: String| {
        let backend = Some(BackendName::Local);
        room::show::run(&app.0.context, room::show::Input { name, backend }).await
    };
    let small = name.to_ascii_lowercase();
    match show(name.to_owned()).await {
        Err(error) if error.kind() == Kind::NotFound && small != name => show(small).await,
        other => other,
    }
}

/// `GET /r/{name}/`: people and chat apps add a slash.
pub(super) async fn with_slash(uri: Uri) -> Redirect {
    Redirect::permanent(&with_query(uri.path().trim_end_matches('/'), &uri))
}

/// A path with the query of what was asked for.
fn with_query(path: &str, asked: &Uri) -> String {
    match asked.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}

/// `GET /sw.js`
pub(super) async fn worker() -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; connect-src 'self'",
        ),
    ];
    (headers, WORKER.as_str())
}

fn headers(embedders: &Embedders) -> HeaderMap {
    let policy = format!("{} {}", *POLICY, embedders.ancestors());
    let policy = HeaderValue::from_str(&policy);
    let policy = policy.unwrap_or_else(|_| HeaderValue::from_static("default-src 'none'"));
    HeaderMap::from_iter([
        (header::CONTENT_SECURITY_POLICY, policy),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
        // The address of a room opens it.
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(self), microphone=(self), display-capture=(self)"),
        ),
    ])
}

/// Text as it may stand in the page, wherever; braces too, so that no text names a place of it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '{' => out.push_str("&#123;"),
            c => out.push(c),
        }
    }
    out
}
