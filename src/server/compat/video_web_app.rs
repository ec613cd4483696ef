//! The message API of the video-web-app backend, beside its [sockets](crate::server::signalling):
//! `/api/:roomIdHash/send|edit|delete`, and `react`, which the original announces and lacks.

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoResponses, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::admit::admit_people;
use super::paths::is_at;
use super::sent_body::{SentBody, UnreadableBody};
use crate::commands::chat;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::RoomName;
use crate::model::chat::not_author;
use crate::model::meeting::{Actor, Credential};
use crate::server::App;
use crate::server::address::ClientAddress;
use crate::server::body::{BadBody, is_json, read_object};
use crate::server::error::{labelled, log_by_kind, status};
use crate::server::misses::LookOutcome;
use crate::server::rate_limit::sender;
use crate::server::video_web_app::{NAME, message_summary};

const PREFIX: &str = "/compat/video-web-app";

/// The routes at the root and below the prefix.
pub(super) fn routes() -> OpenApiRouter<App> {
    let own = || {
        OpenApiRouter::new()
            .routes(routes!(send))
            .routes(routes!(edit))
            .routes(routes!(delete))
            .routes(routes!(react))
    };
    own().nest(PREFIX, own())
}

/// Whether a path belongs to this surface.
pub(super) fn owns(path: &str) -> bool {
    is_at(path, PREFIX) || is_at(path, "/api")
}

/// The body of every answer.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ChatAnswer)]
struct ChatAnswer {
    success: bool,
    /// Why not; null on success.
    error: Option<String>,
    /// The message that was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    data: Option<Value>,
}

/// What every route of this surface may refuse with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "only the description of the API is made of it")]
enum ChatErrors {
    /// Not as documented
    #[response(status = 400)]
    Invalid(ChatAnswer),
    /// No API key
    #[response(status = 401)]
    NoKey(ChatAnswer),
    /// Too large
    #[response(status = 413)]
    TooLarge(ChatAnswer),
    /// Too many
    #[response(status = 429)]
    TooMany(ChatAnswer),
}

fn succeeded(data: Option<Value>) -> Json<ChatAnswer> {
    Json(ChatAnswer {
        success: true,
        error: None,
        data,
    })
}

/// An error in this surface's shape.
pub(super) struct VideoWebAppRefusal(pub(super) Error, pub(super) Option<StatusCode>);

impl From<Error> for VideoWebAppRefusal {
    fn from(error: Error) -> Self {
        Self(error, None)
    }
}

impl From<UnreadableBody> for VideoWebAppRefusal {
    fn from(UnreadableBody { status, error }: UnreadableBody) -> Self {
        Self(error, Some(status))
    }
}

impl IntoResponse for VideoWebAppRefusal {
    fn into_response(self) -> Response {
        log_by_kind(&self.0);
        let status = self.1.unwrap_or_else(|| status(self.0.kind()));
        let answer = ChatAnswer {
            success: false,
            error: Some(in_its_words(&self.0).to_owned()),
            data: None,
        };
        labelled((status, Json(answer)).into_response(), &self.0)
    }
}

/// The original's sentences where it has one.
fn in_its_words(error: &Error) -> &str {
    match error.why() {
        Some(Reason::NoParticipant) => "Could not find from participant",
        Some(Reason::WrongKey) => "The key did not match",
        Some(Reason::NoReceiver) => "Could not find to participant",
        Some(Reason::NoMessage) => "Could not find message",
        Some(Reason::OnlyAuthor) => "You are not authorized to preform this action",
        _ => error.message(),
    }
}

/// A caller of this surface, the room they mean and what they sent: checked in the original's
/// order, the content type before the room before the body.
struct ChatRequest<T> {
    client: Option<ClientAddress>,
    room: RoomName,
    body: T,
}

impl<T: serde::de::DeserializeOwned> FromRequest<App> for ChatRequest<T> {
    type Rejection = VideoWebAppRefusal;

    async fn from_request(request: Request, app: &App) -> Result<Self, VideoWebAppRefusal> {
        let (mut parts, body) = request.into_parts();
        // Who writes is told by the participant's own key.
        admit_people(app, &parts, NAME).await?;
        if !is_json(&parts.headers) {
            let what = "Request must be 'Content-Type: application/json'";
            return Err(Error::invalid(what).into());
        }
        let client = parts.extensions.get::<ClientAddress>().copied();
        let room = room(app, &mut parts, client).await?;
        let bytes = SentBody::from_request(Request::from_parts(parts, body), app).await?;
        let body = read_object(&bytes).map_err(|bad| {
            Error::invalid(match bad {
                BadBody::WrongShape(error) => format!("the body is not as documented: {error}"),
                BadBody::NotJson(error) => format!("the body is not JSON: {error}"),
            })
        })?;
        Ok(Self { client, room, body })
    }
}

