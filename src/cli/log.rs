//! Where log lines go: stderr, in words for people, as JSON for machines.

use std::convert::Infallible;
use std::io::{self, BufWriter, Write, stderr};
use std::thread;
use std::time::Duration;

use metrics::counter;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Metadata, Subscriber};
use tracing_appender::non_blocking::{ErrorCounter, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{FilterExt, FilterFn, filter_fn};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use opentelemetry_sdk::trace::SdkTracer;

use super::log_writer::LogWriter;
use super::output::Output;
use crate::config::Environment;
use crate::context::OtlpTraces;
use crate::traces;

/// Lines of a server that wait for whoever reads its log.
const WAITING: usize = 8192;
/// Written at a time.
const BUFFER: usize = 64 * 1024;
/// How long lines gather before they are written together.
const REST: Duration = Duration::from_millis(2);
/// How often it is looked whether lines were dropped.
const LOOK: Duration = Duration::from_secs(1);

/// Libraries that log what they also return: it is told once, with its address and what to do.
const TELL_TWICE: [&str; 3] = ["rustls_platform_verifier", "gcp_auth", "tantivy"];
/// Libraries that log what strangers send to the media port, a line for each packet if it must be. What
/// comes of it is counted, and told by us.
const TELL_OF_CLIENTS: [&str; 4] = ["str0m", "dimpl", "is", "sctp_proto"];

/// Lets through of libraries what is above their finest level: what they say there repeats what goes
/// over the wire, tokens and chat included. A filter that names a library means it.
fn cap(filter: &str) -> FilterFn<impl Fn(&Metadata<'_>) -> bool + use<>> {
    let named: Vec<String> = named_in(filter).map(str::to_owned).collect();
    let muted: Vec<String> = TELL_TWICE
        .iter()
        .chain(&TELL_OF_CLIENTS)
        .map(|&library| library.to_owned())
        .collect();
    filter_fn(move |metadata| {
        let is_whole = is_below(metadata.target(), &named);
        let is_muted = is_below(metadata.target(), &muted);
        let is_trace = metadata.target() == traces::TARGET;
        !is_trace && (is_whole || (*metadata.level() != Level::TRACE && !is_muted))
    })
}

/// What a filter names, and this program.
fn named_in(filter: &str) -> impl Iterator<Item = &str> {
    let directives = filter.split(',').map(str::trim);
    let targets = directives.filter_map(|directive| {
        let end = directive.find(['=', '[']).unwrap_or(directive.len());
        let target = directive[..end].trim();
        let is_level = end == directive.len() && target.parse::<LevelFilter>().is_ok();
        (!target.is_empty() && !is_level).then_some(target)
    });
    targets.chain(["tok"])
}

/// Whether a module is one of these, or in one of them.
fn is_below(module: &str, named: &[String]) -> bool {
    named.iter().any(|name| {
        let rest = module.strip_prefix(name.as_str());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with("::") || name.ends_with("::"))
    })
}

/// Starts the log of one-shot commands: warnings and worse, in words.
pub(super) fn start(environment: &Environment, output: &Output) {
    let filter = environment.get("TOK_LOG").unwrap_or("warn");
    let started = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(LogWriter {
            inner: stderr,
            origins: output.origins.clone(),
            is_json: false,
        })
        .with_ansi(output.has_color())
        .without_time()
        .with_target(false)
        .finish()
        .with(cap(filter))
        .try_init();
    // A second command in the same process keeps the first one's log.
    drop(started);
}

/// The log of a server, written by a thread of its own: requests never wait for whoever reads it.
/// What it cannot take any more is dropped and counted. Dropping this writes what waits.
pub(super) struct ServerLog {
    dropped: ErrorCounter,
    traces: Option<OtlpTraces>,
    _writer: WorkerGuard,
}

impl Drop for ServerLog {
    /// What happens to the last traces is still told.
    fn drop(&mut self) {
        if let Some(traces) = &self.traces {
            traces.finish();
        }
    }
}

impl ServerLog {
    /// Starts it: a JSON object in each line, with `quiet` only of what is wrong. Traces go
    /// where `traces` says, if they go anywhere.
    pub(super) fn start(
        environment: &Environment,
        quiet: bool,
        (traces, output): (Option<OtlpTraces>, &Output),
    ) -> Self {
        let usual = if quiet { "warn" } else { "info" };
        let filter = environment.get("TOK_LOG").unwrap_or(usual);
        let filter = &format!("{filter},{}=off", traces::WAITS);
        let (lines, writer) = NonBlockingBuilder::default()
            .lossy(true)
            .buffered_lines_limit(WAITING)
            .thread_name("tok-log")
            .finish(Rested(BufWriter::with_capacity(BUFFER, stderr())));
        let dropped = lines.error_counter();
        let lines = LogWriter {
            inner: lines,
            origins: output.origins.clone(),
            is_json: true,
        };
        let started = match &traces {
            None => tracing_subscriber::fmt()
                .json()
                .with_env_filter(EnvFilter::new(filter))
                .with_writer(lines)
                .finish()
                .with(cap(filter))
                .try_init(),
            Some(traces) => {
                let told = EnvFilter::new(filter).and(cap(filter));
                let lines = tracing_subscriber::fmt::layer().json().with_writer(lines);
                tracing_subscriber::registry()
                    .with(lines.with_filter(told))
                    .with(spans(traces.tracer()))
                    .try_init()
            }
        };
        drop(started);
        Self {
            dropped,
            traces,
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

/// Writes what has gathered, and rests: on a busy server lines go out many at a time, where waking the
/// thread for each would cost requests more than writing them.
struct Rested<W: Write>(W);

impl<W: Write> Write for Rested<W> {
    fn write(&mut self, lines: &[u8]) -> io::Result<usize> {
        self.0.write(lines)
    }

    /// Comes when no more lines wait.
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()?;
        thread::sleep(REST);
        Ok(())
    }
}

/// What turns our spans, and nothing else, into those of a trace.
fn spans<S>(tracer: SdkTracer) -> impl Layer<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    tracing_opentelemetry::layer()
        .with_tracer(tracer)
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_target(false)
        .with_level(false)
        .with_filter(filter_fn(|metadata| {
            metadata.is_span() && metadata.target() == traces::TARGET
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(filter: &str, module: &str) -> bool {
        let named: Vec<String> = named_in(filter).map(str::to_owned).collect();
        is_below(module, &named)
    }

    #[test]
    fn the_finest_level_is_for_what_is_named() {
        for filter in [
            "trace",
            "TRACE",
            "5",
            "tok=trace",
            "info,tok=trace",
            "",
            "trace,hyper=debug",
        ] {
            assert!(
                passes(filter, "tok") && passes(filter, "tok::server::auth"),
                "{filter}"
            );
            for library in [
                "tokio_tungstenite",
                "tungstenite::protocol",
                "rustls",
                "token",
            ] {
                assert!(!passes(filter, library), "{filter}: {library}");
            }
        }
        assert!(passes("info,tungstenite=trace", "tungstenite::protocol"));
        assert!(passes("tungstenite", "tungstenite"));
        assert!(passes("hyper::proto[span]=trace", "hyper::proto::h1"));
        assert!(!passes("hyper::proto=trace", "hyper::client"));
        assert!(!passes("hyper=trace", "hyper_util::client"));
    }
}
