//! What happens in rooms, as far as media that goes through this process is concerned: who is out of the
//! room is out of it too, whatever their client does.

use std::sync::Arc;

use crate::backends::media::Media;
use crate::context::Context;
use crate::model::happening::Happening;
use crate::model::{Role, RoomName};

/// Hears what happens in rooms.
#[derive(Clone)]
pub struct MediaListener(Option<Arc<dyn Media>>);

impl MediaListener {
    /// For the media of this process.
    pub fn new(context: &Context) -> Self {
        let media = context.media.as_ref();
        Self(media.map(|media| media.forwarding.clone()))
    }

    /// Something happened.
    pub fn hear(&self, room: &RoomName, happening: &Happening) {
        let Some(media) = &self.0 else { return };
        let room = room.address();
        match happening {
            Happening::Left { id, .. } => media.close(&room, id),
            Happening::Ended { .. } => media.close_room(&room),
            Happening::MuteAsked { id, lifted, .. } => media.mute(&room, id, !lifted),
            Happening::Role { id, role } => media.allow(&room, id, *role != Role::Viewer),
            _ => {}
        }
    }
}
