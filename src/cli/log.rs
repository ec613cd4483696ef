//! Where log lines go: stderr, in words for people, as JSON for machines.

use std::convert::Infallible;
use std::io::{BufWriter, stderr};
use std::time::Duration;

use metrics::counter;
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

use super::output::Output;
use crate::config::Environment;

/// Lines of a server that wait for whoever reads its log.
const WAITING: usize = 8192;
/// Written at a time.
const BUFFER: usize = 64 * 1024;
/// How often it is looked whether lines were dropped.
const LOOK: Duration = Duration::from_secs(1);

/// Starts the log of one-shot commands: warnings and worse, in words.
pub(super) fn start(environment: &Environment, output: &Output) {
    let filter = environment.get("TOK_LOG").unwrap_or("warn");
    let started = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(stderr)
        .with_ansi(output.has_color())
        .without_time()
        .with_target(false)
        .try_init();
    // A second command in the same process keeps the first one's log.
    drop(started);
}

/// The log of a server, written by a thread of its own: requests never wait for whoever reads it.
/// What it cannot take any more is dropped and counted. Dropping this writes what waits.
pub(super) struct ServerLog {
    dropped: ErrorCounter,
    _writer: WorkerGuard,
}

impl ServerLog {
    /// Starts it: a JSON object in each line.
    pub(super) fn start(environment: &Environment) -> Self {
        let filter = environment.get("TOK_LOG").unwrap_or("info");
        let (lines, writer) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(WAITING)
            .thread_name("tok-log")
            .finish(BufWriter::with_capacity(BUFFER, stderr()));
        let dropped = lines.error_counter();
        let started = tracing_subscriber::fmt()
            .json()
            .with_env_filter(EnvFilter::new(filter))
            .with_writer(lines)
            .try_init();
        drop(started);
        Self {
            dropped,
            _writer: writer,
        }
    }

    /// Tells, in the metrics and as soon as there is room for it in the log, how many lines were
    /// dropped.
    pub(super) async fn watch(&self) -> Infallible {
        let mut told = 0;
        loop {
            tokio::time::sleep(LOOK).await;
            let dropped = self.dropped.dropped_lines();
            counter!("tok_log_lines_dropped_total").absolute(dropped as u64);
            if dropped > told {
                tracing::warn!(
                    lines = dropped - told,
                    "log lines were dropped: whoever reads the log is too slow"
                );
                told = dropped;
            }
        }
    }
}
