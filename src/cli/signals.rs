//! Ctrl-C and SIGTERM.

use tokio_util::sync::CancellationToken;

/// The exit code of a program that was killed by SIGINT.
const INTERRUPTED: i32 = 130;

/// Cancels `stop` at the first signal; leaves at once at the second.
pub(super) fn stop_gently(stop: CancellationToken) {
    tokio::spawn(async move {
        wait().await;
        stop.cancel();
        wait().await;
        std::process::exit(INTERRUPTED);
    });
}

#[cfg(unix)]
async fn wait() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return forever().await;
    };
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => {
            if interrupted.is_err() {
                forever().await;
            }
        }
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn wait() {
    if tokio::signal::ctrl_c().await.is_err() {
        forever().await;
    }
}

/// Without signal handling the system's own way of stopping us remains.
async fn forever() {
    std::future::pending().await
}