async fn room(app: &App, parts: &mut Parts, client: Option<ClientAddress>) -> Result<RoomName> {
    let missing = || Error::not_found("Could not find room");
    let path = Path::<String>::from_request_parts(parts, app).await;
    let Path(address) = path.map_err(|_| missing())?;
    let looking = chat::addressed(&app.0.context, &address);
    let unknown = std::future::ready(false);
    let looks = &app.0.looks;
    let found = looks
        .guard(client, &address, unknown, looking, LookOutcome::of)
        .await;
    found.map_err(|error| match error.kind() {
        Kind::NotFound => missing(),
        _ => error,
    })
}

/// An object; a list with the same values is none.
fn object<'de, D, T>(deserializer: D) -> std::result::Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: serde::de::DeserializeOwned,
{
    let object = serde_json::Map::deserialize(deserializer)?;
    serde_json::from_value(Value::Object(object)).map_err(serde::de::Error::custom)
}

/// Who writes.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatAuthor)]
struct Author {
    /// The participant.
    id: String,
    /// The key that it alone was given.
    key: String,
}

impl From<Author> for Actor {
    fn from(from: Author) -> Self {
        Self::Keyed(Credential {
            id: from.id,
            key: from.key,
        })
    }
}

/// Whether somebody may write something of this length.
fn admit_message<T>(app: &App, call: &ChatRequest<T>, from: &Author, content: &str) -> Result<()> {
    let sender = sender(&from.id, &from.key);
    app.check_message(call.client, &call.room, &sender, content.len())?;
    app.0.room_events.check(&call.room)
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatSend)]
struct Send {
    #[serde(deserialize_with = "object")]
    from: Author,
    /// A participant, or `everyone`.
    to: String,
    content: String,
}

/// Which message: the documented name counts, and clients of the original's code say it by another one,
/// or by both.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatWhich)]
struct Which {
    /// The message.
    #[serde(default, rename = "messageId")]
    #[schema(required = true)]
    message_id: Option<String>,
    /// The same, as the original's code calls it.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    message: Value,
}

impl Which {
    fn id(&self) -> Result<String> {
        let other = || self.message.as_str().map(str::to_owned);
        let id = self.message_id.clone().or_else(other);
        id.ok_or_else(|| Error::invalid("the body is not as documented: `messageId` is missing"))
    }
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatEdit)]
struct Edit {
    #[serde(deserialize_with = "object")]
    from: Author,
    #[serde(flatten)]
    which: Which,
    content: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatDelete)]
struct Delete {
    #[serde(deserialize_with = "object")]
    from: Author,
    #[serde(flatten)]
    which: Which,
}

#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChatReact)]
struct React {
    #[serde(deserialize_with = "object")]
    from: Author,
    #[serde(flatten)]
    which: Which,
    /// 0 to 7: thumbs up, thumbs down, laugh, confused, celebrate, one hundred, question mark, clap.
    #[serde(rename = "type")]
    kind: u64,
    /// Whether to take it back.
    #[serde(default)]
    remove: bool,
}

/// Write a message to everybody in a room, or to one of them
#[utoipa::path(
    post, path = "/api/{roomIdHash}/send", tag = "compat video-web-app",
    params(("roomIdHash" = String, Path, description = "`idHash` of the room")),
    request_body = inline(Send), security((), ("key" = [])),
    responses(
        (status = 200, description = "Written", body = ChatAnswer),
        (status = 403, description = "Not the author's key", body = ChatAnswer),
        (status = 404, description = "No such room, author or receiver", body = ChatAnswer),
        ChatErrors,
    ),
)]
async fn send(
    State(app): State<App>,
    call: ChatRequest<Send>,
) -> Result<Json<ChatAnswer>, VideoWebAppRefusal> {
    admit_message(&app, &call, &call.body.from, &call.body.content)?;
    let Send { from, to, content } = call.body;
    let input = chat::send::Input {
        room: call.room,
        by: from.into(),
        to,
        content,
        client_id: None,
    };
    let sent = chat::send::run(&app.0.context, input).await?;
    Ok(succeeded(Some(message_summary(&sent))))
}

