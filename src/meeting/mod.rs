//! Meetings in `tok`'s own rooms: who comes and goes, what they write, who runs it. A desk per room
//! orders what is done there, the [rules] decide, the store holds the truth, and every node follows it.
//! Meetings in the rooms of a vendor are the vendor's.
//!
//! * What was answered is durable, and told to everybody whom it concerns, once, in one order.
//! * Whoever came in is told everything that happens after what their
//!   [`Welcome`](crate::model::meeting::Welcome) says.
//! * A connection that cannot keep up is given up, never waited for.

mod archive;
mod catch_up;
mod commit;
mod connections;
mod desk;
mod follow;
mod heartbeat;
mod journal;
mod load;
mod mailbox;
mod nodes;
mod replay;
mod rooms;
mod rules;
mod seats;
mod shared;
mod standing;
mod state;
#[cfg(test)]
mod tests;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use serde_json::value::RawValue;
use tokio::sync::oneshot;

pub use self::replay::PlacedHappening;

use self::desk::Desk;
use self::mailbox::DeskJob;
use self::rules::ChangeAnswer;
use self::shared::Shared;
use self::state::Meeting;
use crate::backends::bus::Bus;
use crate::error::{Error, Reason, Result};
use crate::model::chat::Message;
use crate::model::meeting::{
    Actor, Admission, BannedPerson, Change, Credential, Ending, Newcomer, Person, forbidden,
    no_participant, not_host,
};
use crate::model::unknown_proxies::UnknownProxies;
use crate::model::{Clock, Page, PageRequest, Random, Room, RoomName};
use crate::records::documents::Documents;
use crate::records::{HEADS, MeetingKey, PEOPLE, Seal};
use crate::request_id::RequestId;

pub use self::connections::{Packet, Seat, Wire};
pub use self::rooms::LocalRooms;
pub use self::standing::fallen;

/// How meetings are held.
#[derive(Debug, Clone, Copy)]
pub struct MeetingSettings {
    /// How long somebody whose connection broke may take to come back.
    pub grace: Duration,
    /// The longest message, in bytes.
    pub longest_message: usize,
    /// The most messages of one room that are kept; the oldest go first. None goes with 0.
    pub kept_messages: u64,
    /// The most people in one room.
    pub room_size: usize,
    /// A node that gives no sign for so long is dead, and its people are gone.
    pub heartbeat: Duration,
    /// The most bytes of messages that are read at once.
    pub page_size: usize,
}

/// The meetings in all local rooms, as this process takes part in them.
pub struct Meetings(Arc<Shared>);

impl Meetings {
    /// Meetings in `documents`; several nodes hear of each other at once over `bus`.
    pub fn new(
        documents: Arc<dyn Documents>,
        seal: Seal,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: MeetingSettings,
        bus: Option<Arc<dyn Bus>>,
        unknown_proxies: Arc<UnknownProxies>,
    ) -> Self {
        Self(Arc::new(Shared {
            set_up: |shared, name, queue| {
                tokio::spawn(Desk::new(shared, name, queue).run());
            },
            node: OnceLock::new(),
            documents,
            seal,
            clock,
            random,
            settings,
            bus,
            unknown_proxies,
            wire: OnceLock::new(),
            desks: Mutex::default(),
            paused: AtomicBool::new(false),
            own_signs: heartbeat::Heartbeat::default(),
        }))
    }
}

fn unexpected() -> Error {
    Error::internal("a room's desk answered something else")
}

impl Meetings {
    /// Begins to serve connected people of this process; once.
    pub fn serve(&self, wire: Arc<dyn Wire>) {
        if self.0.wire.set(wire).is_ok() {
            tokio::spawn(follow::follow(self.0.clone()));
            tokio::spawn(nodes::give_signs(self.0.clone()));
            tokio::spawn(nodes::watch_over(self.0.clone()));
            tokio::spawn(nodes::purge_leftovers(self.0.clone()));
            if let Some(bus) = self.0.bus.clone() {
                let shared = self.0.clone();
                tokio::spawn(async move {
                    let node = shared.node().to_owned();
                    bus.listen(&node, Arc::new(move |text: &str| shared.heard(text)))
                        .await;
                });
            }
        }
    }

    /// Stops: nobody is out of their room by it, so that they may come back after a restart.
    pub async fn pause(&self) {
        self.0.paused.store(true, Ordering::Relaxed);
        if self.0.wire.get().is_some() {
            nodes::sign_off(&self.0).await;
        }
    }

