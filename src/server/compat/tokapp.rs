//! The call API of `TokApp`: rooms in Daily's shape, errors as Daily's `{error, info}`.

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admit::{admit_people, below, stranger};
use super::hundred_ms;
use super::paths::is_at;
use super::sent_body::{UnpackedBody, UnreadableBody};
use crate::commands::room;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::key::Scope;
use crate::model::report::Outcome;
use crate::model::{BackendName, Moment, Privacy, Room};
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::body::{BadBody, read_object};
use crate::server::error::{labelled, log};
use crate::server::misses::LookOutcome;

/// The name below `/compat/` and in `server.open`.
pub(super) const NAME: &str = "tokapp";

const PREFIX: &str = "/compat/tokapp";
/// Where rooms are made.
pub(super) const CREATE: &str = "/create-room";

/// The routes at the root, where the configured backend serves, and below the prefix, where Daily
/// does if it is configured.
pub(super) fn routes() -> OpenApiRouter<App> {
    let own = || {
        OpenApiRouter::new()
            .routes(routes!(create))
            .routes(routes!(create_named))
            .routes(routes!(delete))
    };
    own().nest(PREFIX, own())
}

/// Whether a path belongs to this surface.
pub(super) fn owns(path: &str) -> bool {
    [PREFIX, CREATE, "/delete-room"]
        .iter()
        .any(|root| is_at(path, root))
}

/// A caller of this surface: with a key, a person who may make rooms, or anybody if it is open.
struct TokappCaller {
    backend: Option<BackendName>,
    /// Whose misses count: all but those of keys.
    looking: Option<ClientAddress>,
    /// Whose rooms count.
    stranger: Option<ClientAddress>,
}

impl FromRequestParts<App> for TokappCaller {
    type Rejection = TokappRefusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, TokappRefusal> {
        let caller = admit_people(app, parts, NAME).await?;
        // The original's rooms are nobody's: who may make them may delete them.
        if caller.person().is_some() {
            caller.need_own(Scope::RoomsWrite)?;
        }
        let daily = Some(BackendName::Daily);
        let at_root = below(parts, PREFIX).is_empty();
        let stranger = stranger(app, parts, NAME);
        let client = parts.extensions.get::<ClientAddress>().copied();
        let own = client.filter(|_| caller.person().is_some());
        Ok(Self {
            looking: stranger.or(own),
            stranger,
            backend: match app.0.context.backends.usual() {
                usual @ (BackendName::Local | BackendName::Daily) if at_root => Some(usual),
                _ if app.0.context.backends.get(daily).is_ok() => daily,
                _ => Some(BackendName::Local),
            },
        })
    }
}

/// Whoever makes a room: at the root with 100ms as the usual backend it is a client of that
/// surface.
enum Maker {
    TokApp(TokappCaller),
    HundredMs(hundred_ms::HundredMsCaller),
}

impl FromRequestParts<App> for Maker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Response> {
        let usual = app.0.context.backends.usual();
        if usual == BackendName::HundredMs && below(parts, PREFIX).is_empty() {
            let admitted = hundred_ms::HundredMsCaller::from_request_parts(parts, app).await;
            return admitted
                .map(Self::HundredMs)
                .map_err(IntoResponse::into_response);
        }
        let admitted = TokappCaller::from_request_parts(parts, app).await;
        admitted
            .map(Self::TokApp)
            .map_err(IntoResponse::into_response)
    }
}

/// Daily's error object.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DailyError)]
struct TokappErrorBody {
    /// Daily's stable code, e.g. `invalid-request-error`.
    error: &'static str,
    /// For people.
    info: String,
}

/// An error in this surface's shape.
pub(super) struct TokappRefusal(pub(super) Error, pub(super) Option<StatusCode>);

impl From<Error> for TokappRefusal {
    fn from(error: Error) -> Self {
        Self(error, None)
    }
}

impl From<UnreadableBody> for TokappRefusal {
    fn from(UnreadableBody { status, error }: UnreadableBody) -> Self {
        Self(error, Some(status))
    }
}

impl From<PathRejection> for TokappRefusal {
    fn from(_: PathRejection) -> Self {
        Error::invalid("the name in the path is not valid percent-encoded UTF-8").into()
    }
}

