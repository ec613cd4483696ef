//! Tells whose a join token is, wherever its room is.

use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::BackendName;

/// The user that a token was made for; nothing if it names none.
///
/// # Errors
/// [`Kind::Forbidden`] when it is no good.
pub async fn run(context: &Context, token: &str) -> Result<Option<String>> {
    let backend = context.backends.get(Some(BackendName::Local))?;
    let refused =
        |why: &str| Error::new(Kind::Forbidden, format!("the join token is no good: {why}"));
    let facts = match backend.tokens.inspect(token).await {
        Err(error) if error.kind() == Kind::InvalidInput => return Err(refused(error.message())),
        other => other?,
    };
    if !facts.valid {
        let why = facts.reason.as_deref();
        return Err(refused(why.unwrap_or("it opens nothing")));
    }
    Ok(facts.user_id)
}
