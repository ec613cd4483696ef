//! The vendors that rooms can live at.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Error;

/// A vendor of rooms, as named in `rooms.backend` and `--backend`.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BackendName {
    /// `tok`'s own rooms in the embedded store.
    Local,
    /// daily.co
    Daily,
    /// 100ms.live
    HundredMs,
    /// `OpenTok` and the unified Vonage Video API.
    Opentok,
    /// Bandwidth `WebRTC`.
    Bandwidth,
}

impl BackendName {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Local,
        Self::Daily,
        Self::HundredMs,
        Self::Opentok,
        Self::Bandwidth,
    ];

    /// The name in configuration, flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Local => "local",
            Self::Daily => "daily",
            Self::HundredMs => "hundred_ms",
            Self::Opentok => "opentok",
            Self::Bandwidth => "bandwidth",
        }
    }
}

impl BackendName {
    /// What people call it.
    pub const fn vendor(self) -> &'static str {
        match self {
            Self::Local => "the local backend",
            Self::Daily => "Daily",
            Self::HundredMs => "100ms",
            Self::Opentok => "OpenTok",
            Self::Bandwidth => "Bandwidth",
        }
    }
}

impl fmt::Display for BackendName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for BackendName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or_else(|| {
                let all: Vec<_> = Self::ALL.iter().map(|name| name.as_str()).collect();
                Error::invalid(format!(
                    "`{text}` is not a rooms backend; use one of {}",
                    all.join(", ")
                ))
            })
    }
}
