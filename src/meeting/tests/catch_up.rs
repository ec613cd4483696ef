//! What a node makes of the commits of others is what it would read.

use std::sync::Arc;
use std::time::Duration;

use serde_json::value::RawValue;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

use super::cluster::Cluster;
use super::silent::Chair;
use super::{Counting, anybody};
use crate::meeting::desk::Desk;
use crate::meeting::mailbox::{DeskJob, MeetingVersion, Waiting, What};
use crate::meeting::state::Meeting;
use crate::meeting::{Packet, Seat};
use crate::model::chat::EVERYONE;
use crate::model::meeting::{Actor, Change};
use crate::model::{BackendName, Random};
use crate::records::{MESSAGES, ROOMS, RoomKey};

/// A desk of the first node at which nobody sits yet, and which is told nothing by itself.
fn onlooker(cluster: &Cluster) -> Desk {
    let shared = cluster.nodes[0].0.0.clone();
    let (_, queue) = mpsc::channel(1);
    Desk::new(shared, cluster.rooms[0].name.clone(), queue)
}

/// What is compared of a meeting.
fn told(of: &Meeting) -> String {
    format!("{:?} {:?} {:?}", of.head, of.unchanged, of.people)
}

/// A number below `most`.
fn chance(random: &Counting, most: usize) -> usize {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    // What counts up is spread.
    let spread = u64::from_le_bytes(bytes).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
    usize::try_from(spread).expect("fits") % most
}

/// Somebody who is there does something, over either node.
async fn something_happens(cluster: &Cluster, random: &Counting) {
    let (node, _) = &cluster.nodes[chance(random, 2)];
    let room = &cluster.rooms[0].name;
    let people = node.people(room).await.expect("people");
    let inside: Vec<_> = people.iter().filter(|person| person.is_inside()).collect();
    let target = inside
        .get(chance(random, inside.len().max(1)))
        .map_or_else(|| "nobody".to_owned(), |person| person.id.clone());
    let change = match chance(random, 6) {
        0 => Change::Kick {
            target,
            ban: chance(random, 2) == 0,
        },
        1 => Change::HandOver { target },
        2 => return cluster.comes(chance(random, 2)).await,
        _ => Change::Send {
            to: EVERYONE.to_owned(),
            content: "hello".to_owned(),
            client_id: None,
        },
    };
    // A change that is refused changes nothing, which is as good.
    drop(node.act(room, Actor::Operator, change).await);
}

