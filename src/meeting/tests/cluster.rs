//! Several nodes over one store, in the runtime's own time.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use jiff::Timestamp;
use serde_json::{Map, Value};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

use super::silent::{Chair, Silent};
use super::{Counting, anybody, room};
use crate::error::{Error, Reason, Result};
use crate::meeting::{MeetingSettings, Meetings};
use crate::model::{BackendName, Clock, Room};
use crate::records::documents::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, EventStream, Mutation,
    Precondition, Scan, Version, Write,
};
use crate::records::{HEADS, NODES, PEOPLE, ROOMS, RoomKey, Seal};

pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
/// What a node that died is given until nobody of it is in a room: a grace and a heartbeat.
pub(super) const OUT: Duration = Duration::from_secs(25);

type All = BTreeMap<(String, String), Document>;

/// A store in memory. Commits come one after the other, and each takes its time.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) all: Mutex<All>,
    pub(super) versions: AtomicU64,
    /// How long a commit takes. Who holds it keeps everybody from writing.
    pub(super) writing: tokio::sync::Mutex<Duration>,
    pub(super) signs: Mutex<Vec<(String, Instant)>>,
}

impl Shelf {
    pub(super) fn all(&self) -> MutexGuard<'_, All> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn signs(&self) -> MutexGuard<'_, Vec<(String, Instant)>> {
        self.signs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn commit(&self, writes: &[Write]) -> Result<Vec<Version>> {
        let each = self.writing.lock().await;
        sleep(*each).await;
        let mut all = self.all();
        for write in writes {
            let found = all.get(&place(&write.collection, &write.id));
            if !holds(write.precondition, found) {
                let error = Error::conflict(format!("`{}` was changed", write.id));
                return Err(error.reason(Reason::Changed));
            }
        }
        Ok(writes
            .iter()
            .map(|write| self.apply(&mut all, write))
            .collect())
    }

    pub(super) fn apply(&self, all: &mut All, write: &Write) -> Version {
        let place = place(&write.collection, &write.id);
        let fields = match (&write.change, all.get(&place)) {
            (Mutation::Delete, _) => {
                all.remove(&place);
                return 0;
            }
            (Mutation::Merge(fields), Some(found)) if fields.is_empty() => return found.version,
            (Mutation::Merge(fields), found) => {
                let mut whole: Map<String, Value> =
                    found.map_or_else(Map::new, crate::records::fields_of);
                whole.extend(fields.clone());
                Value::Object(whole)
            }
            (Mutation::Put(value), _) => value.clone(),
        };
        if write.collection == NODES.name() {
            self.signs().push((write.id.clone(), Instant::now()));
        }
        let version = self.versions.fetch_add(1, Ordering::Relaxed) + 1;
        let document = Document {
            id: write.id.clone(),
            version,
            written: 0,
            json: fields.to_string(),
        };
        all.insert(place, document);
        version
    }

    pub(super) fn matching(&self, scan: &Scan) -> Vec<Document> {
        let all = self.all();
        let found = all.iter().filter(|((collection, id), _)| {
            let after = scan.after.as_ref().is_none_or(|after| id > after);
            *collection == scan.collection && id.starts_with(&scan.prefix) && after
        });
        let limit = Some(scan.limit).filter(|limit| *limit > 0);
        let found = found.map(|(_, document)| document.clone());
        found.take(limit.unwrap_or(usize::MAX)).collect()
    }
}

pub(super) fn place(collection: &str, id: &str) -> (String, String) {
    (collection.to_owned(), id.to_owned())
}

fn holds(precondition: Precondition, found: Option<&Document>) -> bool {
    match precondition {
        Precondition::None => true,
        Precondition::Missing => found.is_none(),
        Precondition::Exists => found.is_some(),
        Precondition::Version(version) => found.is_some_and(|found| found.version == version),
    }
}

/// A node's way to the store. While it is closed nothing comes through, and nothing is refused.
#[derive(Clone)]
pub(super) struct Way {
    shelf: Arc<Shelf>,
    open: Arc<watch::Sender<bool>>,
    /// Documents that were read by it.
    reads: Arc<AtomicU64>,
    /// The collection of which the next scan is refused.
    refused: Arc<Mutex<Option<&'static str>>>,
}

impl Way {
    async fn pass(&self) {
        let mut open = self.open.subscribe();
        let passed = open.wait_for(|open| *open).await.is_ok();
        assert!(passed, "the way is still there");
    }

