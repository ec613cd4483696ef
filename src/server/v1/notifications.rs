//! `/v1/notifications…`

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use tracing::Instrument;
use utoipa::IntoParams;

use super::{DryRun, PageQuery, Parameters, PlannedOrDone, TimedRunQuery};
use crate::commands::notify;
use crate::commands::notify::inbox::InboxItem;
use crate::error::Error;
use crate::model::key::Scope;
use crate::model::notification::NotificationStatus;
use crate::model::{Page, Since};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::HandlerResult;
use crate::server::problems::{BadRequest, ChangedMeanwhile, NotFound};

/// Which page of notifications.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Those that cannot be sent as they are, instead of the queue.
    #[serde(default)]
    parked: bool,
    /// Those for this user or their devices, the delivered and the dead included.
    user: Option<String>,
    /// Those since then, the delivered and the dead included: an RFC 3339 time, `1h` ago, the last `14:00`
    /// (UTC).
    #[param(value_type = Option<String>)]
    since: Option<Since>,
    /// Only those that nobody could receive.
    #[serde(default)]
    dead: bool,
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// List the queue, what was parked, or what became of notifications.
#[utoipa::path(
    get, path = "/v1/notifications", tag = "notifications", params(ListQuery),
    security(("key" = [])),
    responses((status = 200, body = Page<NotificationStatus>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<NotificationStatus>>> {
    caller.need(Scope::NotificationsRead)?;
    let Query(query) = query?;
    let context = &app.0.context;
    let filter = notify::history::HistoryFilter {
        user: query.user,
        since: query.since.map(|since| since.from(context.clock.now())),
        dead: query.dead,
    };
    if filter.is_set() {
        if query.parked {
            return Err(Error::invalid("parked goes with neither user, since nor dead").into());
        }
        let page = notify::history::page(context, &filter, query.limit, query.after);
        return Ok(Json(page.await?));
    }
    let input = notify::list::Input {
        parked: query.parked,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(notify::list::run(context, input).await?))
}

/// Whether to send, to ask, or only to plan.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SendQuery {
    /// Only ask the push service whether it would take it.
    #[serde(default)]
    dry_run: bool,
    /// Only say what would be done, without asking anybody.
    #[serde(default)]
    plan: bool,
}

/// Put a notification into the queue; the worker delivers it.
#[utoipa::path(
    post, path = "/v1/notifications", tag = "notifications", request_body = notify::send::Input,
    params(SendQuery), security(("key" = [])),
    responses(
        (status = 200, body = notify::send::Validated, description = "With dry_run: the push service would take it; with plan: nothing is known that speaks against it"),
        (status = 202, body = NotificationStatus, description = "It is in the queue, or was known by its id"),
        BadRequest,
    )
)]
pub(super) async fn send(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<SendQuery>,
    input: BodySent<notify::send::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::NotificationsWrite)?;
    let Body(input) = input?;
    let context = &app.0.context;
    let Query(query) = query?;
    if query.plan {
        return Ok(Json(notify::send::plan(context, input).await?).into_response());
    }
    if query.dry_run {
        return Ok(Json(notify::send::validate(context, input).await?).into_response());
    }
    let status = notify::send::run(context, input).await?;
    Ok((StatusCode::ACCEPTED, Json(status)).into_response())
}

/// Say where a notification is in its life, and why.
#[utoipa::path(
    get, path = "/v1/notifications/{id}", tag = "notifications", params(("id" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = NotificationStatus), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<NotificationStatus>> {
    caller.need(Scope::NotificationsRead)?;
    let Name(id) = id?;
    Ok(Json(notify::show::run(&app.0.context, id.into()).await?))
}

/// Throw a notification away, parked or in the queue.
#[utoipa::path(
    delete, path = "/v1/notifications/{id}", tag = "notifications",
    params(("id" = String, Path), DryRun), security(("key" = [])),
    responses((status = 200, body = NotificationStatus), NotFound, ChangedMeanwhile)
)]
pub(super) async fn discard(
    State(app): State<App>,
    caller: Caller,
    id: Named,
    query: Parameters<DryRun>,
) -> HandlerResult<Json<NotificationStatus>> {
    caller.need(Scope::NotificationsWrite)?;
    let Name(id) = id?;
    let context = &app.0.context;
    Ok(Json(if query?.dry_run {
        notify::discard::plan(context, id.into()).await?
    } else {
        notify::discard::run(context, id.into()).await?
    }))
}

