//! What the service manager is told: that the service is ready, lives and stops (`sd_notify(3)`).

use sd_notify::NotifyState;
use tokio_util::sync::CancellationToken;

/// Tells that the service is ready and, once `stop` is cancelled, that it stops. As often as the
/// manager asks for it (`WatchdogSec=`) it is told that the service lives, for as long as the runtime
/// gets to its tasks. Without a manager nobody is told anything.
pub(super) fn report(stop: CancellationToken) {
    tell(NotifyState::Ready);
    tokio::spawn(async move {
        stop.cancelled().await;
        tell(NotifyState::Stopping);
    });
    let Some(patience) = sd_notify::watchdog_enabled() else {
        return;
    };
    tokio::spawn(async move {
        // Half of it, as sd_watchdog_enabled(3) advises.
        let mut signs = tokio::time::interval(patience / 2);
        loop {
            signs.tick().await;
            tell(NotifyState::Watchdog);
        }
    });
}

fn tell(state: NotifyState<'_>) {
    if let Err(error) = sd_notify::notify(&[state]) {
        tracing::warn!(%error, "the service manager cannot be told how the service is");
    }
}
