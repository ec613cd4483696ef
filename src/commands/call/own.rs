//! The calls of one person: those that go on, and their side of one.

use super::stored::find_live;
use super::{BUSY, missing, show};
use crate::context::Context;
use crate::error::Result;
use crate::model::call::{Call, Side};
use crate::model::user::UserId;

/// Whose calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The person.
    pub user: UserId,
}

/// The call that they are in, or that rings for them. Nobody is in two.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context, input: Input) -> Result<Vec<Call>> {
    let mark = format!("user:{}", input.user);
    let Some(busy) = BUSY.get(context.documents.as_ref(), &mark).await? else {
        return Ok(Vec::new());
    };
    let live = find_live(context, &busy.record.call).await?;
    let calls = live.into_iter().map(|live| live.stored.call);
    Ok(calls
        .filter(|call| side_of(call, &input.user).is_some())
        .collect())
}

/// A call, and which side of it somebody is.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound), also for calls of others: those are nobody's business.
pub async fn side(context: &Context, id: &str, user: &UserId) -> Result<(Call, Side)> {
    let call = show::run(context, id.into()).await?;
    match side_of(&call, user) {
        Some(side) => Ok((call, side)),
        None => Err(missing(id)),
    }
}

fn side_of(call: &Call, user: &UserId) -> Option<Side> {
    let mut sides = Side::BOTH.into_iter();
    sides.find(|side| call.party(*side).user_id.as_deref() == Some(user.as_str()))
}
