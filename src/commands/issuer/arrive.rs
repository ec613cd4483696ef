//! Makes a user of somebody who signed in and is not known yet.

use crate::commands::user::create;
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::sign_in::SignedIn;
use crate::records::USERS;

/// Who signed in.
#[derive(Debug, Clone)]
pub struct Input {
    /// They.
    pub person: SignedIn,
}

/// Makes the user, unless there is one or the app makes its users itself.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let SignedIn {
        user,
        name,
        makes_user,
        ..
    } = input.person;
    if !makes_user {
        return Ok(());
    }
    let documents = context.documents.as_ref();
    if USERS.document(documents, user.as_str()).await?.is_some() {
        return Ok(());
    }
    let make = create::Input {
        name: name.unwrap_or_else(|| user.to_string()),
        id: Some(user.into()),
        ..create::Input::default()
    };
    match create::run(context, make).await {
        // Another request of theirs was first.
        Err(error) if error.kind() == Kind::Conflict => Ok(()),
        made => made.map(drop),
    }
}
