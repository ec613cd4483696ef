//! What is known of each push service: one that is slow, full or away keeps nobody waiting but its own
//! devices.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::model::backoff::Backoff;

/// Messages to one push service at the same time.
const AT_ONCE: usize = 32;
/// A turn is waited for as long as there is an answer within this time; otherwise the service is slow.
const TURN: Duration = Duration::from_millis(500);
/// How long those wait for whom there is no turn.
const SLOW: Duration = Duration::from_secs(2);
/// How long a service is left alone after failures in a row.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_mins(5));
/// The longest that a service may ask for.
const LONGEST: Duration = Duration::from_hours(1);
/// Services that are remembered; strangers may name any number.
const MOST: usize = 1000;

/// All push services that were met.
#[derive(Default)]
pub(super) struct PushOrigins(Mutex<HashMap<String, Arc<PushOrigin>>>);

/// One push service.
pub(super) struct PushOrigin {
    turns: Semaphore,
    standing: Mutex<OriginStanding>,
}

#[derive(Default)]
struct OriginStanding {
    failures: u32,
    /// When the last failure came.
    failed: Option<Instant>,
    /// When the last answer came.
    answered: Option<Instant>,
    closed_until: Option<Instant>,
    /// Whether turns were waited for in vain.
    slow: bool,
    /// What says who we are, by which key, and until when it is shown.
    pass: Option<OriginPass>,
}

/// What says who we are to one push service.
#[derive(Clone)]
pub(super) struct OriginPass {
    pub(super) key: String,
    pub(super) header: String,
    pub(super) until: i64,
}

impl PushOrigins {
    /// The push service at an origin.
    pub(super) fn get(&self, origin: &str) -> Arc<PushOrigin> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(origin) {
            return known.clone();
        }
        if all.len() >= MOST {
            // Those in use or left alone are remembered before others.
            all.retain(|_, known| Arc::strong_count(known) > 1 || known.rest().is_some());
        }
        let fresh = Arc::new(PushOrigin {
            turns: Semaphore::new(AT_ONCE),
            standing: Mutex::default(),
        });
        if all.len() < MOST {
            all.insert(origin.to_owned(), fresh.clone());
        }
        fresh
    }
}

impl PushOrigin {
    fn standing(&self) -> std::sync::MutexGuard<'_, OriginStanding> {
        self.standing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long it is left alone.
    fn rest(&self) -> Option<Duration> {
        let rest = self
            .standing()
            .closed_until?
            .saturating_duration_since(Instant::now());
        (!rest.is_zero()).then_some(rest)
    }

