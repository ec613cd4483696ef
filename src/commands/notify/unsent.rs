//! What a run did not send: the first few are named with their reasons, so that nobody has to look elsewhere
//! for what is wrong.

use super::show;
use crate::context::Context;
use crate::model::notification::{NotificationState, NotificationStatus};
use crate::model::told_causes::kind_of;

/// So many of each kind are named; the rest is counted.
const MOST_NAMED: usize = 5;

/// The ids of those that are to be named.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    /// A person has to help with these, so they come first.
    parked: Vec<String>,
    waiting: Vec<String>,
}

impl Unsent {
    /// This one was parked.
    pub(super) fn park(&mut self, id: &str) {
        note(&mut self.parked, id);
    }

    /// This one waits for another try.
    pub(super) fn wait(&mut self, id: &str) {
        note(&mut self.waiting, id);
    }

    /// Each with its reason, as the store tells. What the store does not tell is left out: what was sent is
    /// to be reported all the same.
    pub(super) async fn find(self, context: &Context) -> Vec<NotificationStatus> {
        let mut found = Vec::new();
        for id in self.parked.iter().chain(&self.waiting) {
            match show::find(context, id).await {
                // Somebody may have taken it away meanwhile.
                Ok(status) => found.extend(status),
                Err(error) => tracing::warn!(id, %error, "why it was not sent is not known"),
            }
        }
        found
    }
}

fn note(ids: &mut Vec<String>, id: &str) {
    if ids.len() < MOST_NAMED {
        ids.push(id.to_owned());
    }
}

/// Tells in the log of what was not sent, each reason once.
pub(super) fn log(context: &Context, unsent: &[NotificationStatus]) {
    for one in unsent {
        let (id, reason) = (&one.id, one.reason.as_deref().unwrap_or_default());
        if !context.told.is_news(&kind_of(reason, id)) {
            continue;
        }
        if one.state == NotificationState::Parked {
            tracing::warn!(id, reason, "a notification was parked");
        } else {
            tracing::warn!(id, reason, "notifications wait");
        }
    }
}

/// The reason of the first that is in this state, in parentheses behind a number.
pub(super) fn first_reason(unsent: &[NotificationStatus], state: NotificationState) -> String {
    let first = unsent.iter().find(|one| one.state == state);
    let told = first.and_then(|one| Some((&one.id, one.reason.as_ref()?)));
    told.map_or_else(String::new, |(id, reason)| format!(" ({id}: {reason})"))
}

/// Puts the named of two reports together, each once.
pub(super) fn merge(named: &mut Vec<NotificationStatus>, more: Vec<NotificationStatus>) {
    for one in more {
        named.retain(|known| known.id != one.id);
        named.push(one);
    }
    // Stable: among those of one kind the order stays.
    named.sort_by_key(|one| one.state != NotificationState::Parked);
    let parked = named.partition_point(|one| one.state == NotificationState::Parked);
    let waiting = named.split_off(parked);
    named.truncate(MOST_NAMED);
    named.extend(waiting.into_iter().take(MOST_NAMED));
}
