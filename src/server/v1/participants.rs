//! `/v1/rooms/{name}/participants/{id}…`: what operators do with people in local rooms.

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::IntoParams;

use super::Parameters;
use super::messages::Names;
use crate::commands::participant;
use crate::model::Page;
use crate::model::key::Scope;
use crate::model::meeting::{Actor, Person};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::Name;
use crate::server::error::{Answer, ProblemBody};

/// List who is, was or waits in a local room, in the order they came.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/people", tag = "rooms",
    params(("name" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Page<Person>),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    Name(room): Name,
) -> Answer<Json<Page<Person>>> {
    caller.need(Scope::RoomsRead)?;
    let items = participant::list::run(&app.0.context, &room).await?;
    Ok(Json(Page::all(items)))
}

/// How somebody is sent out.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct KickQuery {
    /// For good?
    #[serde(default)]
    ban: bool,
}

/// Send somebody out of a local room.
#[utoipa::path(
    delete, path = "/v1/rooms/{name}/participants/{id}", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path), KickQuery), security(("key" = [])),
    responses(
        (status = 204, description = "They are out"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn kick(
    State(app): State<App>,
    caller: Caller,
    Names(room, id): Names,
    query: Parameters<KickQuery>,
) -> Answer<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    let Query(query) = query?;
    participant::kick::run(&app.0.context, &room, Actor::Operator, id, query.ban).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ask somebody to turn off their microphone.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/mute", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 204, description = "They are asked"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn mute(
    State(app): State<App>,
    caller: Caller,
    Names(room, id): Names,
) -> Answer<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    participant::mute::run(&app.0.context, &room, Actor::Operator, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Let somebody in who waits.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/admit", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 204, description = "They are in"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn admit(
    State(app): State<App>,
    caller: Caller,
    Names(room, id): Names,
) -> Answer<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    participant::admit::run(&app.0.context, &room, Actor::Operator, id, true).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make somebody a host.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/participants/{id}/promote", tag = "rooms",
    params(("name" = String, Path), ("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 204, description = "They run the room"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn promote(
    State(app): State<App>,
    caller: Caller,
    Names(room, id): Names,
) -> Answer<StatusCode> {
    caller.need(Scope::RoomsWrite)?;
    participant::promote::run(&app.0.context, &room, Actor::Operator, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
