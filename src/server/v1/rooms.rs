//! `/v1/rooms…`

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::PlannedOrDone::{self, Planned};
use super::{Backend, BackendAndDryRun, DryRun, Parameters, TimedRunQuery};
use crate::commands::room;
use crate::commands::room::history::RoomMoment;
use crate::error::Error;
use crate::model::key::Scope;
use crate::model::meeting::Actor;
use crate::model::report::DeleteReport;
use crate::model::{BackendName, Page, Room, Since};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::idempotency::IdempotentRequest;
use crate::server::problems::{BadRequest, NotFound};

/// Which page of rooms.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Where the rooms live; the configured backend if absent.
    backend: Option<BackendName>,
    /// At most so many rooms, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List rooms.
#[utoipa::path(
    get, path = "/v1/rooms", tag = "rooms", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<Room>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Room>>> {
    caller.need(Scope::RoomsRead)?;
    let Query(query) = query?;
    let input = room::list::Input {
        backend: query.backend,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(room::list::run(&app.0.context, input).await?))
}

/// Create a room.
#[utoipa::path(
    post, path = "/v1/rooms", tag = "rooms", request_body = room::create::Input,
    params(DryRun),
    security(("key" = [])),
    responses(
        (status = 200, body = room::create::Plan, description = "With dry_run: what would be made"),
        (status = 201, body = Room),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "The name is taken"),
        BadRequest,
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    idempotent: Option<Extension<IdempotentRequest>>,
    input: BodySent<room::create::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::RoomsWrite)?;
    let Body(mut input) = input?;
    let context = &app.0.context;
    if query?.dry_run {
        return Ok(Json(room::create::plan(context, input).await?).into_response());
    }
    if let Some(Extension(request)) = idempotent {
        input.exist_ok |= request.repeated;
        input.resolve_times(request.since)?;
        input.name.get_or_insert(request.name);
    }
    let room = room::create::run(context, input).await?;
    Ok((StatusCode::CREATED, Json(room)).into_response())
}

/// Show a room.
#[utoipa::path(
    get, path = "/v1/rooms/{name}", tag = "rooms", params(("name" = String, Path), Backend),
    security(("key" = [])),
    responses((status = 200, body = Room), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<Backend>,
) -> HandlerResult<Json<Room>> {
    caller.need(Scope::RoomsRead)?;
    let Name(name) = name?;
    let input = room::show::Input {
        name,
        backend: query?.backend,
    };
    Ok(Json(room::show::run(&app.0.context, input).await?))
}

/// Change a room's settings.
#[utoipa::path(
    patch, path = "/v1/rooms/{name}", tag = "rooms", request_body = room::update::RoomChanges,
    params(("name" = String, Path), BackendAndDryRun), security(("key" = [])),
    responses((status = 200, body = Room), BadRequest, NotFound)
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<BackendAndDryRun>,
    changes: BodySent<room::update::RoomChanges>,
) -> HandlerResult<Json<Room>> {
    caller.need(Scope::RoomsWrite)?;
    let Name(name) = name?;
    let Body(changes) = changes?;
    let Query(query) = query?;
    let context = &app.0.context;
    let input = room::update::Input {
        name: name.parse()?,
        backend: query.backend,
        changes,
    };
    Ok(Json(if query.dry_run {
        room::update::plan(context, input).await?
    } else {
        room::update::run(context, input).await?
    }))
}

/// Delete a room, sending everyone out.
#[utoipa::path(
    delete, path = "/v1/rooms/{name}", tag = "rooms", params(("name" = String, Path), BackendAndDryRun),
    security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<room::delete::Plan, DeleteReport>, description = "What became of it; with dry_run the plan"),
        NotFound,
    )
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<BackendAndDryRun>,
) -> HandlerResult<Response> {
    caller.need(Scope::RoomsWrite)?;
    let Name(name) = name?;
    let Query(query) = query?;
    let context = &app.0.context;
    let input = room::delete::Input {
        names: vec![name],
        backend: query.backend,
        part: None,
    };
    let plan = room::delete::plan(context, input)?;
    if query.dry_run {
        return Ok(Json(Planned::<_, DeleteReport>(plan)).into_response());
    }
    let report = room::delete::apply(context, plan).await?;
    match report.verdict(false) {
        Some(error) if error.kind() == crate::Kind::NotFound => Err(error.into()),
        verdict => Ok(reported::<room::delete::Plan>(report, verdict.as_ref())),
    }
}

/// A report with the status that its verdict deserves.
fn reported<P: Serialize>(report: DeleteReport, verdict: Option<&Error>) -> Response {
    let status = verdict.map_or(StatusCode::OK, |error| {
        crate::server::error::status(error.kind())
    });
    (status, Json(PlannedOrDone::<P, _>::Done(report))).into_response()
}

