//! What an index holds, as far as a mirror knows.

use std::collections::HashMap;

use crate::model::digest::digest;

/// What the index holds, as far as we know.
#[derive(Default)]
pub(super) struct Known {
    pub(super) marks: HashMap<u64, Held>,
    /// Every record of the index is among them.
    pub(super) complete: bool,
    /// How often the whole state was read.
    pub(super) round: u32,
}

/// A record of the index.
#[derive(Clone, Copy)]
pub(super) struct Held {
    /// None if somebody else wrote the record.
    pub(super) mark: Option<u64>,
    /// When the store told of it last.
    pub(super) round: u32,
}

impl Known {
    /// Notes what the index holds of a document: its mark, or no record at all.
    pub(super) fn set(&mut self, id: &str, mark: Option<Option<u64>>) {
        let key = digest(id);
        match mark {
            Some(mark) => {
                let round = self.round;
                self.marks.insert(key, Held { mark, round });
            }
            None => drop(self.marks.remove(&key)),
        }
    }
}
