//! What each loop of this process is doing, for metrics and for the notes in the store.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::commands::loops::Note;
use crate::model::ProcessPlace;
use crate::model::health::LoopCondition;

/// A loop that worked for so long without failing is well again.
pub(super) const WELL: Duration = Duration::from_mins(1);

/// What a loop is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum LoopState {
    /// It has its lease and works.
    Working,
    /// Another worker has its lease, and tells what it does.
    StandingBy(Option<ProcessPlace>),
    /// It waits for something else.
    Waiting(String),
    /// It failed and goes on soon.
    Resting(String),
    /// It cannot go on until a person helps.
    Paused(String),
    /// The worker stops, and the loop with it.
    Stopped,
}

/// What keeps a loop from its work. A short time of work between two failures does not end it.
#[derive(Debug, Clone)]
struct LoopTrouble {
    condition: LoopCondition,
    began: Instant,
    error: String,
}

/// A loop's state and its trouble.
#[derive(Debug)]
struct LoopStatus {
    state: LoopState,
    /// Since when it is in this state.
    since: Instant,
    trouble: Option<LoopTrouble>,
    /// What some of its work fails by, and since when, while the rest goes on.
    part: Option<(Instant, String)>,
}

/// What the loops of this process are doing.
#[derive(Default)]
pub struct LoopStatuses(Mutex<BTreeMap<String, LoopStatus>>);

impl LoopStatuses {
    /// Notes what a loop is doing, and says whether that is something else than before.
    pub(super) fn set(&self, name: &str, state: LoopState) -> bool {
        self.set_at(name, state, Instant::now())
    }

    fn set_at(&self, name: &str, state: LoopState, now: Instant) -> bool {
        let gauge = |metric: &'static str, on: bool| {
            metrics::gauge!(metric, "loop" => name.to_owned()).set(f64::from(u8::from(on)));
        };
        gauge("tok_worker_lease_held", state == LoopState::Working);
        gauge("tok_worker_paused", matches!(state, LoopState::Paused(_)));
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = loops.remove(name);
        let changed = before.as_ref().is_none_or(|before| before.state != state);
        let same = before.as_ref().filter(|_| !changed);
        let since = same.map_or(now, |before| before.since);
        let trouble = before.as_ref().and_then(|before| before.trouble_at(now));
        let status = LoopStatus {
            trouble: trouble_with(&state, trouble, now),
            part: before.and_then(|before| before.part),
            state,
            since,
        };
        loops.insert(name.to_owned(), status);
        changed
    }

    /// Notes what a part of a loop's work fails by, if it does.
    pub(super) fn set_part(&self, name: &str, trouble: Option<String>) {
        let mut loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(status) = loops.get_mut(name) {
            let began = status.part.as_ref().map(|(began, _)| *began);
            status.part = trouble.map(|text| (began.unwrap_or_else(Instant::now), text));
        }
    }

    /// What is to be noted of a loop in the store: nothing while another worker has it, which does so.
    pub(super) fn note(&self, name: &str) -> Option<Note> {
        self.note_at(name, Instant::now())
    }

    fn note_at(&self, name: &str, now: Instant) -> Option<Note> {
        let loops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let status = loops.get(name)?;
        let note = |condition, began, why: Option<String>| Note {
            is_well: condition == LoopCondition::Working,
            condition,
            lasted: now.duration_since(began),
            why,
        };
        if let LoopState::StandingBy(_) = status.state {
            return None;
        }
        if status.state == LoopState::Stopped {
            return Some(note(LoopCondition::Stopped, status.since, None));
        }
        if let Some(trouble) = status.trouble_at(now) {
            return Some(note(trouble.condition, trouble.began, Some(trouble.error)));
        }
        if let LoopState::Waiting(why) = &status.state {
            return Some(note(
                LoopCondition::Waiting,
                status.since,
                Some(why.clone()),
            ));
        }
        if let Some((began, why)) = &status.part {
            return Some(note(LoopCondition::Failing, *began, Some(why.clone())));
        }
        Some(note(LoopCondition::Working, status.since, None))
    }
}

/// What keeps a loop from its work once it is in this state.
fn trouble_with(
    state: &LoopState,
    before: Option<LoopTrouble>,
    now: Instant,
) -> Option<LoopTrouble> {
    let (condition, error) = match state {
        LoopState::Working => return before,
        LoopState::Resting(error) => (LoopCondition::Failing, error),
        LoopState::Paused(error) => (LoopCondition::Paused, error),
        LoopState::StandingBy(_) | LoopState::Waiting(_) | LoopState::Stopped => return None,
    };
    let same = before.filter(|before| before.condition == condition);
    Some(LoopTrouble {
        condition,
        began: same.map_or(now, |before| before.began),
        error: error.clone(),
    })
}

impl LoopStatus {
    /// The trouble it is still in.
    fn trouble_at(&self, now: Instant) -> Option<LoopTrouble> {
        let well = self.state == LoopState::Working && now.duration_since(self.since) > WELL;
        self.trouble.clone().filter(|_| !well)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing() -> LoopState {
        LoopState::Resting("the store is away".to_owned())
    }

    fn condition(statuses: &LoopStatuses, now: Instant) -> (LoopCondition, u64) {
        let note = statuses.note_at("x", now).expect("is to be noted");
        (note.condition, note.lasted.as_secs())
    }

    #[test]
    fn a_loop_fails_since_it_began_to_until_it_worked_for_a_while() {
        let (statuses, start) = (LoopStatuses::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        for round in 0..4 {
            statuses.set_at("x", LoopState::Working, at(round * 61));
            statuses.set_at("x", failing(), at(round * 61 + 1));
        }
        let failing_for = |seconds| (LoopCondition::Failing, seconds);
        assert_eq!(condition(&statuses, at(185)), failing_for(184));
        // It takes its lease again, and has not yet shown that it works.
        statuses.set_at("x", LoopState::Working, at(240));
        assert_eq!(condition(&statuses, at(241)), failing_for(240));
        assert_eq!(condition(&statuses, at(301)), (LoopCondition::Working, 61));
        statuses.set_at("x", failing(), at(302));
        assert_eq!(
            condition(&statuses, at(303)),
            failing_for(1),
            "it begins anew"
        );
    }

    #[test]
    fn a_loop_that_looks_again_is_paused_since_it_was_first() {
        let (statuses, start) = (LoopStatuses::default(), Instant::now());
        let at = |seconds| start + Duration::from_secs(seconds);
        let paused = || LoopState::Paused("the key is revoked".to_owned());
        statuses.set_at("x", paused(), at(0));
        statuses.set_at("x", LoopState::Working, at(300));
        assert_eq!(condition(&statuses, at(301)), (LoopCondition::Paused, 301));
        statuses.set_at("x", paused(), at(302));
        assert_eq!(condition(&statuses, at(310)), (LoopCondition::Paused, 310));
    }

    #[test]
    fn a_part_that_fails_is_told_although_the_rest_works() {
        let statuses = LoopStatuses::default();
        statuses.set("x", LoopState::Working);
        statuses.set_part("x", Some("tok_calls: the disk is full".to_owned()));
        let note = statuses.note("x").expect("is to be noted");
        assert_eq!(note.condition, LoopCondition::Failing);
        assert!(!note.is_well);
        statuses.set_part("x", None);
        let note = statuses.note("x").expect("is to be noted");
        assert!(note.is_well, "{note:?}");
    }

    #[test]
    fn what_another_worker_has_is_noted_by_that_one() {
        let statuses = LoopStatuses::default();
        statuses.set("x", LoopState::StandingBy(None));
        assert_eq!(statuses.note("x"), None);
    }
}
