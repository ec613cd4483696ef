//! Lets somebody into a local room.

use std::sync::{Arc, LazyLock};

use super::ice::{self, IceServer};
use super::{check_name, identify};
use crate::commands::media::way::{self, MediaWay};
use crate::context::Context;
use crate::error::{Error, Reason, Result};
use crate::meeting::Seat;
use crate::model::meeting::{Admission, Credential, Newcomer, Place, SeatSignIn, forbidden};
use crate::model::sign_in::SignedIn;
use crate::model::told_causes::ToldCauses;
use crate::model::{BackendName, Privacy, Role, Room, RoomName, TokenFacts, person_name};
use crate::request_id::RequestId;
use crate::traces;

/// Who wants in.
#[derive(Clone)]
pub struct Input {
    /// The room.
    pub room: RoomName,
    /// The name that the others see; what the token says, or the participant's id, if absent.
    pub name: Option<String>,
    /// Who they were before.
    pub returning: Option<Credential>,
    /// Their join token.
    pub token: Option<String>,
    /// Who they are where no join token says so: they signed in elsewhere.
    pub person: Option<Arc<SignedIn>>,
    /// The network that they come from, if it is theirs and not a proxy's.
    pub network: Option<String>,
}

/// How they stand.
#[derive(Clone)]
pub struct Output {
    /// The room.
    pub room: RoomName,
    /// Who they are there.
    pub admission: Admission,
    /// What helps their browser to reach the others.
    pub ice_servers: Vec<IceServer>,
    /// How media goes in the room just now.
    pub media: MediaWay,
}

/// Lets somebody in, or lets them wait where the room wants that. From then on `seat` is told what
/// happens in the room.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) for a room that is not there, not open yet or expired; [`Kind::Forbidden`](crate::Kind::Forbidden)
/// without a join token that opens it, or for somebody who was sent out for good; [`Kind::Conflict`](crate::Kind::Conflict)
/// when it is full.
pub async fn run(context: &Context, input: Input, seat: Arc<dyn Seat>) -> Result<Output> {
    let (room, person) = (input.room.clone(), input.person.clone());
    let span = traces::span!("room join", %room);
    let outcome = traces::within(span, let_in(context, input, seat)).await;
    if let Err(error) = &outcome {
        tell_refused(context, &room, person.as_deref(), error);
    }
    outcome
}

/// That somebody did not come in, in the log. Who knocks again and again is told of once in a while.
fn tell_refused(context: &Context, room: &RoomName, person: Option<&SignedIn>, error: &Error) {
    static TOLD: LazyLock<ToldCauses> = LazyLock::new(ToldCauses::default);
    let user = person.map(|person| person.user.to_string());
    let reason = error.why().map_or(error.kind().code(), Reason::as_str);
    let knock = format!("{room} {user:?} {reason}");
    if TOLD.is_news(&knock) {
        let (event, node) = ("refused", context.place.to_string());
        let request = RequestId::current();
        let request = request.as_ref().map(RequestId::as_str);
        tracing::info!(event, %room, user, node, reason, request, "{event}");
    }
}

async fn let_in(context: &Context, input: Input, seat: Arc<dyn Seat>) -> Result<Output> {
    let backend = context.backends.get(Some(BackendName::Local))?;
    let room = backend.rooms.get(&input.room).await?;
    check_open(context, &room)?;
    let name = input.name.as_deref().filter(|name| !name.trim().is_empty());
    let name = name.map(|name| check_name(context, name)).transpose()?;
    let facts = match &input.token {
        Some(token) => Some(check_token(context, &room, token).await?),
        None => None,
    };
    // Who was let in before needs no token to come back, but must be known.
    let private = room.privacy == Privacy::Private && facts.is_none();
    if private && input.returning.is_none() {
        return Err(forbidden(
            Reason::RoomPrivate,
            format!("the room `{}` is private; a join token opens it", room.name),
        ));
    }
    let person = input.person.as_deref();
    let given = facts.as_ref().and_then(|facts| facts.user_name.as_deref());
    let given = given.and_then(person_name::visible);
    let own = person.and_then(|person| person.name.as_deref());
    let own = own.and_then(|name| person_name::shortened(name, context.live.longest_name));
    let named = facts.as_ref().and_then(|facts| facts.user_id.clone());
    let signed_in = person.filter(|_| named.is_none()).map(|person| SeatSignIn {
        user: person.user.to_string(),
        until: person.expires_at,
        only_looks: person.role == Role::Viewer,
    });
    let newcomer = Newcomer {
        name: name.or(given).or(own),
        returning: input.returning,
        must_return: private,
        grant: facts.as_ref().and_then(identify::grant),
        network: input.network,
        user_id: named.or_else(|| signed_in.as_ref().map(|of| of.user.clone())),
        signed_in,
    };
    let admission = context.meetings.join(&room, newcomer, seat).await?;
    Ok(Output {
        ice_servers: match admission.place {
            Place::Inside => ice::servers(&context.live, context.clock.now(), &admission.id),
            Place::Waiting | Place::Gone => Vec::new(),
        },
        media: way::run(
            context,
            way::Input {
                room: room.name.clone(),
            },
        ),
        room: room.name,
        admission,
    })
}

fn check_open(context: &Context, room: &Room) -> Result<()> {
    let now = context.clock.now();
    let name = &room.name;
    if room.is_expired(now) {
        return Err(Error::not_found(format!("the room `{name}` has expired")));
    }
    match room.not_before {
        Some(at) if at > now => Err(Error::not_found(format!(
            "the room `{name}` is not open yet; it opens at {at}"
        ))),
        _ => Ok(()),
    }
}

async fn check_token(context: &Context, room: &Room, token: &str) -> Result<TokenFacts> {
    let facts = identify::good(context, token).await?;
    if facts.room.as_deref() != Some(room.name.as_str()) {
        return Err(identify::no_good("it is for another room"));
    }
    Ok(facts)
}
