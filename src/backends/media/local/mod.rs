//! Media that this process forwards itself: `str0m` and nothing else knows of it but this folder.

mod answer;
mod budget;
mod choose;
mod cipher;
mod codec;
mod forwarder;
mod leg;
mod losses;
mod offer;
mod outbox;
mod paths;
mod reach;
mod rewrite;
mod room;
mod section;
mod speakers;
mod thread;
mod track;
mod wishes;

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// This process is about to end.
    shut: AtomicBool,
}

impl LocalMedia {
    /// Nothing is bound yet.
    pub fn new(settings: MediaSettings) -> Self {
        Self {
            settings,
            threads: Mutex::default(),
            open: Arc::default(),
            shut: AtomicBool::new(false),
        }
    }

    fn threads(&self) -> MutexGuard<'_, Vec<UnboundedSender<Order>>> {
        self.threads.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins the threads that do not run: at first all of them, later one that broke.
    fn begin(&self) -> Result<()> {
        let mut threads = self.threads();
        // Looked at under the same lock as the threads are taken away: none begins after that.
        if self.shut.load(Ordering::Acquire) {
            let what = "this server is about to stop; offer again to the one after it";
            return Err(Error::new(Kind::Unavailable, what));
        }
        let running = |number: usize| threads.get(number).is_some_and(|of| !of.is_closed());
        let missing = (0..self.settings.threads).filter(|number| !running(*number));
        let missing: Vec<usize> = missing.collect();
        if missing.is_empty() {
            return Ok(());
        }
        cipher::choose();
        let provider = from_feature_flags().dtls_provider;
        let certificate = provider.generate_certificate();
        let certificate =
            certificate.ok_or_else(|| Error::internal("there is no certificate for media"))?;
        for number in missing {
            let (certificate, open) = (certificate.clone(), self.open.clone());
            let (orders, address) = thread::begin(&self.settings, number, certificate, open)?;
            tracing::info!(%address, "media is forwarded");
            if let Some(broken) = threads.get_mut(number) {
                *broken = orders;
            } else {
                threads.push(orders);
            }
        }
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

    async fn shut(&self) {
        let threads = {
            let mut threads = self.threads();
            self.shut.store(true, Ordering::Release);
            std::mem::take(&mut *threads)
        };
        for orders in &threads {
            // One that broke has nobody left.
            let _ = orders.send(Order::Shut);
        }
        for orders in threads {
            orders.closed().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use str0m::Rtc;
    use str0m::media::{Direction, MediaKind};

    use super::*;

    fn media() -> LocalMedia {
        LocalMedia::new(MediaSettings {
            bind: "127.0.0.1:0".parse().expect("an address"),
            any_port: false,
            public_ips: Vec::new(),
            threads: 2,
            videos: 25,
            tracks_per_thread: 1000,
        })
    }

    #[tokio::test]
    async fn a_thread_that_broke_is_begun_anew() {
        let media = media();
        let mut rtc = Rtc::builder().build(std::time::Instant::now());
        let mut change = rtc.sdp_api();
        change.add_media(MediaKind::Audio, Direction::SendRecv, None, None, None);
        let (offer, _) = change.apply().expect("something changed");
        let offer = MediaOffer {
            room: "tea".to_owned(),
            participant: "ada".to_owned(),
            sends: true,
            sdp: offer.to_sdp_string(),
        };
        media.offer(offer.clone()).await.expect("answered");
        for broken in media.threads().iter_mut() {
            *broken = tokio::sync::mpsc::unbounded_channel().0;
        }
        media.offer(offer).await.expect("answered again");
        assert_eq!(media.threads().len(), 2);
    }
}
