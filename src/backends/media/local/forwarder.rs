//! All connections of one thread, and what is forwarded among them.

use std::collections::HashMap;
use std::collections::btree_map::Entry;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use metrics::{counter, gauge};
use slab::Slab;
use str0m::ice::StunMessage;
use str0m::media::KeyframeRequest;
use str0m::net::{Protocol, Receive};
use str0m::rtp::RtpPacket;
use str0m::{Event, IceConnectionState, Input};

use super::super::control::{self, ClientWord, MediaSource, ServerWord};
use super::OpenRooms;
use super::codec::VideoPacket;
use super::leg::Leg;
use super::outbox::Outbox;
use super::paths::Beginnings;
use super::room::MediaRoom;
use super::track::{MediaTrack, TrackKey};

/// How long a connection may take to come about, or be without a sign of its client.
const PATIENCE: Duration = Duration::from_secs(30);

/// The state of a thread.
pub(super) struct Forwarder {
    pub(super) outbox: Outbox,
    pub(super) legs: Slab<Leg>,
    pub(super) rooms: Slab<MediaRoom>,
    pub(super) room_keys: HashMap<String, usize>,
    /// Who talks from where.
    addresses: HashMap<SocketAddr, usize>,
    beginnings: Beginnings,
    /// Who is called so in what comes before anything else.
    ufrags: HashMap<String, usize>,
    /// The address that clients know us by.
    announced: SocketAddr,
    videos: usize,
    received: (u64, u64),
    strange: u64,
    open: Arc<OpenRooms>,
}

impl Forwarder {
    pub(super) fn new(
        outbox: Outbox,
        announced: SocketAddr,
        videos: usize,
        open: Arc<OpenRooms>,
    ) -> Self {
        Self {
            outbox,
            legs: Slab::new(),
            rooms: Slab::new(),
            room_keys: HashMap::new(),
            addresses: HashMap::new(),
            beginnings: Beginnings::new(Instant::now()),
            ufrags: HashMap::new(),
            announced,
            videos,
            received: (0, 0),
            strange: 0,
            open,
        }
    }

    /// The room of this address, which is open from now on.
    pub(super) fn open(&mut self, address: &str) -> usize {
        if let Some(key) = self.room_keys.get(address) {
            return *key;
        }
        let key = self.rooms.insert(MediaRoom {
            address: address.to_owned(),
            ..MediaRoom::default()
        });
        self.room_keys.insert(address.to_owned(), key);
        self.open.all().insert(address.to_owned());
        key
    }

    /// A new connection, whose room is open.
    pub(super) fn add(&mut self, leg: Leg) {
        let (room, ufrag) = (leg.room, leg.local_ufrag.clone());
        let key = self.legs.insert(leg);
        gauge!("tok_media_legs").increment(1.0);
        self.ufrags.insert(ufrag, key);
        self.rooms[room].legs.push(key);
        self.rooms[room].unsettled = true;
    }

    /// A packet came.
    pub(super) fn receive(&mut self, source: SocketAddr, bytes: &[u8], now: Instant) {
        self.received.0 += 1;
        self.received.1 += bytes.len() as u64;
        let Ok(packet) = Receive::new(Protocol::Udp, source, self.announced, bytes) else {
            self.strange += 1;
            return;
        };
        let input = Input::Receive(now, packet);
        let known = self.addresses.get(&source).copied();
        let known = known.filter(|key| self.legs.get(*key).is_some_and(|leg| leg.accepts(&input)));
        let Some(key) = known.or_else(|| self.find(source, bytes, &input, now)) else {
            self.strange += 1;
            return;
        };
        if let Some(forgotten) = self.legs[key].paths.heard(source, now) {
            self.lose_address(forgotten, key);
        }
        self.legs[key].take(input, self.outbox.of(key));
        self.work_off(now);
    }

    /// Whose packet it is that comes from somewhere new: only who asks for a connection by the name
    /// that we gave it is anybody.
    fn find(
        &mut self,
        source: SocketAddr,
        bytes: &[u8],
        input: &Input<'_>,
        now: Instant,
    ) -> Option<usize> {
        let stun = StunMessage::parse(bytes).ok()?;
        let (ufrag, _) = stun.split_username()?;
        let key = *self.ufrags.get(ufrag)?;
        let leg = self.legs.get(key)?;
        let begins = leg.paths.is_empty();
        if !leg.accepts(input) || (begins && !self.beginnings.admits(source.ip(), now)) {
            return None;
        }
        self.addresses.insert(source, key);
        Some(key)
    }

    /// What comes from there is not of this leg any more, if it was.
    fn lose_address(&mut self, address: SocketAddr, key: usize) {
        if self.addresses.get(&address) == Some(&key) {
            self.addresses.remove(&address);
        }
    }

