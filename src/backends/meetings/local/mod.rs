//! Meetings in `tok`'s own rooms: a desk per room orders what is done there, the store holds the
//! truth, and every node follows it.

mod actions;
mod archive;
mod desk;
mod follow;
mod history;
mod rules;
mod seats;
mod store;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::future::BoxFuture;
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use self::desk::{Desk, Job};
use self::rules::Answer;
use self::store::{Meeting, Stored};
use super::{Meetings, Seat, Wire, local_address};
use crate::backends::bus::Bus;
use crate::backends::documents::Documents;
use crate::backends::rooms::{REGISTRY, registry_document};
use crate::error::{Error, Kind, Result};
use crate::model::chat::Message;
use crate::model::meeting::{
    Actor, Admission, Change, Credential, Ending, Newcomer, Person, no_participant,
};
use crate::model::{BackendName, Clock, Page, PageRequest, Random, Room, RoomName, ambient};

pub use store::HEADS;
pub(crate) use rules::TEMPORARY;
pub(crate) use store::{Head, PEOPLE, Stored as StoredPerson, clean, vanish};

/// Things that may wait at one desk.
const QUEUE: usize = 1024;

/// What nodes tell each other.
#[derive(Serialize, Deserialize)]
struct Told {
    /// Who tells it.
    node: String,
    note: Note,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Note {
    /// A meeting stands so now.
    Seen {
        address: String,
        commits: u64,
        settings: u64,
    },
    /// Something for a participant who is connected elsewhere.
    Signal {
        address: String,
        from: String,
        to: String,
        data: Box<RawValue>,
    },
}

/// How meetings are held.
#[derive(Debug, Clone, Copy)]
pub struct MeetingSettings {
    /// How long somebody whose connection broke may take to come back.
    pub grace: Duration,
    /// The longest message, in bytes.
    pub longest_message: usize,
    /// The most people in one room.
    pub room_size: usize,
    /// A node that gives no sign for so long is dead, and its people are gone.
    pub heartbeat: Duration,
}

/// [`Meetings`] in our own store.
pub struct LocalMeetings(Arc<Shared>);

/// What all desks share.
struct Shared {
    documents: Arc<dyn Documents>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    settings: MeetingSettings,
    bus: Option<Arc<dyn Bus>>,
    /// This process.
    node: String,
    wire: OnceLock<Arc<dyn Wire>>,
    /// By the address of the room.
    desks: Mutex<HashMap<String, mpsc::Sender<Job>>>,
    paused: AtomicBool,
}

impl LocalMeetings {
    /// Meetings in `documents`; several nodes hear of each other at once over `bus`.
    pub fn new(
        documents: Arc<dyn Documents>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        settings: MeetingSettings,
        bus: Option<Arc<dyn Bus>>,
    ) -> Self {
        Self(Arc::new(Shared {
            node: ambient::uuid(random.as_ref()),
            documents,
            clock,
            random,
            settings,
            bus,
            wire: OnceLock::new(),
            desks: Mutex::default(),
            paused: AtomicBool::new(false),
        }))
    }
}

impl Shared {
    /// The room as the registry has it.
    async fn room(&self, name: &RoomName) -> Result<Room> {
        let id = registry_document(BackendName::Local, name.as_str());
        match self.documents.get(REGISTRY, &id).await? {
            Some(document) => document.decode(),
            None => Err(Error::not_found(format!("there is no room `{name}`"))),
        }
    }

