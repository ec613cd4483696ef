//! Who was in a room's sessions, and for how long.

use std::collections::HashMap;

use jiff::Timestamp;

use super::list;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::BackendName;
use crate::model::listing::Listing;
use crate::model::session::{Attendance, Interval, PersonAttendance, Session, Stay};

/// Which sessions of a room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The room.
    pub room: String,
    /// Where it is; the configured backend if absent.
    pub backend: Option<BackendName>,
    /// Only this session, by the vendor's id.
    pub session: Option<String>,
    /// Every session instead of the latest.
    pub every: bool,
}

/// The attendance of the latest session, of one, or of every one, the newest first.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when the room had no session;
/// [`Kind::Unsupported`](crate::Kind::Unsupported) where nobody knows.
pub async fn run(context: &Context, input: Input) -> Result<Vec<Attendance>> {
    let now = context.clock.now();
    if let Some(id) = input.session {
        let one = super::show::Input {
            id,
            backend: input.backend,
        };
        let session = super::show::run(context, one).await?;
        return Ok(vec![of(&session, now)]);
    }
    let mut page = list::Input {
        backend: input.backend,
        room: Some(input.room.clone()),
        limit: Some(if input.every { 100 } else { 1 }),
        ..list::Input::default()
    };
    let mut listing = Listing::of("sessions");
    let mut found = Vec::new();
    loop {
        let some = list::run(context, page.clone()).await?;
        let ids = some.items.iter().map(|session| session.id.as_str());
        listing.turn(ids, some.next.as_deref())?;
        found.extend(some.items.iter().map(|session| of(session, now)));
        let enough = !input.every && !found.is_empty();
        match some.next {
            Some(next) if !enough => page.after = Some(next),
            _ => break,
        }
    }
    if !input.every {
        found.truncate(1);
    }
    if found.is_empty() {
        let room = input.room;
        return Err(Error::not_found(format!(
            "the room `{room}` had no session yet"
        )));
    }
    Ok(found)
}

/// Who was in this session, as of `now`.
pub fn of(session: &Session, now: Timestamp) -> Attendance {
    let mut people: Vec<(&Stay, Vec<&Stay>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    let mut legs: Vec<&Stay> = session.legs.iter().collect();
    legs.sort_by_key(|leg| leg.joined_at);
    for leg in legs {
        // Without an id of the person each stay counts by itself.
        if let Some(at) = leg.user_id.as_deref().and_then(|id| known.get(id)) {
            people[*at].0 = leg;
            people[*at].1.push(leg);
        } else {
            if let Some(id) = &leg.user_id {
                known.insert(id, people.len());
            }
            people.push((leg, vec![leg]));
        }
    }
    let end = session.ended_at.unwrap_or(now);
    Attendance {
        session_id: session.id.clone(),
        room: session.room.clone(),
        started_at: session.started_at,
        ended_at: session.ended_at,
        duration_ms: between(session.started_at, end),
        people: people
            .into_iter()
            .map(|(last, legs)| attendance_of(last, &legs, session.ended_at, now))
            .collect(),
    }
}

/// One person's stays, given in the order they came; `over` is when the session ended, which is
/// also when those left of whom nothing else is known.
fn attendance_of(
    last: &Stay,
    legs: &[&Stay],
    over: Option<Timestamp>,
    now: Timestamp,
) -> PersonAttendance {
    let mut intervals: Vec<Interval> = Vec::with_capacity(legs.len());
    for leg in legs {
        let to = leg.left_at.or(over).map(|to| to.max(leg.joined_at));
        match intervals.last_mut() {
            // It goes on already, or began before the one before ended.
            Some(before) if before.to.is_none_or(|end| leg.joined_at <= end) => {
                before.to = match (before.to, to) {
                    (Some(a), Some(b)) => Some(a.max(b)),
                    _ => None,
                };
            }
            _ => intervals.push(Interval {
                from: leg.joined_at,
                to,
            }),
        }
    }
    let lengths = intervals
        .iter()
        .map(|interval| between(interval.from, interval.to.unwrap_or(now)));
    PersonAttendance {
        user_id: last.user_id.clone(),
        user_name: last.user_name.clone(),
        duration_ms: lengths.sum(),
        open: intervals.iter().any(|interval| interval.to.is_none()),
        intervals,
    }
}

fn between(from: Timestamp, to: Timestamp) -> i64 {
    (to.as_millisecond() - from.as_millisecond()).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::BackendName;
    use proptest::prelude::*;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millisecond(ms).expect("a moment")
    }

    fn leg(user: Option<&str>, from: i64, to: Option<i64>) -> Stay {
        Stay {
            participant_id: format!("{user:?}-{from}"),
            user_id: user.map(str::to_owned),
            user_name: user.map(str::to_uppercase),
            joined_at: at(from),
            left_at: to.map(at),
            node: None,
            why: None,
        }
    }

    fn session(legs: Vec<Stay>, ended: Option<i64>) -> Session {
        Session {
            id: "s".to_owned(),
            room: "r".to_owned(),
            backend: BackendName::Local,
            started_at: at(0),
            ended_at: ended.map(at),
            legs,
            locks: Vec::new(),
            vendor: None,
        }
    }

    #[test]
    fn overlaps_count_once_and_open_stays_count_to_now() {
        let legs = vec![
            leg(Some("ada"), 0, Some(1000)),
            leg(Some("bob"), 500, None),
            leg(Some("ada"), 800, Some(2000)),
            leg(Some("ada"), 3000, Some(3500)),
            leg(None, 100, Some(200)),
            leg(None, 150, Some(250)),
        ];
        let found = of(&session(legs, None), at(5000));
        let rows: Vec<_> = found
            .people
            .iter()
            .map(|person| {
                let spans = person.intervals.len();
                (
                    person.user_id.as_deref(),
                    person.duration_ms,
                    person.open,
                    spans,
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                (Some("ada"), 2500, false, 2),
                (None, 100, false, 1),
                (None, 100, false, 1),
                (Some("bob"), 4500, true, 1),
            ]
        );
        assert_eq!(found.duration_ms, 5000);
    }

    #[test]
    fn when_the_session_is_over_nobody_is_there() {
        let found = of(
            &session(vec![leg(Some("ada"), 100, None)], Some(900)),
            at(5000),
        );
        assert_eq!(
            (found.people[0].duration_ms, found.people[0].open),
            (800, false)
        );
    }

    proptest! {
        #[test]
        fn a_person_is_never_there_longer_than_the_span_of_their_stays(
            stays in prop::collection::vec((0i64..10_000, 0i64..5_000), 1..20)
        ) {
            let legs: Vec<_> = stays
                .iter()
                .map(|(from, long)| leg(Some("ada"), *from, Some(from + long)))
                .collect();
            let (first, last) = (
                stays.iter().map(|stay| stay.0).min().expect("one"),
                stays.iter().map(|stay| stay.0 + stay.1).max().expect("one"),
            );
            let longest = stays.iter().map(|stay| stay.1).max().expect("one");
            let person = &of(&session(legs, Some(20_000)), at(20_000)).people[0];
            prop_assert!(person.duration_ms <= last - first);
            prop_assert!(person.duration_ms >= longest);
            let mut end = None;
            for interval in &person.intervals {
                prop_assert!(end.is_none_or(|end| interval.from > end));
                end = interval.to;
            }
        }
    }
}
