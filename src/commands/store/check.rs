//! Looks at everything that is stored; changes nothing, but notes what cannot be read.

use std::collections::BTreeSet;
use std::sync::Arc;

use futures_util::TryStreamExt;
use serde::Serialize;
use utoipa::ToSchema;

use crate::backends::rooms::RoomBackend;
use crate::commands::room::list;
use crate::commands::search::verify;
use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::BackendName;
use crate::model::search::IndexSpec;
use crate::records::documents::Scan;
use crate::records::{self, Declaration, HEADS, ROOMS, RoomKey, sealed};

/// Differences of one check that are named; the others are counted.
const MOST_NAMED: u64 = 100;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The file, as its own engine judges it.
    File,
    /// Each document.
    Documents,
    /// The registry of rooms against the rooms.
    Rooms,
    /// The indexes against the store.
    Search,
}

impl Check {
    /// The name in tables and JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Documents => "documents",
            Self::Rooms => "rooms",
            Self::Search => "search",
        }
    }
}

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StoreDifference)]
pub struct Difference {
    /// What found it.
    pub check: Check,
    /// What it is about.
    pub subject: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub advice: String,
}

/// A part that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StoreUnchecked)]
pub struct Unchecked {
    /// What would have looked at it.
    pub check: Check,
    /// Which part.
    pub subject: String,
    /// Why not.
    pub reason: String,
    /// What kind of failure that is.
    #[serde(skip)]
    pub kind: Kind,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = StoreReport)]
pub struct Report {
    /// Which store this is.
    pub lineage: String,
    /// How many documents were read.
    pub documents: u64,
    /// How many of them cannot be read.
    pub unreadable: u64,
    /// How many rooms are registered.
    pub rooms: u64,
    /// How many differences there are; only the first of each check are named.
    pub wrong: u64,
    /// What is not as it should be.
    pub differences: Vec<Difference>,
    /// What could not be looked at.
    pub unchecked: Vec<Unchecked>,
}

impl Report {
    /// What keeps the store from being whole.
    pub fn verdict(&self) -> Option<Error> {
        if self.wrong > 0 {
            let message = format!("differences found in the store: {}", self.wrong);
            return Some(Error::new(Kind::Drift, message));
        }
        let first = self.unchecked.first()?;
        let message = format!("{} could not be checked: {}", first.subject, first.reason);
        // What keeps one part from being looked at is told as what it is.
        let same = self.unchecked.iter().all(|one| one.kind == first.kind);
        let kind = if same { first.kind } else { Kind::Partial };
        Some(Error::new(kind, message))
    }

    /// Goes on where a part cannot be looked at: it says nothing of the others.
    fn skip(&mut self, check: Check, subject: &str, looked: Result<()>) {
        if let Err(error) = looked {
            self.unchecked.push(Unchecked {
                check,
                subject: subject.to_owned(),
                reason: error.message().to_owned(),
                kind: error.kind(),
            });
        }
    }

    fn add(&mut self, check: Check, subject: String, problem: String, advice: &str) {
        self.wrong += 1;
        let same = self.differences.iter().filter(|found| found.check == check);
        if same.count() as u64 >= MOST_NAMED {
            return;
        }
        self.differences.push(Difference {
            check,
            subject,
            problem,
            advice: advice.to_owned(),
        });
    }
}

/// Looks at the file, every document, the rooms and the indexes.
///
/// # Errors
/// Those of the store.
pub async fn run(context: &Context) -> Result<Report> {
    let documents = context.documents.as_ref();
    let mut report = Report {
        lineage: documents.lineage().await?,
        ..Report::default()
    };
    let advice = "stop every tok process and restore a backup with tok store restore";
    for problem in documents.damage().await? {
        report.add(Check::File, "the store".to_owned(), problem, advice);
    }
    for declared in &records::ALL {
        read_all(context, declared, &mut report).await?;
    }
    for backend in context.backends.all() {
        let compared = compare_rooms(context, backend, &mut report).await;
        report.skip(Check::Rooms, backend.name.as_str(), compared);
    }
    find_lost_meetings(context, &mut report).await?;
    for spec in &context.mirrors.indexes {
        let compared = compare_index(context, spec, &mut report).await;
        report.skip(Check::Search, &spec.name, compared);
    }
    Ok(report)
}

