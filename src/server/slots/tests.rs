use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::time::Instant;

use super::taken::{JUST_COME, THIS_MOMENT};
use super::*;

fn network(n: u8) -> Network {
    Network::of(IpAddr::from([10, 0, 0, n]))
}

fn slots(most: usize, share: usize) -> Arc<Slots> {
    Slots::new(
        most,
        Share::OfCaller(share),
        Duration::ZERO,
        "tok_test_slots",
    )
}

/// As if a network had come so long ago.
fn came_before(slots: &Slots, network: Network, ago: Duration) {
    came_at(slots, network, |since| {
        since
            .checked_sub(ago)
            .expect("a machine that runs for long")
    });
}

/// As if a network came just now, however long the test takes.
fn comes_now(slots: &Slots, network: Network) {
    came_at(slots, network, |_| Instant::now() + Duration::from_mins(1));
}

fn came_at(slots: &Slots, network: Network, at: impl Fn(Instant) -> Instant) {
    let mut taken = slots.taken();
    let by = taken.by.get_mut(&network.address).expect("it has some");
    for (since, _) in by.loose.values_mut() {
        *since = at(*since);
    }
}

#[tokio::test(start_paused = true)]
async fn one_network_has_no_more_than_its_share_and_all_no_more_than_there_are() {
    let slots = slots(3, 2);
    let [one, two, three] = [1, 2, 3].map(network);
    let mut taken: Vec<_> = [one, one]
        .into_iter()
        .filter_map(|network| slots.take(network).ok())
        .collect();
    assert_eq!(slots.check(one), Err(Full::Share));
    taken.extend(slots.take(two));
    assert_eq!(taken.len(), 3);
    assert_eq!(slots.check(three), Err(Full::All));
    assert!(slots.is_full());
    taken.clear();
    assert_eq!(slots.check(one), Ok(()));
    assert!(slots.taken().by.is_empty(), "nobody is remembered");
}

#[tokio::test(start_paused = true)]
async fn what_stands_for_many_has_no_share() {
    let slots = slots(3, 1);
    let proxy = Network {
        is_shared_by_all: true,
        ..network(9)
    };
    let taken: Vec<_> = (0..3).map(|_| slots.take(proxy).expect("one")).collect();
    assert_eq!(slots.check(proxy), Err(Full::All));
    drop(taken);
    let slots = Slots::new(3, Share::OfAnybody(1), Duration::ZERO, "tok_test_slots");
    let taken = slots.take(proxy).expect("one");
    assert_eq!(
        slots.check(proxy),
        Err(Full::Share),
        "but where all have one"
    );
    drop(taken);
}

#[tokio::test(start_paused = true)]
async fn the_oldest_of_whoever_has_most_gives_way() {
    let slots = slots(4, 4);
    let lost = Arc::new(Mutex::new(Vec::new()));
    let take = |n: u8, name: &'static str| {
        let lost = lost.clone();
        let note: OnLoss = Box::new(move || lost.lock().expect("a list").push(name));
        slots.take_loosely(network(n), note)
    };
    let kept = take(1, "kept").expect("a slot");
    assert!(kept.keep());
    let first = take(2, "first").expect("a slot");
    let second = take(2, "second").expect("a slot");
    let alone = take(3, "alone").expect("a slot");
    let newcomer = take(4, "newcomer").expect("first gives way");
    assert_eq!(*lost.lock().expect("a list"), ["first"]);
    assert!(!first.keep(), "it is lost");
    drop(first);
    assert_eq!(slots.taken().all, 4, "its slot is the newcomer's");
    // All that is left is kept for now.
    let held: Vec<_> = [&second, &alone, &newcomer]
        .iter()
        .map(|slot| slot.keep_for_now().expect("still there"))
        .collect();
    assert_eq!(slots.check(network(5)), Err(Full::All));
    let [second_loss, ..] = <[_; 3]>::try_from(held).ok().expect("three");
    second.loosen(second_loss.expect("it was loose"));
    let last = take(5, "last").expect("second gives way");
    assert_eq!(*lost.lock().expect("a list"), ["first", "second"]);
    drop((kept, second, alone, newcomer, last));
    let taken = slots.taken();
    assert!(taken.all == 0 && taken.by.is_empty() && taken.loose.is_empty());
}

