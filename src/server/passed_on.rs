//! Requests that a trusted proxy passes on: each counts for the client that sent it, with the same share
//! of the connections that clients have who come by themselves.
//!
//! The connection is the proxy's, and is lent to the client as long as the request lasts. So strangers
//! behind a proxy give way to others as strangers do, and a socket is its client's for good.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, Response, StatusCode, header};
use hyper::body::{Frame, SizeHint};
use metrics::counter;
use tokio_util::sync::CancellationToken;

use super::address::ClientAddress;
use super::error::ProblemResponse;
use super::slots::{Full, Loan, Slot};
use super::stream::LINGER;
use crate::error::{Error, Kind};

/// For whom the connection of a request counts.
pub(super) enum Passage {
    /// For whoever holds it.
    Own,
    /// For the client behind a proxy.
    Lent(Loan),
    /// Nobody may use it for this request.
    Refused(Full, Option<Loan>),
}

impl Passage {
    /// Lets a request of this client count; `lost` tells that its connection is needed for somebody else.
    pub(super) fn of(slot: &Arc<Slot>, client: ClientAddress, lost: &CancellationToken) -> Self {
        if !slot.is_of_a_proxy() || client.is_proxy {
            return Self::Own;
        }
        let lost = lost.clone();
        match slot.lend(client.network(), Box::new(move || lost.cancel())) {
            Some(loan) if loan.fits => Self::Lent(loan),
            Some(loan) => Self::Refused(Full::Share, Some(loan)),
            None => Self::Refused(Full::All, None),
        }
    }

    /// What the client is told instead of an answer, if it may not ask.
    pub(super) fn refusal(&self) -> Option<Response<Body>> {
        let Self::Refused(full, _) = self else {
            return None;
        };
        counter!("tok_connections_refused_total", "reason" => full.reason()).increment(1);
        let error = match full {
            Full::All => Error::new(
                Kind::Unavailable,
                "all connections are taken; try again later",
            ),
            Full::Share => Error::new(
                Kind::RateLimited,
                "too many requests of your address are under way; let some of them end",
            ),
        };
        let error = error.retry_after(Some(LINGER));
        let mut response = ProblemResponse::from(error).untold();
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
        Some(response)
    }

    /// The request is over when its answer is with the proxy, and with it the loan, unless the connection
    /// serves nobody else after it: as a socket, or because it lingers and ends.
    pub(super) fn until_sent(self, response: Response<Body>) -> Response<Body> {
        let loan = match self {
            Self::Own | Self::Refused(_, None) => return response,
            Self::Lent(loan) | Self::Refused(_, Some(loan)) => loan,
        };
        let close = response.headers().get(header::CONNECTION);
        let ends = close.is_some_and(|value| value == "close");
        if ends || response.status() == StatusCode::SWITCHING_PROTOCOLS {
            loan.last();
            return response;
        }
        response.map(|body| Body::new(LentBody { body, _loan: loan }))
    }
}

/// The body of an answer, and the connection that it goes over.
struct LentBody {
    body: Body,
    _loan: Loan,
}

impl HttpBody for LentBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
