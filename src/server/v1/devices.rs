//! `/v1/devices…`

use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DryRun, Parameters, PlannedOrDone};
use crate::commands::device;
use crate::model::Page;
use crate::model::device::Device;
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, Name};
use crate::server::error::{HandlerResult, ProblemBody};

/// Which page of devices.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List devices, by id.
#[utoipa::path(
    get, path = "/v1/devices", tag = "devices", params(ListQuery), security(("key" = [])),
    responses(
        (status = 200, body = Page<Device>),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Device>>> {
    caller.need(Scope::DevicesRead)?;
    let Query(query) = query?;
    let input = device::list::Input {
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(device::list::run(&app.0.context, input).await?))
}

/// Register a device, or refresh what is known of it; the same token is the same device.
#[utoipa::path(
    post, path = "/v1/devices", tag = "devices", request_body = device::register::Input,
    params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<device::register::Plan, Device>, description = "The device; with dry_run only its id"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "There is no such user"),
    )
)]
pub(super) async fn register(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    Body(input): Body<device::register::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::DevicesWrite)?;
    let context = &app.0.context;
    if query?.dry_run {
        let plan = device::register::plan(context, &input).await?;
        return Ok(Json(plan).into_response());
    }
    Ok(Json(device::register::run(context, input).await?).into_response())
}

/// Show a device.
#[utoipa::path(
    get, path = "/v1/devices/{id}", tag = "devices", params(("id" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = Device),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
) -> HandlerResult<Json<Device>> {
    caller.need(Scope::DevicesRead)?;
    Ok(Json(device::show::run(&app.0.context, id.into()).await?))
}

/// Delete a device; a call that it is in ends first.
#[utoipa::path(
    delete, path = "/v1/devices/{id}", tag = "devices", params(("id" = String, Path), DryRun),
    security(("key" = [])),
    responses(
        (status = 200, body = Device, description = "What it was"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
    query: Parameters<DryRun>,
) -> HandlerResult<Json<Device>> {
    caller.need(Scope::DevicesWrite)?;
    let context = &app.0.context;
    Ok(Json(if query?.dry_run {
        device::delete::plan(context, id.into()).await?
    } else {
        device::delete::run(context, id.into()).await?
    }))
}
