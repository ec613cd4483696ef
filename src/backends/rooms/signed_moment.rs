//! Moments that vendors sign: whether what they were signed with is to be believed now.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

/// A signature is good for so long: longer than any vendor tries again, and shorter than deliveries
/// are remembered ([`LEAST_MEMORY`](crate::model::callback::LEAST_MEMORY)).
const SIGNATURE_LIFE: SignedDuration = SignedDuration::from_hours(48);
/// A token is believed for so long after its end, for clocks that differ.
const LENIENCE: SignedDuration = SignedDuration::from_mins(1);
/// The vendors' clocks may be so far ahead of ours.
const CLOCKS_APART: SignedDuration = SignedDuration::from_mins(10);

/// Whether what was signed at that moment is to be believed now.
pub(super) fn is_timely(moment: Timestamp, now: Timestamp) -> bool {
    let age = now.duration_since(moment);
    age <= SIGNATURE_LIFE && age >= -CLOCKS_APART
}

/// A moment as seconds or milliseconds since 1970: those of our age differ in their length.
pub(super) fn moment(number: i64) -> Option<Timestamp> {
    const LARGEST_SECONDS: u64 = 100_000_000_000;
    if number.unsigned_abs() < LARGEST_SECONDS {
        Timestamp::from_second(number).ok()
    } else {
        Timestamp::from_millisecond(number).ok()
    }
}

/// Whether the moments in a token allow it now; one that names none would be good for ever.
pub(super) fn is_in_its_time(claims: &Map<String, Value>, now: Timestamp) -> bool {
    if !["iat", "exp"].iter().any(|name| claims.contains_key(*name)) {
        return false;
    }
    let claim = |name| claims.get(name).map(seconds);
    let begun = claim("iat").is_none_or(|at| at.is_some_and(|at| is_timely(at, now)));
    let late = now.saturating_sub(LENIENCE).unwrap_or(now);
    begun && claim("exp").is_none_or(|at| at.is_some_and(|at| late < at))
}

/// Unix seconds, with a fraction.
#[allow(
    clippy::cast_possible_truncation,
    reason = "a time of our age, and the calendar is checked"
)]
pub(super) fn seconds(value: &Value) -> Option<Timestamp> {
    let ms = value.as_f64()? * 1000.0;
    Timestamp::from_millisecond(ms as i64).ok()
}