impl IntoResponse for TokappRefusal {
    fn into_response(self) -> Response {
        let Self(error, status) = self;
        let (usual, code) = match error.kind() {
            Kind::NotFound => (StatusCode::NOT_FOUND, "not-found"),
            Kind::Unauthenticated => (StatusCode::UNAUTHORIZED, "authentication-error"),
            Kind::Forbidden => (StatusCode::FORBIDDEN, "forbidden-error"),
            Kind::RateLimited if error.vendor().is_none() => {
                (StatusCode::TOO_MANY_REQUESTS, "rate-limit-error")
            }
            Kind::InvalidInput | Kind::Conflict | Kind::Refused | Kind::RateLimited => {
                (StatusCode::BAD_REQUEST, "invalid-request-error")
            }
            Kind::Unsupported => (StatusCode::NOT_IMPLEMENTED, "server-error"),
            kind => (crate::server::error::status(kind), "server-error"),
        };
        let status = status.unwrap_or(usual);
        log(status, &error);
        let response = match error.vendor().filter(|_| status.is_client_error()) {
            // The vendor's own words, as the original's clients know them.
            Some(answer) if answer.body.get("error").is_some() => {
                (status, Json(answer.body.clone())).into_response()
            }
            _ => {
                let info = error.message().to_owned();
                (status, Json(TokappErrorBody { error: code, info })).into_response()
            }
        };
        labelled(response, &error)
    }
}

/// What the original's clients send: Daily's own fields.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TokAppCreateRoom)]
struct TokappCreateBody {
    /// The room's name; a random one if absent.
    #[serde(default)]
    name: Option<String>,
    /// `public` (default) or `private`.
    #[serde(default)]
    privacy: Option<Privacy>,
    /// Daily's room properties; `exp` and `nbf` are unix seconds.
    #[serde(default)]
    #[schema(value_type = Object)]
    properties: Option<Map<String, Value>>,
}

/// What a deletion answers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = TokAppDeletedRoom)]
struct Deleted {
    /// Always true.
    deleted: bool,
    /// The room.
    name: String,
}

/// Create a room (`TokApp`).
#[utoipa::path(
    post, path = "/create-room", tag = "compat: TokApp", request_body = TokappCreateBody,
    security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "Daily's room object; 100ms' if that is the usual backend"),
        (status = 400, body = TokappErrorBody),
        (status = 500, body = String, content_type = "text/html", description = "100ms failed"),
        (status = 502, body = TokappErrorBody, description = "Daily failed or cannot be reached"),
    )
)]
async fn create(State(app): State<App>, maker: Maker, body: UnpackedBody) -> Response {
    match maker {
        Maker::TokApp(admitted) => match body {
            Ok(body) => make(&app, &admitted, None, &body).await.into_response(),
            Err(rejection) => TokappRefusal::from(rejection).into_response(),
        },
        Maker::HundredMs(admitted) => match body {
            Ok(body) => hundred_ms::create(&app, &admitted, &body)
                .await
                .into_response(),
            Err(rejection) => hundred_ms::HundredMsRefusal::from(rejection).into_response(),
        },
    }
}

/// Create a room by name (`TokApp`).
#[utoipa::path(
    post, path = "/create-room/{roomName}", tag = "compat: TokApp", request_body = TokappCreateBody,
    params(("roomName" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Object, description = "Daily's room object"),
        (status = 400, body = TokappErrorBody),
        (status = 502, body = TokappErrorBody, description = "Daily failed or cannot be reached"),
    )
)]
async fn create_named(
    State(app): State<App>,
    admitted: TokappCaller,
    name: Result<Path<String>, PathRejection>,
    body: UnpackedBody,
) -> Result<Json<Value>, TokappRefusal> {
    make(&app, &admitted, Some(name?.0), &body?).await
}

async fn make(
    app: &App,
    admitted: &TokappCaller,
    name: Option<String>,
    body: &[u8],
) -> Result<Json<Value>, TokappRefusal> {
    let input = read(name, body, admitted.backend)?;
    app.check_creation(admitted.stranger)?;
    let room = room::create::run(&app.0.context, input).await?;
    Ok(Json(shape(room)))
}

