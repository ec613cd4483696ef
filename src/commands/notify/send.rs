//! Puts a notification into the queue, or only asks whether it would be taken.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::QUEUE;
use super::address::{self, Addresses};
use super::show::find;
use crate::backends::push::{PushMessage, PushRefusal};
use crate::commands::by_id::is_id;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::notification::{NotificationKind, NotificationSpec, NotificationStatus, Target};
use crate::model::random;
use crate::records::documents::Precondition;

/// What to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SendNotification)]
pub struct Input {
    /// An id of the caller's choice: however often it is sent, it is delivered once. A random one
    /// if absent.
    #[serde(default)]
    pub id: Option<String>,
    /// Whom it is for.
    pub to: Target,
    /// What it is about.
    #[serde(default)]
    pub kind: NotificationKind,
    /// How long it is worth delivering, in seconds.
    #[serde(default)]
    pub ttl: Option<u64>,
    /// The heading.
    pub title: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// A picture.
    #[serde(default)]
    pub image: Option<String>,
    /// Whatever else the app wants to know.
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

impl Input {
    /// The document for the queue.
    fn spec(self) -> Result<NotificationSpec> {
        let spec = NotificationSpec {
            to: self.to.plain(),
            kind: self.kind,
            ttl: self.ttl,
            title: self.title,
            body: self.body,
            image: self.image,
            data: self.data,
        };
        spec.check().map(|()| spec)
    }
}

/// Puts it into the queue; the worker or a flush delivers it.
///
/// # Errors
/// [`Kind::InvalidInput`], naming the field; [`Kind::Unsupported`] for a receiver that nothing can be
/// delivered to by this configuration.
pub async fn run(context: &Context, input: Input) -> Result<NotificationStatus> {
    let chosen = input.id.is_some();
    let id = id_of(context, input.id.clone())?;
    let spec = input.spec()?;
    context
        .push
        .check(&message_of(context, &id, &spec).await?)?;
    if chosen && let Some(known) = find(context, &id).await? {
        return Ok(known);
    }
    let write = QUEUE.put_as(&id, &spec)?.only_if(Precondition::Missing);
    match context.documents.commit(vec![write]).await {
        Err(error) if error.kind() == Kind::Conflict => {}
        outcome => drop(outcome?),
    }
    super::show::known(context, &id).await
}

/// The answer of [`validate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ValidatedNotification)]
pub struct Validated {
    /// Always true; what is not valid is an error.
    pub valid: bool,
    /// Whom it would go to; of a token only the end.
    pub to: String,
}

/// Looks at a notification as far as that can be done without the push service.
///
/// # Errors
/// [`Kind::InvalidInput`] with what is wrong.
pub async fn plan(context: &Context, input: Input) -> Result<Validated> {
    let id = id_of(context, input.id.clone())?;
    let spec = input.spec()?;
    let message = message_of(context, &id, &spec).await?;
    context.push.check(&message)?;
    Ok(Validated {
        valid: true,
        to: spec.to.to_string(),
    })
}

/// Asks the push service whether it would take the notification; nothing is queued or delivered.
///
/// # Errors
/// [`Kind::InvalidInput`] with what is wrong; [`Kind::Refused`] when the credential is.
pub async fn validate(context: &Context, input: Input) -> Result<Validated> {
    let id = id_of(context, input.id.clone())?;
    let spec = input.spec()?;
    let told = spec.to.to_string();
    let mut message = message_of(context, &id, &spec).await?;
    context.push.check(&message)?;
    // Its token is looked up when it is sent; anything else is checked with a stand-in.
    if context.push.needs_token() && matches!(message.to, Target::User(_) | Target::Device(_)) {
        message.to = Target::Topic("tok-validate".to_owned());
    }
    match context.push.validate(&message).await {
        Ok(()) => Ok(Validated {
            valid: true,
            to: told,
        }),
        Err(PushRefusal::Dead(reason) | PushRefusal::Unsendable(reason)) => {
            Err(Error::invalid(reason))
        }
        Err(PushRefusal::Later { reason, setback }) => {
            Err(Error::new(Kind::Unavailable, reason).retry_after(setback.asked))
        }
        Err(PushRefusal::Paused(error)) => Err(error),
    }
}

/// The message that will be sent, as far as it is known without looking up tokens.
async fn message_of(context: &Context, id: &str, spec: &NotificationSpec) -> Result<PushMessage> {
    let notification = spec.clone().into_notification(id);
    let (mut to, mut platform) = (spec.to.clone(), None);
    // In the app it goes to whom the device belongs to, or to the browser that it is.
    if matches!(to, Target::Device(_))
        && !context.push.needs_token()
        && let Addresses::Known(known) = address::find(context, &to).await?
        && let Some(first) = known.into_iter().next()
    {
        (to, platform) = (first.target, first.platform);
    }
    Ok(PushMessage {
        id: id.to_owned(),
        to,
        platform,
        kind: notification.kind,
        ttl: notification.ttl,
        data: notification.data,
    })
}

/// The id given, if stores and addresses take it, or a random one.
fn id_of(context: &Context, given: Option<String>) -> Result<String> {
    let Some(id) = given else {
        return Ok(random::uuid(context.random.as_ref()));
    };
    if !is_id(&id) {
        return Err(Error::invalid(format!(
            "{id:?} is not an id; use 1 to 128 of A-Z, a-z, 0-9 and . _ : @ + -"
        )));
    }
    Ok(id)
}