async fn read_all(
    context: &Context,
    declared: &'static Declaration,
    report: &mut Report,
) -> Result<()> {
    let mut found = context.documents.scan(Scan::all(declared.name));
    while let Some(document) = found.try_next().await? {
        report.documents += 1;
        let sealed = sealed::check(&context.seal, declared, &document);
        if let Err(error) = &sealed
            && error.why() == Some(Reason::NotSealed)
        {
            let subject = format!("{}/{}", declared.name, document.id);
            let problem = error.message().to_owned();
            let advice = "tok store seal --dry-run shows it: seal what is yours, and revoke or discard the rest";
            report.add(Check::Documents, subject, problem, advice);
        } else if let Err(error) = declared.look(&document).and(sealed) {
            report.unreadable += 1;
            let subject = format!("{}/{}", declared.name, document.id);
            let problem = error.message().to_owned();
            let advice = "if a newer release wrote it, upgrade this one; else tok store discard";
            report.add(Check::Documents, subject, problem, advice);
        }
    }
    Ok(())
}

/// Rooms that are registered and that the vendor does not have. Those that only the vendor has were
/// made by others.
///
/// Rooms come and go meanwhile: the registry, which follows the vendor, is read first, and what the
/// vendor then does not have is looked up in it again.
async fn compare_rooms(
    context: &Context,
    backend: &RoomBackend,
    report: &mut Report,
) -> Result<()> {
    let documents = context.documents.as_ref();
    let of_backend = ROOMS.all().prefix(RoomKey::all_of(backend.name));
    let registered = ROOMS.scan(documents, of_backend);
    let names = registered.map_ok(|found| found.record.name.to_string());
    let mut missing: BTreeSet<String> = names.try_collect().await?;
    report.rooms += missing.len() as u64;
    // The registry of local rooms is the rooms.
    if backend.name == BackendName::Local {
        return Ok(());
    }
    let mut pages = list::all(context, Some(backend.name));
    while let Some(rooms) = pages.try_next().await? {
        for room in rooms {
            missing.remove(room.name.as_str());
        }
    }
    for name in missing {
        let key = RoomKey::new(backend.name, &name);
        if ROOMS.document(documents, &key).await?.is_some() {
            let subject = format!("{} {name}", backend.name);
            let problem = "it is registered, and the vendor does not have it".to_owned();
            let advice = "tok room delete removes it from the registry";
            report.add(Check::Rooms, subject, problem, advice);
        }
    }
    Ok(())
}

/// Meetings of local rooms that are gone.
async fn find_lost_meetings(context: &Context, report: &mut Report) -> Result<()> {
    let documents = context.documents.as_ref();
    let mut heads = HEADS.scan(documents, HEADS.all());
    while let Some(head) = heads.try_next().await? {
        let name = &head.record.room;
        let key = RoomKey::new(BackendName::Local, name.as_str());
        if ROOMS.document(documents, &key).await?.is_some() {
            continue;
        }
        // Both go in one commit: one that is still there lost its room before.
        if HEADS.document(documents, &head.id).await?.is_some() {
            let problem = "there is a meeting of a room that is gone".to_owned();
            let advice = "create the room again and delete it, which removes what is left of it";
            report.add(Check::Rooms, name.to_string(), problem, advice);
        }
    }
    Ok(())
}

async fn compare_index(
    context: &Context,
    spec: &Arc<IndexSpec>,
    report: &mut Report,
) -> Result<()> {
    let input = verify::Input {
        spec: spec.clone(),
        repair: false,
    };
    let found = verify::run(context, input).await?;
    if found.records == 0 && !found.drift.is_empty() {
        let problem = format!(
            "it is empty, and {} documents belong in it",
            found.documents
        );
        let advice = "tok work fills it, or now tok search reindex";
        report.add(Check::Search, found.index, problem, advice);
        return Ok(());
    }
    for drift in found.drift {
        let subject = format!("{} {}", found.index, drift.id);
        let problem = format!("its record is {}", drift.problem.as_str());
        let advice = "tok work keeps it true; tok search verify --repair mends it now";
        report.add(Check::Search, subject, problem, advice);
    }
    Ok(())
}
