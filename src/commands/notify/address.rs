//! Where the push service delivers to.

use std::collections::HashSet;

use serde_json::Value;

use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::device::Platform;
use crate::model::notification::Target;
use crate::records::documents::Document;
use crate::records::{DEVICES, USERS, fields_of};

/// Devices of one person that are told at most.
const MOST_DEVICES: usize = 1000;

/// Whom the push service is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipient {
    /// What the push service takes.
    pub(crate) target: Target,
    /// Whose push service the token is of, where that is known.
    pub(crate) platform: Option<Platform>,
    /// What is odd about it, though it can be told.
    pub(crate) note: Option<String>,
}

impl Recipient {
    fn plain(target: Target) -> Self {
        Self {
            target,
            platform: None,
            note: None,
        }
    }
}

/// What was found out about a target.
pub(crate) enum Addresses {
    /// The push service takes these, at least one.
    Known(Vec<Recipient>),
    /// There is nobody, for this reason.
    Nobody(String),
}

/// Looks up the push tokens of a person or device, if the push service needs any.
///
/// # Errors
/// Those of the store.
pub(crate) async fn find(context: &Context, to: &Target) -> Result<Addresses> {
    match to {
        _ if !context.push.needs_token() => find_in_app(context, to).await,
        Target::User(id) => find_user(context, id).await,
        Target::Device(id) => find_device(context, id).await,
        Target::Token(_) | Target::Topic(_) => {
            Ok(Addresses::Known(vec![Recipient::plain(to.clone())]))
        }
    }
}

/// In the app there are people only: what is for a device is for whom it belongs to. Browsers are told
/// by their own way: their tabs may be closed.
async fn find_in_app(context: &Context, to: &Target) -> Result<Addresses> {
    let user = match to {
        Target::User(id) => id.clone(),
        Target::Device(id) => {
            let device = look(context, DEVICES.name(), id).await?;
            let own = device.as_ref().and_then(by_token);
            if let Some(browser) = own.filter(|of| of.platform == Some(Platform::Web)) {
                return Ok(Addresses::Known(vec![browser]));
            }
            let owner = device.and_then(|device| text(&device, "user_id"));
            let Some(owner) = owner else {
                let why = format!("there is no device `{id}` that belongs to a user");
                return Ok(Addresses::Nobody(why));
            };
            owner
        }
        // Earlier releases took what is for a topic, which nobody reads here.
        Target::Token(_) | Target::Topic(_) => {
            return Ok(Addresses::Known(vec![Recipient {
                note: Some(format!("in the app nobody reads what is for {to}")),
                ..Recipient::plain(to.clone())
            }]));
        }
    };
    let unknown = look(context, USERS.name(), &user).await?.is_none();
    let note =
        || format!("there is no user `{user}` in the store; it waits for whoever is called so");
    let inbox = Recipient {
        note: unknown.then(note),
        ..Recipient::plain(Target::User(user.clone()))
    };
    let mut all = vec![inbox];
    if matches!(to, Target::User(_)) {
        let phones = phones(context, &user).await?;
        let browsers = phones.into_iter().map(Recipient::from);
        all.extend(browsers.filter(|of| of.platform == Some(Platform::Web)));
    }
    Ok(Addresses::Known(all))
}

/// A device as its push service knows it.
fn by_token(device: &Document) -> Option<Recipient> {
    Some(Recipient {
        platform: platform(device),
        ..Recipient::plain(Target::Token(text(device, "token")?))
    })
}

async fn find_device(context: &Context, id: &str) -> Result<Addresses> {
    let Some(device) = look(context, DEVICES.name(), id).await? else {
        return Ok(Addresses::Nobody(format!("there is no device `{id}`")));
    };
    Ok(match by_token(&device) {
        Some(own) => Addresses::Known(vec![own]),
        None => Addresses::Nobody(format!("the device `{id}` has no push token")),
    })
}

async fn find_user(context: &Context, id: &str) -> Result<Addresses> {
    let phones = phones(context, id).await?;
    if phones.is_empty() {
        let known = look(context, USERS.name(), id).await?.is_some();
        return Ok(Addresses::Nobody(if known {
            format!("the user `{id}` has no push token")
        } else {
            format!("there is no user `{id}`")
        }));
    }
    let recipients = phones.into_iter().map(Recipient::from);
    Ok(Addresses::Known(recipients.collect()))
}

impl From<Phone> for Recipient {
    fn from(phone: Phone) -> Self {
        Self {
            platform: phone.platform,
            ..Self::plain(Target::Token(phone.token))
        }
    }
}

/// A person's device: one that is registered, or one whose token stands with the person.
pub(crate) struct Phone {
    /// Its id, if it is registered.
    pub(crate) device: Option<String>,
    /// Its push token.
    pub(crate) token: String,
    /// Whose push service that is of, where it is known.
    pub(crate) platform: Option<Platform>,
}

/// All devices of a person, each once.
///
/// # Errors
/// Those of the store.
pub(crate) async fn phones(context: &Context, user: &str) -> Result<Vec<Phone>> {
    let documents = context.documents.as_ref();
    let found = DEVICES.find(documents, "user_id", user, MOST_DEVICES);
    let mut phones: Vec<Phone> = found
        .await?
        .into_iter()
        .map(|found| Phone {
            device: Some(found.id),
            token: found.record.token,
            platform: Some(found.record.platform),
        })
        .collect();
    // Apps that know no devices keep their tokens with the person.
    if let Some(found) = look(context, USERS.name(), user).await? {
        let fields = fields_of(&found);
        let named = match fields.get("token") {
            Some(Value::Array(tokens)) => tokens.as_slice(),
            one => one.map_or(&[][..], std::slice::from_ref),
        };
        let tokens = named.iter().filter_map(Value::as_str);
        phones.extend(tokens.map(|token| Phone {
            device: None,
            token: token.to_owned(),
            // A browser is always a device of its own.
            platform: platform(&found).filter(|of| *of != Platform::Web),
        }));
    }
    // What is told of a call later must find the same phones in the same order.
    phones.sort_by(|a, b| (a.device.is_none(), &a.device).cmp(&(b.device.is_none(), &b.device)));
    let mut known = HashSet::new();
    phones.retain(|phone| !phone.token.is_empty() && known.insert(phone.token.clone()));
    Ok(phones)
}

/// A document by an id that somebody else chose; what can be no id is not there.
async fn look(context: &Context, collection: &str, id: &str) -> Result<Option<Document>> {
    match context.documents.get(collection, id).await {
        Err(error) if error.kind() == Kind::InvalidInput => Ok(None),
        found => found,
    }
}

fn text(document: &Document, field: &str) -> Option<String> {
    let fields = fields_of(document);
    let text = fields.get(field).and_then(Value::as_str)?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn platform(document: &Document) -> Option<Platform> {
    text(document, "platform").and_then(|platform| platform.parse().ok())
}
