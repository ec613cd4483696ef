//! Since when, as people write it: `1h` ago, the last `14:00`, or a time of the calendar.

use std::str::FromStr;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

use super::span::Span;
use crate::error::{Error, Result};

/// The beginning of a stretch of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Since {
    /// A time of the calendar.
    At(Timestamp),
    /// So long ago.
    Ago(Span),
    /// The last time that it was so late, in UTC as everything is told.
    Last(Time),
}

impl Since {
    /// The moment, seen from `now`.
    pub fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(span) => now.saturating_sub(span.signed()).unwrap_or(now),
            Self::Last(time) => {
                let today = now.to_zoned(TimeZone::UTC).date();
                let at = |day: jiff::civil::Date| {
                    let zoned = day.to_datetime(time).to_zoned(TimeZone::UTC);
                    zoned.map_or(now, |at| at.timestamp())
                };
                match at(today) {
                    later if later > now => at(today.saturating_sub(1.day())),
                    earlier => earlier,
                }
            }
        }
    }
}

impl FromStr for Since {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim();
        if let Ok(at) = text.parse() {
            return Ok(Self::At(at));
        }
        if let Some(time) = text.contains(':').then(|| text.parse().ok()).flatten() {
            return Ok(Self::Last(time));
        }
        text.parse().map(Self::Ago).map_err(|_| {
            Error::invalid(format!(
                "`{text}` is not a time; write it like 1h, 14:00 (UTC) or 2026-12-24T18:00:00Z"
            ))
        })
    }
}

impl TryFrom<String> for Since {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    #[test]
    fn a_time_of_day_is_the_last_one() {
        let now = at("2026-03-02T15:30:00Z");
        let seen = |text: &str| text.parse::<Since>().expect("a time").from(now);
        assert_eq!(seen("14:00"), at("2026-03-02T14:00:00Z"));
        assert_eq!(seen("16:05:30"), at("2026-03-01T16:05:30Z"));
        assert_eq!(seen("90m"), at("2026-03-02T14:00:00Z"));
        assert_eq!(seen("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"));
        for wrong in ["25:00", "soon", "", "14"] {
            assert!(wrong.parse::<Since>().is_err(), "{wrong}");
        }
    }
}
