//! The native API.

mod calls;
mod devices;
mod messages;
mod notifications;
mod participants;
mod presence;
mod push;
mod recordings;
mod rooms;
mod search;
mod sessions;
mod status;
mod tokens;
mod users;
mod webhooks;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(super) use self::calls::arrive;
use super::App;
use crate::model::{BackendName, Span};

/// Which vendor's rooms a request is about.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Backend {
    /// Where the room lives; the configured backend if absent.
    backend: Option<BackendName>,
}

/// The same, for requests that change something.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BackendAndDryRun {
    /// Where the room lives; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PageQuery {
    /// At most so many, 1 to 1000; 100 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// A query, or why it cannot be read.
type Parameters<T> = Result<Query<T>, QueryRejection>;

/// Whether to act or only to plan.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DryRun {
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Whether to act or only to plan, and for how long.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct TimedRunQuery {
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
    /// Stop after this time, like `10s`; at the latest after half of `server.request_timeout`. Asking
    /// again goes on.
    #[param(value_type = Option<String>, example = "10s")]
    max_runtime: Option<Span>,
}

impl TimedRunQuery {
    /// When work that begins now ends at the latest.
    fn until(&self, app: &App) -> Option<Timestamp> {
        let longest = app.0.run_time;
        let time = self.max_runtime.map_or(longest, Span::signed);
        app.0
            .context
            .clock
            .now()
            .checked_add(time.min(longest))
            .ok()
    }
}

/// What a request that can be a dry run answers.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum PlannedOrDone<P, T> {
    /// With `dry_run`: what would be done.
    Planned(P),
    /// What was done.
    Done(T),
}

/// All routes below `/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::show, rooms::update, rooms::delete))
        .routes(routes!(rooms::history))
        .routes(routes!(participants::list))
        .routes(routes!(participants::kick))
        .routes(routes!(participants::bans))
        .routes(routes!(participants::unban))
        .routes(routes!(participants::mute))
        .routes(routes!(participants::admit))
        .routes(routes!(participants::refuse))
        .routes(routes!(participants::promote))
        .routes(routes!(messages::watch))
        .routes(routes!(messages::show, messages::edit, messages::delete))
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::inspect))
        .routes(routes!(users::show, users::update, users::delete))
        .routes(routes!(notifications::list))
        .routes(routes!(notifications::show, notifications::discard))
        .routes(routes!(notifications::inbox))
        .routes(routes!(notifications::take))
        .routes(routes!(presence::list))
        .routes(routes!(presence::watch))
        .routes(routes!(presence::show))
        .routes(routes!(presence::announce))
        .routes(routes!(presence::audit))
        .routes(routes!(status::show))
        .routes(routes!(search::indexes))
        .routes(routes!(search::search))
        .routes(routes!(search::parked))
        .routes(routes!(search::settings, search::change_settings))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::show))
        .routes(routes!(sessions::attendance))
        .routes(routes!(recordings::show, recordings::delete))
        .routes(routes!(recordings::link))
        .routes(routes!(push::show_key))
        .routes(routes!(devices::list, devices::register))
        .routes(routes!(devices::show, devices::delete))
        .routes(routes!(calls::show))
        .routes(routes!(webhooks::list))
        .routes(routes!(webhooks::show))
}

/// The routes below `/v1` that may carry an `Idempotency-Key`.
pub(super) fn idempotent_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::list, rooms::create))
        .routes(routes!(rooms::delete_named))
        .routes(routes!(rooms::prune))
        .routes(routes!(rooms::end))
        .routes(routes!(rooms::lock))
        .routes(routes!(messages::list, messages::send))
        .routes(routes!(users::list, users::create))
        .routes(routes!(notifications::send))
        .routes(routes!(notifications::flush))
        .routes(routes!(notifications::retry))
        .routes(routes!(presence::sync))
        .routes(routes!(presence::sweep))
        .routes(routes!(search::reindex))
        .routes(routes!(search::verify))
        .routes(routes!(search::create_key))
        .routes(routes!(push::rotate_key))
        .routes(routes!(recordings::list, recordings::start))
        .routes(routes!(recordings::stop))
        .routes(routes!(recordings::prune))
        .routes(routes!(calls::list, calls::create))
        .routes(routes!(calls::accept))
        .routes(routes!(calls::decline))
        .routes(routes!(calls::cancel))
        .routes(routes!(calls::end))
        .routes(routes!(webhooks::replay))
}
