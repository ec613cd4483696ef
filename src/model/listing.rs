//! What watches over a list that somebody else tells page by page: that it goes on, and comes to an end.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::{Duration, Instant};

use crate::error::{Error, Kind, Result};

/// A list that takes longer is given up: half of it is never taken for all of it.
const LONGEST: Duration = Duration::from_mins(30);
/// So often it is said that a list is still being read.
const SAID_EVERY: Duration = Duration::from_secs(10);

/// A list that is being read.
pub struct Listing {
    what: String,
    began: Instant,
    said: Instant,
    items: usize,
    /// What came so far, as digests: pages, and the cursors behind them.
    pages: HashSet<u64>,
    cursors: HashSet<u64>,
}

impl Listing {
    /// Begins; `what` is what the list has, as in "the rooms of Daily".
    pub fn of(what: impl Into<String>) -> Self {
        let now = Instant::now();
        Self {
            what: what.into(),
            began: now,
            said: now,
            items: 0,
            pages: HashSet::new(),
            cursors: HashSet::new(),
        }
    }

    /// Takes note of a page: the ids on it, and the cursor of the next one.
    ///
    /// # Errors
    /// [`Kind::BadGateway`] when it is one that came before, or leads back to one; [`Kind::Timeout`] when
    /// the whole list takes too long.
    pub fn turn<'a>(
        &mut self,
        ids: impl IntoIterator<Item = &'a str>,
        next: Option<&str>,
    ) -> Result<()> {
        self.turn_at(Instant::now(), ids, next)
    }

    fn turn_at<'a>(
        &mut self,
        now: Instant,
        ids: impl IntoIterator<Item = &'a str>,
        next: Option<&str>,
    ) -> Result<()> {
        let mut page = DefaultHasher::new();
        let before = self.items;
        for id in ids {
            id.hash(&mut page);
            self.items += 1;
        }
        let old_page = self.items > before && !self.pages.insert(page.finish());
        let old_cursor = next.is_some_and(|next| !self.cursors.insert(digest(next)));
        let what = &self.what;
        if old_page || old_cursor {
            return Err(Error::bad_gateway(format!(
                "the list of {what} does not end: after {before} of them a page came again"
            )));
        }
        if next.is_none() {
            return Ok(());
        }
        let items = self.items;
        if now.duration_since(self.began) >= LONGEST {
            let minutes = LONGEST.as_secs() / 60;
            let message = format!(
                "the list of {what} is not at its end after {minutes} minutes and {items} of them"
            );
            return Err(Error::new(Kind::Timeout, message));
        }
        if now.duration_since(self.said) >= SAID_EVERY {
            self.said = now;
            tracing::warn!("still reading the list of {what}: {items} so far");
        }
        Ok(())
    }
}

fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_brings_nothing_new_ends_the_list() {
        // The same page for every offset.
        let mut rooms = Listing::of("rooms");
        assert!(rooms.turn(["a", "b"], Some("2")).is_ok());
        let error = rooms.turn(["a", "b"], Some("4")).expect_err("again");
        assert_eq!(error.kind(), Kind::BadGateway);
        assert!(error.message().contains("after 2 of them"), "{error}");
        // Pages without anything, whose cursor leads back.
        let mut rooms = Listing::of("rooms");
        assert!(rooms.turn([], Some("x")).is_ok());
        assert!(rooms.turn([], Some("y")).is_ok());
        assert!(rooms.turn([], Some("x")).is_err());
    }

    #[test]
    fn whatever_goes_on_is_read_to_its_end() {
        let mut rooms = Listing::of("rooms");
        for page in 0..1000 {
            let (a, b) = (format!("{page}a"), format!("{page}b"));
            assert!(rooms.turn([&*a, &*b], Some(&b)).is_ok(), "{page}");
        }
        assert!(rooms.turn([], None).is_ok());
    }

    #[test]
    fn a_list_takes_half_an_hour_at_the_most_and_its_last_page_always_counts() {
        let mut rooms = Listing::of("rooms");
        let later = rooms.began + LONGEST;
        assert!(
            rooms
                .turn_at(
                    later.checked_sub(SAID_EVERY).expect("a time"),
                    ["a"],
                    Some("a")
                )
                .is_ok()
        );
        let error = rooms
            .turn_at(later, ["b"], Some("b"))
            .expect_err("too long");
        assert_eq!(error.kind(), Kind::Timeout);
        assert!(rooms.turn_at(later, ["c"], None).is_ok());
    }
}
