//! What requests carry: JSON bodies and names in the path, refused with messages people can act on.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::App;
use super::error::ProblemResponse;

/// What some editors and platforms put before a text in UTF-8, and which is none of it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A JSON body; an empty one counts as `{}`.
pub(super) struct Body<T>(pub(super) T);

/// A body, or why it cannot be read: what a caller may is asked before what they say.
pub(super) type BodySent<T> = Result<Body<T>, ProblemResponse>;

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = ProblemResponse;

    async fn from_request(request: Request, app: &App) -> Result<Self, ProblemResponse> {
        let is_json = is_json(request.headers());
        let bytes = Bytes::from_request(request, app).await?;
        if bytes.is_empty() {
            return parse(b"{}");
        }
        if !is_json {
            return Err(ProblemResponse::with(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body must be JSON; send Content-Type: application/json",
            ));
        }
        parse(&bytes)
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<Body<T>, ProblemResponse> {
    read_object(bytes).map(Body).map_err(|bad| {
        let what = match bad {
            BadBody::WrongShape(error) => format!("the body is not as documented: {error}"),
            BadBody::NotJson(error) => format!("the body is not JSON: {error}"),
        };
        ProblemResponse::with(StatusCode::BAD_REQUEST, what)
    })
}

/// Why a body cannot be read.
pub(super) enum BadBody {
    /// It is JSON, but not what is documented.
    WrongShape(String),
    /// It is not JSON.
    NotJson(String),
}

/// Reads a JSON object. serde alone would take an array for a struct as well.
pub(super) fn read_object<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BadBody> {
    let wrong = |error: serde_json::Error| {
        if error.is_data() {
            BadBody::WrongShape(error.to_string())
        } else {
            BadBody::NotJson(error.to_string())
        }
    };
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if bytes.trim_ascii_start().starts_with(b"{") {
        return serde_json::from_slice(bytes).map_err(wrong);
    }
    serde_json::from_slice::<IgnoredAny>(bytes).map_err(wrong)?;
    Err(BadBody::WrongShape("expected an object".to_owned()))
}

pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(text) = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let media = text.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/json") || media.ends_with("+json")
}

/// The name in the path, percent-decoded.
pub(super) struct Name(pub(super) String);

/// A name, or why it cannot be read.
pub(super) type Named = Result<Name, ProblemResponse>;

impl FromRequestParts<App> for Name {
    type Rejection = ProblemResponse;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, ProblemResponse> {
        match Path::<String>::from_request_parts(parts, app).await {
            Ok(Path(name)) => Ok(Self(name)),
            Err(_) => Err(ProblemResponse::with(
                StatusCode::BAD_REQUEST,
                "the name in the path is not valid percent-encoded UTF-8",
            )),
        }
    }
}
