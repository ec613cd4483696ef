//! `/v1/calls…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{DryRun, Parameters};
use crate::commands::call;
use crate::error::Error;
use crate::model::Page;
use crate::model::call::{Call, Side};
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, Name};
use crate::server::error::{HandlerResult, ProblemBody};

/// Which page of calls.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those that are over and cleaned up, instead of those that are not.
    #[serde(default)]
    past: bool,
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List calls in the order they began.
#[utoipa::path(
    get, path = "/v1/calls", tag = "calls", params(ListQuery), security(("key" = [])),
    responses(
        (status = 200, body = Page<Call>),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Call>>> {
    caller.need(Scope::CallsRead)?;
    let Query(query) = query?;
    let input = call::list::Input {
        past: query.past,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(call::list::run(&app.0.context, input).await?))
}

/// Ring somebody.
#[utoipa::path(
    post, path = "/v1/calls", tag = "calls", request_body = call::create::Input, params(DryRun),
    security(("key" = [])),
    responses(
        (status = 200, body = call::create::Plan, description = "With dry_run: who would ring"),
        (status = 201, body = call::create::Started),
        (status = 400, body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, body = ProblemBody, content_type = "application/problem+json", description = "Somebody is not known"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "Somebody is in a call already, or no phone can be rung"),
        (status = 501, body = ProblemBody, content_type = "application/problem+json", description = "This backend is not configured"),
        (status = 502, body = ProblemBody, content_type = "application/problem+json", description = "The vendor failed; everything was undone"),
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    Body(input): Body<call::create::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::CallsWrite)?;
    caller.may_join()?;
    let context = &app.0.context;
    if query?.dry_run {
        let plan = call::create::plan(context, &input).await;
        return Ok(Json(plan.map_err(Error::from)?).into_response());
    }
    let started = call::create::run(context, input)
        .await
        .map_err(Error::from)?;
    Ok((StatusCode::CREATED, Json(started)).into_response())
}

/// Show a call.
#[utoipa::path(
    get, path = "/v1/calls/{id}", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = Call),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
) -> HandlerResult<Json<Call>> {
    caller.need(Scope::CallsRead)?;
    Ok(Json(call::show::run(&app.0.context, id.into()).await?))
}

/// Who answers.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerCall {
    /// The device that answers; the others of the person stop ringing, without it all of them.
    #[serde(default)]
    device: Option<String>,
}

/// Answer a call: the callee gets a token.
#[utoipa::path(
    post, path = "/v1/calls/{id}/accept", tag = "calls", request_body = AnswerCall,
    params(("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = call::accept::Accepted),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "It does not ring any more"),
    )
)]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
    Body(body): Body<AnswerCall>,
) -> HandlerResult<Json<call::accept::Accepted>> {
    caller.need(Scope::CallsWrite)?;
    caller.may_join()?;
    let input = call::accept::Input {
        call: id,
        callee: None,
        device: body.device,
        connection: None,
    };
    Ok(Json(call::accept::run(&app.0.context, input).await?))
}

/// Decline a call.
#[utoipa::path(
    post, path = "/v1/calls/{id}/decline", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = Call),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "It does not ring any more"),
    )
)]
pub(super) async fn decline(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
) -> HandlerResult<Json<Call>> {
    caller.need(Scope::CallsWrite)?;
    let input = call::decline::Input {
        call: id,
        callee: None,
        connection: None,
    };
    Ok(Json(call::decline::run(&app.0.context, input).await?))
}

/// Give up before it is answered.
#[utoipa::path(
    post, path = "/v1/calls/{id}/cancel", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = Call),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
        (status = 409, body = ProblemBody, content_type = "application/problem+json", description = "It does not ring any more"),
    )
)]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
) -> HandlerResult<Json<Call>> {
    caller.need(Scope::CallsWrite)?;
    Ok(Json(call::cancel::run(&app.0.context, id.into()).await?))
}

/// Who ends it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndCall {
    /// Only this side's part; the call is over when both have ended theirs. Both if absent.
    #[serde(default)]
    by: Option<Side>,
}

/// End a call, or one side's part in it; what is over stays as it is.
#[utoipa::path(
    post, path = "/v1/calls/{id}/end", tag = "calls", request_body = EndCall,
    params(("id" = String, Path)), security(("key" = [])),
    responses(
        (status = 200, body = Call),
        (status = 404, body = ProblemBody, content_type = "application/problem+json"),
    )
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    Name(id): Name,
    Body(body): Body<EndCall>,
) -> HandlerResult<Json<Call>> {
    caller.need(Scope::CallsWrite)?;
    let input = call::end::Input {
        call: id,
        by: body.by,
    };
    Ok(Json(call::end::run(&app.0.context, input).await?))
}
