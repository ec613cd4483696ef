//! Makes a user.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::fields;
use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::random;
use crate::model::user::{User, UserId};
use crate::records::documents::{Precondition, Write};
use crate::records::{Fields, USERS};

/// Whom to make.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CreateUser)]
pub struct Input {
    /// The app's id of the person; a random one if absent.
    #[serde(default)]
    pub id: Option<String>,
    /// The name others see.
    pub name: String,
    /// A picture.
    #[serde(default)]
    pub photo_url: Option<String>,
    /// The given name, where the app keeps it apart.
    #[serde(default)]
    pub first_name: Option<String>,
    /// The family name, where the app keeps it apart.
    #[serde(default)]
    pub last_name: Option<String>,
    /// The device that calls to this person go to.
    #[serde(default)]
    pub client_id: Option<String>,
}

/// Makes the user.
///
/// # Errors
/// [`Kind::InvalidInput`]; [`Kind::Conflict`] when the id is taken.
pub async fn run(context: &Context, input: Input) -> Result<User> {
    let (id, write) = check(context, input)?;
    match context.documents.commit(vec![write]).await {
        Ok(_) => super::show::run(context, super::show::Input { id }).await,
        Err(error) if error.kind() == Kind::Conflict => Err(taken(&id)),
        Err(error) => Err(error),
    }
}

/// What [`run`] would make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CreateUserPlan)]
pub struct Plan {
    /// The id, made up if none was given.
    pub id: UserId,
}

/// Checks the input as [`run`] would, and that the id is free.
///
/// # Errors
/// As [`run`].
pub async fn plan(context: &Context, input: Input) -> Result<Plan> {
    let (id, _) = check(context, input)?;
    match USERS
        .document(context.documents.as_ref(), id.as_str())
        .await?
    {
        Some(_) => Err(taken(&id)),
        None => Ok(Plan { id }),
    }
}

fn taken(id: &UserId) -> Error {
    let message = format!("a user with the id `{id}` exists already");
    Error::conflict(message).reason(Reason::AlreadyExists)
}

fn check(context: &Context, input: Input) -> Result<(UserId, Write)> {
    let id: UserId = match input.id {
        Some(id) => UserId::plain(&id)?,
        None => UserId::plain(&random::uuid(context.random.as_ref()))?,
    };
    if input.name.trim().is_empty() {
        return Err(Error::invalid("a user needs a name"));
    }
    let mut document = fields([
        ("name", Some(Some(input.name))),
        ("photoURL", input.photo_url.map(Some)),
        ("firstName", input.first_name.map(Some)),
        ("lastName", input.last_name.map(Some)),
        ("clientId", input.client_id.map(Some)),
    ])?;
    document.insert("id".to_owned(), Value::from(id.as_str()));
    let write = USERS.put(id.as_str(), &Fields(document))?;
    Ok((id, write.only_if(Precondition::Missing)))
}
