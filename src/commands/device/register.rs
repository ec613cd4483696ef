//! Registers a device, or refreshes what is known of it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Reason, Result};
use crate::model::device::{Device, Platform, StoredDevice};
use crate::model::user::UserId;
use crate::records::documents::Precondition;
use crate::records::{DEVICES, USERS, contend};

/// The longest push token, in bytes; the longest in use have some hundred.
const LONGEST_TOKEN: usize = 4096;

/// Which device.
#[derive(Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterDevice)]
pub struct Input {
    /// Its push token.
    pub token: String,
    /// Whose push service that is of.
    pub platform: Platform,
    /// Whose device it is; what is known stays if absent.
    #[serde(default)]
    pub user_id: Option<String>,
}

/// What [`run`] would register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RegisterDevicePlan)]
pub struct Plan {
    /// The id that the device has or would get.
    pub device_id: String,
}

/// Registers it.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput); [`Kind::NotFound`](crate::Kind::NotFound) when there is no such user.
pub async fn run(context: &Context, input: Input) -> Result<Device> {
    let id = plan(context, &input).await?.device_id;
    let register = || async {
        let found = DEVICES.document(context.documents.as_ref(), &id).await?;
        let now = context.clock.now();
        let mut stored = StoredDevice {
            token: input.token.clone(),
            platform: input.platform,
            user_id: input.user_id.clone(),
            created_at: now,
            updated_at: now,
        };
        let precondition = match &found {
            None => Precondition::Missing,
            Some(document) => {
                match DEVICES.read(document) {
                    Ok(before) => {
                        stored.created_at = before.created_at;
                        stored.user_id = stored.user_id.or(before.user_id);
                    }
                    Err(error) if error.why() == Some(Reason::WrittenByNewer) => return Err(error),
                    // What nobody can read is made good by registering again.
                    Err(_) => {}
                }
                Precondition::Version(document.version)
            }
        };
        let write = DEVICES.put(&id, &stored)?.only_if(precondition);
        context.documents.commit(vec![write]).await?;
        Ok(stored.shown(&id))
    };
    let contended = || Error::conflict("the device is being changed by others; try again");
    contend(register, contended).await
}

/// Checks the input as [`run`] would; returns the id that the device has or would get.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: &Input) -> Result<Plan> {
    if input.token.is_empty() || input.token.len() > LONGEST_TOKEN {
        return Err(Error::invalid(format!(
            "a device needs a push token of 1 to {LONGEST_TOKEN} bytes"
        )));
    }
    if let Some(user) = &input.user_id {
        let user: UserId = user.parse()?;
        if USERS
            .document(context.documents.as_ref(), user.as_str())
            .await?
            .is_none()
        {
            return Err(Error::not_found(format!("there is no user `{user}`")));
        }
    }
    Ok(Plan {
        device_id: id_of(input),
    })
}

/// A UUID (version 8, RFC 9562) made of the token.
fn id_of(input: &Input) -> String {
    let mut hash = Sha256::new();
    hash.update(input.platform.as_str());
    hash.update([0]);
    hash.update(&input.token);
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}
