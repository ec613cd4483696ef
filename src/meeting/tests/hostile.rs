//! Changed join tokens: none lets anybody in, none breaks anything.

use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;

use super::cluster::Cluster;
use super::*;
use crate::backends::rooms::Tokens as _;
use crate::hostile::tokens::each_changed;
use crate::meeting::{LocalRooms, Meetings};
use crate::model::token::Minter;
use crate::model::{Clock, Grant};
use crate::records::Seal;

/// A clock that stands.
struct Standing;

impl Clock for Standing {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}

fn grant(role: Role, person: &str) -> Grant {
    Grant {
        room: "room-0".parse().expect("a name"),
        room_id: None,
        role,
        user_id: Some(person.to_owned()),
        user_name: Some(person.to_owned()),
        issued_at: Timestamp::UNIX_EPOCH,
        not_before: None,
        expires_at: Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1),
        properties: Map::new(),
        minter: Minter::OPERATOR,
        shared: false,
    }
}

/// Rooms of a store with one, whose tokens they sign.
async fn rooms() -> LocalRooms {
    let cluster = Cluster::of(1, 1, 0).await;
    let documents = Arc::new(cluster.nodes[0].1.clone());
    let (clock, random) = (Arc::new(Standing), Arc::new(Counting::default()));
    let settings = MeetingSettings {
        grace: Duration::from_mins(1),
        longest_message: 100,
        kept_messages: 0,
        room_size: 10,
        heartbeat: Duration::from_mins(1),
        page_size: 1000,
    };
    let meetings = Meetings::new(
        documents.clone(),
        Seal::default(),
        clock.clone(),
        random.clone(),
        settings,
        None,
        Arc::default(),
    );
    let url = "https://calls.example.com".parse().expect("an address");
    LocalRooms::new(
        documents,
        Seal::default(),
        clock,
        random,
        url,
        Arc::new(meetings),
    )
}

#[tokio::test]
async fn of_many_changed_join_tokens_none_is_accepted() {
    let rooms = rooms().await;
    let mut tokens = Vec::new();
    for (role, person) in [
        (Role::Viewer, "ada"),
        (Role::Participant, "ada"),
        (Role::Host, "bob"),
    ] {
        let minted = rooms.mint(&grant(role, person)).await.expect("a token");
        tokens.push(minted.token);
    }
    for token in &tokens {
        assert!(rooms.inspect(token).await.expect("reads").valid);
    }
    let tried = each_changed(&tokens, async |token| match rooms.inspect(token).await {
        Ok(facts) => assert!(!facts.valid, "{token}"),
        Err(error) => assert_eq!(error.kind(), Kind::InvalidInput, "{token}"),
    })
    .await;
    assert!(tried > 1_000, "{tried}");
}
