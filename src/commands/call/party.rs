//! Who calls and who is called.

use crate::commands::by_id::is_id;
use crate::commands::notify::address;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Party, PartyRef};
use crate::model::notification::Target;
use crate::model::user::{Profile, UserId};
use crate::records::documents::Document;
use crate::records::{DEVICES, USERS, fields_of};

/// Looks somebody up.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such user or device.
pub(super) async fn find(context: &Context, of: &PartyRef) -> Result<Party> {
    match of {
        PartyRef::User(id) => {
            let id: UserId = id.parse()?;
            let found = USERS
                .document(context.documents.as_ref(), id.as_str())
                .await?;
            let user = found.ok_or_else(|| Error::not_found(format!("there is no user `{id}`")))?;
            Ok(Party {
                user_id: Some(id.as_str().to_owned()),
                device_id: None,
                name: name_of(&user),
            })
        }
        PartyRef::Device(id) => {
            let documents = context.documents.as_ref();
            let found = if is_id(id) {
                DEVICES.get(documents, id).await?
            } else {
                None
            };
            let device =
                found.ok_or_else(|| Error::not_found(format!("there is no device `{id}`")))?;
            let owner = if let Some(user) = &device.record.user_id {
                USERS.document(documents, user).await?
            } else {
                // The app's own directory: the person whose device this is.
                let found = documents.find(USERS.name(), "clientId", id, 10).await?;
                found.into_iter().min_by(|a, b| a.id.cmp(&b.id))
            };
            Ok(Party {
                user_id: owner.as_ref().map(|user| user.id.clone()),
                device_id: Some(device.id),
                name: owner.as_ref().and_then(name_of),
            })
        }
    }
}

/// The name that others see: first and last name where the app keeps them apart.
fn name_of(user: &Document) -> Option<String> {
    let profile = Profile::from(fields_of(user));
    let apart = [profile.first_name, profile.last_name];
    let parts: Vec<String> = apart
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    let whole = Some(parts.join(" ")).filter(|name| !name.is_empty());
    whole.or(profile.name)
}

/// Whom to tell so that all of somebody's phones hear it, in an order that stays the same.
///
/// # Errors
/// Those of the store.
pub(super) async fn phones(context: &Context, party: &Party) -> Result<Vec<Target>> {
    if let Some(device) = &party.device_id {
        // Only this device rang.
        return Ok(vec![Target::Device(device.clone())]);
    }
    let Some(user) = &party.user_id else {
        return Ok(Vec::new());
    };
    if !context.push.needs_token() {
        // What the app takes by itself, it takes for all of somebody's devices, browsers included.
        return Ok(vec![Target::User(user.clone())]);
    }
    let phones = address::phones(context, user).await?;
    let targets = phones.into_iter().map(|phone| match phone.device {
        Some(device) => Target::Device(device),
        None => Target::Token(phone.token),
    });
    Ok(targets.collect())
}