/// What became of a change to a message. Why somebody may not make it is told in the original's order: it
/// looks for the message first, and knows of who asks only whether they wrote it.
async fn changed<T>(
    app: &App,
    (room, id): (RoomName, String),
    author: &str,
    change: Result<T>,
) -> Result<Json<ChatAnswer>, VideoWebAppRefusal> {
    let Err(error) = change else {
        return Ok(succeeded(None));
    };
    if !matches!(
        error.why(),
        Some(Reason::NoParticipant | Reason::WrongKey | Reason::NotInside | Reason::Waiting)
    ) {
        return Err(error.into());
    }
    let wrong_key = error.why() == Some(Reason::WrongKey);
    let input = chat::show::Input { room, id };
    Err(match chat::show::run(&app.0.context, input).await {
        Ok(message) if wrong_key || message.from != author => not_author().into(),
        Ok(_) => error.into(),
        Err(missing) => missing.into(),
    })
}

/// Let a message say something else
#[utoipa::path(
    post, path = "/api/{roomIdHash}/edit", tag = "compat video-web-app",
    params(("roomIdHash" = String, Path, description = "`idHash` of the room")),
    request_body = inline(Edit), security((), ("key" = [])),
    responses(
        (status = 200, description = "Changed", body = ChatAnswer),
        (status = 403, description = "Not the author, or not their key", body = ChatAnswer),
        (status = 404, description = "No such room, participant or message", body = ChatAnswer),
        ChatErrors,
    ),
)]
async fn edit(
    State(app): State<App>,
    call: ChatRequest<Edit>,
) -> Result<Json<ChatAnswer>, VideoWebAppRefusal> {
    admit_message(&app, &call, &call.body.from, &call.body.content)?;
    let (room, body) = (call.room, call.body);
    let (author, message) = (body.from.id.clone(), body.which.id()?);
    let input = chat::edit::Input {
        room: room.clone(),
        by: body.from.into(),
        message: message.clone(),
        content: body.content,
    };
    let change = chat::edit::run(&app.0.context, input).await;
    changed(&app, (room, message), &author, change).await
}

/// Take a message back
#[utoipa::path(
    post, path = "/api/{roomIdHash}/delete", tag = "compat video-web-app",
    params(("roomIdHash" = String, Path, description = "`idHash` of the room")),
    request_body = inline(Delete), security((), ("key" = [])),
    responses(
        (status = 200, description = "Gone", body = ChatAnswer),
        (status = 403, description = "Not the author, or not their key", body = ChatAnswer),
        (status = 404, description = "No such room, participant or message", body = ChatAnswer),
        ChatErrors,
    ),
)]
async fn delete(
    State(app): State<App>,
    call: ChatRequest<Delete>,
) -> Result<Json<ChatAnswer>, VideoWebAppRefusal> {
    admit_message(&app, &call, &call.body.from, "")?;
    let (room, body) = (call.room, call.body);
    let (author, message) = (body.from.id.clone(), body.which.id()?);
    let input = chat::delete::Input {
        room: room.clone(),
        by: body.from.into(),
        message: message.clone(),
    };
    let change = chat::delete::run(&app.0.context, input).await;
    changed(&app, (room, message), &author, change).await
}

/// React to a message, or take that back
#[utoipa::path(
    post, path = "/api/{roomIdHash}/react", tag = "compat video-web-app",
    params(("roomIdHash" = String, Path, description = "`idHash` of the room")),
    request_body = inline(React), security((), ("key" = [])),
    responses(
        (status = 200, description = "Noted", body = ChatAnswer),
        (status = 403, description = "Not the participant's key", body = ChatAnswer),
        (status = 404, description = "No such room, participant or message", body = ChatAnswer),
        ChatErrors,
    ),
)]
async fn react(
    State(app): State<App>,
    call: ChatRequest<React>,
) -> Result<Json<ChatAnswer>, VideoWebAppRefusal> {
    admit_message(&app, &call, &call.body.from, "")?;
    let body = call.body;
    let input = chat::react::Input {
        room: call.room,
        by: body.from.into(),
        message: body.which.id()?,
        kind: body.kind,
        remove: body.remove,
    };
    chat::react::run(&app.0.context, input).await?;
    Ok(succeeded(None))
}
