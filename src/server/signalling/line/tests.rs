//! What a line takes, and for how long.

use super::*;
use crate::server::slots::Share;

const HERE: Network = Network {
    address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
    is_shared_by_all: false,
};

fn slots(most: usize, gauge: &'static str) -> Arc<Slots> {
    Slots::new(most, Share::OfAnybody(most), Duration::from_mins(1), gauge)
}

fn lines(most: usize) -> Arc<Lines> {
    let slots = slots(most, "tok_test_sockets");
    Arc::new(Lines::new(100, 8, Backlog::new(u64::MAX), slots))
}

#[test]
fn when_too_much_waits_for_all_whoever_has_most_goes() {
    let slots = slots(9, "tok_test_sockets");
    let lines = Arc::new(Lines::new(u64::MAX, 8, Backlog::new(1_000_000), slots));
    let gone = Arc::new(Mutex::new(Vec::new()));
    let line = |name: &'static str| {
        let line = begin(&lines);
        line.is_of(Sid::new());
        let gone = gone.clone();
        line.is_held_by(Box::new(move |reason| {
            gone.lock().expect("a list").push((name, reason));
        }));
        line
    };
    let [few, many, more] = ["few", "many", "more"].map(line);
    for (line, bytes) in [(&few, 1000), (&many, 300_000), (&more, 600_000)] {
        assert!(line.takes(bytes));
    }
    assert!(gone.lock().expect("a list").is_empty());
    assert!(many.takes(200_000), "1.1 MB wait");
    assert_eq!(*gone.lock().expect("a list"), [("more", "memory")]);
    // Whoever caught up, or went, counts no more.
    let stream = SentBytes::default();
    lines.upgrades(many.session().expect("known"), stream.clone());
    stream.add(500_000);
    assert!(few.takes(999_000));
    drop((few, many, more));
    assert_eq!(gone.lock().expect("a list").len(), 1);
    let last = line("last");
    assert!(last.takes(1_000_000));
    assert_eq!(gone.lock().expect("a list").len(), 1);
}

fn begin(lines: &Arc<Lines>) -> Arc<Line> {
    let asked = slots(1, "tok_test_asked").take(HERE);
    lines.begin(asked.expect("a slot"), None)
}

#[test]
fn who_only_asks_takes_none_of_the_places_of_those_who_come() {
    let lines = lines(1);
    let asked = slots(2, "tok_test_asked");
    let ask = || lines.begin(asked.take(HERE).expect("a slot"), None);
    let (one, two) = (ask(), ask());
    assert_eq!(asked.check(HERE), Err(Full::All));
    assert_eq!(lines.check(HERE), Ok(()));
    assert!(one.confirm() && one.confirm());
    assert_eq!(asked.check(HERE), Ok(()));
    assert!(!two.confirm(), "there is only one");
    assert!(!one.expire() && two.expire());
    drop(one);
    assert!(!two.confirm(), "the time is over");
    assert_eq!(lines.check(HERE), Ok(()));
    let three = ask();
    three.is_of(Sid::new());
    assert!(three.session().is_some_and(|session| lines.uses(session)));
    assert!(lines.uses(Sid::new()), "of others nothing is known");
    assert_eq!(lines.check(HERE), Err(Full::All));
}

#[test]
fn a_client_that_stops_polling_keeps_its_account() {
    let lines = lines(1);
    let (line, session) = (begin(&lines), Sid::new());
    line.is_of(session);
    assert!(line.takes(150) && !line.takes(1));
    lines.polled(session, 60);
    assert!(line.takes(20));
    let stream = SentBytes::default();
    lines.upgrades(session, stream.clone());
    assert!(!line.takes(1));
    stream.add(10);
    assert!(line.takes(1));
    drop(line);
    assert!(lines.known().lines.is_empty());
}

#[test]
fn an_upgrade_may_come_before_the_session_is_known() {
    let lines = lines(1);
    let line = begin(&lines);
    let (session, stream) = (Sid::new(), SentBytes::default());
    lines.upgrades(session, stream.clone());
    line.is_of(session);
    assert!(line.takes(101) && !line.takes(1));
    stream.add(1);
    assert!(line.takes(1));
    // Of one that is never known, nothing stays.
    lines.upgrades(Sid::new(), SentBytes::default());
    lines.upgrades(Sid::new(), stream);
    assert_eq!(lines.known().upgrades.len(), 1);
}
