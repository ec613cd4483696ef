//! What is being written in a room.

use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};

use crate::context::Context;
use crate::error::Result;
use crate::meeting::PlacedHappening;
use crate::model::RoomName;
use crate::model::happening::{Happening, MessageEvent};
use crate::model::meeting_place::MeetingPlace;

/// Where nobody writes and much happens, it is told after so many commits from where to go on: far fewer
/// than are kept.
const TELL_PLACE: u64 = 64;

/// Of which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// What happened after this place; what happens from now on if absent.
    pub after: Option<MeetingPlace>,
}

/// What a follower of messages is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TailedMessage {
    /// From where to go on after this.
    pub place: MeetingPlace,
    /// What became of a message; nothing where only the place is told.
    pub event: Option<MessageEvent>,
}

/// Every message that comes, changes or goes, until the room is gone. The place from which it is told
/// comes first.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound); [`Kind::Conflict`](crate::Kind::Conflict) when what
/// happened after the place is not kept any more.
pub async fn run(
    context: &Context,
    input: Input,
) -> Result<BoxStream<'static, Result<TailedMessage>>> {
    let Input { room, after } = input;
    let happenings = context.meetings.follow(&room, after).await?;
    let mut told = 0;
    let messages = happenings.try_filter_map(move |PlacedHappening { place, happening }| {
        let event = match happening {
            Some(Happening::Message {
                change, message, ..
            }) => Some(MessageEvent { change, message }),
            Some(_) if place.commits < told + TELL_PLACE => {
                return std::future::ready(Ok(None));
            }
            _ => None,
        };
        told = place.commits;
        std::future::ready(Ok(Some(TailedMessage { place, event })))
    });
    Ok(messages.boxed())
}
