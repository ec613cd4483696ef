//! Calls: the credential, the time limit and the repetition of each.

use std::sync::Arc;
use std::time::Duration;

use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
use pb::firestore_client::FirestoreClient;
use secrecy::{ExposeSecret, SecretString};
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};
use tonic::{Code, Request, Response, Status, Streaming};
use tracing::Instrument;

use super::FirestoreSettings;
use super::fault::{commit_again, fault, read_again};
use super::wire::Database;
use crate::backends::google::TokenSource;
use crate::error::{Error, Result};
use crate::model::backoff::Backoff;
use crate::traces;

/// What may be on its way to one watch. Listening brings many small frames, and the transport
/// cuts a connection that holds too many for its window.
const STREAM_WINDOW: u32 = 1024 * 1024;
/// The same for the whole connection.
const CONNECTION_WINDOW: u32 = 8 * 1024 * 1024;

/// The largest answer; a document has at most 1 MiB, or 16 MiB in the Enterprise edition.
const MAX_ANSWER: usize = 64 * 1024 * 1024;
/// How often a call is repeated after its first try.
const RETRIES: u32 = 4;
/// The delays between the tries of a call.
pub(super) const BACKOFF: Backoff =
    Backoff::new(Duration::from_millis(100), Duration::from_secs(5)).with_jitter();

/// The client that is generated from Google's description of the API, over one channel.
pub(super) type Api = FirestoreClient<Channel>;

/// A database and how to talk to it. Cheap to clone.
#[derive(Clone)]
pub(super) struct StoreClient {
    api: Api,
    host: Arc<str>,
    pub(super) database: Database,
    tokens: Arc<TokenSource>,
    pub(super) timeout: Duration,
    pub(super) silence: Duration,
    pub(super) backoff: Backoff,
    /// The database's name for Google's routers.
    route: MetadataValue<Ascii>,
}

/// How a call failed.
pub(super) struct CallFailure {
    pub(super) error: Error,
    pub(super) code: Code,
    again: bool,
    /// It may have been carried out all the same.
    lost: bool,
}

