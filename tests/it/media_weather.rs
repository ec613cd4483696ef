//! Bad weather around media that goes through this process: it stops, networks change under clients,
//! strangers send whatever they like.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use tok::Kind;
use tok::backends::media::{Media, MediaOffer};

use crate::media::{ROOM, enter, everybody, good_port, media, ready, until};
use crate::support::media_client::MediaClient;

/// Somebody's offer to be in the room.
pub fn offer_of(name: &str, sdp: String) -> MediaOffer {
    MediaOffer {
        room: ROOM.to_owned(),
        participant: name.to_owned(),
        sends: true,
        sdp,
    }
}

#[tokio::test]
async fn whoever_is_connected_is_told_that_the_server_stops_and_nobody_else_is_answered() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut all = [&mut ada, &mut bob];
    until(&mut all, |_| {}, ready);
    media.shut().await;
    assert!(!media.is_open(ROOM));
    // Their own patience would be half a minute, as long as the test's.
    until(&mut all, |_| {}, |all| all.iter().all(|one| one.closed));
    let (_, sdp) = MediaClient::new(false, 1);
    let refusal = media.offer(offer_of("eve", sdp)).await;
    let refusal = refusal.expect_err("it is gone");
    assert_eq!(refusal.kind(), Kind::Unavailable, "{refusal}");
    media.shut().await;
}

#[tokio::test]
async fn a_client_goes_on_from_another_port() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut all = [&mut ada, &mut bob];
    let mut number = 0;
    let both = |more: [u64; 2]| {
        move |all: &[&mut Box<MediaClient>]| {
            all[1].from("ada", "microphone").packets > more[1]
                && all[0].from("bob", "microphone").packets > more[0]
        }
    };
    until(&mut all, |all| everybody(all, &mut number), both([20, 20]));
    for _ in 0..2 {
        let since = Instant::now();
        // Held, so that nobody else gets it.
        let _held = all[0].move_away();
        let before = [(0, "bob"), (1, "ada")].map(|(of, from)| all[of].from(from, "microphone"));
        let more = before.map(|of| of.packets + 50);
        until(&mut all, |all| everybody(all, &mut number), both(more));
        // The library alone leaves the old address after 15 s.
        let took = since.elapsed();
        assert!(took < Duration::from_secs(11), "{took:?}");
    }
    assert!(!all[0].closed);
}

/// What a stranger, or somebody in the name of a client, may send: what looks like STUN, DTLS, RTP and
/// RTCP, and is none.
fn junk(number: u16) -> Vec<Vec<u8>> {
    let mut chaos = u32::from(number) + 1;
    let mut noise = |length: usize| -> Vec<u8> {
        let byte = |_| {
            chaos = chaos.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            chaos.to_be_bytes()[0]
        };
        (0..length).map(byte).collect()
    };
    let mut all = Vec::new();
    for first in [0, 20, 21, 22, 23, 25, 63, 128, 144] {
        for length in [0, 11, 12, 13, 40, 300] {
            let mut one = vec![first];
            one.extend(noise(length));
            all.push(one);
        }
    }
    // Records of DTLS 1.2 with a right length: an alert, a handshake, a change of cipher, data.
    for kind in [20, 21, 22, 23] {
        let mut one = vec![kind, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 40];
        one.extend(noise(40));
        all.push(one);
    }
    // A fatal alert in the clear: that it ends (RFC 5246, 7.2).
    all.push(vec![21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40]);
    all.push(vec![21, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 1, 0]);
    // RTCP of a known shape, BYE and PLI, of nobody.
    all.push(vec![0x81, 203, 0, 1, 1, 2, 3, 4]);
    all.push(vec![0x81, 206, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8]);
    all
}

/// Sends junk from one of these places while people talk. Gives how many packets they missed.
async fn talk_under(junk_from: impl Fn(&[&mut Box<MediaClient>]) -> UdpSocket) -> u64 {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let port = good_port(&media).await;
    let mut all = [&mut ada, &mut bob];
    until(&mut all, |_| {}, ready);
    let from = junk_from(&all);
    let (mut number, mut came) = (0, 0);
    until(
        &mut all,
        |all| {
            everybody(all, &mut number);
            // Where nothing came since, much waits to be read: more of it would be lost, also of what is good.
            let now = all[0].from("bob", "camera").packets;
            if std::mem::replace(&mut came, now) == now {
                return;
            }
            for one in junk(number) {
                from.send_to(&one, port).expect("sends");
            }
        },
        |all| {
            all[0].from("bob", "camera").packets > 100 && all[1].from("ada", "camera").packets > 100
        },
    );
    assert!(all.iter().all(|one| !one.closed));
    all[0].from("bob", "camera").jumps + all[1].from("ada", "camera").jumps
}

#[tokio::test]
async fn a_strangers_junk_changes_nothing() {
    let stranger = |_: &[&mut Box<MediaClient>]| UdpSocket::bind("127.0.0.1:0").expect("a port");
    assert_eq!(talk_under(stranger).await, 0);
}

#[tokio::test]
async fn junk_in_the_name_of_a_client_changes_nothing() {
    // As whoever forges the address that packets come from.
    assert_eq!(talk_under(|all| all[0].bare()).await, 0);
}
