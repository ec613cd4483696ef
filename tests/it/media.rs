//! Media that goes through this process, with clients that speak to it as browsers do.

use std::net::UdpSocket;
use std::time::{Duration, Instant};

use serde_json::json;
use tok::Kind;
use tok::backends::media::{LocalMedia, Media, MediaOffer};

use crate::support::media_client::{MediaClient, RENDITIONS, picture, settings};

pub const ROOM: &str = "room";
/// However slow the machine, what has not come by then does not come.
const LIMIT: Duration = Duration::from_secs(30);

pub fn media() -> LocalMedia {
    LocalMedia::new(settings())
}

pub async fn enter(
    media: &LocalMedia,
    name: &str,
    sends: bool,
    simulcasts: bool,
) -> Box<MediaClient> {
    let (mut client, sdp) = MediaClient::new(simulcasts, 3);
    let offer = MediaOffer {
        room: ROOM.to_owned(),
        participant: name.to_owned(),
        sends,
        sdp,
    };
    client.take_answer(&media.offer(offer).await.expect("answered"));
    Box::new(client)
}

/// Between two packets of a voice.
const BEAT: Duration = Duration::from_millis(20);

/// Drives all until it is so; `beat` is done every 20 ms, as packets of a voice are sent. Those that a
/// busy machine missed are left out: sent all at once they would run over.
pub fn until(
    clients: &mut [&mut Box<MediaClient>],
    mut beat: impl FnMut(&mut [&mut Box<MediaClient>]),
    so: impl Fn(&[&mut Box<MediaClient>]) -> bool,
) {
    let (end, mut next) = (Instant::now() + LIMIT, Instant::now());
    while !so(clients) {
        assert!(Instant::now() < end, "it never came");
        for client in clients.iter_mut() {
            client.turn();
        }
        let now = Instant::now();
        if now >= next {
            next = now.max(next + BEAT);
            beat(clients);
        }
    }
}

pub fn ready(clients: &[&mut Box<MediaClient>]) -> bool {
    let people = |client: &MediaClient| {
        client
            .word("tracks")
            .map_or(0, |word| word["people"].as_array().map_or(0, Vec::len))
    };
    clients
        .iter()
        .all(|client| client.connected && people(client) == clients.len())
}

/// Everybody speaks and shows a picture, which says whose it is.
pub fn everybody(clients: &mut [&mut Box<MediaClient>], number: &mut u16) {
    *number += 1;
    for (at, client) in clients.iter_mut().enumerate() {
        let mark = u8::try_from(at).expect("few");
        client.speak(-60, &[mark; 40]);
        let width = number.is_multiple_of(5).then_some(640);
        let mut picture = picture(width, *number, 200);
        picture.push(mark);
        client.show(None, &picture);
    }
}

#[tokio::test]
async fn everybody_is_seen_and_heard_by_all_others() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut eve = enter(&media, "eve", false, false).await;
    assert!(media.is_open(ROOM) && !media.is_open("another"));
    let mut all = [&mut ada, &mut bob, &mut eve];
    until(&mut all, |_| {}, ready);
    let mut number = 0;
    until(
        &mut all,
        |all| everybody(all, &mut number),
        |all| {
            let got = |to: usize, from: &str| {
                all[to].from(from, "microphone").packets > 50
                    && all[to].from(from, "camera").packets > 50
            };
            got(0, "bob") && got(1, "ada") && got(2, "ada") && got(2, "bob")
        },
    );
    for (to, from, mark) in [(0, "bob", 1), (1, "ada", 0), (2, "bob", 1)] {
        let (heard, seen) = (
            all[to].from(from, "microphone"),
            all[to].from(from, "camera"),
        );
        assert_eq!(
            (heard.last.last(), seen.last.last()),
            (Some(&mark), Some(&mark))
        );
        assert_eq!(
            (heard.jumps, seen.jumps),
            (0, 0),
            "numbers follow each other"
        );
    }
    // Who only looks on is neither seen nor heard, whatever their client sends.
    assert_eq!(all[0].section_of("eve", "camera"), None);
    assert!(
        all.iter()
            .all(|client| client.received.values().map(|of| of.packets).sum::<u64>() > 100)
    );
    assert_eq!(
        all[0].section_of("ada", "camera"),
        None,
        "nobody sees themselves"
    );
}

