//! `OpenTok`'s archives.

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::{SignedDuration, Timestamp};
use reqwest::Method;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{OpentokBackend, parse};
use crate::backends::http::{UpstreamBody, UpstreamCall};
use crate::backends::rooms::{Recordings, no_recording};
use crate::error::{Error, Result};
use crate::model::recording::{
    Recording, RecordingFilter, RecordingLink, RecordingOf, RecordingSpec, RecordingStatus,
};
use crate::model::{BackendName, Page, PageRequest};

/// The vendor's largest page.
const LARGEST_PAGE: usize = 1000;
/// How long the link to a file works.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(10);

#[derive(Deserialize)]
struct ArchiveList {
    items: Vec<Value>,
}

/// An archive as far as it can be read. Whoever asked may know more of it than we do: what is not as
/// documented is left out, and goes along in the vendor's object.
fn archive(whole: Value) -> Result<Recording> {
    if !whole.is_object() {
        return Err(Error::bad_gateway("OpenTok's archive is none"));
    }
    let text = |name: &str| whole.get(name).and_then(Value::as_str).map(str::to_owned);
    let number = |name: &str| number(whole.get(name)?).filter(|number| *number > 0);
    Ok(Recording {
        id: text("id").unwrap_or_default(),
        backend: BackendName::Opentok,
        room: text("name"),
        session_id: text("sessionId"),
        status: match status(&whole) {
            "started" => RecordingStatus::Recording,
            "paused" => RecordingStatus::Paused,
            "available" => RecordingStatus::Ready,
            "uploaded" => RecordingStatus::Uploaded,
            "expired" | "deleted" => RecordingStatus::Expired,
            "failed" => RecordingStatus::Failed,
            _ => RecordingStatus::Processing,
        },
        // In milliseconds.
        started_at: number("createdAt").and_then(|at| Timestamp::from_millisecond(at).ok()),
        // In seconds, once it is over.
        duration_ms: number("duration").map(|seconds| seconds.saturating_mul(1000)),
        size: number("size").and_then(|size| size.try_into().ok()),
        sha256: text("sha256sum").as_deref().and_then(checksum),
        vendor: whole,
    })
}

fn status(archive: &Value) -> &str {
    let told = archive.get("status").and_then(Value::as_str);
    told.unwrap_or_default()
}

/// A whole number, also one that is written as a text or with a fraction.
#[allow(
    clippy::cast_possible_truncation,
    reason = "beyond what is whole it is cut, and a time or size beyond all bounds is as good as another"
)]
fn number(value: &Value) -> Option<i64> {
    let fraction = || value.as_f64().map(|number| number as i64);
    let written = || value.as_str()?.trim().parse().ok();
    value.as_i64().or_else(fraction).or_else(written)
}

/// The checksum in hexadecimal, whichever way it is told.
fn checksum(told: &str) -> Option<String> {
    let read = [hex::decode(told).ok(), BASE64.decode(told).ok()];
    let read = read.into_iter().flatten().find(|sum| sum.len() == 32);
    read.map(hex::encode)
}

#[async_trait]
impl Recordings for OpentokBackend {
    async fn start(&self, spec: &RecordingSpec) -> Result<Recording> {
        let (session, name) = match &spec.of {
            RecordingOf::Room(room) => {
                let room = self.registry.get(room).await?;
                (room.id.clone(), Some(title(&room)))
            }
            RecordingOf::Session(id) => {
                let room = self.registry.with_id(id).await?;
                (id.clone(), room.as_ref().map(title))
            }
        };
        let mut body = Map::from_iter([("sessionId".to_owned(), json!(session))]);
        body.extend(name.map(|name| ("name".to_owned(), json!(name))));
        let own = spec
            .properties
            .iter()
            .filter(|(key, _)| *key != "sessionId");
        body.extend(own.map(|(key, value)| (key.clone(), value.clone())));
        archive(self.post(&["archive"], &Value::Object(body)).await?)
    }

    async fn stop(&self, id: &str) -> Result<Recording> {
        let path = self.path(&["archive", id, "stop"]);
        // Stopped twice it would be told not to run: a lost answer is not asked for again.
        let call =
            UpstreamCall::new(Method::POST, &path, UpstreamBody::None, &self.free).non_idempotent();
        let stopped = self.upstream.send(call).await.map(|answer| answer.body);
        archive(stopped.map_err(|error| no_recording(id, error))?)
    }

    async fn get(&self, id: &str) -> Result<Recording> {
        let found = self.read(&["archive", id], &[]).await;
        archive(found.map_err(|error| no_recording(id, error))?)
    }

    /// The cursor is the number of archives before the page.
    async fn list(&self, filter: &RecordingFilter, page: &PageRequest) -> Result<Page<Recording>> {
        let offset = offset(page.after.as_deref())?;
        let limit = page.limit.min(LARGEST_PAGE);
        let mut query = vec![("offset", offset.to_string()), ("count", limit.to_string())];
        if let Some(room) = &filter.room {
            query.push(("sessionId", self.registry.get(room).await?.id));
        }
        let list: ArchiveList = parse(self.read(&["archive"], &query).await?)?;
        let found = list.items.len();
        Ok(Page {
            items: list.items.into_iter().map(archive).collect::<Result<_>>()?,
            next: (limit > 0 && found >= limit).then(|| (offset + found).to_string()),
            unreadable: 0,
        })
    }

    async fn link(&self, id: &str) -> Result<RecordingLink> {
        let found = self.read(&["archive", id], &[]).await;
        let whole = found.map_err(|error| no_recording(id, error))?;
        let status = status(&whole);
        match whole.get("url").and_then(Value::as_str) {
            Some(url) if status == "available" => Ok(RecordingLink {
                id: id.to_owned(),
                url: url.to_owned(),
                expires_at: self.clock.now().checked_add(LINK_LIFE).ok(),
            }),
            _ => Err(Error::conflict(format!(
                "the recording `{id}` has no file to fetch; its status is {status}"
            ))),
        }
    }

    async fn delete(&self, id: &str) -> Result<()> {
        self.delete(&["archive", id])
            .await
            .map_err(|error| no_recording(id, error))
    }
}

/// How many archives stand before a page: so few that what follows can be counted too.
fn offset(after: Option<&str>) -> Result<usize> {
    let read = |text: &str| text.parse::<u32>().ok().and_then(|at| at.try_into().ok());
    after.map_or(Ok(0), |text| {
        read(text).ok_or_else(|| Error::invalid("`after` is not a cursor of this list"))
    })
}

/// What an archive of a room is called.
fn title(room: &crate::model::Room) -> String {
    let full = room.properties.get("name").and_then(Value::as_str);
    full.map_or_else(|| room.name.to_string(), str::to_owned)
}

impl OpentokBackend {
    async fn post(&self, path: &[&str], body: &Value) -> Result<Value> {
        let path = self.path(path);
        let call = UpstreamCall::new(Method::POST, &path, UpstreamBody::Json(body), &self.free)
            .non_idempotent();
        Ok(self.upstream.send(call).await?.body)
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::{hostile, refused};

    fn read(bytes: &[u8]) {
        let text = String::from_utf8_lossy(bytes);
        match offset(Some(&text)) {
            Ok(at) => {
                let next = at.checked_add(LARGEST_PAGE).expect("can be counted");
                assert_eq!(offset(Some(&at.to_string())).expect("reads"), at);
                assert!(next > at);
            }
            Err(error) => refused(&error),
        }
    }

    /// A cursor is read as it was given out; another one, and one without a next page, is refused.
    #[test]
    fn archives_cursor_is_read_or_refused() {
        hostile!("archives_cursor", read);
    }
}
