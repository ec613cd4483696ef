//! `/v1/devices…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};

use super::calls::arrive;
use super::{DryRun, PageQuery, Parameters, PlannedOrDone};
use crate::commands::device;
use crate::commands::participant::identify;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::Page;
use crate::model::device::{Device, Platform};
use crate::model::key::Scope;
use crate::server::App;
use crate::server::auth::{Caller, bearer};
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody, ProblemResponse};
use crate::server::problems::{BadRequest, NotFound};

/// List devices, by id.
#[utoipa::path(
    get, path = "/v1/devices", tag = "devices", params(PageQuery), security(("key" = [])),
    responses((status = 200, body = Page<Device>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<PageQuery>,
) -> HandlerResult<Json<Page<Device>>> {
    let person = caller.need_own(Scope::DevicesRead)?;
    let Query(query) = query?;
    if let Some(person) = person {
        let user = person.user.clone();
        let own = device::own::run(&app.0.context, device::own::Input { user }).await?;
        return Ok(Json(Page::all(own)));
    }
    let input = device::list::Input {
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(device::list::run(&app.0.context, input).await?))
}

/// Register a device, or refresh what is known of it; the same token or subscription is the same device.
/// A page that came with a join token naming a user may register that user's browser with that token in the
/// place of an API key.
#[utoipa::path(
    post, path = "/v1/devices", tag = "devices", request_body = device::register::Input,
    params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<device::register::Plan, Device>, description = "The device; with dry_run only its id"),
        (status = 404, body = ProblemBody, content_type = PROBLEM_JSON, description = "There is no such user"),
        BadRequest,
    )
)]
pub(super) async fn register(
    State(app): State<App>,
    caller: Result<Caller, ProblemResponse>,
    headers: HeaderMap,
    query: Parameters<DryRun>,
    input: BodySent<device::register::Input>,
) -> HandlerResult<Response> {
    let context = &app.0.context;
    let is_web = matches!(&input, Ok(Body(input)) if input.platform == Platform::Web);
    let guest = if is_web {
        guest(context, &caller, &headers).await?
    } else {
        None
    };
    let caller = match guest {
        Some(_) => Caller::Anybody,
        None => caller?,
    };
    let person = caller.need_own(Scope::DevicesWrite)?;
    let Body(mut input) = input?;
    let dry_run = query?.dry_run;
    if guest.is_some() {
        input.user_id = guest;
    }
    if let Some(person) = person {
        input.user_id = Some(person.user.to_string());
        if !dry_run {
            arrive(context, person).await?;
        }
    }
    if dry_run {
        let plan = device::register::plan(context, input).await?;
        return Ok(Json(plan).into_response());
    }
    Ok(Json(device::register::run(context, input).await?).into_response())
}

/// The user whose browser a page may register that came with a join token, and with nothing better.
async fn guest(
    context: &Context,
    caller: &Result<Caller, ProblemResponse>,
    headers: &HeaderMap,
) -> Result<Option<String>> {
    let unknown = match caller {
        Ok(caller) => matches!(caller, Caller::Anybody),
        Err(refused) => refused.error.kind() == Kind::Unauthenticated,
    };
    // No API key has a dot.
    let token = bearer(headers).filter(|text| unknown && text.contains('.'));
    let Some(token) = token else {
        return Ok(None);
    };
    let input = identify::Input {
        token: token.to_owned(),
    };
    let identity = identify::run(context, input).await?;
    Ok(identity.map(|identity| identity.user))
}

/// Show a device.
#[utoipa::path(
    get, path = "/v1/devices/{id}", tag = "devices", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = Device), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<Device>> {
    let person = caller.need_own(Scope::DevicesRead)?;
    let Name(id) = id?;
    let context = &app.0.context;
    if let Some(person) = person {
        return Ok(Json(device::own::one(context, &id, &person.user).await?));
    }
    Ok(Json(device::show::run(context, id.into()).await?))
}

/// Delete a device; a call that it is in ends first.
#[utoipa::path(
    delete, path = "/v1/devices/{id}", tag = "devices", params(("id" = String, Path), DryRun),
    security(("key" = [])),
    responses((status = 200, body = Device, description = "What it was"), NotFound)
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<DryRun>,
) -> HandlerResult<Json<Device>> {
    let person = caller.need_own(Scope::DevicesWrite)?;
    let Name(id) = id?;
    let context = &app.0.context;
    if let Some(person) = person {
        device::own::one(context, &id, &person.user).await?;
    }
    Ok(Json(if query?.dry_run {
        device::delete::plan(context, id.into()).await?
    } else {
        device::delete::run(context, id.into()).await?
    }))
}
