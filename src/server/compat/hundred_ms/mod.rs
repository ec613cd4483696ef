//! The 100ms sample backend: rooms, tokens and attendance of a room's latest session.

mod analytics;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admit::{admit, stranger};
use super::paths::is_at;
use super::sent_body::{UnpackedBody, UnreadableBody};
use super::status::status_of;
use crate::commands::{room, token};
use crate::error::{Error, Result};
use crate::model::{BackendName, Minter, RoomName, Span};
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::body::{BadBody, read_object};
use crate::server::error::{labelled, log_by_kind};

/// The name below `/compat/` and in `server.open`.
pub(super) const NAME: &str = "100ms";

const PREFIX: &str = "/compat/100ms";

/// What is said of a room that had no session.
const NO_SESSION: &str = "No session found for this room";
/// How long a token is good, as the original has it.
const TOKEN_LIFE: std::time::Duration = std::time::Duration::from_hours(24);

/// The routes below the prefix, and at the root those that are this surface's alone.
pub(super) fn routes() -> OpenApiRouter<App> {
    let own = || {
        OpenApiRouter::new()
            .routes(routes!(auth_token))
            .routes(routes!(analytics::analytics))
            .routes(routes!(analytics::analytics_alias))
            .routes(routes!(analytics::session_list))
    };
    own().nest(PREFIX, own().routes(routes!(create_room)))
}

/// Whether a path belongs to this surface.
pub(super) fn owns(path: &str) -> bool {
    let roots = [
        PREFIX,
        "/auth-token",
        "/session-analytics-by-room",
        "/session-analytics",
        "/session-list-by-room",
    ];
    roots.iter().any(|root| is_at(path, root))
}

/// A caller of this surface.
pub(super) struct HundredMsCaller {
    /// Who stands behind the tokens it gets.
    minter: Minter,
    stranger: Option<ClientAddress>,
}

impl FromRequestParts<App> for HundredMsCaller {
    type Rejection = HundredMsRefusal;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, HundredMsRefusal> {
        let minter = admit(app, parts, NAME).await?;
        // Nothing is read or checked for a vendor that is not there.
        app.0.context.backends.get(Some(BackendName::HundredMs))?;
        Ok(Self {
            minter,
            stranger: stranger(app, parts, NAME),
        })
    }
}

/// An error in this surface's shape: a text.
pub(super) struct HundredMsRefusal {
    pub(super) error: Error,
    pub(super) status: Option<StatusCode>,
}

impl From<Error> for HundredMsRefusal {
    fn from(error: Error) -> Self {
        Self {
            error,
            status: None,
        }
    }
}

impl From<UnreadableBody> for HundredMsRefusal {
    fn from(UnreadableBody { status, error }: UnreadableBody) -> Self {
        let status = Some(status);
        Self { error, status }
    }
}

/// What every route about rooms may refuse with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only the description of the API is made of it")]
enum HundredMsErrors {
    #[response(status = 400, content_type = "text/plain")]
    Invalid(String),
    /// It failed
    #[response(status = 500, content_type = "text/html")]
    Failed(String),
    /// 100ms is not configured
    #[response(status = 501, content_type = "text/plain")]
    NotConfigured(String),
}

impl IntoResponse for HundredMsRefusal {
    fn into_response(self) -> Response {
        let status = self.status.unwrap_or_else(|| status_of(&self.error));
        log_by_kind(&self.error);
        // The original's framework says HTML of every text. What repeats the caller's words stays
        // plain.
        let said = self.error.message();
        let response = match status {
            StatusCode::INTERNAL_SERVER_ERROR => {
                (status, Html("Internal Server Error")).into_response()
            }
            _ if said == NO_SESSION => (status, Html(NO_SESSION)).into_response(),
            _ => (status, said.to_owned()).into_response(),
        };
        labelled(response, &self.error)
    }
}

fn read<T: serde::de::DeserializeOwned + Default>(body: &[u8]) -> Result<T> {
    if body.is_empty() {
        return Ok(T::default());
    }
    read_object(body).map_err(|bad| match bad {
        BadBody::WrongShape(error) => {
            Error::invalid(format!("the body is not as documented: {error}"))
        }
        BadBody::NotJson(_) => Error::invalid("the body is not JSON"),
    })
}

/// What the original's clients send; whatever else they send is dropped.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = HundredMsCreateRoom)]
pub(super) struct HundredMsCreateBody {
    /// The room's name; a random one if absent.
    #[serde(default)]
    name: Option<String>,
    /// What it is for.
    #[serde(default)]
    description: Option<String>,
    /// The template of its roles.
    #[serde(default)]
    template_id: Option<String>,
    /// `in`, `us`, `eu` or `auto`.
    #[serde(default)]
    region: Option<String>,
}

/// Create a room, or change the one of this name (100ms).
#[utoipa::path(
    post, path = "/create-room", tag = "compat: 100ms", request_body = HundredMsCreateBody,
    security(("key" = [])),
    responses((status = 200, body = Object, description = "100ms' room object"), HundredMsErrors)
)]
async fn create_room(
    State(app): State<App>,
    admitted: HundredMsCaller,
    body: UnpackedBody,
) -> Result<Json<Value>, HundredMsRefusal> {
    create(&app, &admitted, &body?).await
}

