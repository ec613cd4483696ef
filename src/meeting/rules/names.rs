//! What people are called beside each other: no name looks like that of somebody who is there.

use super::Rules;
use crate::meeting::state::Stored;
use crate::model::chat::OPERATOR;
use crate::model::happening::Happening;
use crate::model::meeting::{JoinGrant, Newcomer, Person, Place};
use crate::model::person_name::{Looks, distinct, visible};

impl Rules<'_> {
    /// The name that somebody gets who wants `name`: with a number where it looks like that of somebody
    /// else. Whom their token gives the name has it; whoever else took it makes room.
    pub(super) fn free_name(
        &self,
        name: &str,
        id: &str,
        user_id: Option<&String>,
        grant: Option<&JoinGrant>,
    ) -> String {
        let operator = Looks::of(OPERATOR);
        if is_given(grant, name) {
            let own = Looks::of(name);
            let mut others = self.others(id, user_id);
            let taken = others.any(|of| {
                is_given(of.grant.as_ref(), &of.person.name)
                    && Looks::of(&of.person.name).like(&own)
            });
            if !taken && !operator.like(&own) {
                return name.to_owned();
            }
        }
        let others = self.others(id, user_id);
        let others = others.map(|of| Looks::of(&of.person.name));
        let taken: Vec<_> = others.chain([operator]).collect();
        distinct(name, &taken).into_owned()
    }

    /// Whoever took the name that somebody's token gives them gets another one.
    pub(super) fn give_way(&mut self, newcomer: &Newcomer, person: &Person) {
        if !is_given(newcomer.grant.as_ref(), &person.name) {
            return;
        }
        let own = Looks::of(&person.name);
        let others = self.others(&person.id, person.user_id.as_ref());
        let alike = others.filter(|of| Looks::of(&of.person.name).like(&own));
        let alike: Vec<(String, String)> = alike
            .map(|of| (of.person.id.clone(), of.person.name.clone()))
            .collect();
        for (id, name) in alike {
            let others = self.others(&id, None);
            let mut taken: Vec<_> = others.map(|of| Looks::of(&of.person.name)).collect();
            taken.push(Looks::of(&person.name));
            let name = distinct(&name, &taken).into_owned();
            self.change(&id, |stored| name.clone_into(&mut stored.person.name));
            self.emit(Happening::Renamed { id, name });
        }
    }

    /// Everybody else who is there or waits; who is the same user may have the same name.
    fn others<'a>(
        &'a self,
        id: &'a str,
        user_id: Option<&'a String>,
    ) -> impl Iterator<Item = &'a Stored> {
        let people = self.meeting.people.values();
        people.filter(move |of| {
            let same = user_id.is_some() && of.person.user_id.as_ref() == user_id;
            of.person.id != id && of.person.place != Place::Gone && !same
        })
    }
}

/// Whether whoever minted a token gave its holder this name.
fn is_given(grant: Option<&JoinGrant>, name: &str) -> bool {
    let given = grant.and_then(|grant| grant.name.as_deref());
    given.is_some_and(|given| Looks::of(given).like(&Looks::of(name)))
}

/// The name that somebody cannot take off: whoever minted their token said who they are, and what they
/// are called.
pub(super) fn held_name(grant: Option<&JoinGrant>, user_id: Option<&str>) -> Option<String> {
    let given = grant?.name.as_deref().filter(|_| user_id.is_some())?;
    visible(given)
}
