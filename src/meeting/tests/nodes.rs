//! Nodes that fall silent, stand still or are slow, in the runtime's own time.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::time::{Instant, advance, sleep};

use super::cluster::{Cluster, HEARTBEAT, OUT, place};
use crate::error::Kind;
use crate::meeting::mailbox::{Dead, DeskJob};
use crate::records::NODES;

#[tokio::test(start_paused = true)]
async fn the_dead_are_out_in_time_by_one_commit_a_room_however_slow_the_store_is() {
    for each in [0, 10, 40] {
        let cluster = Cluster::of(3, 30, 4).await;
        cluster.commits_take(Duration::from_millis(each)).await;
        cluster.next_sign(2).await;
        let (before, died) = (cluster.commits(), Instant::now());
        cluster.open(2, false);
        sleep(OUT).await;
        assert_eq!(cluster.inside(), [120, 120, 0], "{each} ms");
        let once: Vec<u64> = before.iter().map(|commits| commits + 1).collect();
        assert_eq!(cluster.commits(), once, "{each} ms");
        for node in [0, 1] {
            let silence = cluster.longest_silence(node, died);
            assert!(silence < HEARTBEAT / 2, "{silence:?} at {each} ms");
        }
        // It is forgotten with its people.
        let gone = cluster
            .shelf
            .all()
            .get(&place(NODES.name(), cluster.id(2)))
            .cloned();
        assert_eq!(gone, None);
    }
}

#[tokio::test(start_paused = true)]
async fn nodes_that_stand_still_together_take_nobody_out() {
    let cluster = Cluster::of(3, 4, 2).await;
    for still in 1..60 {
        // At another point of their rhythms each time.
        sleep(HEARTBEAT + Duration::from_millis(still * 370)).await;
        advance(Duration::from_secs(still)).await;
        sleep(HEARTBEAT).await;
        assert_eq!(cluster.inside(), [8, 8, 8], "{still} s");
    }
}

#[tokio::test(start_paused = true)]
async fn nodes_that_cannot_reach_the_store_for_a_while_take_nobody_out() {
    let cluster = Cluster::of(3, 4, 2).await;
    for still in 1..60 {
        sleep(HEARTBEAT + Duration::from_millis(still * 370)).await;
        (0..3).for_each(|node| cluster.open(node, false));
        sleep(Duration::from_secs(still)).await;
        (0..3).for_each(|node| cluster.open(node, true));
        sleep(HEARTBEAT).await;
        assert_eq!(cluster.inside(), [8, 8, 8], "{still} s");
    }
}

#[tokio::test(start_paused = true)]
async fn while_nobody_can_write_silence_counts_for_nothing() {
    let cluster = Cluster::of(3, 4, 2).await;
    for still in 1..60 {
        sleep(HEARTBEAT + Duration::from_millis(still * 370)).await;
        // Reading goes on.
        let held = cluster.shelf.writing.lock().await;
        sleep(Duration::from_secs(still)).await;
        drop(held);
        sleep(HEARTBEAT).await;
        assert_eq!(cluster.inside(), [8, 8, 8], "{still} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_node_that_stood_still_alone_takes_nobody_else_out() {
    let cluster = Cluster::of(3, 4, 2).await;
    sleep(HEARTBEAT).await;
    cluster.open(0, false);
    sleep(HEARTBEAT * 3).await;
    assert_eq!(cluster.inside(), [0, 8, 8], "its own are out");
    cluster.open(0, true);
    sleep(HEARTBEAT * 3).await;
    assert_eq!(cluster.inside(), [0, 8, 8]);
}

#[tokio::test(start_paused = true)]
async fn a_node_that_gives_a_sign_while_it_is_buried_keeps_the_rest_of_its_people() {
    let cluster = Cluster::of(2, 60, 1).await;
    cluster.commits_take(Duration::from_millis(60)).await;
    cluster.open(1, false);
    while cluster.inside()[1] == 60 {
        sleep(Duration::from_millis(50)).await;
    }
    cluster.open(1, true);
    cluster.next_sign(1).await;
    let left = cluster.inside()[1];
    assert!(left > 20, "{left}");
    sleep(HEARTBEAT * 4).await;
    assert_eq!(cluster.inside(), [60, left]);
}

#[tokio::test(start_paused = true)]
async fn a_sign_that_comes_just_before_the_commit_stops_it() {
    let cluster = Cluster::of(2, 1, 3).await;
    cluster.next_sign(0).await;
    let sign = cluster.shelf.all()[&place(NODES.name(), cluster.id(1))].version;
    let node = cluster.id(1).to_owned();
    let evict = |dead: Dead| {
        let shared = cluster.nodes[0].0.0.clone();
        shared.ask(&cluster.rooms[0].name, |reply| DeskJob::Evict {
            dead,
            reply,
        })
    };
    cluster.commits_take(Duration::from_secs(1)).await;
    let dead = Dead { node, sign };
    let eviction = tokio::spawn(evict(dead.clone()));
    sleep(Duration::from_millis(500)).await;
    let renewed = NODES
        .put_as(&dead.node, &Value::Object(Map::new()))
        .expect("JSON");
    cluster.shelf.apply(&mut cluster.shelf.all(), &renewed);
    let refused = eviction.await.expect("no panic").expect_err("it is alive");
    assert_eq!(refused.kind(), Kind::Guard);
    let refused = evict(dead).await.expect_err("it is alive");
    assert_eq!(refused.kind(), Kind::Guard);
    assert_eq!(cluster.inside(), [3, 3]);
}
