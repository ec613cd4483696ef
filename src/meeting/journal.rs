//! What happened to people in rooms, in the log: one line each, in one shape, by the node that did it. Names
//! are not told; ids are, as `tok room history` has them.

use super::desk::Desk;
use crate::model::happening::Happening;

impl Desk {
    /// Somebody came or went.
    pub(super) fn tell(&self, happening: &Happening) {
        match happening {
            Happening::Joined { person } => {
                self.line("joined", &person.id, person.user_id.as_deref(), None);
            }
            Happening::Left { id, why } => {
                let event = if why.is_by_host() { "kicked" } else { "left" };
                self.line(event, id, self.user_of(id), Some(why.as_str()));
            }
            Happening::Waiting { person } => {
                self.line("waiting", &person.id, person.user_id.as_deref(), None);
            }
            Happening::Rejected { id, refused, why } => {
                let by = if *refused { "host" } else { "left" };
                let reason = why.map_or(by, |why| why.as_str());
                self.line("refused", id, self.user_of(id), Some(reason));
            }
            Happening::Ended { why } => {
                let (room, node) = (&self.name, self.shared.node());
                tracing::info!(event = "ended", %room, node, reason = why.as_str(), "everybody is out");
            }
            _ => {}
        }
    }

    fn line(&self, event: &'static str, id: &str, user: Option<&str>, reason: Option<&str>) {
        let (room, node) = (&self.name, self.shared.node());
        tracing::info!(event, %room, user, id, node, reason, "{event}");
    }

    fn user_of(&self, id: &str) -> Option<&str> {
        let stored = self.meeting.as_ref()?.people.get(id)?;
        stored.person.user_id.as_deref()
    }
}
