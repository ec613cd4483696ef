//! Work on many rooms, in requests that are small and short enough for any server: so that progress is
//! seen, a signal is heard, and a proxy on the way does not give up.

use jiff::{SignedDuration, Timestamp};

use super::server::Server;
use crate::error::Result;
use crate::model::report::{DeleteReport, DeletedRoom, Stopped};
use crate::model::{BackendName, RoomName, Span};

/// So long one request works.
const SLICE: SignedDuration = SignedDuration::from_secs(5);
/// So many bytes of names go into one request: fewer than the smallest usual `server.body_limit`.
const NAMES: usize = 32 * 1024;

/// As many of the first of these names as fit into a request.
pub(super) fn fitting(names: &[RoomName]) -> &[RoomName] {
    let mut size = 0;
    let fit = names.iter().take_while(|name| {
        size += name.as_str().len() + 3;
        size <= NAMES
    });
    let count = fit.count().max(1).min(names.len());
    &names[..count]
}

/// The rooms of one request.
pub(super) struct RoomsSlice<'a> {
    pub(super) names: &'a [RoomName],
    /// So many of all come before them.
    pub(super) before: usize,
    /// Whether all is done with them, as far as it was possible until now.
    pub(super) ends: bool,
}

/// Has rooms deleted that are named in order; `ask` sends one request for some of them, which works for
/// so long.
pub(super) async fn delete(
    server: &Server,
    (backend, names): (BackendName, &[RoomName]),
    until: Option<Timestamp>,
    ask: impl AsyncFn(RoomsSlice<'_>, Span) -> Result<DeleteReport>,
) -> Result<DeleteReport> {
    let mut report = DeleteReport::new(backend);
    let working = server.working("Deleting rooms", names.len());
    let mut rest = names;
    while !rest.is_empty() {
        if let Some(reason) = server.stopped(until) {
            report.stopped = Some(reason);
            report.remaining = rest.len() as u64;
            break;
        }
        let some = fitting(rest);
        let slice = RoomsSlice {
            names: some,
            before: names.len() - rest.len(),
            ends: some.len() == rest.len() && report.failed == 0,
        };
        let answered = match ask(slice, server.time_for(until, SLICE)).await {
            Ok(answered) => answered,
            Err(error) if rest.len() == names.len() => return Err(error),
            // What was done before must be told: the rest failed.
            Err(error) => {
                for name in rest {
                    report.add(DeletedRoom::failed(name, &error));
                }
                break;
            }
        };
        let reached = reached(some, &answered);
        let cut_short = answered.stopped == Some(Stopped::Interrupted);
        add(&mut report, answered);
        working.advance(reached);
        rest = &rest[reached..];
        // The server is being stopped.
        if cut_short {
            report.stopped = Some(Stopped::Interrupted);
            report.remaining = rest.len() as u64;
            break;
        }
    }
    Ok(report)
}

/// How many of the names a report is about; the rest was not reached in its time.
fn reached(names: &[RoomName], report: &DeleteReport) -> usize {
    if report.remaining == 0 {
        return names.len();
    }
    let told = report.items.len() as u64 + report.resumed + report.remaining;
    if told == names.len() as u64 {
        return report.items.len() + usize::try_from(report.resumed).unwrap_or_default();
    }
    // Those that nothing is said of did not match any more.
    let last = report.items.iter().map(|item| item.name.as_str()).max();
    let Some(last) = last else { return 0 };
    names.partition_point(|name| name.as_str() <= last)
}

/// Puts one report to another.
fn add(report: &mut DeleteReport, other: DeleteReport) {
    report.resumed += other.resumed;
    report.unreadable = report.unreadable.max(other.unreadable);
    other.items.into_iter().for_each(|item| report.add(item));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::report::Outcome;

    fn names(count: usize) -> Vec<RoomName> {
        let name = |n| format!("room-{n:05}").parse().expect("a name");
        (0..count).map(name).collect()
    }

    fn deleted(name: &RoomName) -> DeletedRoom {
        DeletedRoom::new(name, Outcome::Deleted)
    }

    #[test]
    fn names_go_in_requests_that_every_server_takes() {
        let all = names(10_000);
        let mut rest = all.as_slice();
        let mut requests = 0;
        while !rest.is_empty() {
            let some = fitting(rest);
            let text = serde_json::to_string(some).expect("JSON");
            assert!(text.len() <= NAMES + 2, "{}", text.len());
            rest = &rest[some.len()..];
            requests += 1;
        }
        assert!((4..=6).contains(&requests), "{requests}");
        assert_eq!(fitting(&[]).len(), 0);
    }

    #[test]
    fn what_was_not_reached_is_asked_for_again() {
        let all = names(10);
        let mut report = DeleteReport::new(BackendName::Local);
        report.remaining = 10;
        assert_eq!(reached(&all, &report), 0);
        report.add(deleted(&all[0]));
        // The second one did not match any more, so nothing is said of it.
        report.add(deleted(&all[2]));
        report.remaining = 7;
        assert_eq!(reached(&all, &report), 3);
        report.remaining = 0;
        assert_eq!(reached(&all, &report), 10);
        // Those that an earlier run deleted are counted only.
        let mut report = DeleteReport::new(BackendName::Local);
        (report.resumed, report.remaining) = (4, 6);
        assert_eq!(reached(&all, &report), 4);
        report.add(deleted(&all[4]));
        report.remaining = 5;
        assert_eq!(reached(&all, &report), 5);
    }
}
