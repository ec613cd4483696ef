//! `/v1/presence…`

use std::future::ready;

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use futures_util::{StreamExt, TryStreamExt};
use serde::Deserialize;
use utoipa::IntoParams;

use super::messages::{TwoNamed, TwoNames};
use super::{DryRun, Parameters};
use crate::commands::presence::list::PresenceChange;
use crate::commands::presence::{announce, audit, follow, list, show, sweep};
use crate::model::Page;
use crate::model::key::Scope;
use crate::model::presence::{PersonPresence, UserPresence};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::events::{Follower, SentEvent};
use crate::server::problems::{BadRequest, NotFound, TooManyStreams};

/// Whom to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListQuery {
    /// Only those who are there.
    #[serde(default)]
    online: bool,
}

/// List everybody of whom anything is known, by id.
#[utoipa::path(
    get, path = "/v1/presence", tag = "presence", params(ListQuery), security(("key" = [])),
    responses((status = 200, body = Page<UserPresence>), BadRequest)
)]
pub(super) async fn list(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<ListQuery>,
) -> HandlerResult<Json<Page<UserPresence>>> {
    caller.need(Scope::PresenceRead)?;
    let input = list::Input {
        online: query?.online,
    };
    let items = list::run(&app.0.context, input).await?;
    Ok(Json(Page::all(items)))
}

/// Follow who is there: an event for everybody of whom anything is known, then the event `current`, then an
/// event for every change. It begins so each time; events have no ids. The last event is `end`, with a
/// `StreamEnd`.
#[utoipa::path(
    get, path = "/v1/presence:watch", tag = "presence", security(("key" = [])),
    responses(
        (status = 200, body = UserPresence, content_type = "text/event-stream", description = "The data of each event without a name"),
        TooManyStreams,
    )
)]
pub(super) async fn watch(State(app): State<App>, follower: Follower) -> HandlerResult<Response> {
    follower.need(Scope::PresenceRead)?;
    let sent = |told| match told {
        PresenceChange::Person(person) => SentEvent::news(&person),
        PresenceChange::Current => Ok(SentEvent::current()),
    };
    let told = list::watch(&app.0.context);
    let told = told.and_then(move |told| ready(sent(told))).boxed();
    Ok(follower.tell(async { Ok(told) }).await?)
}

/// Say whether somebody is there.
#[utoipa::path(
    get, path = "/v1/presence/{user}", tag = "presence", params(("user" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = PersonPresence), NotFound)
)]
pub(super) async fn show(
    State(app): State<App>,
    caller: Caller,
    user: Named,
) -> HandlerResult<Json<PersonPresence>> {
    let own = caller.need_own(Scope::PresenceRead)?;
    let Name(user) = user?;
    if own.is_some() {
        caller.need_user(Scope::PresenceRead, &user.parse()?)?;
    }
    let input = show::Input { user };
    Ok(Json(show::run(&app.0.context, input).await?))
}

/// Note what a connection says of itself.
#[utoipa::path(
    put, path = "/v1/presence/{user}/connections/{connection}", tag = "presence",
    params(("user" = String, Path), ("connection" = String, Path)),
    request_body = announce::Announcement, security(("key" = [])),
    responses(
        (status = 200, body = UserPresence, description = "How the person is now"),
        (status = 501, body = ProblemBody, content_type = PROBLEM_JSON, description = "Apps write their presence elsewhere"),
        BadRequest,
    )
)]
pub(super) async fn announce(
    State(app): State<App>,
    caller: Caller,
    names: TwoNamed,
    says: BodySent<announce::Announcement>,
) -> HandlerResult<Json<UserPresence>> {
    caller.need_own(Scope::PresenceWrite)?;
    let TwoNames(user, connection) = names?;
    let user = user.parse()?;
    caller.need_user(Scope::PresenceWrite, &user)?;
    let Body(says) = says?;
    let input = announce::Input {
        user,
        connection,
        says,
        said_by: caller.said_by(),
    };
    let person = announce::run(&app.0.context, input).await?;
    Ok(Json(person))
}

/// Compare the user documents with the source.
#[utoipa::path(
    get, path = "/v1/presence:audit", tag = "presence", security(("key" = [])),
    responses((status = 200, body = audit::Report))
)]
pub(super) async fn audit(
    State(app): State<App>,
    caller: Caller,
) -> HandlerResult<Json<audit::Report>> {
    caller.need(Scope::PresenceRead)?;
    Ok(Json(audit::run(&app.0.context).await?))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct SyncQuery {
    /// Believe the source also when it knows nobody of those who are noted as online.
    #[serde(default)]
    trust_source: bool,
}

/// Write into the user documents what they do not say truly.
#[utoipa::path(
    post, path = "/v1/presence:sync", tag = "presence", params(SyncQuery), security(("key" = [])),
    responses(
        (status = 200, body = follow::Report),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "Most of those who are there would be gone at once"),
    )
)]
pub(super) async fn sync(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<SyncQuery>,
) -> HandlerResult<Json<follow::Report>> {
    caller.need(Scope::PresenceWrite)?;
    let trust = follow::Trust::full_if(query?.trust_source);
    Ok(Json(follow::run_once(&app.0.context, trust).await?))
}

/// Remove connections that gave no sign of life in time.
#[utoipa::path(
    post, path = "/v1/presence:sweep", tag = "presence", params(DryRun), security(("key" = [])),
    responses((status = 200, body = sweep::Report))
)]
pub(super) async fn sweep(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
) -> HandlerResult<Json<sweep::Report>> {
    caller.need(Scope::PresenceWrite)?;
    let context = &app.0.context;
    Ok(Json(if query?.dry_run {
        sweep::plan(context).await?
    } else {
        sweep::run(context).await?
    }))
}