impl StoreClient {
    pub(super) fn new(settings: FirestoreSettings) -> Result<Self> {
        let name = format!(
            "projects/{}/databases/{}",
            settings.project, settings.database
        );
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            Error::config("firestore.base_url, project_id or database cannot be used")
                .because(error)
        };
        let mut endpoint = Endpoint::from_shared(settings.base_url.to_string())
            .map_err(|error| wrong(error.into()))?
            .user_agent(concat!("tok/", env!("CARGO_PKG_VERSION")))
            .map_err(|error| wrong(error.into()))?
            .connect_timeout(settings.timeout.min(Duration::from_secs(5)))
            .initial_stream_window_size(STREAM_WINDOW)
            .initial_connection_window_size(CONNECTION_WINDOW)
            .http2_keep_alive_interval(Duration::from_mins(1))
            .keep_alive_timeout(Duration::from_secs(20));
        if settings.base_url.scheme() == "https" {
            endpoint = endpoint
                .tls_config(ClientTlsConfig::new().with_webpki_roots())
                .map_err(|error| wrong(error.into()))?;
        }
        Ok(Self {
            api: FirestoreClient::new(endpoint.connect_lazy())
                .max_decoding_message_size(MAX_ANSWER),
            host: settings.base_url.host_str().unwrap_or_default().into(),
            route: name.parse().map_err(|_| wrong("not ASCII".into()))?,
            database: Database { name },
            tokens: settings.tokens,
            timeout: settings.timeout,
            silence: settings.silence,
            backoff: settings.backoff,
        })
    }

    pub(super) fn api(&self) -> Api {
        self.api.clone()
    }

    /// A request with the credential, and the credential.
    pub(super) async fn request<T>(&self, message: T) -> Result<(Request<T>, SecretString)> {
        let token = self.tokens.token().await?;
        let mut bearer: MetadataValue<Ascii> = format!("Bearer {}", token.expose_secret())
            .parse()
            .map_err(|_| Error::internal("Google's token is no text"))?;
        bearer.set_sensitive(true);
        let mut request = Request::new(message);
        let metadata = request.metadata_mut();
        metadata.insert("authorization", bearer);
        metadata.insert("google-cloud-resource-prefix", self.route.clone());
        Ok((request, token))
    }

    /// Begins to read what a query finds; what it finds comes later than this is answered.
    pub(super) async fn query(
        &self,
        request: Request<pb::RunQueryRequest>,
    ) -> Result<Response<Streaming<pb::RunQueryResponse>>, Status> {
        let span = traces::procedure("Firestore", "RunQuery", &self.host);
        let opened = self.api().run_query(request).instrument(span.clone()).await;
        if let Err(status) = &opened {
            traces::failed(&span, fault(status.clone()).kind());
        }
        opened
    }

    /// Forgets a token that was refused, so that the next request brings another.
    pub(super) async fn heard(&self, status: &Status, token: &SecretString) {
        if status.code() == Code::Unauthenticated {
            self.tokens.refused(token).await;
        }
    }

    /// One try of a call, counted by its outcome and a span of its own.
    async fn attempt<M, R>(
        &self,
        name: &str,
        call: &impl AsyncFn(Api, Request<M>) -> Result<Response<R>, Status>,
        message: M,
    ) -> Result<R, CallFailure> {
        let (mut request, token) = self.request(message).await.map_err(|error| CallFailure {
            error,
            code: Code::Unauthenticated,
            again: false,
            lost: false,
        })?;
        request.set_timeout(self.timeout);
        let span = traces::procedure("Firestore", name, &self.host);
        let outcome = call(self.api(), request).instrument(span.clone()).await;
        let code = outcome.as_ref().map_or_else(Status::code, |_| Code::Ok);
        metrics::counter!("tok_upstream_requests_total", "vendor" => "firestore", "outcome" => outcome_label(code))
            .increment(1);
        match outcome {
            Ok(response) => Ok(response.into_inner()),
            Err(status) => {
                self.heard(&status, &token).await;
                let again = read_again(&status);
                let error = fault(status);
                traces::failed(&span, error.kind());
                Err(CallFailure {
                    error,
                    code,
                    again,
                    lost: false,
                })
            }
        }
    }

    /// Sends a call that reads, by the name that Google gives it, and repeats it while that may help.
    pub(super) async fn read<M: Clone, R>(
        &self,
        name: &str,
        call: impl AsyncFn(Api, Request<M>) -> Result<Response<R>, Status>,
        message: M,
    ) -> Result<R, CallFailure> {
        let mut refused = 0;
        let again = |failure: &CallFailure, delay| worth(failure, &mut refused).then_some(delay);
        BACKOFF
            .retry(
                RETRIES,
                || self.attempt(name, &call, message.clone()),
                again,
            )
            .await
    }

    /// Sends a commit, repeats it while that may help, and tells whether an earlier try may have
    /// been carried out although its answer was lost.
    pub(super) async fn commit(
        &self,
        message: pb::CommitRequest,
    ) -> (Result<pb::CommitResponse, CallFailure>, bool) {
        let call = async |mut api: Api, message| api.commit(message).await;
        let mut lost = false;
        let mut refused = 0;
        let work = || async {
            let outcome = self.attempt("Commit", &call, message.clone()).await;
            outcome.map_err(|mut failure| {
                let again = commit_again(failure.code);
                failure.again &= again.is_some();
                failure.again |= failure.code == Code::Aborted;
                failure.lost = again == Some(true);
                failure
            })
        };
        let again = |failure: &CallFailure, delay| {
            let worth = worth(failure, &mut refused);
            lost |= worth && failure.lost;
            worth.then_some(delay)
        };
        let outcome = BACKOFF.retry(RETRIES, work, again).await;
        (outcome, lost)
    }
}

/// Whether another try may help. A refused credential is renewed and tried once more, not four times.
fn worth(failure: &CallFailure, refused: &mut u32) -> bool {
    if !failure.again {
        return false;
    }
    *refused += u32::from(failure.code == Code::Unauthenticated);
    *refused < 2
}

fn outcome_label(code: Code) -> &'static str {
    match code {
        Code::Ok => "ok",
        Code::NotFound => "not_found",
        Code::AlreadyExists | Code::FailedPrecondition => "conflict",
        Code::Unauthenticated | Code::PermissionDenied => "credential_refused",
        Code::ResourceExhausted => "rate_limited",
        Code::DeadlineExceeded | Code::Cancelled => "timeout",
        Code::InvalidArgument | Code::OutOfRange => "invalid_input",
        _ => "bad_gateway",
    }
}
