//! `/v1/recordings…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{Backend, BackendAndDryRun, DryRun, Parameters, PlannedOrDone};
use crate::commands::recording;
use crate::model::key::Scope;
use crate::model::recording::{Recording, RecordingLink};
use crate::model::{BackendName, Page};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody, status};
use crate::server::problems::{BadRequest, DeletesNoRecordings, NotFound, RecordsNothing};

/// Which page of recordings.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Where they were made; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only those of this room.
    room: Option<String>,
    /// About so many, 1 to 1000; 100 if absent. A vendor's smallest page may be larger.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List recordings, the newest first.
#[utoipa::path(
    get, path = "/v1/recordings", tag = "recordings", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<Recording>), BadRequest, RecordsNothing)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Recording>>> {
    caller.need(Scope::RecordingsRead)?;
    let Query(query) = query?;
    let input = recording::list::Input {
        backend: query.backend,
        room: query.room,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(recording::list::run(&app.0.context, input).await?))
}

/// Begin to record a room.
#[utoipa::path(
    post, path = "/v1/recordings", tag = "recordings", request_body = recording::start::Input,
    params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = recording::start::Plan, description = "With dry_run: what would be recorded"),
        (status = 201, body = Recording),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "It is recorded already"),
        BadRequest, NotFound, RecordsNothing,
    )
)]
pub(super) async fn start(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    input: BodySent<recording::start::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::RecordingsWrite)?;
    let Body(input) = input?;
    let context = &app.0.context;
    if query?.dry_run {
        return Ok(Json(recording::start::plan(context, input).await?).into_response());
    }
    let recording = recording::start::run(context, input).await?;
    Ok((StatusCode::CREATED, Json(recording)).into_response())
}

/// Show a recording.
#[utoipa::path(
    get, path = "/v1/recordings/{id}", tag = "recordings", params(("id" = String, Path), Backend),
    security(("key" = [])),
    responses((status = 200, body = Recording), NotFound, RecordsNothing)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<Backend>,
) -> HandlerResult<Json<Recording>> {
    caller.need(Scope::RecordingsRead)?;
    let Name(id) = id?;
    let backend = query?.backend;
    let input = recording::show::Input { id, backend };
    Ok(Json(recording::show::run(&app.0.context, input).await?))
}

/// End a recording; the file comes later.
#[utoipa::path(
    post, path = "/v1/recordings/{id}/stop", tag = "recordings",
    params(("id" = String, Path), BackendAndDryRun), security(("key" = [])),
    responses(
        (status = 200, body = Recording),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "It is over already"),
        NotFound, RecordsNothing,
    )
)]
pub(super) async fn stop(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<BackendAndDryRun>,
) -> HandlerResult<Json<Recording>> {
    caller.need(Scope::RecordingsWrite)?;
    let Name(id) = id?;
    let Query(query) = query?;
    let context = &app.0.context;
    let backend = query.backend;
    let input = recording::stop::Input { id, backend };
    Ok(Json(if query.dry_run {
        recording::show::run(context, input).await?
    } else {
        recording::stop::run(context, input).await?
    }))
}

/// Make a link to a recording's file.
#[utoipa::path(
    get, path = "/v1/recordings/{id}/url", tag = "recordings",
    params(("id" = String, Path), Backend), security(("key" = [])),
    responses(
        (status = 200, body = RecordingLink),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "There is no file yet"),
        NotFound, RecordsNothing,
    )
)]
pub(super) async fn link(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<Backend>,
) -> HandlerResult<Json<RecordingLink>> {
    caller.need(Scope::RecordingsRead)?;
    let Name(id) = id?;
    let backend = query?.backend;
    let input = recording::link::Input { id, backend };
    Ok(Json(recording::link::run(&app.0.context, input).await?))
}

/// Delete a recording.
#[utoipa::path(
    delete, path = "/v1/recordings/{id}", tag = "recordings",
    params(("id" = String, Path), BackendAndDryRun), security(("key" = [])),
    responses(
        (status = 200, body = Recording, description = "What it was"),
        NotFound, DeletesNoRecordings,
    )
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<BackendAndDryRun>,
) -> HandlerResult<Json<Recording>> {
    caller.need(Scope::RecordingsWrite)?;
    let Name(id) = id?;
    let Query(query) = query?;
    let context = &app.0.context;
    let backend = query.backend;
    let input = recording::delete::Input { id, backend };
    Ok(Json(if query.dry_run {
        recording::delete::plan(context, input).await?
    } else {
        recording::delete::run(context, input).await?
    }))
}

/// Delete old recordings.
#[utoipa::path(
    post, path = "/v1/recordings:prune", tag = "recordings",
    request_body = recording::prune::Input, params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<recording::prune::Plan, recording::prune::Report>, description = "What became of each; with dry_run the plan"),
        (status = 207, body = recording::prune::Report, description = "Some could not be deleted"),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "A safety limit was hit"),
        BadRequest, DeletesNoRecordings,
    )
)]
pub(super) async fn prune(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    input: BodySent<recording::prune::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::RecordingsWrite)?;
    let Body(input) = input?;
    let context = &app.0.context;
    let plan = recording::prune::plan(context, input).await?;
    if query?.dry_run {
        return Ok(Json(plan).into_response());
    }
    let report = recording::prune::apply(context, plan).await?;
    let verdict = report.verdict();
    let code = verdict.map_or(StatusCode::OK, |error| status(error.kind()));
    Ok((code, Json(report)).into_response())
}
