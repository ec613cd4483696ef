//! `/v1/calls…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::{DryRun, Parameters};
use crate::commands::{call, device, issuer};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::Page;
use crate::model::call::{Call, PartyRef, Side};
use crate::model::key::Scope;
use crate::model::sign_in::SignedIn;
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::problems::{BadRequest, NotFound, RingsNoMore};

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
    responses((status = 200, body = Page<Call>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<Call>>> {
    let person = caller.need_own(Scope::CallsRead)?;
    let Query(query) = query?;
    if let Some(person) = person {
        let user = person.user.clone();
        if query.past {
            let input = call::past::Input {
                user,
                limit: query.limit,
                after: query.after,
            };
            return Ok(Json(call::past::run(&app.0.context, input).await?));
        }
        let own = call::own::run(&app.0.context, call::own::Input { user }).await?;
        return Ok(Json(Page::all(own)));
    }
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
        (status = 404, body = ProblemBody, content_type = PROBLEM_JSON, description = "Somebody is not known"),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "Somebody is in a call already, or no phone can be rung"),
        (status = 501, body = ProblemBody, content_type = PROBLEM_JSON, description = "This backend is not configured"),
        (status = 502, body = ProblemBody, content_type = PROBLEM_JSON, description = "The vendor failed; everything was undone"),
        BadRequest,
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    input: BodySent<call::create::Input>,
) -> HandlerResult<Response> {
    let person = caller.need_to_join(Scope::CallsWrite)?;
    let Body(mut input) = input?;
    let context = &app.0.context;
    let dry_run = query?.dry_run;
    if let Some(person) = person {
        input.caller = own_caller(context, input.caller, person).await?;
        if !dry_run {
            arrive(context, person).await?;
        }
    }
    if dry_run {
        let plan = call::create::plan(context, input).await;
        return Ok(Json(plan.map_err(Error::from)?).into_response());
    }
    input.minter = caller.minter();
    let started = call::create::run(context, input)
        .await
        .map_err(Error::from)?;
    Ok((StatusCode::CREATED, Json(started)).into_response())
}

/// A person calls as themselves, or from a device of theirs.
async fn own_caller(context: &Context, named: PartyRef, person: &SignedIn) -> Result<PartyRef> {
    if let PartyRef::Device(id) = named {
        device::own::one(context, &id, &person.user).await?;
        return Ok(PartyRef::Device(id));
    }
    Ok(PartyRef::User(person.user.to_string()))
}

/// Whoever calls or may be called must be known.
pub(in crate::server) async fn arrive(context: &Context, person: &SignedIn) -> Result<()> {
    let person = person.clone();
    issuer::arrive::run(context, issuer::arrive::Input { person }).await
}

/// Show a call.
#[utoipa::path(
    get, path = "/v1/calls/{id}", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = Call), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<Call>> {
    let person = caller.need_own(Scope::CallsRead)?;
    let Name(id) = id?;
    let context = &app.0.context;
    if let Some(person) = person {
        return Ok(Json(call::own::side(context, &id, &person.user).await?.0));
    }
    Ok(Json(call::show::run(context, id.into()).await?))
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
    responses((status = 200, body = call::accept::Accepted), NotFound, RingsNoMore)
)]
pub(super) async fn accept(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    body: BodySent<AnswerCall>,
) -> HandlerResult<Json<call::accept::Accepted>> {
    let person = caller.need_to_join(Scope::CallsWrite)?;
    let Name(id) = id?;
    let Body(body) = body?;
    let input = call::accept::Input {
        call: id,
        callee: person.map(|person| person.user.clone()),
        device: body.device,
        connection: None,
        minter: caller.minter(),
    };
    Ok(Json(call::accept::run(&app.0.context, input).await?))
}

/// Decline a call.
#[utoipa::path(
    post, path = "/v1/calls/{id}/decline", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = Call), NotFound, RingsNoMore)
)]
pub(super) async fn decline(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<Call>> {
    let person = caller.need_own(Scope::CallsWrite)?;
    let Name(id) = id?;
    let input = call::decline::Input {
        call: id,
        callee: person.map(|person| person.user.clone()),
        connection: None,
    };
    Ok(Json(call::decline::run(&app.0.context, input).await?))
}

/// Give up before it is answered.
#[utoipa::path(
    post, path = "/v1/calls/{id}/cancel", tag = "calls", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = Call), NotFound, RingsNoMore)
)]
pub(super) async fn cancel(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<Call>> {
    let person = caller.need_own(Scope::CallsWrite)?;
    let Name(id) = id?;
    let context = &app.0.context;
    if let Some(person) = person {
        let (_, side) = call::own::side(context, &id, &person.user).await?;
        if side != Side::Caller {
            let what = "only who called gives up; decline the call instead";
            return Err(Error::new(Kind::Forbidden, what).into());
        }
    }
    Ok(Json(call::cancel::run(context, id.into()).await?))
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
    responses((status = 200, body = Call), NotFound)
)]
pub(super) async fn end(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    body: BodySent<EndCall>,
) -> HandlerResult<Json<Call>> {
    let person = caller.need_own(Scope::CallsWrite)?;
    let Name(id) = id?;
    let Body(body) = body?;
    let context = &app.0.context;
    let mut by = body.by;
    if let Some(person) = person {
        let (_, side) = call::own::side(context, &id, &person.user).await?;
        // Between two, whoever hangs up ends it; the part of the other alone is theirs.
        by = by.map(|_| side);
    }
    let input = call::end::Input { call: id, by };
    Ok(Json(call::end::run(context, input).await?))
}
