//! `/v1/users…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::IntoParams;

use super::{DryRun, Parameters};
use crate::commands::user;
use crate::model::Page;
use crate::model::key::Scope;
use crate::model::user::User;
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::problems::{BadRequest, NotFound};

/// Which page of users.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// At most so many users, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List users, by id.
#[utoipa::path(
    get, path = "/v1/users", tag = "users", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<User>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<User>>> {
    caller.need(Scope::UsersRead)?;
    let Query(query) = query?;
    let input = user::list::Input {
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(user::list::run(&app.0.context, input).await?))
}

/// Create a user.
#[utoipa::path(
    post, path = "/v1/users", tag = "users", request_body = user::create::Input,
    params(DryRun), security(("key" = [])),
    responses(
        (status = 200, body = user::create::Plan, description = "With dry_run: what would be made"),
        (status = 201, body = User),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "The id is taken"),
        BadRequest,
    )
)]
pub(super) async fn create(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    input: BodySent<user::create::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::UsersWrite)?;
    let Body(input) = input?;
    let context = &app.0.context;
    if query?.dry_run {
        return Ok(Json(user::create::plan(context, input).await?).into_response());
    }
    let user = user::create::run(context, input).await?;
    Ok((StatusCode::CREATED, Json(user)).into_response())
}

/// Show a user.
#[utoipa::path(
    get, path = "/v1/users/{id}", tag = "users", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = User), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<User>> {
    caller.need(Scope::UsersRead)?;
    let Name(id) = id?;
    Ok(Json(
        user::show::run(&app.0.context, user::show::Input { id: id.parse()? }).await?,
    ))
}

/// Change what is known of a user.
#[utoipa::path(
    patch, path = "/v1/users/{id}", tag = "users", request_body = user::update::UserChanges,
    params(("id" = String, Path), DryRun), security(("key" = [])),
    responses((status = 200, body = User), BadRequest, NotFound)
)]
pub(super) async fn update(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<DryRun>,
    changes: BodySent<user::update::UserChanges>,
) -> HandlerResult<Json<User>> {
    caller.need(Scope::UsersWrite)?;
    let Name(id) = id?;
    let Body(changes) = changes?;
    let context = &app.0.context;
    let dry_run = query?.dry_run;
    let id = id.parse()?;
    let input = user::update::Input { id, changes };
    Ok(Json(if dry_run {
        user::update::plan(context, input).await?
    } else {
        user::update::run(context, input).await?
    }))
}

/// Delete a user.
#[utoipa::path(
    delete, path = "/v1/users/{id}", tag = "users", params(("id" = String, Path), DryRun),
    security(("key" = [])),
    responses((status = 200, body = User, description = "What was deleted"), NotFound)
)]
pub(super) async fn delete(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<DryRun>,
) -> HandlerResult<Json<User>> {
    caller.need(Scope::UsersWrite)?;
    let Name(id) = id?;
    let context = &app.0.context;
    let dry_run = query?.dry_run;
    let input = user::delete::Input { id: id.parse()? };
    Ok(Json(if dry_run {
        user::delete::plan(context, input).await?
    } else {
        user::delete::run(context, input).await?
    }))
}
