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
        self.is_news_after(cause, AGAIN)
    }

    /// Whether this cause was told lately. Does not count as telling it.
    pub fn knows(&self, cause: &str) -> bool {
        let told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.get(&digest(cause))
            .is_some_and(|at| at.elapsed() < AGAIN)
    }

    /// As [`is_news`](Self::is_news), for what is told again after another time, not longer than ten minutes.
    pub fn is_news_after(&self, cause: &str, again: Duration) -> bool {
        let now = Instant::now();
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if told.len() >= MOST {
            told.retain(|_, at| now.duration_since(*at) < AGAIN);
        }
        let before = told.get(&digest(cause)).copied();
        let news = before.is_none_or(|at| now.duration_since(at) >= again);
        // A flood of different causes is no news either.
        if !news || told.len() >= MOST {
            return false;
        }
        told.insert(digest(cause), now);
        true
    }
}

/// Numbers with more digits than this are measures, of which each has its own.
const LONGEST_CODE: usize = 3;

/// What is the same in the reason for many things by which each of them fails: without its name, and
/// without how large it is.
pub fn kind_of(reason: &str, name: &str) -> String {
    let plain = if name.is_empty() {
        reason.to_owned()
    } else {
        reason.replace(name, "…")
    };
    let mut kind = String::with_capacity(plain.len());
    let mut digits = String::new();
    for c in plain.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        kind.push_str(if digits.len() > LONGEST_CODE {
            "…"
        } else {
            &digits
        });
        digits.clear();
        kind.push(c);
    }
    kind
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_cause_is_told_at_first_and_again_when_it_lasts() {
        let told = ToldCauses::default();
        assert!(!told.knows("a") && told.is_news("a") && told.is_news("b"));
        assert!(!told.is_news("a") && told.knows("a"));
        tokio::time::advance(AGAIN).await;
        assert!(!told.knows("a"));
        assert!(told.is_news("a") && !told.is_news("a"));
    }

    #[test]
    fn names_and_measures_make_no_other_kind_and_codes_do() {
        let same = |one: &str, other: &str| kind_of(one, "n17") == kind_of(other, "n4");
        assert!(same("n17 has 12345 bytes", "n4 has 9999 bytes"));
        assert!(!same("n17 is answered by 401", "n4 is answered by 403"));
        assert!(!same("n17 has no name", "n17 has no title"));
        assert_eq!(kind_of("x 12345", ""), kind_of("x 54321", "y"));
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
