//! The tokens of the two sides, and what they leave behind at the vendor's.

use super::stored::{Live, change};
use crate::context::Context;
use crate::error::{Kind, Result};
use crate::model::call::{Call, Side};
use crate::model::{Grant, JoinToken, Minter, Moment, Role, RoomName, Span};

/// Makes the token of one side, and notes the participant that comes with it before anything else
/// is done with it.
pub(super) async fn give(
    context: &Context,
    live: &mut Live,
    side: Side,
    minter: &Minter,
) -> Result<JoinToken> {
    let call = live.stored.call.clone();
    let backend = context.backends.get(Some(call.backend))?;
    let grant = grant(context, &call, side, minter)?;
    let Some(participants) = &backend.participants else {
        return backend.tokens.mint(&grant).await;
    };
    let (token, participant) = participants.open(&grant).await?;
    let mut next = live.stored.clone();
    next.set_participant(side, Some(participant.clone()));
    match live.replace(context, next, Vec::new()).await {
        Ok(noted) => *live = noted,
        Err(error) => {
            // Nobody would find it: somebody ended the call meanwhile, or the store failed.
            let_go(context, &call, &participant).await;
            return Err(match error.kind() {
                Kind::Conflict => error.saying("the call was ended while it was set up"),
                _ => error,
            });
        }
    }
    participants.join(&call.room, &participant).await?;
    Ok(token)
}

/// A token for one side of the call.
pub(super) async fn mint(
    context: &Context,
    call: &Call,
    side: Side,
    minter: &Minter,
) -> Result<JoinToken> {
    let backend = context.backends.get(Some(call.backend))?;
    let grant = grant(context, call, side, minter)?;
    backend.tokens.mint(&grant).await
}

fn grant(context: &Context, call: &Call, side: Side, minter: &Minter) -> Result<Grant> {
    let party = call.party(side);
    let now = context.clock.now();
    let longest = context.calls.longest.0.min(context.token_life.longest.0);
    let room: RoomName = call.room.clone();
    let end = Moment::In(Span(longest)).ahead_of(now, "the end of the token")?;
    Ok(Grant {
        room_id: None,
        room,
        role: Role::Participant,
        user_id: party.tag().map(str::to_owned),
        user_name: party.name.clone(),
        issued_at: now,
        not_before: None,
        expires_at: minter.bounds(end),
        minter: minter.clone(),
        shared: false,
        properties: serde_json::Map::new(),
    })
}

/// Takes back a participant that nobody noted; what fails is noted for the worker.
pub(super) async fn let_go(context: &Context, call: &Call, participant: &str) {
    let Err(error) = close(context, call, participant).await else {
        return;
    };
    let noted = change(context, &call.id, |next| {
        next.closing.push(participant.to_owned());
        next.due = 0;
        Ok(Some(Vec::new()))
    });
    if let Err(lost) = noted.await {
        tracing::error!(%error, %lost, participant, "a participant is left over at the vendor's");
    }
}

/// Takes back a participant that a token came with.
pub(super) async fn close(context: &Context, call: &Call, participant: &str) -> Result<()> {
    let backend = context.backends.get(Some(call.backend))?;
    match &backend.participants {
        Some(participants) => participants.close(&call.room, participant).await,
        None => Ok(()),
    }
}