    /// Hands something over to the room's desk, which is set up if there is none.
    fn send(self: &Arc<Self>, name: &RoomName, job: Job) -> Result<()> {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let desk = desks.entry(local_address(name)).or_insert_with(|| {
            let (sender, queue) = mpsc::channel(QUEUE);
            tokio::spawn(Desk::new(self.clone(), name.clone(), queue).run());
            sender
        });
        desk.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Error::new(
                Kind::RateLimited,
                format!("too much happens in the room `{name}`; try again"),
            )
            .retry_after(Some(Duration::from_secs(1))),
            mpsc::error::TrySendError::Closed(_) => {
                Error::internal(format!("the desk of the room `{name}` broke"))
            }
        })
    }

    /// Puts a desk away, unless something has come for it.
    fn put_away(&self, name: &RoomName, queue: &mpsc::Receiver<Job>) -> bool {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = queue.is_empty();
        if unused {
            desks.remove(&local_address(name));
        }
        unused
    }

    /// Tells a desk, if there is one, how its meeting stands in the store.
    fn seen(&self, address: &str, head: Option<(u64, u64)>) {
        self.hand(address, Job::Seen(head));
    }

    fn hand(&self, address: &str, job: Job) {
        let desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(desk) = desks.get(address)
            && desk.try_send(job).is_err()
        {
            // It is busy, and looks before it commits.
            tracing::debug!(address, "a desk is too busy to be told");
        }
    }

    fn addresses(&self) -> Vec<String> {
        let desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks.keys().cloned().collect()
    }

    /// Other nodes may want to know at once; by the store they hear it anyway.
    fn published(&self, name: &RoomName, commits: u64, settings: u64) {
        if let Some(bus) = &self.bus {
            let note = Note::Seen {
                address: local_address(name),
                commits,
                settings,
            };
            if let Err(error) = self.tell(bus.as_ref(), note) {
                tracing::debug!(%error, "other nodes hear of this by the store");
            }
        }
    }

    /// Hands a signal to the node that serves its receiver.
    fn pass_on(&self, room: &RoomName, from: &str, to: &str, data: Box<RawValue>) -> Result<()> {
        let Some(bus) = &self.bus else {
            return Err(Error::new(
                Kind::Unavailable,
                "the receiver is connected to another node; set redis.url on all of them",
            ));
        };
        let note = Note::Signal {
            address: local_address(room),
            from: from.to_owned(),
            to: to.to_owned(),
            data,
        };
        self.tell(bus.as_ref(), note)
    }

    fn tell(&self, bus: &dyn Bus, note: Note) -> Result<()> {
        let told = Told {
            node: self.node.clone(),
            note,
        };
        let text = serde_json::to_string(&told)
            .map_err(|error| Error::internal("a note cannot be written").because(error))?;
        bus.tell(text)
    }

    /// Another node told something.
    fn heard(&self, text: &str) {
        let told: Told = match serde_json::from_str(text) {
            Ok(told) => told,
            Err(error) => return tracing::warn!(%error, "a note of another node cannot be read"),
        };
        if told.node == self.node {
            return;
        }
        match told.note {
            Note::Seen {
                address,
                commits,
                settings,
            } => self.seen(&address, Some((commits, settings))),
            Note::Signal {
                address,
                from,
                to,
                data,
            } => self.hand(&address, Job::Deliver { from, to, data }),
        }
    }

    /// Removes what a room that is gone left behind; whoever serves next does it if this is cut off.
    fn clean(self: &Arc<Self>, room_id: String) {
        let shared = self.clone();
        tokio::spawn(async move {
            if let Err(error) = store::clean(shared.documents.as_ref(), &room_id).await {
                tracing::warn!(room_id, %error, "a room that is gone is not cleaned up yet");
            }
        });
    }

    fn ask(
        self: &Arc<Self>,
        name: &RoomName,
        job: impl FnOnce(oneshot::Sender<Result<Answer>>) -> Job,
    ) -> BoxFuture<'static, Result<Answer>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.send(name, job(reply));
        async move {
            sent?;
            answer.await.map_err(|_| Error::internal("a room's desk broke"))?
        }
        .boxed()
    }
}

fn unexpected() -> Error {
    Error::internal("a room's desk answered something else")
}

#[async_trait]
impl Meetings for LocalMeetings {
    fn serve(&self, wire: Arc<dyn Wire>) {
        if self.0.wire.set(wire).is_ok() {
            tokio::spawn(follow::follow(self.0.clone()));
            tokio::spawn(follow::keep_alive(self.0.clone()));
            if let Some(bus) = self.0.bus.clone() {
                let shared = self.0.clone();
                tokio::spawn(async move { bus.listen(Arc::new(move |text: &str| shared.heard(text))).await });
            }
        }
    }