    fn refused(&self) -> MutexGuard<'_, Option<&'static str>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scanned(&self, scan: &Scan) -> Vec<Result<Document>> {
        let refused = self.refused().take_if(|of| *of == scan.collection);
        if refused.is_some() {
            return vec![Err(Error::unavailable("the store is busy"))];
        }
        let found = self.shelf.matching(scan);
        self.reads.fetch_add(found.len() as u64, Ordering::Relaxed);
        found.into_iter().map(Ok).collect()
    }
}

#[async_trait]
impl Documents for Way {
    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>> {
        self.pass().await;
        self.reads.fetch_add(1, Ordering::Relaxed);
        Ok(self.shelf.all().get(&place(collection, id)).cloned())
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        self.pass().await;
        self.shelf.commit(&writes).await
    }

    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        self.pass().await;
        let mut found = self.shelf.matching(&Scan::all(collection));
        found.retain(|document| {
            crate::records::fields_of(document)
                .get(field)
                .and_then(Value::as_str)
                == Some(value)
        });
        found.truncate(limit);
        Ok(found)
    }

    async fn due(&self, _: &str, _: &str, _: Timestamp, _: usize) -> Result<Vec<Document>> {
        Ok(Vec::new())
    }

    async fn backup(&self, _to: &Path, _progress: CopyProgress) -> Result<Backup> {
        unreachable!("nobody saves the cluster")
    }

    async fn damage(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }

    async fn lineage(&self) -> Result<String> {
        Ok("cluster".to_owned())
    }

    async fn now(&self) -> Result<Timestamp> {
        Ok(Timestamp::UNIX_EPOCH)
    }

    async fn fence(&self, _: &str) -> Result<Cursor> {
        Ok(Cursor("0".to_owned()))
    }

    fn resumes(&self) -> bool {
        false
    }

    async fn count(&self, collection: &str) -> Result<u64> {
        Ok(self.shelf.matching(&Scan::all(collection)).len() as u64)
    }

    fn scan(&self, scan: Scan) -> DocumentStream {
        let way = self.clone();
        let found = async move {
            way.pass().await;
            stream::iter(way.scanned(&scan))
        };
        stream::once(found).flatten().boxed()
    }

    fn watch(&self, _: &str, _: Option<Cursor>) -> EventStream {
        // Who commits hears of others by the conflict.
        stream::pending().boxed()
    }
}

/// The runtime's clock, as that of the wall.
struct Wall(Instant);

impl Clock for Wall {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + self.0.elapsed()
    }
}

/// Nodes over one store, and rooms in which each of them serves people.
pub(super) struct Cluster {
    pub(super) shelf: Arc<Shelf>,
    pub(super) nodes: Vec<(Meetings, Way)>,
    pub(super) rooms: Vec<Room>,
}

impl Cluster {
    pub(super) async fn of(nodes: usize, rooms: usize, each: usize) -> Self {
        let shelf = Arc::new(Shelf::default());
        let rooms: Vec<Room> = (0..rooms).map(|n| room(&format!("room-{n}"))).collect();
        for room in &rooms {
            let key = RoomKey::new(BackendName::Local, room.name.as_str());
            let made = ROOMS.put(&key, room).expect("JSON");
            shelf.commit(&[made]).await.expect("a room");
        }
        let clock = Arc::new(Wall(Instant::now()));
        let random = Arc::new(Counting::default());
        let settings = MeetingSettings {
            grace: OUT.checked_sub(HEARTBEAT).expect("a grace"),
            longest_message: 100,
            kept_messages: 1000,
            room_size: 1000,
            heartbeat: HEARTBEAT,
            page_size: 1_000_000,
        };
        let begin = |_| {
            let open = Arc::new(watch::Sender::new(true));
            let shelf = shelf.clone();
            let way = Way {
                shelf,
                open,
                reads: Arc::default(),
                refused: Arc::default(),
            };
            let documents = Arc::new(way.clone());
            let (clock, random) = (clock.clone(), random.clone());
            let (seal, proxies) = (Seal::default(), Arc::default());
            let node = Meetings::new(documents, seal, clock, random, settings, None, proxies);
            node.serve(Arc::new(Silent));
            (node, way)
        };
        let nodes = (0..nodes).map(begin).collect();
        let cluster = Self {
            shelf: shelf.clone(),
            nodes,
            rooms,
        };
        cluster.fill(each).await;
        cluster
    }

