//! Watching with `Listen`.
//!
//! One target on one stream. Changes are told once the server says that the stream is at a
//! consistent snapshot; only then is its resume token kept, so that a stream that breaks in
//! between is told again from there. A resume token does not bring the deletions that were
//! missed: the server's count of documents does, compared at each snapshot with ours.

use std::collections::{HashSet, VecDeque};
use std::error::Error as _;
use std::hash::{BuildHasher, RandomState};

use futures_util::stream::{self, StreamExt};
use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
use pb::listen_response::ResponseType;
use pb::target_change::TargetChangeType;
use secrecy::SecretString;
use tonic::{Code, Status, Streaming};

use super::client::StoreClient;
use super::fault::{fault, listen_again, without_credential};
use super::wire::{self, id_of};
use crate::backends::documents::{Cursor, Event, EventStream, Scan};
use crate::error::Result;
use crate::model::backoff::Delays;

/// Our target's id; bound to its query for good.
const TARGET: i32 = 1;

/// Beside it the document that [`fence_of`] names.
const FENCE: i32 = 2;

/// The collection and id of the document that is written to learn how far a watch is.
pub(super) fn fence_of(collection: &str) -> (&'static str, String) {
    ("tok_fences", collection.to_owned())
}

/// The stream behind [`Documents::watch`](crate::backends::documents::Documents::watch).
pub(super) fn watch(client: StoreClient, collection: &str) -> EventStream {
    let watcher = ListenWatcher {
        delays: client.backoff.delays(),
        client,
        collection: collection.to_owned(),
        responses: None,
        credential: None,
        token: Vec::new(),
        known: SeenIds::default(),
        held: Vec::new(),
        latest: Vec::new(),
        announced: None,
        current: false,
        refused: false,
        pending: VecDeque::new(),
    };
    stream::try_unfold(watcher, |mut watcher| async move {
        loop {
            if let Some(event) = watcher.pending.pop_front() {
                return Ok(Some((event, watcher)));
            }
            watcher.advance().await?;
        }
    })
    .boxed()
}

/// The ids that were told, as hashes: enough to count them.
#[derive(Default)]
struct SeenIds {
    hasher: RandomState,
    ids: HashSet<u64>,
}

impl SeenIds {
    fn apply(&mut self, event: &Event) {
        match event {
            Event::Put(document) => drop(self.ids.insert(self.hasher.hash_one(&document.id))),
            Event::Removed(id) => drop(self.ids.remove(&self.hasher.hash_one(id))),
            Event::Reset | Event::Current(_) => {}
        }
    }

    fn agrees_with(&self, count: i32) -> bool {
        usize::try_from(count) == Ok(self.ids.len())
    }
}

struct ListenWatcher {
    client: StoreClient,
    collection: String,
    responses: Option<Streaming<pb::ListenResponse>>,
    /// What the stream was opened with.
    credential: Option<SecretString>,
    /// Where the last snapshot that was told ended; empty while the first is on its way.
    token: Vec<u8>,
    /// The newest token that was sent.
    latest: Vec<u8>,
    known: SeenIds,
    /// Changes since the last snapshot. While the first is on its way nothing is held: a break
    /// then begins anew, and a large collection need not fit into memory.
    held: Vec<Event>,
    /// How many documents the server says there are.
    announced: Option<i32>,
    /// The target is up to date.
    current: bool,
    /// The credential was refused, and nothing worked since.
    refused: bool,
    delays: Delays,
    pending: VecDeque<Event>,
}

/// What to do with the stream after a message.
enum StreamAction {
    GoOn,
    /// Open the stream again.
    Reopen(Status),
}

impl ListenWatcher {
    async fn advance(&mut self) -> Result<()> {
        let next = match self.message().await {
            Ok(Some(message)) => self.hear(message)?,
            Ok(None) => StreamAction::Reopen(Status::unavailable("the stream ended")),
            Err(status) => StreamAction::Reopen(status),
        };
        match next {
            StreamAction::GoOn => Ok(()),
            StreamAction::Reopen(status) => self.reopen(status).await,
        }
    }

    async fn message(&mut self) -> Result<Option<pb::ListenResponse>, Status> {
        if self.responses.is_none() {
            self.responses = Some(self.open().await?);
            if self.token.is_empty() {
                self.begin();
            }
        }
        let Some(responses) = &mut self.responses else {
            return Ok(None);
        };
        tokio::time::timeout(self.client.silence, responses.message())
            .await
            .map_err(|_| Status::unavailable("the stream was silent"))?
    }

    async fn open(&mut self) -> Result<Streaming<pb::ListenResponse>, Status> {
        let (parent, query) =
            wire::query(&self.client.database, &Scan::all(&self.collection), None);
        let target = pb::Target {
            target_id: TARGET,
            target_type: Some(pb::target::TargetType::Query(pb::target::QueryTarget {
                parent,
                query_type: Some(pb::target::query_target::QueryType::StructuredQuery(query)),
            })),
            resume_type: (!self.token.is_empty())
                .then(|| pb::target::ResumeType::ResumeToken(self.token.clone())),
            ..pb::Target::default()
        };
        let targets = [target, self.fence()?].map(|target| pb::ListenRequest {
            database: self.client.database.name.clone(),
            target_change: Some(pb::listen_request::TargetChange::AddTarget(target)),
            ..pb::ListenRequest::default()
        });
        // The request stays open: ending it would end the answer.
        let requests = stream::iter(targets).chain(stream::pending());
        let (request, credential) = self
            .client
            .request(requests)
            .await
            .map_err(|error| without_credential(&error))?;
        self.credential = Some(credential);
        let mut api = self.client.api();
        let opened = tokio::time::timeout(self.client.silence, api.listen(request))
            .await
            .map_err(|_| Status::unavailable("the stream did not open"))?;
        Ok(opened?.into_inner())
    }

