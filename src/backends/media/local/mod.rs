//! Media that this process forwards itself: `str0m` and nothing else knows of it but this folder.

mod codec;
mod forwarder;
mod leg;
mod outbox;
mod reach;
mod rewrite;
mod room;
mod speakers;
mod thread;
mod track;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use str0m::crypto::from_feature_flags;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use self::thread::Order;
use super::{Media, MediaOffer, MediaSettings};
use crate::error::{Error, Kind, Result};

/// The rooms that have somebody here.
#[derive(Default)]
struct OpenRooms(Mutex<HashSet<String>>);

impl OpenRooms {
    fn all(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// [`Media`] in this process. Its threads begin with the first offer.
pub struct LocalMedia {
    settings: MediaSettings,
    threads: Mutex<Vec<UnboundedSender<Order>>>,
    open: Arc<OpenRooms>,
}

impl LocalMedia {
    /// Nothing is bound yet.
    pub fn new(settings: MediaSettings) -> Self {
        Self {
            settings,
            threads: Mutex::default(),
            open: Arc::default(),
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<UnboundedSender<Order>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the threads, if they do not run.
    fn begin(&self) -> Result<()> {
        let mut threads = self.threads();
        if !threads.is_empty() {
            return Ok(());
        }
        let provider = from_feature_flags().dtls_provider;
        let certificate = provider.generate_certificate();
        let certificate =
            certificate.ok_or_else(|| Error::internal("there is no certificate for media"))?;
        let mut begun = Vec::new();
        let mut reached: Vec<SocketAddr> = Vec::new();
        for number in 0..self.settings.threads {
            let (orders, address) = thread::begin(
                &self.settings,
                number,
                certificate.clone(),
                self.open.clone(),
            )?;
            begun.push(orders);
            reached.push(address);
        }
        tracing::info!(?reached, "media is forwarded");
        *threads = begun;
        Ok(())
    }

    /// Asks the thread that a room is on.
    fn ask(&self, room: &str, order: Order) {
        let threads = self.threads();
        if threads.is_empty() {
            return;
        }
        let mut hasher = DefaultHasher::new();
        room.hash(&mut hasher);
        let of = usize::try_from(hasher.finish() % threads.len() as u64).unwrap_or(0);
        if threads[of].send(order).is_err() {
            tracing::error!(room, "the thread that forwards this room's media has ended");
        }
    }
}

#[async_trait]
impl Media for LocalMedia {
    async fn offer(&self, offer: MediaOffer) -> Result<String> {
        self.begin()?;
        let (reply, answer) = oneshot::channel();
        let room = offer.room.clone();
        self.ask(&room, Order::Offer(offer, reply));
        let gone = |_| Error::new(Kind::Unavailable, "media cannot be forwarded now");
        answer.await.map_err(gone)?
    }

    fn is_open(&self, room: &str) -> bool {
        self.open.all().contains(room)
    }

    fn close(&self, room: &str, participant: &str) {
        let (of, participant) = (room.to_owned(), participant.to_owned());
        self.ask(
            room,
            Order::Close {
                room: of,
                participant,
            },
        );
    }

    fn close_room(&self, room: &str) {
        self.ask(room, Order::CloseRoom(room.to_owned()));
    }

    fn mute(&self, room: &str, participant: &str, muted: bool) {
        let (of, participant) = (room.to_owned(), participant.to_owned());
        self.ask(
            room,
            Order::Mute {
                room: of,
                participant,
                muted,
            },
        );
    }

    fn allow(&self, room: &str, participant: &str, sends: bool) {
        let (of, participant) = (room.to_owned(), participant.to_owned());
        self.ask(
            room,
            Order::Allow {
                room: of,
                participant,
                sends,
            },
        );
    }
}
