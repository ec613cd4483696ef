//! Where a client receives something: a media section, as SDP calls it (RFC 8843). Around here it is a
//! section for short; those of the configuration are elsewhere.

use str0m::media::{Mid, Pt, Rid};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, Ssrc};

use super::codec::VideoPacket;
use super::rewrite::{Numbers, Rewriter};
use super::track::TrackKey;

/// Ticks a second of the clocks of pictures and of sound.
const VIDEO_RATE: u32 = 90_000;
const AUDIO_RATE: u32 = 48_000;

/// A media section of a client's connection (RFC 8843) in which something comes to it.
pub(super) struct ReceivingSection {
    pub(super) mid: Mid,
    pub(super) ssrc: Ssrc,
    is_audio: bool,
    /// What comes here.
    pub(super) carries: Option<TrackKey>,
    /// The rendition that comes now.
    pub(super) rendition: Option<u8>,
    /// The rendition that is to come; nothing while the client's line has no room for any.
    pub(super) wanted: Option<u8>,
    /// As what it goes; nothing if the client cannot decode it.
    pub(super) payload: Option<Pt>,
    rewriter: Rewriter,
}

/// What a packet becomes in a section.
pub(super) struct Turned {
    pub(super) packet: RtpWrite,
    /// Whether another rendition, or something else, begins with it.
    pub(super) begins: bool,
}

impl ReceivingSection {
    pub(super) fn new(mid: Mid, ssrc: Ssrc, is_audio: bool) -> Self {
        Self {
            mid,
            ssrc,
            is_audio,
            carries: None,
            rendition: None,
            wanted: Some(0),
            payload: None,
            rewriter: Rewriter::new(if is_audio { AUDIO_RATE } else { VIDEO_RATE }),
        }
    }

    /// From now on it carries something else, as `payload`.
    pub(super) fn assign(&mut self, track: Option<TrackKey>, payload: Option<Pt>) {
        self.carries = track;
        self.payload = payload;
        self.rendition = None;
        self.wanted = Some(0);
    }

    /// Whether somebody is to be seen or heard here who is not, for want of room on the client's line.
    pub(super) fn is_held_back(&self) -> bool {
        self.carries.is_some() && self.payload.is_some() && self.wanted.is_none()
    }

    /// The rendition that comes, or begins with its next picture that stands for itself.
    pub(super) fn comes_or_begins(&self) -> Option<u8> {
        self.rendition.or(self.wanted)
    }

    /// A packet as it goes into this section; nothing if it does not.
    pub(super) fn turn(
        &mut self,
        (packet, rendition): (&RtpPacket, u8),
        video: Option<&VideoPacket>,
    ) -> Option<Turned> {
        let (payload, wanted) = (self.payload?, self.wanted?);
        let descriptor = video.and_then(|video| video.descriptor.as_ref());
        let numbers = Numbers {
            sequence: *packet.seq_no,
            time: packet.header.timestamp,
            came: packet.timestamp,
        };
        let begins = self.rendition != Some(rendition);
        if begins {
            if let Some(video) = video
                && !(wanted == rendition && video.begins_key_frame)
            {
                return None;
            }
            self.rendition = Some(rendition);
            self.rewriter.switch(numbers, descriptor);
        }
        let out = self.rewriter.rewrite(numbers)?;
        let patch = descriptor.and_then(|descriptor| self.rewriter.patch(descriptor));
        let mut write = RtpWrite::new(
            payload,
            out.sequence.into(),
            out.time,
            packet.timestamp,
            packet.payload.clone(),
        )
        .marker(packet.header.marker)
        .nackable(!self.is_audio)
        .ext_vals(passed_on(&packet.header.ext_vals));
        if let Some(patch) = patch {
            write = write.vp8_patch(patch);
        }
        Some(Turned {
            packet: write,
            begins,
        })
    }
}

/// Extensions are negotiated with each peer: only what means the same to everybody is passed on.
fn passed_on(values: &ExtensionValues) -> ExtensionValues {
    ExtensionValues {
        audio_level: values.audio_level,
        voice_activity: values.voice_activity,
        video_orientation: values.video_orientation,
        abs_capture_time: values.abs_capture_time,
        ..ExtensionValues::default()
    }
}

/// Which of its renditions, from the smallest, a client calls so.
pub(super) fn rendition_of(rid: Rid) -> u8 {
    match rid.as_ref() {
        "q" | "l" | "0" => 0,
        "h" | "m" | "1" => 1,
        _ => 2,
    }
}
