//! Replaces the key pair that browsers subscribed with: they must subscribe anew.

use futures_util::TryStreamExt;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::device::Platform;
use crate::records::DEVICES;

/// What a new key pair costs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PushKeyRotationPlan)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Devices that can be rung no more until they subscribe anew.
    pub silenced: u64,
}

/// The new key, and what it cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PushKeyRotation)]
pub struct Output {
    /// The public half of the new pair.
    pub key: String,
    /// Devices that can be rung no more until they subscribe anew.
    pub silenced: u64,
}

/// Counts those that [`run`] would silence.
///
/// # Errors
/// [`Kind::Unsupported`] when the configuration names the key; those of the store.
pub async fn plan(context: &Context) -> Result<Plan> {
    if context.web_subscriptions.is_key_configured() {
        return Err(Error::new(
            Kind::Unsupported,
            "the key pair is the one of push.vapid_private_key; change it there",
        ));
    }
    let mut devices = DEVICES.scan(context.documents.as_ref(), DEVICES.all());
    let mut silenced = 0;
    while let Some(device) = devices.try_next().await? {
        silenced += u64::from(device.record.platform == Platform::Web);
    }
    Ok(Plan { silenced })
}

/// Makes another key pair. Running servers sign with it within half a minute.
///
/// # Errors
/// As [`plan`].
pub async fn run(context: &Context) -> Result<Output> {
    let silenced = plan(context).await?.silenced;
    let key = context.web_subscriptions.replace_key().await?;
    Ok(Output {
        key: key.public,
        silenced,
    })
}
