//! A light client of media: what a browser's page does, without a browser. It is driven by whoever
//! holds it, on one thread.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use str0m::change::{SdpAnswer, SdpPendingOffer};
use str0m::channel::ChannelId;
use str0m::format::Codec;
use str0m::media::{Direction, MediaKind, Mid, Rid, Simulcast, SimulcastLayer};
use str0m::net::{Protocol, Receive};
use str0m::rtp::{ExtensionValues, RtpWrite, Ssrc};
use str0m::{Candidate, Event, Input, Output, Rtc};
use tok::backends::media::MediaSettings;

use super::media_line::Line;

/// The names of renditions, smallest first.
pub const RENDITIONS: [&str; 3] = ["q", "h", "f"];

/// What came in one section.
#[derive(Debug, Default, Clone)]
pub struct Received {
    pub packets: u64,
    pub bytes: u64,
    /// Numbers that did not follow the one before.
    pub jumps: u64,
    /// Numbers that have not come, and how many came late.
    pub missing: BTreeSet<u64>,
    pub late: u64,
    pub first: u64,
    /// The last payload.
    pub last: Vec<u8>,
    /// How many ended with which byte, by which tests mark what they send.
    pub marks: BTreeMap<u8, u64>,
    pub sequence: Option<u64>,
}

impl Received {
    fn number(&mut self, sequence: u64) {
        let Some(last) = self.sequence else {
            self.first = sequence;
            self.sequence = Some(sequence);
            return;
        };
        self.jumps += u64::from(last + 1 != sequence);
        if sequence > last {
            self.missing.extend(last + 1..sequence);
            self.sequence = Some(sequence);
        } else {
            self.late += u64::from(self.missing.remove(&sequence));
        }
    }
}

/// How a server of one thread forwards, at a port of this machine that is free.
pub fn settings() -> MediaSettings {
    MediaSettings {
        bind: "127.0.0.1:0".parse().expect("an address"),
        any_port: false,
        public_ips: Vec::new(),
        threads: 1,
        videos: 25,
        tracks_per_thread: 1000,
    }
}

/// A connection to the server.
pub struct MediaClient {
    rtc: Rtc,
    socket: UdpSocket,
    /// Where it takes itself to be.
    own: SocketAddr,
    pending: Option<SdpPendingOffer>,
    channel: Option<ChannelId>,
    due: Instant,
    /// By what packets come, if not by a good line.
    pub line: Option<Line>,
    pub connected: bool,
    pub closed: bool,
    /// The sections that it sends in, by what.
    pub ups: BTreeMap<&'static str, Mid>,
    pub audio: Vec<Mid>,
    pub video: Vec<Mid>,
    pub received: HashMap<Mid, Received>,
    /// What the server said, in its order.
    pub words: Vec<Value>,
    pub key_frames_asked: u64,
    sequences: HashMap<Ssrc, u64>,
}

impl MediaClient {
    /// A client that sends a voice and a picture, in renditions if wanted, and receives in so many
    /// sections of each kind. Gives its offer.
    pub fn new(simulcasts: bool, receives: usize) -> (Self, String) {
        Self::offering(simulcasts, receives, false)
    }

    /// A client that has H.264 as well.
    pub fn with_h264(receives: usize) -> (Self, String) {
        Self::offering(false, receives, true)
    }

    fn offering(simulcasts: bool, receives: usize, h264: bool) -> (Self, String) {
        let socket = port();
        let mut rtc = Rtc::builder()
            .set_rtp_mode(true)
            .clear_codecs()
            .enable_opus(true, false)
            .enable_vp8(true)
            .enable_h264(h264)
            .build(Instant::now());
        let own = socket.local_addr().expect("bound");
        rtc.add_local_candidate(Candidate::host(own, "udp").expect("a candidate"));
        let mut change = rtc.sdp_api();
        change.add_channel("tok".to_owned());
        let renditions = simulcasts.then(|| {
            let mut renditions = Simulcast::new();
            for name in RENDITIONS {
                renditions.add_send_layer(SimulcastLayer::new(name));
            }
            renditions
        });
        let send = Direction::SendOnly;
        let microphone = change.add_media(MediaKind::Audio, send, None, None, None);
        let camera = change.add_media(MediaKind::Video, send, None, None, renditions);
        let mut receive = |kind| change.add_media(kind, Direction::RecvOnly, None, None, None);
        let audio = (0..receives).map(|_| receive(MediaKind::Audio)).collect();
        let video = (0..receives).map(|_| receive(MediaKind::Video)).collect();
        let (offer, pending) = change.apply().expect("something changed");
        let client = Self {
            rtc,
            socket,
            own,
            pending: Some(pending),
            channel: None,
            due: Instant::now(),
            line: None,
            connected: false,
            closed: false,
            ups: [("microphone", microphone), ("camera", camera)].into(),
            audio,
            video,
            received: HashMap::new(),
            words: Vec::new(),
            key_frames_asked: 0,
            sequences: HashMap::new(),
        };
        (client, offer.to_sdp_string())
    }

