//! Meetings over a store that does not always say what became of a commit.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt;
use jiff::Timestamp;
use serde_json::value::RawValue;
use tok::backends::documents::{
    Backup, CopyProgress, Cursor, Document, DocumentStream, Documents, EventStream, Scan, Version,
    Write,
};
use tok::commands::room;
use tok::meeting::{MeetingSettings, Meetings, Packet, Seat, Wire};
use tok::model::happening::Happening;
use tok::model::meeting::{Newcomer, Welcome};
use tok::{Error, Kind, Result};

use crate::support::context;

/// A store that makes a commit and then says that it cannot tell, once.
struct Doubtful {
    inner: Arc<dyn Documents>,
    armed: AtomicBool,
}

#[async_trait]
impl Documents for Doubtful {
    async fn get(&self, collection: &str, id: &str) -> Result<Option<Document>> {
        self.inner.get(collection, id).await
    }

    async fn commit(&self, writes: Vec<Write>) -> Result<Vec<Version>> {
        let people = writes
            .iter()
            .any(|write| write.collection == "tok_participants");
        let versions = self.inner.commit(writes).await?;
        if people && self.armed.swap(false, Ordering::Relaxed) {
            return Err(Error::new(Kind::Unavailable, "the answer was lost"));
        }
        Ok(versions)
    }

    async fn find(
        &self,
        collection: &str,
        field: &str,
        value: &str,
        limit: usize,
    ) -> Result<Vec<Document>> {
        self.inner.find(collection, field, value, limit).await
    }

    async fn due(
        &self,
        collection: &str,
        field: &str,
        before: Timestamp,
        limit: usize,
    ) -> Result<Vec<Document>> {
        self.inner.due(collection, field, before, limit).await
    }

    async fn backup(&self, to: &Path, progress: CopyProgress) -> Result<Backup> {
        self.inner.backup(to, progress).await
    }

    async fn damage(&self) -> Result<Vec<String>> {
        self.inner.damage().await
    }

    async fn lineage(&self) -> Result<String> {
        self.inner.lineage().await
    }

    async fn now(&self) -> Result<Timestamp> {
        self.inner.now().await
    }

    async fn fence(&self, collection: &str) -> Result<Cursor> {
        self.inner.fence(collection).await
    }

    fn resumes(&self) -> bool {
        self.inner.resumes()
    }

    async fn count(&self, collection: &str) -> Result<u64> {
        self.inner.count(collection).await
    }

    fn scan(&self, scan: Scan) -> DocumentStream {
        self.inner.scan(scan)
    }

    fn watch(&self, collection: &str, from: Option<Cursor>) -> EventStream {
        self.inner.watch(collection, from)
    }
}

struct Silent;

impl Wire for Silent {
    fn packets(&self, _: &Happening) -> Vec<Packet> {
        Vec::new()
    }

    fn farewell(&self, _: &Happening) -> Vec<Packet> {
        Vec::new()
    }

    fn replaced(&self) -> Packet {
        silence()
    }

    fn lost(&self) -> Packet {
        silence()
    }

    fn welcome(&self, _: &Welcome) -> Packet {
        silence()
    }

    fn signal(&self, _: &str, _: &RawValue) -> Packet {
        silence()
    }
}

fn silence() -> Packet {
    Packet {
        name: "silence",
        arguments: Vec::new(),
    }
}

struct Chair(&'static str);

impl Seat for Chair {
    fn id(&self) -> &str {
        self.0
    }

    fn emit(&self, _: &Packet) {}

    fn dismiss(&self, _: bool) {}
}

fn newcomer(name: &str) -> Newcomer {
    Newcomer {
        name: Some(name.to_owned()),
        returning: None,
        must_return: false,
        role: None,
        user_id: None,
        token: None,
    }
}

#[tokio::test]
async fn who_is_told_that_they_did_not_come_in_is_not_in() {
    let (context, _dir) = context(&[]);
    let input = room::create::Input {
        name: Some("doubt".to_owned()),
        ..room::create::Input::default()
    };
    let room = room::create::run(&context, input).await.expect("a room");
    let documents = Arc::new(Doubtful {
        inner: context.documents.clone(),
        armed: AtomicBool::new(true),
    });
    let settings = MeetingSettings {
        grace: std::time::Duration::from_mins(1),
        longest_message: 1000,
        room_size: 10,
        heartbeat: std::time::Duration::from_mins(1),
        page_size: 1_000_000,
    };
    let (clock, random) = (context.clock.clone(), context.random.clone());
    let meetings = Meetings::new(documents, clock, random, settings, None);
    meetings.serve(Arc::new(Silent));
    let mut happenings = meetings.follow(&room.name).await.expect("follows");

    let chair = Arc::new(Chair("one"));
    let refused = meetings.join(&room, newcomer("Ghost"), chair.clone()).await;
    let refused = refused.expect_err("the answer was lost");
    assert_eq!(refused.kind(), Kind::Unavailable);
    // The same client tries again at once, which must not send it out again.
    let admission = meetings.join(&room, newcomer("Ada"), chair).await;
    let admission = admission.expect("comes in");
    let mut told = Vec::new();
    while !told
        .iter()
        .any(|happening| matches!(happening, Happening::Left { .. }))
    {
        told.push(happenings.next().await.expect("goes on").expect("reads"));
    }
    let people = meetings.people(&room.name).await.expect("reads");
    let inside: Vec<_> = people.iter().filter(|person| person.is_inside()).collect();
    assert_eq!(inside.len(), 1, "{people:?}");
    assert_eq!(
        (inside[0].id.as_str(), inside[0].is_host()),
        (admission.id.as_str(), true)
    );
}