    async fn pause(&self) {
        self.0.paused.store(true, Ordering::Relaxed);
        if self.0.wire.get().is_some() {
            follow::sign_off(&self.0).await;
        }
    }

    async fn join(
        &self,
        room: &Room,
        newcomer: Newcomer,
        seat: Arc<dyn Seat>,
    ) -> Result<Admission> {
        let (name, room) = (room.name.clone(), room.clone());
        let answer = self.0.ask(&name, |reply| Job::Join {
            room,
            newcomer,
            seat,
            reply,
        });
        match answer.await? {
            Answer::Admission(admission) => Ok(admission),
            _ => Err(unexpected()),
        }
    }

    fn act(
        &self,
        room: &RoomName,
        actor: Actor,
        change: Change,
    ) -> BoxFuture<'static, Result<Option<Message>>> {
        let answer = self.0.ask(room, |reply| Job::Act {
            actor,
            change,
            reply: Some(reply),
        });
        answer
            .map(|answer| {
                Ok(match answer? {
                    Answer::Message(message) => Some(message),
                    Answer::Done | Answer::Admission(_) | Answer::Count(_) => None,
                })
            })
            .boxed()
    }

    fn lost(&self, room: &RoomName, participant: &str, seat: &str) {
        // A node that stops takes nobody out of a room.
        if self.0.paused.load(Ordering::Relaxed) {
            return;
        }
        let job = Job::Lost {
            participant: participant.to_owned(),
            seat: seat.to_owned(),
        };
        if let Err(error) = self.0.send(room, job) {
            tracing::warn!(%room, %error, "a broken connection is not noted");
        }
    }

    fn signal(
        &self,
        room: &RoomName,
        from: &str,
        seat: &str,
        to: &str,
        data: Box<RawValue>,
    ) -> BoxFuture<'static, Result<()>> {
        let (reply, passed) = oneshot::channel();
        let job = Job::Signal {
            from: from.to_owned(),
            seat: seat.to_owned(),
            to: to.to_owned(),
            data,
            reply,
        };
        let sent = self.0.send(room, job);
        async move {
            sent?;
            passed.await.map_err(|_| Error::internal("a room's desk broke"))?
        }
        .boxed()
    }

    async fn people(&self, room: &RoomName) -> Result<Vec<Person>> {
        let room = self.0.room(room).await?;
        let meeting = Meeting::load(self.0.documents.as_ref(), room).await?;
        let people = meeting.people.into_values();
        Ok(people.map(|stored| stored.person).collect())
    }

    async fn messages(
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
                let stored = documents.get(PEOPLE, &store::below(&room.id, id)).await?;
                let stored: Stored = stored.ok_or_else(no_participant)?.decode()?;
                rules::check_reader(&stored, reader)?;
                Some(id.as_str())
            }
        };
        let before = match &page.after {
            Some(cursor) => Message::number_of(cursor)
                .ok_or_else(|| Error::invalid("the cursor is not one of messages"))?,
            None => {
                let found = documents.get(HEADS, &local_address(&room.name)).await?;
                let head: Option<store::Head> = found.map(|found| found.decode()).transpose()?;
                let own = head.filter(|head| head.room_id == room.id);
                own.map_or(0, |head| head.messages) + 1
            }
        };
        let part = archive::before(documents, &room.id, reader, before, page.limit).await?;
        let next = part.messages.first().filter(|_| part.more);
        Ok(Page {
            next: next.map(|message| message.id.clone()),
            items: part.messages,
        })
    }

    async fn addressed(&self, address: &str) -> Result<RoomName> {
        let found = self.0.documents.get(HEADS, address).await?;
        let Some(document) = found else {
            return Err(Error::not_found("there is no room with this address"));
        };
        Ok(document.decode::<store::Head>()?.room)
    }

    async fn end(&self, room: &RoomName, why: Ending) -> Result<u64> {
        let answer = self.0.ask(room, |reply| Job::Act {
            actor: Actor::Operator,
            change: Change::End(why),
            reply: Some(reply),
        });
        match answer.await? {
            Answer::Count(count) => Ok(count),
            _ => Err(unexpected()),
        }
    }
}
