//! Each event as the operation that it means.

use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::incoming::{ClientEvent, EventWork, PositionalArguments, RoomKeys, SendOptions};
use super::outgoing::{WireMedia, message_summary};
use super::seat::SocketSeat;
use super::socket::{Connection, Joined};
use super::{LiveRooms, credentials, hosting, media_offer};
use crate::commands::{call, chat, participant, room};
use crate::error::{Error, Kind, Result};
use crate::model::chat::Message;
use crate::model::key::Scope;
use crate::model::meeting::{Actor, Place};
use crate::model::{BackendName, PageRequest, RoomName};
use crate::server::address::ClientAddress;
use crate::server::auth::Caller;
use crate::server::misses::LookOutcome;
use crate::server::rate_limit::sender;

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
            Some(joined) => inside(&live, &connection, joined, name, arguments),
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
        live.may_create(&connection).await?;
        let room = room::create_numbered::run(live.context(), input).await?;
        connection.emit("join-room", &[&room.name.as_str()]);
        Ok(json!({ "id": room.name, "url": room.url }))
    }
    .boxed())
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
    let mut keys = keys.unwrap_or_default();
    if connection.joined().is_some() {
        return Err(Error::conflict("you are in a room already; leave it first"));
    }
    if connection.was_sent_out_of(room.as_str()) {
        return Err(Error::new(
            Kind::Forbidden,
            "you were sent out of this room",
        ));
    }
    Ok(async move {
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
            let connection = Arc::downgrade(&connection);
            tokio::spawn(credentials::renew(
                live.context().clone(),
                connection,
                joined,
                every,
            ));
        }
        let admission = output.admission;
        Ok(json!({
            "id": admission.id, "key": admission.key, "role": admission.role,
            "waiting": admission.place == Place::Waiting, "resumed": admission.resumed,
            "iceServers": output.ice_servers, "media": output.media,
        }))
    }
    .boxed())
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
        let (call, ticket) = (accepted.call, accepted.token.token);
        // The page of a local room is here.
        let here = call.backend == BackendName::Local;
        let url = here.then(|| format!("/r/{}#token={ticket}", call.room));
        Ok(json!({ "room": call.room, "backend": call.backend, "token": ticket, "url": url }))
    }
    .boxed())
}

/// What needs somebody who is in a room.
fn inside(
    live: &Arc<LiveRooms>,
    connection: &Arc<Connection>,
    joined: Joined,
    event: &str,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    live.admits_room(&joined.room)?;
    let actor = Actor::Seated {
        id: joined.id.clone(),
        seat: connection.id().to_owned(),
    };
    let done =
        |work: BoxFuture<'static, Result<()>>| work.map(|done| done.map(|()| Value::Null)).boxed();
    let context = live.context().clone();
    let room = joined.room.clone();
    let target = || arguments.required::<String>(0, "a participant");
    Ok(match event {
        "leave" => {
            let connection = connection.clone();
            async move {
                let input = participant::leave::Input { room, by: actor };
                participant::leave::run(&context, input).await?;
                connection.leave();
                Ok(Value::Null)
            }
            .boxed()
        }
        "update-mediaState" | "update-settings" => {
            let what = "an object of booleans";
            let media: Option<WireMedia> = arguments.object(0, what)?;
            let missing = || Error::invalid(format!("argument 1 is missing; it is {what}"));
            let media = media.ok_or_else(missing)?;
            let input = participant::media::Input {
                room,
                by: actor,
                media: media.into(),
            };
            done(async move { participant::media::run(&context, input).await }.boxed())
        }
        "media-offer" => media_offer::work(context, room, actor, arguments)?,
        "update-name" | "change-name" => {
            let name: String = arguments.required(0, "a name")?;
            let by = actor;
            let input = participant::rename::Input { room, by, name };
            done(async move { participant::rename::run(&context, input).await }.boxed())
        }
        "kick-participant"
        | "unban-participant"
        | "banned-participants"
        | "mute-participant"
        | "lock-room"
        | "end-room" => hosting::work(context, room, actor, event, arguments)?,
        "waiting-room-decision" => {
            let target = target()?;
            let accept = match arguments
                .required::<String>(1, "accept or reject")?
                .as_str()
            {
                "accept" => true,
                "reject" => false,
                _ => return Err(Error::invalid("argument 2 must be accept or reject")),
            };
            let input = participant::admit::Input {
                room,
                by: actor,
                target,
                accept,
            };
            done(async move { participant::admit::run(&context, input).await }.boxed())
        }
        "transfer-host" => {
            let (by, target) = (actor, target()?);
            let input = participant::promote::Input { room, by, target };
            done(async move { participant::promote::run(&context, input).await }.boxed())
        }
        "signal" => {
            let (to, data) = (target()?, arguments.raw(1)?);
            live.limits.check_signal(&joined.sender, data.get().len())?;
            let input = participant::signal::Input {
                room,
                from: joined.id,
                seat: connection.id().to_owned(),
                to,
                data,
            };
            done(async move { participant::signal::run(&context, input).await }.boxed())
        }
        "history" => history(live, room, actor, arguments)?,
        "ice-servers" => async move {
            let input = participant::ice::Input { room, by: actor };
            let servers = participant::ice::run(&context, input).await?;
            Ok(json!(servers))
        }
        .boxed(),
        _ => return message(live, connection, joined, actor, event, arguments),
    })
}

