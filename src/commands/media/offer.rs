//! Somebody in a room offers to send and receive through this process.

use crate::backends::media::MediaOffer;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::meeting::Actor;
use crate::model::{Role, RoomName};

/// Who offers what.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room they are in.
    pub room: RoomName,
    /// Who they are there.
    pub by: Actor,
    /// The session description of their browser.
    pub sdp: String,
}

/// Takes the offer. Gives the answer, a session description.
///
/// # Errors
/// [`Kind::Unsupported`] where media goes from browser to browser only,
/// [`Kind::NotFound`], [`Kind::Forbidden`] for whoever is not in the room,
/// [`Kind::InvalidInput`], [`Kind::Unavailable`].
pub async fn run(context: &Context, input: Input) -> Result<String> {
    let media = context.media.as_ref().ok_or_else(|| {
        let what = "this server forwards no media; people send to each other";
        Error::new(Kind::Unsupported, what)
    })?;
    let person = context.meetings.inside(&input.room, &input.by).await?;
    let (room, participant) = (input.room.address(), person.id);
    let offer = MediaOffer {
        room: room.clone(),
        participant: participant.clone(),
        sends: person.role != Role::Viewer,
        sdp: input.sdp,
    };
    let answer = media.forwarding.offer(offer).await?;
    // Whoever went meanwhile has nothing here.
    if context
        .meetings
        .inside(&input.room, &input.by)
        .await
        .is_err()
    {
        media.forwarding.close(&room, &participant);
    }
    Ok(answer)
}
