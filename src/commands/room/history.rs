//! What happened in a room: who came, who went and why, when it was locked, and the calls that took place in
//! it.
//!
//! It is told from sessions and past calls, which are kept anyway. Who was refused at the door is in the log
//! only: whoever knocks must not be able to fill the store.

use futures_util::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::commands::session;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, CallState};
use crate::model::chat::OPERATOR;
use crate::model::meeting::Departure;
use crate::model::session::{LockChange, Session};
use crate::model::{BackendName, RoomName};
use crate::records::{LIVE_CALLS, PAST_CALLS};

/// Of which room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: String,
    /// Where it is; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Only what happened since then.
    pub since: Option<Timestamp>,
}

/// What can happen to a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RoomEvent {
    /// A call began to ring.
    Rang,
    /// It was answered.
    Answered,
    /// Nobody answered it in time.
    Missed,
    /// The callee did not want it, or the caller gave up.
    NotAnswered,
    /// Somebody came in.
    Joined,
    /// Nobody new came in from then on.
    Locked,
    /// People came in again.
    Unlocked,
    /// Somebody went.
    Left,
    /// A host or an operator sent somebody out.
    Kicked,
    /// The last one went, or everybody was sent out.
    Ended,
}

impl RoomEvent {
    /// The name in tables and the log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rang => "rang",
            Self::Answered => "answered",
            Self::Missed => "missed",
            Self::NotAnswered => "not answered",
            Self::Joined => "joined",
            Self::Locked => "locked",
            Self::Unlocked => "unlocked",
            Self::Left => "left",
            Self::Kicked => "kicked",
            Self::Ended => "ended",
        }
    }
}

/// One thing that happened in a room.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RoomMoment {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub event: RoomEvent,
    /// The room.
    pub room: String,
    /// The app's id of the person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The name shown in the room.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// The id of the stay, as the log has it, or of the call; `operator` where an operator locked it.
    pub id: String,
    /// The node that they were at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Everything that is known, the oldest first.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when nothing is known and there is no such room.
pub async fn run(context: &Context, input: Input) -> Result<Vec<RoomMoment>> {
    let backend = context.backends.get(input.backend)?.name;
    let name: RoomName = input.room.parse()?;
    let mut moments = Vec::new();
    let of_room = session::list::Input {
        backend: Some(backend),
        room: Some(input.room.clone()),
        ..session::list::Input::default()
    };
    let mut sessions = session::list::all(context, of_room);
    // The newest first: those before the time of interest need not be read.
    while let Some(some) = sessions.try_next().await? {
        let old = |session: &Session| {
            let end = session.ended_at;
            input
                .since
                .is_some_and(|since| end.is_some_and(|end| end < since))
        };
        let is_last = some.last().is_some_and(old);
        for session in &some {
            of_session(session, &mut moments);
        }
        if is_last {
            break;
        }
    }
    for call in calls(context, backend, &name).await? {
        of_call(&call, &mut moments);
    }
    if moments.is_empty() {
        // Nothing happened there, or there is no such room.
        super::show::run(
            context,
            super::show::Input {
                name: input.room,
                backend: input.backend,
            },
        )
        .await?;
    }
    moments.retain(|moment| input.since.is_none_or(|since| moment.at >= since));
    moments.sort_by_key(|moment| (moment.at, moment.event));
    Ok(moments)
}

async fn calls(context: &Context, backend: BackendName, room: &RoomName) -> Result<Vec<Call>> {
    let documents = context.documents.as_ref();
    let is_here = |call: &Call| call.backend == backend && call.room == *room;
    let mut found = Vec::new();
    let mut live = LIVE_CALLS.scan(documents, LIVE_CALLS.all());
    while let Some(call) = live.try_next().await? {
        found.extend(Some(call.record.call).filter(is_here));
    }
    let mut past = PAST_CALLS.scan(documents, PAST_CALLS.all());
    while let Some(call) = past.try_next().await? {
        found.extend(Some(call.record).filter(is_here));
    }
    Ok(found)
}

fn of_session(session: &Session, moments: &mut Vec<RoomMoment>) {
    for stay in &session.legs {
        let moment = |at, event, reason: Option<String>| RoomMoment {
            at,
            event,
            room: session.room.clone(),
            user_id: stay.user_id.clone(),
            user_name: stay.user_name.clone(),
            id: stay.participant_id.clone(),
            node: stay.node.clone(),
            reason,
        };
        moments.push(moment(stay.joined_at, RoomEvent::Joined, None));
        let Some(at) = stay.left_at else { continue };
        let is_sent = stay.why.is_some_and(Departure::is_by_host);
        let event = if is_sent {
            RoomEvent::Kicked
        } else {
            RoomEvent::Left
        };
        let why = stay.why.map(|why| why.as_str().to_owned());
        moments.push(moment(at, event, why.filter(|why| why != "left")));
    }
    moments.extend(session.locks.iter().map(|of| lock(session, of)));
    moments.extend(session.ended_at.map(|at| RoomMoment {
        at,
        event: RoomEvent::Ended,
        room: session.room.clone(),
        user_id: None,
        user_name: None,
        id: session.id.clone(),
        node: None,
        reason: None,
    }));
}

fn lock(session: &Session, change: &LockChange) -> RoomMoment {
    let mut stays = session.legs.iter().rev();
    let by = change.by.as_deref();
    let stay = stays.find(|stay| by == Some(stay.participant_id.as_str()));
    RoomMoment {
        at: change.at,
        event: if change.locked {
            RoomEvent::Locked
        } else {
            RoomEvent::Unlocked
        },
        room: session.room.clone(),
        user_id: stay.and_then(|stay| stay.user_id.clone()),
        user_name: stay.and_then(|stay| stay.user_name.clone()),
        id: by.unwrap_or(OPERATOR).to_owned(),
        node: stay.and_then(|stay| stay.node.clone()),
        reason: None,
    }
}

fn of_call(call: &Call, moments: &mut Vec<RoomMoment>) {
    let moment = |at, event, party: &crate::model::call::Party, reason| RoomMoment {
        at,
        event,
        room: call.room.to_string(),
        user_id: party.user_id.clone().or_else(|| party.device_id.clone()),
        user_name: party.name.clone(),
        id: call.id.clone(),
        node: None,
        reason,
    };
    let by = call
        .caller
        .tag()
        .map(|caller| format!("called by {caller}"));
    moments.push(moment(call.created_at, RoomEvent::Rang, &call.callee, by));
    if let Some(at) = call.accepted_at {
        moments.push(moment(at, RoomEvent::Answered, &call.callee, None));
    }
    let Some(at) = call.ended_at else { return };
    let (event, reason) = match call.state {
        CallState::Missed => (RoomEvent::Missed, None),
        CallState::Declined | CallState::Cancelled => {
            (RoomEvent::NotAnswered, Some(call.state.as_str().to_owned()))
        }
        CallState::Failed => (RoomEvent::NotAnswered, call.reason.clone()),
        _ => return,
    };
    moments.push(moment(at, event, &call.callee, reason));
}