    pub(super) async fn fill(&self, each: usize) {
        for (n, (node, _)) in self.nodes.iter().enumerate() {
            for room in &self.rooms {
                for person in 0..each {
                    let chair = Arc::new(Chair(format!("{n} {} {person}", room.name)));
                    node.join(room, anybody(), chair).await.expect("comes in");
                }
            }
        }
    }

    /// Somebody else comes in.
    pub(super) async fn comes(&self, node: usize) {
        let seat = self.shelf.versions.load(Ordering::Relaxed);
        let chair = Arc::new(Chair(format!("late {seat}")));
        let came = self.nodes[node].0.join(&self.rooms[0], anybody(), chair);
        came.await.expect("comes in");
    }

    /// How many documents a node read.
    pub(super) fn reads(&self, node: usize) -> u64 {
        self.nodes[node].1.reads.load(Ordering::Relaxed)
    }

    pub(super) fn id(&self, node: usize) -> &str {
        self.nodes[node].0.0.node()
    }

    /// Opens a node's way to the store, or closes it: then it is as good as dead.
    pub(super) fn open(&self, node: usize, open: bool) {
        self.nodes[node].1.open.send_replace(open);
    }

    /// Refuses a node's next scan of a collection.
    pub(super) fn refuse_scan(&self, node: usize, collection: &'static str) {
        *self.nodes[node].1.refused() = Some(collection);
    }

    pub(super) async fn commits_take(&self, each: Duration) {
        *self.shelf.writing.lock().await = each;
    }

    /// How many people of each node are in the rooms.
    pub(super) fn inside(&self) -> Vec<usize> {
        let people = self.shelf.matching(&PEOPLE.all());
        let people: Vec<_> = people
            .iter()
            .map(|document| PEOPLE.read(document).expect("somebody"))
            .collect();
        let count = |id: &str| {
            let theirs = people.iter().filter(|of| of.node.as_deref() == Some(id));
            theirs.count()
        };
        (0..self.nodes.len()).map(|n| count(self.id(n))).collect()
    }

    /// How many commits there were in each room.
    pub(super) fn commits(&self) -> Vec<u64> {
        let commits = |room: &Room| {
            let all = self.shelf.all();
            let head = all.get(&place(HEADS.name(), &room.name.address()));
            let head = HEADS.read(head.expect("a head")).expect("a head");
            head.commits
        };
        self.rooms.iter().map(commits).collect()
    }

    /// When a node gave signs.
    pub(super) fn signs(&self, node: usize) -> Vec<Instant> {
        let signs = self.shelf.signs();
        let own = signs.iter().filter(|(id, _)| id == self.id(node));
        own.map(|(_, at)| *at).collect()
    }

    /// The longest time without a sign of a node since then.
    pub(super) fn longest_silence(&self, node: usize, since: Instant) -> Duration {
        let signs = self.signs(node).into_iter().filter(|at| *at > since);
        let mut moments = vec![since];
        moments.extend(signs.chain([Instant::now()]));
        let gaps = moments.windows(2).map(|two| two[1] - two[0]);
        gaps.max().expect("some time")
    }

    /// Waits until a node gives the next sign.
    pub(super) async fn next_sign(&self, node: usize) {
        let before = self.signs(node).len();
        while self.signs(node).len() == before {
            sleep(Duration::from_millis(10)).await;
        }
    }
}