    /// A NAT gives it another port, of which it knows nothing. Gives the one that it had.
    pub fn move_away(&mut self) -> UdpSocket {
        std::mem::replace(&mut self.socket, port())
    }

    /// Whether it knows where to send, and the server too.
    pub fn is_ready(&self) -> bool {
        self.connected && self.channel.is_some()
    }

    /// Its socket, for who only counts what comes; it waits for nothing.
    pub fn bare(&self) -> UdpSocket {
        let socket = self.socket.try_clone().expect("another handle");
        socket.set_nonblocking(true).expect("does not wait");
        socket
    }

    /// Takes the server's answer.
    pub fn take_answer(&mut self, sdp: &str) {
        let answer = SdpAnswer::from_sdp_string(sdp).expect("an answer");
        let pending = self.pending.take().expect("an offer was made");
        self.rtc
            .sdp_api()
            .accept_answer(pending, answer)
            .expect("it fits");
        self.drain();
    }

    /// Says where it sends and receives, once it can.
    fn say_ready(&mut self) {
        let text = |mids: &[Mid]| mids.iter().map(ToString::to_string).collect::<Vec<_>>();
        let send: BTreeMap<_, _> = self
            .ups
            .iter()
            .map(|(name, mid)| (name, mid.to_string()))
            .collect();
        let receive = json!({ "audio": text(&self.audio), "video": text(&self.video) });
        self.say(&json!({ "type": "ready", "send": send, "receive": receive }));
    }

    /// Says something to the server.
    pub fn say(&mut self, word: &Value) {
        let id = self.channel.expect("the channel is open");
        let mut channel = self.rtc.channel(id).expect("the channel is there");
        let taken = channel.write(false, word.to_string().as_bytes());
        assert!(taken.expect("writes"), "there is place");
        self.drain();
    }

    /// The last word of this kind.
    pub fn word(&self, kind: &str) -> Option<&Value> {
        self.words.iter().rev().find(|word| word["type"] == kind)
    }

    /// Whose microphone or camera comes in a section, by the last word.
    pub fn section_of(&self, participant: &str, source: &str) -> Option<Mid> {
        let sections = self.word("tracks")?["sections"].as_array()?;
        let own = sections
            .iter()
            .find(|of| of["participant"] == participant && of["source"] == source)?;
        Some(Mid::from(own["mid"].as_str()?))
    }

    /// What came from somebody.
    pub fn from(&self, participant: &str, source: &str) -> Received {
        let mid = self.section_of(participant, source);
        mid.and_then(|mid| self.received.get(&mid))
            .cloned()
            .unwrap_or_default()
    }

    /// Packets of this mark that came, in whichever section.
    pub fn marked(&self, mark: u8) -> u64 {
        let of = |received: &Received| received.marks.get(&mark).copied().unwrap_or_default();
        self.received.values().map(of).sum()
    }

    /// Does what is to be done now; waits at most a millisecond for a packet.
    pub fn turn(&mut self) {
        let mut buffer = [0; 2048];
        while let Ok((length, source)) = self.socket.recv_from(&mut buffer) {
            match &mut self.line {
                Some(line) => line.put(source, &buffer[..length], Instant::now()),
                None => self.take(self.own, source, &buffer[..length]),
            }
        }
        let now = Instant::now();
        while let Some((source, packet)) = self.line.as_mut().and_then(|line| line.next(now)) {
            self.take(self.own, source, &packet);
        }
        if self.due <= now && self.rtc.is_alive() {
            self.rtc
                .handle_input(Input::Timeout(now))
                .expect("time passes");
            self.drain();
        }
    }

