//! Whoever a host mutes or removes is out at once, whatever their client does: nothing of theirs arrives
//! behind anything that was sent after the answer.

use tok::backends::media::{LocalMedia, Media};

use crate::media::{ROOM, enter, media, until};
use crate::media_weather::offer_of;
use crate::support::media_client::{MediaClient, picture};

/// What the packets of Ada, who is muted or removed, end with; and those of Eve after that.
const VOICE: u8 = 1;
const FACE: u8 = 2;
const AFTER: u8 = 3;
const BEFORE: u8 = 4;

/// Sends a packet of a voice and one of a picture.
fn send(client: &mut MediaClient, number: u16, [voice, face]: [u8; 2]) {
    client.speak(-60, &[voice; 40]);
    let width = number.is_multiple_of(5).then_some(640);
    let mut picture = picture(width, number, 200);
    picture.push(face);
    client.show(None, &picture);
}

/// What came of Ada's voice and picture behind the first packet that Eve sent after the word had been
/// answered. One thread forwards both, and what one port sends another keeps its order.
async fn behind(word: impl FnOnce(&LocalMedia)) -> [u64; 2] {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let mut eve = enter(&media, "eve", true, false).await;
    let mut all = [&mut ada, &mut bob, &mut eve];
    let mut number = 0;
    let mut beat = |all: &mut [&mut Box<MediaClient>], eves: u8| {
        number += 1;
        if !all[0].closed {
            send(all[0], number, [VOICE, FACE]);
        }
        send(all[2], number, [eves; 2]);
    };
    until(
        &mut all,
        |all| beat(all, BEFORE),
        |all| {
            [VOICE, FACE, BEFORE]
                .iter()
                .all(|mark| all[1].marked(*mark) > 20)
        },
    );
    word(&media);
    // The thread takes orders in turn: when this one is answered, the word was.
    let (_, sdp) = MediaClient::new(false, 1);
    media.offer(offer_of("zoe", sdp)).await.expect("answered");
    until(
        &mut all,
        |all| beat(all, AFTER),
        |all| all[1].marked(AFTER) > 0,
    );
    let then = [VOICE, FACE].map(|mark| all[1].marked(mark));
    until(
        &mut all,
        |all| beat(all, AFTER),
        |all| all[1].marked(AFTER) > 200,
    );
    let now = [VOICE, FACE].map(|mark| all[1].marked(mark));
    [now[0] - then[0], now[1] - then[1]]
}

#[tokio::test]
async fn nothing_of_a_muted_voice_comes_after_the_answer() {
    let [voice, face] = behind(|media| media.mute(ROOM, "ada", true)).await;
    assert_eq!(voice, 0);
    assert!(face > 20, "the picture goes on: {face}");
}

#[tokio::test]
async fn nothing_of_somebody_who_was_removed_comes_after_the_answer() {
    assert_eq!(behind(|media| media.close(ROOM, "ada")).await, [0, 0]);
}

#[tokio::test]
async fn nothing_of_somebody_who_only_looks_on_now_comes_after_the_answer() {
    assert_eq!(
        behind(|media| media.allow(ROOM, "ada", false)).await,
        [0, 0]
    );
}