    /// The target whose changes make the server tell how far the stream is.
    fn fence(&self) -> Result<pb::Target, Status> {
        let (place, id) = fence_of(&self.collection);
        let name = self.client.database.document(place, &id);
        let documents = vec![name.map_err(|error| Status::internal(error.message()))?];
        Ok(pb::Target {
            target_id: FENCE,
            target_type: Some(pb::target::TargetType::Documents(
                pb::target::DocumentsTarget { documents },
            )),
            ..pb::Target::default()
        })
    }

    /// The whole state follows.
    fn begin(&mut self) {
        self.known.ids.clear();
        self.token.clear();
        self.latest.clear();
        self.pending.push_back(Event::Reset);
    }

    fn hear(&mut self, message: pb::ListenResponse) -> Result<StreamAction> {
        match message.response_type {
            Some(ResponseType::TargetChange(change)) => return Ok(self.hear_target(change)),
            Some(ResponseType::DocumentChange(change)) => {
                let Some(document) = change.document else {
                    return Ok(StreamAction::GoOn);
                };
                if change.target_ids.contains(&TARGET) {
                    self.emit(Event::Put(wire::document(&document)?));
                } else if change.removed_target_ids.contains(&TARGET) {
                    self.emit(Event::Removed(id_of(&document.name)));
                }
            }
            Some(ResponseType::DocumentDelete(gone))
                if gone.removed_target_ids.contains(&TARGET) =>
            {
                self.emit(Event::Removed(id_of(&gone.document)));
            }
            Some(ResponseType::DocumentRemove(gone))
                if gone.removed_target_ids.contains(&TARGET) =>
            {
                self.emit(Event::Removed(id_of(&gone.document)));
            }
            Some(ResponseType::Filter(filter)) if filter.target_id == TARGET => {
                self.announced = Some(filter.count);
            }
            _ => {}
        }
        Ok(StreamAction::GoOn)
    }

    fn emit(&mut self, event: Event) {
        if self.token.is_empty() {
            self.known.apply(&event);
            self.pending.push_back(event);
        } else {
            self.held.push(event);
        }
    }

    fn hear_target(&mut self, change: pb::TargetChange) -> StreamAction {
        let everybody = change.target_ids.is_empty();
        let removed = change.target_change_type() == TargetChangeType::Remove;
        if !everybody && !removed && !change.target_ids.contains(&TARGET) {
            return StreamAction::GoOn;
        }
        if !change.resume_token.is_empty() {
            self.latest.clone_from(&change.resume_token);
            self.delays.reset();
            self.refused = false;
        }
        match change.target_change_type() {
            TargetChangeType::Current => self.current = true,
            TargetChangeType::Reset => {
                self.reset();
                self.begin();
            }
            // The server gave our target up; only the cause tells whether it is any use to ask again.
            TargetChangeType::Remove => {
                let status = change.cause.map_or_else(
                    || Status::unavailable("the target was removed"),
                    |cause| Status::new(Code::from(cause.code), cause.message),
                );
                return StreamAction::Reopen(status);
            }
            TargetChangeType::NoChange if everybody && self.current => {
                if let Some(moment) = change.read_time {
                    return self.snapshot(&moment);
                }
            }
            TargetChangeType::NoChange | TargetChangeType::Add => {}
        }
        StreamAction::GoOn
    }

    /// Gives the status back if the stream should be opened again, or the error that it is.
    fn classify(&mut self, status: Status) -> Result<Status> {
        let worn_out = matches!(
            status.code(),
            Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange | Code::NotFound
        );
        if worn_out && !self.token.is_empty() {
            // The token may be too old; the whole state never is.
            self.token.clear();
            return Ok(status);
        }
        let twice =
            status.code() == Code::Unauthenticated && std::mem::replace(&mut self.refused, true);
        if twice || !listen_again(status.code()) {
            return Err(fault(status));
        }
        Ok(status)
    }

    /// Everything up to here is consistent.
    fn snapshot(&mut self, moment: &prost_types::Timestamp) -> StreamAction {
        let held = std::mem::take(&mut self.held);
        for event in &held {
            self.known.apply(event);
        }
        if let Some(count) = self.announced.take()
            && !self.known.agrees_with(count)
        {
            tracing::info!(
                collection = self.collection,
                count,
                known = self.known.ids.len(),
                "documents vanished while away; reading all again"
            );
            metrics::counter!("tok_watch_restarts_total", "reason" => "filter").increment(1);
            self.token.clear();
            return StreamAction::Reopen(Status::aborted("documents vanished while away"));
        }
        self.token.clone_from(&self.latest);
        self.pending.extend(held);
        let cursor = Cursor(wire::version(Some(moment)).to_string());
        self.pending.push_back(Event::Current(cursor));
        StreamAction::GoOn
    }

    /// Drops what was not told yet.
    fn reset(&mut self) {
        self.held.clear();
        self.announced = None;
        self.current = false;
    }

    async fn reopen(&mut self, status: Status) -> Result<()> {
        self.responses = None;
        self.reset();
        if let Some(credential) = self.credential.take() {
            self.client.heard(&status, &credential).await;
        }
        let status = self.classify(status)?;
        let delay = match status.code() {
            // The server's quota; with a source it is our own transport that had enough.
            Code::ResourceExhausted if status.source().is_none() => self.client.backoff.longest(),
            _ => self.delays.next(None),
        };
        metrics::counter!("tok_watch_restarts_total", "reason" => "stream").increment(1);
        tracing::debug!(collection = self.collection, error = %status, ?delay, "listening again");
        tokio::time::sleep(delay).await;
        Ok(())
    }
}
