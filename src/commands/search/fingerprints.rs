//! What an index holds, as far as a mirror knows.

use std::collections::HashMap;

use crate::model::digest::digest;

/// What the index holds, as far as we know.
#[derive(Default)]
pub(super) struct Fingerprints {
    pub(super) marks: HashMap<u64, Fingerprint>,
    /// Every record of the index is among them.
    pub(super) complete: bool,
    /// How often the whole state was read; 0 before the first time, and counted anew from 1 when
    /// it is too large to be noted.
    pub(super) round: u8,
}

/// A record of the index, in one word: there are as many of them as documents.
#[derive(Clone, Copy)]
pub(super) struct Fingerprint(u64);

/// The part of a mark that is noted; all zero if somebody else wrote the record.
const MARK: u64 = u64::MAX >> 8;

impl Fingerprint {
    /// A record with this mark, told of in this round.
    pub(super) fn new(mark: Option<u64>, round: u8) -> Self {
        let mark = mark.map_or(0, |mark| (mark & MARK).max(1));
        Self(mark | u64::from(round) << 56)
    }

    /// When the store told of it last.
    pub(super) fn round(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// Whether it carries this mark.
    pub(super) fn is(self, mark: u64) -> bool {
        self.0 & MARK == (mark & MARK).max(1)
    }
}

impl Fingerprints {
    /// Begins to read the whole state.
    pub(super) fn begin_round(&mut self) {
        self.round = self.round % u8::MAX + 1;
    }

    /// Notes what the index holds of a document: its mark, or no record at all.
    pub(super) fn set(&mut self, id: &str, mark: Option<u64>) {
        let key = digest(id);
        match mark {
            // That it was sent does not mean that the store told of it in this round.
            Some(mark) => {
                let round = self.marks.get(&key).map_or(0, |found| found.round());
                self.marks.insert(key, Fingerprint::new(Some(mark), round));
            }
            None => drop(self.marks.remove(&key)),
        }
    }

    /// Notes what the index is going to hold of a document that the store told of.
    pub(super) fn tell(&mut self, id: &str, mark: u64) {
        self.marks
            .insert(digest(id), Fingerprint::new(Some(mark), self.round));
    }

    /// Whether the store told of it in this round already.
    pub(super) fn is_told(&self, id: &str) -> bool {
        let found = self.marks.get(&digest(id));
        found.is_some_and(|found| found.round() == self.round)
    }

    /// Notes that the store told of a record; whether it has this mark already.
    pub(super) fn meet(&mut self, id: &str, mark: u64) -> bool {
        let Some(found) = self.marks.get_mut(&digest(id)) else {
            return false;
        };
        let same = found.is(mark);
        if same {
            *found = Fingerprint::new(Some(mark), self.round);
        }
        same
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_and_rounds_fit_into_one_word() {
        let found = Fingerprint::new(Some(u64::MAX), 255);
        assert!(found.is(u64::MAX) && !found.is(1));
        assert_eq!(found.round(), 255);
        let foreign = Fingerprint::new(None, 3);
        assert!(!foreign.is(0) && !foreign.is(1));
        assert_eq!(foreign.round(), 3);
        let mut index = Fingerprints {
            round: 255,
            ..Fingerprints::default()
        };
        index.begin_round();
        assert_eq!(index.round, 1);
    }
}
