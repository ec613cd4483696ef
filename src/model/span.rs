//! Lengths of time as people write them: `500ms`, `4s`, `10m`, `24h`, `30d`.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::SignedDuration;
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::error::Error;

/// A length of time, read and written in the short form (`90s`, `24h`, `30d`, `1h 30m`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct Span(pub Duration);

impl Span {
    /// So many seconds.
    pub const fn seconds(seconds: u64) -> Self {
        Self(Duration::from_secs(seconds))
    }

    /// The same length for arithmetic with timestamps.
    pub fn signed(self) -> SignedDuration {
        SignedDuration::try_from(self.0).unwrap_or(SignedDuration::MAX)
    }
}

/// Longer than anything sensible, short enough for every calendar: 100 years.
const LONGEST: Duration = Duration::from_hours(100 * 365 * 24);

impl FromStr for Span {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match humantime::parse_duration(text.trim()) {
            Ok(duration) if duration <= LONGEST => Ok(Self(duration)),
            Ok(_) => Err(Error::invalid(format!(
                "`{text}` is too long; the most is 100 years"
            ))),
            Err(error) => Err(Error::invalid(format!(
                "`{text}` is not a length of time; write it like 500ms, 4s, 10m, 24h or 30d"
            ))
            .because(error)),
        }
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(SpanVisitor)
    }
}

/// Reads the short form, and tells whoever gives a bare number how to write it.
struct SpanVisitor;

impl Visitor<'_> for SpanVisitor {
    type Value = Span;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a length of time like \"10m\" or \"24h\"")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Span, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Span, E> {
        Err(E::custom(format!(
            "a length of time has a unit: write \"{}\" if {number} seconds are meant",
            Span::seconds(number)
        )))
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        let mut rest = millis / 1000;
        let mut parts = Vec::new();
        for (size, unit) in [(86_400, "d"), (3600, "h"), (60, "m"), (1, "s")] {
            if rest >= size {
                parts.push(format!("{}{unit}", rest / size));
                rest %= size;
            }
        }
        if !millis.is_multiple_of(1000) || parts.is_empty() {
            parts.push(format!("{}ms", millis % 1000));
        }
        f.write_str(&parts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn short_forms_are_read_and_written() {
        for text in ["500ms", "4s", "10m", "24h", "30d", "1h 30m"] {
            let span: Span = text.parse().expect(text);
            let again: Span = span.to_string().parse().expect(text);
            assert_eq!(span, again);
        }
        assert_eq!(Span::seconds(0).to_string(), "0ms");
        assert_eq!("24h".parse::<Span>().expect("a day").to_string(), "1d");
        assert!("soon".parse::<Span>().is_err());
        assert!("200000d".parse::<Span>().is_err());
    }

    #[test]
    fn whoever_gives_a_number_is_told_how_to_write_it() {
        let read = serde_json::from_str::<Span>;
        assert_eq!(read("\"90s\"").expect("a span"), Span::seconds(90));
        let refused = read("5400").expect_err("has no unit").to_string();
        assert!(refused.contains("write \"1h 30m\""), "{refused}");
        let refused = read("null").expect_err("is nothing").to_string();
        assert!(refused.contains("a length of time like"), "{refused}");
    }

    proptest! {
        #[test]
        fn every_span_survives_its_text(millis in 0u64..3_000_000_000_000) {
            let span = Span(Duration::from_millis(millis));
            prop_assert_eq!(span.to_string().parse::<Span>().expect("parses"), span);
        }
    }
}
