//! Google Cloud Firestore over gRPC.

mod client;
mod fault;
mod listen;
mod rules;
mod scan;
mod value;
mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
use jiff::Timestamp;
use tonic::Code;
use url::Url;

use self::client::{CallFailure, StoreClient};
pub use self::rules::{FirestoreRules, FirestoreRulesSettings};
use super::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, EventStream, Mutation, Scan,
    Version, Write,
};
use crate::backends::google::TokenSource;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::health::{Depth, Finding, Health, Probe};

/// The collection that is read and written to see whether that works.
const PROBE: &str = "tok_probe";
/// A clock that differs from Google's by more is worth a warning: tokens are refused soon.
const SKEW_LIMIT: i64 = 60;

/// Which database, and how patient to be with it.
pub struct FirestoreSettings {
    /// The Google Cloud project.
    pub project: String,
    /// The database in it, `(default)` if there is one only.
    pub database: String,
    /// `https://firestore.googleapis.com`, or an emulator.
    pub base_url: Url,
    /// Where the access tokens of each call come from.
    pub tokens: Arc<TokenSource>,
    /// Longest time for one call.
    pub timeout: Duration,
    /// A listening stream that says nothing for so long is opened again; Google's is known to
    /// fall silent without an error.
    pub silence: Duration,
    /// The delays before a listening stream is opened again.
    pub backoff: Backoff,
}

/// [`Documents`] in one database of Firestore, over one channel.
pub struct FirestoreDocuments {
    client: StoreClient,
}

impl FirestoreDocuments {
    /// A client of the database; connects when first used.
    ///
    /// # Errors
    /// [`Kind::Config`] when the address cannot be one.
    pub fn new(settings: FirestoreSettings) -> Result<Self> {
        let client = StoreClient::new(settings)?;
        Ok(Self { client })
    }

    /// Whether the store is as these writes, of which an answer was lost, would have left it;
    /// then their versions.
    async fn already_applied(&self, writes: &[Write]) -> Result<Option<Vec<Version>>> {
        let mut versions = Vec::with_capacity(writes.len());
        for write in writes {
            let found = self.get(&write.collection, &write.id).await?;
            let version = match (&write.change, found) {
                (Mutation::Delete, None) => 0,
                (Mutation::Put(value), Some(found))
                    if serde_json::from_str::<serde_json::Value>(&found.json)
                        .ok()
                        .as_ref()
                        == Some(value) =>
                {
                    found.version
                }
                (Mutation::Merge(fields), Some(found)) => {
                    let now = crate::records::fields_of(&found);
                    if fields
                        .iter()
                        .any(|(name, value)| now.get(name) != Some(value))
                    {
                        return Ok(None);
                    }
                    found.version
                }
                _ => return Ok(None),
            };
            versions.push(version);
        }
        Ok(Some(versions))
    }
}

