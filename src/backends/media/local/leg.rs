//! One participant's connection to us.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use str0m::channel::ChannelId;
use str0m::format::PayloadParams;
use str0m::media::{KeyframeRequestKind, Mid, Pt, Rid};
use str0m::rtp::{RtpPacket, Ssrc};
use str0m::{Input, Output, Rtc, RtcError};

use super::super::control::{MediaSource, ReceiveSections, ServerWord, Wish};
use super::budget::Budget;
use super::codec::VideoPacket;
use super::outbox::Outbox;
use super::paths::Paths;
use super::section::{ReceivingSection, rendition_of};
use super::track::TrackKey;

/// Packets of one picture's section that are kept to be sent again, for how long, and which share of
/// what is sent they may be.
const RESENT: (usize, Duration, Option<f32>) = (256, Duration::from_secs(1), Some(0.15));
/// What begins with less is STUN (RFC 7983, 7).
const DTLS: u8 = 20;
/// Sections of one kind that a client may have.
const MOST_SECTIONS: usize = 100;

/// A connection.
pub(super) struct Leg {
    pub(super) room: usize,
    pub(super) participant: String,
    /// Whether they may be seen and heard.
    pub(super) sends: bool,
    /// What tells this connection of the client from others of theirs.
    pub(super) remote_ufrag: String,
    pub(super) local_ufrag: String,
    rtc: Rtc,
    channel: Option<ChannelId>,
    /// What comes by which section.
    sources: HashMap<Mid, MediaSource>,
    pub(super) audio: Vec<ReceivingSection>,
    pub(super) video: Vec<ReceivingSection>,
    pub(super) wishes: Option<Vec<Wish>>,
    /// Where what came by a stream belongs.
    streams: HashMap<Ssrc, (Mid, Option<Rid>)>,
    /// When it wants to be asked again.
    pub(super) due: Instant,
    pub(super) born: Instant,
    pub(super) connected: bool,
    /// Since when nothing is heard of the client.
    pub(super) lost: Option<Instant>,
    /// From where it talks to us.
    pub(super) paths: Paths,
    /// It is to be told where what comes; the last word did not fit, or something changed.
    pub(super) untold: bool,
    /// The last word of that, as a number.
    told: Option<u64>,
    /// The highest renditions that it was told, and since when fewer would do.
    pub(super) told_renditions: BTreeMap<MediaSource, u8>,
    pub(super) fewer_since: Option<Instant>,
    /// How much of pictures its line takes.
    pub(super) budget: Budget,
}

impl Leg {
    pub(super) fn new(room: usize, participant: String, rtc: Rtc, now: Instant) -> Self {
        Self {
            room,
            participant,
            sends: false,
            remote_ufrag: String::new(),
            local_ufrag: String::new(),
            rtc,
            channel: None,
            sources: HashMap::new(),
            audio: Vec::new(),
            video: Vec::new(),
            wishes: None,
            streams: HashMap::new(),
            due: now,
            born: now,
            connected: false,
            lost: None,
            paths: Paths::default(),
            untold: true,
            told: None,
            told_renditions: BTreeMap::new(),
            fewer_since: None,
            budget: Budget::new(now),
        }
    }

    /// Changes the connection; whatever that brings about is given out.
    pub(super) fn change<T>(
        &mut self,
        outlet: &mut Outbox,
        change: impl FnOnce(&mut Rtc) -> T,
    ) -> T {
        let changed = change(&mut self.rtc);
        self.drain(outlet);
        changed
    }

