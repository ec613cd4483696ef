//! Meetings over a store that does not always say what became of a commit, or what became of a room.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tok::Kind;
use tok::backends::documents::{Cursor, Event, Write};
use tok::commands::room;
use tok::context::Context;
use tok::meeting::{MeetingSettings, Meetings};
use tok::model::Room;
use tok::model::happening::Happening;
use tok::model::meeting::Newcomer;

use crate::silent::{Chair, Silent};
use crate::support::context;
use crate::support::meddled::{Meddling, meddle, tell, write_before_fence};

const HEADS: &str = "tok_meetings";
/// Longer than anybody takes to see that a room is gone.
const LONG: Duration = Duration::from_mins(1);

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

async fn create(context: &Context, name: &str) -> Room {
    let input = room::create::Input {
        name: Some(name.to_owned()),
        ..room::create::Input::default()
    };
    room::create::run(context, input).await.expect("a room")
}

async fn delete(context: &Context, name: &str) {
    let input = room::delete::Input {
        names: vec![name.to_owned()],
        ..room::delete::Input::default()
    };
    let plan = room::delete::plan(context, input).expect("plans");
    let report = room::delete::apply(context, plan).await.expect("deletes");
    assert_eq!(report.failed, 0, "{report:?}");
}

/// Meetings in the store of this context.
fn meetings_over(context: &Context) -> Meetings {
    let settings = MeetingSettings {
        grace: Duration::from_mins(1),
        longest_message: 1000,
        kept_messages: 0,
        room_size: 10,
        heartbeat: Duration::from_mins(1),
        page_size: 1_000_000,
    };
    Meetings::new(
        context.documents.clone(),
        context.seal.clone(),
        context.clock.clone(),
        context.random.clone(),
        settings,
        None,
        Arc::default(),
    )
}

#[tokio::test]
async fn who_is_told_that_they_did_not_come_in_is_not_in() {
    let (context, _dir) = context(&[]);
    let room = create(&context, "doubt").await;
    let meddled = meddle(&context, "tok_participants", [Meddling::Unanswered]);
    let meetings = meetings_over(&meddled);
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

/// It has no head, of whose end a store could tell.
#[tokio::test(start_paused = true)]
async fn a_room_that_nobody_entered_is_followed_until_it_is_gone() {
    let (context, _dir) = context(&[]);
    // As a store tells it that begins each watch with the whole state.
    let whole = vec![Event::Reset, Event::Current(Cursor("1".to_owned()))];
    let stores = [
        ("changes", context.clone()),
        ("whole", tell(&context, HEADS, whole)),
    ];
    for (name, store) in stores {
        let room = create(&context, name).await;
        let meetings = meetings_over(&store);
        let mut happenings = meetings.follow(&room.name, None).await.expect("follows");
        let begin = happenings.next().await.expect("begins").expect("reads");
        assert_eq!(begin.happening, None);
        let more = tokio::time::timeout(LONG, happenings.next()).await;
        assert!(more.is_err(), "{name}: {more:?}");
        delete(&context, name).await;
        let end = tokio::time::timeout(LONG, happenings.next()).await;
        let end = end.unwrap_or_else(|_| panic!("{name}: it is told"));
        assert!(end.is_none(), "{name}: {end:?}");
    }
}

#[tokio::test]
async fn a_room_that_goes_just_before_it_is_followed_is_not_found() {
    let (context, _dir) = context(&[]);
    let room = create(&context, "brief").await;
    let gone = vec![Write::delete("tok_rooms", "local:brief")];
    let meetings = meetings_over(&write_before_fence(&context, HEADS, gone));
    let refused = meetings.follow(&room.name, None).await;
    let refused = refused.err().expect("it is gone");
    assert_eq!(refused.kind(), Kind::NotFound);
}
