//! `tok status`

use super::invocation::Invocation;
use super::output::{Output, Row};
use super::table::maybe_time;
use super::workplace::perform;
use crate::commands::loops::{self, LoopFacts};
use crate::commands::search::status::IndexStatus;
use crate::error::Result;

pub(super) async fn run(invocation: &Invocation<'_>) -> Result<()> {
    let output = invocation.output;
    let status = perform!(invocation, status::run())?;
    if let Some(nobody) = loops::nobody_works(&status.loops) {
        output.warn(&format!("{nobody}; start `tok work`"));
    }
    let now = invocation.now();
    for trouble in loops::troubles(&status.loops, now) {
        output.warn(&output.origins.tell(&trouble.sentence()));
    }
    warn_of_damage(output, &status.search);
    if output.is_machine() {
        return output.one(&status, "");
    }
    output.items(&status.loops)?;
    // The rest has other columns: those who read one list get the first, and all of it as JSON.
    if output.is_one_list() {
        return Ok(());
    }
    output.text("\n")?;
    output.one(&status.notifications, "")?;
    output.text("\n")?;
    output.items(&status.search)
}

/// Names the indexes that cannot be read.
pub(super) fn warn_of_damage(output: &Output, indexes: &[IndexStatus]) {
    for one in indexes {
        if let Some(problem) = &one.problem {
            output.warn(&format!("{}: {problem}", one.index));
        }
    }
}

impl Row for LoopFacts {
    const COLUMNS: &'static [&'static str] =
        &["loop", "does", "since", "worker", "last worked", "why"];

    fn cells(&self) -> Vec<String> {
        let worker = self.worker.as_ref();
        vec![
            self.name.clone(),
            self.condition.as_str().to_owned(),
            maybe_time(self.since),
            worker.map_or_else(|| "-".to_owned(), ToString::to_string),
            maybe_time(self.succeeded),
            self.why.clone().unwrap_or_default(),
        ]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
