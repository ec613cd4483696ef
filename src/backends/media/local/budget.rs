//! How much of pictures a client's line takes: as much as there is, until packets are lost on it or take
//! long; then less, and more again by and by. What the client's browser reports of each packet is all that
//! is known of its line.

use std::time::{Duration, Instant};

use super::losses::Losses;

/// Packets that take so much longer than the fastest did stand in a queue.
const QUEUED: Duration = Duration::from_millis(600);
/// Reports in a row that say so: a browser that is busy answers late once in a while.
const REPORTS: u8 = 4;
/// Of what arrived, so much is sent from then on.
const CAREFUL: f64 = 0.85;
/// Of what was sent into a queue, so much: how much arrived is not known.
const SHORTER: f64 = 0.6;
/// What a report says is of a second, so the next ones still tell of the time before the last cut.
const SETTLED: Duration = Duration::from_millis(1500);
/// Until so long after it, what is still lost is taken to be usual, unless it is that much.
const LEARNING: Duration = Duration::from_secs(3);
const HEAVY: f64 = 0.3;
/// How long after a cut more is tried: twice as long each time that it fails.
const PAUSE: Duration = LEARNING;
const LONGEST_PAUSE: Duration = Duration::from_secs(8);
/// How much more in each second, and until how much, in bits a second, a line is taken to be narrow.
const MORE: f64 = 1.5;
const LEAST: f64 = 50_000.0;
const WIDE: f64 = 20_000_000.0;
/// To be taken up, a rendition needs so much more room than it takes just now; one that is there already may
/// take a little more than there is: what a rendition takes goes up and down.
const ROOM: f64 = 1.2;
const SLACK: f64 = 0.9;

/// What is known of a line.
#[derive(Debug)]
pub(super) struct Budget {
    /// In bits a second; nothing while nothing says that it is narrow.
    limit: Option<f64>,
    /// Bytes of pictures since the last report.
    sent: u64,
    /// Packets of any kind since then.
    packets: u32,
    losses: Losses,
    since: Instant,
    /// The shortest time there and back, slowly forgotten.
    fastest: Option<Duration>,
    queued: u8,
    cut: Option<Instant>,
    pause: Duration,
}

impl Budget {
    pub(super) fn new(now: Instant) -> Self {
        Self {
            limit: None,
            sent: 0,
            packets: 0,
            losses: Losses::default(),
            since: now,
            fastest: None,
            queued: 0,
            cut: None,
            pause: PAUSE,
        }
    }

    /// A packet was sent, with so many bytes of a picture.
    pub(super) fn sent(&mut self, of_pictures: usize) {
        self.sent += of_pictures as u64;
        self.packets = self.packets.saturating_add(1);
    }

    /// In bits a second; nothing if there is no limit.
    pub(super) fn limit(&self) -> Option<f64> {
        self.limit
    }

    /// Which part of the packets of the last second were lost, and how long the last one took there and
    /// back, as far as the client told.
    pub(super) fn report(&mut self, lost: Option<f32>, trip: Option<Duration>, now: Instant) {
        let passed = now.saturating_duration_since(self.since);
        if passed.is_zero() {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "a rate is no count")]
        let rate = std::mem::take(&mut self.sent) as f64 * 8.0 / passed.as_secs_f64();
        let packets = f64::from(std::mem::take(&mut self.packets)) / passed.as_secs_f64();
        self.since = now;
        let since = self.cut.map(|cut| now.saturating_duration_since(cut));
        if since.is_some_and(|since| since < SETTLED) {
            return;
        }
        let lost = f64::from(lost.unwrap_or_default());
        let too_many = if since.is_some_and(|since| since < LEARNING) {
            self.losses.learn(lost, passed);
            lost > HEAVY
        } else {
            self.losses.are_too_many(lost, packets, passed)
        };
        if too_many {
            self.shorten(rate * (1.0 - lost) * CAREFUL, now);
        } else if self.is_queued(trip) {
            self.shorten(rate * SHORTER, now);
        } else {
            self.widen(passed.as_secs_f64(), now);
        }
    }

    fn is_queued(&mut self, trip: Option<Duration>) -> bool {
        let Some(trip) = trip else { return false };
        let fastest = self.fastest.get_or_insert(trip);
        if trip > *fastest + QUEUED {
            self.queued = self.queued.saturating_add(1);
        } else {
            self.queued = 0;
        }
        *fastest = trip.min(*fastest + (trip.saturating_sub(*fastest)) / 64);
        self.queued >= REPORTS
    }

    fn shorten(&mut self, to: f64, now: Instant) {
        let since = self.cut.map(|at| now.saturating_duration_since(at));
        // It was well until more was tried.
        if self.limit.is_some() && since.is_some_and(|since| since >= self.pause) {
            self.pause = (self.pause * 2).min(LONGEST_PAUSE);
        }
        self.limit = Some(to.min(self.limit.unwrap_or(f64::MAX)).max(LEAST));
        self.cut = Some(now);
        self.queued = 0;
    }

    fn widen(&mut self, passed: f64, now: Instant) {
        let Some(limit) = &mut self.limit else { return };
        let since = self.cut.map(|at| now.saturating_duration_since(at));
        if since.is_some_and(|since| since < self.pause) {
            return;
        }
        *limit *= MORE.powf(passed);
        if *limit > WIDE {
            (self.limit, self.cut, self.pause) = (None, None, PAUSE);
        }
    }
}

