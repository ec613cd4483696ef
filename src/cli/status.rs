//! `tok status`

use super::invocation::Invocation;
use super::output::Row;
use crate::commands::lease::LeaseFacts;
use crate::commands::status;
use crate::error::Result;

pub(super) async fn run(invocation: &Invocation<'_>) -> Result<()> {
    let output = invocation.output;
    let status = status::run(&invocation.context).await?;
    if output.is_machine() {
        return output.one(&status, "");
    }
    output.items(&status.loops)?;
    output.text("\n")?;
    output.one(&status.notifications, "")?;
    output.text("\n")?;
    output.items(&status.search)
}

impl Row for LeaseFacts {
    const COLUMNS: &'static [&'static str] = &["loop", "worker", "held"];

    fn cells(&self) -> Vec<String> {
        let holder: String = self.holder.chars().take(8).collect();
        let held = if self.held {
            "yes"
        } else {
            "no, its worker died"
        };
        vec![self.name.clone(), holder, held.to_owned()]
    }

    fn name(&self) -> &str {
        &self.name
    }
}