#[tokio::test(start_paused = true)]
async fn what_others_did_is_known_as_if_it_were_read() {
    let cluster = Cluster::of(2, 1, 6).await;
    let mut desk = onlooker(&cluster);
    desk.load(None).await.expect("reads");
    let random = Counting::default();
    let documents = &cluster.nodes[0].1;
    for step in 0..300 {
        something_happens(&cluster, &random).await;
        // Sometimes several commits are missed at once.
        if chance(&random, 3) == 0 {
            continue;
        }
        desk.catch_up().await;
        let known = desk
            .meeting
            .as_ref()
            .expect("what the commits say is enough");
        let read = Meeting::load(documents, cluster.rooms[0].clone()).await;
        let read = read.expect("reads");
        assert_eq!(told(known), told(&read), "after {step} steps");
        let session = desk.stored_session(&read.head).await.expect("reads");
        assert_eq!(desk.session, session, "after {step} steps");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_of_another_node_costs_the_same_however_many_people_are_there() {
    let reads_with = async |people: usize| {
        let cluster = Cluster::of(2, 1, people).await;
        let mut desk = onlooker(&cluster);
        desk.load(None).await.expect("reads");
        let say = || Change::Send {
            to: EVERYONE.to_owned(),
            content: "hello".to_owned(),
            client_id: None,
        };
        let room = &cluster.rooms[0].name;
        let said = cluster.nodes[0].0.act(room, Actor::Operator, say());
        said.await.expect("is sent");
        let before = cluster.reads(0);
        desk.catch_up().await;
        assert!(desk.meeting.is_some(), "what the commit says is enough");
        let heard = cluster.reads(0) - before;
        // Who writes at the same time as others hears of them by the conflict.
        let before = cluster.reads(0);
        for node in [1, 0, 1, 0] {
            let said = cluster.nodes[node].0.act(room, Actor::Operator, say());
            said.await.expect("is sent");
        }
        (heard, cluster.reads(0) - before)
    };
    let few = reads_with(2).await;
    assert_eq!(few.0, 2, "the head and the commit");
    assert_eq!(reads_with(60).await, few);
}

#[tokio::test(start_paused = true)]
async fn what_another_node_was_faster_than_is_taken_back_and_done_anew() {
    let cluster = Cluster::of(2, 1, 6).await;
    let mut desk = onlooker(&cluster);
    desk.load(None).await.expect("reads");
    let (documents, room) = (&cluster.nodes[0].1, &cluster.rooms[0]);
    let people = cluster.nodes[0].0.people(&room.name).await.expect("people");
    for person in people.into_iter().skip(1) {
        // The desk does not hear of it before its own commit is refused.
        cluster.comes(1).await;
        let (reply, answer) = oneshot::channel();
        let (target, ban) = (person.id, false);
        let what = What::Act {
            actor: Actor::Operator,
            change: Change::Kick { target, ban },
        };
        let reply = Some(reply);
        let join = Waiting {
            what,
            request: None,
            reply,
        };
        desk.commit(vec![join]).await;
        let done = answer.await.expect("an answer");
        done.expect("they are sent out once, not by the attempt that failed");
        let read = Meeting::load(documents, room.clone()).await;
        let read = read.expect("reads");
        let known = desk.meeting.as_ref().expect("is known");
        assert_eq!(told(known), told(&read));
    }
}

#[tokio::test(start_paused = true)]
async fn who_is_let_in_over_another_node_is_welcomed_though_no_messages_can_be_read() {
    let mut cluster = Cluster::of(2, 1, 0).await;
    let room = &mut cluster.rooms[0];
    room.properties
        .insert("waiting_room".to_owned(), true.into());
    let key = RoomKey::new(BackendName::Local, room.name.as_str());
    let made = ROOMS.put(&key, room).expect("JSON");
    cluster.shelf.commit(&[made]).await.expect("a room");
    // Who is the first does not wait.
    cluster.comes(1).await;
    let mut desk = onlooker(&cluster);
    let join = What::Join {
        room: Box::new(cluster.rooms[0].clone()),
        newcomer: Box::new(anybody()),
        id: "guest".to_owned(),
        seat: Arc::new(Chair("seat".to_owned())),
    };
    desk.commit(vec![Waiting::unasked(join)]).await;
    assert!(desk.seats.holds("guest", "seat"));
    assert!(desk.seats.inside("guest", None).is_none(), "they wait");
    let say = Change::Send {
        to: EVERYONE.to_owned(),
        content: "hello".to_owned(),
        client_id: None,
    };
    let (target, accept) = ("guest".to_owned(), true);
    for change in [say, Change::Admit { target, accept }] {
        let (node, name) = (&cluster.nodes[1].0, &cluster.rooms[0].name);
        let done = node.act(name, Actor::Operator, change).await;
        done.expect("is done");
    }
    cluster.refuse_scan(0, MESSAGES.name());
    desk.catch_up().await;
    // As it does where it could not catch up.
    desk.load(None).await.expect("reads");
    assert!(desk.seats.inside("guest", None).is_some(), "welcomed");
}

/// The seat of somebody who says that they are out of the room.
struct Dismissible(Arc<Notify>);

impl Seat for Dismissible {
    fn id(&self) -> &'static str {
        "dismissible"
    }

    fn emit(&self, _: &Packet) {}

    fn takes_signals(&self) -> bool {
        true
    }

    fn dismiss(&self, _: bool) {
        self.0.notify_one();
    }
}

#[tokio::test(start_paused = true)]
async fn what_there_was_no_place_for_at_a_desk_is_looked_for_when_it_has_worked() {
    let cluster = Cluster::of(2, 1, 0).await;
    let (room, out) = (&cluster.rooms[0], Arc::new(Notify::new()));
    let seat = Arc::new(Dismissible(out.clone()));
    let came = cluster.nodes[0].0.join(room, anybody(), seat).await;
    let (target, ban) = (came.expect("comes in").id, false);
    let kick = Change::Kick { target, ban };
    let kicked = cluster.nodes[1].0.act(&room.name, Actor::Operator, kick);
    kicked.await.expect("kicked");
    let signal = || DeskJob::Deliver {
        from: "somebody".to_owned(),
        to: "nobody".to_owned(),
        data: RawValue::from_string("{}".to_owned()).expect("JSON"),
    };
    let stand = MeetingVersion {
        room_id: room.id.clone(),
        commits: cluster.commits()[0],
        settings: 0,
    };
    // The desk does not run before this test waits.
    let shared = &cluster.nodes[0].0.0;
    while shared.send(&room.name, signal()).is_ok() {}
    shared.seen(&room.name.address(), Some(stand));
    let heard = timeout(Duration::from_secs(1), out.notified()).await;
    heard.expect("nobody commits anything, and they hear it");
}
