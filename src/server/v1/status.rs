//! `/v1/status`

use axum::Json;
use axum::extract::State;

use crate::commands::status;
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::error::HandlerResult;

/// Show what the worker has done and has to do.
#[utoipa::path(
    get, path = "/v1/status", tag = "worker", security(("key" = [])),
    responses((status = 200, body = status::Status))
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
) -> HandlerResult<Json<status::Status>> {
    caller.need(Scope::Status)?;
    Ok(Json(status::run(&app.0.context).await?))
}
