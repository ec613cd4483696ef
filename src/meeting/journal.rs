//! What happened to people in rooms, in the log: one line each, in one shape, by the node that did it. Names
//! are not told; ids are, as `tok room history` has them.

use super::desk::Desk;
use crate::model::happening::Happening;
use crate::request_id::RequestId;

impl Desk {
    /// Somebody came or went, or the room was locked.
    pub(super) fn tell(&self, happening: &Happening, request: Option<&RequestId>) {
        let request = request.map(RequestId::as_str);
        let line = |event, id, user, reason| self.line(event, (id, user), reason, request);
        match happening {
            Happening::Joined { person } => {
                line("joined", &person.id, person.user_id.as_deref(), None);
            }
            Happening::Left { id, why } => {
                let event = if why.is_by_host() { "kicked" } else { "left" };
                line(event, id, self.user_of(id), Some(why.as_str()));
            }
            Happening::Waiting { person } => {
                line("waiting", &person.id, person.user_id.as_deref(), None);
            }
            Happening::Rejected { id, refused, why } => {
                let by = if *refused { "host" } else { "left" };
                let reason = why.map_or(by, |why| why.as_str());
                line("refused", id, self.user_of(id), Some(reason));
            }
            Happening::Locked { locked, by } => {
                let (room, node) = (&self.name, self.shared.node());
                let event = if *locked { "locked" } else { "unlocked" };
                let id = by.as_deref();
                let user = id.and_then(|id| self.user_of(id));
                let reason = id.is_none().then_some("empty");
                tracing::info!(event, %room, user, id, node, reason, request, "{event}");
            }
            Happening::Ended { why } => {
                let (room, node) = (&self.name, self.shared.node());
                let (event, reason) = ("ended", why.as_str());
                tracing::info!(event, %room, node, reason, request, "everybody is out");
            }
            _ => {}
        }
    }

    fn line(
        &self,
        event: &'static str,
        (id, user): (&str, Option<&str>),
        reason: Option<&str>,
        request: Option<&str>,
    ) {
        let (room, node) = (&self.name, self.shared.node());
        tracing::info!(event, %room, user, id, node, reason, request, "{event}");
    }

    fn user_of(&self, id: &str) -> Option<&str> {
        let stored = self.meeting.as_ref()?.people.get(id)?;
        stored.person.user_id.as_deref()
    }
}