/// The same for whoever finds this surface at the root.
pub(super) async fn create(
    app: &App,
    admitted: &HundredMsCaller,
    body: &[u8],
) -> Result<Json<Value>, HundredMsRefusal> {
    app.check_creation(admitted.stranger)?;
    let body: HundredMsCreateBody = read(body)?;
    let mut properties = Map::new();
    let given = [
        ("description", body.description),
        ("template_id", body.template_id),
        ("region", body.region),
    ];
    for (name, value) in given {
        properties.extend(value.map(|value| (name.to_owned(), json!(value))));
    }
    // 100ms takes more names than we do, and makes one up where there is none: it gets what was sent.
    let name = body
        .name
        .clone()
        .filter(|name| name.parse::<RoomName>().is_ok());
    if name.is_none() {
        properties.insert("name".to_owned(), json!(body.name));
    }
    let input = room::create::Input {
        name,
        backend: Some(BackendName::HundredMs),
        properties,
        ..room::create::Input::default()
    };
    let room = room::create::run(&app.0.context, input).await?;
    Ok(Json(room.vendor.unwrap_or(Value::Null)))
}

/// For whom, and where to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[schema(as = HundredMsAuthToken)]
struct TokenBody {
    /// 100ms' id of the room.
    #[serde(default)]
    #[schema(required = true)]
    room_id: Option<String>,
    /// The app's id of the person.
    #[serde(default)]
    #[schema(required = true)]
    user_id: Option<String>,
    /// A role of the room's template.
    #[serde(default)]
    #[schema(required = true)]
    role: Option<String>,
}

/// A token.
#[derive(Serialize, ToSchema)]
#[schema(as = HundredMsToken)]
struct TokenAnswer {
    /// The token.
    token: String,
    /// Always `Token generated successfully!`
    msg: &'static str,
    /// Always true.
    success: bool,
}

/// Why there is no token.
#[derive(Serialize, ToSchema)]
#[schema(as = HundredMsNoToken)]
struct NoToken {
    /// For people.
    msg: String,
    /// Always false.
    success: bool,
}

/// Make a token (100ms).
#[utoipa::path(
    post, path = "/auth-token", tag = "compat: 100ms", request_body = TokenBody,
    security(("key" = [])),
    responses(
        (status = 200, body = TokenAnswer, description = "The token; or, if it failed, `{msg, success: false}`"),
        (status = 400, body = NoToken),
        (status = 403, body = NoToken, description = "This key may not mint tokens of such roles"),
        (status = 501, body = String, content_type = "text/plain", description = "100ms is not configured"),
    )
)]
async fn auth_token(
    State(app): State<App>,
    HundredMsCaller { minter, .. }: HundredMsCaller,
    body: UnpackedBody,
) -> Response {
    let token = match body {
        Ok(body) => mint(&app, &body, minter).await,
        Err(rejection) => return HundredMsRefusal::from(rejection).into_response(),
    };
    let error = match token {
        Ok(token) => {
            let msg = "Token generated successfully!";
            return Json(TokenAnswer {
                token,
                msg,
                success: true,
            })
            .into_response();
        }
        Err(error) => error,
    };
    let mut status = status_of(&error);
    if !log_by_kind(&error) {
        let request = crate::request_id::RequestId::current();
        let request = request.as_ref().map(crate::request_id::RequestId::as_str);
        tracing::info!(request, %error, causes = ?error.causes(), "no token was made");
    }
    let mut msg = error.message().to_owned();
    if status == StatusCode::INTERNAL_SERVER_ERROR {
        // As the original has it, spelling included.
        status = StatusCode::OK;
        "Some error occured!".clone_into(&mut msg);
    }
    let answer = NoToken {
        msg,
        success: false,
    };
    labelled((status, Json(answer)).into_response(), &error)
}

async fn mint(app: &App, body: &[u8], minter: Minter) -> Result<String> {
    let body: TokenBody = read(body)?;
    let needed = |name: &str, value: Option<String>| match value {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(Error::invalid(format!("`{name}` is missing"))),
    };
    let room = needed("room_id", body.room_id)?;
    let context = &app.0.context;
    let role = needed("role", body.role)?;
    let spec = token::create::TokenSpec {
        backend: Some(BackendName::HundredMs),
        user_id: Some(needed("user_id", body.user_id)?),
        ttl: Some(Span(TOKEN_LIFE.min(context.token_life.longest.0))),
        properties: Map::from_iter([("role".to_owned(), json!(role))]),
        ..token::create::TokenSpec::default()
    };
    let input = token::create::Input {
        room: room.parse()?,
        // It is an id, whatever it looks like: nothing is asked of 100ms.
        room_id: Some(room),
        spec,
        minter,
    };
    let token = token::create::run(context, input).await?;
    Ok(token.token)
}
