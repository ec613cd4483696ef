//! Moments as people write them: an RFC 3339 time, or how long from now; and as they read them.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::span::Span;
use crate::error::{Error, Result};

/// `2026-12-24T18:00:00Z`, or `24h` for a day from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Moment {
    /// A time of the calendar.
    At(Timestamp),
    /// So long from now.
    In(Span),
}

impl Moment {
    /// The moment in whole seconds, seen from `now`.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) beyond the calendar.
    pub fn from(self, now: Timestamp) -> Result<Timestamp> {
        let at = match self {
            Self::At(at) => at,
            Self::In(span) => now
                .checked_add(span.signed())
                .map_err(|error| Error::invalid("the time is too far away").because(error))?,
        };
        Timestamp::from_second(at.as_second())
            .map_err(|error| Error::invalid("the time is too far away").because(error))
    }

    /// The moment, which must not have passed; `what` names it in the message.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it has.
    pub fn ahead_of(self, now: Timestamp, what: &str) -> Result<Timestamp> {
        let at = self.from(now)?;
        if at <= now {
            return Err(Error::invalid(format!(
                "{what} {at} is in the past; it is now {}",
                Timestamp::from_second(now.as_second()).unwrap_or(now)
            )));
        }
        Ok(at)
    }
}

impl FromStr for Moment {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Ok(at) = text.trim().parse() {
            return Ok(Self::At(at));
        }
        text.parse().map(Self::In).map_err(|_| {
            Error::invalid(format!(
                "`{text}` is not a time; write it like 24h, 30d or 2026-12-24T18:00:00Z"
            ))
        })
    }
}

impl From<Moment> for String {
    fn from(moment: Moment) -> Self {
        match moment {
            Moment::At(at) => at.to_string(),
            Moment::In(span) => span.to_string(),
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

/// A time as people read it, to the second.
pub fn second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
