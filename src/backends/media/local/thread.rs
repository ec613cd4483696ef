//! One thread that forwards: a socket, the rooms that are on it, and nothing that is shared.

use std::net::{IpAddr, SocketAddr, UdpSocket as StdSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

use socket2::SockRef;
use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use tokio::net::UdpSocket;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;

use super::super::control::ServerWord;
use super::super::{MediaOffer, MediaSettings};
use super::OpenRooms;
use super::forwarder::Forwarder;
use super::leg::Leg;
use super::offer::{self, unusable};
use super::outbox::Outbox;
use super::room::MediaRoom;
use crate::error::{Error, Kind, Result};

/// Packets that are read before anything else is done.
const BATCH: usize = 64;
/// The largest packet there is.
const LARGEST: usize = 2048;
/// How much may wait in the system's buffers: a burst of key frames of a room.
pub(super) const BUFFER: usize = 4 * 1024 * 1024;
/// How often what nobody asks for is looked at.
const TICK: Duration = Duration::from_millis(100);

/// What a thread is asked.
pub(super) enum Order {
    Offer(MediaOffer, oneshot::Sender<Result<String>>),
    Close {
        room: String,
        participant: String,
    },
    CloseRoom(String),
    Mute {
        room: String,
        participant: String,
        muted: bool,
    },
    Allow {
        room: String,
        participant: String,
        sends: bool,
    },
    /// All connections end, and so does the thread.
    Shut,
}

/// Begins a thread. Gives the way to ask it, and the address that it is reached at.
pub(super) fn begin(
    settings: &MediaSettings,
    number: usize,
    certificate: DtlsCert,
    open: Arc<OpenRooms>,
) -> Result<(UnboundedSender<Order>, SocketAddr)> {
    let socket = bind(settings, number)?;
    let port = socket.local_addr().map_err(unusable)?.port();
    let ip = match settings.public_ips.first() {
        Some(ip) => *ip,
        None => own_address(settings.bind.ip()).map_err(unusable)?,
    };
    let announced = SocketAddr::new(ip, port);
    let (orders, asked) = unbounded_channel();
    let settings = settings.clone();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(unusable)?;
    std::thread::Builder::new()
        .name(format!("tok-media-{number}"))
        .spawn(move || {
            runtime.block_on(async move {
                match UdpSocket::from_std(socket) {
                    Ok(socket) => {
                        let outbox = Outbox::new(socket);
                        let forwarder = Forwarder::new(outbox, announced, settings.videos, open);
                        let thread = MediaThread {
                            forwarder,
                            certificate,
                            announced,
                            settings,
                        };
                        thread.run(asked).await;
                    }
                    Err(error) => tracing::error!(%error, "media cannot be forwarded"),
                }
            });
        })
        .map_err(unusable)?;
    Ok((orders, announced))
}

fn bind(settings: &MediaSettings, number: usize) -> Result<StdSocket> {
    let mut address = settings.bind;
    if address.port() != 0 {
        let further = u16::try_from(number).ok();
        let port = further.and_then(|further| address.port().checked_add(further));
        address.set_port(
            port.ok_or_else(|| Error::config("media.udp leaves no ports for all threads"))?,
        );
    }
    let bound = match StdSocket::bind(address) {
        Err(error) if settings.any_port && error.kind() == std::io::ErrorKind::AddrInUse => {
            tracing::warn!(%address, "the port for media is in use; another one is taken; set media.udp");
            address.set_port(0);
            StdSocket::bind(address)
        }
        other => other,
    };
    let socket = bound.map_err(|error| {
        let what = format!("media cannot come in at {address}: {error}; set media.udp");
        Error::new(Kind::Unavailable, what)
    })?;
    socket.set_nonblocking(true).map_err(unusable)?;
    let options = SockRef::from(&socket);
    // Less than was asked for is no failure; `doctor` tells of it.
    let wider = options
        .set_recv_buffer_size(BUFFER)
        .and(options.set_send_buffer_size(BUFFER));
    if let Err(error) = wider {
        tracing::debug!(%error, "the buffers for media stay as they are");
    }
    Ok(socket)
}

/// The address by which others reach what is bound there.
pub(super) fn own_address(bound: IpAddr) -> std::io::Result<IpAddr> {
    if !bound.is_unspecified() {
        return Ok(bound);
    }
    // Nothing is sent: the system says by which of its addresses it would go there.
    let (any, somewhere) = match bound {
        IpAddr::V4(_) => ("0.0.0.0:0", "203.0.113.1:9"),
        IpAddr::V6(_) => ("[::]:0", "[2001:db8::1]:9"),
    };
    let probe = StdSocket::bind(any)?;
    probe.connect(somewhere)?;
    Ok(probe.local_addr()?.ip())
}

/// Waits until then.
async fn at(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

struct MediaThread {
    forwarder: Forwarder,
    certificate: DtlsCert,
    announced: SocketAddr,
    settings: MediaSettings,
}

impl MediaThread {
    async fn run(mut self, mut asked: UnboundedReceiver<Order>) {
        let mut ticks = tokio::time::interval(TICK);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut buffer = vec![0; LARGEST];
        loop {
            let due = self.forwarder.due();
            tokio::select! {
                biased;
                order = asked.recv() => match order {
                    Some(Order::Shut) | None => return self.forwarder.take_leave(),
                    Some(order) => self.obey(order),
                },
                _ = ticks.tick() => self.forwarder.tick(Instant::now()),
                ready = self.forwarder.outbox.socket().readable() => {
                    if let Err(error) = ready {
                        tracing::error!(%error, "media cannot be received");
                        return;
                    }
                    self.read(&mut buffer);
                }
                () = at(due) => {}
            }
            let now = Instant::now();
            self.forwarder.pass_time(now);
            self.forwarder.settle_if_changed(now);
        }
    }

    fn read(&mut self, buffer: &mut [u8]) {
        let now = Instant::now();
        for _ in 0..BATCH {
            // Whatever else is wrong was about a packet that we sent.
            let Ok((length, source)) = self.forwarder.outbox.socket().try_recv_from(buffer) else {
                return;
            };
            self.forwarder.receive(source, &buffer[..length], now);
        }
    }

    fn obey(&mut self, order: Order) {
        let now = Instant::now();
        match order {
            Order::Offer(offer, reply) => {
                // Whoever asked and went needs no answer.
                let _ = reply.send(self.answer(&offer, now));
            }
            Order::Close { room, participant } => {
                if let Some(key) = self.leg_of(&room, &participant) {
                    self.forwarder.remove(key, now);
                }
            }
            Order::CloseRoom(room) => {
                for key in self
                    .room(&room)
                    .map(|room| room.legs.clone())
                    .unwrap_or_default()
                {
                    self.forwarder.remove(key, now);
                }
            }
            Order::Mute {
                room,
                participant,
                muted,
            } => self.mute(&room, &participant, muted),
            Order::Allow {
                room,
                participant,
                sends,
            } => {
                if let Some(key) = self.leg_of(&room, &participant) {
                    self.forwarder.legs[key].sends = sends;
                }
            }
            // Ends the loop itself.
            Order::Shut => {}
        }
        self.forwarder.work_off(now);
    }

    fn room(&mut self, address: &str) -> Option<&mut MediaRoom> {
        let key = *self.forwarder.room_keys.get(address)?;
        self.forwarder.rooms.get_mut(key)
    }

    fn leg_of(&mut self, room: &str, participant: &str) -> Option<usize> {
        let legs = self.room(room)?.legs.clone();
        let own = |key: &usize| self.forwarder.legs[*key].participant == participant;
        legs.into_iter().find(own)
    }

    fn mute(&mut self, room: &str, participant: &str, muted: bool) {
        let Some(open) = self.room(room) else {
            return;
        };
        if muted {
            open.muted.insert(participant.to_owned());
        } else {
            open.muted.remove(participant);
        }
        if let Some(key) = self.leg_of(room, participant) {
            let outbox = self.forwarder.outbox.of(key);
            self.forwarder.legs[key].say(&ServerWord::Muted { muted }, outbox);
        }
    }

    fn answer(&mut self, offer: &MediaOffer, now: Instant) -> Result<String> {
        let sdp = offer::read(&offer.sdp)?;
        let ufrag = remote_ufrag(&offer.sdp);
        let own = self.leg_of(&offer.room, &offer.participant);
        if let Some(key) = own {
            let leg = &mut self.forwarder.legs[key];
            leg.sends = offer.sends;
            if leg.remote_ufrag == ufrag {
                let answered =
                    leg.change(self.forwarder.outbox.of(key), |rtc| offer::answer(rtc, sdp));
                self.forwarder.work_off(now);
                return answered;
            }
        }
        self.check_place_for_more()?;
        let (mut leg, answer) = self.new_leg(offer, sdp, now)?;
        leg.remote_ufrag = ufrag;
        if let Some(key) = own {
            self.forwarder.remove(key, now);
        }
        self.take_in(leg, &offer.room);
        Ok(answer)
    }

    fn check_place_for_more(&self) -> Result<()> {
        let videos =
            |(_, leg): (usize, &Leg)| leg.video.iter().filter(|of| of.carries.is_some()).count();
        let forwarded: usize = self.forwarder.legs.iter().map(videos).sum();
        if forwarded >= self.settings.tracks_per_thread {
            let what = "this server forwards as many pictures as it can; try again later";
            return Err(Error::new(Kind::Unavailable, what));
        }
        Ok(())
    }

    fn new_leg(&self, offer: &MediaOffer, sdp: SdpOffer, now: Instant) -> Result<(Leg, String)> {
        let mut rtc = offer::begin(self.certificate.clone(), self.announced, now)?;
        let local_ufrag = rtc.direct_api().local_ice_credentials().ufrag;
        let answer = offer::answer(&mut rtc, sdp)?;
        let mut leg = Leg::new(0, offer.participant.clone(), rtc, now);
        leg.sends = offer.sends;
        leg.local_ufrag = local_ufrag;
        Ok((leg, answer))
    }

    fn take_in(&mut self, mut leg: Leg, address: &str) {
        leg.room = self.forwarder.open(address);
        self.forwarder.add(leg);
    }
}

/// What a client calls its end (RFC 8839, 5.4), the same as long as it is the same connection.
fn remote_ufrag(sdp: &str) -> String {
    let mut lines = sdp.lines();
    let ufrag = lines.find_map(|line| line.strip_prefix("a=ice-ufrag:"));
    ufrag.unwrap_or_default().trim().to_owned()
}
