//! `Idempotency-Key` on POST: the same request is carried out once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use utoipa::openapi::path::{ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, RefOr, Required, Type};
use utoipa_axum::router::OpenApiRouter;

use super::App;
use super::auth::{Caller, identify, refusal};
use super::error::{HandlerResult, PROBLEM_JSON, ProblemResponse};
use crate::commands::idempotency::{self, Claim, ClaimedRequest, RequestEnding};
use crate::error::{Error, Kind};

static KEY: HeaderName = HeaderName::from_static("idempotency-key");
static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key that is taken.
const LONGEST: usize = 255;
/// Larger answers are not kept.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// Put into a request that is carried out under a key.
#[derive(Debug, Clone)]
pub(super) struct IdempotentRequest {
    /// A name that belongs to this key, for what the request leaves unnamed.
    pub(super) name: String,
    /// When the first attempt began.
    pub(super) since: Timestamp,
    /// An earlier attempt may have been carried out.
    pub(super) repeated: bool,
}

/// Says of each POST among these routes that it may carry a key.
pub(super) fn described(mut routes: OpenApiRouter<App>) -> OpenApiRouter<App> {
    let text = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(LONGEST));
    let key = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(
            "Carries the request out once, however often it is sent",
        ))
        .schema(Some(text))
        .build();
    let items = routes.get_openapi_mut().paths.paths.values_mut();
    for post in items.filter_map(|item| item.post.as_mut()) {
        let parameters = post.parameters.get_or_insert_default();
        parameters.push(RefOr::T(key.clone()));
    }
    routes
}

/// Answers a repeated request with what the first one was answered; lets others through. Who may call is
/// settled before the key, the body and the store are looked at.
pub(super) async fn idempotent(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> HandlerResult<Response> {
    let key = request.headers().get(&KEY).cloned();
    let Some(key) = key.filter(|_| request.method() == Method::POST) else {
        return Ok(next.run(request).await);
    };
    let (parts, body) = request.into_parts();
    let caller = identify(&app, &parts).await?;
    let asked = next.clone().run(without_body(&parts, &caller));
    if let Some(refused) = refusal(asked).await {
        return Ok(refused);
    }
    check(&key)?;
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await?;
    let id = digest(&[caller.identity().as_bytes(), key.as_bytes()]);
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let fingerprint = digest(&[parts.method.as_str().as_bytes(), path.as_bytes(), &bytes]);
    let claimed = match idempotency::claim(&app.0.context, &id, fingerprint).await? {
        Claim::Answered(answer) => return Ok(replay(answer)),
        Claim::Run(claimed) => claimed,
    };
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(IdempotentRequest {
        name: format!("r-{}", &id[..20]),
        since: claimed.since,
        repeated: claimed.repeated,
    });
    // Carried out to the end even if the caller hangs up: the answer is for the next attempt.
    tokio::spawn(crate::request_id::same_request(async move {
        keep(&app, claimed, next.run(request)).await
    }))
    .await
    .map_err(|error| Error::internal("the request broke").because(error))?
}

/// The request as far as it says who calls what.
fn without_body(parts: &Parts, caller: &Caller) -> Request {
    let mut request = Request::from_parts(parts.clone(), Body::empty());
    request.extensions_mut().insert(caller.clone());
    request
}

/// Whether it is as keys are.
fn check(key: &HeaderValue) -> HandlerResult<()> {
    if key.is_empty() || key.len() > LONGEST {
        return Err(ProblemResponse::with(
            StatusCode::BAD_REQUEST,
            format!("an Idempotency-Key has 1 to {LONGEST} characters"),
        ));
    }
    Ok(())
}

/// Carries the request out and keeps its answer if the same request would get it again.
async fn keep(
    app: &App,
    mut claimed: ClaimedRequest,
    work: impl Future<Output = Response>,
) -> HandlerResult<Response> {
    let context = &app.0.context;
    let response = claimed.carry_out(context, work).await;
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX)
        .await
        .map_err(|error| Error::internal("the answer broke").because(error))?;
    let kind = parts.extensions.get::<Kind>();
    let lasting = parts.status.is_success() || kind == Some(&Kind::InvalidInput);
    let ending = if lasting && bytes.len() <= LARGEST_ANSWER {
        RequestEnding::Lasting(idempotency::Answer {
            status: parts.status.as_u16(),
            body: String::from_utf8_lossy(&bytes).into_owned(),
        })
    } else if lasting || parts.status.is_server_error() {
        RequestEnding::Unknown
    } else {
        RequestEnding::Nothing
    };
    if let Err(error) = idempotency::finish(context, claimed, ending).await {
        // The work is done; only a repetition of it would not be recognised.
        tracing::error!(%error, "the answer of a request could not be kept");
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(answer: idempotency::Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let media = if status.is_success() {
        "application/json"
    } else {
        PROBLEM_JSON
    };
    let mut response = (status, answer.body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    headers.insert(REPLAYED.clone(), HeaderValue::from_static("true"));
    response
}

fn digest(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex::encode(hash.finalize())
}