    /// When something is to be done without a packet.
    pub(super) fn due(&self) -> Option<Instant> {
        self.legs.iter().map(|(_, leg)| leg.due).min()
    }

    /// Gives the time to all who wait for it.
    pub(super) fn pass_time(&mut self, now: Instant) {
        let due = self.legs.iter().filter(|(_, leg)| leg.due <= now);
        let due: Vec<usize> = due.map(|(key, _)| key).collect();
        for key in due {
            if let Some(leg) = self.legs.get_mut(key) {
                leg.take(Input::Timeout(now), self.outbox.of(key));
            }
        }
        self.work_off(now);
    }

    /// Does whatever follows from what legs gave out.
    pub(super) fn work_off(&mut self, now: Instant) {
        while let Some((key, event)) = self.outbox.next() {
            self.hear(key, event, now);
        }
    }

    fn hear(&mut self, key: usize, event: Event, now: Instant) {
        match event {
            Event::RtpPacket(packet) => self.forward(key, &packet, now),
            Event::KeyframeRequest(request) => self.pass_request(key, &request),
            Event::Connected => self.connected(key, now),
            Event::IceConnectionStateChange(state) => {
                if let Some(leg) = self.legs.get_mut(key) {
                    leg.lost = (state == IceConnectionState::Disconnected).then_some(now);
                }
            }
            Event::ChannelOpen(channel, _) => {
                if let Some(leg) = self.legs.get_mut(key) {
                    leg.opened(channel);
                    self.welcome(key);
                }
            }
            Event::ChannelData(said) => self.obey(key, &said.data),
            Event::PeerStats(of) => {
                if let Some(leg) = self.legs.get_mut(key) {
                    leg.budget.report(of.egress_loss_fraction, of.rtt, now);
                }
            }
            _ => {}
        }
    }

    fn connected(&mut self, key: usize, now: Instant) {
        let Some(leg) = self.legs.get_mut(key) else {
            return;
        };
        leg.connected = true;
        let took = now.saturating_duration_since(leg.born).as_secs_f64();
        metrics::histogram!("tok_media_join_seconds").record(took);
        self.rooms[leg.room].unsettled = true;
    }

    /// Tells somebody what they missed before they could hear.
    fn welcome(&mut self, key: usize) {
        let leg = &self.legs[key];
        let room = &mut self.rooms[leg.room];
        room.unsettled = true;
        // Also that nobody muted them: what they were told over the connection before may be over.
        let muted = room.muted.contains(&leg.participant);
        self.legs[key].say(&ServerWord::Muted { muted }, self.outbox.of(key));
    }

    /// A client says something over its data channel; what makes no sense is passed over.
    fn obey(&mut self, key: usize, text: &[u8]) {
        let Some(leg) = self.legs.get_mut(key) else {
            return;
        };
        match control::read(text) {
            Some(ClientWord::Ready { send, receive }) => leg.ready(&send, &receive),
            Some(ClientWord::Wishes { videos }) => {
                leg.wishes = Some(videos);
            }
            None => {
                tracing::debug!(participant = leg.participant, "a client said something odd");
                return;
            }
        }
        self.rooms[leg.room].unsettled = true;
    }

    /// A receiver needs a picture that stands for itself.
    fn pass_request(&mut self, key: usize, request: &KeyframeRequest) {
        let Some(leg) = self.legs.get(key) else {
            return;
        };
        let section = leg.video.iter().find(|section| section.mid == request.mid);
        let wanted = section.and_then(|section| Some((section.carries?, section.wanted?)));
        let track = wanted.and_then(|(of, rendition)| {
            let track = self.rooms[leg.room].tracks.get_mut(&of)?;
            Some((track, rendition))
        });
        if let Some((track, rendition)) = track {
            track.want_key_frame(rendition);
        }
    }

    /// A packet of somebody's media, to all who receive it.
    fn forward(&mut self, from: usize, packet: &RtpPacket, now: Instant) {
        let Some((room, key, rendition)) = self.place(from, packet) else {
            return;
        };
        let room = &mut self.rooms[room];
        let Some(track) = room.tracks.get_mut(&key) else {
            return;
        };
        track.saw(rendition, packet.header.ssrc, packet.payload.len(), now);
        if let Some(level) = packet.header.ext_vals.audio_level {
            track.loudness.hear(level);
        }
        // Whoever begins to send is not waited for.
        room.unsettled |= !track.live;
        let is_audio = key.1.is_audio();
        let video =
            (!is_audio).then(|| VideoPacket::of(track.format.spec().codec, &packet.payload));
        if let Some(video) = video.as_ref().filter(|video| video.begins_key_frame) {
            track.got_key_frame(rendition);
            let of = &mut track.renditions[usize::from(rendition)];
            of.width = video.width.or(of.width);
        }
        let mut switches = 0;
        for (to, at) in &track.receivers {
            let Some(leg) = self.legs.get_mut(*to) else {
                continue;
            };
            let begins = leg.forward(
                (is_audio, *at),
                (packet, rendition),
                video.as_ref(),
                self.outbox.of(*to),
            );
            switches += u64::from(begins && !is_audio);
        }
        if switches > 0 {
            counter!("tok_media_rendition_switches_total").increment(switches);
        }
    }

