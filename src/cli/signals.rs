//! Ctrl-C, SIGTERM and SIGHUP.

use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio_util::sync::CancellationToken;

#[cfg(unix)]
use crate::error::Error;
use crate::error::Result;

/// 128 and the number of SIGINT, as shells report it.
const INTERRUPTED: u8 = 130;
/// 128 and the number of SIGHUP.
#[cfg(unix)]
const HUNG_UP: u8 = 129;
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
    stop_when_heard(Signals::listen()?, stop);
    Ok(())
}

/// Ends when a signal comes; signals are heard from the moment this returns.
#[cfg(unix)]
pub(super) fn stopped() -> Result<impl Future<Output = ()>> {
    let mut signals = Signals::listen()?;
    Ok(async move { signals.heard().await })
}

/// The same as [`stop_gently`] for a server, which goes on at SIGHUP: daemons read their files again
/// then, and it reads them when it starts.
#[cfg(unix)]
pub(super) fn serve_until_stopped(stop: CancellationToken) -> Result<()> {
    let mut signals = Signals::listen()?;
    let hang_up = signals.hang_up.take();
    stop_when_heard(signals, stop);
    if let Some(mut hang_up) = hang_up {
        tokio::spawn(async move {
            while hang_up.recv().await.is_some() {
                tracing::warn!(
                    "SIGHUP changes nothing: configuration, keys and certificates are read at the start; a restart is needed"
                );
            }
        });
    }
    Ok(())
}

#[cfg(unix)]
fn stop_when_heard(mut signals: Signals, stop: CancellationToken) {
    tokio::spawn(async move {
        signals.heard().await;
        stop.cancel();
        // A terminal that closes tells so twice, by itself and by its shell.
        signals.hang_up = None;
        signals.heard().await;
        std::process::exit(i32::from(exit_code()));
    });
}

#[cfg(unix)]
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    /// None where whoever started this wants it to outlive the terminal, as `nohup` does.
    hang_up: Option<Signal>,
}

#[cfg(unix)]
impl Signals {
    fn listen() -> Result<Self> {
        let deaf = |error| Error::internal("signals cannot be heard").because(error);
        let hang_up = if ignores_hang_up() {
            None
        } else {
            Some(signal(SignalKind::hangup()).map_err(deaf)?)
        };
        Ok(Self {
            interrupt: signal(SignalKind::interrupt()).map_err(deaf)?,
            terminate: signal(SignalKind::terminate()).map_err(deaf)?,
            hang_up,
        })
    }

    /// Waits for any of them and remembers which it was.
    async fn heard(&mut self) {
        let Self {
            interrupt,
            terminate,
            hang_up,
        } = self;
        let hung_up = async {
            match hang_up {
                Some(hang_up) => hang_up.recv().await.unwrap_or_default(),
                None => std::future::pending().await,
            }
        };
        let by = tokio::select! {
            _ = interrupt.recv() => INTERRUPTED,
            _ = terminate.recv() => TERMINATED,
            () = hung_up => HUNG_UP,
        };
        STOPPED_BY.store(by, Ordering::Relaxed);
    }
}

/// Whether SIGHUP is ignored, as far as the system tells: whoever listens to it would end that.
#[cfg(unix)]
fn ignores_hang_up() -> bool {
    let hang_up = 1_u64 << (nix::libc::SIGHUP - 1);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & hang_up != 0)
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

/// The same for systems whose only signal is Ctrl-C.
#[cfg(not(unix))]
pub(super) fn serve_until_stopped(stop: CancellationToken) -> Result<()> {
    stop_gently(stop)
}
