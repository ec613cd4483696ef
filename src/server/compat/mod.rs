//! The surfaces of the backends that `tok` replaces: their routes, bodies and statuses, for their
//! existing clients. Each stands at the root and below `/compat/<name>`.

mod admit;
mod bandwidth;
mod hundred_ms;
mod opentok;
mod paths;
mod sent_body;
mod status;
mod tokapp;
mod video_web_app;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use utoipa_axum::router::OpenApiRouter;

use self::paths::is_at;
pub(super) use self::paths::spell;
use super::App;
use super::error::ProblemResponse;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::BackendName;

/// The surfaces that can be opened to callers without a key.
const SURFACES: [&str; 5] = [
    tokapp::NAME,
    hundred_ms::NAME,
    opentok::NAME,
    bandwidth::NAME,
    super::video_web_app::NAME,
];

/// Routes that say of themselves nothing more than others of theirs do.
const UNDESCRIBED: [&str; 1] = [bandwidth::PREFIX];

/// All surfaces, at the root and below their prefix.
pub(super) fn routes() -> OpenApiRouter<App> {
    tokapp::routes()
        .merge(hundred_ms::routes())
        .merge(opentok::routes())
        .merge(bandwidth::routes())
        .merge(video_web_app::routes())
}

/// An error that no handler made, in the shape of the surface that the path belongs to.
pub(super) fn shaped(app: &App, path: &str, status: StatusCode, error: Error) -> Response {
    let usual = app.0.context.backends.usual();
    // At the root rooms are made as the usual backend's own surface makes them.
    let theirs = usual == BackendName::HundredMs && is_at(path, tokapp::CREATE);
    if theirs || hundred_ms::owns(path) {
        let status = Some(status);
        hundred_ms::HundredMsRefusal { error, status }.into_response()
    } else if tokapp::owns(path) {
        tokapp::TokappRefusal(error, Some(status)).into_response()
    } else if opentok::owns(path) {
        opentok::OpentokRefusal::with(status, error).into_response()
    } else if bandwidth::owns(path) {
        bandwidth::BandwidthRefusal::with(status, error).into_response()
    } else if video_web_app::owns(path) {
        video_web_app::VideoWebAppRefusal(error, Some(status)).into_response()
    } else {
        ProblemResponse { status, error }.into_response()
    }
}

/// Whether `server.open` names surfaces only.
pub(super) fn check_open(open: &[String]) -> Result<()> {
    match open.iter().find(|name| !SURFACES.contains(&name.as_str())) {
        Some(name) => Err(Error::config(format!(
            "server.open: there is no compat surface `{name}`; use {}",
            SURFACES.join(", ")
        ))),
        None => Ok(()),
    }
}

/// Answers for a path that leads nowhere, in the shape of the surface that it is below.
pub(super) async fn unknown_route(State(app): State<App>, method: Method, uri: Uri) -> Response {
    let what = format!("there is no {method} {}; see /docs", uri.path());
    let error = placed(uri.path(), Error::not_found(what));
    shaped(&app, uri.path(), StatusCode::NOT_FOUND, error)
}

/// An error of a path, with the reason where that is none of the API, so that a client with a wrong address
/// is not told that what it asks for is not there.
fn placed(path: &str, error: Error) -> Error {
    // What is unknown below `/v1/` may be of another release. Behind a wrong path comes a `/v1/` as well.
    match path.rfind("/v1/") {
        Some(0) => error,
        _ => error.reason(Reason::OutsideApi),
    }
}

pub(super) async fn unknown_method(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method == Method::OPTIONS
        && let Some(origin) = headers.get(header::ORIGIN)
    {
        return not_listed(&app, origin, &uri);
    }
    let what = format!("{} does not take {method}; see /docs", uri.path());
    let error = placed(uri.path(), Error::invalid(what));
    shaped(&app, uri.path(), StatusCode::METHOD_NOT_ALLOWED, error)
}

/// A browser asks whether a page of elsewhere may call us, and no such pages are expected. Whoever
/// looks into the log for why their app does not work must find it there.
fn not_listed(app: &App, origin: &HeaderValue, uri: &Uri) -> Response {
    tracing::info!(
        ?origin,
        path = uri.path(),
        "a page of another web origin wants to call the API; if it may, add it to server.cors_origins"
    );
    let what = "pages of this web origin may not call the API; add it to server.cors_origins";
    let error = Error::new(Kind::Forbidden, what);
    shaped(app, uri.path(), StatusCode::FORBIDDEN, error)
}
