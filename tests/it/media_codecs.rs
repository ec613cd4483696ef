//! Clients that have no codec in common, and pictures whose larger sizes stop.

use serde_json::json;
use tok::Kind;
use tok::backends::media::Media;

use crate::media::{ROOM, enter, media, until};
use crate::media_weather::offer_of;
use crate::support::media_client::{MediaClient, RENDITIONS, picture};

/// As of a browser that has another codec in the place of this one.
fn without(sdp: &str, codec: &str) -> String {
    let other = if codec == "opus" { "G722/" } else { "VP9/" };
    sdp.replace(&format!("{codec}/"), other)
}

#[tokio::test]
async fn who_cannot_decode_a_picture_is_told_and_the_others_see_it() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    // Eve's browser has H.264 only; Ada and Bob send VP8.
    let (eve, sdp) = MediaClient::with_h264(3);
    let mut eve = Box::new(eve);
    let answer = media.offer(offer_of("eve", without(&sdp, "VP8"))).await;
    eve.take_answer(&answer.expect("answered"));
    let mut all = [&mut ada, &mut bob, &mut eve];
    let mut number = 0;
    let mut beat = |all: &mut [&mut Box<MediaClient>]| {
        number += 1;
        for client in all.iter_mut().take(2) {
            client.speak(-60, &[1; 40]);
            let width = number % 5 == 0;
            client.show(None, &picture(width.then_some(640), number, 200));
        }
    };
    let told = |all: &[&mut Box<MediaClient>]| {
        let word = all[2].word("tracks").cloned().unwrap_or_default();
        let one = json!({ "participant": "ada", "source": "camera", "codec": "VP8" });
        word["undecodable"]
            .as_array()
            .is_some_and(|all| all.contains(&one))
    };
    until(&mut all, &mut beat, |all| {
        told(all)
            && all[1].from("ada", "camera").packets > 50
            && all[2].from("ada", "microphone").packets > 50
    });
    assert_eq!(all[2].section_of("ada", "camera"), None);
    let pictures = |mid| all[2].received.get(mid).map_or(0, |of| of.packets);
    assert_eq!(all[2].video.iter().map(pictures).sum::<u64>(), 0);
    assert!(all.iter().all(|client| !client.closed));
    let word = all[1].word("tracks").expect("told");
    assert_eq!(word.get("undecodable"), None, "{word}");
}

#[tokio::test]
async fn an_offer_without_any_codec_of_ours_is_refused_and_harms_nobody() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    let (_, sdp) = MediaClient::new(false, 1);
    for (codec, hint) in [("VP8", "VP8 or H264"), ("opus", "opus")] {
        let refusal = media.offer(offer_of("eve", without(&sdp, codec))).await;
        let refusal = refusal.expect_err("nothing in common");
        assert_eq!(refusal.kind(), Kind::InvalidInput);
        assert!(refusal.to_string().contains(hint), "{refusal}");
    }
    let mut all = [&mut ada, &mut bob];
    let mut number = 0;
    until(
        &mut all,
        |all| crate::media::everybody(all, &mut number),
        |all| all[1].from("ada", "camera").packets > 20,
    );
    assert!(media.is_open(ROOM));
}

#[tokio::test]
async fn when_larger_sizes_stop_the_smaller_one_comes_until_they_are_back() {
    let media = media();
    let mut ada = enter(&media, "ada", true, true).await;
    let mut bob = enter(&media, "bob", true, true).await;
    let mut all = [&mut ada, &mut bob];
    let (mut number, mut beats) = (0, 0_u32);
    let mut send = |all: &mut [&mut Box<MediaClient>], highest: usize| {
        number += 1;
        let asked = std::mem::take(&mut all[0].key_frames_asked) > 0;
        for (at, rendition) in RENDITIONS.into_iter().enumerate().take(highest + 1) {
            let mut picture = picture(asked.then_some(320 << at), number, 100);
            picture.push(u8::try_from(at).expect("few"));
            all[0].show(Some(rendition), &picture);
        }
    };
    let comes = |rendition: u8| {
        move |all: &[&mut Box<MediaClient>]| {
            all[1].from("ada", "camera").last.last() == Some(&rendition)
        }
    };
    until(&mut all, |_| {}, crate::media::ready);
    let wish = json!({ "participant": "ada", "source": "camera", "width": 1200 });
    all[1].say(&json!({ "type": "wishes", "videos": [wish] }));
    until(&mut all, |all| send(all, 2), comes(2));
    // Ada's line gets narrow: her browser stops the larger sizes without a word.
    until(
        &mut all,
        |all| {
            beats += 1;
            send(all, 0);
        },
        comes(0),
    );
    // Fifty a second: it takes 1.5 s to notice, and a key frame; the bar is about 2 s.
    assert!(beats < 200, "the smaller one came after {beats} pictures");
    until(&mut all, |all| send(all, 2), comes(2));
    let seen = all[1].from("ada", "camera");
    assert_eq!(seen.jumps, 0, "numbers follow each other all the time");
}
