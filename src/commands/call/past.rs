//! The calls that are over, of one person.

use super::{CALLS_OF_PEOPLE, PAST};
use crate::commands::pages;
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, Side};
use crate::model::user::UserId;
use crate::model::{Page, PageRequest};
use crate::records::documents::Write;
use crate::records::{CallOfPerson, PersonsCallKey};

/// Whose, and which page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
    /// At most so many calls, 1 to [`LARGEST_PAGE`](crate::model::page::LARGEST_PAGE).
    pub limit: Option<usize>,
    /// The cursor of the page before.
    pub after: Option<String>,
}

/// The calls of a person that are over and cleaned up, in the order they began.
///
/// # Errors
/// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range; those of the
/// store.
pub async fn run(context: &Context, input: Input) -> Result<Page<Call>> {
    let page = PageRequest::checked(input.limit, input.after)?;
    let user = input.user.as_str();
    let scan = CALLS_OF_PEOPLE.all().prefix(PersonsCallKey::all_of(user));
    let found = pages::one(context, CALLS_OF_PEOPLE, scan, page, |found| found.record).await?;
    let own = |found: CallOfPerson| (found.person == user).then_some(found.call);
    Ok(Page {
        items: found.items.into_iter().filter_map(own).collect(),
        next: found.next,
        unreadable: found.unreadable,
    })
}

/// The writes that keep a call which is over, for everybody who looks for it.
pub(super) fn writes(call: &Call) -> Result<Vec<Write>> {
    let mut all = vec![PAST.put(&call.id, call)?];
    for side in Side::BOTH {
        if let Some(person) = &call.party(side).user_id {
            let key = PersonsCallKey::new(person, &call.id);
            let record = CallOfPerson {
                person: person.clone(),
                call: call.clone(),
            };
            all.push(CALLS_OF_PEOPLE.put(&key, &record)?);
        }
    }
    Ok(all)
}
