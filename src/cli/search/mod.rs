//! `tok search …`

mod rows;

use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;

use crate::cli::invocation::Invocation;
use crate::cli::room::Consent;
use crate::cli::run_args::{ReportedRun, RunArgs};
use crate::cli::status::warn_of_damage;
use crate::cli::table::counted;
use crate::cli::workplace::{Workplace, perform};
use crate::cli::{stdin_names, values};
use crate::client;
use crate::client::search::reindex::Input as IndexToFill;
use crate::commands::search::settings::{diff, pull};
use crate::commands::search::{self, key, parked, query, reindex, verify};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::Span;

/// Search users and rooms, and keep the indexes true
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Search an index
    Query(QueryArgs),
    /// Make indexes true, whoever writes meanwhile
    Reindex(ReindexArgs),
    /// Compare indexes with the store, record by record; exits 12 when they differ
    Verify(VerifyArgs),
    /// Show how many documents and records there are
    Status,
    /// List documents that cannot be searched as they are, with the reason
    Parked(IndexesArgs),
    /// Read and change the settings of an index
    #[command(subcommand)]
    Settings(SettingsCommand),
    /// Make keys for the searches of apps
    #[command(subcommand)]
    Key(KeyCommand),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok search query users 'ada lov'")]
pub(super) struct QueryArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    index: String,
    /// What to look for; the last word may be unfinished, and a slip is forgiven
    #[arg(value_name = "TEXT", default_value = "")]
    text: String,
    /// At most so many hits
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: usize,
}

/// How an index is made true.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// Change what differs in the index itself
    Reconcile,
    /// Fill a new index and put it in the old one's place
    Swap,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok search reindex --dry-run\n  \
    tok search reindex users --max-runtime 30m --report users.json")]
pub(super) struct ReindexArgs {
    /// The indexes; all of them if none is named
    #[arg(value_name = "INDEX")]
    indexes: Vec<String>,
    /// reconcile changes what differs; swap fills a new index, for changed settings
    #[arg(
        long,
        value_enum,
        default_value = "reconcile",
        hide_possible_values = true
    )]
    mode: Mode,
    /// Largest part of an index that may vanish, in percent [default: 20, or as configured]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u64).range(0..=100))]
    max_shrink: Option<u64>,
    /// Only say what would be done and what it costs
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The indexes; all of them if none is named
    #[arg(value_name = "INDEX")]
    indexes: Vec<String>,
    /// Write again what differs
    #[arg(long)]
    repair: bool,
}

#[derive(Debug, Args)]
pub(super) struct IndexesArgs {
    /// The indexes; all of them if none is named
    #[arg(value_name = "INDEX")]
    indexes: Vec<String>,
}

/// Read and change the settings of an index
#[derive(Debug, Subcommand)]
pub(super) enum SettingsCommand {
    /// Print the settings as JSON
    Pull(PullArgs),
    /// Change the settings that a file gives; others stay as they are
    Push(PushArgs),
    /// Say which settings are not as a file gives them; exits 12 when some are not
    Diff(DiffArgs),
}

#[derive(Debug, Args)]
pub(super) struct PullArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    index: String,
}

#[derive(Debug, Args)]
pub(super) struct PushArgs {
    #[command(flatten)]
    given: DiffArgs,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The index
    #[arg(value_name = "INDEX")]
    index: String,
    /// Settings as a JSON object; - reads them from stdin
    #[arg(value_name = "FILE", value_parser = values::path_or_stdin())]
    file: String,
}

