//! People, in the app's own documents.

use super::{Collection, Fields};

/// The app's users, by their ids.
pub const USERS: Collection<Fields> = Collection::new("users", "when they are deleted")
    .moments(&["last_changed"])
    .lookups(&["token", "clientId"]);

/// The id of the one document in [`user_calls`].
pub const USER_CALL: &str = "call";

/// Where the app keeps the call that a user is in.
pub fn user_calls(user: &str) -> String {
    format!("{}/{user}/call", USERS.name())
}
