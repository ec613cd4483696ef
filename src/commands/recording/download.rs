//! Fetches a recording's file: resumed where an earlier try broke off, and compared with everything
//! that is known of it.

use std::path::PathBuf;

use futures_util::TryStreamExt;
use serde::Serialize;

use super::part::PartialDownload;
use super::{link, show};
use crate::backends::files::Unfetched;
use crate::commands::by_id::ByVendorId;
use crate::context::Context;
use crate::error::{Error, Kind, Result};

/// How often a download that breaks off is taken up again.
const TRIES: u32 = 5;

/// What to fetch, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The recording.
    pub recording: ByVendorId,
    /// The file, which must not exist.
    pub path: PathBuf,
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

/// Fetches the file. Until it is complete it is called by its path, the recording's id and `.part`,
/// which a later run continues if the vendor still has that version of it.
///
/// # Errors
/// [`Kind::Conflict`] while there is no file, or when the file exists; [`Kind::BadGateway`] when what
/// comes is not what the vendor told of it; [`Kind::Interrupted`].
pub async fn run(context: &Context, input: Input) -> Result<Downloaded> {
    let Input { recording, path } = input;
    if path.exists() {
        let path = path.display();
        return Err(Error::conflict(format!(
            "{path} exists already; remove it or name another file"
        )));
    }
    let known = show::run(context, recording.clone()).await?;
    let mut part = PartialDownload::open(&path, &recording.id)?;
    let resumed = part.length();
    let mut tries = 0;
    loop {
        // Each try has a fresh link: the old one may have run out.
        let url = link::run(context, recording.clone()).await?.url;
        match fetch(context, &url, &mut part, known.size).await {
            Ok(()) => break,
            Err(failed) if !failed.lasting && tries < TRIES => tries += 1,
            Err(failed) => return Err(failed.error),
        }
    }
    let size = part.length();
    if let Some(sum) = &known.sha256
        && *sum != hex::encode(part.sha256().await?)
    {
        part.discard()?;
        return Err(Error::bad_gateway(
            "what came has another checksum than the recording, and was thrown away; fetch it again",
        ));
    }
    part.finish(&path)?;
    Ok(Downloaded {
        id: recording.id,
        path,
        size,
        resumed: resumed.min(size),
    })
}

/// One try, from where the part ends.
async fn fetch(
    context: &Context,
    url: &str,
    part: &mut PartialDownload,
    known: Option<u64>,
) -> Result<(), Unfetched> {
    let mut body = context.files.open(url, &part.resume()).await?;
    let total = match (body.total, known) {
        (Some(told), Some(known)) if told != known => return Err(other_length(told, known)),
        (told, known) => told.or(known),
    };
    part.keep(body.from, body.version.as_ref())?;
    let working = context.working(
        "Downloading",
        usize::try_from(total.unwrap_or(0)).unwrap_or(0),
    );
    working.advance(usize::try_from(body.from).unwrap_or(0));
    while let Some(chunk) = body.stream.try_next().await? {
        if context.stop.is_cancelled() {
            let message = "interrupted; running it again continues";
            return Err(Error::new(Kind::Interrupted, message).into());
        }
        part.append(&chunk)?;
        working.advance(chunk.len());
        if let Some(total) = total.filter(|total| part.length() > *total) {
            let length = part.length();
            part.keep(0, None)?;
            return Err(other_length(length, total));
        }
    }
    part.insist_on_length()?;
    match total {
        Some(total) if total != part.length() => {
            let size = part.length();
            let message = format!("the file has {size} bytes instead of {total}");
            Err(Error::bad_gateway(message).into())
        }
        _ => Ok(()),
    }
}

fn other_length(told: u64, known: u64) -> Unfetched {
    Unfetched::wrong(format!(
        "the file's host sends {told} bytes, and the recording has {known}"
    ))
}
