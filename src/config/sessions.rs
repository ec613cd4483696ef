//! `[sessions]`: sessions of people in rooms.

use super::section::section;
use crate::model::Span;

section! {
    [sessions]
    /// Sessions of people in rooms.
    pub struct SessionsSection {
        /// how long sessions of people in rooms are kept after they began
        keep: Span = "'90d'",
    }
}
