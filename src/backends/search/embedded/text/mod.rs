//! How text is cut, and what it is found by: one way for what is stored and for what somebody types.

mod cut;
mod letters;
mod terms;
mod wanted;

pub(super) use terms::{SECOND, Terms, WHOLE};
pub(super) use wanted::{Spelling, Wanted, WantedPart, wanted};
