//! Sessions: one stay of people in a room.

use super::{After, Collection, Record};
use crate::model::BackendName;
use crate::model::session::Session;

/// Sessions that we keep ourselves, by [`session_key`].
pub const SESSIONS: Collection<Session> = Collection::new("tok_sessions", "")
    .bookkeeping()
    .lookups(&["room"])
    .expires("started_at", After::Sessions);

impl Record for Session {}

/// The id of a session; with an empty `id` the beginning of all of a vendor's.
pub fn session_key(backend: BackendName, id: &str) -> String {
    format!("{backend}:{id}")
}
