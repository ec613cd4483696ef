//! What all desks of a node share: the store, each other, and the word of other nodes.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::{mpsc, oneshot};

use super::connections::Wire;
use super::heartbeat::Heartbeat;
use super::mailbox::{AGAIN, DeskJob, MeetingVersion};
use super::rules::ChangeAnswer;
use super::{MeetingSettings, state};
use crate::backends::bus::Bus;
use crate::error::{Error, Kind, Result};
use crate::model::meeting::{Actor, Change};
use crate::model::unknown_proxies::UnknownProxies;
use crate::model::{BackendName, Clock, Random, Room, RoomName, random};
use crate::records::documents::Documents;
use crate::records::{ROOMS, RoomKey, Seal};
use crate::request_id::RequestId;

/// Things that may wait at one desk.
const QUEUE: usize = 1024;

/// The way to a desk.
pub(super) struct DeskQueue {
    jobs: mpsc::Sender<DeskJob>,
    /// Whether there was no place in it to say how the meeting stands in the store.
    behind: bool,
}

/// What all desks share.
pub(super) struct Shared {
    /// Sets up the desk of a room.
    pub(super) set_up: fn(Arc<Self>, RoomName, mpsc::Receiver<DeskJob>),
    pub(super) documents: Arc<dyn Documents>,
    pub(super) seal: Seal,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) settings: MeetingSettings,
    pub(super) bus: Option<Arc<dyn Bus>>,
    /// What the signs of life tell of.
    pub(super) unknown_proxies: Arc<UnknownProxies>,
    /// This process, once somebody asks for its name.
    pub(super) node: OnceLock<String>,
    pub(super) wire: OnceLock<Arc<dyn Wire>>,
    /// By the address of the room.
    pub(super) desks: Mutex<HashMap<String, DeskQueue>>,
    pub(super) paused: AtomicBool,
    /// This node's own signs of life.
    pub(super) own_signs: Heartbeat,
}

/// What nodes tell each other over the bus, as JSON.
#[derive(Serialize, Deserialize)]
pub(super) struct NodeMessage {
    /// The id of the sender.
    node: String,
    note: NodeEvent,
}

/// What is worth a message to other nodes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum NodeEvent {
    /// A meeting stands so now.
    Seen {
        address: String,
        stand: MeetingVersion,
    },
    /// Something for a participant who is connected elsewhere.
    Signal {
        address: String,
        from: String,
        to: String,
        data: Box<RawValue>,
    },
}

impl Shared {
    /// What this process is called among the nodes. Only those that hold meetings need a name.
    pub(super) fn node(&self) -> &str {
        self.node.get_or_init(|| random::uuid(self.random.as_ref()))
    }

    /// The room as the registry has it.
    pub(super) async fn room(&self, name: &RoomName) -> Result<Room> {
        let key = RoomKey::new(BackendName::Local, name.as_str());
        let found = ROOMS.get(self.documents.as_ref(), &key).await?;
        let missing = || Error::not_found(format!("there is no room `{name}`"));
        Ok(found.ok_or_else(missing)?.record)
    }

