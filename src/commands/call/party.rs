//! Who calls and who is called.

use crate::commands::device;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::call::{Party, PartyRef};
use crate::model::notification::Target;
use crate::model::user::{Profile, UserId};
use crate::records::documents::Document;
use crate::records::{DEVICES, USERS, fields_of};

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
            let device = device::show::run(context, id.as_str().into()).await?;
            let owner = if let Some(user) = &device.user_id {
                USERS.document(context.documents.as_ref(), user).await?
            } else {
                // The app's own directory: the person whose device this is.
                let documents = &context.documents;
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
    let documents = context.documents.as_ref();
    let own = DEVICES.find(documents, "user_id", user, MOST_DEVICES);
    for found in own.await? {
        tokens.push(found.record.token);
        if Some(found.id.as_str()) != but {
            targets.push(Target::Device(found.id));
        }
    }
    // Apps that know no devices keep one token with the person.
    if let Some(found) = USERS.document(documents, user).await? {
        let fields = fields_of(&found);
        let token = fields.get("token").and_then(serde_json::Value::as_str);
        // The same phone must not ring twice.
        if token.is_some_and(|token| !token.is_empty() && !tokens.iter().any(|of| of == token)) {
            targets.push(Target::User(user.clone()));
        }
    }
    Ok(targets)
}
