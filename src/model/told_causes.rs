//! Causes of failures that were told lately: one cause makes one line in the log, however many things
//! fail by it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::digest::digest;

/// A cause that lasts is told again after so long.
const AGAIN: Duration = Duration::from_mins(10);
/// So many causes are remembered; beyond it those are forgotten that would be told again anyway.
const MOST: usize = 1000;

/// Which causes were told, and when.
#[derive(Debug, Default)]
pub struct ToldCauses(Mutex<HashMap<u64, Instant>>);

impl ToldCauses {
    /// Whether this cause should be told now: at first, and every ten minutes while it lasts.
    pub fn is_news(&self, cause: &str) -> bool {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.retain(|_, at| now.duration_since(*at) < AGAIN);
        }
        let before = told.get(&digest(cause)).copied();
        let news = before.is_none_or(|at| now.duration_since(at) >= AGAIN);
        // A flood of different causes is no news either.
        if !news || told.len() >= MOST {
            return false;
        }
        told.insert(digest(cause), now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cause_is_told_at_first_and_again_when_it_lasts() {
        let told = ToldCauses::default();
        assert!(told.is_news("a") && told.is_news("b"));
        assert!(!told.is_news("a"));
        tokio::time::advance(AGAIN).await;
        assert!(told.is_news("a") && !told.is_news("a"));
    }

    #[tokio::test(start_paused = true)]
    async fn many_causes_fill_neither_the_log_nor_the_memory() {
        let told = ToldCauses::default();
        let news = (0..5000).filter(|n| told.is_news(&n.to_string())).count();
        assert_eq!(news, MOST);
        tokio::time::advance(AGAIN).await;
        assert!(told.is_news("later"));
    }
}
