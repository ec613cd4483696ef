//! 100ms' recordings. A recording becomes several assets; the file is the composite one.

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::{HundredMsBackend, parse, wire};
use crate::backends::rooms::{Recordings, no_recording};
use crate::error::{Error, Result};
use crate::model::recording::{
    Recording, RecordingFilter, RecordingLink, RecordingOf, RecordingSpec, RecordingStatus,
};
use crate::model::{BackendName, Page, PageRequest};

#[derive(Deserialize)]
struct HundredMsRecording {
    id: String,
    room_id: String,
    #[serde(default)]
    session_id: Option<String>,
    status: String,
    created_at: Timestamp,
    #[serde(default)]
    started_at: Option<Timestamp>,
    #[serde(default)]
    recording_assets: Option<Vec<Asset>>,
}

#[derive(Deserialize)]
struct Asset {
    id: String,
    r#type: String,
    status: String,
    #[serde(default)]
    size: Option<u64>,
    /// In seconds, with fractions.
    #[serde(default)]
    duration: Option<f64>,
}

#[derive(Deserialize)]
struct AssetLink {
    url: String,
    /// In seconds from now.
    #[serde(default)]
    expiry: Option<i64>,
}

impl HundredMsRecording {
    /// The asset that people mean by "the recording".
    fn file(&self) -> Option<&Asset> {
        let assets = self.recording_assets.as_deref().unwrap_or_default();
        let done = || assets.iter().filter(|asset| asset.status == "completed");
        done()
            .find(|asset| asset.r#type.starts_with("room-composite"))
            .or_else(|| done().find(|asset| asset.r#type == "room-vod"))
            .or_else(|| done().next())
    }

    fn status(&self) -> RecordingStatus {
        match self.status.as_str() {
            "starting" => RecordingStatus::Starting,
            "running" => RecordingStatus::Recording,
            "paused" => RecordingStatus::Paused,
            "completed" => RecordingStatus::Ready,
            "failed" => RecordingStatus::Failed,
            _ => RecordingStatus::Processing,
        }
    }
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "a length of seconds, far below the limit"
)]
fn ours(whole: Value) -> Result<Recording> {
    let wire: HundredMsRecording = parse(whole.clone())?;
    let file = wire.file();
    Ok(Recording {
        backend: BackendName::HundredMs,
        room: Some(wire.room_id.clone()),
        session_id: wire.session_id.clone().filter(|id| !id.is_empty()),
        status: wire.status(),
        started_at: Some(wire.started_at.unwrap_or(wire.created_at)),
        duration_ms: file
            .and_then(|file| file.duration)
            .map(|seconds| (seconds * 1000.0) as i64),
        size: file.and_then(|file| file.size),
        sha256: None,
        id: wire.id,
        vendor: whole,
    })
}

#[async_trait]
impl Recordings for HundredMsBackend {
    async fn start(&self, spec: &RecordingSpec) -> Result<Recording> {
        let RecordingOf::Room(room) = &spec.of else {
            return Err(Error::unsupported("100ms records rooms; name one"));
        };
        let id = self.room_id(room).await?;
        let body = Value::Object(spec.properties.clone());
        ours(
            self.write_non_idempotent(&["recordings", "room", &id, "start"], &body)
                .await?,
        )
    }

    async fn stop(&self, id: &str) -> Result<Recording> {
        let path = ["recordings", id, "stop"];
        let stopped = self
            .write(&path, &Value::Object(serde_json::Map::new()))
            .await;
        ours(stopped.map_err(|error| no_recording(id, error))?)
    }

    async fn get(&self, id: &str) -> Result<Recording> {
        let found = self.read(&["recordings", id], &[]).await;
        ours(found.map_err(|error| no_recording(id, error))?)
    }

    async fn list(&self, filter: &RecordingFilter, page: &PageRequest) -> Result<Page<Recording>> {
        let mut query = Vec::new();
        if let Some(room) = &filter.room {
            query.push(("room_id", self.room_id(room).await?));
        }
        let limit = page.limit.clamp(wire::SMALLEST_PAGE, wire::LARGEST_PAGE);
        let list: wire::HundredMsList<Value> = self
            .page(&["recordings"], &query, page.after.clone(), limit)
            .await?;
        Ok(Page {
            next: list.next(),
            items: list
                .data
                .unwrap_or_default()
                .into_iter()
                .map(ours)
                .collect::<Result<_>>()?,
            unreadable: 0,
        })
    }

    async fn link(&self, id: &str) -> Result<RecordingLink> {
        let found = self.read(&["recordings", id], &[]).await;
        let wire: HundredMsRecording = parse(found.map_err(|error| no_recording(id, error))?)?;
        let Some(file) = wire.file() else {
            return Err(Error::conflict(format!(
                "the recording `{id}` has no file yet; its status is {}",
                wire.status
            )));
        };
        let path = ["recording-assets", file.id.as_str(), "presigned-url"];
        let link: AssetLink = self.read(&path, &[]).await?;
        let now = self.clock.now();
        Ok(RecordingLink {
            id: id.to_owned(),
            url: link.url,
            expires_at: link
                .expiry
                .and_then(|seconds| now.checked_add(SignedDuration::from_secs(seconds)).ok()),
        })
    }

    async fn delete(&self, _id: &str) -> Result<()> {
        Err(Error::unsupported(
            "100ms deletes no recordings; it keeps them for 15 days, or they lie in your own storage",
        ))
    }
}
