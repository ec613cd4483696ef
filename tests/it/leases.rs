//! Leases: one at a time works, and nobody goes on with what is not theirs any more.

use std::collections::BTreeSet;
use std::future::pending;
use std::iter::repeat_with;
use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};
use tok::backends::documents::{Event, Precondition, Write};
use tok::commands::lease::{Lease, LeaseName};
use tok::context::Context;
use tok::{Kind, Result};
use tokio::time::{Instant, sleep, timeout};

use crate::support::meddled::{Meddling, meddle};
use crate::support::{PATIENCE, context};

const LEASES: &str = "tok_leases";
const NAME: &str = "notify-flush";

/// What somebody else writes who has the lease, for so many milliseconds.
fn of_another(life: i64) -> Write {
    let content = json!({ "holder": "another", "until": "2020-01-01T00:00:00Z", "life_ms": life });
    Write::put(LEASES, NAME, &content).expect("JSON")
}

async fn another_has_it(context: &Context, life: i64) {
    let taken = context.documents.commit(vec![of_another(life)]).await;
    taken.expect("commits");
}

async fn holder(context: &Context) -> Option<String> {
    let found = context.documents.get(LEASES, NAME).await.expect("reads");
    let content: Value = serde_json::from_str(&found?.json).expect("JSON");
    content["holder"].as_str().map(str::to_owned)
}

async fn take(context: &Context) -> Result<Lease> {
    Lease::take(context, &LeaseName::flush()).await
}

#[tokio::test]
async fn a_lease_is_held_until_its_end_or_until_it_is_given_back() {
    let (context, _dir) = context(&[]);
    let held = async || {
        let held = Lease::is_held(&context, &LeaseName::flush()).await;
        held.expect("reads")
    };
    assert!(!held().await, "nobody ever took it");
    let lease = take(&context).await.expect("is free");
    assert!(held().await);
    lease.release().await;
    assert!(!held().await);
    another_has_it(&context, 0).await;
    assert!(!held().await, "its end is past");
}

#[tokio::test]
async fn whoever_comes_while_it_is_held_hears_who_has_it_and_for_how_long() {
    let (context, _dir) = context(&[]);
    let (name, life) = (LeaseName::flush(), Duration::from_mins(1));
    let lease = Lease::take_for(&context, &name, life).await;
    let lease = lease.expect("is free");
    let late = take(&context).await.err().expect("it is held");
    assert_eq!(late.kind(), Kind::Locked);
    let left = late.wait().expect("it ends");
    assert!(left > life / 2 && left <= life, "{left:?}");
    let place = context.place.as_ref();
    let by = format!("({place})");
    assert!(late.message().contains(&by), "{}", late.message());
    let holder = Lease::holder(&context, &name).await.expect("reads");
    assert_eq!(holder.as_ref(), Some(place));
    lease.release().await;
    assert_eq!(Lease::holder(&context, &name).await.expect("reads"), None);
    take(&context).await.expect("is free again");
}

#[tokio::test]
async fn of_those_who_take_it_at_the_same_time_one_has_it() {
    let (context, _dir) = context(&[]);
    for over in [false, true] {
        if over {
            another_has_it(&context, 0).await;
        }
        let faster = Meddling::Faster(vec![of_another(60_000)]);
        let late = take(&meddle(&context, LEASES, [faster])).await;
        assert_eq!(late.err().map(|error| error.kind()), Some(Kind::Locked));
        assert_eq!(holder(&context).await.as_deref(), Some("another"));
        let remove = Write::delete(LEASES, NAME);
        context.documents.commit(vec![remove]).await.expect("gone");
    }
}

#[tokio::test]
async fn whoever_works_for_longer_than_the_lease_keeps_it() {
    let (context, _dir) = context(&[]);
    // Two thirds of it may pass on a busy machine before it is renewed.
    let (name, life) = (LeaseName::flush(), Duration::from_secs(8));
    let lease = Lease::take_for(&context, &name, life).await;
    let lease = lease.expect("is free");
    let work = async {
        sleep(life + life / 4).await;
        Lease::is_held(&context, &name).await
    };
    assert!(lease.hold_while(work).await.expect("works"));
}

