//! A mirror step by step: what it was told, what is on its way, what it knows of the index.

mod rounds;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::backends::search::{Detail, Operation};
use crate::config::{self, Environment, Overrides};
use crate::model::search::Source;

const INDEX: &str = "people";

/// A mirror that is told by the test, over a real store and a real index.
struct Desk {
    context: Context,
    spec: Arc<IndexSpec>,
    mirror: Mirror,
    told: Version,
    _home: TempDir,
}

impl Desk {
    async fn over(collections: &[&str]) -> Self {
        let home = TempDir::new().expect("a directory");
        let environment = Environment::of(home.path().to_owned(), &[]);
        let loaded = config::load(&environment, &Overrides::default()).expect("defaults");
        let context = Context::open(&loaded.config, home.path()).expect("opens");
        let source = |collection: &&str| Source {
            collection: (*collection).to_owned(),
            fields: vec!["name".to_owned()],
            searchable: vec!["name".to_owned()],
            moments: Vec::new(),
            required: Vec::new(),
            constants: BTreeMap::new(),
        };
        let spec = Arc::new(IndexSpec {
            name: INDEX.to_owned(),
            sources: collections.iter().map(source).collect(),
        });
        let mirror = Mirror::start(&context, &spec, INDEX, None, 100, Whom::Follower);
        let mirror = mirror.await.expect("starts");
        Self {
            context,
            spec,
            mirror,
            told: 0,
            _home: home,
        }
    }

    /// One collection that has told its whole state, which is nothing.
    async fn following() -> Self {
        let mut desk = Self::over(&["users"]).await;
        desk.tell(0, Event::Reset).await;
        desk.tell(0, current(1)).await;
        desk
    }

    async fn tell(&mut self, number: usize, event: Event) {
        let told = self.mirror.handle(Next::Told(number, Ok(event))).await;
        told.expect("heard");
    }

    async fn name(&mut self, number: usize, id: &str, name: &str) {
        self.told += 1;
        let json = json!({ "name": name }).to_string();
        let (id, version) = (id.to_owned(), self.told);
        let document = Document {
            id,
            version,
            written: 0,
            json,
        };
        self.tell(number, Event::Put(document)).await;
    }

    /// What is on its way arrives.
    async fn land(&mut self) {
        let sent = landed(&mut self.mirror.sending).await;
        self.mirror.sending = None;
        let handled = self.mirror.handle(Next::Sent(sent)).await;
        handled.expect("recorded");
    }

    /// Somebody else is at work on the index, and writes this.
    async fn elsewhere(&self, operations: Vec<Operation>) {
        let writes = epoch::next(&self.context, &self.spec).expect("JSON");
        let documents = &self.context.documents;
        documents.commit(writes.into()).await.expect("commits");
        let search = &self.context.search;
        let applied = search.apply(INDEX, Arc::new(operations), None).await;
        applied.expect("applied");
    }

    async fn found(&self, id: &str) -> Option<Value> {
        let (search, ids) = (&self.context.search, [id.to_owned()]);
        let found = search.fetch(INDEX, &ids, Detail::Whole).await;
        let record = found.expect("read").remove(0)?;
        Some(record.fields["name"].clone())
    }
}

fn current(place: u64) -> Event {
    Event::Current(Cursor(place.to_string()))
}

fn refused(id: &str) -> Sent {
    Sent {
        refused: vec![(id.to_owned(), "too odd".to_owned())],
        ..Sent::default()
    }
}

#[tokio::test]
async fn what_is_on_its_way_is_older_than_what_waits() {
    let mut desk = Desk::following().await;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.begin_sending();
    desk.name(0, "ada", "Countess").await;
    desk.land().await;
    desk.mirror.begin_sending();
    // As it was at first: the index is about to hold the other name.
    desk.name(0, "ada", "Ada").await;
    desk.land().await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, Some(json!("Ada")));
}

#[tokio::test]
async fn whoever_writes_while_the_state_is_read_makes_it_doubtful() {
    for (is_meddled, doubtful) in [(false, false), (true, true)] {
        let mut desk = Desk::over(&["users"]).await;
        desk.tell(0, Event::Reset).await;
        if is_meddled {
            desk.elsewhere(Vec::new()).await;
        }
        desk.tell(0, current(1)).await;
        assert_eq!(desk.mirror.is_uncertain(), doubtful);
    }
}

/// A document that is as it was, in an index that somebody else writes to: from then on it is asked.
#[tokio::test]
async fn an_index_that_others_write_to_is_asked_until_it_is_read_anew() {
    let mut desk = Desk::following().await;
    for id in ["ada", "bob"] {
        desk.name(0, id, id).await;
    }
    desk.mirror.drain().await.expect("sent");
    let gone = ["ada", "bob"].map(|id| Operation::Delete(id.to_owned()));
    desk.elsewhere(gone.into()).await;
    for id in ["ada", "bob"] {
        desk.name(0, id, id).await;
        desk.mirror.drain().await.expect("sent");
        assert_eq!(desk.found(id).await, Some(json!(id)));
        assert!(desk.mirror.is_uncertain());
    }
}