/// Delete a room (`TokApp`).
#[utoipa::path(
    delete, path = "/delete-room/{roomName}", tag = "compat: TokApp",
    params(("roomName" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Deleted),
        (status = 404, body = TokappErrorBody, description = "There is no such room"),
        (status = 502, body = TokappErrorBody, description = "Daily failed or cannot be reached"),
    )
)]
async fn delete(
    State(app): State<App>,
    admitted: TokappCaller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<Deleted>, TokappRefusal> {
    let Path(name) = name?;
    // Nobody tries names one after another; whoever signed in is known, and only their own misses count.
    let vouched = async { admitted.stranger.is_none() };
    let work = delete_room(&app.0.context, &name, admitted.backend);
    let looks = &app.0.looks;
    looks
        .guard(admitted.looking, &name, vouched, work, LookOutcome::of)
        .await?;
    Ok(Json(Deleted {
        deleted: true,
        name,
    }))
}

async fn delete_room(context: &Context, name: &str, backend: Option<BackendName>) -> Result<()> {
    let input = room::delete::Input {
        names: vec![name.to_owned()],
        backend,
        part: None,
    };
    let plan = room::delete::plan(context, input)?;
    let report = room::delete::apply(context, plan).await?;
    match report.items.first() {
        Some(item) if item.outcome == Outcome::Failed => {
            let why = item.error.clone().unwrap_or_else(|| "it failed".to_owned());
            Err(Error::invalid(why))
        }
        _ => report.verdict(false).map_or(Ok(()), Err),
    }
}

/// Reads Daily's fields into ours.
fn read(
    name: Option<String>,
    body: &[u8],
    backend: Option<BackendName>,
) -> Result<room::create::Input> {
    let body: TokappCreateBody = if body.is_empty() {
        TokappCreateBody::default()
    } else {
        read_object(body).map_err(|bad| match bad {
            BadBody::WrongShape(error) => {
                Error::invalid(format!("the body is not as documented: {error}"))
            }
            BadBody::NotJson(error) => {
                let json = json!({ "error": "json-parsing-error", "info": error });
                Error::invalid("the body is not JSON").answered(400, json)
            }
        })?
    };
    let mut properties = body.properties.unwrap_or_default();
    let max_participants = whole(
        properties.shift_remove("max_participants"),
        "max_participants",
    )?
    .map(|most| u32::try_from(most).map_err(|_| wrong("max_participants")))
    .transpose()?;
    Ok(room::create::Input {
        name: name.or(body.name),
        backend,
        privacy: body.privacy,
        not_before: moment(properties.shift_remove("nbf"), "nbf")?,
        expires: moment(properties.shift_remove("exp"), "exp")?,
        max_participants,
        properties,
        exist_ok: false,
    })
}

fn moment(value: Option<Value>, name: &str) -> Result<Option<Moment>> {
    whole(value, name)?
        .map(|seconds| {
            Timestamp::from_second(seconds)
                .map(Moment::At)
                .map_err(|_| wrong(name))
        })
        .transpose()
}

fn whole(value: Option<Value>, name: &str) -> Result<Option<i64>> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(value) => value.as_i64().map(Some).ok_or_else(|| wrong(name)),
    }
}

fn wrong(name: &str) -> Error {
    Error::invalid(format!(
        "properties.{name} is not a whole number that can be used"
    ))
}

/// Daily's room object: its own words, or ours in the same shape.
fn shape(room: Room) -> Value {
    if let Some(vendor) = room.vendor {
        return vendor;
    }
    let mut config = Map::new();
    let mut add = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            config.insert(key.to_owned(), value);
        }
    };
    add("nbf", room.not_before.map(|at| json!(at.as_second())));
    add("exp", room.expires_at.map(|at| json!(at.as_second())));
    add(
        "max_participants",
        room.max_participants.map(|most| json!(most)),
    );
    config.extend(room.properties);
    json!({
        "id": room.id,
        "name": room.name,
        "api_created": true,
        "privacy": room.privacy,
        "url": room.url,
        "created_at": room.created_at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        "config": config,
    })
}