    fn take(&mut self, own: SocketAddr, source: SocketAddr, packet: &[u8]) {
        let received =
            Receive::new(Protocol::Udp, source, own, packet).expect("a packet of WebRTC");
        let input = Input::Receive(Instant::now(), received);
        if self.rtc.is_alive() && self.rtc.accepts(&input) {
            self.rtc.handle_input(input).expect("a good packet");
            self.drain();
        }
    }

    fn drain(&mut self) {
        while self.rtc.is_alive() {
            match self.rtc.poll_output().expect("goes on") {
                Output::Transmit(packet) => {
                    self.socket
                        .send_to(&packet.contents, packet.destination)
                        .expect("sends");
                }
                Output::Timeout(due) => {
                    self.due = due;
                    return;
                }
                Output::Event(event) => self.hear(event),
            }
        }
        self.closed = true;
    }

    fn hear(&mut self, event: Event) {
        match event {
            Event::Connected => self.connected = true,
            Event::Closed => self.closed = true,
            Event::ChannelOpen(id, _) => {
                self.channel = Some(id);
                self.say_ready();
            }
            Event::ChannelData(said) => {
                self.words
                    .push(serde_json::from_slice(&said.data).expect("JSON"));
            }
            Event::KeyframeRequest(_) => self.key_frames_asked += 1,
            Event::RtpPacket(packet) => {
                let mut direct = self.rtc.direct_api();
                let stream = direct.stream_rx(&packet.header.ssrc).expect("of a section");
                let mid = stream.mid();
                let received = self.received.entry(mid).or_default();
                received.number(*packet.seq_no);
                received.packets += 1;
                received.bytes += packet.payload.len() as u64;
                received.last = packet.payload.to_vec();
                if let Some(mark) = received.last.last() {
                    *received.marks.entry(*mark).or_default() += 1;
                }
            }
            _ => {}
        }
    }

    /// Sends a packet of a voice, so loud in decibels.
    pub fn speak(&mut self, decibels: i8, payload: &[u8]) {
        let values = ExtensionValues {
            audio_level: Some(decibels),
            voice_activity: Some(true),
            ..ExtensionValues::default()
        };
        self.write("microphone", None, 960, values, payload);
    }

    /// Sends a picture in one packet, of a rendition if there are any.
    pub fn show(&mut self, rendition: Option<&str>, payload: &[u8]) {
        self.write(
            "camera",
            rendition,
            3000,
            ExtensionValues::default(),
            payload,
        );
    }

    fn write(
        &mut self,
        source: &str,
        rendition: Option<&str>,
        ticks: u64,
        values: ExtensionValues,
        payload: &[u8],
    ) {
        let mid = self.ups[source];
        let codec = if source == "microphone" {
            Codec::Opus
        } else {
            Codec::Vp8
        };
        let known = self
            .rtc
            .codec_config()
            .find(|params| params.spec().codec == codec);
        let pt = known.expect("negotiated").pt();
        let mut direct = self.rtc.direct_api();
        let stream = direct
            .stream_tx_by_mid(mid, rendition.map(Rid::from))
            .expect("negotiated");
        let sequence = self.sequences.entry(stream.ssrc()).or_insert(7);
        *sequence += 1;
        let time = u32::try_from(*sequence * ticks).expect("short tests");
        let write = RtpWrite::new(
            pt,
            (*sequence).into(),
            time,
            Instant::now(),
            payload.to_vec(),
        )
        .marker(true)
        .nackable(source == "camera")
        .ext_vals(values);
        stream.write_rtp(write);
        self.drain();
    }
}

fn port() -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let timeout = Duration::from_millis(1);
    socket.set_read_timeout(Some(timeout)).expect("a timeout");
    socket
}

/// A picture of VP8 that stands for itself, so wide; or one that does not.
pub fn picture(width: Option<u16>, number: u16, size: usize) -> Vec<u8> {
    let [high, low] = number.to_be_bytes();
    let mut payload = vec![0x90, 0xe0, 0x80 | high, low, number.to_le_bytes()[0], 0x20];
    match width {
        Some(width) => {
            let [low, high] = width.to_le_bytes();
            payload.extend([0x10, 0, 0, 0x9d, 0x01, 0x2a, low, high, 0xe0, 0x01]);
        }
        None => payload.extend([0x11, 0, 0]),
    }
    payload.resize(size.max(payload.len()), 0x55);
    payload
}
