//! `tok room delete` and `tok room end`

use std::collections::HashSet;

use clap::Args;
use futures_util::TryStreamExt;
use serde_json::json;

use super::{At, Consent};
use crate::cli::invocation::Invocation;
use crate::cli::output::Row;
use crate::cli::run_args::{ReportedRun, RunArgs};
use crate::cli::table::counted;
use crate::cli::terminal::is_interactive;
use crate::cli::workplace::{Workplace, perform, stream};
use crate::cli::{confirm, stdin_names};
use crate::client;
use crate::commands::room::{delete, end, show};
use crate::error::{Error, Kind, Result};
use crate::model::meeting::Actor;
use crate::model::report::{Cost, DeleteReport, DeletedRoom};
use crate::model::{Room, RoomName};

/// So many names are shown in a question or plan for people.
const SHOWN: usize = 10;
/// So many rooms are looked up one by one; of more all are listed.
const LOOKED_UP: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok room delete standup\n  \
    tok room list -o name | tok room delete - --yes")]
pub(crate) struct DeleteArgs {
    /// Names; - reads them from stdin; without any, pick one on the terminal
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    consent: Consent,
    /// Rooms that do not exist are no failure
    #[arg(long)]
    ignore_not_found: bool,
    #[command(flatten)]
    run: RunArgs,
}

/// Prints and writes the report, then says whether the run was a success.
pub(super) fn finish(
    invocation: &Invocation<'_>,
    run: &ReportedRun<'_>,
    report: &DeleteReport,
    missing_ok: bool,
) -> Result<()> {
    run.keep(report)?;
    let verdict = report.verdict(missing_ok);
    if verdict.is_some() || !invocation.output.is_silent() {
        print(invocation, report)?;
    }
    verdict.map_or(Ok(()), Err)
}

pub(super) async fn run(invocation: &Invocation<'_>, arguments: DeleteArgs) -> Result<()> {
    let mut names = stdin_names::read(&arguments.names)?;
    if arguments.names.is_empty() {
        names.push(pick(invocation, &arguments.at).await?);
    }
    if names.is_empty() {
        invocation
            .output
            .inform("there is no name on stdin: nothing to do");
        return Ok(());
    }
    let input = delete::Input {
        names,
        backend: arguments.at.backend,
        part: None,
    };
    let filter = json!({ "names": &input.names, "backend": input.backend });
    let run = &arguments.run;
    run.report(invocation, &filter, async |report| {
        delete(invocation, &arguments, input.clone(), report).await
    })
    .await
}

async fn delete(
    invocation: &Invocation<'_>,
    arguments: &DeleteArgs,
    input: delete::Input,
    run: &ReportedRun<'_>,
) -> Result<()> {
    let plan = match &invocation.workplace {
        // Nobody need be asked there.
        Workplace::Store(store) => delete::plan(&store.context, input)?,
        Workplace::Server(server) => client::room::delete::plan(server, input).await?,
    };
    if arguments.consent.dry_run {
        let plan = of_those_that_exist(invocation, plan, &arguments.at).await?;
        run.keep(&plan)?;
        invocation.output.plan(&plan, &plan.names)?;
        describe(
            invocation,
            "would be deleted",
            plan.names.len(),
            (0, plan.cost),
        );
        return Ok(());
    }
    let what = match plan.names.as_slice() {
        [name] => format!("Delete the room {name} at {}?", plan.backend),
        names => format!(
            "Delete {} at {}?",
            counted(names.len(), "room"),
            plan.backend
        ),
    };
    if !arguments.consent.yes && plan.names.len() > 1 {
        preview(invocation, &plan.names);
        describe(
            invocation,
            "would be deleted",
            plan.names.len(),
            (0, plan.cost),
        );
    }
    invocation.confirm(arguments.consent.yes, what).await?;
    invocation.stop_on_signal()?;
    let until = arguments.run.until(invocation);
    let plan = delete::Plan { until, ..plan };
    let report = perform!(invocation, room::delete::apply(plan))?;
    finish(invocation, run, &report, arguments.ignore_not_found)
}

/// The plan without rooms that are not there, which are named.
async fn of_those_that_exist(
    invocation: &Invocation<'_>,
    plan: delete::Plan,
    at: &At,
) -> Result<delete::Plan> {
    let mut found = HashSet::new();
    if plan.names.len() <= LOOKED_UP {
        for name in &plan.names {
            let input = show::Input {
                name: name.to_string(),
                backend: at.backend,
            };
            match perform!(invocation, room::show::run(input)) {
                Ok(room) => drop(found.insert(room.name)),
                Err(error) if error.kind() == Kind::NotFound => {}
                // It cannot be read, and can be deleted.
                Err(error) if matches!(error.kind(), Kind::Conflict | Kind::Internal) => {
                    found.insert(name.clone());
                }
                Err(error) => return Err(error),
            }
        }
    } else {
        let rooms = stream!(invocation, room::list::all(at.backend));
        let rooms: Vec<Room> = rooms.try_concat().await?;
        found.extend(rooms.into_iter().map(|room| room.name));
    }
    let there = |name: &RoomName| found.contains(name);
    let (names, missing): (Vec<_>, Vec<_>) = plan.names.into_iter().partition(there);
    for name in missing.iter().take(SHOWN) {
        let text = format!("there is no room `{name}`");
        invocation.output.inform(&text);
    }
    Ok(delete::Plan { names, ..plan })
}