#[tokio::test(start_paused = true)]
async fn among_those_who_have_as_many_the_oldest_gives_way_whatever_its_address() {
    let slots = slots(3, 3);
    let lost = Arc::new(Mutex::new(Vec::new()));
    let take = |n: u8| {
        let lost = lost.clone();
        let note: OnLoss = Box::new(move || lost.lock().expect("a list").push(n));
        slots.take_loosely(network(n), note).expect("a slot")
    };
    let taken = [5, 9, 1, 200, 2, 3].map(take);
    assert_eq!(*lost.lock().expect("a list"), [5, 9, 1]);
    drop(taken);
    assert!(slots.taken().loose.is_empty());
}

#[tokio::test(start_paused = true)]
async fn people_who_are_in_keep_nobody_out_who_comes_from_where_they_are() {
    let minute = Duration::from_mins(1);
    let slots = Slots::new(6, Share::OfAnybody(6), minute, "tok_test_slots");
    let family = network(1);
    let inside: Vec<_> = (0..3)
        .map(|_| slots.take(family).expect("a slot"))
        .collect();
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let strangers: Vec<_> = [2, 2, 3].map(|n| take(n).expect("a slot")).into();
    assert_eq!(slots.check(family), Err(Full::All), "all have just come");
    came_before(&slots, network(2), minute);
    assert!(!slots.is_full());
    let fourth = take(1).expect("a stranger gives way");
    assert_eq!(slots.taken().by[&network(2).address].taken, 1);
    drop((inside, strangers, fourth));
}

