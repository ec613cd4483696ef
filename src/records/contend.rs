//! The one way to change what others may change at the same moment.

use crate::error::{Error, Reason, Result};

/// How often something that others change is looked at again.
const TRIES: usize = 16;

/// Reads, decides and commits, again from the beginning for as long as somebody else was faster.
///
/// # Errors
/// Those of `attempt` but for [`Reason::Changed`]; what `contended` says when others were faster every
/// time.
pub async fn contend<T, F: Future<Output = Result<T>>>(
    attempt: impl Fn() -> F,
    contended: impl FnOnce() -> Error,
) -> Result<T> {
    for _ in 0..TRIES {
        match attempt().await {
            Err(error) if error.why() == Some(Reason::Changed) => {}
            other => return other,
        }
    }
    Err(contended())
}
