//! Who is to be left alone for a while, after the push service said so.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::model::backoff::{Backoff, Gate, Setback, SetbackScope};
use crate::model::notification::Target;

/// The delays of a notification, and of a receiver, after failures in a row.
const BACKOFF: Backoff = Backoff::new(Duration::from_secs(10), Duration::from_mins(10));
/// A receiver that waits is remembered until so many others failed after it, and never more than twice
/// as many are. Each notification of a forgotten one still waits by its own time.
const MANY: usize = 10_000;

/// Everybody, or single receivers.
#[derive(Default)]
pub(super) struct ReceiverDelays {
    gate: Gate,
    /// Why nobody was to be sent anything, when that was so last.
    why: Mutex<String>,
    targets: Mutex<TargetDelays>,
}

/// How long one receiver is left alone.
#[derive(Clone, Copy)]
struct TargetDelay {
    until: Instant,
    failures: u32,
}

/// The receivers by their digests, in two generations: none is looked for among all when there are
/// many.
#[derive(Default)]
struct TargetDelays {
    recent: HashMap<u64, TargetDelay>,
    before: HashMap<u64, TargetDelay>,
}

impl TargetDelays {
    fn get(&self, target: u64) -> Option<TargetDelay> {
        let found = self.recent.get(&target);
        found.or_else(|| self.before.get(&target)).copied()
    }

    fn set(&mut self, target: u64, delay: TargetDelay) {
        if self.recent.len() >= MANY && !self.recent.contains_key(&target) {
            self.before = std::mem::take(&mut self.recent);
        }
        self.recent.insert(target, delay);
    }

    fn remove(&mut self, target: u64) {
        self.recent.remove(&target);
        self.before.remove(&target);
    }
}

impl ReceiverDelays {
    /// How long nobody may be sent anything.
    pub(super) fn of_all(&self) -> Duration {
        self.gate.wait()
    }

    /// Says why nobody may be sent anything.
    pub(super) fn explain(&self, reason: &str) {
        let mut why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        reason.clone_into(&mut why);
    }

    /// How long nobody may be sent anything, and why, if that is so.
    pub(super) fn closed(&self) -> Option<(Duration, String)> {
        let wait = Some(self.gate.wait()).filter(|wait| !wait.is_zero())?;
        let why = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        Some((wait, why.clone()))
    }

    /// How long this receiver may not be sent anything.
    pub(super) fn of(&self, target: &Target) -> Duration {
        let own = self.targets().get(target.digest());
        let own = own.map_or(Duration::ZERO, |delay| {
            delay.until.saturating_duration_since(Instant::now())
        });
        own.max(self.gate.wait())
    }

    /// Something could not be sent to this receiver, for so many times; how long the next try waits.
    pub(super) fn fail(&self, target: &Target, attempts: u32, setback: Setback) -> Duration {
        if setback.scope != SetbackScope::Receiver {
            return self.gate.delay(BACKOFF, attempts, setback);
        }
        let now = Instant::now();
        let mut targets = self.targets();
        let known = targets.get(target.digest());
        let mut delay = known.unwrap_or(TargetDelay {
            until: now,
            failures: 0,
        });
        // What was on its way together failed once.
        if delay.until <= now {
            delay.failures = delay.failures.saturating_add(1).max(attempts);
            delay.until = now + BACKOFF.delay(delay.failures, setback.asked);
        }
        targets.set(target.digest(), delay);
        delay.until.duration_since(now)
    }

    /// This receiver takes something again.
    pub(super) fn succeed(&self, target: &Target) {
        self.targets().remove(target.digest());
    }

    fn targets(&self) -> MutexGuard<'_, TargetDelays> {
        self.targets.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(name: &str) -> Target {
        Target::Token(name.to_owned())
    }

    #[test]
    fn delays_grow_and_obey() {
        let seconds = |attempts, after: Option<u64>| {
            let delay = BACKOFF.delay(attempts, after.map(Duration::from_secs));
            delay.as_secs()
        };
        assert_eq!([1, 2, 3].map(|n| seconds(n, None)), [10, 20, 40]);
        assert_eq!(seconds(40, None), 600);
        assert_eq!(seconds(1, Some(90)), 90);
        assert_eq!(seconds(3, Some(2)), 40);
    }

    #[tokio::test(start_paused = true)]
    async fn one_receiver_waits_longer_each_time_and_nobody_else() {
        let (delays, own) = (ReceiverDelays::default(), Setback::of_receiver(None));
        let seconds = |delay: Duration| delay.as_secs();
        assert_eq!(seconds(delays.fail(&token("a"), 1, own)), 10);
        // Ten that were on their way together.
        assert_eq!(seconds(delays.fail(&token("a"), 1, own)), 10);
        assert_eq!(
            (
                seconds(delays.of(&token("a"))),
                seconds(delays.of(&token("b")))
            ),
            (10, 0)
        );
        tokio::time::advance(Duration::from_secs(10)).await;
        assert_eq!(seconds(delays.of(&token("a"))), 0);
        assert_eq!(seconds(delays.fail(&token("a"), 1, own)), 20);
        tokio::time::advance(Duration::from_secs(20)).await;
        delays.succeed(&token("a"));
        assert_eq!(seconds(delays.fail(&token("a"), 1, own)), 10);
        let all = Setback::of_service(Some(Duration::from_secs(30)));
        delays.fail(&token("c"), 1, all);
        assert_eq!(
            (seconds(delays.of(&token("b"))), seconds(delays.of_all())),
            (30, 30)
        );
        delays.explain("it says 503");
        let (wait, why) = delays.closed().expect("nobody is sent anything");
        assert_eq!((seconds(wait), why.as_str()), (30, "it says 503"));
        tokio::time::advance(Duration::from_secs(30)).await;
        assert_eq!(delays.closed(), None);
    }

    #[tokio::test(start_paused = true)]
    async fn however_many_wait_few_are_remembered_and_the_latest_for_sure() {
        let (delays, own) = (ReceiverDelays::default(), Setback::of_receiver(None));
        let name = |n: usize| token(&n.to_string());
        for n in 0..MANY * 5 {
            delays.fail(&name(n), 1, own);
        }
        let kept = |delays: &ReceiverDelays| {
            let targets = delays.targets();
            targets.recent.len() + targets.before.len()
        };
        assert!((MANY..=MANY * 2).contains(&kept(&delays)));
        let latest = (MANY * 4..MANY * 5).all(|n| delays.of(&name(n)) == BACKOFF.delay(1, None));
        assert!(latest, "the last to fail wait");
        assert_eq!(delays.of(&name(0)), Duration::ZERO);
        // Whoever is of the older ones goes on where it was, and takes no second place.
        tokio::time::advance(BACKOFF.delay(1, None)).await;
        let before = kept(&delays);
        assert_eq!(delays.fail(&name(MANY * 4), 1, own), BACKOFF.delay(2, None));
        delays.succeed(&name(MANY * 4));
        assert!(kept(&delays) < before);
    }
}
