//! Devices: installations of the app that can be rung.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notification::ending;
use super::subscription::Subscription;
use crate::error::Error;

/// Whose push service a token is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Platform {
    /// Google: a token of Firebase Cloud Messaging.
    Gcm,
    /// Apple: a token of the Apple Push Notification service.
    Apns,
    /// A browser, or an app by UnifiedPush: a subscription to Web Push.
    Web,
}

impl Platform {
    /// The name in flags and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gcm => "gcm",
            Self::Apns => "apns",
            Self::Web => "web",
        }
    }
}

impl FromStr for Platform {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text {
            "gcm" => Ok(Self::Gcm),
            "apns" => Ok(Self::Apns),
            "web" => Ok(Self::Web),
            _ => Err(Error::invalid(format!(
                "`{text}` is not a platform; use gcm, apns or web"
            ))),
        }
    }
}

/// What the store keeps of a device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredDevice {
    /// Its push token, or its subscription in one form; a secret.
    pub token: String,
    /// Whose push service that is of.
    pub platform: Platform,
    /// Whose device it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When it was first registered.
    pub created_at: Timestamp,
    /// When it last was.
    pub updated_at: Timestamp,
}

impl StoredDevice {
    /// The subscription that it is reached by, if it is a browser.
    pub fn subscription(&self) -> Option<Subscription> {
        match self.platform {
            Platform::Web => Subscription::of_token(&self.token),
            Platform::Gcm | Platform::Apns => None,
        }
    }

    /// What is shown of it.
    pub fn shown(self, id: &str) -> Device {
        Device {
            id: id.to_owned(),
            platform: self.platform,
            token: match self.subscription() {
                Some(subscription) => subscription.to_string(),
                None => ending(&self.token),
            },
            user_id: self.user_id,
            created_at: self.created_at,
            updated_at: self.updated_at,
        }
    }
}

impl Device {
    /// What is told of a device of which nothing but its id can be read.
    pub fn unreadable(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            platform: Platform::Gcm,
            token: "(cannot be read)".to_owned(),
            user_id: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
        }
    }
}

/// A device as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Device {
    /// Its id.
    pub id: String,
    /// Whose push service its token is of.
    pub platform: Platform,
    /// The end of its push token; of a browser the push service and the end of its address.
    pub token: String,
    /// Whose device it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// When it was first registered.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// When it last was.
    #[schema(value_type = String, format = DateTime)]
    pub updated_at: Timestamp,
}
