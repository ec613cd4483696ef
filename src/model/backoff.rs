//! When to try again: the delays between tries, what the other side asks for, and whom a failure
//! keeps waiting.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long to wait after failures in a row: first so long, then twice as long each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    jitter: bool,
}

impl Backoff {
    /// Delays that begin with `first` and grow no longer than `longest`.
    pub const fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            jitter: false,
        }
    }

    /// The same, each delay longer by chance, up to twice as long: those who failed together do not
    /// come back together.
    #[must_use]
    pub const fn with_jitter(self) -> Self {
        Self {
            jitter: true,
            ..self
        }
    }

    /// The longest delay, without chance.
    pub const fn longest(self) -> Duration {
        self.longest
    }

    /// The delay after so many failures in a row, and never shorter than the other side asked for
    /// (its `Retry-After`).
    pub fn delay(self, failures: u32, asked: Option<Duration>) -> Duration {
        // Beyond this the first delay is the longest, whatever they are.
        let doublings = failures.saturating_sub(1).min(31);
        let delay = self.first.saturating_mul(1 << doublings).min(self.longest);
        let more = if self.jitter { rand::random() } else { 0.0 };
        let delay = delay.saturating_add(delay.mul_f64(more));
        delay.max(asked.unwrap_or_default())
    }

    /// The delays of one who counts failures only.
    pub const fn delays(self) -> Delays {
        Delays {
            backoff: self,
            failures: 0,
        }
    }

    /// Does `work`, and repeats it up to so many times. After each failure `again` is told the delay
    /// that is planned, and gives back the one to take, or nothing when another try is no use.
    ///
    /// # Errors
    /// The failure of the last try.
    pub async fn retry<T, E, F: Future<Output = Result<T, E>>>(
        self,
        times: u32,
        mut work: impl FnMut() -> F,
        mut again: impl FnMut(&E, Duration) -> Option<Duration>,
    ) -> Result<T, E> {
        for failures in 1..=times {
            let error = match work().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            let Some(delay) = again(&error, self.delay(failures, None)) else {
                return Err(error);
            };
            drop(error);
            tokio::time::sleep(delay).await;
        }
        work().await
    }
}

/// Failures in a row, and the delay after each.
#[derive(Debug, Clone, Copy)]
pub struct Delays {
    backoff: Backoff,
    failures: u32,
}

impl Delays {
    /// Counts a failure and says how long to wait after it; see [`Backoff::delay`].
    pub fn next(&mut self, asked: Option<Duration>) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.backoff.delay(self.failures, asked)
    }

    /// How many failures in a row there were.
    pub fn failures(&self) -> u32 {
        self.failures
    }

    /// It works again: the next failure is the first.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

/// What a failure says of the tries to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setback {
    /// Not before this time has passed, if the other side said so.
    pub asked: Option<Duration>,
    /// Whom it keeps waiting.
    pub scope: SetbackScope,
}

/// Whom a failure keeps waiting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetbackScope {
    /// This one receiver: others are not delayed.
    Receiver,
    /// This one try; nobody knows whether others would fare better. When many fail so in a row, the
    /// service is away.
    Try,
    /// Everybody: the service itself takes nothing.
    Service,
}

impl Setback {
    /// It is about one receiver.
    pub const fn of_receiver(asked: Option<Duration>) -> Self {
        let scope = SetbackScope::Receiver;
        Self { asked, scope }
    }

    /// It is about one try, and perhaps about more.
    pub const fn of_try(asked: Option<Duration>) -> Self {
        let scope = SetbackScope::Try;
        Self { asked, scope }
    }

    /// It is about the service.
    pub const fn of_service(asked: Option<Duration>) -> Self {
        let scope = SetbackScope::Service;
        Self { asked, scope }
    }
}

/// The way to a service, closed for all while the service takes nothing.
#[derive(Debug, Default)]
pub struct Gate(Mutex<Option<Instant>>);

