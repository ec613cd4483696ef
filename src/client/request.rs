//! One request to the API, and its answer.

use std::fmt::Display;
use std::time::Duration;

use reqwest::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::answer;
use super::server::Server;
use crate::backends::http::{EventReader, EventReply, UpstreamBody, UpstreamCall};
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::chat::no_message;
use crate::model::meeting::no_participant;

/// How often a request is repeated that the server did not begin with.
const RETRIES: u32 = 6;
/// The delays between.
const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(200), Duration::from_secs(5)).with_jitter();
/// The longest `Retry-After` that is waited for; beyond it people are told.
const LONGEST_WAIT: Duration = Duration::from_secs(20);

/// A stream of events that says nothing for so long is dead: the server says something every ten seconds.
const SILENCE: Duration = Duration::from_secs(40);

/// A request to the API of a server.
#[must_use]
pub(super) struct ApiRequest<'a> {
    server: &'a Server,
    method: Method,
    path: Vec<String>,
    query: Vec<(&'static str, String)>,
    body: Option<Value>,
}

impl Server {
    pub(super) fn get<'a>(&'a self, path: &[&str]) -> ApiRequest<'a> {
        ApiRequest::new(self, Method::GET, path)
    }

    pub(super) fn post<'a>(&'a self, path: &[&str]) -> ApiRequest<'a> {
        ApiRequest::new(self, Method::POST, path)
    }

    pub(super) fn patch<'a>(&'a self, path: &[&str]) -> ApiRequest<'a> {
        ApiRequest::new(self, Method::PATCH, path)
    }

    pub(super) fn delete<'a>(&'a self, path: &[&str]) -> ApiRequest<'a> {
        ApiRequest::new(self, Method::DELETE, path)
    }
}

impl<'a> ApiRequest<'a> {
    /// A request for what is below `/v1`.
    pub(super) fn new(server: &'a Server, method: Method, path: &[&str]) -> Self {
        let parts = std::iter::once("v1").chain(path.iter().copied());
        Self {
            server,
            method,
            path: parts.map(str::to_owned).collect(),
            query: Vec::new(),
            body: None,
        }
    }

    /// The same with a parameter, where it has a value.
    pub(super) fn with(mut self, name: &'static str, value: Option<impl Display>) -> Self {
        self.query
            .extend(value.map(|value| (name, value.to_string())));
        self
    }

    /// The same with a parameter that is there or not.
    pub(super) fn flag(self, name: &'static str, set: bool) -> Self {
        self.with(name, set.then_some(true))
    }

    /// The same, that only plans.
    pub(super) fn dry_run(self) -> Self {
        self.flag("dry_run", true)
    }

    /// The same with a body.
    pub(super) fn body(mut self, body: &impl Serialize) -> Result<Self> {
        let body = serde_json::to_value(body)
            .map_err(|error| Error::internal("a request cannot be written").because(error))?;
        self.body = Some(body);
        Ok(self)
    }

    /// Sends it. Returns what it brings.
    ///
    /// # Errors
    /// What the server says; [`Kind::BadGateway`] and [`Kind::Timeout`] when it says nothing that can
    /// be read.
    pub(super) async fn answer<T: DeserializeOwned>(self) -> Result<T> {
        let (status, body) = self.send().await?;
        answer::good(status, body)
    }

    /// The same where the status is the verdict of a report.
    pub(super) async fn report<T: DeserializeOwned>(self) -> Result<T> {
        let (_, body) = self.send().await?;
        answer::read(body)
    }

    /// The same where nothing is brought.
    pub(super) async fn done(self) -> Result<()> {
        let (status, body) = self.send().await?;
        if status == 204 {
            return Ok(());
        }
        answer::good(status, body)
    }

    /// Asks for a stream of events, of which those after the one with the id `last` are told.
    ///
    /// # Errors
    /// What the server says; [`Kind::BadGateway`] and [`Kind::Timeout`] when it cannot be reached.
    pub(super) async fn events(&self, last: Option<&str>) -> Result<EventReader> {
        self.patiently(|| self.attempt_events(last)).await
    }

    async fn attempt_events(&self, last: Option<&str>) -> Result<EventReader> {
        let (upstream, limiter) = self.server.upstream();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let call = UpstreamCall::get(&path, &self.query, limiter);
        let opening = upstream.open_events(&call, last, SILENCE);
        match self.server.waiting(opening).await? {
            EventReply::Stream(reader) => Ok(*reader),
            EventReply::Other(reply) => {
                Err(answer::refusal(&reply).unwrap_or_else(answer::otherwise))
            }
        }
    }

    async fn send(&self) -> Result<(u16, Value)> {
        self.patiently(|| self.attempt()).await
    }

    /// Sends it, and again while the server has no time for it. A request whose answer was lost is not
    /// sent again: it may have been carried out.
    async fn patiently<T, F: Future<Output = Result<T>>>(
        &self,
        attempt: impl FnMut() -> F,
    ) -> Result<T> {
        BACKOFF
            .retry(RETRIES, attempt, |error, planned| {
                let asked = error.wait().unwrap_or_default();
                let turned_away = match error.kind() {
                    Kind::RateLimited => true,
                    Kind::Unavailable => self.method == Method::GET,
                    _ => false,
                };
                let again = turned_away && asked <= LONGEST_WAIT;
                let again = again && !self.server.stop.is_cancelled();
                again.then(|| planned.max(asked))
            })
            .await
    }

    /// An id that no address can carry is nobody's.
    fn insist_on_address(&self) -> Result<()> {
        let odd = |part: &String| part.is_empty() || part == "." || part == "..";
        let Some(at) = self.path.iter().position(odd) else {
            return Ok(());
        };
        let id = &self.path[at];
        Err(Error::not_found(match self.path[at - 1].as_str() {
            "participants" | "bans" => return Err(no_participant()),
            "messages" => return Err(no_message()),
            "presence" => format!("nothing is known of the presence of `{id}`"),
            "webhooks" => format!("there is no delivery `{id}`"),
            "search" => format!("there is no index `{id}`"),
            nouns => format!("there is no {} `{id}`", nouns.trim_end_matches('s')),
        }))
    }

    async fn attempt(&self) -> Result<(u16, Value)> {
        self.insist_on_address()?;
        let (upstream, limiter) = self.server.upstream();
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        let body = self
            .body
            .as_ref()
            .map_or(UpstreamBody::None, UpstreamBody::Json);
        let call = UpstreamCall {
            query: &self.query,
            ..UpstreamCall::new(self.method.clone(), &path, body, limiter)
        };
        let reply = self.server.waiting(upstream.send_plainly(&call)).await?;
        match answer::refusal(&reply) {
            Some(refused) => Err(refused),
            None => Ok((reply.status, reply.body)),
        }
    }
}
