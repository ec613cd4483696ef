//! What a mirror makes of a state that is told anew, and when it asks and sends.

use std::time::Duration;

use super::*;
use crate::records::documents::Write;

const PATIENCE: Duration = Duration::from_secs(30);

impl Desk {
    /// The store has somebody of this id and name, whether or not the mirror is told.
    async fn store(&self, collection: &str, id: &str) {
        let put = Write::put(collection, id, &json!({ "name": id })).expect("JSON");
        let committed = self.context.documents.commit(vec![put]).await;
        committed.expect("commits");
    }

    /// The index has a record that it was not told of by this mirror.
    async fn index_has(&self, id: &str) {
        let json = json!({ "name": id }).to_string();
        let record = self.spec.sources[0].record(id, &json);
        let record = record.expect("good").expect("mirrored");
        let mark = record.fingerprint(&self.mirror.salt);
        self.elsewhere(vec![Operation::Put(record, mark)]).await;
    }

    /// What there is to do next, in a mirror that listens to its real store.
    async fn next(&mut self) -> Next {
        let next = tokio::time::timeout(PATIENCE, self.mirror.next()).await;
        next.expect("there is something to do")
    }

    /// The only step that waits.
    fn step(&mut self) -> Step {
        let mut items = self.mirror.planned.take();
        assert_eq!(items.len(), 1);
        items.remove(0).step
    }
}

/// What nobody can make a record of.
fn odd(id: &str) -> Event {
    let (id, json) = (id.to_owned(), "[]".to_owned());
    Event::Put(Document {
        id,
        version: 1,
        written: 0,
        json,
    })
}

#[tokio::test]
async fn what_the_first_telling_leaves_out_goes() {
    let mut desk = Desk::over(&["users"]).await;
    desk.index_has("ghost").await;
    desk.tell(0, Event::Reset).await;
    assert!(desk.mirror.index.complete, "it is known what is there");
    desk.tell(0, current(1)).await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ghost").await, None);
}

#[tokio::test]
async fn what_a_later_telling_leaves_out_goes() {
    let mut desk = Desk::following().await;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, Some(json!("Ada")));
    desk.tell(0, Event::Reset).await;
    desk.tell(0, current(2)).await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, None);
}

#[tokio::test]
async fn collections_that_are_read_at_the_same_time_are_one_telling() {
    let mut desk = Desk::over(&["users", "rooms"]).await;
    desk.store("users", "ada").await;
    desk.store("rooms", "red").await;
    desk.index_has("red").await;
    desk.tell(0, Event::Reset).await;
    desk.name(0, "ada", "ada").await;
    desk.mirror.drain().await.expect("sent");
    desk.tell(1, Event::Reset).await;
    desk.tell(0, current(1)).await;
    assert!(desk.mirror.is_idle(), "rooms are still being told of");
    desk.name(1, "red", "red").await;
    desk.mirror.drain().await.expect("sent");
    desk.tell(1, current(1)).await;
    assert!(desk.mirror.is_idle(), "all were told of");
}

#[tokio::test]
async fn what_is_set_aside_and_gone_is_so_no_more() {
    let mut desk = Desk::over(&["users"]).await;
    desk.mirror.parked.insert("gone".to_owned());
    desk.tell(0, Event::Reset).await;
    desk.tell(0, current(1)).await;
    assert_eq!(desk.mirror.parked(), 0);
}

#[tokio::test]
async fn whoever_leaves_the_place_to_others_keeps_none() {
    let mut desk = Desk::following().await;
    desk.mirror.leave_place();
    desk.name(0, "ada", "Ada").await;
    desk.tell(0, current(2)).await;
    assert_eq!(desk.mirror.place, None);
}

#[tokio::test]
async fn what_stands_in_an_index_that_is_not_known_is_asked_for() {
    let mut desk = Desk::over(&["users"]).await;
    for unchanged in 0..3 {
        desk.name(0, "ada", "Ada").await;
        desk.mirror.drain().await.expect("sent");
        let counts = &desk.mirror.counts;
        assert_eq!((counts.puts, counts.unchanged), (1, unchanged));
        // Somebody who begins anew and is told of one person.
        desk.mirror.index = Fingerprints::default();
    }
}

#[tokio::test]
async fn a_mirror_listens_until_it_has_enough() {
    let mut desk = Desk::over(&["users"]).await;
    assert!(matches!(desk.next().await, Next::Told(0, Ok(Event::Reset))));
    assert_eq!(desk.mirror.pending(), 0);
    desk.mirror.limits.operations = 2;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.begin_sending();
    for id in ["bob", "eve"] {
        desk.name(0, id, id).await;
    }
    assert_eq!(desk.mirror.pending(), 2);
    let next = desk.next().await;
    assert!(matches!(next, Next::Sent(_)), "the store is not heard yet");
}

#[tokio::test]
async fn what_waits_is_sent_while_more_is_heard() {
    let mut desk = Desk::over(&["users"]).await;
    desk.name(0, "ada", "Ada").await;
    let sent = loop {
        match desk.next().await {
            Next::Sent(sent) => break sent,
            told @ Next::Told(..) => drop(desk.mirror.handle(told).await.expect("heard")),
        }
    };
    assert_eq!(sent.expect("sent").puts, 1);
}

/// Of a document that is gone or no record there may be another in the other collection.
#[tokio::test]
async fn what_is_taken_out_of_one_of_two_collections_is_looked_up() {
    for event in [odd("ada"), Event::Removed("ada".to_owned())] {
        let mut desk = Desk::over(&["users", "rooms"]).await;
        desk.tell(0, event.clone()).await;
        assert!(matches!(desk.step(), Step::Look));
        let mut desk = Desk::over(&["users"]).await;
        desk.tell(0, event.clone()).await;
        assert!(matches!(desk.step(), Step::Gone), "it may be there");
        let mut desk = Desk::following().await;
        desk.tell(0, event).await;
        assert!(matches!(desk.step(), Step::ConfirmGone), "it is not there");
    }
}

#[tokio::test]
async fn what_is_no_record_is_set_aside_until_it_is_removed() {
    let mut desk = Desk::following().await;
    desk.tell(0, odd("ada")).await;
    assert_eq!((desk.mirror.parked(), desk.mirror.counts.parked), (1, 1));
    desk.tell(0, Event::Removed("ada".to_owned())).await;
    assert_eq!((desk.mirror.parked(), desk.mirror.counts.parked), (0, 1));
}

#[tokio::test]
async fn a_mirror_goes_on_into_another_index_and_remembers_what_it_sent() {
    let mut desk = Desk::following().await;
    desk.mirror.turn_to("another");
    desk.mirror.watch_sent();
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, None);
    let (search, ids) = (&desk.context.search, ["ada".to_owned()]);
    let found = search.fetch("another", &ids, Detail::Whole).await;
    assert!(found.expect("reads").remove(0).is_some());
    let sent = desk.mirror.sent.expect("remembered");
    assert_eq!(sent, HashMap::from([("ada".to_owned(), Some(1))]));
}
