//! Fetches a recording's file: resumed where an earlier try broke off, and compared with everything
//! that is known of it.

use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use serde::Serialize;
use tokio_util::sync::CancellationToken;

use super::destination::Destination;
use super::part::PartialDownload;
use super::piped::Piped;
pub use super::piped::Taker;
use super::{link, show};
use crate::backends::file_answer::FileEnd;
use crate::backends::file_ending;
use crate::backends::files::{Incoming, Unfetched, VendorFiles};
use crate::commands::by_id::ByVendorId;
use crate::context::{Context, Progress, Working};
use crate::error::{Error, Kind, Result};
use crate::model::recording::Recording;

/// How often a download that breaks off is taken up again.
const TRIES: u32 = 5;
/// What names of files end with if nobody tells what they are.
const USUAL_ENDING: &str = "mp4";

/// Where a file is to lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DownloadPlace {
    /// Under this name, which must be free.
    File(PathBuf),
    /// In this directory, under the recording's id and an ending that says what it is.
    Directory(PathBuf),
}

impl DownloadPlace {
    /// Insists that nothing is there yet, as far as its path is known.
    pub(crate) fn insist_on_free(&self) -> Result<()> {
        match self {
            Self::File(path) => insist_on_free(path),
            Self::Directory(_) => Ok(()),
        }
    }

    /// Its path, if it is told to be of a kind.
    fn path(&self, id: &str, ending: Option<&str>) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Directory(path) => path.join(format!("{id}.{}", ending.unwrap_or(USUAL_ENDING))),
        }
    }
}

/// What to fetch, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The recording.
    pub recording: ByVendorId,
    /// Where to.
    pub to: DownloadPlace,
}

/// A file that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Downloaded {
    /// The recording.
    pub id: String,
    /// The file.
    pub path: PathBuf,
    /// How large it is, in bytes.
    pub size: u64,
    /// So many bytes of it were there from an earlier try.
    pub resumed: u64,
}

/// What is known of a recording, and what its file is fetched with.
pub(crate) struct DownloadSource<'a, L> {
    pub(crate) known: Recording,
    /// Makes a link to the file that works for a while.
    pub(crate) link: L,
    pub(crate) files: &'a VendorFiles,
    pub(crate) progress: &'a dyn Progress,
    /// Cancelled when the download is to stop.
    pub(crate) stop: &'a CancellationToken,
}

/// Fetches the file. Until it is complete it is called by its path, the recording's id and `.part`,
/// which a later run continues if the vendor still has that version of it.
///
/// # Errors
/// [`Kind::Conflict`] while there is no file, or when the file exists; [`Kind::BadGateway`] when what
/// comes is not what the vendor told of it, or cannot be told to be all of it; [`Kind::Unavailable`] when
/// the disk is full; [`Kind::Interrupted`].
pub async fn run(context: &Context, input: Input) -> Result<Downloaded> {
    // Before anybody is asked anything.
    input.to.insist_on_free()?;
    let (known, link) = (
        show::run(context, input.recording.clone()).await?,
        async || Ok(link::run(context, input.recording.clone()).await?.url),
    );
    into_file(&source(context, known, link), &input).await
}

fn source<L>(context: &Context, known: Recording, link: L) -> DownloadSource<'_, L> {
    DownloadSource {
        known,
        link,
        files: context.files.as_ref(),
        progress: context.progress.as_ref(),
        stop: &context.stop,
    }
}

/// The same, whoever tells of the recording.
pub(crate) async fn into_file<L: AsyncFn() -> Result<String>>(
    source: &DownloadSource<'_, L>,
    Input { recording, to }: &Input,
) -> Result<Downloaded> {
    let url = (source.link)().await?;
    // What the host says of it comes later than its first byte.
    let first = to.path(&recording.id, file_ending::of_link(&url).as_deref());
    let mut part = PartialDownload::open(&first, &recording.id)?;
    let resumed = part.length();
    let path = |ending: Option<&str>| to.path(&recording.id, ending);
    let free = |ending: Option<&str>| insist_on_free(&path(ending));
    let ending = fetch_all(source, url, &mut part, &free).await?;
    let size = part.length();
    if let Some(sum) = &source.known.sha256
        && *sum != hex::encode(part.sha256().await?)
    {
        part.discard()?;
        return Err(other_checksum("was thrown away"));
    }
    let path = path(ending.as_deref());
    part.finish(&path)?;
    Ok(Downloaded {
        id: recording.id.clone(),
        path,
        size,
        resumed: resumed.min(size),
    })
}

/// Hands the file on as it comes.
///
/// # Errors
/// As [`run`]; what was handed on by then is not the file.
pub async fn pipe(context: &Context, recording: ByVendorId, taker: Taker<'_>) -> Result<()> {
    let known = show::run(context, recording.clone()).await?;
    let link = async || Ok(link::run(context, recording.clone()).await?.url);
    hand_on(&source(context, known, link), taker).await
}

