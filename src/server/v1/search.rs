//! `/v1/search…`

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::IntoParams;

use super::{DryRun, Parameters, PlannedOrDone};
use crate::commands::search::parked::{self, ParkedRecord};
use crate::commands::search::settings::{SettingDiff, diff, pull, push};
use crate::commands::search::status::{self, IndexStatus};
use crate::commands::search::{key, query, reindex, verify};
use crate::model::key::Scope;
use crate::model::search::SearchHits;
use crate::model::{Page, Span};
use crate::server::App;
use crate::server::auth::Caller;
use crate::server::body::{Body, BodySent, Name, Named};
use crate::server::error::{HandlerResult, PROBLEM_JSON, ProblemBody};
use crate::server::problems::{BadRequest, NotFound};

/// A run over HTTP ends before its request does; asking again goes on.
const LONGEST_RUN: SignedDuration = SignedDuration::from_secs(20);

/// What to look for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchParameters {
    /// What somebody typed; the last word may be unfinished, and a slip is forgiven.
    #[serde(default)]
    q: String,
    /// At most so many hits, 1 to 1000; 20 if absent.
    limit: Option<usize>,
    /// `next` of the page before.
    after: Option<String>,
}

/// How to make an index true.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReindexParameters {
    /// `reconcile` or `swap`.
    #[serde(default)]
    mode: reindex::Mode,
    /// Largest part of the index that may vanish, in percent.
    max_shrink: Option<u64>,
    /// Stop after this time, like `10s`; at the latest after 20 s.
    #[param(value_type = Option<String>, example = "10s")]
    max_runtime: Option<Span>,
    /// Only say what would be done.
    #[serde(default)]
    dry_run: bool,
}

/// Whether to mend what differs.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct VerifyParameters {
    /// Write again what differs.
    #[serde(default)]
    repair: bool,
}

/// Show how many documents and records each index has.
#[utoipa::path(
    get, path = "/v1/search", tag = "search", security(("key" = [])),
    responses((status = 200, body = Page<IndexStatus>))
)]
pub(super) async fn indexes(
    State(app): State<App>,
    caller: Caller,
) -> HandlerResult<Json<Page<IndexStatus>>> {
    caller.need(Scope::SearchRead)?;
    let items = status::run(&app.0.context).await?;
    Ok(Json(Page::all(items)))
}

/// Search an index.
#[utoipa::path(
    get, path = "/v1/search/{index}", tag = "search",
    params(("index" = String, Path), SearchParameters), security(("key" = [])),
    responses((status = 200, body = SearchHits), BadRequest, NotFound)
)]
pub(super) async fn search(
    State(app): State<App>,
    caller: Caller,
    index: Named,
    query: Parameters<SearchParameters>,
) -> HandlerResult<Json<SearchHits>> {
    caller.need(Scope::SearchRead)?;
    let Name(index) = index?;
    let Query(parameters) = query?;
    let input = query::Input {
        index,
        text: parameters.q,
        limit: parameters.limit,
        after: parameters.after,
    };
    Ok(Json(query::run(&app.0.context, input).await?))
}

/// List documents that cannot be searched as they are, with the reason.
#[utoipa::path(
    get, path = "/v1/search/{index}/parked", tag = "search", params(("index" = String, Path)),
    security(("key" = [])),
    responses((status = 200, body = Page<ParkedRecord>), NotFound)
)]
pub(super) async fn parked(
    State(app): State<App>,
    caller: Caller,
    index: Named,
) -> HandlerResult<Json<Page<ParkedRecord>>> {
    caller.need(Scope::SearchRead)?;
    let Name(index) = index?;
    let items = parked::run(&app.0.context, parked::Input { index }).await?;
    Ok(Json(Page::all(items)))
}

