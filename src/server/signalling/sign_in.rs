//! People who come with a token that they signed in with elsewhere: known as long as that is good.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::socket::Connection;
use super::{LiveRooms, connected_people, refuse_token};
use crate::commands::participant::identify::Identity;
use crate::error::{Error, Kind, Reason, Result};
use crate::server::v1::arrive;

/// The longest time between two looks at the clock: one that is set right must not be waited for.
const LOOK: Duration = Duration::from_mins(1);
/// How long a client has to hear why its connection ends.
const LAST_WORD: Duration = Duration::from_millis(250);

/// Somebody connected with such a token: they are present, and told what waits for them, until it
/// ends.
pub(super) async fn meet(live: Arc<LiveRooms>, connection: Arc<Connection>) {
    if let Err(error) = meet_person(&live, &connection).await {
        refuse_token(&connection, &error);
    }
}

async fn meet_person(live: &Arc<LiveRooms>, connection: &Arc<Connection>) -> Result<()> {
    let headers = &connection.socket().req_parts().headers;
    let Some(person) = connection
        .sign_in
        .person(&live.app, headers, connection.address)
        .await?
    else {
        return Ok(());
    };
    tokio::spawn(end_at(live.clone(), connection.clone(), person.expires_at));
    if let Err(error) = arrive(&live.context, &person).await {
        tracing::warn!(user = %person.user, %error, "somebody who signed in is no user yet");
    }
    let identity = Identity::of_signed_in(&person);
    connected_people::arrived(&live.context, &live.people, connection, identity).await;
    Ok(())
}

/// Ends a connection with the token that it came with.
async fn end_at(live: Arc<LiveRooms>, connection: Arc<Connection>, end: Timestamp) {
    loop {
        if connection.is_over() {
            return;
        }
        let left = end.duration_since(live.context.clock.now());
        let Ok(left) = Duration::try_from(left) else {
            break;
        };
        if left.is_zero() {
            break;
        }
        tokio::time::sleep(left.min(LOOK)).await;
    }
    let what = "the time of the sign-in token has run out; connect with a fresh one";
    let error = Error::new(Kind::Unauthenticated, what).reason(Reason::TokenExpired);
    refuse_token(&connection, &error);
    tokio::time::sleep(LAST_WORD).await;
    connection.end();
}
