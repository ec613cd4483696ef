//! Fetches a recording's file: resumed where an earlier try broke off, and checked for its length.

use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use futures_util::TryStreamExt;
use serde::Serialize;

use super::{link, show};
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
/// which a later run continues.
///
/// # Errors
/// [`Kind::Conflict`] while there is no file, or when the file exists; [`Kind::BadGateway`] when it
/// comes with another length than announced; [`Kind::Interrupted`].
pub async fn run(context: &Context, input: Input) -> Result<Downloaded> {
    let Input { recording, path } = input;
    let (id, path) = (recording.id.as_str(), path.as_path());
    if path.exists() {
        let path = path.display();
        return Err(Error::conflict(format!(
            "{path} exists already; remove it or name another file"
        )));
    }
    let known = show::run(context, recording.clone()).await?.size;
    let part = part_of(path, id);
    let failed = |error: std::io::Error| {
        Error::invalid(format!("{}: {error}", part.display())).because(error)
    };
    let mut file = OpenOptions::new()
        .create(true)
        .append(true)
        .open(&part)
        .map_err(failed)?;
    if file.try_lock().is_err() {
        let part = part.display();
        return Err(Error::new(
            Kind::Locked,
            format!("another run is fetching {part}"),
        ));
    }
    let resumed = file.metadata().map_err(failed)?.len();
    let mut tries = 0;
    let size = loop {
        // Each try has a fresh link: the old one may have run out.
        let url = link::run(context, recording.clone()).await?.url;
        match fetch(context, &url, &mut file, known).await {
            Ok(size) => break size,
            Err(error) if error.kind().is_temporary() && tries < TRIES => tries += 1,
            Err(error) => return Err(error),
        }
    };
    file.sync_all().map_err(failed)?;
    std::fs::rename(&part, path).map_err(failed)?;
    Ok(Downloaded {
        id: id.to_owned(),
        path: path.to_owned(),
        size,
        resumed: resumed.min(size),
    })
}

/// Named after the recording too: the beginning of one must not be continued with another.
fn part_of(path: &Path, id: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{id}.part"));
    PathBuf::from(name)
}

/// One try, from where the file ends.
async fn fetch(context: &Context, url: &str, file: &mut File, known: Option<u64>) -> Result<u64> {
    let broken =
        |error: std::io::Error| Error::internal("the file cannot be written").because(error);
    let have = file.metadata().map_err(broken)?.len();
    let mut body = context.files.open(url, have).await?;
    if body.from > have {
        return Err(Error::bad_gateway(
            "the file came from behind its beginning",
        ));
    }
    if body.from < have {
        file.set_len(body.from).map_err(broken)?;
        file.seek(SeekFrom::End(0)).map_err(broken)?;
    }
    let total = body.total.or(known);
    let working = context.working(
        "Downloading",
        usize::try_from(total.unwrap_or(0)).unwrap_or(0),
    );
    working.advance(usize::try_from(body.from).unwrap_or(0));
    let mut size = body.from;
    while let Some(chunk) = body.stream.try_next().await? {
        if context.stop.is_cancelled() {
            return Err(Error::new(
                Kind::Interrupted,
                "interrupted; running it again continues",
            ));
        }
        file.write_all(&chunk).map_err(broken)?;
        size += chunk.len() as u64;
        working.advance(chunk.len());
    }
    let size = if file.metadata().map_err(broken)?.len() == size {
        size
    } else {
        return Err(Error::internal("the file changed while it was fetched"));
    };
    match total {
        Some(total) if total != size => Err(Error::bad_gateway(format!(
            "the file has {size} bytes instead of {total}"
        ))),
        _ => Ok(size),
    }
}
