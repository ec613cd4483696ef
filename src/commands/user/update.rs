//! Changes what is known of a user; everything else in the document stays as it is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{fields, missing, show};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::given;
use crate::model::user::{User, UserId};
use crate::records::USERS;
use crate::records::documents::{Precondition, Write};

/// What to change. A field that is absent stays as it is; null clears it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UpdateUser)]
pub struct UserChanges {
    /// The name others see; it cannot be cleared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// A picture.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub photo_url: Option<Option<String>>,
    /// The given name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub first_name: Option<Option<String>>,
    /// The family name.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub last_name: Option<Option<String>>,
    /// The device that calls to this person go to.
    #[serde(
        default,
        deserialize_with = "given",
        skip_serializing_if = "Option::is_none"
    )]
    #[schema(value_type = Option<String>)]
    pub client_id: Option<Option<String>>,
}

/// Whom to change, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The user.
    pub id: UserId,
    /// What is different from now on.
    pub changes: UserChanges,
}

/// Changes the user with this id.
///
/// # Errors
/// [`Kind::NotFound`]; [`Kind::InvalidInput`] when nothing is to change.
pub async fn run(context: &Context, input: Input) -> Result<User> {
    let (id, write) = check(input)?;
    match context.documents.commit(vec![write]).await {
        Ok(_) => show::run(context, show::Input { id }).await,
        Err(error) if error.kind() == Kind::Conflict => Err(missing(&id)),
        Err(error) => Err(error),
    }
}

/// Checks the input as [`run`] would, and that there is such a user; returns it as it is now.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<User> {
    let (id, _) = check(input)?;
    show::run(context, show::Input { id }).await
}

fn check(input: Input) -> Result<(UserId, Write)> {
    let Input { id, changes } = input;
    if changes
        .name
        .as_ref()
        .is_some_and(|name| name.trim().is_empty())
    {
        return Err(Error::invalid("a user needs a name"));
    }
    let changed = fields([
        ("name", changes.name.map(Some)),
        ("photoURL", changes.photo_url),
        ("firstName", changes.first_name),
        ("lastName", changes.last_name),
        ("clientId", changes.client_id),
    ])?;
    if changed.is_empty() {
        return Err(Error::invalid(
            "there is nothing to change; give name, photo_url, first_name, last_name or client_id",
        ));
    }
    let write = USERS
        .merge(id.as_str(), changed)
        .only_if(Precondition::Exists);
    Ok((id, write))
}
