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
    let origins = &invocation.output.origins;
    for one in &mut found.findings {
        if one.health != Health::Ok {
            one.message = origins.tell(&one.message);
        }
        one.advice = one.advice.as_deref().map(|advice| origins.tell(advice));
    }
    let verdict = verdict(&found.findings);
    if invocation.output.is_machine() {
        invocation.output.one(&found, "")?;
    } else if !invocation.output.is_silent() {
        // What has to be done is read first.
        found
            .findings
            .sort_by_key(|one| std::cmp::Reverse(urgency(one.health)));
        invocation.output.items(&found.findings)?;
    } else {
        let odd = found.findings.iter().filter(|one| one.health != Health::Ok);
        let odd: Vec<_> = odd.cloned().collect();
        if !odd.is_empty() {
            invocation.output.items(&odd)?;
        }
    }
    verdict
}

/// Nothing, or the first check that failed, with what to do about it.
fn verdict(findings: &[Finding]) -> Result<()> {
    let mut failed = findings.iter().filter(|one| one.health == Health::Fail);
    let Some(first) = failed.next() else {
        return Ok(());
    };
    let all = 1 + failed.count();
    let which = if all == 1 { "" } else { "the first is " };
    let told = format!(
        "{} failed: {which}{}: {}",
        counted(all, "check"),
        first.check,
        first.message
    );
    let error = Error::new(Kind::Partial, told);
    Err(match &first.advice {
        Some(advice) => error.advise(advice),
        None => error,
    })
}

fn urgency(health: Health) -> u8 {
    match health {
        Health::Ok => 0,
        Health::Warn => 1,
        Health::Fail => 2,
    }
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
