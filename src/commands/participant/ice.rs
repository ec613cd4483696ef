//! The servers that help browsers find a way to each other.

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use secrecy::ExposeSecret;
use serde::Serialize;
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::meeting::{Actor, Credential};
use crate::model::settings::LiveSettings;
use crate::model::{PageRequest, RoomName};

/// An `RTCIceServer` as browsers take it.
#[derive(Clone, Serialize, ToSchema)]
pub struct IceServer {
    /// Its addresses.
    pub urls: Vec<String>,
    /// The name to use, with the Unix time at which it is good no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// What belongs to it. A secret of the participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Input {
    /// The room they are in.
    pub room: RoomName,
    /// Who they are there.
    pub by: Actor,
}

/// The servers for somebody in a room who asks for them.
///
/// # Errors
/// [`Kind::Conflict`](crate::Kind::Conflict), [`Kind::Forbidden`](crate::Kind::Forbidden) for whoever
/// is not in the room, [`Kind::NotFound`](crate::Kind::NotFound).
pub async fn run(context: &Context, input: Input) -> Result<Vec<IceServer>> {
    let id = match &input.by {
        Actor::Seated { id, .. } | Actor::Keyed(Credential { id, .. }) => id,
        Actor::Operator => return Err(Error::invalid("an operator is in no room")),
    };
    // Whoever may read what is written there is inside.
    let page = PageRequest::checked(Some(1), None)?;
    let meetings = &context.meetings;
    meetings.messages(&input.room, &input.by, &page).await?;
    Ok(servers(&context.live, context.clock.now(), id))
}

/// How often whoever is inside gets fresh credentials: well before those that they have end. Nothing
/// where there are none.
pub fn renewal(context: &Context) -> Option<Duration> {
    let live = &context.live;
    let has_turn = live.turn_secret.is_some() && !live.turn_urls.is_empty();
    has_turn.then(|| (live.turn_ttl.0 / 2).max(Duration::from_secs(1)))
}

/// The servers for `participant`, with credentials that are good for `signalling.turn_ttl`: the
/// scheme of "A REST API For Access To TURN Services" (draft-uberti-behave-turn-rest), as coturn's
/// `use-auth-secret` has it.
pub fn servers(live: &LiveSettings, now: Timestamp, participant: &str) -> Vec<IceServer> {
    let mut servers = Vec::new();
    if !live.stun_urls.is_empty() {
        servers.push(IceServer {
            urls: live.stun_urls.clone(),
            username: None,
            credential: None,
        });
    }
    let Some(secret) = live
        .turn_secret
        .as_ref()
        .filter(|_| !live.turn_urls.is_empty())
    else {
        return servers;
    };
    let life = SignedDuration::try_from(live.turn_ttl.0).unwrap_or(SignedDuration::MAX);
    let until = now.saturating_add(life).unwrap_or(now).as_second();
    let username = format!("{until}:{participant}");
    let key = hmac::Key::new(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        secret.expose_secret().as_bytes(),
    );
    let credential = STANDARD.encode(hmac::sign(&key, username.as_bytes()));
    servers.push(IceServer {
        urls: live.turn_urls.clone(),
        username: Some(username),
        credential: Some(credential),
    });
    servers
}
