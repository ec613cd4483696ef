//! Rooms: the registry of ours and the vendors', and the app's own.

use super::{Collection, Fields, Record, RoomKey};
use crate::model::Room;

/// The registry of rooms, by backend and name. A room that is in use is noted in it, so that it may
/// be written when the store is full: whoever is inside must be able to leave.
pub const ROOMS: Collection<Room, RoomKey> =
    Collection::new("tok_rooms", "when the room is deleted or pruned").lookups(&["id"]);

/// The field of [`ROOMS`] with the moment from which on nobody may come in.
pub const ROOM_END: &str = "expires_at";

/// The app's own rooms, by their ids.
pub const APP_ROOMS: Collection<Fields> = Collection::new("rooms", "when the app deletes them");

impl Record for Room {}
