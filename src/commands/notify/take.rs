//! Takes a notification out of an inbox: the app has shown it.

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::notification::Target;
use crate::model::user::UserId;
use crate::records::{INBOX, InboxKey};

/// Which one, of whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person it waits for.
    pub user: UserId,
    /// The notification's id; what is none does not wait.
    pub id: String,
}

/// Takes it out.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when it does not wait for this person.
pub async fn run(context: &Context, input: Input) -> Result<()> {
    let Input { user, id } = input;
    let key = InboxKey::new(&Target::User(user.to_string()), &id);
    let documents = context.documents.as_ref();
    if INBOX.document(documents, &key).await?.is_none() {
        return Err(Error::not_found(format!(
            "there is no notification `{id}` for {user}"
        )));
    }
    documents.commit(vec![INBOX.delete(&key)]).await.map(|_| ())
}
