//! The original's archives.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::refusal::{Act, OpentokErrors, OpentokRefusal};
use super::{BACKEND, OpentokCaller, found};
use crate::commands::by_id::ByVendorId;
use crate::commands::recording;
use crate::error::{Error, Kind, Result};
use crate::model::recording::Recording;
use crate::server::body::{BadBody, read_object};
use crate::server::compat::sent_body::{UnpackedBody, is_form};
use crate::server::{App, docs};

/// The vendor's largest page, and the original's usual one.
const LARGEST_PAGE: usize = 1000;

/// What to record.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OpenTokStartArchive)]
pub(super) struct StartBody {
    /// The session.
    #[serde(default)]
    #[schema(required = true)]
    session_id: Option<String>,
}

impl StartBody {
    /// What a form says.
    fn of_form(body: &[u8]) -> Self {
        let mut fields = url::form_urlencoded::parse(body);
        let session = fields.find(|(name, _)| name == "sessionId");
        Self {
            session_id: session.map(|(_, value)| value.into_owned()),
        }
    }
}

/// Start an archive (OpenTok).
#[utoipa::path(
    post, path = "/archive/start", tag = "compat: OpenTok", request_body = StartBody,
    security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "OpenTok's archive object"),
        OpentokErrors,
    )
)]
pub(super) async fn start(
    State(app): State<App>,
    _admitted: OpentokCaller,
    headers: HeaderMap,
    body: UnpackedBody,
) -> Result<Json<Value>, OpentokRefusal> {
    let act = Act::StartArchive;
    let body = body?;
    let none = || act.failed(Error::invalid("No session ID given"));
    let body: StartBody = match read_object(&body) {
        Ok(body) => body,
        Err(_) if body.is_empty() => return Err(none()),
        Err(_) if is_form(&headers) => StartBody::of_form(&body),
        Err(BadBody::WrongShape(error)) => {
            let what = format!("the body is not as documented: {error}");
            return Err(act.failed(Error::invalid(what)));
        }
        Err(BadBody::NotJson(_)) => {
            return Err(act.failed(Error::invalid("the body is not JSON")));
        }
    };
    let session = body
        .session_id
        .filter(|id| !id.is_empty())
        .ok_or_else(none)?;
    let input = recording::start::Input {
        session_id: Some(session),
        backend: BACKEND,
        ..recording::start::Input::default()
    };
    let archive = recording::start::run(&app.0.context, input).await;
    in_its_words(archive, act)
}

/// The vendor's own object, or why there is none.
fn in_its_words(archive: Result<Recording>, act: Act) -> Result<Json<Value>, OpentokRefusal> {
    archive
        .map(|archive| Json(archive.vendor))
        .map_err(|error| act.failed(error))
}

fn at_opentok(id: String) -> ByVendorId {
    let backend = BACKEND;
    ByVendorId { id, backend }
}

/// What can be no archive's id is the caller's mistake.
fn id_of(Path(id): Path<String>, act: Act) -> Result<String, OpentokRefusal> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    if id.len() <= 128 && id.chars().all(plain) {
        return Ok(id);
    }
    let message = "an archive's id has letters, digits and - only";
    Err(act.failed(Error::invalid(message)))
}

/// Stop an archive (OpenTok).
#[utoipa::path(
    post, path = "/archive/{archiveId}/stop", tag = "compat: OpenTok",
    params(("archiveId" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "OpenTok's archive object"),
        OpentokErrors,
    )
)]
pub(super) async fn stop(
    State(app): State<App>,
    _admitted: OpentokCaller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, OpentokRefusal> {
    let id = id_of(id?, Act::StopArchive)?;
    let archive = recording::stop::run(&app.0.context, at_opentok(id)).await;
    in_its_words(archive, Act::StopArchive)
}

/// Go to an archive's file, or wait for it (OpenTok).
#[utoipa::path(
    get, path = "/archive/{archiveId}/view", tag = "compat: OpenTok",
    params(("archiveId" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = String, content_type = "text/html", description = "A page that looks again every 3 s"),
        (status = 302, description = "To the file"),
        OpentokErrors,
    )
)]
pub(super) async fn view(
    State(app): State<App>,
    _admitted: OpentokCaller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, OpentokRefusal> {
    let id = id_of(id?, Act::ViewArchive)?;
    match recording::link::run(&app.0.context, at_opentok(id)).await {
        Ok(link) if link.url.starts_with("https://") || link.url.starts_with("http://") => {
            Ok(found(&link.url))
        }
        Ok(_) => {
            Err(Act::ViewArchive.failed(Error::bad_gateway("the vendor gave a link that is none")))
        }
        Err(error) if error.kind() == Kind::Conflict => Ok(pending()),
        Err(error) => Err(Act::ViewArchive.failed(error)),
    }
}

fn pending() -> Response {
    let again = "<meta http-equiv=\"refresh\" content=\"3\">";
    let body = "<h1>Archiving Pending</h1><p>The recording is not ready yet. This page looks again \
                every 3 seconds.</p>";
    docs::page("Archiving Pending", again, body)
}

/// Show an archive (OpenTok).
#[utoipa::path(
    get, path = "/archive/{archiveId}", tag = "compat: OpenTok",
    params(("archiveId" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "OpenTok's archive object"),
        OpentokErrors,
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    _admitted: OpentokCaller,
    id: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, OpentokRefusal> {
    let id = id_of(id?, Act::InfoArchive)?;
    let archive = recording::show::run(&app.0.context, at_opentok(id)).await;
    in_its_words(archive, Act::InfoArchive)
}

/// List archives (OpenTok).
#[utoipa::path(
    get, path = "/archive", tag = "compat: OpenTok",
    params(
        ("count" = Option<usize>, Query, description = "At most so many, 0 to 1000; 1000 if absent"),
        ("offset" = Option<usize>, Query, description = "Leave so many of the newest out"),
    ),
    security(("key" = [])),
    responses(
        (status = 200, body = Vec<Object>, description = "OpenTok's archive objects"),
        OpentokErrors,
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    _admitted: OpentokCaller,
    RawQuery(query): RawQuery,
) -> Result<Json<Vec<Value>>, OpentokRefusal> {
    let act = Act::InfoArchive;
    let (count, offset) = window(query.as_deref()).map_err(|error| act.failed(error))?;
    if count == 0 {
        return Ok(Json(Vec::new()));
    }
    let input = recording::list::Input {
        backend: BACKEND,
        room: None,
        limit: Some(count),
        after: Some(offset.to_string()),
    };
    let page = recording::list::run(&app.0.context, input).await;
    let page = page.map_err(|error| act.failed(error))?;
    let objects = page.items.into_iter().map(|archive| archive.vendor);
    Ok(Json(objects.collect()))
}

/// `count` and `offset`; an empty one counts as absent, as in the original.
fn window(query: Option<&str>) -> Result<(usize, usize)> {
    let (mut count, mut offset) = (LARGEST_PAGE, 0);
    for (name, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let (place, most) = match &*name {
            "count" => (&mut count, LARGEST_PAGE),
            "offset" => (&mut offset, 1_000_000_000),
            _ => continue,
        };
        if value.is_empty() {
            continue;
        }
        let number = value.parse().ok().filter(|number| *number <= most);
        *place = number.ok_or_else(|| {
            Error::invalid(format!("`{name}` must be a whole number from 0 to {most}"))
        })?;
    }
    Ok((count, offset))
}