    /// A turn to send one message, or how long to wait before asking again.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, Duration> {
        if let Some(rest) = self.rest() {
            return Err(rest);
        }
        if let Ok(turn) = self.turns.try_acquire() {
            return Ok(turn);
        }
        if self.standing().slow {
            return Err(SLOW);
        }
        loop {
            let waiting = tokio::time::timeout(TURN, self.turns.acquire());
            if let Ok(Ok(turn)) = waiting.await {
                return self.rest().map_or(Ok(turn), Err);
            }
            let mut standing = self.standing();
            // One that is only busy answers all the time.
            let lively = standing.answered.is_some_and(|at| at.elapsed() < TURN);
            if !lively {
                standing.slow = true;
                return Err(SLOW);
            }
        }
    }

    /// It answered.
    pub(super) fn answered(&self) {
        let mut standing = self.standing();
        standing.answered = Some(Instant::now());
        standing.failures = 0;
        standing.closed_until = None;
        standing.slow = false;
    }

    /// It took nothing; how long it is left alone. Of messages that were on their way together, one
    /// counts.
    pub(super) fn failed(&self, began: Instant, asked: Option<Duration>) -> Duration {
        let mut standing = self.standing();
        let now = Instant::now();
        if standing.failed.is_none_or(|failed| failed <= began) {
            standing.failures = standing.failures.saturating_add(1);
            standing.failed = Some(now);
        }
        let asked = asked.map(|asked| asked.min(LONGEST));
        let until = now + BACKOFF.delay(standing.failures, asked);
        let until = standing
            .closed_until
            .map_or(until, |before| before.max(until));
        standing.closed_until = Some(until);
        until - now
    }

    /// It does not know us: it is left alone for longer. Says whether that is news: what was on its way
    /// together is refused together.
    pub(super) fn refused(&self, rest: Duration) -> bool {
        let mut standing = self.standing();
        let now = Instant::now();
        let is_news = standing.closed_until.is_none_or(|until| until <= now);
        standing.closed_until = Some(now + rest);
        standing.pass = None;
        is_news
    }

    /// What says who we are by this key at this time, made if need be.
    pub(super) fn pass<E>(
        &self,
        key: &str,
        now: i64,
        make: impl FnOnce() -> Result<OriginPass, E>,
    ) -> Result<String, E> {
        let mut standing = self.standing();
        let good = |pass: &&OriginPass| pass.key == key && pass.until > now;
        if let Some(pass) = standing.pass.as_ref().filter(good) {
            return Ok(pass.header.clone());
        }
        let pass = make()?;
        let header = pass.header.clone();
        standing.pass = Some(pass);
        Ok(header)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_service_that_hangs_holds_up_only_its_own() {
        let origins = PushOrigins::default();
        let (slow, other) = (origins.get("https://slow"), origins.get("https://other"));
        let mut held = Vec::new();
        for _ in 0..AT_ONCE {
            held.push(slow.turn().await.expect("a turn"));
        }
        let began = Instant::now();
        assert_eq!(slow.turn().await.err(), Some(SLOW));
        assert_eq!(began.elapsed(), TURN);
        // From now on nobody waits for it.
        for _ in 0..1000 {
            assert_eq!(slow.turn().await.err(), Some(SLOW));
        }
        assert_eq!(began.elapsed(), TURN);
        drop(other.turn().await.expect("a turn"));
        drop(held);
        drop(slow.turn().await.expect("a turn again"));
        // One that is only busy is waited for.
        slow.answered();
        let first = slow.turn().await.expect("a turn");
        let mut others = Vec::new();
        for _ in 1..AT_ONCE {
            others.push(slow.turn().await.expect("a turn"));
        }
        let late = async {
            tokio::time::sleep(TURN * 3 / 4).await;
            slow.answered();
            tokio::time::sleep(TURN * 3 / 4).await;
            drop(first);
        };
        let (turn, ()) = tokio::join!(slow.turn(), late);
        assert!(turn.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_service_that_fails_is_left_alone_for_longer_each_time() {
        let origin = PushOrigins::default().get("https://a");
        let seconds = |time: Duration| time.as_secs();
        assert_eq!(seconds(origin.failed(Instant::now(), None)), 1);
        assert!(origin.turn().await.is_err());
        tokio::time::sleep(Duration::from_secs(1)).await;
        let together = Instant::now();
        assert!(origin.turn().await.is_ok());
        tokio::time::sleep(Duration::from_secs(5)).await;
        // Of a wave of failures the first counts.
        assert_eq!(seconds(origin.failed(together, None)), 2);
        assert_eq!(seconds(origin.failed(together, None)), 2);
        assert_eq!(
            seconds(origin.failed(together, Some(Duration::from_secs(90)))),
            90
        );
        assert_eq!(
            origin.failed(together, Some(Duration::from_secs(1 << 40))),
            LONGEST
        );
        origin.answered();
        assert!(origin.turn().await.is_ok());
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(seconds(origin.failed(Instant::now(), None)), 1);
    }

    #[test]
    fn strangers_cannot_make_it_remember_any_number() {
        let origins = PushOrigins::default();
        for number in 0..3 * MOST {
            origins.get(&format!("https://{number}.example"));
        }
        assert!(origins.0.lock().expect("whole").len() <= MOST);
    }
}
