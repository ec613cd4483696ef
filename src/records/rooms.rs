//! Rooms: the registry of ours and the vendors', and the app's own.

use super::{Collection, Fields, Record, RoomKey};
use crate::model::Room;

/// The registry of rooms, by [`room_key`]. A room that is in use is noted in it, so that it may be
/// written when the store is full: whoever is inside must be able to leave.
pub const ROOMS: Collection<Room, RoomKey> =
    Collection::new("tok_rooms", "when the room is deleted or pruned").lookups(&["id"]);

/// The app's own rooms.
pub const APP_ROOMS: Collection<Fields> = Collection::new("rooms", "the app's");

impl Record for Room {}
