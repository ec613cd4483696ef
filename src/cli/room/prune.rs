//! `tok room prune`

use clap::Args;

use super::delete::{describe, finish, preview};
use super::{At, Consent};
use crate::cli::invocation::Invocation;
use crate::cli::run_args::{ReportedRun, RunArgs};
use crate::cli::table::counted;
use crate::cli::workplace::perform;
use crate::commands::room::prune;
use crate::error::{Error, Kind, Result};
use crate::model::Span;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok room prune --older-than 30d --empty --dry-run\n  \
    tok room prune --expired --yes --max-delete 1000 --report prune.json\n  \
    tok room prune --match 'test-*' --yes")]
pub(crate) struct PruneArgs {
    #[command(flatten)]
    at: At,
    /// Made longer ago than this
    #[arg(long, value_name = "DURATION", help_heading = "Filters")]
    older_than: Option<Span>,
    /// Past their expiry
    #[arg(long, help_heading = "Filters")]
    expired: bool,
    /// Past their expiry for this long
    #[arg(long, value_name = "DURATION", help_heading = "Filters")]
    expired_for: Option<Span>,
    /// With nobody inside now
    #[arg(long, help_heading = "Filters")]
    empty: bool,
    /// That nobody ever was in; join tokens and what operators write do not count
    #[arg(long, help_heading = "Filters")]
    never_joined: bool,
    /// That nobody was in for this long, and that were not made, or made ready by a join token, since
    #[arg(long, value_name = "DURATION", help_heading = "Filters")]
    unused_for: Option<Span>,
    /// With a name that matches this pattern of *, ? and […]
    #[arg(long = "match", value_name = "GLOB", help_heading = "Filters")]
    matching: Option<String>,
    /// Rooms with people inside, too; otherwise they are left alone
    #[arg(long)]
    include_occupied: bool,
    /// Do nothing if more rooms than this match
    #[arg(long, value_name = "N")]
    max_delete: Option<u64>,
    /// Do nothing if more than this share of all rooms match
    #[arg(long, value_name = "P", value_parser = clap::value_parser!(u8).range(0..=100))]
    max_delete_percent: Option<u8>,
    #[command(flatten)]
    consent: Consent,
    #[command(flatten)]
    run: RunArgs,
}

pub(super) async fn run(invocation: &Invocation<'_>, arguments: PruneArgs) -> Result<()> {
    let input = prune::Input {
        backend: arguments.at.backend,
        older_than: arguments.older_than,
        expired: arguments.expired,
        expired_for: arguments.expired_for,
        empty: arguments.empty,
        never_joined: arguments.never_joined,
        unused_for: arguments.unused_for,
        matching: arguments.matching,
        include_occupied: arguments.include_occupied,
        max_delete: arguments.max_delete,
        max_delete_percent: arguments.max_delete_percent,
        only: Vec::new(),
    };
    insist_on_filter(&input)?;
    let (given, run) = (&arguments.consent, &arguments.run);
    run.report(invocation, &input, async |report| {
        prune(invocation, given, (input.clone(), run), report).await
    })
    .await
}

/// Says it in the words of the flags.
fn insist_on_filter(input: &prune::Input) -> Result<()> {
    if input.has_filter() {
        return Ok(());
    }
    Err(Error::invalid(
        "no filter is given; say which rooms: --older-than, --expired, --expired-for, --empty, \
         --never-joined, --unused-for or --match",
    ))
}

async fn prune(
    invocation: &Invocation<'_>,
    consent: &Consent,
    (input, run_args): (prune::Input, &RunArgs),
    run: &ReportedRun<'_>,
) -> Result<()> {
    let plan = perform!(invocation, room::prune::plan(input))?;
    let asks = plan.matched > 0 && !consent.yes && !consent.dry_run;
    if consent.dry_run {
        run.keep(&plan)?;
        invocation.output.plan(&plan, &plan.names)?;
    } else if asks {
        preview(invocation, &plan.names);
    }
    describe(
        invocation,
        &format!("of {} match", plan.total),
        plan.names.len(),
        (plan.looked, plan.cost),
    );
    if plan.occupied > 0 {
        let occupied = plan.occupied;
        invocation.output.inform(&format!(
            "{occupied} more have people inside and are left alone"
        ));
    }
    if let Some(guard) = &plan.guard {
        if consent.dry_run {
            invocation.output.warn(guard);
            return Ok(());
        }
        return Err(Error::new(
            Kind::Guard,
            format!("{guard}; nothing was deleted"),
        ));
    }
    if consent.dry_run {
        return Ok(());
    }
    if asks {
        let question = format!(
            "Delete {} at {}?",
            counted(plan.names.len(), "room"),
            plan.backend
        );
        invocation.confirm(false, question).await?;
    }
    invocation.stop_on_signal()?;
    let until = run_args.until(invocation);
    let plan = prune::Plan { until, ..plan };
    let report = perform!(invocation, room::prune::apply(plan))?;
    finish(invocation, run, &report, true)
}
