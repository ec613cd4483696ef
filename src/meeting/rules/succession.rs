//! Who runs a room after its last host, and what those hear of it who wait to be let in.

use super::Rules;
use crate::model::Role;
use crate::model::happening::Happening;
use crate::model::meeting::{Person, Place};

/// Who runs a room from now on of which nobody was named the host: as with the first who comes, whoever
/// is there longest. Of people who wait that is the first of them, where nobody takes part; otherwise
/// whoever comes next would walk past them, and be the one who lets them in. Viewers run nothing.
///
/// `people` stand in the order in which they came.
fn successor<'a>(people: impl Iterator<Item = &'a Person>) -> Option<&'a Person> {
    let able = people.filter(|of| of.role == Role::Participant && of.place != Place::Gone);
    // The first of those who are inside, if anybody is.
    able.min_by_key(|of| of.place == Place::Waiting)
}

impl Rules<'_> {
    /// The last host of a room that names none went.
    pub(super) fn hand_down(&mut self) {
        let people = self.meeting.people.values().map(|stored| &stored.person);
        let Some((id, place)) = successor(people).map(|of| (of.id.clone(), of.place)) else {
            return;
        };
        if place == Place::Waiting {
            self.let_in(&id);
        }
        self.set_role(&id, Role::Host);
    }

    /// How many hosts are inside.
    pub(super) fn hosts(&self) -> usize {
        self.inside().filter(|of| of.person.is_host()).count()
    }

    /// Tells those who wait, if there are any, whether somebody is there who can let them in.
    pub(super) fn tell_waiting(&mut self, present: bool) {
        let mut people = self.meeting.people.values();
        if people.any(|stored| stored.person.place == Place::Waiting) {
            self.emit(Happening::Hosted { present });
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::model::meeting::MediaState;

    fn person(id: &str, place: Place, role: Role) -> Person {
        Person {
            id: id.to_owned(),
            name: id.to_owned(),
            user_id: None,
            name_given: false,
            role,
            media: MediaState::default(),
            place,
            joined_at: Timestamp::UNIX_EPOCH,
            left_at: None,
        }
    }

    fn after(people: &[(&str, Place, Role)]) -> Option<String> {
        let people: Vec<_> = people
            .iter()
            .map(|(id, place, role)| person(id, *place, *role))
            .collect();
        successor(people.iter()).map(|of| of.id.clone())
    }

    #[test]
    fn whoever_is_there_longest_runs_the_room_and_who_waits_only_where_nobody_is() {
        use Place::{Gone, Inside, Waiting};
        use Role::{Participant, Viewer};
        let knocks = ("knocks", Waiting, Participant);
        let later = ("later", Waiting, Participant);
        let inside = ("inside", Inside, Participant);
        let sees = ("sees", Inside, Viewer);
        let gone = ("gone", Gone, Participant);
        for (people, wanted) in [
            (&[][..], None),
            (&[gone], None),
            (&[sees, ("waits", Waiting, Viewer)], None),
            (&[knocks, later], Some("knocks")),
            (&[gone, sees, knocks], Some("knocks")),
            (
                &[knocks, inside, ("last", Inside, Participant)],
                Some("inside"),
            ),
        ] {
            assert_eq!(after(people).as_deref(), wanted, "{people:?}");
        }
    }
}
