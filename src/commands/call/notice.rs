//! What phones are told of a call: who calls, and that they need not ring any more.

use std::collections::BTreeMap;

use super::party::phones;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, Side};
use crate::model::notification::{NotificationKind, NotificationSpec, Target};
use crate::records::documents::Write;
use crate::records::{NOTIFICATIONS, StoredCall};

/// How long it is worth telling a phone to stop ringing, in seconds.
const STOP_TTL: u64 = 60;
/// What is told carries under this name the connection that knows it already.
pub(crate) const BUT_CONNECTION: &str = "but_connection";

/// Something that a phone is told about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RingEvent {
    /// The caller gave up.
    Cancelled,
    /// Nobody answered.
    Missed,
    /// Another device of the same person answered.
    AnsweredElsewhere,
    /// Another device of the same person declined.
    DeclinedElsewhere,
    /// The callee answered; for the caller.
    Accepted,
    /// The callee did not want it; for the caller.
    Declined,
    /// The other side ended it.
    Ended,
}

impl RingEvent {
    const fn name(self) -> &'static str {
        match self {
            Self::Cancelled => "call.cancelled",
            Self::Missed => "call.missed",
            Self::AnsweredElsewhere => "call.answered_elsewhere",
            Self::DeclinedElsewhere => "call.declined_elsewhere",
            Self::Accepted => "call.accepted",
            Self::Declined => "call.declined",
            Self::Ended => "call.ended",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Cancelled => "Call cancelled",
            Self::Missed => "Missed call",
            Self::AnsweredElsewhere => "Answered on another device",
            Self::DeclinedElsewhere => "Declined on another device",
            Self::Accepted => "Call answered",
            Self::Declined => "Call declined",
            Self::Ended => "Call ended",
        }
    }
}

/// Who did it themselves, and need not be told.
#[derive(Debug, Clone, Copy)]
pub(super) enum Doer<'a> {
    /// A registered device.
    Device(&'a str),
    /// A connection of somebody whom we know.
    Connection(&'a str),
}

impl<'a> Doer<'a> {
    fn device(self) -> Option<&'a str> {
        match self {
            Self::Device(id) => Some(id),
            Self::Connection(_) => None,
        }
    }

    /// One inbox may serve several devices: each knows by this whether it is meant.
    fn mark(self) -> (String, String) {
        let (name, id) = match self {
            Self::Device(id) => ("but_device", id),
            Self::Connection(id) => (BUT_CONNECTION, id),
        };
        (name.to_owned(), id.to_owned())
    }
}

/// What every notice of a call carries for the app, beside what is shown.
pub(super) fn data(call: &Call, event: &str) -> BTreeMap<String, String> {
    let mut data = BTreeMap::from([
        ("event".to_owned(), event.to_owned()),
        ("call".to_owned(), call.id.clone()),
        ("room".to_owned(), call.room.to_string()),
        ("backend".to_owned(), call.backend.to_string()),
    ]);
    let caller = &call.caller;
    let facts = [
        ("caller_user", &caller.user_id),
        ("caller_device", &caller.device_id),
        ("caller_name", &caller.name),
    ];
    for (name, value) in facts {
        data.extend(value.clone().map(|value| (name.to_owned(), value)));
    }
    data
}

/// How the caller is called where it is shown.
pub(super) fn caller_name(call: &Call) -> &str {
    call.caller.name.as_deref().unwrap_or("Unknown Caller")
}

/// The writes that put into the queue what one side is told, but for who did it.
///
/// # Errors
/// Those of the store.
pub(super) async fn tell(
    context: &Context,
    call: &Call,
    side: Side,
    event: RingEvent,
    but: Option<Doer<'_>>,
) -> Result<Vec<Write>> {
    let device = but.and_then(Doer::device);
    let targets = phones(context, call.party(side)).await?;
    // Each phone keeps the number that it rang by, whoever need not be told.
    let numbered = targets.into_iter().enumerate();
    let told = numbered.filter(|(_, to)| match (to, device) {
        (Target::Device(id), Some(but)) => id != but,
        _ => true,
    });
    let writes = told.map(|(number, to)| {
        let missed = event == RingEvent::Missed;
        let spec = NotificationSpec {
            to,
            kind: NotificationKind::Message,
            ttl: if missed { None } else { Some(STOP_TTL) },
            title: event.title().to_owned(),
            body: match event {
                RingEvent::Missed => format!("{} called you", caller_name(call)),
                _ => String::new(),
            },
            image: None,
            data: {
                let mut data = data(call, event.name());
                data.extend(but.map(Doer::mark));
                data
            },
        };
        let id = format!("{}:{}:{number}", call.id, event.name());
        NOTIFICATIONS.put_as(&id, &spec)
    });
    writes.collect()
}

/// Takes back what of the rings waits in the queue.
pub(super) fn silence(stored: &StoredCall) -> Vec<Write> {
    let ids = (0..stored.rings).map(|number| ring_id(&stored.call, number));
    ids.map(|id| NOTIFICATIONS.delete(&id)).collect()
}

/// Under which id a phone is rung: who takes that back knows it by this.
pub(super) fn ring_id(call: &Call, number: usize) -> String {
    format!("{}:ring:{number}", call.id)
}
