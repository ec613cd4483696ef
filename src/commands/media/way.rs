//! How media goes in a room.

use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::model::RoomName;

/// How media goes in a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum MediaWay {
    /// From browser to browser.
    Mesh,
    /// From browser to browser for two, through this server for more.
    Auto,
    /// Through this server.
    Relayed,
}

/// Which room.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
}

/// How media goes in this room just now. A room that it went through here goes on so until it is empty.
pub fn run(context: &Context, input: Input) -> MediaWay {
    let Input { room } = input;
    let Some(media) = &context.media else {
        return MediaWay::Mesh;
    };
    if media.always || media.forwarding.is_open(&room.address()) {
        MediaWay::Relayed
    } else {
        MediaWay::Auto
    }
}
