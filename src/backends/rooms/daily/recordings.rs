//! Daily's recordings.

use async_trait::async_trait;
use jiff::Timestamp;
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::rooms::missing as no_room;
use super::{DailyBackend, parse, wire};
use crate::backends::http::{UpstreamBody, UpstreamCall};
use crate::backends::rooms::{Recordings, no_recording};
use crate::error::{Error, Kind, Result};
use crate::model::recording::{
    Recording, RecordingFilter, RecordingLink, RecordingOf, RecordingSpec, RecordingStatus,
};
use crate::model::{BackendName, Page, PageRequest, RoomName};

/// Daily's largest page.
const PAGE: usize = 100;

#[derive(Deserialize)]
struct DailyRecording {
    id: String,
    room_name: String,
    /// Unix seconds.
    start_ts: i64,
    status: String,
    /// In seconds; absent while it runs.
    #[serde(default)]
    duration: Option<i64>,
    #[serde(default, rename = "mtgSessionId")]
    session: Option<String>,
    #[serde(default)]
    tracks: Option<Vec<Track>>,
}

#[derive(Deserialize)]
struct Track {
    #[serde(default)]
    size: u64,
}

#[derive(Deserialize)]
struct DownloadLink {
    download_link: String,
    /// Unix seconds.
    #[serde(default)]
    expires: Option<i64>,
}

fn ours(whole: Value) -> Result<Recording> {
    let wire: DailyRecording = parse(whole.clone())?;
    let tracks = wire.tracks.unwrap_or_default();
    let size: u64 = tracks.iter().map(|track| track.size).sum();
    Ok(Recording {
        id: wire.id,
        backend: BackendName::Daily,
        room: Some(wire.room_name),
        session_id: wire.session,
        status: match wire.status.as_str() {
            "in-progress" => RecordingStatus::Recording,
            "finished" => RecordingStatus::Ready,
            "canceled" => RecordingStatus::Failed,
            _ => RecordingStatus::Processing,
        },
        started_at: Timestamp::from_second(wire.start_ts).ok(),
        duration_ms: wire.duration.map(|seconds| seconds.saturating_mul(1000)),
        size: Some(size).filter(|size| *size > 0),
        sha256: None,
        vendor: whole,
    })
}

#[async_trait]
impl Recordings for DailyBackend {
    /// Daily's answer is not documented, so the recording is looked up; it may come into the list
    /// a moment later.
    async fn start(&self, spec: &RecordingSpec) -> Result<Recording> {
        let RecordingOf::Room(room) = &spec.of else {
            return Err(Error::unsupported("Daily records rooms; name one"));
        };
        let before = self.running(room).await?;
        if let Some(running) = before {
            return Err(Error::conflict(format!(
                "the room `{room}` is being recorded already, as {}",
                running.id
            )));
        }
        let path = ["rooms", room.as_str(), "recordings", "start"];
        let body = Value::Object(spec.properties.clone());
        let call = UpstreamCall::new(
            Method::POST,
            &path,
            UpstreamBody::Json(&body),
            &self.general,
        )
        .non_idempotent();
        let answer = self.upstream.send(call).await;
        let said = answer.map_err(|error| no_room(room, error))?.body;
        if let Some(running) = self.running(room).await? {
            return Ok(running);
        }
        let id = ["recordingId", "id", "instanceId"]
            .iter()
            .find_map(|name| said.get(name)?.as_str());
        Ok(Recording {
            // Empty where Daily did not tell it: the list will, a moment later.
            id: id.unwrap_or_default().to_owned(),
            backend: BackendName::Daily,
            room: Some(room.to_string()),
            session_id: None,
            status: RecordingStatus::Starting,
            started_at: Some(self.clock.now()),
            duration_ms: None,
            size: None,
            sha256: None,
            vendor: said,
        })
    }

    async fn stop(&self, id: &str) -> Result<Recording> {
        let recording = self.get(id).await?;
        // Stopping goes by the room, where another recording may run by now.
        if recording.status != RecordingStatus::Recording {
            return Err(Error::conflict(format!(
                "the recording `{id}` is over already"
            )));
        }
        let Some(room) = recording.room.as_deref() else {
            return Err(Error::bad_gateway("Daily's recording has no room"));
        };
        let path = ["rooms", room, "recordings", "stop"];
        let stopped = self.write(Method::POST, &path, &json!({})).await;
        stopped.map_err(|error| match error.kind() {
            Kind::InvalidInput => Error::conflict(format!("the recording `{id}` is over already")),
            _ => no_recording(id, error),
        })?;
        self.get(id).await
    }

    async fn get(&self, id: &str) -> Result<Recording> {
        let found = self.read(&["recordings", id], &[]).await;
        ours(found.map_err(|error| no_recording(id, error))?.body)
    }

    async fn list(&self, filter: &RecordingFilter, page: &PageRequest) -> Result<Page<Recording>> {
        let mut query = vec![("limit", page.limit.clamp(1, PAGE).to_string())];
        query.extend(
            filter
                .room
                .as_ref()
                .map(|room| ("room_name", room.to_string())),
        );
        query.extend(page.after.clone().map(|after| ("starting_after", after)));
        let call = UpstreamCall::get(&["recordings"], &query, &self.slow);
        let list: wire::DailyList = parse(self.upstream.send(call).await?.body)?;
        let items = list
            .data
            .into_iter()
            .map(ours)
            .collect::<Result<Vec<_>>>()?;
        let next = items.last().map(|recording| recording.id.clone());
        Ok(Page::new(items, next))
    }

    async fn link(&self, id: &str) -> Result<RecordingLink> {
        let recording = self.get(id).await?;
        if recording.status != RecordingStatus::Ready {
            return Err(Error::conflict(format!(
                "the recording `{id}` has no file yet; its status is {}",
                recording.status.as_str()
            )));
        }
        let link = self.read(&["recordings", id, "access-link"], &[]).await;
        let link: DownloadLink = parse(link.map_err(|error| no_recording(id, error))?.body)?;
        // The field may hold an explanation instead of a link.
        if !link.download_link.starts_with("http") {
            return Err(Error::bad_gateway(format!(
                "Daily gives no link to the recording `{id}`"
            )));
        }
        Ok(RecordingLink {
            id: id.to_owned(),
            url: link.download_link,
            expires_at: link.expires.and_then(|at| Timestamp::from_second(at).ok()),
        })
    }

    async fn delete(&self, id: &str) -> Result<()> {
        let path = ["recordings", id];
        let call = UpstreamCall::new(Method::DELETE, &path, UpstreamBody::None, &self.general);
        let outcome = self.upstream.send(call).await;
        outcome.map(|_| ()).map_err(|error| no_recording(id, error))
    }
}

impl DailyBackend {
    async fn running(&self, room: &RoomName) -> Result<Option<Recording>> {
        let filter = RecordingFilter {
            room: Some(room.clone()),
        };
        let page = PageRequest {
            after: None,
            limit: PAGE,
        };
        let found = Recordings::list(self, &filter, &page).await?;
        let running = |recording: &Recording| recording.status == RecordingStatus::Recording;
        Ok(found.items.into_iter().find(running))
    }
}
