//! What is handed to the desk of a room.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::sync::oneshot;

use super::connections::Seat;
use super::rules::ChangeAnswer;
use crate::error::Result;
use crate::model::Room;
use crate::model::meeting::{Actor, Change, Newcomer};
use crate::records::documents::Version;
use crate::request_id::RequestId;

/// How soon what could not be noted is noted again.
pub(super) const AGAIN: Duration = Duration::from_secs(1);

pub(super) type Reply = oneshot::Sender<Result<ChangeAnswer>>;

/// Something that is to be done at the desk.
pub(super) enum DeskJob {
    /// Somebody wants in, over this connection.
    Join {
        room: Box<Room>,
        newcomer: Box<Newcomer>,
        seat: Arc<dyn Seat>,
        request: Option<RequestId>,
        reply: Reply,
    },
    /// Somebody who is known does something; nobody may wait for the answer.
    Act {
        actor: Actor,
        change: Change,
        request: Option<RequestId>,
        reply: Option<Reply>,
    },
    /// A connection broke without a word of leaving.
    Lost {
        participant: String,
        seat: String,
        resumes: bool,
        request: Option<RequestId>,
    },
    /// A client has something for another.
    Signal {
        from: String,
        seat: String,
        to: String,
        data: Box<RawValue>,
        /// Is told what else is to be waited for.
        reply: oneshot::Sender<Result<BoxFuture<'static, Result<()>>>>,
    },
    /// Another node has something for a participant here.
    Deliver {
        from: String,
        to: String,
        data: Box<RawValue>,
    },
    /// The head of the meeting stands so in the store; `None` if it is gone.
    Seen(Option<MeetingVersion>),
    /// A node that served people here is dead.
    Evict { dead: Dead, reply: Reply },
}

/// How a meeting stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct MeetingVersion {
    pub(super) room_id: String,
    pub(super) commits: u64,
    pub(super) settings: u64,
}

/// A change that waits for the next commit.
pub(super) struct Waiting {
    pub(super) what: What,
    /// Who asked for it, for the log.
    pub(super) request: Option<RequestId>,
    pub(super) reply: Option<Reply>,
}

impl Waiting {
    /// What nobody waits for or asked for.
    pub(super) fn unasked(what: What) -> Self {
        Self {
            what,
            request: None,
            reply: None,
        }
    }
}

pub(super) enum What {
    Join {
        room: Box<Room>,
        newcomer: Box<Newcomer>,
        /// Their id, unless they prove an earlier one.
        id: String,
        seat: Arc<dyn Seat>,
    },
    Act {
        actor: Actor,
        change: Change,
    },
    /// The people of a dead node go; always alone in a commit.
    Evict(Dead),
}

/// A node that gave no sign for too long.
#[derive(Debug, Clone)]
pub(super) struct Dead {
    pub(super) node: String,
    /// The last one that it gave.
    pub(super) sign: Version,
}
