//! Whatever people do in whatever order: what must be so after each step.

use indexmap::IndexMap;
use proptest::prelude::*;

use super::{Table, anybody, returning, send};
use crate::meeting::rules::{ChangeAnswer, Draft, is_temporary};
use crate::model::chat::{EVERYONE, Message};
use crate::model::happening::{Audience, Happening};
use crate::model::meeting::{Actor, Admission, Change, MediaState, Newcomer, Person, Place};

/// What somebody does, of the people there are.
#[derive(Debug, Clone)]
enum Step {
    Join,
    Return(usize),
    Leave(usize),
    Rename(usize, u8),
    Media(usize, bool),
    Send(usize, Option<usize>),
    Edit(usize, usize),
    Delete(usize, usize),
    React(usize, usize, u8, bool),
    Kick(usize, usize, bool),
    Admit(usize, usize, bool),
    HandOver(usize, usize),
    Lock(usize, bool),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0_usize..12;
    let two = (who.clone(), who.clone());
    let step = prop_oneof![
        4 => Just(Step::Join),
        2 => who.clone().prop_map(Step::Return),
        2 => who.clone().prop_map(Step::Leave),
        1 => (who.clone(), any::<u8>()).prop_map(|(who, name)| Step::Rename(who, name)),
        1 => (who.clone(), any::<bool>()).prop_map(|(who, on)| Step::Media(who, on)),
        3 => (who.clone(), proptest::option::of(who.clone())).prop_map(|(who, to)| Step::Send(who, to)),
        1 => two.clone().prop_map(|(who, what)| Step::Edit(who, what)),
        1 => two.clone().prop_map(|(who, what)| Step::Delete(who, what)),
        1 => (two.clone(), 0_u8..8, any::<bool>())
            .prop_map(|((who, what), kind, remove)| Step::React(who, what, kind, remove)),
        1 => (two.clone(), any::<bool>()).prop_map(|((who, whom), ban)| Step::Kick(who, whom, ban)),
        2 => (two.clone(), any::<bool>()).prop_map(|((who, whom), yes)| Step::Admit(who, whom, yes)),
        1 => two.prop_map(|(who, whom)| Step::HandOver(who, whom)),
        1 => (who, any::<bool>()).prop_map(|(who, lift)| Step::Lock(who, lift)),
    ];
    proptest::collection::vec(step, 1..60)
}

/// Somebody who came at some time.
struct Guest {
    admission: Admission,
    actor: Actor,
}

/// A table, who came to it, and what somebody knows of it who only hears what is told.
struct Run {
    table: Table,
    guests: Vec<Guest>,
    heard: IndexMap<String, Person>,
}

impl Run {
    fn step(&mut self, step: &Step) {
        let before = self.state();
        let locked = self.table.meeting.head.locked;
        let (refused, draft) = match step {
            Step::Join => self.come(&anybody()),
            Step::Return(who) => match self.guests.get(*who) {
                Some(guest) => self.come(&returning(&guest.admission)),
                None => return,
            },
            other => match self.change(other) {
                Some((actor, change)) => {
                    let (answer, draft) = self.table.act(&actor, &change);
                    (answer.is_err(), draft)
                }
                None => return,
            },
        };
        if refused {
            assert_eq!(
                before,
                self.state(),
                "{step:?} was refused and did something"
            );
            assert!(!draft.dirty && draft.happenings.is_empty());
        }
        assert!(
            !locked || refused || !matches!(step, Step::Join),
            "nobody new comes into a locked room"
        );
        self.hear(&draft);
        self.check();
    }

    fn come(&mut self, newcomer: &Newcomer) -> (bool, Draft) {
        self.table.seats += 1;
        let seats = self.table.seats;
        let (id, seat) = (format!("p{seats}"), format!("s{seats}"));
        let (answer, draft) = self.table.apply(|rules| rules.join(newcomer, &id, &seat));
        let refused = answer.is_err();
        if let Ok(ChangeAnswer::Admission(admission)) = answer {
            let id = admission.id.clone();
            self.guests.retain(|guest| guest.admission.id != id);
            let actor = Actor::Seated { id, seat };
            self.guests.push(Guest { admission, actor });
        }
        (refused, draft)
    }

