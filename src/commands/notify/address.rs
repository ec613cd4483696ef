//! Where the push service delivers to.

use serde_json::Value;

use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::device::Platform;
use crate::model::notification::Target;
use crate::records::{DEVICES, USERS, fields_of};

/// What was found out about a target.
pub(crate) enum Address {
    /// The push service takes this.
    Known(Target, Option<Platform>),
    /// There is nobody, for this reason.
    Nobody(String),
}

/// Looks up the push token of a person or device, if the push service needs one.
///
/// # Errors
/// Those of the store.
pub(crate) async fn find(context: &Context, to: &Target) -> Result<Address> {
    if !context.push.needs_token() {
        return Ok(Address::Known(to.clone(), None));
    }
    let (collection, id, what) = match to {
        Target::User(id) => (USERS.name(), id, "user"),
        Target::Device(id) => (DEVICES.name(), id, "device"),
        Target::Token(_) | Target::Topic(_) => return Ok(Address::Known(to.clone(), None)),
    };
    let found = match context.documents.get(collection, id).await {
        Err(error) if error.kind() == Kind::InvalidInput => None,
        found => found?,
    };
    let Some(found) = found else {
        return Ok(Address::Nobody(format!("there is no {what} `{id}`")));
    };
    let fields = fields_of(&found);
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let platform = text("platform").and_then(|platform| platform.parse().ok());
    Ok(match text("token") {
        Some(token) if !token.is_empty() => {
            Address::Known(Target::Token(token.to_owned()), platform)
        }
        _ => Address::Nobody(format!("the {what} `{id}` has no push token")),
    })
}
