//! Sessions: one stay of people in a room.

use super::{After, Collection, Record, SessionKey};
use crate::model::session::Session;

/// Sessions that we keep ourselves, by backend and the backend's id.
pub const SESSIONS: Collection<Session, SessionKey> = Collection::new("tok_sessions", "")
    .bookkeeping()
    .lookups(&["room"])
    .expires("started_at", After::SessionsKeep);

impl Record for Session {}