/// Make keys for the searches of apps
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key that can only search, without asking the vendor
    Create(KeyArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok search key create --index users --ttl 24h --user ada")]
pub(super) struct KeyArgs {
    /// Only this index; repeat for more [default: all that are configured]
    #[arg(long = "index", value_name = "INDEX")]
    indexes: Vec<String>,
    /// Only records that pass this filter, in the vendor's language
    #[arg(long, value_name = "FILTER")]
    filters: Option<String>,
    /// How long it is good [default: for ever]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Span>,
    /// Whose searches these are
    #[arg(long, value_name = "ID")]
    user: Option<String>,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let output = invocation.output;
    match command {
        Command::Query(arguments) => {
            let input = query::Input {
                index: arguments.index,
                text: arguments.text,
                limit: Some(arguments.limit),
                after: None,
            };
            let found = perform!(invocation, search::query::run(input))?;
            output.items(&found.items)
        }
        Command::Reindex(arguments) => reindex(invocation, &arguments).await,
        Command::Verify(arguments) => verify(invocation, &arguments).await,
        Command::Status => {
            let found = perform!(invocation, search::status::run())?;
            warn_of_damage(output, &found);
            output.items(&found)
        }
        Command::Parked(arguments) => {
            let mut all = Vec::new();
            for index in chosen(invocation, &arguments.indexes).await? {
                let input = parked::Input { index };
                all.extend(perform!(invocation, search::parked::run(input))?);
            }
            output.items(&all)
        }
        Command::Settings(command) => configure(invocation, command).await,
        Command::Key(KeyCommand::Create(arguments)) => {
            let input = key::Input {
                indexes: arguments.indexes,
                filters: arguments.filters,
                ttl: arguments.ttl,
                user: arguments.user,
            };
            let made = match &invocation.workplace {
                Workplace::Store(store) => key::create(&store.context, input)?,
                Workplace::Server(server) => client::search::key::create(server, input).await?,
            };
            output.one(&made, &made.key)
        }
    }
}

async fn reindex(invocation: &Invocation<'_>, arguments: &ReindexArgs) -> Result<()> {
    let names = chosen(invocation, &arguments.indexes).await?;
    let filter = json!({ "indexes": names, "max_shrink": arguments.max_shrink });
    let run = &arguments.run;
    run.report(invocation, &filter, async |report| {
        make_true(invocation, arguments, &names, report).await
    })
    .await
}

async fn make_true(
    invocation: &Invocation<'_>,
    arguments: &ReindexArgs,
    names: &[String],
    run: &ReportedRun<'_>,
) -> Result<()> {
    let output = invocation.output;
    let mode = match arguments.mode {
        Mode::Reconcile => reindex::Mode::Reconcile,
        Mode::Swap => reindex::Mode::Swap,
    };
    let until = arguments.run.until(invocation);
    let input = |index: &String| IndexToFill {
        index: index.clone(),
        mode,
        max_shrink: arguments.max_shrink,
        until,
    };
    if arguments.dry_run {
        let mut plans = Vec::new();
        for index in names {
            let input = input(index);
            plans.push(match &invocation.workplace {
                Workplace::Store(store) => {
                    let here = here(&store.context, &input)?;
                    reindex::plan(&store.context, here).await?
                }
                Workplace::Server(server) => client::search::reindex::plan(server, input).await?,
            });
        }
        run.keep(&plans)?;
        output.items(&plans)?;
        output.nothing_done();
        return Ok(());
    }
    invocation.stop_on_signal()?;
    let (mut reports, mut failure) = (Vec::new(), None);
    for index in names {
        match reindex_one(invocation, input(index)).await {
            Ok(report) => {
                let verdict = report.verdict();
                let stopped = report.stopped.is_some();
                reports.push(report);
                if stopped {
                    failure = verdict;
                    break;
                }
                failure = failure.or(verdict);
            }
            Err(error) => {
                failure = Some(error);
                break;
            }
        }
    }
    run.keep(&reports)?;
    if !reports.is_empty() && (failure.is_some() || !output.is_silent()) {
        output.items(&reports)?;
    }
    failure.map_or(Ok(()), Err)
}

async fn reindex_one(invocation: &Invocation<'_>, input: IndexToFill) -> Result<reindex::Report> {
    match &invocation.workplace {
        Workplace::Store(store) => {
            let here = here(&store.context, &input)?;
            reindex::run(&store.context, here).await
        }
        Workplace::Server(server) => client::search::reindex::run(server, input).await,
    }
}

/// The same input where the index is configured.
fn here(context: &Context, input: &IndexToFill) -> Result<reindex::Input> {
    Ok(reindex::Input {
        spec: context.mirrors.get(&input.index)?.clone(),
        mode: input.mode,
        max_shrink: input.max_shrink,
        until: input.until,
    })
}

/// The names of the indexes that are asked for, or of all.
async fn chosen(invocation: &Invocation<'_>, names: &[String]) -> Result<Vec<String>> {
    match &invocation.workplace {
        Workplace::Store(store) => {
            let specs = search::chosen(&store.context, names)?;
            Ok(specs.iter().map(|spec| spec.name.clone()).collect())
        }
        Workplace::Server(server) => client::search::chosen(server, names).await,
    }
}

async fn verify(invocation: &Invocation<'_>, arguments: &VerifyArgs) -> Result<()> {
    let (mut reports, repair) = (Vec::new(), arguments.repair);
    for index in chosen(invocation, &arguments.indexes).await? {
        reports.push(match &invocation.workplace {
            Workplace::Store(store) => {
                let spec = store.context.mirrors.get(&index)?.clone();
                verify::run(&store.context, verify::Input { spec, repair }).await?
            }
            Workplace::Server(server) => {
                client::search::verify::run(server, &index, repair).await?
            }
        });
    }
    let verdict = reports.iter().find_map(verify::Report::verdict);
    if verdict.is_some() || !invocation.output.is_silent() {
        invocation.output.items(&reports)?;
    }
    verdict.map_or(Ok(()), Err)
}

async fn configure(invocation: &Invocation<'_>, command: SettingsCommand) -> Result<()> {
    let output = invocation.output;
    match command {
        SettingsCommand::Pull(arguments) => {
            output.only_json("what is pulled")?;
            let index = arguments.index;
            let settings = perform!(
                invocation,
                search::settings::pull::run(pull::Input { index })
            )?;
            let text = serde_json::to_string_pretty(&settings)
                .map_err(|error| Error::internal("the settings are no JSON").because(error))?;
            output.text(&(text + "\n"))
        }
        SettingsCommand::Diff(arguments) => {
            let input = wanted(arguments)?;
            let differing = perform!(invocation, search::settings::diff::run(input))?;
            output.items(&differing)?;
            if differing.is_empty() {
                return Ok(());
            }
            Err(Error::new(Kind::Drift, "some settings are not as given"))
        }
        SettingsCommand::Push(arguments) => {
            let input = wanted(arguments.given)?;
            let compared = input.clone();
            let differing = perform!(invocation, search::settings::diff::run(compared))?;
            if !arguments.consent.dry_run && !differing.is_empty() {
                let count = counted(differing.len(), "setting");
                let question = format!("Change {count} of {}?", input.index);
                invocation.confirm(arguments.consent.yes, question).await?;
                perform!(invocation, search::settings::push::run(input))?;
            }
            output.items(&differing)?;
            if arguments.consent.dry_run {
                output.nothing_done();
            }
            Ok(())
        }
    }
}

fn wanted(given: DiffArgs) -> Result<diff::Input> {
    let DiffArgs { index, file } = given;
    let text = stdin_names::text(&file)?;
    let wanted = serde_json::from_str(&text)
        .map_err(|error| Error::invalid(format!("{file} is not a JSON object: {error}")))?;
    Ok(diff::Input { index, wanted })
}
