//! Bodies as the originals' framework unpacks them.

use std::io::Read;
use std::ops::Deref;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::read::{MultiGzDecoder, ZlibDecoder};

use crate::error::Error;
use crate::server::App;
use crate::server::error::ProblemResponse;
use crate::server::unread::SlowBody;

/// What a client sent, unpacked.
pub(super) struct SentBody(Bytes);

impl Deref for SentBody {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// Why a body cannot be read.
pub(super) struct UnreadableBody {
    pub(super) status: StatusCode,
    pub(super) error: Error,
}

impl UnreadableBody {
    fn new(status: StatusCode, what: &str) -> Self {
        let error = Error::invalid(what);
        Self { status, error }
    }
}

/// For whoever has no shape of their own for it.
impl IntoResponse for UnreadableBody {
    fn into_response(self) -> Response {
        let Self { status, error } = self;
        ProblemResponse { status, error }.into_response()
    }
}

/// A body, or why it cannot be read: what a caller may is asked before what they say.
pub(super) type UnpackedBody = Result<SentBody, UnreadableBody>;

impl FromRequest<App> for SentBody {
    type Rejection = UnreadableBody;

    async fn from_request(request: Request, app: &App) -> Result<Self, UnreadableBody> {
        let packing = Packing::of(request.headers())?;
        let bytes = Bytes::from_request(request, app).await.map_err(|refused| {
            if SlowBody::is_behind(&refused) {
                let what = "the body took too long; send it at once";
                return UnreadableBody::new(StatusCode::REQUEST_TIMEOUT, what);
            }
            let what = "the body is too large or could not be read";
            UnreadableBody::new(refused.status(), what)
        })?;
        packing.unpack(bytes, app.0.body_limit).map(Self)
    }
}

/// How a body is packed for its way.
enum Packing {
    None,
    Gzip,
    Deflate,
}

impl Packing {
    fn of(headers: &HeaderMap) -> Result<Self, UnreadableBody> {
        let told = headers.get(header::CONTENT_ENCODING);
        let told = told.map_or("", |told| told.to_str().unwrap_or("?")).trim();
        let is = |name: &str| told.eq_ignore_ascii_case(name);
        if told.is_empty() || is("identity") {
            return Ok(Self::None);
        }
        if is("gzip") || is("x-gzip") {
            return Ok(Self::Gzip);
        }
        if is("deflate") {
            return Ok(Self::Deflate);
        }
        let what =
            "the body is packed in a way that is not read here; use gzip or deflate, or neither";
        Err(UnreadableBody::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            what,
        ))
    }

    /// A few bytes can be packed millions: what comes out is bounded as what comes in is.
    fn unpack(&self, bytes: Bytes, most: usize) -> Result<Bytes, UnreadableBody> {
        let mut out = Vec::new();
        let bound = most as u64 + 1;
        let read = match self {
            Self::None => return Ok(bytes),
            // Some say so of nothing at all.
            _ if bytes.is_empty() => return Ok(bytes),
            Self::Gzip => MultiGzDecoder::new(&*bytes)
                .take(bound)
                .read_to_end(&mut out),
            Self::Deflate => ZlibDecoder::new(&*bytes).take(bound).read_to_end(&mut out),
        };
        if read.is_err() {
            let what = "the body is not packed as it says";
            return Err(UnreadableBody::new(StatusCode::BAD_REQUEST, what));
        }
        if out.len() > most {
            let what = "the body is larger than server.body_limit";
            return Err(UnreadableBody::new(StatusCode::PAYLOAD_TOO_LARGE, what));
        }
        Ok(out.into())
    }
}

/// Whether a body is said to be a form.
pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let told = headers.get(header::CONTENT_TYPE);
    let told = told.and_then(|told| told.to_str().ok()).unwrap_or_default();
    let media = told.split(';').next().unwrap_or_default().trim();
    media.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::hostile;

    /// What comes out of any body, at most.
    const MOST: usize = 10_000;

    fn read(bytes: &[u8]) {
        for packing in [Packing::None, Packing::Gzip, Packing::Deflate] {
            match packing.unpack(Bytes::copy_from_slice(bytes), MOST) {
                Ok(out) => assert!(out.len() <= MOST.max(bytes.len())),
                Err(refused) => assert!(refused.status.is_client_error()),
            }
        }
    }

    /// However a body is packed, it comes out whole and bounded, or is refused.
    #[test]
    fn packed_body_is_unpacked_or_refused() {
        hostile!("packed_body", read);
    }
}
