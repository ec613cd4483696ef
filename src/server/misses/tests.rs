use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;

use super::*;

#[allow(clippy::unnecessary_wraps, reason = "as requests have it")]
fn client(n: u8) -> Option<ClientAddress> {
    Some(ClientAddress {
        ip: IpAddr::from([198, 51, 100, n]),
        is_proxy: false,
    })
}

fn missing() -> Result<()> {
    Err(Error::not_found("no such room"))
}

fn kind(outcome: &Result<()>) -> Option<Kind> {
    outcome.as_ref().err().map(Error::kind)
}

#[test]
fn what_is_given_back_can_be_taken_again_and_buckets_hold_no_more_than_they_do() {
    let buckets = RefundBuckets::new(Rate::new(2, 3600), 8);
    for _ in 0..3 {
        assert!(buckets.take(1, 0).is_ok() && buckets.take(1, 0).is_ok());
        let wait = buckets.take(1, 0).expect_err("empty");
        assert!(wait <= Duration::from_mins(30) && wait > Duration::from_mins(29));
        buckets.give_back(1);
        buckets.give_back(1);
        buckets.give_back(1);
        assert!(buckets.state().full_at.is_empty(), "nobody is remembered");
    }
    for key in 1..=8 {
        assert_eq!(buckets.take(key, 0), Ok(key));
    }
    assert_eq!(buckets.take(9, 0), Ok(0), "more are not remembered");
    assert_eq!(buckets.take(10, 0), Ok(0));
    assert!(buckets.take(11, 0).is_err(), "the rest has one bucket");
    assert_eq!(buckets.take(8, 0), Ok(8), "who is remembered has their own");
}

/// Looks that are all under way before the first is over.
#[tokio::test]
async fn those_who_look_at_the_same_time_look_no_more_often_than_they_may_miss() {
    let misses = Misses::new(Some(Rate::new(5, 3600)), "too many");
    let looks = AtomicUsize::new(0);
    let look = async || {
        looks.fetch_add(1, Ordering::Relaxed);
        tokio::task::yield_now().await;
        missing()
    };
    let all = (0..100).map(|_| misses.guard(client(1), || false, look(), LookOutcome::of));
    let told = join_all(all).await;
    assert_eq!(looks.load(Ordering::Relaxed), 5);
    let refused = told
        .iter()
        .filter(|told| kind(told) == Some(Kind::RateLimited));
    assert_eq!(refused.count(), 95);
    // Others are not charged for it, and what is there costs nothing.
    for _ in 0..100 {
        let there = misses.guard(client(2), || false, async { Ok(()) }, LookOutcome::of);
        assert!(there.await.is_ok());
    }
    let hit = misses
        .guard(client(1), || true, async { Ok(()) }, LookOutcome::of)
        .await;
    assert_eq!(kind(&hit), Some(Kind::RateLimited), "it would tell as well");
}

