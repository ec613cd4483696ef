//! Recordings of rooms.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::backend::BackendName;
use super::room::RoomName;
use crate::error::Error;

/// A recording as every vendor has it, with the vendor's own object beside it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Recording {
    /// The vendor's id of it.
    pub id: String,
    /// Where it was made.
    pub backend: BackendName,
    /// The room, where the vendor tells or the registry knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<String>,
    /// The session, where the vendor tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_id: Option<String>,
    /// Where it is in its life.
    pub status: RecordingStatus,
    /// When it began, where the vendor tells so that it can be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub started_at: Option<Timestamp>,
    /// How long it is, once that is known, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<i64>,
    /// How large it is, once that is known, in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// The SHA-256 of the file in hexadecimal, where the vendor tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The vendor's object as it came, but for links and what opens them when it is shown: whoever has
    /// one has the file.
    #[serde(serialize_with = "shown")]
    #[schema(value_type = Object)]
    pub vendor: Value,
}

/// What opens a file to whoever has it, beside links.
const KEYS: [&str; 2] = ["share_token", "password"];

fn shown<S: Serializer>(vendor: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    let mut vendor = vendor.clone();
    hide_links(&mut vendor);
    vendor.serialize(serializer)
}

/// Takes out every link, and every key, wherever it stands.
fn hide_links(value: &mut Value) {
    let opens = |value: &Value| value.as_str().is_some_and(|text| text.contains("://"));
    match value {
        Value::Object(fields) => {
            fields.retain(|name, value| !opens(value) && !KEYS.contains(&name.as_str()));
            fields.values_mut().for_each(hide_links);
        }
        Value::Array(items) => {
            items.retain(|item| !opens(item));
            items.iter_mut().for_each(hide_links);
        }
        _ => {}
    }
}

/// Where a recording is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecordingStatus {
    /// Asked for, not yet under way.
    Starting,
    /// Under way.
    Recording,
    /// Under way, but nothing is written for now.
    Paused,
    /// Over; the file is being made.
    Processing,
    /// The file can be had.
    Ready,
    /// The file is in the operator's own storage.
    Uploaded,
    /// There is no file any more.
    Expired,
    /// There will be no file.
    Failed,
}

impl RecordingStatus {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Starting,
        Self::Recording,
        Self::Paused,
        Self::Processing,
        Self::Ready,
        Self::Uploaded,
        Self::Expired,
        Self::Failed,
    ];

    /// The name in tables, flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Recording => "recording",
            Self::Paused => "paused",
            Self::Processing => "processing",
            Self::Ready => "ready",
            Self::Uploaded => "uploaded",
            Self::Expired => "expired",
            Self::Failed => "failed",
        }
    }

    /// Whether there is a file, here or in the operator's own storage.
    pub const fn has_file(self) -> bool {
        matches!(self, Self::Ready | Self::Uploaded)
    }

    /// Whether nothing will change any more by itself.
    pub const fn is_final(self) -> bool {
        matches!(
            self,
            Self::Ready | Self::Uploaded | Self::Expired | Self::Failed
        )
    }
}

impl FromStr for RecordingStatus {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|status| status.as_str() == text);
        found.ok_or_else(|| {
            let all: Vec<_> = Self::ALL.iter().map(|status| status.as_str()).collect();
            Error::invalid(format!(
                "`{text}` is not a status of recordings; use one of {}",
                all.join(", ")
            ))
        })
    }
}

/// What is to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordingOf {
    /// A room.
    Room(RoomName),
    /// A session, by the vendor's id.
    Session(String),
}

/// How it is to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordingSpec {
    /// What.
    pub of: RecordingOf,
    /// Options by the vendor's own names.
    pub properties: Map<String, Value>,
}

/// Which recordings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordingFilter {
    /// Only those of this room.
    pub room: Option<RoomName>,
}

/// A link to a file that works for a while. Whoever has it can fetch the file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecordingLink {
    /// The recording.
    pub id: String,
    /// The link.
    pub url: String,
    /// Until when it works, where the vendor tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub expires_at: Option<Timestamp>,
}

impl std::fmt::Debug for RecordingLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordingLink")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_shown_of_a_recording_has_no_link_and_the_rest_of_it() {
        let vendor = json!({
            "id": "r", "url": "https://files.example/a.mp4?sig=1", "share_token": "s", "size": 7,
            "layout": { "stylesheet": "x", "destination": "rtmp://host/key" },
            "assets": [{ "id": "a", "path": "beam/a.mp4", "url": "http://h" }, "https://h/b"],
        });
        let recording = Recording {
            id: "r".to_owned(),
            backend: BackendName::Opentok,
            room: None,
            session_id: None,
            status: RecordingStatus::Ready,
            started_at: None,
            duration_ms: None,
            size: None,
            sha256: None,
            vendor,
        };
        let shown = serde_json::to_value(&recording).expect("JSON");
        let expected = json!({
            "id": "r", "size": 7, "layout": { "stylesheet": "x" },
            "assets": [{ "id": "a", "path": "beam/a.mp4" }],
        });
        assert_eq!(shown["vendor"], expected);
        assert!(
            recording.vendor["url"].is_string(),
            "it is there for those who pass it on"
        );
    }
}
