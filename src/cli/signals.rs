//! Ctrl-C and SIGTERM.

use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[cfg(unix)]
use crate::error::Error;
use crate::error::Result;

/// 128 and the number of SIGINT, as shells report it.
const INTERRUPTED: u8 = 130;
/// 128 and the number of SIGTERM.
#[cfg(unix)]
const TERMINATED: u8 = 143;

/// Which signal stopped this process; signals are the process's, not a command's.
static STOPPED_BY: AtomicU8 = AtomicU8::new(INTERRUPTED);

/// The exit code for work that a signal stopped.
pub(super) fn exit_code() -> u8 {
    STOPPED_BY.load(Ordering::Relaxed)
}

/// Lets a write that is more than the process may fail, instead of ending the process without a word.
#[cfg(unix)]
pub(super) fn survive_file_limits() -> Result<()> {
    let deaf = |error| Error::internal("signals cannot be heard").because(error);
    let kind = SignalKind::from_raw(nix::libc::SIGXFSZ);
    // Once somebody listened it ends nothing any more.
    signal(kind).map(drop).map_err(deaf)
}

/// The same for systems without such limits.
#[cfg(not(unix))]
pub(super) fn survive_file_limits() -> Result<()> {
    Ok(())
}

/// Cancels `stop` at the first signal; leaves at once at the second. Signals are heard from the
/// moment this returns.
#[cfg(unix)]
pub(super) fn stop_gently(stop: CancellationToken) -> Result<()> {
    let (mut interrupt, mut terminate) = listen()?;
    tokio::spawn(async move {
        heard(&mut interrupt, &mut terminate).await;
        stop.cancel();
        heard(&mut interrupt, &mut terminate).await;
        std::process::exit(i32::from(exit_code()));
    });
    Ok(())
}

/// Ends when a signal comes; signals are heard from the moment this returns.
#[cfg(unix)]
pub(super) fn stopped() -> Result<impl Future<Output = ()>> {
    let (mut interrupt, mut terminate) = listen()?;
    Ok(async move { heard(&mut interrupt, &mut terminate).await })
}

#[cfg(unix)]
fn listen() -> Result<(Signal, Signal)> {
    let deaf = |error| Error::internal("signals cannot be heard").because(error);
    Ok((
        signal(SignalKind::interrupt()).map_err(deaf)?,
        signal(SignalKind::terminate()).map_err(deaf)?,
    ))
}

/// Waits for either signal and remembers which it was.
#[cfg(unix)]
async fn heard(interrupt: &mut Signal, terminate: &mut Signal) {
    tokio::select! {
        _ = interrupt.recv() => STOPPED_BY.store(INTERRUPTED, Ordering::Relaxed),
        _ = terminate.recv() => STOPPED_BY.store(TERMINATED, Ordering::Relaxed),
    }
}

/// Ends at Ctrl-C, the only signal of other systems.
#[cfg(not(unix))]
pub(super) fn stopped() -> Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}

/// The same for systems whose only signal is Ctrl-C.
#[cfg(not(unix))]
pub(super) fn stop_gently(stop: CancellationToken) -> Result<()> {
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            stop.cancel();
        }
        if tokio::signal::ctrl_c().await.is_ok() {
            std::process::exit(i32::from(exit_code()));
        }
    });
    Ok(())
}
