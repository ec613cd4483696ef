//! That the push service takes nothing from anybody for a while, for whoever tells what a loop is doing.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::model::moment::second;

/// Until when the push service takes nothing, and why, as the loop that sends knows it.
#[derive(Debug, Default)]
pub struct ClosedService(Mutex<Option<(Instant, String)>>);

impl ClosedService {
    /// It takes nothing for so long from `now` on.
    pub(super) fn note(&self, wait: Duration, why: &str, now: Timestamp) {
        let at = now.saturating_add(SignedDuration::try_from(wait).unwrap_or(SignedDuration::MAX));
        let at = at.map_or_else(
            |_| String::new(),
            |at| format!("; tries again at {}", second(at)),
        );
        let told = format!("the push service takes nothing now: {why}{at}");
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *noted = Some((Instant::now() + wait, told));
    }

    /// What is to be said of it, for as long as it lasts.
    pub fn told(&self) -> Option<String> {
        let noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lasting = noted.as_ref().filter(|(until, _)| Instant::now() < *until);
        lasting.map(|(_, told)| told.clone())
    }
}
