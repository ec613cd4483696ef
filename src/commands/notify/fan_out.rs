//! One notification to all its receivers, each once.

use std::collections::BTreeSet;
use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::address::{self, Addresses, Recipient};
use super::delays::ReceiverDelays;
use super::purge::purge_token;
use crate::backends::push::{PushMessage, PushRefusal};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::backoff::SetbackScope;
use crate::model::notification::{Notification, NotificationKind, Target};

/// Receivers of one notification that are told at the same time.
const AT_ONCE: usize = 10;

/// How hard a try is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Urgency {
    /// How long it is worth delivering yet, if there is a limit.
    pub(super) ttl: Option<Duration>,
    /// How often it was tried before.
    pub(super) attempts: u32,
    /// It has waited for as long as anything may: now or never.
    pub(super) last: bool,
}

impl Urgency {
    /// Whether it is tried although its receiver is to be left alone for this long. A phone rings at
    /// once, if only for one try; nothing else is left to grow worthless without one.
    fn passes(self, kind: NotificationKind, delay: Duration) -> bool {
        let first = self.attempts == 0;
        let rings = kind == NotificationKind::Call;
        let ends = self.ttl.is_some_and(|ttl| ttl <= delay);
        delay.is_zero() || self.last || (first && (rings || ends))
    }
}

/// What became of one notification at all its receivers.
#[derive(Default)]
pub(super) struct Tally {
    /// The digests of those that have it, also from earlier tries.
    pub(super) reached: BTreeSet<u64>,
    /// By which ways somebody has it, as far as this try.
    pub(super) ways: BTreeSet<&'static str>,
    /// Something was asked of the push service.
    pub(super) tried: bool,
    /// Why there is nobody behind an address.
    pub(super) dead: Option<String>,
    /// Why it cannot be sent to somebody as it is.
    pub(super) refused: Option<String>,
    /// What is odd about somebody who has it.
    pub(super) note: Option<String>,
    /// What was in somebody's way.
    pub(super) later: Option<String>,
    /// That was about its receivers alone.
    pub(super) alone: bool,
    /// How long until there is another try, for somebody.
    pub(super) delay: Option<Duration>,
    /// Nothing can be sent until a person helps.
    pub(super) paused: Option<Error>,
}

/// Sends it to all who do not have it yet.
///
/// # Errors
/// Those of the store; what the push service says is none.
pub(super) async fn send(
    context: &Context,
    delays: &ReceiverDelays,
    notification: &Notification,
    (id, urgency, reached): (&str, Urgency, &BTreeSet<u64>),
) -> Result<Tally> {
    let mut tally = Tally {
        reached: reached.clone(),
        alone: true,
        ..Tally::default()
    };
    let mut recipients = recipients(context, notification, &mut tally).await?;
    recipients.retain(|recipient| {
        let delay = delays.of(&recipient.target);
        let passes = urgency.passes(notification.kind, delay);
        if !passes {
            tally.wait(delay);
        }
        passes
    });
    let mut sending = stream::iter(recipients)
        .map(async |recipient| {
            let message = PushMessage {
                id: id.to_owned(),
                to: recipient.target.clone(),
                platform: recipient.platform,
                kind: notification.kind,
                ttl: urgency.ttl,
                data: notification.data.clone(),
            };
            let way = context.push.way(&message);
            (context.push.send(&message).await, recipient, way)
        })
        .buffer_unordered(AT_ONCE);
    let mut gone = Vec::new();
    while let Some((said, recipient, way)) = sending.next().await {
        tally.tried = true;
        match said {
            Ok(()) => {
                tally.ways.insert(way);
                tally.take(delays, recipient);
            }
            Err(refusal) => gone.extend(tally.hear(delays, urgency, &recipient, refusal)),
        }
    }
    drop(sending);
    for token in gone {
        purge_token(context, &token).await?;
    }
    Ok(tally)
}

/// Those who do not have it yet, each once.
async fn recipients(
    context: &Context,
    notification: &Notification,
    tally: &mut Tally,
) -> Result<Vec<Recipient>> {
    let mut out: Vec<Recipient> = Vec::new();
    let mut known = tally.reached.clone();
    for to in &notification.to {
        match address::find(context, to).await? {
            Addresses::Known(recipients) => {
                let new = |recipient: &Recipient| known.insert(recipient.target.digest());
                out.extend(recipients.into_iter().filter(new));
            }
            Addresses::Nobody(reason) => tally.dead = Some(reason),
        }
    }
    Ok(out)
}

impl Tally {
    /// By which ways somebody has it.
    pub(super) fn ways(&self) -> Option<String> {
        let ways: Vec<_> = self.ways.iter().copied().collect();
        (!ways.is_empty()).then(|| ways.join(", "))
    }

    fn wait(&mut self, delay: Duration) {
        self.delay = Some(self.delay.map_or(delay, |before| before.min(delay)));
    }

    fn take(&mut self, delays: &ReceiverDelays, recipient: Recipient) {
        delays.succeed(&recipient.target);
        self.reached.insert(recipient.target.digest());
        self.note = recipient.note.or(self.note.take());
    }

    /// Notes a refusal; gives back a token that is worth nothing any more.
    fn hear(
        &mut self,
        delays: &ReceiverDelays,
        urgency: Urgency,
        recipient: &Recipient,
        refusal: PushRefusal,
    ) -> Option<String> {
        match refusal {
            PushRefusal::Dead(reason) => {
                self.dead = Some(reason);
                if let Target::Token(token) = &recipient.target {
                    return Some(token.clone());
                }
            }
            PushRefusal::Unsendable(reason) => self.refused = Some(reason),
            PushRefusal::Later { reason, setback } => {
                self.alone &= setback.scope == SetbackScope::Receiver;
                self.wait(delays.fail(&recipient.target, urgency.attempts + 1, setback));
                if setback.scope == SetbackScope::Service {
                    delays.explain(&reason);
                }
                self.later = Some(reason);
            }
            PushRefusal::Paused(error) => self.paused = Some(error),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_tried_at_once_and_nothing_waits_longer_than_it_is_worth() {
        let seconds = Duration::from_secs;
        let (ring, message) = (NotificationKind::Call, NotificationKind::Message);
        let urgency = |ttl: Option<u64>, attempts| Urgency {
            ttl: ttl.map(seconds),
            attempts,
            last: false,
        };
        assert!(
            urgency(Some(30), 0).passes(ring, seconds(60)),
            "rings at once"
        );
        assert!(urgency(Some(30), 0).passes(ring, seconds(5)));
        assert!(!urgency(Some(30), 1).passes(ring, seconds(60)), "but once");
        assert!(
            !urgency(Some(90), 0).passes(message, seconds(60)),
            "there is time"
        );
        assert!(
            urgency(Some(60), 0).passes(message, seconds(60)),
            "there is none"
        );
        assert!(!urgency(None, 0).passes(message, seconds(60)));
        assert!(urgency(None, 9).passes(message, seconds(0)));
        let last = Urgency {
            last: true,
            ..urgency(None, 9)
        };
        assert!(last.passes(message, seconds(60)));
    }
}
