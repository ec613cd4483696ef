//! `/webhooks/{vendor}`: what vendors tell by themselves. Who sent it is known by signature or
//! secret, not by an API key.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, RawQuery, Request, State};
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use super::address::ClientAddress;
use super::error::{HandlerResult, PROBLEM_JSON, ProblemBody, ProblemResponse};
use super::problems::{BadRequest, NotListenedTo};
use crate::commands::webhook::receive::{self, Received};
use crate::error::{Error, Kind};
use crate::model::BackendName;
use crate::model::callback::RawCallback;

/// What the vendor is told.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ReceivedCallback)]
struct Receipt {
    /// Whether it came for the first time.
    new: bool,
}

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(receive))
}

/// Take what a vendor tells.
#[utoipa::path(
    post, path = "/webhooks/{vendor}", tag = "webhooks", request_body = Object,
    params(
        ("vendor" = String, Path, description = "daily, 100ms, opentok or bandwidth"),
        ("secret" = Option<String>, Query, description = "Of vendors that sign nothing"),
    ),
    responses(
        (status = 200, body = Receipt),
        (status = 401, body = ProblemBody, content_type = PROBLEM_JSON, description = "The signature or secret is wrong"),
        (status = 404, body = ProblemBody, content_type = PROBLEM_JSON, description = "There is no such vendor"),
        BadRequest, NotListenedTo,
    )
)]
async fn receive(
    State(app): State<App>,
    Path(vendor): Path<String>,
    address: Option<axum::Extension<ClientAddress>>,
    RawQuery(query): RawQuery,
    request: Request,
) -> HandlerResult<Json<Receipt>> {
    let told = take(&app, &vendor, query, request).await;
    // Who is not known to be the vendor uses up what their address may; deliveries of vendors count
    // for nothing, whoever else sends from there.
    let is_known = match &told {
        Ok(Received::Trial) => false,
        Ok(Received::Kept | Received::Known) => true,
        Err(problem) => {
            problem.status.is_server_error() && problem.error.kind() != Kind::Unsupported
        }
    };
    if !is_known {
        app.0
            .limit
            .check_address(address.map(|address| address.0))?;
    }
    Ok(Json(Receipt {
        new: told? == Received::Kept,
    }))
}

/// Who sent it is asked first: one hash is cheap. What goes to no vendor is not even read.
async fn take(
    app: &App,
    vendor: &str,
    query: Option<String>,
    request: Request,
) -> HandlerResult<Received> {
    let backend = named(vendor)?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, app).await?;
    let secret = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(name, _)| name == "secret")
        .map(|(_, value)| value.into_owned());
    let header = |name: &str| {
        let value = headers.get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let raw = RawCallback {
        header: &header,
        secret: secret.as_deref(),
        body: &body,
    };
    Ok(receive::run(&app.0.context, receive::Input { backend, raw }).await?)
}

fn named(vendor: &str) -> HandlerResult<BackendName> {
    let name = if vendor == "100ms" {
        "hundred_ms"
    } else {
        vendor
    };
    match name.parse() {
        Ok(BackendName::Local) | Err(_) => Err(ProblemResponse {
            status: StatusCode::NOT_FOUND,
            error: Error::not_found(
                "there is no such vendor; use daily, 100ms, opentok or bandwidth",
            ),
        }),
        Ok(backend) => Ok(backend),
    }
}
