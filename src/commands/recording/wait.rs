//! Waits until a recording's file can be had, or never will.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::show;
use crate::commands::by_id::ByVendorId;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Backoff;
use crate::model::recording::{Recording, RecordingStatus};

/// The delays between two looks.
const LOOKS: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(10));

/// What is being done.
pub(crate) const WAITING: &str = "Waiting for the recording";

/// However short the patience is, one look is taken.
const ONE_LOOK: Duration = Duration::from_secs(2);

/// What to wait for, and how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The recording.
    pub recording: ByVendorId,
    /// At most so long.
    pub patience: Duration,
}

/// Waits.
///
/// # Errors
/// [`Kind::Timeout`]; [`Kind::Conflict`] when there will be no file; [`Kind::Interrupted`].
pub async fn run(context: &Context, input: Input) -> Result<Recording> {
    let _working = context.working(WAITING, 0);
    let look = async || show::run(context, input.recording.clone()).await;
    until_final(&input, &context.stop, look).await
}

/// Takes one look after another, until there is nothing more to come or the token is cancelled.
pub(crate) async fn until_final(
    input: &Input,
    stop: &CancellationToken,
    look: impl AsyncFn() -> Result<Recording>,
) -> Result<Recording> {
    let begin = Instant::now();
    let end = begin + input.patience;
    let id = &input.recording.id;
    let mut delays = LOOKS.delays();
    loop {
        // A vendor that is slow, or has to be asked again, takes of the same time.
        let looked = tokio::time::timeout_at(end.max(begin + ONE_LOOK), look()).await;
        let recording = looked.unwrap_or_else(|_| {
            let message = format!("nobody told in time what became of the recording `{id}`");
            Err(Error::new(Kind::Timeout, message))
        })?;
        let status = recording.status;
        if matches!(status, RecordingStatus::Failed | RecordingStatus::Expired) {
            let status = status.as_str();
            return Err(Error::conflict(format!("the recording `{id}` is {status}")));
        }
        if status.is_final() {
            return Ok(recording);
        }
        let next = Instant::now() + delays.next(None);
        if next > end {
            return Err(Error::new(
                Kind::Timeout,
                format!("the recording `{id}` is still {}", status.as_str()),
            ));
        }
        tokio::select! {
            () = stop.cancelled() => {
                return Err(Error::new(Kind::Interrupted, "interrupted while waiting"));
            }
            () = tokio::time::sleep_until(next) => {}
        }
    }
}