async fn pick(invocation: &Invocation<'_>, at: &At) -> Result<String> {
    if !is_interactive() {
        return Err(Error::invalid(
            "no room is named; give names, or - to read them from stdin",
        ));
    }
    let rooms = stream!(invocation, room::list::all(at.backend));
    let rooms: Vec<Room> = rooms.try_concat().await?;
    if rooms.is_empty() {
        return Err(Error::not_found("there is no room to delete"));
    }
    let names: Vec<String> = rooms.iter().map(|room| room.name.to_string()).collect();
    invocation.output.tell_early();
    match confirm::pick("Which room (type to search)", names.clone()).await? {
        Some(index) => Ok(names[index].clone()),
        None => Err(Error::new(
            Kind::NeedsConfirmation,
            "no room was picked; nothing was done",
        )),
    }
}

/// Shows people the first of the rooms.
pub(super) fn preview(invocation: &Invocation<'_>, names: &[RoomName]) {
    for name in names.iter().take(SHOWN) {
        invocation.output.inform(&format!("  {name}"));
    }
    if names.len() > SHOWN {
        invocation
            .output
            .inform(&format!("  and {} more", names.len() - SHOWN));
    }
}

/// Tells people how many rooms, how many calls, how long.
pub(super) fn describe(
    invocation: &Invocation<'_>,
    what: &str,
    rooms: usize,
    (looked, cost): (u64, Cost),
) {
    let Cost {
        reads,
        writes,
        seconds,
    } = cost;
    let to_do = format!(
        "{reads} to read and {writes} to write, {seconds} s at least under the vendor's rate limit"
    );
    let calls = match (looked, reads + writes) {
        (0, 0) => "no upstream calls".to_owned(),
        (0, _) => format!("upstream calls: {to_do}"),
        (looked, 0) => format!("upstream calls: {looked} made to look"),
        (looked, _) => format!("upstream calls: {looked} made to look, {to_do}"),
    };
    invocation
        .output
        .inform(&format!("{} {what}; {calls}", counted(rooms, "room")));
}

impl Row for RoomName {
    const COLUMNS: &'static [&'static str] = &["name"];

    fn cells(&self) -> Vec<String> {
        vec![self.to_string()]
    }

    fn name(&self) -> &str {
        self.as_str()
    }
}

/// For people the rooms and a sum, for programs the whole report.
pub(super) fn print(invocation: &Invocation<'_>, report: &DeleteReport) -> Result<()> {
    if invocation.output.is_machine() {
        return invocation.output.one(report, "");
    }
    // Whoever reads CSV gets its heading, as of every list.
    if !report.items.is_empty() || invocation.output.is_one_list() {
        invocation.output.items(&report.items)?;
    }
    let mut parts = Vec::new();
    for (count, what) in [
        (report.deleted, "deleted"),
        (report.disabled, "disabled"),
        (report.forgotten, "forgotten"),
        (report.resumed, "deleted by the interrupted run before"),
        (report.missing, "missing"),
        (report.failed, "failed"),
        (report.remaining, "still to go"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    if parts.is_empty() {
        parts.push("nothing to delete".to_owned());
    }
    // What went wrong, if something did, is told before it.
    invocation.output.inform_early(&parts.join(", "));
    Ok(())
}

impl Row for DeletedRoom {
    const COLUMNS: &'static [&'static str] = &["name", "outcome", "error"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.clone(),
            self.outcome.as_str().to_owned(),
            self.error.clone().unwrap_or_default(),
        ]
    }

    /// Only what is gone has a name; the rest is told by the exit code.
    fn name(&self) -> &str {
        if self.outcome.is_gone() {
            &self.name
        } else {
            ""
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct EndArgs {
    /// Names; - reads them from stdin
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn end(invocation: &Invocation<'_>, arguments: EndArgs) -> Result<()> {
    let backend = arguments.at.backend;
    let names = stdin_names::read(&arguments.names)?;
    let room = |name: &str| -> Result<end::Input> {
        let name = name.parse()?;
        Ok(end::Input {
            name,
            backend,
            by: Actor::Operator,
        })
    };
    let mut plans = Vec::new();
    for name in &names {
        plans.push(perform!(invocation, room::end::plan(room(name)?))?);
    }
    if arguments.consent.dry_run {
        print_ends(invocation, &plans)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let people: u64 = plans.iter().map(|plan| plan.ended).sum();
    let people = usize::try_from(people).unwrap_or(usize::MAX);
    let question = format!(
        "Send {} out of {}?",
        counted(people, "participant"),
        counted(plans.len(), "room")
    );
    invocation.confirm(arguments.consent.yes, question).await?;
    let ended = invocation
        .each(&names, async |name| {
            perform!(invocation, room::end::run(room(name)?))
        })
        .await?;
    print_ends(invocation, &ended)
}

fn print_ends(invocation: &Invocation<'_>, ends: &[end::Output]) -> Result<()> {
    match ends {
        [end] => invocation.output.one(end, end.name.as_str()),
        ends => invocation.output.items(ends),
    }
}

impl Row for end::Output {
    const COLUMNS: &'static [&'static str] = &["name", "backend", "ended"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.to_string(),
            self.backend.to_string(),
            self.ended.to_string(),
        ]
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }
}
