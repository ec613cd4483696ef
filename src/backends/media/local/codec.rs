//! What of a packet's content forwarding goes by: whether a picture begins with it that stands for
//! itself, and how wide that picture is.

use str0m::format::Codec;
use str0m::rtp::Vp8Descriptor;

/// What a video packet is.
pub(super) struct VideoPacket {
    /// Its descriptor, for VP8 (RFC 7741).
    pub(super) descriptor: Option<Vp8Descriptor>,
    /// A picture begins that can be decoded alone.
    pub(super) begins_key_frame: bool,
    /// How wide that picture is, in pixels, where it says so.
    pub(super) width: Option<u16>,
}

impl VideoPacket {
    /// Looks at a packet. Whatever cannot be read is some packet in the middle of a picture.
    pub(super) fn of(codec: Codec, payload: &[u8]) -> Self {
        match codec {
            Codec::Vp8 => Self::of_vp8(payload),
            Codec::H264 => Self {
                descriptor: None,
                begins_key_frame: begins_h264_key_frame(payload),
                width: None,
            },
            _ => Self {
                descriptor: None,
                begins_key_frame: false,
                width: None,
            },
        }
    }

    fn of_vp8(payload: &[u8]) -> Self {
        let descriptor = Vp8Descriptor::parse(payload).ok();
        let begins_key_frame = descriptor.is_some_and(|of| of.starts_keyframe(payload));
        let width = begins_key_frame.then(|| vp8_width(payload)).flatten();
        Self {
            descriptor,
            begins_key_frame,
            width,
        }
    }
}

/// The width in the header of a VP8 key frame: three bytes of tag, three of a start code, two of width
/// (RFC 6386, 9.1).
fn vp8_width(payload: &[u8]) -> Option<u16> {
    const START: [u8; 3] = [0x9d, 0x01, 0x2a];
    let begins = payload.windows(START.len()).take(16);
    let at = begins.enumerate().find(|(_, code)| *code == START)?.0;
    let width = payload.get(at + 3..at + 5)?;
    Some(u16::from_le_bytes([width[0], width[1]]) & 0x3fff)
}

/// A sequence parameter set, alone or in an aggregate, or the first part of an IDR picture (RFC 6184).
fn begins_h264_key_frame(payload: &[u8]) -> bool {
    const KEY: [u8; 2] = [5, 7];
    let kind = |byte: &u8| byte & 0x1f;
    match payload.first().map(kind) {
        Some(24) => payload
            .get(3)
            .is_some_and(|first| KEY.contains(&kind(first))),
        Some(28) => payload
            .get(1)
            .is_some_and(|header| header & 0x80 != 0 && KEY.contains(&kind(header))),
        Some(single) => KEY.contains(&single),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_frames_are_told_from_others() {
        let key = [
            0x90, 0x80, 0x01, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01,
        ];
        let seen = VideoPacket::of(Codec::Vp8, &key);
        assert!(seen.begins_key_frame);
        assert_eq!(seen.width, Some(640));
        let inter = [0x90, 0x80, 0x01, 0x11, 0, 0, 0];
        assert!(!VideoPacket::of(Codec::Vp8, &inter).begins_key_frame);
        let middle = [0x80, 0x80, 0x01, 0x10, 0, 0, 0];
        assert!(!VideoPacket::of(Codec::Vp8, &middle).begins_key_frame);
        for junk in [&[][..], &[0x90], &[0xff; 3], &[0x10]] {
            assert!(
                VideoPacket::of(Codec::Vp8, junk).width.is_none(),
                "{junk:?}"
            );
            VideoPacket::of(Codec::H264, junk);
        }
    }

    #[test]
    fn h264_begins_with_its_parameters_or_an_idr_picture() {
        let begins = |payload: &[u8]| VideoPacket::of(Codec::H264, payload).begins_key_frame;
        assert!(begins(&[0x67, 0x42]) && begins(&[0x65, 0x88]) && begins(&[0x78, 0, 4, 0x67]));
        assert!(
            begins(&[0x7c, 0x85]) && !begins(&[0x7c, 0x05]),
            "only its first part"
        );
        assert!(!begins(&[0x61, 0x9a]) && !begins(&[0x78, 0, 4, 0x06]) && !begins(&[0x7c, 0x81]));
    }
}

#[cfg(test)]
mod hostile {
    use std::time::Instant;

    use super::super::rewrite::{Numbers, Rewriter};
    use super::*;
    use crate::hostile::hostile;

    /// A width has fourteen bits, and is of a picture that stands for itself; what counts pictures can be
    /// made to go on from any other packet.
    fn look(bytes: &[u8]) {
        let vp8 = VideoPacket::of(Codec::Vp8, bytes);
        assert!(vp8.width.is_none() || vp8.begins_key_frame);
        assert!(vp8.width.is_none_or(|width| width < 1 << 14));
        assert!(!vp8.begins_key_frame || vp8.descriptor.is_some());
        if let Some(descriptor) = &vp8.descriptor {
            let numbers = Numbers {
                sequence: 0,
                time: u32::MAX,
                came: Instant::now(),
            };
            let mut rewriter = Rewriter::new(90_000);
            for _ in 0..3 {
                rewriter.switch(numbers, Some(descriptor));
                rewriter.patch(descriptor);
                assert!(rewriter.rewrite(numbers).is_some());
            }
        }
        let h264 = VideoPacket::of(Codec::H264, bytes);
        assert!(h264.width.is_none() && h264.descriptor.is_none());
        assert!(!(h264.begins_key_frame && bytes.is_empty()));
    }

    #[test]
    fn media_packet_is_some_packet_whatever_it_holds() {
        hostile!("media_packet", look);
    }
}