    /// Gives out whatever there is. One mutation, then all that it brings about: the rule of the library.
    fn drain(&mut self, outlet: &mut Outbox) {
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(packet)) => {
                    let named = packet.destination;
                    // An answer to a check goes back to where the check came from.
                    let is_check = packet.contents.first().is_some_and(|of| *of < DTLS);
                    let to = if is_check {
                        named
                    } else {
                        self.paths.target(named)
                    };
                    outlet.transmit(&packet.contents, to);
                }
                Ok(Output::Event(event)) => outlet.tell(event),
                Ok(Output::Timeout(due)) => {
                    self.due = due;
                    return;
                }
                Err(error) => return self.fail(&error),
            }
        }
    }

    fn fail(&mut self, error: &RtcError) {
        tracing::debug!(participant = self.participant, %error, "a media connection broke");
        self.rtc.disconnect();
        self.due = Instant::now();
    }

    /// Ends the connection, and tells the client so.
    pub(super) fn end(&mut self, outlet: &mut Outbox) {
        self.change(outlet, |rtc| {
            if let Err(error) = rtc.close() {
                tracing::debug!(%error, "a media connection ended without a word");
            }
        });
    }

    pub(super) fn is_alive(&self) -> bool {
        self.rtc.is_alive()
    }

    /// Whether a packet is of this connection.
    pub(super) fn accepts(&self, packet: &Input<'_>) -> bool {
        self.rtc.accepts(packet)
    }

    /// Takes a packet, or the time.
    pub(super) fn take(&mut self, input: Input<'_>, outlet: &mut Outbox) {
        if let Err(error) = self.rtc.handle_input(input) {
            self.fail(&error);
        }
        self.drain(outlet);
    }

    /// Its data channel is there.
    pub(super) fn opened(&mut self, channel: ChannelId) {
        self.channel = Some(channel);
        self.untold = true;
    }

    /// Says something. Says whether it was taken.
    pub(super) fn say(&mut self, word: &ServerWord<'_>, outlet: &mut Outbox) -> bool {
        let Ok(text) = serde_json::to_vec(word) else {
            return false;
        };
        let Some(mut channel) = self.channel.and_then(|id| self.rtc.channel(id)) else {
            return false;
        };
        let taken = matches!(channel.write(false, &text), Ok(true));
        self.drain(outlet);
        taken
    }

    /// Tells where what comes, unless that was told already.
    pub(super) fn tell(&mut self, word: &ServerWord<'_>, outlet: &mut Outbox) {
        let mut hasher = DefaultHasher::new();
        word.hash(&mut hasher);
        let told = Some(hasher.finish());
        if self.untold || told != self.told {
            self.untold = !self.say(word, outlet);
            self.told = told;
        }
    }

    pub(super) fn can_hear(&self) -> bool {
        self.channel.is_some()
    }

    /// The client says where it sends what, and where it receives.
    pub(super) fn ready(
        &mut self,
        send: &BTreeMap<MediaSource, String>,
        receive: &ReceiveSections,
    ) {
        let mid = |text: &String| Mid::from(text.as_str());
        self.sources = send.iter().map(|(source, of)| (mid(of), *source)).collect();
        for (mids, is_audio) in [(&receive.audio, true), (&receive.video, false)] {
            for mid in mids.iter().take(MOST_SECTIONS).map(mid) {
                self.add_section(mid, is_audio);
            }
        }
        self.untold = true;
    }

    fn add_section(&mut self, mid: Mid, is_audio: bool) {
        let known = self.audio.iter().chain(&self.video);
        if known.into_iter().any(|section| section.mid == mid) {
            return;
        }
        let fits = self
            .rtc
            .media(mid)
            .is_some_and(|media| media.kind().is_audio() == is_audio);
        let mut direct = self.rtc.direct_api();
        let Some(stream) = direct.stream_tx_by_mid(mid, None).filter(|_| fits) else {
            tracing::debug!(
                participant = self.participant,
                ?mid,
                "a section is none to send in"
            );
            return;
        };
        let ssrc = stream.ssrc();
        if !is_audio {
            let (packets, age, share) = RESENT;
            stream.set_rtx_cache(packets, age, share);
        }
        let section = ReceivingSection::new(mid, ssrc, is_audio);
        if is_audio {
            self.audio.push(section);
        } else {
            self.video.push(section);
        }
    }

    pub(super) fn sections(&mut self, is_audio: bool) -> &mut Vec<ReceivingSection> {
        if is_audio {
            &mut self.audio
        } else {
            &mut self.video
        }
    }

    /// From now on a section carries something else, of this format.
    pub(super) fn assign(
        &mut self,
        is_audio: bool,
        at: usize,
        track: Option<(TrackKey, PayloadParams)>,
    ) {
        let mid = self.sections(is_audio)[at].mid;
        let payload = track.and_then(|(_, format)| self.payload_of(mid, format));
        let key = track.map(|(key, _)| key);
        self.sections(is_audio)[at].assign(key, payload);
        self.untold = true;
    }

    /// As what a format goes in a section; nothing where the client said nothing of being able to
    /// decode it.
    fn payload_of(&self, mid: Mid, format: PayloadParams) -> Option<Pt> {
        let known = self.rtc.codec_config();
        let taken = self.rtc.media(mid)?.remote_pts();
        let exact = known.match_params(format).map(PayloadParams::pt);
        if let Some(exact) = exact.filter(|pt| taken.contains(pt)) {
            return Some(exact);
        }
        // Profiles of H.264 are offered one by one; whoever decodes one copes with its neighbours, if
        // packets are cut alike.
        let spec = format.spec();
        let alike = |of: &PayloadParams| {
            let own = of.spec();
            own.codec == spec.codec
                && own.format.packetization_mode == spec.format.packetization_mode
        };
        let like = |pt: &Pt| known.find(|of| of.pt() == *pt && alike(of));
        taken.iter().find_map(like).map(PayloadParams::pt)
    }

    /// What a packet of this client is of: what they send, and of which rendition.
    pub(super) fn origin(&mut self, packet: &RtpPacket) -> Option<(MediaSource, u8)> {
        let ssrc = packet.header.ssrc;
        let (mid, rid) = if let Some(known) = self.streams.get(&ssrc) {
            *known
        } else {
            let mut direct = self.rtc.direct_api();
            let stream = direct.stream_rx(&ssrc)?;
            let of = (stream.mid(), stream.rid());
            self.streams.insert(ssrc, of);
            of
        };
        let source = *self.sources.get(&mid)?;
        Some((source, rid.map_or(0, rendition_of)))
    }

    /// What they send it as.
    pub(super) fn format(&self, packet: &RtpPacket) -> Option<PayloadParams> {
        let pt = packet.header.payload_type;
        self.rtc
            .codec_config()
            .find(|params| params.pt() == pt)
            .copied()
    }

    /// Asks the client for a picture that stands for itself.
    pub(super) fn ask_key_frame(&mut self, stream: Ssrc, outlet: &mut Outbox) {
        let mut direct = self.rtc.direct_api();
        if let Some(stream) = direct.stream_rx(&stream) {
            stream.request_keyframe(KeyframeRequestKind::Pli);
        }
        self.drain(outlet);
    }

    /// Forwards a packet into a section. Says whether another rendition begins with it.
    pub(super) fn forward(
        &mut self,
        (is_audio, at): (bool, usize),
        packet: (&RtpPacket, u8),
        video: Option<&VideoPacket>,
        outlet: &mut Outbox,
    ) -> bool {
        let section = &mut self.sections(is_audio)[at];
        let ssrc = section.ssrc;
        let Some(turned) = section.turn(packet, video) else {
            return false;
        };
        if let Some(stream) = self.rtc.direct_api().stream_tx(&ssrc) {
            stream.write_rtp(turned.packet);
        }
        let of_picture = if is_audio { 0 } else { packet.0.payload.len() };
        self.budget.sent(of_picture);
        self.drain(outlet);
        turned.begins
    }
}