/// A picture that is to be sent: its renditions, smallest first, up to the one that fits its place, each with
/// what it takes in bits a second, and the one that is sent now.
#[derive(Debug)]
pub(super) struct RenditionCosts {
    pub(super) renditions: Vec<(u8, f64)>,
    pub(super) now: Option<u8>,
}

impl RenditionCosts {
    /// What it takes in place of the rendition before, if any.
    fn cost(&self, at: usize) -> f64 {
        let (rendition, bits) = self.renditions[at];
        let has = self.now.is_some_and(|now| rendition <= now);
        bits * if has { SLACK } else { ROOM }
    }
}

/// Which rendition of each picture, most wanted first, is sent where no more than `limit` bits a second fit.
/// Each gets its smallest before any gets a larger one; what does not fit gets none.
pub(super) fn share(limit: f64, pictures: &[RenditionCosts]) -> Vec<Option<u8>> {
    let mut left = limit;
    let mut places: Vec<Option<usize>> = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let fits = !picture.renditions.is_empty() && picture.cost(0) <= left;
        if fits {
            left -= picture.cost(0);
        }
        places.push(fits.then_some(0));
    }
    for (picture, place) in pictures.iter().zip(&mut places) {
        let Some(at) = place else { continue };
        let own = left + picture.cost(*at);
        let best = (0..picture.renditions.len()).rev();
        let best = best.filter(|better| picture.cost(*better) <= own).max();
        if let Some(better) = best.filter(|better| better > at) {
            left = own - picture.cost(better);
            *at = better;
        }
    }
    let rendition =
        |(picture, place): (&RenditionCosts, Option<usize>)| Some(picture.renditions[place?].0);
    pictures.iter().zip(places).map(rendition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(250);

    /// A line that lets so many bits a second through, without a queue.
    struct TriedLine {
        budget: Budget,
        now: Instant,
        carries: f64,
        /// What is sent if nothing says otherwise.
        wanted: f64,
    }

    impl TriedLine {
        fn new(carries: f64, wanted: f64) -> Self {
            let now = Instant::now();
            Self {
                budget: Budget::new(now),
                now,
                carries,
                wanted,
            }
        }

        /// A quarter of a second of it. Gives which part was lost.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "small"
        )]
        fn pass(&mut self) -> f32 {
            let rate = self
                .budget
                .limit()
                .map_or(self.wanted, |limit| limit.min(self.wanted));
            for _ in 0..(rate / 8.0 * 0.25 / 1000.0) as usize {
                self.budget.sent(1000);
            }
            let lost = (1.0 - self.carries / rate).max(0.0) as f32;
            self.now += TICK;
            let trip = Some(Duration::from_millis(40));
            self.budget.report(Some(lost), trip, self.now);
            lost
        }
    }

    #[test]
    fn a_good_line_has_no_limit() {
        let mut line = TriedLine::new(9e6, 5e6);
        for _ in 0..1000 {
            line.pass();
            assert_eq!(line.budget.limit(), None);
        }
        // Radio loses a little, and a browser answers late once.
        for n in 0..100 {
            line.now += TICK;
            line.budget.sent(1000);
            let trip = Duration::from_millis(if n % 3 == 0 { 900 } else { 50 });
            line.budget.report(Some(0.06), Some(trip), line.now);
            assert_eq!(line.budget.limit(), None);
        }
    }

    #[test]
    fn a_narrow_line_is_found_within_a_second_and_rarely_overfilled_after() {
        let mut line = TriedLine::new(300_000.0, 1.6e6);
        line.pass();
        line.pass();
        let limit = line.budget.limit().expect("found");
        assert!((150_000.0..300_000.0).contains(&limit), "{limit}");
        // A minute to find how it is, then five.
        for _ in 0..120 {
            line.pass();
        }
        let bad = (0..600).filter(|_| line.pass() > 0.05).count();
        assert!(bad < 60, "{bad} of 600");
        assert!(line.budget.limit().is_some_and(|limit| limit > 120_000.0));
    }

    #[test]
    fn a_line_that_is_wide_again_is_used_again() {
        let mut line = TriedLine::new(300_000.0, 1.6e6);
        for _ in 0..20 {
            line.pass();
        }
        line.carries = 9e6;
        let ticks = (0..200).position(|_| {
            line.pass();
            line.budget.limit().is_none_or(|limit| limit > line.wanted)
        });
        assert!(ticks.is_some_and(|ticks| ticks <= 40), "{ticks:?}");
        for _ in 0..100 {
            line.pass();
        }
        assert_eq!(line.budget.limit(), None);
    }

    #[test]
    fn more_is_tried_by_and_by() {
        let mut line = TriedLine::new(300_000.0, 1.6e6);
        for _ in 0..20 {
            line.pass();
        }
        line.carries = 9e6;
        let mut before = line.budget.limit().expect("it is narrow");
        for _ in 0..40 {
            line.pass();
            let limit = line.budget.limit().expect("nobody knows better yet");
            assert!(limit <= before * MORE, "{before}, then {limit}");
            before = limit;
        }
    }

    #[test]
    fn what_is_cut_again_before_more_was_tried_rests_no_longer_for_it() {
        let began = Instant::now();
        let mut budget = Budget::new(began);
        let mut limit_after = |ms: u64, lost: f32| {
            for _ in 0..200 {
                budget.sent(1000);
            }
            let trip = Some(Duration::from_millis(40));
            budget.report(Some(lost), trip, began + Duration::from_millis(ms));
            budget.limit()
        };
        let first = limit_after(1000, 0.5).expect("it is narrow");
        let second = limit_after(3000, 0.5).expect("it is narrower");
        assert!(second < first, "{first}, then {second}");
        assert_eq!(limit_after(5500, 0.0), Some(second), "not yet");
        let third = limit_after(6250, 0.0).expect("more is tried");
        assert!(third > second, "{second}, then {third}");
    }

    #[test]
    fn a_queue_is_a_narrow_line_too() {
        let mut line = TriedLine::new(9e6, 1e6);
        line.pass();
        for _ in 0..4 {
            line.budget.sent(31_250);
            line.now += TICK;
            let trip = Duration::from_millis(700);
            line.budget.report(Some(0.0), Some(trip), line.now);
        }
        assert_eq!(line.budget.limit(), Some(600_000.0));
    }

    fn wanted(renditions: &[(u8, f64)], now: Option<u8>) -> RenditionCosts {
        RenditionCosts {
            renditions: renditions.to_vec(),
            now,
        }
    }

    #[test]
    fn everybody_is_seen_small_before_anybody_is_seen_large() {
        let all = [(0, 100.0), (1, 400.0), (2, 1000.0)];
        let three = || [0; 3].map(|_| wanted(&all, None));
        assert_eq!(share(99_999.0, &three()), [Some(2); 3]);
        assert_eq!(share(1800.0, &three()), [Some(2), Some(1), Some(0)]);
        assert_eq!(share(360.0, &three()), [Some(0); 3]);
        assert_eq!(share(250.0, &three()), [Some(0), Some(0), None]);
        assert_eq!(share(50.0, &three()), [None; 3]);
        let odd = [wanted(&[], None), wanted(&[(1, 100.0)], None)];
        assert_eq!(share(150.0, &odd), [None, Some(1)]);
    }

    #[test]
    fn what_is_there_stays_while_it_nearly_fits() {
        let all = [(0, 100.0), (1, 400.0)];
        for (limit, now, then) in [
            (400.0, 0, 0),
            (400.0, 1, 1),
            (365.0, 1, 1),
            (350.0, 1, 0),
            (485.0, 0, 1),
        ] {
            assert_eq!(share(limit, &[wanted(&all, Some(now))]), [Some(then)]);
        }
    }
}
