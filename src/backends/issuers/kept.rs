//! The keys of an issuer, kept so that nobody who signs in waits for it.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::DecodingKey;
use metrics::gauge;
use tokio::sync::Mutex;

use super::fetch::{FetchedKeys, KeySource};
use super::keys::{KeySet, SigningAlgorithm};
use crate::error::{Error, Result};
use crate::model::Clock;

/// The last good keys serve so long when the issuer is away.
const LAST_GOOD: Duration = Duration::from_hours(24);
/// An issuer is asked no more often, whatever tokens name.
const GATE: Duration = Duration::from_secs(30);
/// The same while there are no keys at all.
const GATE_WITHOUT_KEYS: Duration = Duration::from_secs(5);
/// The longest time between two looks at how old the keys are.
const LOOK: Duration = Duration::from_secs(15);

/// Keys that may be used.
struct GoodKeys {
    set: KeySet,
    /// When they came.
    at: Timestamp,
    max_age: Duration,
}

/// What became of asking.
#[derive(Default)]
struct LastAsk {
    last: Option<Timestamp>,
    failure: Option<Error>,
}

/// How the keys stand.
pub(super) enum KeysState {
    /// As old as they may be.
    Fresh(usize),
    /// Older, because the issuer is away; so many seconds.
    Stale(u64),
    /// There are none.
    Missing,
}

/// The keys of one issuer.
pub(super) struct KeptKeys {
    alias: String,
    algorithms: Vec<SigningAlgorithm>,
    source: Box<dyn KeySource>,
    clock: Arc<dyn Clock>,
    good: RwLock<Option<Arc<GoodKeys>>>,
    /// Held by whoever asks the issuer.
    asked: Mutex<LastAsk>,
}

/// How long ago it was; nothing for what lies ahead, as when the clock was set back.
fn since(then: Timestamp, now: Timestamp) -> Option<Duration> {
    Duration::try_from(now.duration_since(then)).ok()
}

