//! Whether more is lost on a line than it loses by itself: radio loses some packets whatever is sent, a
//! line that is too narrow loses those that do not fit. What is still lost when less is sent is usual.

use std::time::Duration;

/// What is lost when less is sent is known to be usual after such a time,
const LEARNED: Duration = Duration::from_secs(1);
/// and what is lost at any other time, and not too much, after such a time.
const GROWN_USED_TO: Duration = Duration::from_secs(20);
/// No more than this part is usual.
const MOST_USUAL: f64 = 0.12;
/// So much more than usual is too much,
const TOO_MUCH: f64 = 0.04;
/// if it is so many times what chance explains: of few packets a single one is a large part.
const BY_CHANCE: f64 = 4.0;

/// What is known of a line's losses.
#[derive(Debug, Default)]
pub(super) struct Losses {
    /// Which part is usual.
    usual: f64,
}

impl Losses {
    /// This part was lost of so many packets, in a second. Says whether that is too much; `passed` since
    /// it was asked before.
    pub(super) fn are_too_many(&mut self, part: f64, packets: f64, passed: Duration) -> bool {
        self.learn_within(GROWN_USED_TO, part, passed);
        let tolerable = self.usual + TOO_MUCH;
        let expected = packets * tolerable;
        let chance = (expected * (1.0 - tolerable)).sqrt().max(1.0);
        packets * part > expected + BY_CHANCE * chance
    }

    /// This part is lost while less is sent.
    pub(super) fn learn(&mut self, part: f64, passed: Duration) {
        self.learn_within(LEARNED, part, passed);
    }

    fn learn_within(&mut self, time: Duration, part: f64, passed: Duration) {
        let share = 1.0 - (-passed.as_secs_f64() / time.as_secs_f64()).exp();
        self.usual += (part.min(MOST_USUAL) - self.usual) * share;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_secs(1);

    /// A line that loses some by chance, the same in each run.
    struct TriedLine {
        losses: Losses,
        seed: u64,
    }

    impl TriedLine {
        fn new(seed: u64) -> Self {
            Self {
                losses: Losses::default(),
                seed,
            }
        }

        /// One of which it is known what it loses by itself.
        fn used_to(permille: u64, packets: u32, seed: u64) -> Self {
            let mut line = Self::new(seed);
            for _ in 0..3 {
                let part = line.part(permille, packets);
                line.losses.learn(part, TICK);
            }
            line
        }

        fn loses(&mut self, permille: u64) -> bool {
            self.seed = self
                .seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (self.seed >> 33) % 1000 < permille
        }

        /// After how many seconds, of so many with so many packets each, it is too much.
        fn found(&mut self, permille: u64, packets: u32, ticks: usize) -> Option<usize> {
            (0..ticks).position(|_| {
                let part = self.part(permille, packets);
                self.losses.are_too_many(part, f64::from(packets), TICK)
            })
        }

        fn part(&mut self, permille: u64, packets: u32) -> f64 {
            let lost = (0..packets).filter(|_| self.loses(permille)).count();
            f64::from(u32::try_from(lost).expect("few")) / f64::from(packets)
        }
    }

    #[test]
    fn what_radio_loses_is_too_much_once_at_most() {
        for packets in [3, 12, 30, 60, 140, 300, 800] {
            for permille in [5, 20, 60, 100] {
                let found = (0..200).filter(|seed| {
                    let mut line = TriedLine::used_to(permille, packets, *seed);
                    line.found(permille, packets, 10).is_some()
                });
                let found = found.count();
                assert!(found <= 20, "{permille} of {packets}: {found} of 200");
            }
            // It may begin unawares.
            let found =
                (0..200).filter(|seed| TriedLine::new(*seed).found(50, packets, 30).is_some());
            let found = found.count();
            assert!(found <= 40, "{found} of 200 for {packets}");
        }
    }

    #[test]
    fn a_line_that_gets_too_narrow_is_found_soon() {
        for packets in [60, 140, 300, 800] {
            for (usual, permille) in [(0, 200), (0, 800), (20, 250), (50, 300), (100, 500)] {
                let found = (0..200).filter(|seed| {
                    let mut line = TriedLine::used_to(usual, packets, *seed);
                    line.found(permille, packets, 2).is_some()
                });
                let found = found.count();
                assert!(found >= 190, "{permille} of {packets}: {found} of 200");
            }
        }
    }

    #[test]
    fn what_is_not_lost_any_more_is_not_usual_by_and_by() {
        let mut line = TriedLine::new(7);
        for _ in 0..3 {
            line.losses.learn(0.1, TICK);
        }
        assert_eq!(line.found(100, 120, 10), None);
        assert_eq!(line.found(0, 120, 40), None);
        assert!(line.found(150, 120, 3).is_some());
    }
}
