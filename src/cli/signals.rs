//! Ctrl-C and SIGTERM.

use std::sync::atomic::{AtomicU8, Ordering};

use tokio_util::sync::CancellationToken;

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

/// Cancels `stop` at the first signal; leaves at once at the second.
pub(super) fn stop_gently(stop: CancellationToken) {
    tokio::spawn(async move {
        wait().await;
        stop.cancel();
        wait().await;
        std::process::exit(i32::from(exit_code()));
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let signals = signal(SignalKind::interrupt()).and_then(|interrupt| {
        signal(SignalKind::terminate()).map(|terminate| (interrupt, terminate))
    });
    // Without signal handling the system's own way of stopping us remains.
    let Ok((mut interrupt, mut terminate)) = signals else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => STOPPED_BY.store(INTERRUPTED, Ordering::Relaxed),
        _ = terminate.recv() => STOPPED_BY.store(TERMINATED, Ordering::Relaxed),
    }
}

#[cfg(not(unix))]
async fn wait() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
