//! `Idempotency-Key` on POST: the same request is carried out once.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use super::App;
use super::auth::identify;
use super::error::{Answer, Problem};
use crate::commands::idempotency::{self, Claim, Ticket};
use crate::error::Error;

static KEY: HeaderName = HeaderName::from_static("idempotency-key");
static REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
/// The longest key that is taken.
const LONGEST: usize = 255;
/// Larger answers are not kept.
const LARGEST_ANSWER: usize = 1024 * 1024;

/// Put into a request that is carried out under a key.
#[derive(Debug, Clone)]
pub(super) struct Once {
    /// A name that belongs to this key, for what the request leaves unnamed.
    pub(super) name: String,
    /// An earlier attempt may have been carried out.
    pub(super) repeated: bool,
}

pub(super) async fn once(State(app): State<App>, request: Request, next: Next) -> Answer<Response> {
    let Some(key) = request.headers().get(&KEY).cloned() else {
        return Ok(next.run(request).await);
    };
    if key.is_empty() || key.len() > LONGEST {
        return Err(Problem::with(
            StatusCode::BAD_REQUEST,
            format!("an Idempotency-Key has 1 to {LONGEST} characters"),
        ));
    }
    let (parts, body) = request.into_parts();
    let caller = identify(&app, &parts).await?;
    let bytes = Bytes::from_request(Request::from_parts(parts.clone(), body), &app).await?;
    let id = digest(&[caller.identity().as_bytes(), key.as_bytes()]);
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let fingerprint = digest(&[parts.method.as_str().as_bytes(), path.as_bytes(), &bytes]);
    let context = &app.0.context;
    let ticket = match idempotency::claim(context, &id, fingerprint).await? {
        Claim::Answered(answer) => return Ok(replay(answer)),
        Claim::Run(ticket) => ticket,
    };
    let mut request = Request::from_parts(parts, Body::from(bytes));
    request.extensions_mut().insert(caller);
    request.extensions_mut().insert(Once {
        name: format!("r-{}", &id[..20]),
        repeated: ticket.repeated,
    });
    // Carried out to the end even if the caller hangs up: the answer is for the next attempt.
    let run = async move { keep(&app, ticket, next.run(request).await).await };
    tokio::spawn(run)
        .await
        .map_err(|error| Error::internal("the request broke").because(error))?
}

/// Keeps the answer if the same request would get it again; otherwise it may be tried again.
async fn keep(app: &App, ticket: Ticket, response: Response) -> Answer<Response> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, LARGEST_ANSWER)
        .await
        .map_err(|error| Error::internal("the answer is too large to be kept").because(error))?;
    let lasting = parts.status.is_success()
        || matches!(
            parts.status,
            StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::CONFLICT
        );
    let answer = lasting.then(|| idempotency::Answer {
        status: parts.status.as_u16(),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    });
    idempotency::finish(&app.0.context, ticket, answer).await?;
    Ok(Response::from_parts(parts, Body::from(bytes)))
}

fn replay(answer: idempotency::Answer) -> Response {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let media = if status.is_success() {
        "application/json"
    } else {
        "application/problem+json"
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
