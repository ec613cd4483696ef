//! Registers a device, or refreshes what is known of it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::device::{Device, Platform, StoredDevice};
use crate::model::subscription::{BrowserSubscription, Subscription};
use crate::model::user::UserId;
use crate::records::documents::Precondition;
use crate::records::{DEVICES, USERS, contend};

/// The longest push token, in bytes; the longest in use have some hundred.
const LONGEST_TOKEN: usize = 4096;

/// Browsers of one person; those of which nothing was heard for longest make room.
const MOST_BROWSERS: usize = 20;

/// Which device.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RegisterDevice)]
pub struct Input {
    /// Its push token; a browser has a subscription instead.
    #[serde(default)]
    pub token: Option<String>,
    /// Whose push service that is of.
    pub platform: Platform,
    /// What a browser, or an app by UnifiedPush, subscribed to, for the platform web.
    #[serde(default)]
    pub subscription: Option<BrowserSubscription>,
    /// Whose device it is; what is known stays if absent.
    #[serde(default)]
    pub user_id: Option<String>,
}

/// What [`run`] would register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RegisterDevicePlan)]
pub struct Plan {
    /// The id that the device has or would get.
    pub device_id: String,
}

/// Registers it.
///
/// # Errors
/// [`Kind::InvalidInput`]; [`Kind::NotFound`] when there is no such user.
pub async fn run(context: &Context, input: Input) -> Result<Device> {
    let id = planned(context, &input).await?.device_id;
    let given = understand(context, &input)?;
    let key = match &given {
        Given::Token(_) => String::new(),
        Given::Browser(_) => context.web_subscriptions.key().await?.id,
    };
    let register = || async {
        let found = DEVICES.document(context.documents.as_ref(), &id).await?;
        let now = context.clock.now();
        let mut stored = StoredDevice {
            token: given.token(&key),
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
                        if let Some(token) = given.kept(&before) {
                            stored.token = token;
                        }
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
    let device = contend(register, contended).await?;
    if let (Platform::Web, Some(user)) = (device.platform, &device.user_id) {
        crowd_out(context, user, &id).await?;
    }
    Ok(device)
}

/// What a device is reached by.
enum Given<'a> {
    Token(&'a str),
    Browser(Box<Subscription>),
}

impl Given<'_> {
    /// What stands in the store for it, made for the server's key of this id.
    fn token(&self, key: &str) -> String {
        match self {
            Self::Token(token) => (*token).to_owned(),
            Self::Browser(subscription) => Subscription {
                made_for: key.to_owned(),
                ..subscription.as_ref().clone()
            }
            .token(),
        }
    }

    /// What stands there already, if it is the same: a subscription is made for one key for ever.
    fn kept(&self, before: &StoredDevice) -> Option<String> {
        let Self::Browser(subscription) = self else {
            return None;
        };
        let same = before.subscription()?.is_same(subscription);
        same.then(|| before.token.clone())
    }

    /// What its id follows from: an address is of one browser, whatever keys it has.
    fn name(&self) -> &str {
        match self {
            Self::Token(token) => token,
            Self::Browser(subscription) => subscription.endpoint.as_str(),
        }
    }
}

fn understand<'a>(context: &Context, input: &'a Input) -> Result<Given<'a>> {
    match (input.platform, &input.token, &input.subscription) {
        (Platform::Web, None, Some(given)) => {
            let subscription = Subscription::read(given, "")?;
            context.web_subscriptions.check(&subscription)?;
            Ok(Given::Browser(Box::new(subscription)))
        }
        (Platform::Web, ..) => Err(Error::invalid(
            "a device of the platform web needs a subscription, and has no token",
        )),
        (_, Some(token), None) if !token.is_empty() && token.len() <= LONGEST_TOKEN => {
            Ok(Given::Token(token))
        }
        (_, _, Some(_)) => Err(Error::invalid(
            "only a device of the platform web has a subscription",
        )),
        _ => Err(Error::invalid(format!(
            "a device needs a push token of 1 to {LONGEST_TOKEN} bytes"
        ))),
    }
}

/// Forgets the browsers of a person that were not heard of for longest, if there are too many: each new
/// subscription is another device, and nobody tells of those that are gone.
async fn crowd_out(context: &Context, user: &str, but: &str) -> Result<()> {
    let documents = context.documents.as_ref();
    let own = DEVICES.find(documents, "user_id", user, 2 * MOST_BROWSERS);
    let mut own = own.await?;
    own.retain(|device| device.record.platform == Platform::Web && device.id != but);
    own.sort_by_key(|device| std::cmp::Reverse(device.record.updated_at));
    for device in own.iter().skip(MOST_BROWSERS - 1) {
        let write = DEVICES.delete(&device.id).only_if(device.unchanged());
        match documents.commit(vec![write]).await {
            Err(error) if error.kind() == Kind::Conflict => {}
            outcome => drop(outcome?),
        }
    }
    Ok(())
}

/// Checks the input as [`run`] would; returns the id that the device has or would get.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    planned(context, &input).await
}

async fn planned(context: &Context, input: &Input) -> Result<Plan> {
    let given = understand(context, input)?;
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
        device_id: id_of(input.platform, given.name()),
    })
}

/// A UUID (version 8, RFC 9562) made of the token or address.
fn id_of(platform: Platform, name: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(platform.as_str());
    hash.update([0]);
    hash.update(name);
    let digest = hash.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}
