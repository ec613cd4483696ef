//! The OpenTok learning server: rooms with a session each, tokens, archives.

mod archives;
mod refusal;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use self::refusal::OpentokRefusal;
use self::refusal::{Act, OpentokErrorBody, OpentokErrors};
use super::admit::{admit, below, stranger};
use super::paths::is_at;
use crate::commands::{room, token};
use crate::error::{Error, Result};
use crate::model::{BackendName, Minter, Role, Room, RoomName, Span};
use crate::server::address::ClientAddress;
use crate::server::{App, docs};

/// The name below `/compat/` and in `server.open`.
pub(super) const NAME: &str = "opentok";

const PREFIX: &str = "/compat/opentok";
/// How long a token is good, as the original has it.
const TOKEN_LIFE: std::time::Duration = std::time::Duration::from_hours(24);
/// The longest name of a room, in characters.
const LONGEST_NAME: usize = 255;

const BACKEND: Option<BackendName> = Some(BackendName::Opentok);

/// The routes at the root and below the prefix.
pub(super) fn routes() -> OpenApiRouter<App> {
    let own = || {
        OpenApiRouter::new()
            .routes(routes!(session))
            .routes(routes!(show_room))
            .routes(routes!(archives::start))
            .routes(routes!(archives::stop))
            .routes(routes!(archives::view))
            .routes(routes!(archives::show))
            .routes(routes!(archives::list))
    };
    own().nest(PREFIX, own().routes(routes!(index)))
}

/// Whether a path belongs to this surface.
pub(super) fn owns(path: &str) -> bool {
    [PREFIX, "/session", "/room", "/archive"]
        .iter()
        .any(|root| is_at(path, root))
}

/// A caller of this surface: where it called, and who stands behind the tokens it gets.
struct OpentokCaller {
    below: &'static str,
    minter: Minter,
    /// Whose rooms count.
    stranger: Option<ClientAddress>,
}

impl FromRequestParts<App> for OpentokCaller {
    type Rejection = OpentokRefusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, OpentokRefusal> {
        let minter = admit(app, parts, NAME).await?;
        app.0.context.backends.get(BACKEND)?;
        Ok(Self {
            below: below(parts, PREFIX),
            minter,
            stranger: stranger(app, parts, NAME),
        })
    }
}

/// List the routes (OpenTok); the root page does, too.
#[utoipa::path(
    get, path = "/", tag = "compat: OpenTok",
    responses((status = 200, body = String, content_type = "text/html"))
)]
async fn index() -> Response {
    docs::home()
}

/// Go to the room `session` (OpenTok).
#[utoipa::path(
    get, path = "/session", tag = "compat: OpenTok", security(("key" = [])),
    responses(
        (status = 302, description = "To /room/session"),
        (status = 501, body = OpentokErrorBody, description = "OpenTok is not configured"),
    )
)]
async fn session(admitted: OpentokCaller) -> Response {
    found(&format!("{}/room/session", admitted.below))
}

/// 302, which axum's own redirects are not.
fn found(to: &str) -> Response {
    match HeaderValue::from_str(to) {
        Ok(to) => (StatusCode::FOUND, [(header::LOCATION, to)]).into_response(),
        Err(error) => {
            let error = Error::bad_gateway("the vendor gave a link that is none").because(error);
            Act::ViewArchive.failed(error).into_response()
        }
    }
}

/// What a client needs to go in.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = OpenTokRoom)]
struct OpentokRoom {
    /// The API key, or the application.
    api_key: String,
    /// The room's session.
    session_id: String,
    /// A fresh token.
    token: String,
}

/// Find or make a room's session, and make a token (OpenTok).
#[utoipa::path(
    get, path = "/room/{name}", tag = "compat: OpenTok", params(("name" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = OpentokRoom), OpentokErrors)
)]
async fn show_room(
    State(app): State<App>,
    method: Method,
    admitted: OpentokCaller,
    name: Result<Path<String>, PathRejection>,
) -> Result<Json<OpentokRoom>, OpentokRefusal> {
    if method == Method::HEAD {
        let what = "HEAD makes no room; use GET";
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return Err(OpentokRefusal::with(status, Error::invalid(what)));
    }
    let act = Act::CreateSession;
    let Path(full) = name?;
    let (name, properties) = name_of(&full).map_err(|error| act.failed(error))?;
    let entry = enter(&app, &name, properties, admitted).await;
    entry.map(Json).map_err(|error| act.failed(error))
}

/// The room, found or made; what is made counts for whoever is known by their address only.
async fn ensure(
    app: &App,
    name: &RoomName,
    properties: Map<String, Value>,
    stranger: Option<ClientAddress>,
) -> Result<Room> {
    let make = room::create::Input {
        backend: BACKEND,
        properties,
        ..room::create::Input::default()
    };
    let input = room::ensure::Input {
        name: name.clone(),
        make,
    };
    let own = app.clone();
    let may_make = move || own.check_creation(stranger);
    room::ensure::run_if(&app.0.context, input, may_make).await
}

async fn enter(
    app: &App,
    name: &RoomName,
    properties: Map<String, Value>,
    admitted: OpentokCaller,
) -> Result<OpentokRoom> {
    let context = &app.0.context;
    let room = ensure(app, name, properties, admitted.stranger).await?;
    let spec = token::create::TokenSpec {
        backend: BACKEND,
        role: Role::Participant,
        ttl: Some(Span(TOKEN_LIFE.min(context.token_life.longest.0))),
        ..token::create::TokenSpec::default()
    };
    let input = token::create::Input {
        room: name.clone(),
        room_id: Some(room.id.clone()),
        spec,
        minter: admitted.minter,
    };
    let token = token::create::run(context, input).await?;
    Ok(OpentokRoom {
        api_key: context.backends.get(BACKEND)?.tokens.issuer().to_owned(),
        session_id: room.id,
        token: token.token,
    })
}

/// The original takes every name; what is none of ours gets one made of it, and keeps its own
/// beside it.
fn name_of(full: &str) -> Result<(RoomName, Map<String, Value>)> {
    if let Ok(name) = full.parse() {
        return Ok((name, Map::new()));
    }
    let odd = full.contains(['/', '\\']) || full.chars().any(char::is_control);
    let long = full.chars().count() > LONGEST_NAME;
    if odd || long || full.trim_matches('.').is_empty() {
        return Err(Error::invalid(format!(
            "a room's name has 1 to {LONGEST_NAME} characters and no slash"
        )));
    }
    let digest = hex::encode(&Sha256::digest(full)[..16]);
    let properties = Map::from_iter([("name".to_owned(), json!(full))]);
    Ok((format!("room-{digest}").parse()?, properties))
}
