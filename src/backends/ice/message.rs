//! The few messages of STUN (RFC 8489) and TURN (RFC 8656) that a look takes.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use aws_lc_rs::hmac;

const COOKIE: [u8; 4] = [0x21, 0x12, 0xa4, 0x42];
const HEAD: usize = 20;
/// What the seal of a message adds to it.
const SEAL: usize = 24;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    /// What address is seen.
    Binding,
    /// A relay.
    Allocate,
    /// How long the relay is kept.
    Refresh,
}

impl Method {
    const fn number(self) -> u16 {
        match self {
            Self::Binding => 0x0001,
            Self::Allocate => 0x0003,
            Self::Refresh => 0x0004,
        }
    }
}

/// The attributes that are used, by their numbers.
pub(super) mod attribute {
    pub(in super::super) const USERNAME: u16 = 0x0006;
    pub(super) const MESSAGE_INTEGRITY: u16 = 0x0008;
    pub(in super::super) const ERROR_CODE: u16 = 0x0009;
    pub(in super::super) const LIFETIME: u16 = 0x000d;
    pub(in super::super) const REALM: u16 = 0x0014;
    pub(in super::super) const NONCE: u16 = 0x0015;
    pub(in super::super) const XOR_RELAYED_ADDRESS: u16 = 0x0016;
    pub(in super::super) const REQUESTED_TRANSPORT: u16 = 0x0019;
    pub(in super::super) const XOR_MAPPED_ADDRESS: u16 = 0x0020;
}

/// What tells the answer to a request from others.
pub(super) type TransactionId = [u8; 12];

/// A request as it is sent.
pub(super) fn request(
    method: Method,
    id: TransactionId,
    attributes: &[(u16, Vec<u8>)],
    key: Option<&[u8]>,
) -> Vec<u8> {
    let mut out = method.number().to_be_bytes().to_vec();
    out.extend([0, 0]);
    out.extend(COOKIE);
    out.extend(id);
    for (kind, value) in attributes {
        put(&mut out, *kind, value);
    }
    let Some(key) = key else {
        set_length(&mut out, 0);
        return out;
    };
    // The length that is sealed is that with the seal.
    set_length(&mut out, SEAL);
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key);
    let seal = hmac::sign(&key, &out);
    put(&mut out, attribute::MESSAGE_INTEGRITY, seal.as_ref());
    out
}

fn put(out: &mut Vec<u8>, kind: u16, value: &[u8]) {
    let length = u16::try_from(value.len()).unwrap_or(u16::MAX);
    out.extend(kind.to_be_bytes());
    out.extend(length.to_be_bytes());
    out.extend(value);
    out.resize(out.len().next_multiple_of(4), 0);
}

fn set_length(out: &mut [u8], more: usize) {
    let length = u16::try_from(out.len() - HEAD + more).unwrap_or(u16::MAX);
    out[2..4].copy_from_slice(&length.to_be_bytes());
}

/// How long a message is, by its first bytes.
pub(super) fn length(head: &[u8; HEAD]) -> usize {
    HEAD + usize::from(u16::from_be_bytes([head[2], head[3]]))
}

/// What a server answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ServerAnswer {
    /// Whether it did what was asked.
    pub(super) done: bool,
    attributes: HashMap<u16, Vec<u8>>,
    id: TransactionId,
}