/// Packets of one from another in the time after a word was given, and what came before it.
async fn after(media: &LocalMedia, word: impl FnOnce(&LocalMedia), source: &str) -> (u64, u64) {
    let mut ada = enter(media, "ada", true, false).await;
    let mut bob = enter(media, "bob", true, false).await;
    let mut all = [&mut ada, &mut bob];
    let mut number = 0;
    until(
        &mut all,
        |all| everybody(all, &mut number),
        |all| all[1].from("ada", source).packets > 20,
    );
    let of_source = |all: &[&mut Box<MediaClient>]| {
        let audio = source == "microphone";
        let kind = if audio { &all[1].audio } else { &all[1].video };
        kind.iter()
            .filter_map(|mid| all[1].received.get(mid))
            .map(|of| of.packets)
            .sum::<u64>()
    };
    word(media);
    // The thread takes orders in turn: when this one is answered, the word was. What it sent before is read.
    good_port(media).await;
    all[1].turn();
    let said = Instant::now();
    let passed =
        |millis| move |_: &[&mut Box<MediaClient>]| said.elapsed() > Duration::from_millis(millis);
    // The bar: nothing a tenth of a second after the word.
    until(&mut all, |all| everybody(all, &mut number), passed(100));
    let then = of_source(&all);
    // Whose picture goes on is seen, however slow the machine.
    let seen = |all: &[&mut Box<MediaClient>]| all[1].from("ada", "camera").packets > 50;
    let enough = |all: &[&mut Box<MediaClient>]| {
        passed(1100)(all) && (source == "camera" || all[0].closed || seen(all))
    };
    until(&mut all, |all| everybody(all, &mut number), enough);
    let other = if source == "camera" {
        0
    } else {
        all[1].from("ada", "camera").packets
    };
    (of_source(&all) - then, other)
}

#[tokio::test]
async fn who_is_muted_is_not_heard_whatever_their_client_does() {
    let media = media();
    let (heard, seen) = after(&media, |media| media.mute(ROOM, "ada", true), "microphone").await;
    assert_eq!(heard, 0);
    assert!(seen > 50, "the picture goes on");
}

#[tokio::test]
async fn who_is_removed_is_neither_seen_nor_heard() {
    let media = media();
    assert_eq!(
        after(&media, |media| media.close(ROOM, "ada"), "microphone")
            .await
            .0,
        0
    );
    let media = self::media();
    assert_eq!(
        after(&media, |media| media.close(ROOM, "ada"), "camera")
            .await
            .0,
        0
    );
}

#[tokio::test]
async fn who_may_not_be_seen_any_more_is_not() {
    let media = media();
    let (seen, _) = after(&media, |media| media.allow(ROOM, "ada", false), "camera").await;
    assert_eq!(seen, 0);
}

#[tokio::test]
async fn who_is_let_speak_again_is_heard_again_and_told() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut all = [&mut ada, &mut bob];
    let mut number = 0;
    media.mute(ROOM, "ada", true);
    let told = |muted: bool| {
        move |all: &[&mut Box<MediaClient>]| {
            all[0]
                .word("muted")
                .is_some_and(|word| word["muted"] == muted)
        }
    };
    until(&mut all, |all| everybody(all, &mut number), told(true));
    until(
        &mut all,
        |all| everybody(all, &mut number),
        |all| all[1].from("ada", "camera").packets > 20,
    );
    assert_eq!(all[1].section_of("ada", "microphone"), None);
    media.mute(ROOM, "ada", false);
    until(&mut all, |all| everybody(all, &mut number), told(false));
    until(
        &mut all,
        |all| everybody(all, &mut number),
        |all| all[1].from("ada", "microphone").packets > 5,
    );
}

#[tokio::test]
async fn a_picture_comes_as_large_as_it_is_shown_and_what_nobody_sees_is_not_asked_for() {
    let media = media();
    let mut ada = enter(&media, "ada", true, true).await;
    let mut bob = enter(&media, "bob", true, true).await;
    let mut all = [&mut ada, &mut bob];
    until(&mut all, |_| {}, ready);
    let mut number = 0;
    // Each rendition says its number; a picture stands for itself when one was asked for.
    let mut beat = |all: &mut [&mut Box<MediaClient>]| {
        number += 1;
        let asked = std::mem::take(&mut all[0].key_frames_asked) > 0;
        for (at, rendition) in RENDITIONS.into_iter().enumerate() {
            let width = asked.then_some(320 << at);
            let mut picture = picture(width, number, 100);
            picture.push(u8::try_from(at).expect("few"));
            all[0].show(Some(rendition), &picture);
        }
    };
    for (width, rendition) in [(100, 0), (1200, 2), (500, 1)] {
        let wish = json!({ "participant": "ada", "source": "camera", "width": width });
        all[1].say(&json!({ "type": "wishes", "videos": [wish] }));
        until(&mut all, &mut beat, |all| {
            all[1].from("ada", "camera").last.last() == Some(&rendition)
        });
        until(&mut all, &mut beat, |all| {
            let told = all[0]
                .word("renditions")
                .map(|word| word["highest"]["camera"].clone());
            told == Some(json!(rendition))
        });
    }
    assert_eq!(
        all[1].from("ada", "camera").jumps,
        0,
        "one stream to the receiver"
    );
    // Whom nobody looks at.
    all[1].say(&json!({ "type": "wishes", "videos": [] }));
    until(&mut all, &mut beat, |all| {
        all[0]
            .word("renditions")
            .is_some_and(|word| word["highest"] == json!({}))
    });
    assert_eq!(all[1].section_of("ada", "camera"), None);
}

