//! `/v1/push…`

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};

use super::{DryRun, Parameters, PlannedOrDone};
use crate::commands::push::{key, rotate};
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::{Caller, admit_anybody};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};

/// The key that browsers subscribe with; for everybody.
#[utoipa::path(
    get, path = "/v1/push/key", tag = "devices",
    responses(
        (status = 200, body = key::PushKey),
        (status = 429, body = ProblemBody, content_type = PROBLEM_JSON),
    )
)]
pub(super) async fn show_key(
    State(app): State<App>,
    parts: Parts,
) -> HandlerResult<Json<key::PushKey>> {
    admit_anybody(&app, &parts)?;
    Ok(Json(key::run(&app.0.context).await?))
}

/// Replace the key that browsers subscribe with: none can be rung until it subscribes anew.
#[utoipa::path(
    post, path = "/v1/push/key/rotate", tag = "devices", params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<rotate::Plan, rotate::Output>),
        (status = 501, body = ProblemBody, content_type = PROBLEM_JSON, description = "The configuration names the key"),
    )
)]
pub(super) async fn rotate_key(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
) -> HandlerResult<Response> {
    // Who may take every device away may silence them all.
    caller.need(Scope::DevicesWrite)?;
    let context = &app.0.context;
    if query?.dry_run {
        return Ok(Json(rotate::plan(context).await?).into_response());
    }
    Ok(Json(rotate::run(context).await?).into_response())
}
