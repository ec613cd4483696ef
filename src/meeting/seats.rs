//! The connected people of one room on this node, and who of them is told what.

use std::collections::HashMap;
use std::sync::Arc;

use super::connections::{Packet, Seat, Wire};
use super::state::Meeting;
use crate::model::happening::{Audience, Happening};
use crate::model::meeting::{Departure, Person, Place, Welcome};

/// Somebody's connection and what counts for what they are told.
struct TakenSeat {
    seat: Arc<dyn Seat>,
    inside: bool,
    host: bool,
    /// Knows everything that happened until now, whatever is told next of the past.
    ahead: bool,
}

/// Who sits in the room here.
#[derive(Default)]
pub(super) struct Seats(HashMap<String, TakenSeat>);

impl Seats {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The participants who sit here.
    pub(super) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }

    /// The connection of a participant, if it is this one.
    pub(super) fn inside(&self, id: &str, seat: Option<&str>) -> Option<&Arc<dyn Seat>> {
        let taken = self.0.get(id).filter(|taken| taken.inside)?;
        let same = seat.is_none_or(|seat| taken.seat.id() == seat);
        same.then_some(&taken.seat)
    }

    /// Somebody takes a seat; an earlier connection of theirs is dismissed.
    pub(super) fn take(&mut self, wire: Option<&dyn Wire>, person: &Person, seat: Arc<dyn Seat>) {
        let taken = TakenSeat {
            seat,
            inside: person.place == Place::Inside,
            host: person.is_host(),
            ahead: false,
        };
        if let Some(before) = self.0.insert(person.id.clone(), taken) {
            replace(wire, &before);
        }
    }

    /// Whether a participant sits at this connection.
    pub(super) fn holds(&self, id: &str, seat: &str) -> bool {
        self.0.get(id).is_some_and(|taken| taken.seat.id() == seat)
    }

    /// Gives up a connection, if it is still this one. Says whether it was.
    pub(super) fn give_up(&mut self, id: &str, seat: &str) -> bool {
        let same = self.holds(id, seat);
        if same {
            self.0.remove(id);
        }
        same
    }

    /// Tells somebody what they find.
    pub(super) fn welcome(&mut self, wire: &dyn Wire, welcome: &Welcome) {
        if let Some(taken) = self.0.get_mut(&welcome.me) {
            taken.inside = true;
            taken.ahead = true;
            taken.seat.emit(&wire.welcome(welcome));
        }
    }

    /// From now on everybody hears everything again.
    pub(super) fn level(&mut self) {
        for taken in self.0.values_mut() {
            taken.ahead = false;
        }
    }

    /// Tells everybody here whom it concerns. Who is out of the room by it has no seat any more.
    pub(super) fn emit(&mut self, wire: &dyn Wire, happening: &Happening) {
        if self.0.is_empty() {
            return;
        }
        match happening {
            Happening::Role { id, role } => {
                if let Some(taken) = self.0.get_mut(id) {
                    taken.host = *role == crate::model::Role::Host;
                }
            }
            Happening::Left { id, why } => {
                self.dismiss(id, &wire.farewell(happening), why.is_by_host());
            }
            Happening::Rejected { id, refused, .. } => {
                self.dismiss(id, &wire.farewell(happening), *refused);
            }
            Happening::Ended { .. } => {
                let farewell = wire.farewell(happening);
                for id in self.ids() {
                    self.dismiss(&id, &farewell, false);
                }
                return;
            }
            _ => {}
        }
        let packets = wire.packets(happening);
        if packets.is_empty() {
            return;
        }
        match happening.audience() {
            // By somebody who is neither of them.
            Audience::Two(one, other) => {
                for id in [one, other] {
                    if let Some(taken) = self.0.get(id).filter(|taken| !taken.ahead) {
                        emit_all(taken, &packets);
                    }
                }
            }
            Audience::One(id) => {
                // That somebody was let in is told to them after what they find.
                let admitted = matches!(happening, Happening::Admitted { .. });
                if let Some(taken) = self.0.get(id).filter(|taken| admitted || !taken.ahead) {
                    emit_all(taken, &packets);
                }
            }
            audience => {
                for (id, taken) in &self.0 {
                    if !taken.ahead && concerns(audience, id, taken) {
                        emit_all(taken, &packets);
                    }
                }
            }
        }
    }

    /// Somebody elsewhere took a participant out whom we still have here: their connection must
    /// know, to come in again.
    pub(super) fn emit_lost(&self, wire: &dyn Wire, happening: &Happening) {
        if let Happening::Left {
            id,
            why: Departure::Left,
        } = happening
            && let Some(taken) = self.0.get(id)
        {
            taken.seat.emit(&wire.lost());
        }
    }

    fn dismiss(&mut self, id: &str, farewell: &[Packet], barred: bool) {
        if let Some(taken) = self.0.remove(id) {
            emit_all(&taken, farewell);
            taken.seat.dismiss(barred);
        }
    }

    /// Dismisses whoever is not in the room any more or came in elsewhere.
    pub(super) fn check(&mut self, wire: &dyn Wire, meeting: &Meeting) {
        self.0.retain(|id, taken| {
            let stored = meeting.people.get(id);
            let own = stored.is_some_and(|stored| stored.seat.as_deref() == Some(taken.seat.id()));
            let elsewhere = stored.is_some_and(|stored| stored.seat.is_some());
            if !own && elsewhere {
                replace(Some(wire), taken);
            } else if !own {
                taken.seat.emit(&wire.lost());
                taken.seat.dismiss(false);
            }
            own
        });
    }
}

fn replace(wire: Option<&dyn Wire>, before: &TakenSeat) {
    if let Some(wire) = wire {
        before.seat.emit(&wire.replaced());
    }
    before.seat.dismiss(false);
}

fn concerns(audience: Audience<'_>, id: &str, taken: &TakenSeat) -> bool {
    match audience {
        Audience::All => taken.inside,
        Audience::AllBut(other) => taken.inside && id != other,
        Audience::One(one) => id == one,
        Audience::Two(one, other) => id == one || id == other,
        Audience::Hosts => taken.inside && taken.host,
        Audience::Waiting => !taken.inside,
        Audience::Everywhere => true,
    }
}

fn emit_all(taken: &TakenSeat, packets: &[Packet]) {
    for packet in packets {
        taken.seat.emit(packet);
    }
}
