//! Who calls and who is called.

use crate::backends::documents::Document;
use crate::commands::device::{self, COLLECTION as DEVICES};
use crate::commands::user::COLLECTION as USERS;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Party, PartyRef};
use crate::model::device::StoredDevice;
use crate::model::notification::Target;
use crate::model::user::{Profile, UserId};

/// Devices of one person that ring at most.
const MOST_DEVICES: usize = 50;

/// Looks somebody up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such user or device.
pub(super) async fn find(context: &Context, of: &PartyRef) -> Result<Party> {
    match of {
        PartyRef::User(id) => {
            let id: UserId = id.parse()?;
            let found = context.documents.get(USERS, id.as_str()).await?;
            let user = found.ok_or_else(|| Error::not_found(format!("there is no user `{id}`")))?;
            Ok(Party {
                user_id: Some(id.as_str().to_owned()),
                device_id: None,
                name: name_of(&user)?,
            })
        }
        PartyRef::Device(id) => {
            let device = device::show::run(context, id).await?;
            let owner = if let Some(user) = &device.user_id {
                context.documents.get(USERS, user).await?
            } else {
                // The app's own directory: the person whose device this is.
                let found = context.documents.find(USERS, "clientId", id, 10).await?;
                found.into_iter().min_by(|a, b| a.id.cmp(&b.id))
            };
            Ok(Party {
                user_id: owner.as_ref().map(|user| user.id.clone()),
                device_id: Some(device.id),
                name: owner.as_ref().map(name_of).transpose()?.flatten(),
            })
        }
    }
}

/// The name that others see: first and last name where the app keeps them apart.
fn name_of(user: &Document) -> Result<Option<String>> {
    let profile: Profile = user.decode()?;
    let apart = [profile.first_name, profile.last_name];
    let parts: Vec<String> = apart
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let whole = Some(parts.join(" ")).filter(|name| !name.is_empty());
    Ok(whole.or(profile.name))
}

/// Whom to tell so that somebody's phones hear it, but not the device `but`.
///
/// # Errors
/// Those of the store.
pub(super) async fn phones(
    context: &Context,
    party: &Party,
    but: Option<&str>,
) -> Result<Vec<Target>> {
    if let Some(device) = &party.device_id {
        // Only this device rang.
        let own = Target::Device(device.clone());
        return Ok(Some(own)
            .filter(|_| but != Some(device))
            .into_iter()
            .collect());
    }
    let Some(user) = &party.user_id else {
        return Ok(Vec::new());
    };
    if !context.push.needs_token() {
        return Ok(vec![Target::User(user.clone())]);
    }
    let (mut targets, mut tokens) = (Vec::new(), Vec::new());
    for found in context
        .documents
        .find(DEVICES, "user_id", user, MOST_DEVICES)
        .await?
    {
        tokens.push(found.decode::<StoredDevice>()?.token);
        if Some(found.id.as_str()) != but {
            targets.push(Target::Device(found.id));
        }
    }
    // Apps that know no devices keep one token with the person.
    if let Some(found) = context.documents.get(USERS, user).await? {
        let fields: serde_json::Map<String, serde_json::Value> = found.decode()?;
        let token = fields.get("token").and_then(serde_json::Value::as_str);
        // The same phone must not ring twice.
        if token.is_some_and(|token| !token.is_empty() && !tokens.iter().any(|of| of == token)) {
            targets.push(Target::User(user.clone()));
        }
    }
    Ok(targets)
}