    /// Hands something over to the room's desk, which is set up if there is none.
    pub(super) fn send(self: &Arc<Self>, name: &RoomName, job: DeskJob) -> Result<()> {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let address = name.address();
        // One that broke is replaced.
        let broke = |desk: &DeskQueue| desk.jobs.is_closed();
        if desks.get(&address).is_some_and(broke) {
            desks.remove(&address);
        }
        let desk = desks.entry(address).or_insert_with(|| {
            let (jobs, queue) = mpsc::channel(QUEUE);
            (self.set_up)(self.clone(), name.clone(), queue);
            let behind = false;
            DeskQueue { jobs, behind }
        });
        desk.jobs.try_send(job).map_err(|error| match error {
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

    /// Takes somebody out of a room who does not come back, and tries again until the desk takes it.
    pub(super) fn depart_later(
        self: &Arc<Self>,
        name: RoomName,
        actor: Actor,
        request: Option<RequestId>,
    ) {
        let shared = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(shared.settings.grace).await;
            loop {
                let job = DeskJob::Act {
                    actor: actor.clone(),
                    change: Change::Leave,
                    request: request.clone(),
                    reply: None,
                };
                let Err(error) = shared.send(&name, job) else {
                    return;
                };
                tracing::debug!(room = %name, %error, "somebody who is gone leaves late");
                tokio::time::sleep(AGAIN).await;
            }
        });
    }

    /// Puts a desk away, unless something has come for it.
    pub(super) fn close_if_unused(&self, name: &RoomName, queue: &mpsc::Receiver<DeskJob>) -> bool {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let unused = queue.is_empty();
        if unused {
            desks.remove(&name.address());
        }
        unused
    }

    /// Tells a desk, if there is one, how its meeting stands in the store.
    pub(super) fn seen(&self, address: &str, stand: Option<MeetingVersion>) {
        self.hand(address, DeskJob::Seen(stand));
    }

    pub(super) fn hand(&self, address: &str, job: DeskJob) {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(desk) = desks.get_mut(address)
            && let Err(refused) = desk.jobs.try_send(job)
        {
            // It is busy, and looks when it has worked.
            desk.behind |= matches!(refused, mpsc::error::TrySendError::Full(DeskJob::Seen(_)));
            tracing::debug!(address, "a desk is too busy to be told");
        }
    }

    /// Whether a desk could not be told how its meeting stands since it last asked. Its queue is full
    /// when that happens, so it works once more and asks after that.
    pub(super) fn was_behind(&self, name: &RoomName) -> bool {
        let mut desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        let desk = desks.get_mut(&name.address());
        desk.is_some_and(|desk| std::mem::take(&mut desk.behind))
    }

    pub(super) fn addresses(&self) -> Vec<String> {
        let desks = self.desks.lock().unwrap_or_else(PoisonError::into_inner);
        desks.keys().cloned().collect()
    }

    /// Other nodes may want to know at once; by the store they hear it anyway.
    pub(super) fn published(&self, name: &RoomName, stand: MeetingVersion) {
        if let Some(bus) = &self.bus {
            let event = NodeEvent::Seen {
                address: name.address(),
                stand,
            };
            let told = self.message(event).and_then(|text| bus.publish(text));
            if let Err(error) = told {
                tracing::debug!(%error, "other nodes hear of this by the store");
            }
        }
    }

    /// Hands a signal to the node that serves its receiver.
    pub(super) fn pass_on(
        &self,
        node: &str,
        room: &RoomName,
        from: &str,
        to: &str,
        data: Box<RawValue>,
    ) -> Result<BoxFuture<'static, Result<()>>> {
        let Some(bus) = &self.bus else {
            return Err(Error::new(
                Kind::Unavailable,
                "the receiver is at another node, or was at one that stopped; several nodes need redis.url",
            ));
        };
        let event = NodeEvent::Signal {
            address: room.address(),
            from: from.to_owned(),
            to: to.to_owned(),
            data,
        };
        Ok(bus.tell(node, self.message(event)?))
    }

    /// What is told of `event`.
    fn message(&self, event: NodeEvent) -> Result<String> {
        let message = NodeMessage {
            node: self.node().to_owned(),
            note: event,
        };
        serde_json::to_string(&message)
            .map_err(|error| Error::internal("a note cannot be written").because(error))
    }

    /// Another node told something.
    pub(super) fn heard(&self, text: &str) {
        let message: NodeMessage = match serde_json::from_str(text) {
            Ok(message) => message,
            Err(error) => return tracing::warn!(%error, "a note of another node cannot be read"),
        };
        if message.node == self.node() {
            return;
        }
        match message.note {
            NodeEvent::Seen { address, stand } => self.seen(&address, Some(stand)),
            NodeEvent::Signal {
                address,
                from,
                to,
                data,
            } => self.hand(&address, DeskJob::Deliver { from, to, data }),
        }
    }

    /// Removes what a room that is gone left behind; whoever serves next does it if this is cut off.
    pub(super) fn purge(self: &Arc<Self>, room_id: String) {
        let shared = self.clone();
        tokio::spawn(async move {
            if let Err(error) = state::purge(shared.documents.as_ref(), &room_id).await {
                tracing::warn!(room_id, %error, "a room that is gone is not cleaned up yet");
            }
        });
    }

    pub(super) fn ask(
        self: &Arc<Self>,
        name: &RoomName,
        job: impl FnOnce(oneshot::Sender<Result<ChangeAnswer>>) -> DeskJob,
    ) -> BoxFuture<'static, Result<ChangeAnswer>> {
        let (reply, answer) = oneshot::channel();
        let sent = self.send(name, job(reply));
        async move {
            sent?;
            answer
                .await
                .map_err(|_| Error::internal("a room's desk broke"))?
        }
        .boxed()
    }
}
