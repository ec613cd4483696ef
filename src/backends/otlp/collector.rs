//! The connection to the collector.

use std::fmt;
use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient as OtlpClient, HttpError, Request, Response};
use reqwest::header::HeaderMap;
use tokio::runtime::Runtime;
use url::Url;

use crate::backends::http::unreached;
use crate::backends::http_client::HttpClient;
use crate::error::{Error, Result};
use crate::model::told_causes::ToldCauses;

/// Longest time for one batch.
const PATIENCE: Duration = Duration::from_secs(5);
/// The most that is read of an answer.
const MAX_ANSWER: usize = 64 * 1024;

/// How a collector is called, for traces or for metrics.
pub(super) struct CollectorClient {
    url: Url,
    headers: HeaderMap,
    client: HttpClient,
    /// What it is told.
    what: &'static str,
    told: ToldCauses,
}

impl CollectorClient {
    pub(super) fn new(url: Url, headers: HeaderMap, what: &'static str) -> Result<Self> {
        let client = HttpClient::new(|client| {
            client
                .redirect(reqwest::redirect::Policy::none())
                .timeout(PATIENCE)
        });
        client.ready()?;
        Ok(Self {
            url,
            headers,
            client,
            what,
            told: ToldCauses::default(),
        })
    }

    /// Says in the log why the collector takes nothing, unless it was said lately.
    pub(super) fn tell(&self, why: &str) {
        if self.told.is_news(why) {
            let what = self.what;
            tracing::warn!("the collector does not take our {what}, which are dropped: {why}");
        }
    }

    /// What the collector answers, or why it does not.
    pub(super) async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let mut request = reqwest::Request::try_from(request).map_err(|error| error.to_string())?;
        request.headers_mut().extend(self.headers.clone());
        let client = self.client.ready().map_err(|error| error.to_string())?;
        let mut answer = client
            .execute(request)
            .await
            .map_err(|error| self.unreached(&error))?;
        let status = answer.status();
        if !status.is_success() {
            let host = self.url.host_str().unwrap_or_default();
            return Err(format!(
                "it refuses them at {host} ({status}); check telemetry.otlp_url and telemetry.otlp_headers"
            ));
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer
            .chunk()
            .await
            .map_err(|error| self.unreached(&error))?
        {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err("its answer is no collector's; check telemetry.otlp_url".to_owned());
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = Response::new(Bytes::from(body));
        *response.status_mut() = status;
        Ok(response)
    }

    fn unreached(&self, error: &reqwest::Error) -> String {
        if error.is_connect() {
            let cause = unreached(error, &self.url, "telemetry.otlp_url");
            return format!("it cannot be reached at {}; {}", cause.what, cause.advice);
        }
        let host = self.url.host_str().unwrap_or_default();
        let what = if error.is_timeout() {
            "does not answer in time"
        } else {
            "broke off its answer"
        };
        format!("it {what} (at {host}); check telemetry.otlp_url")
    }
}

/// The collector of traces. It is called by the thread that sends, and by nobody else.
pub(super) struct Collector {
    client: CollectorClient,
    /// Of its own: whoever has much to do must not keep it from telling that.
    runtime: Runtime,
}

impl Collector {
    pub(super) fn new(url: Url, headers: HeaderMap) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Error::internal("the runtime of traces cannot start").because(error)
            })?;
        let client = CollectorClient::new(url, headers, "traces")?;
        Ok(Self { client, runtime })
    }
}

impl fmt::Debug for Collector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collector").finish_non_exhaustive()
    }
}

#[async_trait]
impl OtlpClient for Collector {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // The thread that sends has nothing else to do.
        let sent = self.runtime.block_on(self.client.send(request));
        sent.map_err(|why| {
            self.client.tell(&why);
            why.into()
        })
    }
}
