//! Progress of long work, on stderr.

use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressState, ProgressStyle};

use super::output::print_line;
use super::{Global, ProgressChoice};
use crate::context::{Progress, Unwatched};

/// Between two lines of plain progress.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// Progress as the flags want it.
pub(super) fn choose(global: &Global) -> Arc<dyn Progress> {
    match global.progress {
        _ if global.quiet => Arc::new(Unwatched),
        ProgressChoice::Auto if std::io::stderr().is_terminal() => Arc::new(Bar::default()),
        ProgressChoice::Auto | ProgressChoice::None => Arc::new(Unwatched),
        ProgressChoice::Plain => Arc::new(LogLines::default()),
    }
}

/// A bar with rate and time left.
#[derive(Default)]
struct Bar(Mutex<Option<ProgressBar>>);

impl Progress for Bar {
    fn begin(&self, what: &str, total: u64) {
        let (bar, template) = if total == 0 {
            (ProgressBar::new_spinner(), "{msg} {spinner} {pos} ({rate})")
        } else {
            let template = "{msg} {wide_bar} {pos}/{len} ({rate}, {eta} left)";
            (ProgressBar::new(total), template)
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", rate));
        }
        bar.set_message(what.to_owned());
        *lock(&self.0) = Some(bar);
    }

    fn advance(&self, items: u64) {
        if let Some(bar) = &*lock(&self.0) {
            bar.inc(items);
        }
    }

    fn end(&self) {
        if let Some(bar) = lock(&self.0).take() {
            bar.finish_and_clear();
        }
    }
}

/// Whole items per second; nobody reads fractions.
fn rate(state: &ProgressState, out: &mut dyn std::fmt::Write) {
    // Writing into a text cannot fail.
    let _written = write!(out, "{:.0}/s", state.per_sec());
}

/// A line every few seconds, for logs.
#[derive(Default)]
struct LogLines(Mutex<Option<LoggedWork>>);

struct LoggedWork {
    what: String,
    total: u64,
    done: u64,
    began: Instant,
    said: Instant,
}

impl LoggedWork {
    fn line(&self) -> String {
        let took = self.began.elapsed();
        if self.total == 0 {
            return format!("{}: {}", self.what, self.done);
        }
        let left = if self.done == 0 {
            String::new()
        } else {
            let rest = self.total.saturating_sub(self.done);
            let left = took.mul_f64(fraction(rest, self.done));
            format!(", about {} left", HumanDuration(left))
        };
        format!("{}: {} of {}{left}", self.what, self.done, self.total)
    }
}

#[allow(clippy::cast_precision_loss, reason = "an estimate for people")]
fn fraction(part: u64, of: u64) -> f64 {
    part as f64 / of as f64
}

impl Progress for LogLines {
    fn begin(&self, what: &str, total: u64) {
        let now = Instant::now();
        let work = LoggedWork {
            what: what.to_owned(),
            total,
            done: 0,
            began: now,
            said: now,
        };
        print_line(&work.line());
        *lock(&self.0) = Some(work);
    }

    fn advance(&self, items: u64) {
        if let Some(work) = &mut *lock(&self.0) {
            work.done += items;
            if work.said.elapsed() >= PLAIN_EVERY {
                work.said = Instant::now();
                print_line(&work.line());
            }
        }
    }

    fn end(&self) {
        if let Some(work) = lock(&self.0).take() {
            print_line(&format!("{}: {} done", work.what, work.done));
        }
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