/// After a start nothing is known, and all come back: a hall of people of one address to its room, and very
/// many from everywhere to theirs.
#[tokio::test]
async fn all_who_come_back_at_once_find_their_rooms() {
    let rooms = RoomLooks::within(Some(Rate::new(60, 3600)), None, Some(Rate::new(1000, 3600)));
    let look = async || {
        tokio::task::yield_now().await;
        Ok(())
    };
    let no = || std::future::ready(false);
    let names: Vec<_> = (0..5000).map(|n| format!("room-{n}")).collect();
    let hall = (0..500).map(|n| {
        let name = names[n % 100].as_str();
        rooms.guard(client(1), name, no(), look(), LookOutcome::of)
    });
    assert!(join_all(hall).await.iter().all(Result::is_ok));
    let all = names.iter().enumerate().map(|(n, name)| {
        let from = client(u8::try_from(2 + n % 250).expect("small"));
        rooms.guard(from, name, no(), look(), LookOutcome::of)
    });
    assert!(join_all(all).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn whoever_hangs_up_has_had_their_look() {
    let misses = Misses::new(Some(Rate::new(1, 3600)), "too many");
    let looking = misses.guard(
        client(1),
        || false,
        std::future::pending::<Result<()>>(),
        LookOutcome::of,
    );
    assert!(futures_util::FutureExt::now_or_never(looking).is_none());
    let again = misses
        .guard(client(1), || false, async { Ok(()) }, LookOutcome::of)
        .await;
    assert_eq!(kind(&again), Some(Kind::RateLimited));
}

#[tokio::test]
async fn when_all_missed_too_often_known_rooms_and_people_with_a_token_are_let_through() {
    let (each, all) = (Rate::new(60, 3600), Rate::new(1000, 36_000));
    let rooms = RoomLooks::within(Some(each), None, Some(all));
    let no = || std::future::ready(false);
    let there = || async { Ok(()) };
    assert!(
        rooms
            .guard(client(1), "known", no(), there(), LookOutcome::of)
            .await
            .is_ok()
    );
    let hidden = async || Err::<(), _>(Error::new(Kind::Forbidden, "it is private"));
    let told = rooms
        .guard(client(1), "private", no(), hidden(), LookOutcome::of)
        .await;
    assert_eq!(kind(&told), Some(Kind::Forbidden));
    // From many addresses, none of which asked too much.
    let mut refused = 0;
    for n in 0..=250 {
        for guess in 0..50 {
            let room = format!("guess-{n}-{guess}");
            let look = async { missing() };
            let told = rooms
                .guard(client(n), &room, no(), look, LookOutcome::of)
                .await;
            refused += usize::from(kind(&told) == Some(Kind::RateLimited));
        }
    }
    assert!(refused > 10_000, "{refused}");
    let stranger = rooms
        .guard(client(251), "other", no(), there(), LookOutcome::of)
        .await;
    assert_eq!(kind(&stranger), Some(Kind::RateLimited));
    for room in ["known", "private"] {
        let told = rooms
            .guard(client(252), room, no(), there(), LookOutcome::of)
            .await;
        assert!(told.is_ok(), "{room}");
    }
    let yes = std::future::ready(true);
    assert!(
        rooms
            .guard(client(253), "other", yes, there(), LookOutcome::of)
            .await
            .is_ok()
    );
    let again = rooms
        .guard(client(254), "other", no(), there(), LookOutcome::of)
        .await;
    assert!(again.is_ok(), "it is known now");
    let gone = rooms
        .guard(
            client(254),
            "known",
            no(),
            async { missing() },
            LookOutcome::of,
        )
        .await;
    assert_eq!(kind(&gone), Some(Kind::NotFound));
    let gone = rooms
        .guard(
            client(254),
            "known",
            no(),
            async { missing() },
            LookOutcome::of,
        )
        .await;
    assert_eq!(
        kind(&gone),
        Some(Kind::RateLimited),
        "it is not known any more"
    );
}

#[tokio::test]
async fn a_look_that_fails_makes_no_name_known_and_costs_nothing() {
    let one = Rate::new(1, 3600);
    let rooms = RoomLooks::within(Some(one), None, Some(one));
    let look = async |n: u8, room: &str, found: Result<()>| {
        let (no, looking) = (std::future::ready(false), std::future::ready(found));
        rooms
            .guard(client(n), room, no, looking, LookOutcome::of)
            .await
    };
    assert!(look(1, "there", Ok(())).await.is_ok());
    let failures = [Kind::Unavailable, Kind::Timeout, Kind::InvalidInput];
    for failure in failures {
        for room in ["guess", "there"] {
            let told = look(1, room, Err(Error::new(failure, "it failed"))).await;
            assert_eq!(kind(&told), Some(failure), "{room}");
        }
        assert!(!rooms.is_known("guess"), "{failure:?}");
    }
    let missed = look(1, "other", missing()).await;
    assert_eq!(kind(&missed), Some(Kind::NotFound), "one may miss still");
    let guess = look(2, "guess", Ok(())).await;
    assert_eq!(kind(&guess), Some(Kind::RateLimited), "all have missed");
    let there = look(2, "there", Ok(())).await;
    assert!(there.is_ok(), "it is known as before");
}

#[test]
fn an_address_looks_for_so_many_rooms_there_or_not() {
    let rooms = RoomLooks::within(None, Some(Rate::new(20, 3600)), None);
    let refused = (0..30).filter(|_| rooms.check(client(1)).is_err()).count();
    assert_eq!(refused, 10);
    assert!(rooms.check(client(2)).is_ok());
    let proxy = client(3).map(|client| ClientAddress {
        is_proxy: true,
        ..client
    });
    assert!((0..30).all(|_| rooms.check(proxy).is_ok()), "it is many");
    let unlimited = RoomLooks::new(None, false);
    assert!((0..3000).all(|_| unlimited.check(client(1)).is_ok()));
}