impl KeptKeys {
    pub(super) fn new(
        alias: &str,
        algorithms: &[SigningAlgorithm],
        source: Box<dyn KeySource>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            alias: alias.to_owned(),
            algorithms: algorithms.to_vec(),
            source,
            clock,
            good: RwLock::default(),
            asked: Mutex::default(),
        }
    }

    /// How old keys are; as if they were new when the clock was set back since.
    fn age(&self, good: &GoodKeys) -> Duration {
        since(good.at, self.clock.now()).unwrap_or_default()
    }

    /// The keys, as long as they may be used.
    fn good(&self) -> Option<Arc<GoodKeys>> {
        let good = self.good.read().unwrap_or_else(PoisonError::into_inner);
        let good = good.clone()?;
        let age = self.age(&good);
        Some(good).filter(|_| age <= LAST_GOOD)
    }

    /// The keys that a token of this header may be signed with; none if the issuer has none so named.
    ///
    /// # Errors
    /// Why there are no keys at all.
    pub(super) async fn candidates(
        self: &Arc<Self>,
        kid: Option<&str>,
        algorithm: SigningAlgorithm,
    ) -> Result<Vec<Arc<DecodingKey>>> {
        let known = self.good();
        let found = |good: &Arc<GoodKeys>| good.set.candidates(kid, algorithm);
        if let Some(good) = &known {
            let keys = found(good);
            // One that names no key is not behind a change of keys.
            if !keys.is_empty() || kid.is_none() {
                return Ok(keys);
            }
        }
        let before = known.map(|good| good.at);
        let asking = self.clone();
        // Goes on even if nobody waits for it any more: others may.
        let asking = tokio::spawn(async move { asking.ask_once(before).await });
        let failure = asking
            .await
            .map_err(|error| Error::internal("asking for keys broke").because(error))?;
        match self.good() {
            Some(good) => Ok(found(&good)),
            None => Err(failure.unwrap_or_else(|| Error::bad_gateway("there are no keys yet"))),
        }
    }

    /// Asks, unless others did so since the keys of `before` or a moment ago. Says why there may be no
    /// keys.
    async fn ask_once(&self, before: Option<Timestamp>) -> Option<Error> {
        let mut asked = self.asked.lock().await;
        let now = self.clock.now();
        let good = self.good();
        let changed = good.as_ref().map(|good| good.at) != before;
        let gate = if good.is_some() {
            GATE
        } else {
            GATE_WITHOUT_KEYS
        };
        let lately = asked.last.and_then(|last| since(last, now));
        if !changed && lately.is_none_or(|ago| ago >= gate) {
            self.ask(&mut asked).await;
        }
        asked.failure.as_ref().map(Error::again)
    }

    /// Asks, and keeps a good answer. One that is broken or empty takes no good one's place.
    async fn ask(&self, asked: &mut LastAsk) -> Option<Timestamp> {
        asked.last = Some(self.clock.now());
        let outcome = self.source.fetch().await;
        let outcome = outcome.and_then(|fetched| {
            let FetchedKeys {
                text,
                max_age,
                date,
            } = fetched;
            let set = KeySet::read(&text, &self.algorithms);
            let set = set.map_err(|what| {
                Error::bad_gateway(format!("the issuer `{}`: {what}", self.alias))
            })?;
            Ok((set, max_age, date))
        });
        let at = self.clock.now();
        match outcome {
            Ok((set, max_age, date)) => {
                let good = GoodKeys { set, at, max_age };
                *self.good.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(good));
                asked.failure = None;
                date
            }
            Err(error) => {
                tracing::warn!(issuer = self.alias, %error, causes = ?error.causes(), "keys cannot be had");
                asked.failure = Some(error);
                None
            }
        }
    }

    /// Keeps the keys fresh for as long as this runs.
    pub(super) async fn follow(&self) {
        loop {
            let wait = self.due();
            if wait.is_zero() {
                let mut asked = self.asked.lock().await;
                if self.due_after(asked.last).is_zero() {
                    self.ask(&mut asked).await;
                }
            }
            self.note_age();
            tokio::time::sleep(wait.clamp(Duration::from_secs(1), LOOK)).await;
        }
    }

    fn note_age(&self) {
        let good = self.good.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(good) = good.as_ref() {
            let age = self.age(good);
            gauge!("tok_auth_keys_age_seconds", "issuer" => self.alias.clone())
                .set(age.as_secs_f64());
        }
    }

    fn due(&self) -> Duration {
        let last = self.asked.try_lock().ok().map(|asked| asked.last);
        // Somebody asks right now.
        last.map_or(Duration::from_secs(1), |last| self.due_after(last))
    }

    /// How long until the issuer is to be asked again, when it was asked last then.
    fn due_after(&self, last: Option<Timestamp>) -> Duration {
        let now = self.clock.now();
        let left = |from: Timestamp, whole: Duration| {
            since(from, now).map_or(Duration::ZERO, |ago| whole.saturating_sub(ago))
        };
        let Some(good) = self.good() else {
            return last.map_or(Duration::ZERO, |last| left(last, GATE_WITHOUT_KEYS));
        };
        // At four fifths, so that there is time to try again.
        let fresh = left(good.at, good.max_age / 5 * 4);
        let gate = last.map_or(Duration::ZERO, |last| left(last, GATE));
        fresh.max(gate)
    }

    /// How the keys stand; whoever is first to look asks for them.
    pub(super) async fn state(&self) -> (KeysState, Option<Error>) {
        let mut asked = self.asked.lock().await;
        if asked.last.is_none() {
            self.ask(&mut asked).await;
        }
        let Some(good) = self.good() else {
            return (KeysState::Missing, asked.failure.as_ref().map(Error::again));
        };
        let age = self.age(&good);
        let failure = asked.failure.as_ref().map(Error::again);
        if age > good.max_age {
            return (KeysState::Stale(age.as_secs()), failure);
        }
        (KeysState::Fresh(good.set.len()), failure)
    }

    /// Asks now, whatever is kept. Says how many keys there are, and how far this machine's clock is
    /// ahead of the issuer's.
    ///
    /// # Errors
    /// Why they cannot be had.
    pub(super) async fn look(&self) -> Result<(usize, Option<SignedDuration>)> {
        let mut asked = self.asked.lock().await;
        let date = self.ask(&mut asked).await;
        if let Some(failure) = &asked.failure {
            return Err(failure.again());
        }
        let count = self.good().map_or(0, |good| good.set.len());
        Ok((
            count,
            date.map(|date| self.clock.now().duration_since(date)),
        ))
    }
}