/// Put a parked notification back into the queue.
#[utoipa::path(
    post, path = "/v1/notifications/{id}/retry", tag = "notifications",
    params(("id" = String, Path)), security(("key" = [])),
    responses((status = 200, body = NotificationStatus), NotFound, ChangedMeanwhile)
)]
pub(super) async fn retry(
    State(app): State<App>,
    caller: Caller,
    id: Named,
) -> HandlerResult<Json<NotificationStatus>> {
    caller.need(Scope::NotificationsWrite)?;
    let Name(id) = id?;
    Ok(Json(notify::retry::run(&app.0.context, id.into()).await?))
}

/// Send what is in the queue now, once.
#[utoipa::path(
    post, path = "/v1/notifications:flush", tag = "notifications", params(TimedRunQuery),
    security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<notify::flush::Plan, notify::flush::Report>, description = "What became of them; with dry_run how many there are"),
        (status = 207, body = notify::flush::Report, description = "Some wait for another try or were parked"),
    )
)]
pub(super) async fn flush(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<TimedRunQuery>,
) -> HandlerResult<Response> {
    caller.need(Scope::NotificationsWrite)?;
    let context = &app.0.context;
    let Query(query) = query?;
    if query.dry_run {
        return Ok(Json(notify::flush::plan(context).await?).into_response());
    }
    let until = query.until(&app);
    let input = notify::flush::Input { until };
    // A caller that hangs up must not stop what is being sent.
    let context = context.clone();
    let sending = async move {
        let report = notify::flush::run(&context, input).await?;
        report.log(&context);
        Ok::<_, Error>(report)
    };
    let sending = tokio::spawn(sending.in_current_span());
    let broke = |error| Error::internal("sending broke off").because(error);
    let report = sending.await.map_err(broke)??;
    let status = report.verdict().map_or(StatusCode::OK, |error| {
        crate::server::error::status(error.kind())
    });
    Ok((status, Json(report)).into_response())
}

/// List what was delivered in the app to a user and not taken yet, the newest first.
#[utoipa::path(
    get, path = "/v1/users/{id}/notifications", tag = "notifications",
    params(("id" = String, Path), PageQuery), security(("key" = [])),
    responses((status = 200, body = Page<InboxItem>), BadRequest)
)]
pub(super) async fn inbox(
    State(app): State<App>,
    caller: Caller,
    user: Named,
    query: Parameters<PageQuery>,
) -> HandlerResult<Json<Page<InboxItem>>> {
    caller.need_own(Scope::NotificationsRead)?;
    let Name(user) = user?;
    let Query(query) = query?;
    let user = user.parse()?;
    caller.need_user(Scope::NotificationsRead, &user)?;
    let input = notify::inbox::Input {
        user,
        limit: query.limit,
        after: query.after,
    };
    Ok(Json(notify::inbox::run(&app.0.context, input).await?))
}

/// Take a notification out of a user's inbox: the app has shown it.
#[utoipa::path(
    delete, path = "/v1/users/{id}/notifications/{notification}", tag = "notifications",
    params(("id" = String, Path), ("notification" = String, Path)), security(("key" = [])),
    responses((status = 204), BadRequest, NotFound)
)]
pub(super) async fn take(
    State(app): State<App>,
    caller: Caller,
    names: Result<Path<(String, String)>, axum::extract::rejection::PathRejection>,
) -> HandlerResult<StatusCode> {
    caller.need_own(Scope::NotificationsWrite)?;
    let Ok(Path((user, id))) = names else {
        let message = "a name in the path is not valid percent-encoded UTF-8";
        return Err(crate::error::Error::invalid(message).into());
    };
    let user = user.parse()?;
    caller.need_user(Scope::NotificationsWrite, &user)?;
    notify::take::run(&app.0.context, notify::take::Input { user, id }).await?;
    Ok(StatusCode::NO_CONTENT)
}