    /// Somebody wants to come in. `room` is as it was seen just now.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such room any more,
    /// [`Kind::Conflict`](crate::Kind::Conflict) when it is full,
    /// [`Kind::Forbidden`](crate::Kind::Forbidden) for whom it was closed.
    pub async fn join(
        &self,
        room: &Room,
        newcomer: Newcomer,
        seat: Arc<dyn Seat>,
    ) -> Result<Admission> {
        if newcomer.grant.is_none()
            && let Some(credential) = &newcomer.returning
        {
            self.check_standing(room, &credential.id).await?;
        }
        let (name, room) = (room.name.clone(), Box::new(room.clone()));
        let newcomer = Box::new(newcomer);
        let answer = self.0.ask(&name, |reply| DeskJob::Join {
            room,
            newcomer,
            seat,
            request: RequestId::current(),
            reply,
        });
        match answer.await? {
            ChangeAnswer::Admission(admission) => Ok(admission),
            _ => Err(unexpected()),
        }
    }

    /// Whoever comes back by the key of their seat stands on the token that they once came in with.
    async fn check_standing(&self, room: &Room, id: &str) -> Result<()> {
        let documents = self.0.documents.as_ref();
        let stored = PEOPLE
            .get(documents, &MeetingKey::new(&room.id, id))
            .await?;
        let Some(grant) = stored.and_then(|stored| stored.record.grant) else {
            return Ok(());
        };
        let (key, user) = (grant.key.as_deref(), grant.user.as_deref());
        let now = self.0.clock.now();
        match standing::fallen((documents, &self.0.seal), now, key, user).await? {
            None => Ok(()),
            Some(why) => Err(forbidden(
                Reason::TokenRefused,
                format!("the join token that you came in with is no good any more: {why}"),
            )),
        }
    }

    /// Who somebody is who is inside.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden) for whoever
    /// is not.
    pub async fn inside(&self, room: &RoomName, actor: &Actor) -> Result<Person> {
        let (Actor::Keyed(Credential { id, .. }) | Actor::Seated { id, .. }) = actor else {
            return Err(no_participant());
        };
        let room = self.0.room(room).await?;
        let key = MeetingKey::new(&room.id, id);
        let stored = PEOPLE.get(self.0.documents.as_ref(), &key).await?;
        let stored = stored.ok_or_else(no_participant)?.record;
        rules::check_inside(&stored, actor)?;
        Ok(stored.person)
    }

    /// Who may not come in any more, longest first. `reader` is an operator or a host.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
    pub async fn bans(&self, room: &RoomName, reader: &Actor) -> Result<Vec<BannedPerson>> {
        let documents = self.0.documents.as_ref();
        let room = self.0.room(room).await?;
        if let Actor::Keyed(Credential { id, .. }) | Actor::Seated { id, .. } = reader {
            let key = MeetingKey::new(&room.id, id);
            let stored = PEOPLE.get(documents, &key).await?;
            let stored = stored.ok_or_else(no_participant)?.record;
            rules::check_inside(&stored, reader)?;
            if !stored.person.is_host() {
                return Err(not_host());
            }
        }
        let head = HEADS.get(documents, &room.name.address()).await?;
        let head = head.map(|found| found.record);
        let own = head.filter(|head| head.room_id == room.id);
        let banned = own.map(|head| head.banned).unwrap_or_default();
        Ok(banned.into_iter().map(BannedPerson::from).collect())
    }

