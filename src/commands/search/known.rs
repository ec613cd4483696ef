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
            // That it was sent does not mean that the store told of it in this round.
            Some(mark) => {
                let held = self.marks.entry(key).or_insert(Held { mark, round: 0 });
                held.mark = mark;
            }
            None => drop(self.marks.remove(&key)),
        }
    }

    /// Notes what the index is going to hold of a document that the store told of.
    pub(super) fn tell(&mut self, id: &str, mark: u64) {
        let held = Held {
            mark: Some(mark),
            round: self.round,
        };
        self.marks.insert(digest(id), held);
    }
}