/// Make an index true. A run that takes longer than 20 s stops; asking again goes on.
#[utoipa::path(
    post, path = "/v1/search/{index}/reindex", tag = "search",
    params(("index" = String, Path), ReindexParameters), security(("key" = [])),
    responses(
        (status = 200, body = PlannedOrDone<reindex::Plan, reindex::Report>),
        (status = 409, body = ProblemBody, content_type = PROBLEM_JSON, description = "Another run is at work, or too much would vanish"),
        BadRequest, NotFound,
    )
)]
pub(super) async fn reindex(
    State(app): State<App>,
    caller: Caller,
    index: Named,
    query: Parameters<ReindexParameters>,
) -> HandlerResult<Response> {
    caller.need(Scope::SearchWrite)?;
    let Name(index) = index?;
    let Query(parameters) = query?;
    let context = &app.0.context;
    let time = parameters.max_runtime.map_or(LONGEST_RUN, Span::signed);
    let input = reindex::Input {
        spec: context.mirrors.get(&index)?.clone(),
        mode: parameters.mode,
        max_shrink: parameters.max_shrink,
        until: context.clock.now().checked_add(time.min(LONGEST_RUN)).ok(),
    };
    if parameters.dry_run {
        return Ok(Json(reindex::plan(context, input).await?).into_response());
    }
    Ok(Json(reindex::run(context, input).await?).into_response())
}

/// Compare an index with the store, record by record.
#[utoipa::path(
    post, path = "/v1/search/{index}/verify", tag = "search",
    params(("index" = String, Path), VerifyParameters), security(("key" = [])),
    responses((status = 200, body = verify::Report), NotFound)
)]
pub(super) async fn verify(
    State(app): State<App>,
    caller: Caller,
    index: Named,
    query: Parameters<VerifyParameters>,
) -> HandlerResult<Json<verify::Report>> {
    caller.need(Scope::SearchWrite)?;
    let Name(index) = index?;
    let context = &app.0.context;
    let input = verify::Input {
        spec: context.mirrors.get(&index)?.clone(),
        repair: query?.repair,
    };
    Ok(Json(verify::run(context, input).await?))
}

/// Show the settings of an index, as its vendor names them.
#[utoipa::path(
    get, path = "/v1/search/{index}/settings", tag = "search", params(("index" = String, Path)),
    security(("key" = [])),
    responses(
        (status = 200, body = Object),
        (status = 404, body = ProblemBody, content_type = PROBLEM_JSON, description = "There is no such index, or it was not made yet"),
    )
)]
pub(super) async fn settings(
    State(app): State<App>,
    caller: Caller,
    index: Named,
) -> HandlerResult<Json<Value>> {
    caller.need(Scope::SearchRead)?;
    let Name(index) = index?;
    Ok(Json(
        pull::run(&app.0.context, pull::Input { index }).await?,
    ))
}

/// Change settings of an index; those that are not given stay as they are.
#[utoipa::path(
    patch, path = "/v1/search/{index}/settings", tag = "search", request_body = Object,
    params(("index" = String, Path), DryRun), security(("key" = [])),
    responses(
        (status = 200, body = Page<SettingDiff>, description = "What was changed; with dry_run what would be"),
        (status = 501, body = ProblemBody, content_type = PROBLEM_JSON, description = "The embedded search takes them from the configuration"),
        NotFound,
    )
)]
pub(super) async fn change_settings(
    State(app): State<App>,
    caller: Caller,
    index: Named,
    query: Parameters<DryRun>,
    input: BodySent<Map<String, Value>>,
) -> HandlerResult<Json<Page<SettingDiff>>> {
    caller.need(Scope::SearchWrite)?;
    let Name(index) = index?;
    let Body(wanted) = input?;
    let context = &app.0.context;
    let input = push::Input { index, wanted };
    let differing = if query?.dry_run {
        diff::run(context, input).await?
    } else {
        push::run(context, input).await?
    };
    Ok(Json(Page::all(differing)))
}

/// Make a key that can only search.
#[utoipa::path(
    post, path = "/v1/search:key", tag = "search", request_body = key::Input,
    params(DryRun), security(("key" = [])),
    responses(
        (status = 201, body = key::SearchKey),
        (status = 501, body = ProblemBody, content_type = PROBLEM_JSON, description = "The embedded search has none"),
        BadRequest,
    )
)]
pub(super) async fn create_key(
    State(app): State<App>,
    caller: Caller,
    query: Parameters<DryRun>,
    input: BodySent<key::Input>,
) -> HandlerResult<Response> {
    caller.need(Scope::SearchWrite)?;
    let Body(input) = input?;
    // Making one changes nothing anywhere: a dry run is the same.
    query?;
    let made = key::create(&app.0.context, input)?;
    Ok((StatusCode::CREATED, Json(made)).into_response())
}
