//! One stream for a receiver out of many: whatever rendition or person is forwarded in a section, its
//! numbers go on without a gap or a jump, or decoders drop what comes.

use std::time::{Duration, Instant};

use str0m::rtp::{Vp8Descriptor, Vp8Patch};

/// Numbers begin here, so that the first rollover comes early enough to be seen in tests and late enough
/// not to be in the way of the handshake.
const FIRST: u64 = 1000;
/// How far back a packet may belong that comes late, in packets.
const LATE: u64 = 1000;
/// Picture ids have 15 bits.
const PICTURE_IDS: u16 = 1 << 15;

/// What came, as far as its numbers go.
#[derive(Debug, Clone, Copy)]
pub(super) struct Numbers {
    /// Its number among those of its stream.
    pub(super) sequence: u64,
    /// Its moment, by the clock of its codec.
    pub(super) time: u32,
    /// When it came.
    pub(super) came: Instant,
}

/// What goes out in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rewritten {
    pub(super) sequence: u64,
    pub(super) time: u32,
}

/// The numbers of one section.
#[derive(Debug)]
pub(super) struct Rewriter {
    /// Ticks of the codec's clock in a second.
    rate: u32,
    /// What is taken from the numbers of the stream that comes just now.
    base: Option<Base>,
    next_sequence: u64,
    /// The latest that went out, and when.
    last: Option<(u32, Instant)>,
    picture: Counted<u16>,
    tl0_pic_idx: Counted<u8>,
}

#[derive(Debug, Clone, Copy)]
struct Base {
    from: u64,
    to: u64,
    /// Added to its moments, turning over.
    time: u32,
}

/// A counter within the payload, with what is added to it.
#[derive(Debug, Default, Clone, Copy)]
struct Counted<T> {
    offset: T,
    last: Option<T>,
}

impl Rewriter {
    pub(super) fn new(rate: u32) -> Self {
        Self {
            rate,
            base: None,
            next_sequence: FIRST,
            last: None,
            picture: Counted::default(),
            tl0_pic_idx: Counted::default(),
        }
    }

    /// From this packet on another stream goes on where the one before ended.
    pub(super) fn switch(&mut self, packet: Numbers, descriptor: Option<&Vp8Descriptor>) {
        let time = match self.last {
            None => 0,
            Some((time, at)) => {
                let passed = packet
                    .came
                    .saturating_duration_since(at)
                    .max(Duration::from_millis(1));
                let ticks = passed.as_millis() * u128::from(self.rate) / 1000;
                let ticks = u32::try_from(ticks).unwrap_or(u32::MAX / 2);
                time.wrapping_add(ticks).wrapping_sub(packet.time)
            }
        };
        self.base = Some(Base {
            from: packet.sequence,
            to: self.next_sequence,
            time,
        });
        let Some(descriptor) = descriptor else { return };
        if let (Some(last), Some(now)) = (self.picture.last, descriptor.picture_id()) {
            self.picture.offset = last.wrapping_add(1).wrapping_sub(now) % PICTURE_IDS;
        }
        if let (Some(last), Some(now)) = (self.tl0_pic_idx.last, descriptor.tl0_pic_idx()) {
            self.tl0_pic_idx.offset = last.wrapping_add(1).wrapping_sub(now);
        }
    }

    /// The numbers that a packet goes out with. Nothing for what belongs before the last switch.
    pub(super) fn rewrite(&mut self, packet: Numbers) -> Option<Rewritten> {
        let base = self.base?;
        let sequence = packet.sequence.checked_sub(base.from)? + base.to;
        if sequence + LATE < self.next_sequence {
            return None;
        }
        let time = packet.time.wrapping_add(base.time);
        if sequence >= self.next_sequence {
            self.next_sequence = sequence + 1;
            self.last = Some((time, packet.came));
        }
        Some(Rewritten { sequence, time })
    }

    /// The picture's counters as they go out.
    pub(super) fn patch(&mut self, descriptor: &Vp8Descriptor) -> Option<Vp8Patch> {
        let mut patch = descriptor.patch();
        if let Some(id) = descriptor.picture_id() {
            let id = (id + self.picture.offset) % PICTURE_IDS;
            self.picture.last = Some(id);
            patch = patch.picture_id(id);
        }
        if let Some(index) = descriptor.tl0_pic_idx() {
            let index = index.wrapping_add(self.tl0_pic_idx.offset);
            self.tl0_pic_idx.last = Some(index);
            patch = patch.tl0_pic_idx(index);
        }
        // An id of seven bits that outgrew them goes as it came.
        patch.build().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(sequence: u64, time: u32, came: Instant) -> Numbers {
        Numbers {
            sequence,
            time,
            came,
        }
    }

    #[test]
    fn a_switch_goes_on_where_the_other_ended() {
        let began = Instant::now();
        let mut numbers = Rewriter::new(90_000);
        assert_eq!(
            numbers.rewrite(packet(7, 0, began)),
            None,
            "before the first"
        );
        numbers.switch(packet(70_000, 500, began), None);
        let first = numbers.rewrite(packet(70_000, 500, began)).expect("goes");
        assert_eq!((first.sequence, first.time), (FIRST, 500));
        // Two are lost, and one of them comes late.
        let third = numbers.rewrite(packet(70_003, 3500, began)).expect("goes");
        assert_eq!(third.sequence, FIRST + 3);
        let late = numbers.rewrite(packet(70_001, 1500, began)).expect("goes");
        assert_eq!((late.sequence, late.time), (FIRST + 1, 1500));
        let later = began + Duration::from_millis(100);
        numbers.switch(packet(12, 4_000_000_000, later), None);
        let other = numbers
            .rewrite(packet(12, 4_000_000_000, later))
            .expect("goes");
        assert_eq!((other.sequence, other.time), (FIRST + 4, 3500 + 9000));
        assert_eq!(
            numbers.rewrite(packet(11, 0, later)),
            None,
            "before the switch"
        );
        let next = numbers
            .rewrite(packet(13, 4_000_003_000, later))
            .expect("goes");
        assert_eq!((next.sequence, next.time), (FIRST + 5, 3500 + 12_000));
    }

    #[test]
    fn picture_ids_go_on_too() {
        // X, I, L, T: a picture id of 15 bits and a TL0PICIDX (RFC 7741).
        let payload = |id: u16, index: u8| {
            let [high, low] = id.to_be_bytes();
            [0x90, 0xe0, 0x80 | high, low, index, 0, 0x10]
        };
        let parse = |id, index| Vp8Descriptor::parse(&payload(id, index)).expect("valid");
        let mut numbers = Rewriter::new(90_000);
        let now = Instant::now();
        numbers.switch(packet(0, 0, now), Some(&parse(32_767, 255)));
        numbers.patch(&parse(32_767, 255)).expect("fits");
        assert_eq!(
            (numbers.picture.last, numbers.tl0_pic_idx.last),
            (Some(32_767), Some(255))
        );
        numbers.switch(packet(0, 0, now), Some(&parse(40, 9)));
        numbers.patch(&parse(40, 9)).expect("fits");
        assert_eq!(
            (numbers.picture.last, numbers.tl0_pic_idx.last),
            (Some(0), Some(0))
        );
        numbers.patch(&parse(41, 9)).expect("fits");
        assert_eq!(
            (numbers.picture.last, numbers.tl0_pic_idx.last),
            (Some(1), Some(0))
        );
    }
}