/// Send everyone out of a room; the room stays.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/end", tag = "rooms", params(("name" = String, Path), BackendAndDryRun),
    security(("key" = [])),
    responses((status = 200, body = room::end::Output), NotFound)
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<BackendAndDryRun>,
) -> HandlerResult<Json<room::end::Output>> {
    caller.need(Scope::RoomsWrite)?;
    let Name(name) = name?;
    let Query(query) = query?;
    let context = &app.0.context;
    let input = room::end::Input {
        name: name.parse()?,
        backend: query.backend,
        by: Actor::Operator,
    };
    Ok(Json(if query.dry_run {
        room::end::plan(context, input).await?
    } else {
        room::end::run(context, input).await?
    }))
}

/// How a room is locked.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LockQuery {
    /// Where the room lives; the configured backend if absent.
    backend: Option<BackendName>,
    /// Unlock it?
    #[serde(default)]
    lift: bool,
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Lock a local room: nobody new comes in, but for hosts by a token, until it is unlocked or the last one
/// goes.
#[utoipa::path(
    post, path = "/v1/rooms/{name}/lock", tag = "rooms", params(("name" = String, Path), LockQuery),
    security(("key" = [])),
    responses(
        (status = 200, body = room::lock::Output),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "Nobody is in it"),
        NotFound,
    )
)]
pub(super) async fn lock(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<LockQuery>,
) -> HandlerResult<Json<room::lock::Output>> {
    caller.need(Scope::RoomsWrite)?;
    let Name(name) = name?;
    let Query(query) = query?;
    let context = &app.0.context;
    let input = room::lock::Input {
        name: name.parse()?,
        backend: query.backend,
        by: Actor::Operator,
        lift: query.lift,
    };
    Ok(Json(if query.dry_run {
        room::lock::plan(context, input).await?
    } else {
        room::lock::run(context, input).await?
    }))
}

/// Delete rooms by their names, sending everyone out.
#[utoipa::path(
    post, path = "/v1/rooms:delete", tag = "rooms", request_body = room::delete::Input,
    params(TimedRunQuery), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<room::delete::Plan, DeleteReport>, description = "What became of each, missing ones included; with dry_run the plan"),
        (status = 207, body = DeleteReport, description = "Some could not be deleted"),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "The same rooms are being deleted"),
        BadRequest,
    )
)]
pub(super) async fn delete_named(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<TimedRunQuery>,
    input: BodySent<room::delete::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::RoomsWrite)?;
    let Body(input) = input?;
    let Query(query) = query?;
    let context = &app.0.context;
    let plan = room::delete::plan(context, input)?;
    if query.dry_run {
        return Ok(Json(Planned::<_, DeleteReport>(plan)).into_response());
    }
    let until = query.until(&app);
    let plan = room::delete::Plan { until, ..plan };
    let report = room::delete::apply(context, plan).await?;
    let verdict = report.verdict(true);
    Ok(reported::<room::delete::Plan>(report, verdict.as_ref()))
}

/// Which part of a room's history.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct HistoryQuery {
    /// Where the room is; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only what happened since then: an RFC 3339 time, `1h` ago, the last `14:00` (UTC).
    #[param(value_type = Option<String>)]
    since: Option<Since>,
}

/// Tell who came into a room, who went and why, and which calls took place, the oldest first.
#[utoipa::path(
    get, path = "/v1/rooms/{name}/history", tag = "rooms",
    params(("name" = String, Path), HistoryQuery), security(("key" = [])),
    responses((status = 200, body = Page<RoomMoment>), NotFound)
)]
pub(super) async fn history(
    State(app): State<App>,
    caller: Caller,
    name: Named,
    query: Parameters<HistoryQuery>,
) -> HandlerResult<Json<Page<RoomMoment>>> {
    // It tells what sessions and calls tell.
    caller.need(Scope::SessionsRead)?;
    caller.need(Scope::CallsRead)?;
    let Name(room) = name?;
    let Query(query) = query?;
    let context = &app.0.context;
    let input = room::history::Input {
        room,
        backend: query.backend,
        since: query.since.map(|since| since.from(context.clock.now())),
    };
    Ok(Json(Page::all(room::history::run(context, input).await?)))
}

/// Delete the rooms that match a filter.
#[utoipa::path(
    post, path = "/v1/rooms:prune", tag = "rooms", request_body = room::prune::Input,
    params(TimedRunQuery), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<room::prune::Plan, DeleteReport>, description = "What became of each; with dry_run the plan"),
        (status = 207, body = DeleteReport, description = "Some could not be deleted"),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "A safety limit was hit, or another prune is at work"),
        BadRequest,
    )
)]
pub(super) async fn prune(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<TimedRunQuery>,
    input: BodySent<room::prune::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::RoomsWrite)?;
    let Body(input) = input?;
    let Query(query) = query?;
    let context = &app.0.context;
    let plan = room::prune::plan(context, input).await?;
    if query.dry_run {
        return Ok(Json(Planned::<_, DeleteReport>(plan)).into_response());
    }
    let until = query.until(&app);
    let plan = room::prune::Plan { until, ..plan };
    let report = room::prune::apply(context, plan).await?;
    let verdict = report.verdict(true);
    Ok(reported::<room::prune::Plan>(report, verdict.as_ref()))
}
