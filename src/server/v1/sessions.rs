//! `/v1/sessions…` and the attendance of rooms

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Backend, Parameters};
use crate::commands::session;
use crate::model::key::Scope;
use crate::model::session::{Attendance, Session};
use crate::model::{BackendName, Page};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::problems::{BadRequest, HasNoHistory, NotFound};

/// Which page of sessions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Where they took place; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only those of this room.
    room: Option<String>,
    /// About so many, 1 to 1000; 100 if absent. A vendor's smallest page may be larger.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List sessions, the newest first.
#[utoipa::path(
    get, path = "/v1/sessions", tag = "sessions", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<Session>), BadRequest, HasNoHistory)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Session>>> {
    caller.need(Scope::SessionsRead)?;
    let Query(query) = query?;
    let input = session::list::Input {
        backend: query.backend,
        room: query.room,
        room_id: None,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(session::list::run(&app.0.context, input).await?))
}

/// Show a session.
#[utoipa::path(
    get, path = "/v1/sessions/{id}", tag = "sessions", params(("id" = String, Path), Backend),
    security(("key" = [])),
    responses((status = 200, body = Session), NotFound, HasNoHistory)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<Backend>,
) -> HandlerResult<Json<Session>> {
    caller.need(Scope::SessionsRead)?;
    let Name(id) = id?;
    let backend = query?.backend;
    let input = session::show::Input { id, backend };
    Ok(Json(session::show::run(&app.0.context, input).await?))
}

/// Which sessions of a room.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AttendanceQuery {
    /// Where the room is; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only this session.
    session: Option<String>,
    /// Every session instead of the latest.
    #[serde(default)]
    every: bool,
}

/// Say who was in a room's latest session, and for how long.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/attendance", tag = "sessions",
    params(("name" = String, Path), AttendanceQuery), security(("key" = [])),
    responses(
        (status = 200, body = Page<Attendance>),
        (status = 404, body = ProblemBody, content_type = PROBLEM_JSON, description = "The room had no session"),
        HasNoHistory,
    )
)]
pub(super) async fn attendance(
    State(app): State<App>,
    caller: Caller,
    room: Named,
    query: Parameters<AttendanceQuery>,
) -> HandlerResult<Json<Page<Attendance>>> {
    caller.need(Scope::SessionsRead)?;
    let Name(room) = room?;
    let Query(query) = query?;
    let input = session::attendance::Input {
        room,
        backend: query.backend,
        session: query.session,
        every: query.every,
    };
    let items = session::attendance::run(&app.0.context, input).await?;
    Ok(Json(Page::all(items)))
}
