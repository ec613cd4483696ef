//! Rates: so many calls in so much time.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use super::span::Span;
use crate::error::Error;

/// At most `calls` in any window of `per`, written `100/5s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many.
    pub calls: NonZeroU32,
    /// In how long.
    pub per: Span,
}

impl Rate {
    /// `calls` in `seconds`; `calls` of 0 counts as 1.
    pub const fn new(calls: u32, seconds: u64) -> Self {
        let calls = match NonZeroU32::new(calls) {
            Some(calls) => calls,
            None => NonZeroU32::MIN,
        };
        Self {
            calls,
            per: Span::seconds(seconds),
        }
    }

    /// How long `calls` calls take at least.
    pub fn time_for(&self, calls: u64) -> Duration {
        let beyond = calls.saturating_sub(u64::from(self.calls.get()));
        let whole = self.per.0.as_millis() * u128::from(beyond) / u128::from(self.calls.get());
        Duration::from_millis(u64::try_from(whole).unwrap_or(u64::MAX))
    }
}

impl FromStr for Rate {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = || {
            Error::invalid(format!(
                "`{text}` is not a rate; write it like 100/5s: calls, a slash, a length of time"
            ))
        };
        let (calls, per) = text.split_once('/').ok_or_else(wrong)?;
        let per: Span = per.parse().map_err(|_| wrong())?;
        if per.0.is_zero() {
            return Err(wrong());
        }
        Ok(Self {
            calls: calls.trim().parse().map_err(|_| wrong())?,
            per,
        })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.calls, self.per)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_cost_time() {
        let rate: Rate = "100/5s".parse().expect("a rate");
        assert_eq!(rate.to_string(), "100/5s");
        assert_eq!(rate.time_for(100), Duration::ZERO);
        assert_eq!(rate.time_for(300), Duration::from_secs(10));
        for wrong in ["", "5", "0/1s", "5/0s", "x/1s", "5/x"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }
}