#[async_trait]
impl Documents for FirestoreDocuments {
    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>> {
        let message = pb::GetDocumentRequest {
            name: self.client.database.document(collection, id)?,
            ..pb::GetDocumentRequest::default()
        };
        let found = self
            .client
            .read(
                "GetDocument",
                async |mut api, message| api.get_document(message).await,
                message,
            )
            .await;
        match found {
            Ok(found) => wire::document(&found).map(Some),
            Err(CallFailure {
                code: Code::NotFound,
                error,
                ..
            }) if error.kind() != Kind::Config => Ok(None),
            Err(failure) => Err(failure.error),
        }
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        let wired = writes.iter().cloned();
        let message = pb::CommitRequest {
            database: self.client.database.name.clone(),
            writes: wired
                .map(|write| wire::write(&self.client.database, write))
                .collect::<Result<_>>()?,
            ..pb::CommitRequest::default()
        };
        let (outcome, lost) = self.client.commit(message).await;
        match outcome {
            Ok(done) => {
                let versions = done.write_results.iter().zip(&writes);
                Ok(versions
                    .map(|(result, write)| match write.change {
                        Mutation::Delete => 0,
                        _ => wire::version(result.update_time.as_ref()),
                    })
                    .collect())
            }
            // The try whose answer was lost may be what stands in the way of this one.
            Err(failure) if lost && failure.error.kind() == Kind::Conflict => {
                self.already_applied(&writes).await?.ok_or(failure.error)
            }
            Err(failure) => Err(failure.error),
        }
    }

    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        scan::find(self.client.clone(), collection, (field, value), limit).await
    }

    async fn due(
        &self,
        collection: &str,
        field: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>> {
        scan::due(self.client.clone(), collection, field, before, limit).await
    }

    /// A database is its own: Google brings nothing back in its place.
    async fn backup(&self, _to: &Path, _progress: CopyProgress) -> Result<Backup> {
        Err(Error::new(
            Kind::Unsupported,
            "Firestore is saved and brought back by Google's own tools: gcloud firestore export, gcloud firestore import",
        ))
    }

    async fn damage(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn lineage(&self) -> Result<String> {
        Ok(self.client.database.name.clone())
    }

    async fn now(&self) -> Result<Timestamp> {
        let (_, moment) = scan::count(&self.client, PROBE).await?;
        let moment = moment.ok_or_else(|| Error::bad_gateway("Firestore told no time"))?;
        Timestamp::new(moment.seconds, moment.nanos)
            .map_err(|error| Error::bad_gateway("Firestore told no time").because(error))
    }

    /// Every watch listens to one more document; its change is told after all that came before.
    async fn fence(&self, collection: &str) -> Result<Cursor> {
        let (place, id) = listen::fence_of(collection);
        let at = serde_json::json!({ "at": Timestamp::now(), "by": uuid::Uuid::new_v4() });
        let versions = self.commit(vec![Write::put(place, &id, &at)?]).await?;
        let version = versions.first().copied().unwrap_or(0);
        Ok(Cursor(version.to_string()))
    }

    /// What was deleted since a cursor cannot be known without the ids of then.
    fn resumes(&self) -> bool {
        false
    }

    async fn count(&self, collection: &str) -> Result<u64> {
        let (count, _) = scan::count(&self.client, collection).await?;
        Ok(count)
    }

    fn scan(&self, scan: Scan) -> DocumentStream {
        scan::scan(self.client.clone(), scan)
    }

    fn watch(&self, collection: &str, _from: Option<Cursor>) -> EventStream {
        listen::watch(self.client.clone(), collection)
    }
}

#[async_trait]
impl Probe for FirestoreDocuments {
    fn is_vital(&self) -> bool {
        true
    }

    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        let check = "firestore";
        let bad = |error: &Error| {
            vec![Finding::failed(
                check,
                error,
                "check firestore.project_id, google.credentials_file and its role Cloud Datastore User",
            )]
        };
        let name = self.client.database.name.clone();
        if depth == Depth::Light {
            return match self.get(PROBE, "probe").await {
                Ok(_) => vec![Finding::ok(check, format!("{name} can be read"))],
                Err(error) => bad(&error),
            };
        }
        let now = Timestamp::now();
        // A field that changes, or the write would leave the old moment.
        let written = async {
            let write = Write::put(PROBE, "probe", &serde_json::json!({ "at": now }))?;
            self.commit(vec![write]).await
        };
        match written.await {
            Ok(versions) => vec![
                Finding::ok(check, format!("{name} can be read and written")),
                skew(now, versions.first().copied().unwrap_or(0)),
            ],
            Err(error) => bad(&error),
        }
    }
}

/// Compares our clock with the moment Firestore wrote at.
fn skew(ours: Timestamp, theirs: Version) -> Finding {
    let check = "firestore clock";
    let theirs = i64::try_from(theirs / 1_000_000).unwrap_or(i64::MAX);
    let seconds = (ours.as_second() - theirs).abs();
    if seconds <= SKEW_LIMIT {
        return Finding::ok(check, "this machine's clock agrees with Google's");
    }
    Finding::bad(
        check,
        Health::Warn,
        format!("this machine's clock is {seconds} s away from Google's"),
        "set the clock, e.g. with NTP: Google refuses credentials signed at a wrong time",
    )
}
