//! What somebody sends, and who receives it.

use std::time::{Duration, Instant};

use str0m::format::PayloadParams;
use str0m::rtp::Ssrc;

use super::super::control::MediaSource;
use super::speakers::Loudness;

/// What somebody sends: whose leg, and which of theirs.
pub(super) type TrackKey = (usize, MediaSource);

/// How many renditions a picture may have.
pub(super) const RENDITIONS: usize = 3;
/// A rendition of which nothing came for so long is not sent any more.
const SILENT: Duration = Duration::from_millis(1500);
/// And one that was passed over while others of the same picture came for so long: a sender whose line or
/// processor got weak leaves its larger ones out, without a word.
const PASSED_OVER: Duration = Duration::from_millis(400);
/// How long it is counted what comes.
const MEASURED: Duration = Duration::from_secs(1);
/// How long after a key frame was asked for, of the smallest rendition and of the others, it is asked for
/// again.
const ASKED: [Duration; RENDITIONS] = [
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(1),
];
/// How much wider than a rendition a picture may be shown before the next is taken, in percent.
const STRETCH: u32 = 130;
/// How wide a picture of the smallest rendition is taken to be until one says so, in pixels.
const WIDTH: u16 = 320;

/// One of the sizes in which a picture comes.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Rendition {
    /// The stream that it comes in.
    pub(super) stream: Option<Ssrc>,
    seen: Option<Instant>,
    pub(super) width: Option<u16>,
    asked: Option<Instant>,
    /// Bytes since it was measured last, and what that came to, in bits a second.
    bytes: u64,
    bits: f64,
    /// Somebody waits for a picture that stands for itself.
    wanted: bool,
}

/// Something that somebody sends.
pub(super) struct MediaTrack {
    pub(super) format: PayloadParams,
    pub(super) renditions: [Rendition; RENDITIONS],
    /// Who receives it: the leg, and the place among its sections of this kind.
    pub(super) receivers: Vec<(usize, usize)>,
    pub(super) loudness: Loudness,
    /// Whether it was sent when it was looked at last.
    pub(super) live: bool,
    measured: Instant,
}

impl MediaTrack {
    pub(super) fn new(format: PayloadParams, now: Instant) -> Self {
        Self {
            format,
            renditions: [Rendition::default(); RENDITIONS],
            receivers: Vec::new(),
            loudness: Loudness::new(now),
            live: false,
            measured: now,
        }
    }

    /// A packet of a rendition came.
    pub(super) fn saw(&mut self, rendition: u8, stream: Ssrc, bytes: usize, now: Instant) {
        if let Some(rendition) = self.renditions.get_mut(usize::from(rendition)) {
            rendition.stream = Some(stream);
            rendition.seen = Some(now);
            rendition.bytes += bytes as u64;
        }
    }

    fn is_sent(&self, at: usize, now: Instant) -> bool {
        let Some(seen) = self.renditions[at].seen else {
            return false;
        };
        let since = |then: Instant| then.saturating_duration_since(seen);
        let mut others = self.renditions.iter().filter_map(|other| other.seen);
        since(now) < SILENT && others.all(|other| since(other) < PASSED_OVER)
    }

    /// Whether anything of it comes.
    pub(super) fn is_live(&self, now: Instant) -> bool {
        (0..RENDITIONS).any(|at| self.is_sent(at, now))
    }

    /// Measures how much comes, once in a while.
    pub(super) fn measure(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.measured);
        if passed < MEASURED {
            return;
        }
        self.measured = now;
        for rendition in &mut self.renditions {
            #[expect(clippy::cast_precision_loss, reason = "a rate is no count")]
            let bits = std::mem::take(&mut rendition.bytes) as f64 * 8.0 / passed.as_secs_f64();
            rendition.bits = if rendition.bits > 0.0 {
                f64::midpoint(rendition.bits, bits)
            } else {
                bits
            };
        }
    }

    /// The renditions up to this one, of those that come, with what each takes, in bits a second.
    pub(super) fn costs(&self, highest: u8, now: Instant) -> Vec<(u8, f64)> {
        (0..=highest)
            .filter(|at| self.is_sent(usize::from(*at), now))
            .map(|at| (at, self.renditions[usize::from(at)].bits))
            .collect()
    }

    /// The rendition for a picture that is shown so wide, of those that come.
    pub(super) fn rendition_for(&self, width: u32, now: Instant) -> u8 {
        let sent = (0..RENDITIONS).filter(|at| self.is_sent(*at, now));
        let mut best = 0;
        for at in sent {
            best = at;
            if self.width_of(at) * STRETCH / 100 >= width {
                break;
            }
        }
        u8::try_from(best).unwrap_or(0)
    }

    /// The rendition that would be best for a picture that is shown so wide, if all came.
    pub(super) fn ideal_rendition(&self, width: u32) -> u8 {
        let fits = (0..RENDITIONS).position(|at| self.width_of(at) * STRETCH / 100 >= width);
        u8::try_from(fits.unwrap_or(RENDITIONS - 1)).unwrap_or(0)
    }

    /// How wide a rendition is, as far as is known: each is twice as wide as the one before.
    fn width_of(&self, at: usize) -> u32 {
        let told = (0..RENDITIONS).find_map(|other| Some((other, self.renditions[other].width?)));
        let (other, width) = told.unwrap_or((0, WIDTH));
        let width = u32::from(width);
        if at >= other {
            width << (at - other)
        } else {
            width >> (other - at)
        }
    }

    /// Somebody needs a picture of this rendition that stands for itself.
    pub(super) fn want_key_frame(&mut self, rendition: u8) {
        if let Some(rendition) = self.renditions.get_mut(usize::from(rendition)) {
            rendition.wanted = true;
        }
    }

    /// A picture that stands for itself came.
    pub(super) fn got_key_frame(&mut self, rendition: u8) {
        if let Some(rendition) = self.renditions.get_mut(usize::from(rendition)) {
            rendition.wanted = false;
        }
    }

    /// The streams of which a picture that stands for itself is to be asked for now: many who want
    /// one share it.
    pub(super) fn due_requests(&mut self, now: Instant) -> Vec<Ssrc> {
        let mut streams = Vec::new();
        for (rendition, pause) in self.renditions.iter_mut().zip(ASKED) {
            let rested = rendition
                .asked
                .is_none_or(|at| now.saturating_duration_since(at) >= pause);
            if rendition.wanted
                && rested
                && let Some(stream) = rendition.stream
            {
                rendition.asked = Some(now);
                streams.push(stream);
            }
        }
        streams
    }
}