/// Otherwise an answer that is lost on its way would end work that nobody else does.
#[tokio::test]
async fn whoever_is_not_told_that_the_lease_was_renewed_keeps_it() {
    let (context, _dir) = context(&[]);
    // A third of it may pass on a busy machine before it is renewed once more.
    let life = Duration::from_secs(12);
    let meddled = meddle(&context, LEASES, [Meddling::None, Meddling::Unanswered]);
    let lease = Lease::take_for(&meddled, &LeaseName::flush(), life).await;
    let lease = lease.expect("is free");
    let mut told = context.documents.watch(LEASES, None);
    let work = async {
        // As it was taken, as it was renewed without an answer, and as it was renewed after that.
        let mut versions = BTreeSet::new();
        while versions.len() < 3 {
            let event = told.next().await.expect("goes on").expect("is told");
            if let Event::Put(lease) = event {
                versions.insert(lease.version);
            }
        }
        Ok(())
    };
    let work = timeout(PATIENCE, lease.hold_while(work));
    work.await.expect("is renewed").expect("goes on");
}

#[tokio::test]
async fn whoever_lost_the_lease_stops() {
    let (context, _dir) = context(&[]);
    let life = Duration::from_secs(9);
    let meddled = meddle(
        &context,
        LEASES,
        [Meddling::None, Meddling::Faster(vec![of_another(60_000)])],
    );
    let lease = Lease::take_for(&meddled, &LeaseName::flush(), life).await;
    let lease = lease.expect("is free");
    let work = timeout(PATIENCE, lease.hold_while(pending::<Result<()>>()));
    let lost = work.await.expect("is told").expect_err("lost");
    assert_eq!(lost.kind(), Kind::Locked);
    lease.release().await;
    assert_eq!(holder(&context).await.as_deref(), Some("another"));
}

#[tokio::test]
async fn whoever_cannot_renew_stops_before_others_may_begin() {
    let life = Duration::from_secs(30);
    // A store that is slow to say so must not make the last attempt one too late.
    for slow in [Duration::ZERO, life / 10, life / 4] {
        let (context, _dir) = context(&[]);
        let busy = repeat_with(|| Meddling::BusyAfter(slow)).take(100);
        let meddled = meddle(&context, LEASES, [Meddling::None].into_iter().chain(busy));
        let lease = Lease::take_for(&meddled, &LeaseName::flush(), life).await;
        let lease = lease.expect("is free");
        // The store answers by itself from here on, so that time can be skipped.
        tokio::time::pause();
        let since = Instant::now();
        let work = timeout(life * 10, lease.hold_while(pending::<Result<()>>()));
        let lost = work.await.expect("ends").expect_err("lost");
        assert_eq!(lost.kind(), Kind::Unavailable);
        let worked = since.elapsed();
        assert!(
            worked > life / 2 && worked < life + Duration::from_secs(1),
            "it is tried again until then, and no longer: {slow:?}: {worked:?}"
        );
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_lease_that_is_taken_over_while_it_is_given_back_stays() {
    let (context, _dir) = context(&[]);
    let meddled = meddle(
        &context,
        LEASES,
        [Meddling::None, Meddling::Faster(vec![of_another(60_000)])],
    );
    take(&meddled).await.expect("is free").release().await;
    assert_eq!(holder(&context).await.as_deref(), Some("another"));
}

/// Otherwise whoever comes next would be kept out by somebody who has long finished.
#[tokio::test]
async fn a_lease_whose_renewal_arrives_while_it_is_given_back_is_given_back() {
    let (context, _dir) = context(&[]);
    let renewed = json!({ "until": "2030-01-01T00:00:00Z" });
    let renewed = renewed.as_object().cloned().expect("fields");
    let renewed = Write::merge(LEASES, NAME, renewed).only_if(Precondition::Exists);
    let meddled = meddle(
        &context,
        LEASES,
        [Meddling::None, Meddling::Faster(vec![renewed])],
    );
    take(&meddled).await.expect("is free").release().await;
    assert_eq!(holder(&context).await, None);
}
