//! Seats that end with what they stand on, in the runtime's own time.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::sleep;

use super::cluster::Cluster;
use super::silent::Chair;
use super::{anybody, grant};
use crate::model::Role;
use crate::model::meeting::{JoinGrant, Newcomer, SeatSignIn};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).expect("a time")
}

fn by_token(until: i64, key_until: Option<i64>) -> Newcomer {
    Newcomer {
        grant: Some(JoinGrant {
            until: at(until),
            key_until: key_until.map(at),
            ..grant(Role::Participant)
        }),
        ..anybody()
    }
}

fn signed_in(until: i64) -> Newcomer {
    let user = "app:ada".to_owned();
    Newcomer {
        user_id: Some(user.clone()),
        signed_in: Some(SeatSignIn {
            user,
            until: at(until),
            only_looks: false,
        }),
        ..anybody()
    }
}

/// Tokens and sign-ins are good for a minute more, as machines do not agree on the time; keys are not.
#[tokio::test(start_paused = true)]
async fn a_seat_ends_with_what_it_stands_on_while_nobody_does_anything() {
    for (newcomer, end) in [
        (by_token(10, None), 70),
        (by_token(10, Some(100)), 70),
        (by_token(1000, Some(100)), 100),
        (signed_in(20), 80),
    ] {
        // Somebody else is there, and stays.
        let cluster = Cluster::of(1, 1, 1).await;
        let chair = Arc::new(Chair("ada".to_owned()));
        let came = cluster.nodes[0].0.join(&cluster.rooms[0], newcomer, chair);
        came.await.expect("comes in");
        sleep(Duration::from_secs(end - 1)).await;
        assert_eq!(cluster.inside(), [2], "before {end} s");
        sleep(Duration::from_secs(2)).await;
        assert_eq!(cluster.inside(), [1], "after {end} s");
    }
}