/// Which tracks come in which sections: whatever is wanted and is there stays where it is, the others
/// take the places that are left.
pub(super) fn settle<K: Copy + PartialEq>(wanted: &[K], places: &[Option<K>]) -> Vec<Option<K>> {
    let mut settled: Vec<Option<K>> = places
        .iter()
        .map(|place| place.filter(|key| wanted.contains(key)))
        .collect();
    let missing = wanted.iter().filter(|key| !places.contains(&Some(**key)));
    let mut missing = missing.copied();
    for place in &mut settled {
        if place.is_none() {
            *place = missing.next();
        }
    }
    settled
}

#[cfg(test)]
mod tests {
    use str0m::format::{Codec, CodecConfig};

    use super::*;

    #[test]
    fn what_is_there_stays_where_it_is() {
        let places = [Some('a'), Some('b'), None, Some('c')];
        assert_eq!(
            settle(&['c', 'd', 'a'], &places),
            [Some('a'), Some('d'), None, Some('c')]
        );
        assert_eq!(
            settle(&['x', 'y', 'z'], &[None, None]),
            [Some('x'), Some('y')]
        );
        assert_eq!(settle::<char>(&[], &[Some('a')]), [None]);
    }

    fn track() -> MediaTrack {
        let known = CodecConfig::new_with_defaults();
        let format = known.find(|params| params.spec().codec == Codec::Vp8);
        MediaTrack::new(*format.expect("there"), Instant::now())
    }

    #[test]
    fn a_picture_comes_as_large_as_it_is_shown() {
        let mut of = track();
        assert_eq!(
            [150, 600, 1300, 5000].map(|width| of.ideal_rendition(width)),
            [0, 1, 2, 2]
        );
        of.renditions[1].width = Some(320);
        assert_eq!(
            [150, 600, 1300].map(|width| of.ideal_rendition(width)),
            [0, 2, 2]
        );
    }

    #[test]
    fn only_what_comes_is_chosen() {
        let mut of = track();
        let now = Instant::now();
        assert!(!of.is_live(now));
        of.saw(0, 7.into(), 100, now);
        of.saw(2, 9.into(), 100, now);
        assert_eq!(
            [100, 500, 1500].map(|width| of.rendition_for(width, now)),
            [0, 2, 2]
        );
        let later = now + SILENT;
        of.saw(0, 7.into(), 100, later);
        assert_eq!(
            of.rendition_for(1500, later),
            0,
            "the large one does not come any more"
        );
        assert!(!of.is_live(later + SILENT));
    }

    #[test]
    fn what_is_passed_over_is_left_before_its_absence_is_seen() {
        let mut of = track();
        let now = Instant::now();
        of.saw(0, 7.into(), 100, now);
        of.saw(1, 8.into(), 100, now);
        // Nothing comes of any: the line stands still for a moment.
        assert_eq!(of.rendition_for(600, now + PASSED_OVER), 1);
        let at = |part: u32| now + PASSED_OVER * part / 4;
        for part in 1..4 {
            of.saw(0, 7.into(), 100, at(part));
            assert_eq!(of.rendition_for(600, at(part)), 1);
        }
        of.saw(0, 7.into(), 100, at(4));
        assert_eq!(of.rendition_for(600, at(4)), 0);
        assert_eq!(of.costs(1, at(4)).len(), 1);
        of.saw(1, 8.into(), 100, at(5));
        assert_eq!(
            of.rendition_for(600, at(5)),
            1,
            "and is there again at once"
        );
    }

    #[test]
    fn key_frames_are_asked_for_once_in_a_while() {
        let mut of = track();
        let now = Instant::now();
        of.want_key_frame(0);
        assert!(of.due_requests(now).is_empty(), "nothing came of it yet");
        of.saw(0, 7.into(), 100, now);
        assert_eq!(of.due_requests(now), [7.into()]);
        of.want_key_frame(0);
        assert!(of.due_requests(now + Duration::from_millis(400)).is_empty());
        assert_eq!(of.due_requests(now + ASKED[0]), [7.into()]);
        of.got_key_frame(0);
        assert!(of.due_requests(now + ASKED[0] * 9).is_empty());
        of.want_key_frame(9);
    }
}
