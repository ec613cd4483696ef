//! Each event as the operation that it means.

use std::sync::Arc;

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::incoming::{ClientEvent, EventWork, PositionalArguments, RoomKeys};
use super::seat::SocketSeat;
use super::socket::{Connection, Joined};
use super::{LiveRooms, credentials, inside};
use crate::commands::{call, participant, room};
use crate::error::{Error, Kind, Result};
use crate::model::key::Scope;
use crate::model::meeting::Place;
use crate::model::{BackendName, RoomName};
use crate::server::address::ClientAddress;
use crate::server::auth::{Caller, identify_headers};
use crate::server::misses::LookOutcome;
use crate::server::rate_limit::sender;
use crate::server::video_web_app::NAME;

/// Whether later events of the connection must wait until this one is done: because it says where
/// they belong, or because of what it reads there must not be many at a time.
pub(super) fn blocks_later(event: &str) -> bool {
    matches!(
        event,
        "create-room" | "join-room" | "leave" | "history" | "ice-servers" | "banned-participants"
    )
}

/// The work that an event means. It takes its place in the room's order when it is first polled.
pub(super) fn work(
    live: &Arc<LiveRooms>,
    connection: &Arc<Connection>,
    incoming: &ClientEvent,
) -> EventWork {
    let arguments = &incoming.arguments;
    let (live, connection) = (live.clone(), connection.clone());
    let made = match incoming.name.as_str() {
        "create-room" => create(live, connection, arguments),
        "join-room" => join(live, connection, arguments),
        "accept-call" | "decline-call" => {
            answer_call(live, &connection, incoming.name == "accept-call", arguments)
        }
        name => match connection.joined() {
            Some(joined) => inside::work(&live, &connection, joined, name, arguments),
            None => Err(Error::conflict("you are not in a room; join one first")),
        },
    };
    made.unwrap_or_else(|error| async move { Err(error) }.boxed())
}

fn create(
    live: Arc<LiveRooms>,
    connection: Arc<Connection>,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let title: Option<String> = arguments.optional(0, "a name")?;
    let input = room::create_numbered::Input::checked(live.context(), title)?;
    Ok(async move {
        check_creator(&live, &connection).await?;
        let room = room::create_numbered::run(live.context(), input).await?;
        connection.emit("join-room", &[&room.name.as_str()]);
        Ok(json!({ "id": room.name, "url": room.url }))
    }
    .boxed())
}

/// Whether a connection may make rooms.
async fn check_creator(live: &LiveRooms, connection: &Connection) -> Result<()> {
    live.app.check_creation(connection.address)?;
    let auth = &live.app.0.auth;
    if auth.asks_for_keys() && !auth.is_open(NAME) {
        let headers = &connection.socket().req_parts().headers;
        let person = connection
            .sign_in
            .person(&live.app, headers, connection.address);
        let caller = match person.await? {
            Some(person) => Caller::User(person),
            None => identify_headers(&live.app, headers, connection.address).await?,
        };
        // A room of their own.
        caller.need_own(Scope::RoomsWrite)?;
    }
    Ok(())
}

fn join(
    live: Arc<LiveRooms>,
    connection: Arc<Connection>,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let room: String = arguments.required(0, "a room")?;
    // A name that no room can have is a room that is not there.
    let room: RoomName = room
        .parse()
        .map_err(|_| Error::not_found("there is no such room"))?;
    let name: Option<String> = arguments.optional(1, "a name")?;
    let keys: Option<RoomKeys> = arguments.object(2, "an object with id and key, or token")?;
    let keys = keys.unwrap_or_default();
    if connection.joined().is_some() {
        return Err(Error::conflict("you are in a room already; leave it first"));
    }
    if connection.was_sent_out_of(room.as_str()) {
        return Err(Error::new(
            Kind::Forbidden,
            "you were sent out of this room",
        ));
    }
    Ok(come_in(live, connection, (room, name, keys)).boxed())
}