impl Gate {
    /// How long the one who failed so often in a row waits; a failure of the service keeps all the
    /// others as long as the service asked, or as long as this one.
    pub fn delay(&self, backoff: Backoff, failures: u32, setback: Setback) -> Duration {
        let delay = backoff.delay(failures, setback.asked);
        if setback.scope == SetbackScope::Service {
            self.close_for(setback.asked.unwrap_or(delay));
        }
        delay
    }

    /// Nobody passes for this long.
    fn close_for(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut closed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *closed = Some(closed.map_or(until, |before| before.max(until)));
    }

    /// How long nobody passes.
    pub fn wait(&self) -> Duration {
        let closed = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        closed.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    /// Waits until it is open.
    pub async fn pass(&self) {
        loop {
            let wait = self.wait();
            if wait.is_zero() {
                return;
            }
            tokio::time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const BACKOFF: Backoff = Backoff::new(SECOND, Duration::from_mins(1));

    #[test]
    fn rests_double_up_to_the_longest_and_begin_anew() {
        let mut delays = BACKOFF.delays();
        let seconds = [(); 8].map(|()| delays.next(None).as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(delays.failures(), 8);
        delays.reset();
        assert_eq!(delays.next(None), SECOND);
        assert_eq!(BACKOFF.delay(u32::MAX, None), BACKOFF.longest());
        assert_eq!(BACKOFF.delay(0, None), SECOND);
    }

    #[test]
    fn what_is_asked_for_is_never_cut_short() {
        let asked = |failures, asked| BACKOFF.delay(failures, Some(SECOND * asked)).as_secs();
        assert_eq!([asked(1, 90), asked(3, 2), asked(40, 3600)], [90, 4, 3600]);
    }

    #[test]
    fn chance_makes_rests_longer_and_at_most_doubles_them() {
        let delays = [(); 100].map(|()| BACKOFF.with_jitter().delay(2, None));
        assert!(
            delays
                .iter()
                .all(|delay| (SECOND * 2..=SECOND * 4).contains(delay))
        );
        assert!(delays.iter().any(|delay| *delay != delays[0]));
    }

    #[tokio::test(start_paused = true)]
    async fn work_is_repeated_as_often_and_as_long_as_it_is_any_use() {
        let began = Instant::now();
        let mut tries = 0;
        let work = || {
            tries += 1;
            std::future::ready(Err::<(), _>(tries))
        };
        let outcome = BACKOFF.retry(3, work, |_, delay| Some(delay)).await;
        assert_eq!((outcome, began.elapsed()), (Err(4), SECOND * 7));
        let futile = BACKOFF.retry(3, || std::future::ready(Err::<(), _>(0)), |_, _| None);
        assert_eq!((futile.await, began.elapsed()), (Err(0), SECOND * 7));
        let works = BACKOFF.retry(3, || std::future::ready(Ok::<_, ()>(1)), |(), _| None);
        assert_eq!((works.await, began.elapsed()), (Ok(1), SECOND * 7));
    }

    #[tokio::test(start_paused = true)]
    async fn a_failure_of_the_service_keeps_everybody_and_that_of_a_receiver_nobody_else() {
        let gate = Gate::default();
        let delay = gate.delay(BACKOFF, 3, Setback::of_receiver(Some(SECOND * 90)));
        assert_eq!((delay, gate.wait()), (SECOND * 90, Duration::ZERO));
        assert_eq!(
            gate.delay(BACKOFF, 3, Setback::of_service(None)),
            SECOND * 4
        );
        assert_eq!(gate.wait(), SECOND * 4);
        // The one who failed often waits longer than the service asked of all.
        let delay = gate.delay(BACKOFF, 7, Setback::of_service(Some(SECOND * 5)));
        assert_eq!((delay, gate.wait()), (SECOND * 60, SECOND * 5));
        let began = Instant::now();
        gate.pass().await;
        assert!(began.elapsed() >= SECOND * 5 && gate.wait().is_zero());
    }
}