    fn change(&self, step: &Step) -> Option<(Actor, Change)> {
        let id = |who: &usize| self.guests.get(*who).map(|of| of.admission.id.clone());
        let message = |what: &usize| Message::id_of(*what as u64);
        let (who, change) = match step {
            Step::Join | Step::Return(_) => return None,
            Step::Leave(who) => (who, Change::Leave),
            Step::Rename(who, name) => (who, Change::Rename(name.to_string())),
            Step::Media(who, on) => {
                let camera = Some(*on);
                let media = MediaState {
                    camera,
                    ..MediaState::default()
                };
                (who, Change::Media(media))
            }
            Step::Send(who, None) => (who, send(EVERYONE)),
            Step::Send(who, Some(to)) => (who, send(&id(to)?)),
            Step::Edit(who, what) => {
                let (message, content) = (message(what), "more".to_owned());
                (who, Change::Edit { message, content })
            }
            Step::Delete(who, what) => {
                let message = message(what);
                (who, Change::Delete { message })
            }
            Step::React(who, what, kind, remove) => {
                let (message, kind, remove) = (message(what), *kind, *remove);
                let react = Change::React {
                    message,
                    kind,
                    remove,
                };
                (who, react)
            }
            Step::Kick(who, whom, ban) => {
                let (target, ban) = (id(whom)?, *ban);
                (who, Change::Kick { target, ban })
            }
            Step::Admit(who, whom, accept) => {
                let (target, accept) = (id(whom)?, *accept);
                (who, Change::Admit { target, accept })
            }
            Step::HandOver(who, whom) => (who, Change::HandOver { target: id(whom)? }),
            Step::Lock(who, lift) => (who, Change::Lock { lift: *lift }),
        };
        Some((self.guests.get(*who)?.actor.clone(), change))
    }

    /// Everything that a refused change must leave alone.
    fn state(&self) -> String {
        let people = self.table.meeting.people.values();
        let people: Vec<_> = people
            .map(|of| (&of.person, &of.key_hash, &of.seat))
            .collect();
        let table = &self.table;
        format!("{people:?} {:?} {:?}", table.messages, table.meeting.head)
    }

    fn hear(&mut self, draft: &Draft) {
        for happening in &draft.happenings {
            match happening {
                Happening::Joined { person } => {
                    self.heard.insert(person.id.clone(), person.clone());
                }
                Happening::Left { id, .. } => {
                    self.heard.shift_remove(id);
                }
                Happening::Media { id, media } => self.heard[id].media = *media,
                Happening::Renamed { id, name } => name.clone_into(&mut self.heard[id].name),
                Happening::Role { id, role } => self.heard[id].role = *role,
                Happening::Ended { .. } => self.heard.clear(),
                Happening::Message { message, by, .. } if !message.is_public() => {
                    let Audience::One(told) = happening.audience() else {
                        panic!("a private message is told to many")
                    };
                    assert!(message.concerns(told) && message.concerns(by));
                }
                _ => {}
            }
        }
    }

    fn check(&self) {
        let table = &self.table;
        let mut heard: Vec<_> = self.heard.values().map(of_note).collect();
        let mut inside: Vec<_> = table.inside().map(of_note).collect();
        heard.sort();
        inside.sort();
        assert_eq!(heard, inside, "who only listens knows who is there");
        assert!(inside.len() <= table.settings.room_size);
        let hosts = table.inside().filter(|person| person.is_host()).count();
        assert_eq!(
            hosts,
            inside.len().min(1),
            "somebody runs the room, and one does"
        );
        assert!(
            !table.meeting.head.locked || !inside.is_empty(),
            "an empty room is open"
        );
        let open = table.session.iter().flat_map(|session| &session.legs);
        let mut open: Vec<_> = open
            .filter(|stay| stay.left_at.is_none())
            .map(|stay| stay.participant_id.clone())
            .collect();
        let mut ids: Vec<_> = table.inside().map(|person| person.id.clone()).collect();
        open.sort();
        ids.sort();
        assert_eq!(open, ids, "whose stay goes on is there");
        let closed = table.over.iter().flat_map(|session| &session.legs);
        assert!(closed.into_iter().all(|stay| stay.left_at.is_some()));
        for ban in &table.meeting.head.banned {
            assert!(!ids.contains(&ban.participant), "who is banned is out");
        }
        let came = self
            .guests
            .iter()
            .any(|of| of.admission.place == Place::Inside);
        let over = is_temporary(&table.meeting.room) && ids.is_empty() && came;
        assert_eq!(
            table.vanished, over,
            "a room of its host's is gone with the last, not before"
        );
    }
}

fn of_note(person: &Person) -> (String, String, &'static str, Option<bool>) {
    let (id, name) = (person.id.clone(), person.name.clone());
    (id, name, person.role.as_str(), person.media.camera)
}

proptest! {
    #[test]
    fn whatever_people_do_the_room_holds_together(
        steps in steps(),
        waiting in any::<bool>(),
        temporary in any::<bool>(),
    ) {
        let table = Table::new(|room| {
            room.properties.insert("waiting_room".to_owned(), waiting.into());
            room.properties.insert("temporary".to_owned(), temporary.into());
        });
        let mut run = Run { table, guests: Vec::new(), heard: IndexMap::new() };
        for step in &steps {
            run.step(step);
            // The room is gone; whoever comes now comes to another one.
            if run.table.vanished {
                break;
            }
        }
    }
}
