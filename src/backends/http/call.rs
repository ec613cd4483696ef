//! What is sent, and what comes back.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::{Method, Request};
use secrecy::SecretString;
use serde_json::Value;

use crate::backends::google::TokenSource;
use crate::backends::rate_limit::Limiter;
use crate::error::Result;

/// How we say who we are.
pub enum UpstreamCredential {
    /// `Authorization: Bearer …`
    Bearer(SecretString),
    /// The same with a token of Google's.
    Google(Arc<TokenSource>),
    /// Headers of the vendor's own.
    Headers(Vec<(&'static str, SecretString)>),
    /// Something that is made for each request.
    Signed(Arc<dyn Signer>),
}

/// Says who we are in each request.
pub trait Signer: Send + Sync {
    /// Adds what the vendor wants to see to a request that is complete otherwise.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when the configured key is none.
    fn sign(&self, request: &mut Request) -> Result<()>;

    /// Hears that the vendor refused a request; whether a freshly signed one may fare better.
    fn refused(&self) -> bool;
}

/// One call to a vendor. Unless it is [`non_idempotent`](Self::non_idempotent) it must have the same
/// effect however often it is sent: a call whose answer is lost is sent again.
#[derive(Clone)]
pub struct UpstreamCall<'a> {
    /// The HTTP method.
    pub method: Method,
    /// Path parts below the base URL; each is percent-encoded.
    pub path: &'a [&'a str],
    /// Query parameters, not encoded yet.
    pub query: &'a [(&'a str, String)],
    /// The body, with its content type.
    pub body: UpstreamBody<'a>,
    /// Which of the vendor's limits it counts against.
    pub limiter: &'a Limiter,
    /// Each time it is carried out something is made: it is sent again only if the vendor surely
    /// did not begin with it.
    pub non_idempotent: bool,
    /// An answer of 401 that says this word is not about our credential.
    pub good_credential_word: Option<&'static str>,
}

/// What a call carries.
#[derive(Clone, Copy)]
pub enum UpstreamBody<'a> {
    /// Nothing, and no content type.
    None,
    /// A JSON value, written when the request is made.
    Json(&'a Value),
    /// Bytes that are JSON already.
    Bytes(&'a Bytes),
    /// The fields of a form.
    Form(&'a [(&'a str, &'a str)]),
}

impl<'a> UpstreamCall<'a> {
    /// A call that reads: `GET` without a body.
    pub fn get(path: &'a [&'a str], query: &'a [(&'a str, String)], limiter: &'a Limiter) -> Self {
        Self {
            query,
            ..Self::new(Method::GET, path, UpstreamBody::None, limiter)
        }
    }

    /// A call without query parameters.
    pub fn new(
        method: Method,
        path: &'a [&'a str],
        body: UpstreamBody<'a>,
        limiter: &'a Limiter,
    ) -> Self {
        Self {
            method,
            path,
            query: &[],
            body,
            limiter,
            non_idempotent: false,
            good_credential_word: None,
        }
    }

    /// The same; an answer of 401 with this word in it is no reason to renew the credential.
    #[must_use]
    pub fn credential_is_good_if(mut self, word: &'static str) -> Self {
        self.good_credential_word = Some(word);
        self
    }

    /// The same, never carried out twice.
    #[must_use]
    pub fn non_idempotent(mut self) -> Self {
        self.non_idempotent = true;
        self
    }
}

/// A vendor's answer with a status of 2xx.
#[derive(Debug)]
pub struct UpstreamAnswer {
    /// The JSON body; null when there was none.
    pub body: Value,
    /// The vendor's clock, in its own words (`Date`).
    pub date: Option<String>,
}

/// A vendor's answer, whatever its status.
#[derive(Debug)]
pub struct UpstreamReply {
    /// The HTTP status, 100 to 999.
    pub status: u16,
    /// The JSON body; null when there was none, or none that is JSON.
    pub body: Value,
    /// How long the vendor asks us to wait.
    pub retry_after: Option<Duration>,
}
