//! The native API.

mod rooms;
mod tokens;

use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::App;
use crate::model::BackendName;

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
struct Change {
    /// Where the room lives; the configured backend if absent.
    backend: Option<BackendName>,
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// All routes below `/v1`.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::show, rooms::update, rooms::delete))
        .routes(routes!(rooms::participants))
        .routes(routes!(tokens::create))
        .routes(routes!(tokens::inspect))
}

/// The routes below `/v1` that may carry an `Idempotency-Key`.
pub(super) fn once_routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(rooms::list, rooms::create))
        .routes(routes!(rooms::prune))
        .routes(routes!(rooms::end))
}