#[tokio::test]
async fn who_speaks_is_told() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut all = [&mut ada, &mut bob];
    until(&mut all, |_| {}, ready);
    let speak = |loud: [i8; 2]| {
        move |all: &mut [&mut Box<MediaClient>]| {
            for (client, loud) in all.iter_mut().zip(loud) {
                client.speak(loud, &[1; 40]);
            }
        }
    };
    let says = |ids: serde_json::Value| {
        move |all: &[&mut Box<MediaClient>]| {
            all[1]
                .word("speakers")
                .is_some_and(|word| word["ids"] == ids)
        }
    };
    until(&mut all, speak([-10, -70]), says(json!(["ada"])));
    until(&mut all, speak([-70, -10]), says(json!(["bob"])));
    until(&mut all, speak([-70, -70]), says(json!([])));
}

#[tokio::test]
async fn another_connection_of_the_same_person_takes_the_place_of_the_first() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    until(&mut [&mut ada, &mut bob], |_| {}, ready);
    let mut again = enter(&media, "ada", true, false).await;
    until(&mut [&mut again, &mut bob], |_| {}, ready);
    until(&mut [&mut ada], |_| {}, |all| all[0].closed);
}

#[tokio::test]
async fn junk_and_odd_offers_harm_nobody() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    until(&mut [&mut ada, &mut bob], |_| {}, ready);
    let (_, good) = MediaClient::new(true, 3);
    let port = good_port(&media).await;
    let junk = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let mut number = 0;
    let mut all = [&mut ada, &mut bob];
    let mut chaos = 12_345_u32;
    until(
        &mut all,
        |all| {
            everybody(all, &mut number);
            for length in [0, 1, 12, 20, 200, 1400] {
                let bytes: Vec<u8> = (0..length)
                    .map(|_| {
                        chaos = chaos.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                        chaos.to_be_bytes()[0]
                    })
                    .collect();
                // The first byte says what it pretends to be: STUN, DTLS, RTP.
                for kind in [0, 22, 128, 255] {
                    let mut bytes = bytes.clone();
                    if let Some(first) = bytes.first_mut() {
                        *first = kind;
                    }
                    junk.send_to(&bytes, port).expect("sends");
                }
            }
        },
        |all| all[0].from("bob", "microphone").packets > 50,
    );
    for (n, line) in good.lines().enumerate() {
        let without: Vec<_> = good
            .lines()
            .enumerate()
            .filter(|(at, _)| *at != n)
            .map(|(_, line)| line)
            .collect();
        let odd = [
            without.join("\r\n"),
            good.replacen(line, "a=rid:\u{0} send", 1),
            good.replacen(line, &line.repeat(3), 1),
        ];
        for sdp in odd {
            let participant = format!("odd-{n}");
            let offer = MediaOffer {
                room: "odd".to_owned(),
                participant,
                sends: true,
                sdp,
            };
            if let Err(error) = media.offer(offer).await {
                assert_eq!(error.kind(), Kind::InvalidInput, "{error}");
            }
        }
    }
    for sdp in [
        "",
        "v=0",
        &"m=audio 9 X 0\r\n".repeat(1000),
        &"x".repeat(1_000_000),
    ] {
        let offer = MediaOffer {
            room: ROOM.to_owned(),
            participant: "odd".to_owned(),
            sends: true,
            sdp: sdp.to_owned(),
        };
        assert_eq!(
            media.offer(offer).await.expect_err("no offer").kind(),
            Kind::InvalidInput
        );
    }
    let before = all[0].from("bob", "microphone").packets;
    until(
        &mut all,
        |all| everybody(all, &mut number),
        |all| all[0].from("bob", "microphone").packets > before + 20,
    );
}

/// Where media comes in.
pub async fn good_port(media: &LocalMedia) -> std::net::SocketAddr {
    let (_, sdp) = MediaClient::new(false, 1);
    let offer = MediaOffer {
        room: "elsewhere".to_owned(),
        participant: "x".to_owned(),
        sends: true,
        sdp,
    };
    let answer = media.offer(offer).await.expect("answered");
    let candidate = answer
        .lines()
        .find(|line| line.starts_with("a=candidate:"))
        .expect("one");
    let parts: Vec<_> = candidate.split(' ').collect();
    format!("{}:{}", parts[4], parts[5])
        .parse()
        .expect("an address")
}