impl ServerAnswer {
    /// Reads the answer to this request; nothing if it is none.
    pub(super) fn read(bytes: &[u8], method: Method, id: TransactionId) -> Option<Self> {
        let head: &[u8; HEAD] = bytes.get(..HEAD)?.try_into().ok()?;
        let kind = u16::from_be_bytes([head[0], head[1]]);
        let done = match kind ^ method.number() {
            0x0100 => true,
            0x0110 => false,
            _ => return None,
        };
        if head[4..8] != COOKIE || head[8..] != id {
            return None;
        }
        let mut rest = bytes.get(HEAD..length(head))?;
        let mut attributes = HashMap::new();
        while let [a, b, c, d, value @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*c, *d]));
            let kind = u16::from_be_bytes([*a, *b]);
            attributes
                .entry(kind)
                .or_insert(value.get(..length)?.to_vec());
            rest = value.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        Some(Self {
            done,
            attributes,
            id,
        })
    }

    pub(super) fn get(&self, kind: u16) -> Option<&[u8]> {
        self.attributes.get(&kind).map(Vec::as_slice)
    }

    /// Why not: the code, and what the server says of it.
    pub(super) fn error(&self) -> (u16, String) {
        match self.get(attribute::ERROR_CODE) {
            Some([_, _, class, number, said @ ..]) => {
                let code = u16::from(*class & 7) * 100 + u16::from(*number);
                (code, String::from_utf8_lossy(said).into_owned())
            }
            _ => (0, String::new()),
        }
    }

    /// An address, which is hidden from what rewrites addresses on the way.
    pub(super) fn address(&self, kind: u16) -> Option<SocketAddr> {
        let [_, family, port_high, port_low, address @ ..] = self.get(kind)? else {
            return None;
        };
        let port = u16::from_be_bytes([port_high ^ COOKIE[0], port_low ^ COOKIE[1]]);
        let mask = COOKIE.iter().chain(&self.id);
        let clear: Vec<u8> = address.iter().zip(mask).map(|(a, b)| a ^ b).collect();
        let ip = match family {
            1 => IpAddr::V4(Ipv4Addr::from(<[u8; 4]>::try_from(clear).ok()?)),
            2 => IpAddr::V6(Ipv6Addr::from(<[u8; 16]>::try_from(clear).ok()?)),
            _ => return None,
        };
        Some(SocketAddr::new(ip, port))
    }
}

#[cfg(test)]
mod tests {
    use md5::{Digest, Md5};

    use super::*;

    /// RFC 5769, section 2.4.
    #[test]
    fn a_request_is_sealed_as_the_example_of_the_standard() {
        let (user, realm) = ("マトリックス", "example.org");
        let key = Md5::digest(format!("{user}:{realm}:TheMatrIX"));
        let id = [
            0x78, 0xad, 0x34, 0x33, 0xc6, 0xad, 0x72, 0xc0, 0x29, 0xda, 0x41, 0x2e,
        ];
        let attributes = [
            (attribute::USERNAME, user.as_bytes().to_vec()),
            (attribute::NONCE, b"f//499k954d6OL34oL9FSTvy64sA".to_vec()),
            (attribute::REALM, realm.as_bytes().to_vec()),
        ];
        let sent = request(Method::Binding, id, &attributes, Some(&key));
        assert_eq!(&sent[..4], [0, 1, 0, 0x60]);
        let seal = "f67024656dd64a3e02b8e0712e85c9a28ca89666";
        assert_eq!(hex::encode(&sent[sent.len() - 20..]), seal);
    }

    /// RFC 5769, sections 2.2 and 2.3: the answers of the same standard.
    #[test]
    fn addresses_are_read_as_the_examples_of_the_standard() {
        let id = [
            0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae,
        ];
        let answer = |address: &str| {
            let value = hex::decode(address).expect("hexadecimal");
            let mut out = request(
                Method::Binding,
                id,
                &[(attribute::XOR_MAPPED_ADDRESS, value)],
                None,
            );
            out[0] = 1;
            ServerAnswer::read(&out, Method::Binding, id).expect("an answer")
        };
        for (hidden, clear) in [
            ("0001a147e112a643", "192.0.2.1:32853"),
            (
                "0002a1470113a9faa5d3f179bc25f4b5bed2b9d9",
                "[2001:db8:1234:5678:11:2233:4455:6677]:32853",
            ),
        ] {
            let found = answer(hidden).address(attribute::XOR_MAPPED_ADDRESS);
            assert_eq!(found, clear.parse().ok());
        }
        assert_eq!(
            answer("0003a147e112a643").address(attribute::XOR_MAPPED_ADDRESS),
            None
        );
    }

    #[test]
    fn what_is_no_answer_to_this_request_is_none() {
        let id = [7; 12];
        let mut good = request(Method::Allocate, id, &[], None);
        good[0..2].copy_from_slice(&0x0113_u16.to_be_bytes());
        assert!(
            !ServerAnswer::read(&good, Method::Allocate, id)
                .expect("one")
                .done
        );
        assert_eq!(ServerAnswer::read(&good, Method::Binding, id), None);
        assert_eq!(ServerAnswer::read(&good, Method::Allocate, [8; 12]), None);
        for length in 0..good.len() {
            assert_eq!(
                ServerAnswer::read(&good[..length], Method::Allocate, id),
                None
            );
        }
        // A length that is not there.
        good[3] = 200;
        assert_eq!(ServerAnswer::read(&good, Method::Allocate, id), None);
    }
}