    /// Where a packet belongs, if it may be forwarded at all.
    fn place(&mut self, from: usize, packet: &RtpPacket) -> Option<(usize, TrackKey, u8)> {
        let leg = self.legs.get_mut(from).filter(|leg| leg.sends)?;
        let (source, rendition) = leg.origin(packet)?;
        let room = &mut self.rooms[leg.room];
        if source == MediaSource::Microphone && room.muted.contains(&leg.participant) {
            return None;
        }
        let key = (from, source);
        if let Entry::Vacant(new) = room.tracks.entry(key) {
            new.insert(MediaTrack::new(leg.format(packet)?, packet.timestamp));
        }
        Some((leg.room, key, rendition))
    }

    /// What is done ten times a second: who is gone, who speaks, who is to be told something.
    pub(super) fn tick(&mut self, now: Instant) {
        let gone = self.legs.iter().filter(|(_, leg)| {
            let since = if leg.connected {
                leg.lost
            } else {
                Some(leg.born)
            };
            let silent = since.is_some_and(|since| now.saturating_duration_since(since) > PATIENCE);
            silent || !leg.is_alive()
        });
        let gone: Vec<usize> = gone.map(|(key, _)| key).collect();
        for key in gone {
            if !self.legs[key].connected {
                counter!("tok_media_ice_failed_total").increment(1);
            }
            self.remove(key, now);
        }
        for key in self.rooms.iter().map(|(key, _)| key).collect::<Vec<_>>() {
            self.tend(key, now);
        }
        self.work_off(now);
        self.report();
    }

    fn tend(&mut self, key: usize, now: Instant) {
        let room = &mut self.rooms[key];
        let others = room.look(now);
        let untold = room
            .legs
            .iter()
            .any(|leg| self.legs[*leg].untold && self.legs[*leg].can_hear());
        if room.unsettled || untold {
            room.settle(&mut self.legs, self.videos, now, &mut self.outbox);
        }
        if others {
            room.tell_speakers(&mut self.legs, &mut self.outbox);
        }
        for leg in room.legs.clone() {
            room.choose_renditions(leg, &mut self.legs, now);
            room.tell_renditions(leg, &mut self.legs, now, &mut self.outbox);
        }
        for ((of, _), track) in &mut room.tracks {
            for stream in track.due_requests(now) {
                counter!("tok_media_plis_total", "dir" => "out").increment(1);
                self.legs[*of].ask_key_frame(stream, self.outbox.of(*of));
            }
        }
    }

    /// Settles a room now, if something changed.
    pub(super) fn settle_if_changed(&mut self, now: Instant) {
        for key in self
            .rooms
            .iter()
            .filter(|(_, room)| room.unsettled)
            .map(|(key, _)| key)
            .collect::<Vec<_>>()
        {
            self.tend(key, now);
        }
        self.work_off(now);
    }

    /// Ends a connection.
    pub(super) fn remove(&mut self, key: usize, now: Instant) {
        let Some(mut leg) = self.legs.try_remove(key) else {
            return;
        };
        gauge!("tok_media_legs").decrement(1.0);
        leg.end(self.outbox.of(key));
        self.outbox.forget(key);
        self.ufrags.remove(&leg.local_ufrag);
        for address in leg.paths.addresses() {
            self.lose_address(address, key);
        }
        let room = &mut self.rooms[leg.room];
        room.lose(key);
        if room.legs.is_empty() {
            let room = self.rooms.remove(leg.room);
            self.room_keys.remove(&room.address);
            self.open.all().remove(&room.address);
        } else {
            self.tend(leg.room, now);
        }
    }

    /// Ends all connections. Nobody is told of the others who go: all go.
    pub(super) fn take_leave(&mut self) {
        for (key, mut leg) in std::mem::take(&mut self.legs) {
            gauge!("tok_media_legs").decrement(1.0);
            leg.end(self.outbox.of(key));
        }
        for (_, room) in std::mem::take(&mut self.rooms) {
            self.open.all().remove(&room.address);
        }
        self.report();
    }

    fn report(&mut self) {
        let (packets, bytes) = std::mem::take(&mut self.received);
        counter!("tok_media_packets_total", "dir" => "in").increment(packets);
        counter!("tok_media_bytes_total", "dir" => "in").increment(bytes);
        let strange = std::mem::take(&mut self.strange);
        counter!("tok_media_dropped_total", "reason" => "stranger").increment(strange);
        self.outbox.report();
    }
}