/// The same, whoever tells of the recording.
pub(crate) async fn hand_on<L: AsyncFn() -> Result<String>>(
    source: &DownloadSource<'_, L>,
    taker: Taker<'_>,
) -> Result<()> {
    let url = (source.link)().await?;
    let mut piped = Piped::new(taker);
    fetch_all(source, url, &mut piped, &|_| Ok(())).await?;
    match &source.known.sha256 {
        Some(sum) if *sum != hex::encode(piped.sha256()) => {
            Err(other_checksum("is of no use to whoever got it"))
        }
        _ => Ok(()),
    }
}

fn other_checksum(fate: &str) -> Error {
    Error::bad_gateway(format!(
        "what came has another checksum than the recording, and {fate}; fetch it again"
    ))
}

fn insist_on_free(path: &Path) -> Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let path = path.display();
    Err(Error::conflict(format!(
        "{path} exists already; remove it or name another file"
    )))
}

/// What is insisted on before a file with such an ending is read.
type EndingCheck<'a> = &'a (dyn Fn(Option<&str>) -> Result<()> + Sync);

/// Tries until all of it is there; returns what names of such files end with.
async fn fetch_all<L: AsyncFn() -> Result<String>>(
    source: &DownloadSource<'_, L>,
    mut url: String,
    to: &mut impl Destination,
    check: EndingCheck<'_>,
) -> Result<Option<String>> {
    let mut tries = 0;
    loop {
        match fetch(source, &url, to, check).await {
            Ok(ending) => return Ok(ending),
            Err(failed) if !failed.lasting && tries < TRIES => tries += 1,
            Err(failed) => return Err(failed.error),
        }
        // Each try has a fresh link: the old one may have run out.
        url = (source.link)().await?;
    }
}

/// One try, from where the part ends.
async fn fetch<L>(
    source: &DownloadSource<'_, L>,
    url: &str,
    part: &mut impl Destination,
    check: EndingCheck<'_>,
) -> Result<Option<String>, Unfetched> {
    let mut body = source.files.open(url, &part.resume()).await?;
    check(body.ending.as_deref())?;
    let mut total = expected(&body, &source.known)?;
    // Trouble with our own side of it is not mended by asking again.
    part.keep(body.from, body.version.as_ref())
        .map_err(Unfetched::lasting)?;
    take(source, &mut body, total, part).await?;
    part.check()?;
    if total.is_none() && body.end == FileEnd::Part {
        total = source.files.whole_length(url, &part.resume()).await?;
        if total.is_none() {
            // What comes next may tell.
            let message = "the file's host sends a part, and does not tell how long the whole is";
            return Err(Error::bad_gateway(message).into());
        }
    }
    match total {
        Some(total) if total != part.length() => {
            let size = part.length();
            let message = format!("the file has {size} bytes instead of {total}");
            Err(Error::bad_gateway(message).into())
        }
        _ if part.length() == 0 => Err(empty()),
        _ => Ok(body.ending),
    }
}

/// How long the file is, where anybody tells. Where nobody does, its end must look another way than that
/// of a connection that breaks, or it must have a checksum.
fn expected(body: &Incoming, recording: &Recording) -> Result<Option<u64>, Unfetched> {
    let total = match (body.total, recording.size) {
        (Some(told), Some(known)) if told != known => return Err(other_length(told, known)),
        (told, known) => told.or(known),
    };
    match total {
        Some(0) => Err(empty()),
        None if body.end == FileEnd::Unclear && recording.sha256.is_none() => {
            Err(Unfetched::wrong(
                "the file's host does not tell how long it is, and it might be cut off without anybody \
                 seeing that",
            ))
        }
        total => Ok(total),
    }
}

/// Takes what comes, and never more than there is to be.
async fn take<L>(
    source: &DownloadSource<'_, L>,
    body: &mut Incoming,
    total: Option<u64>,
    part: &mut impl Destination,
) -> Result<(), Unfetched> {
    let length = usize::try_from(total.unwrap_or(0)).unwrap_or(0);
    let working = Working::begin(source.progress, "Downloading", length);
    working.advance(usize::try_from(body.from).unwrap_or(0));
    while let Some(chunk) = body.stream.try_next().await? {
        if source.stop.is_cancelled() {
            let message = "interrupted; running it again continues";
            return Err(Error::new(Kind::Interrupted, message).into());
        }
        if let Some(total) = total
            && part.length() + chunk.len() as u64 > total
        {
            let length = part.length() + chunk.len() as u64;
            // As far as it can be taken back.
            drop(part.keep(0, None));
            return Err(other_length(length, total));
        }
        part.append(&chunk).map_err(Unfetched::lasting)?;
        working.advance(chunk.len());
    }
    Ok(())
}

fn empty() -> Unfetched {
    Unfetched::wrong("the recording's file is empty")
}

fn other_length(told: u64, known: u64) -> Unfetched {
    Unfetched::wrong(format!(
        "the file's host sends {told} bytes, and the recording has {known}"
    ))
}