    /// Somebody does something. Takes its place in the room's order when it is called, not when
    /// the answer is waited for. Answers with the message, if it is about one.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
    pub fn act(
        &self,
        room: &RoomName,
        actor: Actor,
        change: Change,
    ) -> BoxFuture<'static, Result<Option<Message>>> {
        let answer = self.0.ask(room, |reply| DeskJob::Act {
            actor,
            change,
            request: RequestId::current(),
            reply: Some(reply),
        });
        answer
            .map(|answer| {
                Ok(match answer? {
                    ChangeAnswer::Message(message) => Some(message),
                    ChangeAnswer::Done | ChangeAnswer::Admission(_) | ChangeAnswer::Count(_) => {
                        None
                    }
                })
            })
            .boxed()
    }

    /// The connection `seat` of a participant broke: they may come back for a while, where the room
    /// allows that or their client `resumes`.
    pub fn lost(&self, room: &RoomName, participant: &str, seat: &str, resumes: bool) {
        // A node that stops takes nobody out of a room.
        if self.0.paused.load(Ordering::Relaxed) {
            return;
        }
        let job = DeskJob::Lost {
            participant: participant.to_owned(),
            seat: seat.to_owned(),
            resumes,
            request: RequestId::current(),
        };
        if let Err(error) = self.0.send(room, job) {
            tracing::debug!(%room, %error, "somebody who is gone leaves late");
            let actor = Actor::Seated {
                id: participant.to_owned(),
                seat: seat.to_owned(),
            };
            self.0
                .depart_later(room.clone(), actor, RequestId::current());
        }
    }

    /// Passes `data` on to another participant of the same room.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound) when they are not there,
    /// [`Kind::Unavailable`](crate::Kind::Unavailable) when their node does not hear of it.
    pub fn signal(
        &self,
        room: &RoomName,
        from: &str,
        seat: &str,
        to: &str,
        data: Box<RawValue>,
    ) -> BoxFuture<'static, Result<()>> {
        let (reply, passed) = oneshot::channel();
        let job = DeskJob::Signal {
            from: from.to_owned(),
            seat: seat.to_owned(),
            to: to.to_owned(),
            data,
            reply,
        };
        let sent = self.0.send(room, job);
        async move {
            sent?;
            passed
                .await
                .map_err(|_| Error::internal("a room's desk broke"))??
                .await
        }
        .boxed()
    }

    /// Everybody who is or was in the room, in the order they came.
    pub async fn people(&self, room: &RoomName) -> Result<Vec<Person>> {
        let room = self.0.room(room).await?;
        let meeting = Meeting::load(self.0.documents.as_ref(), room).await?;
        let people = meeting.people.into_values();
        Ok(people.map(|stored| stored.person).collect())
    }

    /// Messages that `reader` may read, which is all of them for an operator: the page before the
    /// message `page.after`, or the latest; oldest first. `next` leads to earlier ones.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden).
    pub async fn messages(
        &self,
        room: &RoomName,
        reader: &Actor,
        page: &PageRequest,
    ) -> Result<Page<Message>> {
        let documents = self.0.documents.as_ref();
        let room = self.0.room(room).await?;
        let reader = match reader {
            Actor::Operator => None,
            Actor::Keyed(Credential { id, .. }) | Actor::Seated { id, .. } => {
                let stored = PEOPLE
                    .get(documents, &MeetingKey::new(&room.id, id))
                    .await?;
                let stored = stored.ok_or_else(no_participant)?.record;
                rules::check_inside(&stored, reader)?;
                Some(id.as_str())
            }
        };
        let head = HEADS.get(documents, &room.name.address()).await?;
        let head = head.map(|found| found.record);
        let own = head.filter(|head| head.room_id == room.id);
        let end = own.map_or(0, |head| head.messages) + 1;
        let before = match &page.after {
            Some(cursor) => Message::number_of(cursor)
                .ok_or_else(|| Error::invalid("the cursor is not one of messages"))?
                .min(end),
            None => end,
        };
        let most = archive::Most {
            messages: page.limit,
            bytes: self.0.settings.page_size,
        };
        let part = archive::before(documents, &room.id, reader, before, most).await?;
        let next = part.next.map(Message::id_of);
        Ok(Page::new(part.messages, next))
    }

    /// All messages, oldest first, some at a time.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    pub async fn export(
        &self,
        room: &RoomName,
    ) -> Result<BoxStream<'static, Result<Vec<Message>>>> {
        let room = self.0.room(room).await?;
        Ok(archive::all(self.0.documents.as_ref(), &room.id))
    }

    /// The room of a public address, as [`RoomName::address`] makes it.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound).
    pub async fn addressed(&self, address: &str) -> Result<RoomName> {
        let found = HEADS.get(self.0.documents.as_ref(), address).await?;
        let missing = || Error::not_found("there is no room with this address");
        Ok(found.ok_or_else(missing)?.record.room)
    }

    /// Sends everybody out. Returns how many there were.
    ///
    /// # Errors
    /// [`Kind::NotFound`](crate::Kind::NotFound), [`Kind::Forbidden`](crate::Kind::Forbidden) for whoever
    /// is neither an operator nor a host.
    pub async fn end(&self, room: &RoomName, actor: Actor, why: Ending) -> Result<u64> {
        let answer = self.0.ask(room, |reply| DeskJob::Act {
            actor,
            change: Change::End(why),
            request: RequestId::current(),
            reply: Some(reply),
        });
        match answer.await? {
            ChangeAnswer::Count(count) => Ok(count),
            _ => Err(unexpected()),
        }
    }
}
