//! `tok doctor`

use super::invocation::Invocation;
use super::output::Row;
use super::table::counted;
use crate::commands::doctor;
use crate::error::{Error, Kind, Result};
use crate::model::health::{Depth, Finding, Health};

pub(super) async fn run(invocation: &Invocation<'_>) -> Result<()> {
    let input = doctor::Input { depth: Depth::Full };
    let mut found = doctor::run(&invocation.store()?.context, input).await;
    for advice in found
        .findings
        .iter_mut()
        .filter_map(|one| one.advice.as_mut())
    {
        *advice = invocation.output.origins.tell(advice);
    }
    if invocation.output.is_machine() {
        invocation.output.one(&found, "")?;
    } else if !invocation.output.is_silent() {
        invocation.output.items(&found.findings)?;
    } else {
        let odd = found.findings.iter().filter(|one| one.health != Health::Ok);
        let odd: Vec<_> = odd.cloned().collect();
        if !odd.is_empty() {
            invocation.output.items(&odd)?;
        }
    }
    if found.healthy {
        return Ok(());
    }
    let failed = found
        .findings
        .iter()
        .filter(|finding| finding.health == Health::Fail);
    Err(Error::new(
        Kind::Partial,
        format!("{} failed", counted(failed.count(), "check")),
    ))
}

impl Row for Finding {
    const COLUMNS: &'static [&'static str] = &["check", "health", "message", "what to do"];

    fn cells(&self) -> Vec<String> {
        let health = match self.health {
            Health::Ok => "ok",
            Health::Warn => "warn",
            Health::Fail => "fail",
        };
        vec![
            self.check.clone(),
            health.to_owned(),
            self.message.clone(),
            self.advice.clone().unwrap_or_default(),
        ]
    }

    fn name(&self) -> &str {
        &self.check
    }
}