#[tokio::test]
async fn a_place_is_kept_when_something_was_heard() {
    let mut desk = Desk::following().await;
    desk.mirror.keep_place();
    assert_eq!(desk.mirror.place, None);
    desk.name(0, "ada", "Ada").await;
    desk.tell(0, current(2)).await;
    let place = desk.mirror.place.clone();
    assert_eq!(place.as_deref(), Some(r#"{"users":"2"}"#));
    desk.mirror.drain().await.expect("sent");
    desk.tell(0, current(3)).await;
    desk.mirror.keep_place();
    assert_eq!(desk.mirror.place, None);
}

#[tokio::test]
async fn no_place_is_kept_before_the_whole_state_is_heard() {
    let mut desk = Desk::over(&["users", "rooms"]).await;
    desk.tell(0, Event::Reset).await;
    desk.tell(1, Event::Reset).await;
    desk.name(0, "ada", "Ada").await;
    desk.tell(0, current(2)).await;
    desk.mirror.keep_place();
    assert_eq!(desk.mirror.place, None);
    desk.tell(1, current(2)).await;
    assert!(desk.mirror.place.is_some());
}

#[tokio::test]
async fn what_was_refused_is_tried_when_it_is_told_of_again() {
    let mut desk = Desk::following().await;
    desk.name(0, "ada", "Ada").await;
    drop(desk.mirror.planned.take());
    desk.mirror
        .record_batch(refused("ada"))
        .await
        .expect("set aside");
    assert_eq!(desk.mirror.parked(), 1);
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, Some(json!("Ada")));
    assert_eq!(desk.mirror.parked(), 0);
}

/// Of two documents of one id, the one that is left out is parked until it is not any more.
#[tokio::test]
async fn what_is_left_out_stays_parked_although_the_record_is_there() {
    let mut desk = Desk::over(&["users", "rooms"]).await;
    let looked = |reason: Option<&str>, state| Sent {
        done: vec![("ada".to_owned(), state)],
        looked: HashMap::from([("ada".to_owned(), reason.map(str::to_owned))]),
        ..Sent::default()
    };
    for (reason, state, parked) in [
        (Some("in the way"), Some((1, 1)), 1),
        (Some("in the way"), Some((2, 2)), 1),
        (None, Some((2, 2)), 0),
        (Some("in the way"), None, 1),
        // Neither of them is there any more.
        (None, None, 0),
    ] {
        let sent = looked(reason, state);
        desk.mirror.record_batch(sent).await.expect("recorded");
        assert_eq!(desk.mirror.parked(), parked, "{reason:?} {state:?}");
    }
}

#[tokio::test]
async fn an_id_that_two_collections_tell_of_is_looked_up() {
    let mut desk = Desk::over(&["users", "rooms"]).await;
    desk.tell(0, Event::Reset).await;
    desk.tell(1, Event::Reset).await;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    // The store has none of them: what was looked up is left as it is.
    desk.mirror.index.tell("bob", 7);
    desk.mirror.index.begin_round();
    let mark = |name: &str| {
        let json = json!({ "name": name }).to_string();
        let record = desk.spec.sources[0].record("bob", &json);
        record
            .expect("good")
            .expect("mirrored")
            .fingerprint(&desk.mirror.salt)
    };
    let mark = mark("Bob");
    desk.mirror.index.set("bob", Some(mark));
    desk.name(0, "bob", "Bob").await;
    assert!(desk.mirror.is_idle(), "it stands there already");
    desk.name(1, "bob", "Bob").await;
    assert_eq!(desk.mirror.pending(), 1, "told twice");
}

#[tokio::test]
async fn a_fence_is_reached_by_every_collection_or_not_at_all() {
    let fences = [Cursor("5".to_owned()), Cursor("5".to_owned())];
    let mut desk = Desk::over(&["users", "rooms"]).await;
    desk.tell(0, Event::Reset).await;
    desk.tell(1, Event::Reset).await;
    desk.tell(0, current(5)).await;
    assert!(!desk.mirror.reached(&fences), "rooms are still being read");
    desk.tell(1, current(4)).await;
    assert!(!desk.mirror.reached(&fences), "rooms are not there yet");
    desk.tell(1, current(5)).await;
    assert!(desk.mirror.reached(&fences));
    desk.tell(1, Event::Reset).await;
    assert!(!desk.mirror.reached(&fences), "rooms are read anew");
}

#[tokio::test]
async fn what_is_told_twice_before_it_is_sent_is_sent() {
    let mut desk = Desk::following().await;
    desk.name(0, "ada", "Ada").await;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    assert_eq!(desk.found("ada").await, Some(json!("Ada")));
}

#[tokio::test]
async fn one_collection_that_tells_the_same_again_while_it_is_read_costs_nothing() {
    let mut desk = Desk::over(&["users"]).await;
    desk.tell(0, Event::Reset).await;
    desk.name(0, "ada", "Ada").await;
    desk.mirror.drain().await.expect("sent");
    desk.name(0, "ada", "Ada").await;
    assert!(desk.mirror.is_idle());
    assert_eq!(
        (desk.mirror.counts.puts, desk.mirror.counts.unchanged),
        (1, 1)
    );
}
