//! What waits for another try, by when.
//!
//! A hundred thousand may wait when a push service is down for an hour. The first of them stand here, and
//! each costs the length of its id and a byte or two beside it: no entry of its own, no pointer, no copy
//! of its notification.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

/// How exactly a moment is kept; nothing is due early.
const TICK: Duration = Duration::from_millis(100);

/// A moment, in [ticks](TICK) since the timetable was begun.
pub(super) type DueTick = u32;

/// Ids by the tick at which they are due.
pub(super) struct Timetable {
    began: Instant,
    /// The ids of a tick, each after its length in four bytes, lowest first.
    ticks: BTreeMap<DueTick, VecDeque<u8>>,
    count: usize,
    /// So many may stand here; of more, those that are due last are to be given away.
    most: usize,
}

impl Timetable {
    /// An empty one for so many, whose first tick begins now.
    pub(super) fn new(most: usize) -> Self {
        Self {
            began: Instant::now(),
            ticks: BTreeMap::new(),
            count: 0,
            most,
        }
    }

    /// Notes that this one is due after a delay. Says at which tick.
    pub(super) fn put(&mut self, id: &str, delay: Duration) -> DueTick {
        let due = self.began.elapsed().saturating_add(delay).as_millis();
        let tick = due.div_ceil(TICK.as_millis());
        let tick = DueTick::try_from(tick).unwrap_or(DueTick::MAX);
        let ids = self.ticks.entry(tick).or_default();
        let length = u32::try_from(id.len()).expect("an id is shorter than 4 GiB");
        ids.extend(length.to_le_bytes());
        ids.extend(id.as_bytes());
        self.count += 1;
        tick
    }

    /// When what stands at this tick is due.
    pub(super) fn due(&self, tick: DueTick) -> Instant {
        self.began + TICK * tick
    }

    /// When the first is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        let (tick, _) = self.ticks.first_key_value()?;
        Some(self.due(*tick))
    }

    /// Takes the one that is due longest, with its tick.
    pub(super) fn pop_due(&mut self) -> Option<(DueTick, String)> {
        if self.next_due()? > Instant::now() {
            return None;
        }
        let tick = *self.ticks.first_key_value()?.0;
        self.take_from(tick)
    }

    /// Takes one of those that are due last, with its tick, if more stand here than may.
    pub(super) fn pop_beyond(&mut self) -> Option<(DueTick, String)> {
        if self.count <= self.most {
            return None;
        }
        let tick = *self.ticks.last_key_value()?.0;
        self.take_from(tick)
    }

    fn take_from(&mut self, tick: DueTick) -> Option<(DueTick, String)> {
        let ids = self.ticks.get_mut(&tick)?;
        self.count -= 1;
        let length = ids.drain(..size_of::<u32>()).collect::<Vec<_>>();
        let length = u32::from_le_bytes(length.try_into().expect("four bytes before each id"));
        let id = ids.drain(..length as usize).collect();
        if ids.is_empty() {
            self.ticks.remove(&tick);
        }
        Some((tick, String::from_utf8(id).expect("it was put as text")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 1000;
    const SECOND: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn nothing_is_due_early_and_what_is_due_longest_comes_first() {
        let mut timetable = Timetable::new(MOST);
        assert_eq!(timetable.next_due(), None);
        assert_eq!(timetable.pop_due(), None);
        let late = timetable.put("late", SECOND * 3);
        let soon = [timetable.put("ä", SECOND), timetable.put("", SECOND)];
        assert!(soon[0] == soon[1] && soon[0] < late);
        tokio::time::advance(SECOND.saturating_sub(Duration::from_millis(1))).await;
        assert_eq!(timetable.pop_due(), None);
        tokio::time::advance(SECOND).await;
        assert_eq!(timetable.pop_due(), Some((soon[0], "ä".to_owned())));
        assert_eq!(timetable.pop_due(), Some((soon[0], String::new())));
        assert_eq!(timetable.pop_due(), None);
        tokio::time::sleep_until(timetable.next_due().expect("one waits")).await;
        assert_eq!(timetable.pop_due(), Some((late, "late".to_owned())));
        assert_eq!(timetable.next_due(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn whatever_the_rest_it_has_a_slot() {
        let mut timetable = Timetable::new(MOST);
        assert_eq!(timetable.put("now", Duration::ZERO), 0);
        tokio::time::advance(Duration::from_millis(30)).await;
        assert_eq!(timetable.put("a bit later", Duration::ZERO), 1);
        assert_eq!(timetable.put("never", Duration::MAX), DueTick::MAX);
        assert_eq!(timetable.pop_due(), Some((0, "now".to_owned())));
    }

    #[tokio::test(start_paused = true)]
    async fn an_id_costs_little_beside_its_length() {
        let mut timetable = Timetable::new(MOST);
        let ids = (0..MOST).map(|n| format!("{n:020}"));
        for (n, id) in ids.enumerate() {
            timetable.put(&id, SECOND + Duration::from_millis(n as u64 * 60));
        }
        let kept: usize = timetable.ticks.values().map(VecDeque::capacity).sum();
        assert!(kept < MOST * 48, "{kept} bytes");
    }

    #[tokio::test(start_paused = true)]
    async fn of_too_many_those_are_given_away_that_are_due_last() {
        let mut timetable = Timetable::new(MOST);
        let (last, soon) = (timetable.put("last", SECOND * 9), SECOND * 3);
        for n in 1..MOST {
            timetable.put(&n.to_string(), soon);
        }
        assert_eq!(timetable.pop_beyond(), None);
        let tick = timetable.put("one more", soon);
        assert_eq!(timetable.pop_beyond(), Some((last, "last".to_owned())));
        assert_eq!(timetable.pop_beyond(), None);
        assert_eq!(timetable.next_due(), Some(timetable.due(tick)));
        tokio::time::advance(soon).await;
        let all = std::iter::from_fn(|| timetable.pop_due()).count();
        assert_eq!((all, timetable.next_due()), (MOST, None));
    }
}
