//! Media over bad lines.

use std::time::Duration;

use crate::media::{enter, media, until};
use crate::support::media_client::{MediaClient, picture};
use crate::support::media_line::Line;

#[tokio::test]
async fn what_is_lost_on_the_way_is_sent_again() {
    let media = media();
    let mut ada = enter(&media, "ada", true, false).await;
    let mut bob = enter(&media, "bob", true, false).await;
    bob.line = Some(Line::new(50, Duration::from_millis(50)));
    let mut all = [&mut ada, &mut bob];
    let mut number = 0;
    let all_came = |bob: &MediaClient| {
        let came = bob.from("ada", "camera");
        let enough = came.first + 400;
        came.sequence.is_some_and(|last| last > enough)
            && came.missing.range(..enough).next().is_none()
    };
    until(
        &mut all,
        |all| {
            number += 1;
            let asked = std::mem::take(&mut all[0].key_frames_asked) > 0;
            let width = (asked || number == 1).then_some(640);
            all[0].show(None, &picture(width, number, 300));
        },
        |all| all_came(all[1]),
    );
    let late = all[1].from("ada", "camera").late;
    assert!(late > 5, "some were lost at first: {late}");
}
