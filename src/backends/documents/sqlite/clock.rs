//! Whether the machine's clock fits what is in the store.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::fault::fault;
use crate::error::Result;
use crate::model::health::{Finding, Health};

/// What was written so much later than now is no matter of two processes at once.
const TOLERATED_MS: i64 = 60_000;

/// What was written last, of each collection as far as these few tell: a glance, however much there is.
const LATEST: &str = "
WITH RECURSIVE names (name) AS (
    SELECT min(collection) FROM documents
    UNION ALL
    SELECT (SELECT min(collection) FROM documents WHERE collection > name)
    FROM names WHERE name IS NOT NULL
    LIMIT 1000
), latest (name, written) AS (
    SELECT name, (
        SELECT max(written) FROM (
            SELECT written FROM documents WHERE collection = name ORDER BY version DESC LIMIT 100
        )
    )
    FROM names WHERE name IS NOT NULL
)
SELECT name, written FROM latest ORDER BY written DESC LIMIT 1
";

/// What is to be said if something was written later than `now`: then the clock is behind, or was ahead.
/// That it is ahead now no store can tell.
pub(super) fn look(connection: &Connection, now: Timestamp) -> Result<Option<Finding>> {
    let latest: Option<(String, i64)> = connection
        .query_row(LATEST, [], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()
        .map_err(fault)?;
    Ok(latest.and_then(|(name, written)| finding(&name, written, now)))
}

fn finding(name: &str, written: i64, now: Timestamp) -> Option<Finding> {
    let ahead = written.saturating_sub(now.as_millisecond());
    if ahead <= TOLERATED_MS {
        return None;
    }
    let at = Timestamp::from_millisecond(written).ok()?;
    let told = format!(
        "something in {name} was written at {}, which is {} s later than this machine's clock: it is behind, or was ahead then",
        at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        ahead / 1000
    );
    let advice =
        "set the clock by NTP (timedatectl shows it); leases, times to live and tokens go by it";
    Some(Finding::bad("store clock", Health::Warn, told, advice))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_yet_to_come_tells() {
        let now = Timestamp::from_second(1_800_000_000).expect("a moment");
        let at = |seconds: i64| finding("tok_rooms", (1_800_000_000 + seconds) * 1000, now);
        assert_eq!(at(-3600), None);
        assert_eq!(at(30), None);
        let told = at(3600).expect("it is told").message;
        assert!(
            told.contains("tok_rooms was written at 2027-01-15T09:00:00Z"),
            "{told}"
        );
        assert!(told.contains("3600 s later"), "{told}");
    }
}
