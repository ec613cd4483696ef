//! `/v1/rooms/{name}/messages…`: what people in local rooms write, for operators and for whoever
//! shows a participant's key.

use std::future::ready;

use axum::Json;
use axum::extract::{FromRequestParts, Path, Query, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::Parameters;
use crate::commands::chat;
use crate::error::Error;
use crate::model::chat::{EVERYONE, Message};
use crate::model::happening::MessageEvent;
use crate::model::key::Scope;
use crate::model::meeting::{Actor, Credential};
use crate::model::{Page, PageRequest};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody, ProblemResponse};
use crate::server::events::{Follower, SentEvent};
use crate::server::problems::{BadRequest, NotFound, TooManyStreams};

/// Two names in the path.
pub(super) struct TwoNames(pub(super) String, pub(super) String);

/// Two names, or why they cannot be read.
pub(super) type TwoNamed = Result<TwoNames, ProblemResponse>;

impl FromRequestParts<App> for TwoNames {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemResponse> {
        match Path::<(String, String)>::from_request_parts(parts, app).await {
            Ok(Path((first, second))) => Ok(Self(first, second)),
            Err(_) => Err(Error::invalid(
                "the names in the path are not valid percent-encoded UTF-8",
            )
            .into()),
        }
    }
}

/// The participant who does it, or else the operator.
fn actor(by: Option<Credential>) -> Actor {
    by.map_or(Actor::Operator, Actor::Keyed)
}

/// Which page of messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before: the messages before those.
    after: Option<String>,
}

/// List what was written in a local room, also between two people: the latest page, oldest first;
/// `next` leads to the page before it.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/messages", tag = "messages",
    params(("name" = String, Path), HistoryQuery), security(("key" = [])),
    responses((status = 200, body = Page<Message>), BadRequest, NotFound)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    room: Named,
    query: Parameters<HistoryQuery>,
) -> HandlerResult<Json<Page<Message>>> {
    caller.need(Scope::ChatRead)?;
    let Name(room) = room?;
    let Query(query) = query?;
    let page = PageRequest::checked(query.limit, query.after)?;
    let context = &app.0.context;
    let input = chat::history::Input {
        room: room.parse()?,
        reader: Actor::Operator,
        page,
    };
    Ok(Json(chat::history::run(context, input).await?))
}

/// Follow what is written in a local room, also between two people: an event for every message that comes,
/// changes or goes from now on, or since the event with the id `Last-Event-ID`; of what happens in a room
/// the last 512 changes are kept for that. The event `current` says with its id from where it is told. The
/// last event is `end`, with a `StreamEnd`.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/messages:watch", tag = "messages",
    params(
        ("name" = String, Path),
        ("Last-Event-ID" = Option<String>, Header, description = "The id of the last event that is known"),
    ),
    security(("key" = [])),
    responses(
        (status = 200, body = MessageEvent, content_type = "text/event-stream", description = "The data of each event without a name"),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "What happened since that event is not kept any more"),
        BadRequest, NotFound, TooManyStreams,
    )
)]
pub(super) async fn watch(
    State(app): State<App>,
    room: Named,
    follower: Follower,
) -> HandlerResult<Response> {
    follower.need(Scope::ChatRead)?;
    let Name(room) = room?;
    let input = chat::tail::Input {
        room: room.parse()?,
        after: follower.last().map(str::parse).transpose()?,
    };
    let sent = |told: chat::tail::TailedMessage| {
        let event = match &told.event {
            Some(event) => SentEvent::news(event)?,
            None => SentEvent::current(),
        };
        Ok(event.with_id(&told.place))
    };
    let begin = async {
        let told = chat::tail::run(&app.0.context, input).await?;
        Ok(told.and_then(move |told| ready(sent(told))).boxed())
    };
    Ok(follower.tell(begin).await?)
}

/// A message to be written.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SendMessage {
    /// What it says.
    content: String,
    /// The participant it is for; everybody if absent.
    #[serde(default)]
    to: Option<String>,
    /// The participant who writes, with their key; the operator if absent.
    #[serde(default)]
    from: Option<Credential>,
}

/// Write a message.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/messages", tag = "messages", params(("name" = String, Path)),
    request_body = SendMessage, security(("key" = [])),
    responses(
        (status = 201, body = Message),
        (status = 403, body = ProblemBody, content_type = PROBLEM_JSON, description = "Not the participant's key"),
        BadRequest, NotFound,
    )
)]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    room: Named,
    body: BodySent<SendMessage>,
) -> HandlerResult<(StatusCode, Json<Message>)> {
    caller.need(Scope::ChatWrite)?;
    let Name(room) = room?;
    let Body(body) = body?;
    let input = chat::send::Input {
        room: room.parse()?,
        by: actor(body.from),
        to: body.to.unwrap_or_else(|| EVERYONE.to_owned()),
        content: body.content,
        client_id: None,
    };
    let sent = chat::send::run(&app.0.context, input).await?;
    Ok((StatusCode::CREATED, Json(sent)))
}

/// Show a message.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/messages/{id}", tag = "messages",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 200, body = Message), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<Json<Message>> {
    caller.need(Scope::ChatRead)?;
    let TwoNames(room, id) = names?;
    let room = room.parse()?;
    let input = chat::show::Input { room, id };
    Ok(Json(chat::show::run(&app.0.context, input).await?))
}

/// What a message is to say from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EditMessage {
    /// What.
    content: String,
    /// Its author, with their key; the operator if absent.
    #[serde(default)]
    from: Option<Credential>,
}

/// Let a message say something else.
#[utoipa::path(
    patch, path = "/v1/rooms/{name}/messages/{id}", tag = "messages",
    params(("name" = String, Path), ("id" = String, Path)),
    request_body = EditMessage, security(("key" = [])),
    responses(
        (status = 200, body = Message),
        (status = 403, body = ProblemBody, content_type = PROBLEM_JSON, description = "Not the author"),
        BadRequest, NotFound,
    )
)]
pub(super) async fn edit(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
    body: BodySent<EditMessage>,
) -> HandlerResult<Json<Message>> {
    caller.need(Scope::ChatWrite)?;
    let TwoNames(room, id) = names?;
    let Body(body) = body?;
    let input = chat::edit::Input {
        room: room.parse()?,
        by: actor(body.from),
        message: id,
        content: body.content,
    };
    let edited = chat::edit::run(&app.0.context, input).await?;
    Ok(Json(edited))
}

/// Remove a message. Returns it as it was last.
#[utoipa::path(
    delete, path = "/v1/rooms/{name}/messages/{id}", tag = "messages",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses((status = 200, body = Message), BadRequest, NotFound)
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
) -> HandlerResult<Json<Message>> {
    caller.need(Scope::ChatWrite)?;
    let TwoNames(room, id) = names?;
    let input = chat::delete::Input {
        room: room.parse()?,
        by: Actor::Operator,
        message: id,
    };
    Ok(Json(chat::delete::run(&app.0.context, input).await?))
}
