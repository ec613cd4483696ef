//! Ctrl-C, SIGTERM and SIGHUP.

use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, PoisonError};

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
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

/// How whoever listens since a question is told what to stop instead of ending the process.
static LISTENER: Mutex<Option<oneshot::Sender<CancellationToken>>> = Mutex::new(None);

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
/// moment this returns; after a question they are already, and none between the two is lost.
pub(super) fn stop_gently(stop: CancellationToken) -> Result<()> {
    let listener = LISTENER
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let refused = match listener {
        Some(listener) => listener.send(stop).err(),
        None => Some(stop),
    };
    if let Some(stop) = refused {
        stop_when_heard(Signals::listen()?, stop);
    }
    Ok(())
}

/// Ends the process at a signal, after `leave`, until [`stop_gently`] takes over; also once the question is
/// answered, because where somebody listened the system ends nothing any more. Signals are heard from the
/// moment this returns.
pub(super) fn end_at_signal(leave: fn()) -> Result<()> {
    let mut listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
    if listener.as_ref().is_some_and(|former| !former.is_closed()) {
        return Ok(());
    }
    let mut signals = Signals::listen()?;
    let (take_over, mut taken_over) = oneshot::channel();
    *listener = Some(take_over);
    tokio::spawn(async move {
        signals.heard().await;
        let Ok(stop) = taken_over.try_recv() else {
            leave();
            std::process::exit(i32::from(exit_code()));
        };
        stop_and_end(&mut signals, &stop).await;
    });
    Ok(())
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

fn stop_when_heard(mut signals: Signals, stop: CancellationToken) {
    tokio::spawn(async move {
        signals.heard().await;
        stop_and_end(&mut signals, &stop).await;
    });
}

/// Cancels `stop`, and ends the process at the next signal.
async fn stop_and_end(signals: &mut Signals, stop: &CancellationToken) {
    stop.cancel();
    signals.forget_hang_up();
    signals.heard().await;
    std::process::exit(i32::from(exit_code()));
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

    /// A terminal that closes tells so twice, by itself and by its shell.
    fn forget_hang_up(&mut self) {
        self.hang_up = None;
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

/// Ctrl-C, the only signal of other systems.
#[cfg(not(unix))]
struct CtrlC;

#[cfg(not(unix))]
use self::CtrlC as Signals;

#[cfg(not(unix))]
impl CtrlC {
    fn listen() -> Result<Self> {
        Ok(Self)
    }

    async fn heard(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    }

    fn forget_hang_up(&mut self) {}
}

/// The same for systems whose only signal is Ctrl-C.
#[cfg(not(unix))]
pub(super) fn serve_until_stopped(stop: CancellationToken) -> Result<()> {
    stop_gently(stop)
}