/// What is about messages.
fn message(
    live: &Arc<LiveRooms>,
    connection: &Connection,
    joined: Joined,
    by: Actor,
    event: &str,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let context = live.context().clone();
    let summarised = |work: BoxFuture<'static, Result<Message>>| {
        work.map(|message| message.map(|message| message_summary(&message)))
            .boxed()
    };
    let id = || arguments.required::<String>(0, "a message");
    let content = || arguments.required::<String>(1, "a text");
    let bytes = match event {
        "send-message" | "edit-message" => content()?.len(),
        _ => 0,
    };
    if event != "delete-message" {
        live.admits_message(connection, &joined, bytes)?;
    }
    let room = joined.room;
    let work = match event {
        "send-message" => {
            let to: String = arguments.required(0, "a participant or everyone")?;
            let content = content()?;
            let options: Option<SendOptions> = arguments.object(2, "{clientId}")?;
            let input = chat::send::Input {
                room,
                by,
                to,
                content,
                client_id: options.and_then(|options| options.client_id),
            };
            async move { chat::send::run(&context, input).await }.boxed()
        }
        "edit-message" => {
            let (message, content) = (id()?, content()?);
            let input = chat::edit::Input {
                room,
                by,
                message,
                content,
            };
            async move { chat::edit::run(&context, input).await }.boxed()
        }
        "delete-message" => {
            let message = id()?;
            let input = chat::delete::Input { room, by, message };
            async move { chat::delete::run(&context, input).await }.boxed()
        }
        "react" => {
            let input = chat::react::Input {
                room,
                by,
                message: id()?,
                kind: arguments.required(1, "a number from 0 to 7")?,
                remove: arguments.optional(2, "true or false")?.unwrap_or(false),
            };
            async move { chat::react::run(&context, input).await }.boxed()
        }
        _ => {
            let what = format!("there is no event {event:?}");
            return Err(Error::not_found(what));
        }
    };
    Ok(summarised(work))
}

fn history(
    live: &Arc<LiveRooms>,
    room: RoomName,
    reader: Actor,
    arguments: &PositionalArguments,
) -> Result<EventWork> {
    let before: Option<String> = arguments.optional(0, "a message or null")?;
    let limit = arguments.optional(1, "a number")?;
    let page = PageRequest::checked(limit, before)?;
    let context = live.context().clone();
    Ok(async move {
        let input = chat::history::Input { room, reader, page };
        let page = chat::history::run(&context, input).await?;
        let messages: Vec<Value> = page.items.iter().map(message_summary).collect();
        Ok(json!({ "messages": messages, "more": page.next.is_some(), "before": page.next }))
    }
    .boxed())
}