#[tokio::test(start_paused = true)]
async fn where_whoever_has_most_has_just_come_the_oldest_of_all_goes() {
    let minute = Duration::from_mins(1);
    let slots = Slots::new(4, Share::OfAnybody(4), minute, "tok_test_slots");
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let taken: Vec<_> = [1, 2, 2, 2].map(|n| take(n).expect("a slot")).into();
    came_before(&slots, network(1), minute);
    let newcomer = take(3).expect("a slot");
    assert!(!slots.taken().by.contains_key(&network(1).address));
    assert_eq!(
        slots.check(network(4)),
        Err(Full::All),
        "all have just come"
    );
    drop((taken, newcomer));
    let taken = slots.taken();
    assert!(taken.all == 0 && taken.loose.is_empty() && taken.by_age.is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_comes_with_many_at_once_pushes_none_of_their_own_out() {
    let slots = slots(4, 4);
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let strangers: Vec<_> = [1, 2, 3, 4].map(|n| take(n).expect("a slot")).into();
    for n in 1..=4 {
        came_before(&slots, network(n), JUST_COME[0]);
    }
    let own: Vec<_> = (0..4).map(|_| take(9).expect("a slot")).collect();
    assert!(own.iter().all(Slot::keep), "the strangers gave way");
    drop((strangers, own));
}

#[tokio::test(start_paused = true)]
async fn whoever_has_little_does_not_pay_for_a_flood_that_is_always_new() {
    let slots = slots(6, 6);
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    // Somebody has been in the lobby for long, with one; others have two each.
    let lobby = take(1).expect("a slot");
    let others: Vec<_> = [2, 2].map(|n| take(n).expect("a slot")).into();
    for n in 1..=2 {
        came_before(&slots, network(n), JUST_COME[0]);
    }
    let flood: Vec<_> = (0..4).map(|_| take(9).expect("a slot")).collect();
    let kept = others.iter().filter(|slot| slot.keep()).count();
    assert_eq!(kept, 1, "who had two gave way");
    assert!(lobby.keep());
    drop((lobby, others, flood));
}

#[tokio::test(start_paused = true)]
async fn who_is_coming_in_is_not_cut_off_because_they_are_three_and_strangers_come_two_by_two() {
    let slots = slots(7, 7);
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let people: Vec<_> = [1, 1, 1].map(|n| take(n).expect("a slot")).into();
    let strangers: Vec<_> = [2, 2, 3, 3].map(|n| take(n).expect("a slot")).into();
    came_before(&slots, network(1), JUST_COME[0] / 2);
    came_before(&slots, network(2), JUST_COME[0]);
    let newcomer = take(4).expect("a stranger gives way");
    assert!(people.iter().all(|slot| slot.keep_for_now().is_some()));
    drop((people, strangers, newcomer));
}

#[tokio::test(start_paused = true)]
async fn who_has_nothing_yet_comes_in_though_strangers_took_all_a_moment_ago() {
    let minute = Duration::from_mins(1);
    let slots = Slots::new(4, Share::OfAnybody(4), minute, "tok_test_slots");
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let strangers: Vec<_> = [2, 2, 3, 3].map(|n| take(n).expect("a slot")).into();
    assert_eq!(
        slots.check(network(1)),
        Err(Full::All),
        "all are on their way"
    );
    came_before(&slots, network(2), JUST_COME[1]);
    let newcomer = take(1).expect("one of two gives way");
    assert_eq!(slots.taken().by[&network(2).address].taken, 1);
    came_before(&slots, network(3), JUST_COME[0]);
    assert_eq!(
        slots.check(network(2)),
        Err(Full::All),
        "who has one has had theirs"
    );
    assert!(!slots.is_full());
    let another = take(4).expect("one of two gives way");
    assert_eq!(slots.check(network(5)), Err(Full::All), "all have one");
    drop((strangers, newcomer, another));
}

#[tokio::test(start_paused = true)]
async fn where_nobody_lasts_for_long_whoever_has_most_and_did_not_just_come_gives_way() {
    for long in JUST_COME.into_iter().chain([THIS_MOMENT]) {
        let slots = slots(5, 5);
        let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
        let own: Vec<_> = [1, 1].map(|n| take(n).expect("a slot")).into();
        let strangers: Vec<_> = [2, 3, 4].map(|n| take(n).expect("a slot")).into();
        comes_now(&slots, network(1));
        came_before(&slots, network(3), long);
        let newcomer = take(5).expect("a stranger gives way");
        assert!(own.iter().all(Slot::keep), "{long:?}");
        assert!(!strangers[1].keep() && strangers[0].keep(), "{long:?}");
        drop((own, strangers, newcomer));
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_comes_alone_has_their_time_where_a_flood_of_many_is_always_new() {
    let slots = slots(100, 100);
    let take = |n: u8| slots.take_loosely(network(n), Box::new(|| {}));
    let alone = take(1).expect("a slot");
    let flood: Vec<_> = (2..51).flat_map(|n| [take(n), take(n)]).collect();
    for n in 2..51 {
        comes_now(&slots, network(n));
    }
    came_before(&slots, network(1), THIS_MOMENT);
    let newcomers: Vec<_> = (60..62).map(|n| take(n).expect("gives way")).collect();
    assert!(alone.keep());
    drop((flood, newcomers));
}

#[tokio::test(start_paused = true)]
async fn nobody_gives_way_who_has_just_come() {
    let slots = Slots::new(
        1,
        Share::OfAnybody(1),
        Duration::from_mins(1),
        "tok_test_slots",
    );
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let note: OnLoss = Box::new(move || {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let first = slots.take_loosely(network(1), note);
    assert!(first.is_ok());
    assert_eq!(slots.take(network(2)).err(), Some(Full::All));
    assert_eq!(count.load(Ordering::Relaxed), 0);
}

#[tokio::test(start_paused = true)]
async fn what_is_lent_counts_for_whoever_uses_it() {
    let slots = slots(3, 1);
    let proxy = Network {
        is_shared_by_all: true,
        ..network(9)
    };
    let [one, two] = [1, 2].map(network);
    let lost = Arc::new(AtomicUsize::new(0));
    let note = || -> OnLoss {
        let lost = lost.clone();
        Box::new(move || {
            lost.fetch_add(1, Ordering::Relaxed);
        })
    };
    let own: Vec<_> = (0..3)
        .map(|_| Arc::new(slots.take(proxy).expect("one")))
        .collect();
    assert_eq!(
        slots.check(proxy),
        Err(Full::All),
        "a proxy never gives way"
    );
    let first = own[0].lend(one, note()).expect("a loan");
    let other = own[1].lend(two, note()).expect("a loan");
    let second = own[2].lend(one, note()).expect("a loan");
    assert!(first.fits && other.fits && !second.fits);
    assert!(own[1].keep(), "we know who that is");
    // Whoever has most gives way, with what they have longest.
    let newcomer = slots.take(proxy).expect("somebody gives way");
    assert_eq!(lost.load(Ordering::Relaxed), 1);
    assert!(own[0].lend(two, note()).is_none(), "it is lost");
    drop((first, second, newcomer));
    // A connection goes on to whoever asks over it next.
    let next = own[2].lend(one, note()).expect("a loan");
    assert!(next.fits);
    let after = own[2].lend(two, note()).expect("a loan");
    assert!(!after.fits, "the other has theirs");
    drop(next);
    assert_eq!(own[2].network(), two, "an earlier loan ends nothing");
    drop(after);
    assert_eq!(own[2].network(), proxy);
    other.last();
    assert_eq!(own[1].network(), two, "for as long as it stands");
    drop(own);
    let taken = slots.taken();
    assert!(taken.all == 0 && taken.by.is_empty() && taken.loose.is_empty());
}
