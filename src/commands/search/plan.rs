//! What a mirror still has to send: per document only its last state.

use std::collections::HashMap;

use crate::backends::search::Limits;
use crate::model::search::IndexRecord;
use crate::records::documents::Version;

/// One document's next step.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The document.
    pub(super) id: String,
    /// What is to be done.
    pub(super) step: Step,
}

/// What is to be done with a record.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// It is now so.
    Put {
        record: IndexRecord,
        mark: u64,
        version: Version,
        size: usize,
    },
    /// It is gone.
    Gone,
    /// It is so, and we left it so: nothing to do unless somebody else wrote meanwhile.
    Confirm {
        record: IndexRecord,
        mark: u64,
        version: Version,
    },
    /// It is gone, and we know of no record: the same.
    ConfirmGone,
    /// Whether it is there, and how, is in the store.
    Look,
}

impl Step {
    fn size(&self) -> usize {
        match self {
            Self::Put { size, .. } => *size,
            Self::Confirm { .. } => 512,
            Self::Gone | Self::ConfirmGone | Self::Look => 64,
        }
    }
}

/// Steps in the order they came up.
#[derive(Debug, Default)]
pub(super) struct PlannedSteps {
    items: Vec<Item>,
    places: HashMap<String, usize>,
    bytes: usize,
}

impl PlannedSteps {
    /// Adds a step; it takes the place of an earlier one of the same document.
    pub(super) fn add(&mut self, id: String, step: Step) {
        self.bytes += step.size();
        if let Some(place) = self.places.get(&id) {
            let item = &mut self.items[*place];
            self.bytes -= item.step.size();
            item.step = step;
            return;
        }
        self.places.insert(id.clone(), self.items.len());
        self.items.push(Item { id, step });
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.places.contains_key(id)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether it is time to send before more is taken in.
    pub(super) fn is_full(&self, limits: Limits) -> bool {
        self.items.len() >= limits.operations || self.bytes >= limits.bytes
    }

    /// Everything; the limits are kept because nobody adds to what is full, but for one last
    /// record.
    pub(super) fn take(&mut self) -> Vec<Item> {
        self.places.clear();
        self.bytes = 0;
        std::mem::take(&mut self.items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_state_wins_and_keeps_the_place() {
        let mut planned = PlannedSteps::default();
        planned.add("a".to_owned(), Step::Gone);
        planned.add("b".to_owned(), Step::Gone);
        planned.add("a".to_owned(), Step::Look);
        assert_eq!(planned.len(), 2);
        assert_eq!(planned.bytes, 128);
        let items = planned.take();
        assert_eq!((items[0].id.as_str(), items[1].id.as_str()), ("a", "b"));
        assert!(matches!(items[0].step, Step::Look));
        assert!(planned.is_empty() && !planned.has("a"));
    }
}
