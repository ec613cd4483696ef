//! Meetings over a store that does not always say what became of a commit.

use std::sync::Arc;

use futures_util::StreamExt;
use tok::Kind;
use tok::commands::room;
use tok::meeting::{MeetingSettings, Meetings};
use tok::model::happening::Happening;
use tok::model::meeting::Newcomer;

use crate::silent::{Chair, Silent};
use crate::support::context;
use crate::support::meddled::{Meddling, meddle};

fn newcomer(name: &str) -> Newcomer {
    Newcomer {
        name: Some(name.to_owned()),
        returning: None,
        must_return: false,
        user_id: None,
        grant: None,
        signed_in: None,
        network: None,
    }
}

#[tokio::test]
async fn who_is_told_that_they_did_not_come_in_is_not_in() {
    let (context, _dir) = context(&[]);
    let input = room::create::Input {
        name: Some("doubt".to_owned()),
        ..room::create::Input::default()
    };
    let room = room::create::run(&context, input).await.expect("a room");
    let documents = meddle(&context, "tok_participants", [Meddling::Unanswered]).documents;
    let settings = MeetingSettings {
        grace: std::time::Duration::from_mins(1),
        longest_message: 1000,
        kept_messages: 0,
        room_size: 10,
        heartbeat: std::time::Duration::from_mins(1),
        page_size: 1_000_000,
    };
    let (clock, random) = (context.clock.clone(), context.random.clone());
    let meetings = Meetings::new(
        documents,
        context.seal.clone(),
        clock,
        random,
        settings,
        None,
        Arc::default(),
    );
    meetings.serve(Arc::new(Silent));
    let mut happenings = meetings.follow(&room.name, None).await.expect("follows");

    let chair = Arc::new(Chair("one".to_owned()));
    let refused = meetings.join(&room, newcomer("Ghost"), chair.clone()).await;
    let refused = refused.expect_err("the answer was lost");
    assert_eq!(refused.kind(), Kind::Unavailable);
    // The same client tries again at once, which must not send it out again.
    let admission = meetings.join(&room, newcomer("Ada"), chair).await;
    let admission = admission.expect("comes in");
    let mut told = Vec::new();
    while !told
        .iter()
        .any(|happening| matches!(happening, Happening::Left { .. }))
    {
        let next = happenings.next().await.expect("goes on").expect("reads");
        told.extend(next.happening);
    }
    let people = meetings.people(&room.name).await.expect("reads");
    let inside: Vec<_> = people.iter().filter(|person| person.is_inside()).collect();
    assert_eq!(inside.len(), 1, "{people:?}");
    assert_eq!(
        (inside[0].id.as_str(), inside[0].is_host()),
        (admission.id.as_str(), true)
    );
}
