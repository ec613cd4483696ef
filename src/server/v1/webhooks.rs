//! `/v1/webhooks…`

use axum::Json;
use axum::extract::{Query, State};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Parameters;
use crate::commands::webhook;
use crate::model::callback::WebhookDelivery;
use crate::model::key::Scope;
use crate::model::{BackendName, Page};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::problems::{BadRequest, NotFound, NotListenedTo};

/// Which page of deliveries.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Only those of this vendor.
    backend: Option<BackendName>,
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List what vendors told.
#[utoipa::path(
    get, path = "/v1/webhooks", tag = "webhooks", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<WebhookDelivery>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<WebhookDelivery>>> {
    caller.need(Scope::WebhooksRead)?;
    let Query(query) = query?;
    let input = webhook::list::Input {
        backend: query.backend,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(webhook::list::run(&app.0.context, input).await?))
}

/// Show a delivery.
#[utoipa::path(
    get, path = "/v1/webhooks/{id}", tag = "webhooks", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = WebhookDelivery), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<WebhookDelivery>> {
    caller.need(Scope::WebhooksRead)?;
    let Name(id) = id?;
    Ok(Json(webhook::show::run(&app.0.context, id.into()).await?))
}

/// Note once more what a delivery says.
#[utoipa::path(
    post, path = "/v1/webhooks/{id}/replay", tag = "webhooks", params(("id" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = WebhookDelivery),
        (status = 502, body = ProblemBody, content_type = PROBLEM_JSON, description = "It cannot be understood"),
        NotFound, NotListenedTo,
    )
)]
pub(super) async fn replay(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<WebhookDelivery>> {
    caller.need(Scope::WebhooksWrite)?;
    let Name(id) = id?;
    Ok(Json(webhook::replay::run(&app.0.context, id.into()).await?))
}
