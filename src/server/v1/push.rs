//! `/v1/push…`

use axum::Json;
use axum::extract::State;
use axum::http::request::Parts;

use crate::commands::push::key;
use crate::server::App;
use crate::server::auth::admit_anybody;
use crate::server::error::{HandlerResult, ProblemBody};

/// The key that browsers subscribe with; for everybody.
#[utoipa::path(
    get, path = "/v1/push/key", tag = "devices",
    responses(
        (status = 200, body = key::PushKey),
        (status = 429, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show_key(
    State(app): State<App>,
    parts: Parts,
) -> HandlerResult<Json<key::PushKey>> {
    admit_anybody(&app, &parts)?;
    Ok(Json(key::run(&app.0.context).await?))
}