/// Lets somebody in by what they said.
async fn come_in(
    live: Arc<LiveRooms>,
    connection: Arc<Connection>,
    (room, name, mut keys): (RoomName, Option<String>, RoomKeys),
) -> Result<Value> {
    live.app.0.looks.check(connection.address)?;
    let headers = &connection.socket().req_parts().headers;
    let person = connection
        .sign_in
        .person(&live.app, headers, connection.address);
    let input = participant::join::Input {
        room,
        name,
        returning: keys.returning(),
        token: keys.token,
        person: person.await?,
        network: connection.address.and_then(ClientAddress::own_network),
    };
    let seat = Arc::new(SocketSeat::new(connection.clone()));
    let output = let_in(&live, &connection, input, seat.clone()).await?;
    let joined = Joined {
        room: output.room.clone(),
        id: output.admission.id.clone(),
        sender: sender(&output.admission.id, &output.admission.key),
        resumes: keys.resumes,
    };
    if !connection.enter(joined.clone(), || seat.is_dismissed()) {
        // It broke while it came in.
        connection.lost(&joined);
    }
    if let Some(every) = participant::ice::renewal(live.context()) {
        let context = live.context().clone();
        let connection = Arc::downgrade(&connection);
        tokio::spawn(credentials::renew(context, connection, joined, every));
    }
    let admission = output.admission;
    Ok(json!({
        "id": admission.id, "key": admission.key, "role": admission.role,
        "waiting": admission.place == Place::Waiting, "resumed": admission.resumed,
        "iceServers": output.ice_servers, "media": output.media,
    }))
}

/// Lets somebody in who has not looked for too many rooms that are not there. Whoever shows a token may
/// come in however many do.
async fn let_in(
    live: &LiveRooms,
    connection: &Connection,
    input: participant::join::Input,
    seat: Arc<SocketSeat>,
) -> Result<participant::join::Output> {
    let (room, context) = (input.room.clone(), live.context());
    let (token, is_person) = (input.token.clone(), input.person.is_some());
    let vouched = Box::pin(async {
        let Some(token) = token else {
            return is_person;
        };
        let shown = participant::identify::Input { token };
        is_person || participant::identify::run(context, shown).await.is_ok()
    });
    let coming = Box::pin(participant::join::run(context, input, seat));
    let looks = &live.app.0.looks;
    looks
        .guard(
            connection.address,
            room.as_str(),
            vouched,
            coming,
            LookOutcome::of,
        )
        .await
}

/// Somebody whom we know answers a call to them, or declines it.
fn answer_call(
    live: Arc<LiveRooms>,
    connection: &Connection,
    accept: bool,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let id: String = arguments.required(0, "a call")?;
    let identity = connection.identity().ok_or_else(|| {
        let what = "connect with a join token that says who you are";
        Error::new(Kind::Forbidden, what)
    })?;
    let own = connection.id().to_owned();
    let person = connection.sign_in.known();
    Ok(async move {
        if let Some(person) = person {
            let caller = Caller::User(person);
            caller.need_own(Scope::CallsWrite)?;
            caller.may_join()?;
        }
        let context = live.context();
        let callee = Some(identity.user.parse()?);
        if !accept {
            let input = call::decline::Input {
                call: id,
                callee,
                connection: Some(own),
            };
            call::decline::run(context, input).await?;
            return Ok(Value::Null);
        }
        let input = call::accept::Input {
            call: id,
            callee,
            device: None,
            connection: Some(own),
            minter: participant::identify::minter(context, &identity).await?,
        };
        let accepted = call::accept::run(context, input).await?;
        let (call, token) = (accepted.call, accepted.token.token);
        // The page of a local room is here.
        let here = call.backend == BackendName::Local;
        let url = here.then(|| format!("/r/{}#token={token}", call.room));
        Ok(json!({ "room": call.room, "backend": call.backend, "token": token, "url": url }))
    }
    .boxed())
}
