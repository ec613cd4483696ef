//! `tok recording …`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::remove::{remove_each, the_named};
use super::room::{At, Consent, properties};
use super::table::{counted, maybe_time};
use super::workplace::{perform, stream};
use super::{stdin_names, values};
use crate::commands::by_id::ByVendorId;
use crate::commands::recording::download::DownloadPlace;
use crate::commands::recording::{download, prune, start, wait};
use crate::error::Result;
use crate::model::Span;
use crate::model::recording::Recording;

/// Manage recordings
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Begin to record a room
    Start(StartArgs),
    /// End a recording; the file comes later
    Stop(StopArgs),
    /// List recordings, the newest first
    List(ListArgs),
    /// Show a recording
    Show(OneArgs),
    /// Print a link to a recording's file that works for a while
    Url(OneArgs),
    /// Fetch a recording's file
    Download(DownloadArgs),
    /// Wait until a recording's file can be had
    Wait(WaitArgs),
    /// Delete recordings for good
    Delete(DeleteArgs),
    /// Delete old recordings for good
    Prune(PruneArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tok recording start standup --property layout='{\"preset\":\"portrait\"}'"
)]
pub(super) struct StartArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    #[command(flatten)]
    at: At,
    /// An option by the vendor's own name; the value is JSON or a plain text
    #[arg(long = "property", value_name = "KEY=VALUE")]
    properties: Vec<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct OneArgs {
    /// The vendor's id of the recording
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
pub(super) struct StopArgs {
    #[command(flatten)]
    one: OneArgs,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only those of this room
    #[arg(value_name = "ROOM")]
    room: Option<String>,
    #[command(flatten)]
    at: At,
    /// Stop after so many recordings
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Until it is complete the file is called FILE.ID.part; running the command again continues it."
)]
pub(super) struct DownloadArgs {
    /// The vendor's id of the recording
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    at: At,
    /// Where to put the file: a name, a directory, or - for stdout [default: the id and an ending that
    /// says what it is, in the current directory]
    #[arg(long, value_name = "PATH", value_parser = values::path())]
    to: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct WaitArgs {
    /// The vendor's id of the recording
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    at: At,
    /// How long to wait
    #[arg(long, value_name = "DURATION", default_value = "10m")]
    timeout: Span,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// The vendor's ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok recording prune --older-than 30d --dry-run")]
pub(super) struct PruneArgs {
    /// Only those of this room
    #[arg(value_name = "ROOM")]
    room: Option<String>,
    /// Only those that began longer ago than this
    #[arg(long, value_name = "DURATION")]
    older_than: Span,
    /// Delete nothing if there are more than so many
    #[arg(long, value_name = "N")]
    max_delete: Option<usize>,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    consent: Consent,
}

impl OneArgs {
    fn named(self) -> ByVendorId {
        let (id, backend) = (self.id, self.at.backend);
        ByVendorId { id, backend }
    }
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let shown = |recording: &Recording| invocation.output.one(recording, &recording.id);
    match command {
        Command::Start(arguments) => start(invocation, arguments).await,
        Command::Stop(StopArgs { one, dry_run: true }) => {
            shown(&perform!(invocation, recording::show::run(one.named()))?)?;
            invocation.output.nothing_done();
            Ok(())
        }
        Command::Stop(StopArgs { one, .. }) => {
            shown(&perform!(invocation, recording::stop::run(one.named()))?)
        }
        Command::Show(one) => shown(&perform!(invocation, recording::show::run(one.named()))?),
        Command::Url(one) => {
            let link = perform!(invocation, recording::link::run(one.named()))?;
            invocation.output.one(&link, &link.url)
        }
        Command::List(arguments) => {
            let pages = stream!(
                invocation,
                recording::list::all(arguments.at.backend, arguments.room)
            );
            invocation.output.list(pages, arguments.limit).await
        }
        Command::Download(arguments) => download(invocation, arguments).await,
        Command::Wait(arguments) => {
            invocation.stop_on_signal()?;
            let (id, backend) = (arguments.id, arguments.at.backend);
            let input = wait::Input {
                recording: ByVendorId { id, backend },
                patience: arguments.timeout.0,
            };
            shown(&perform!(invocation, recording::wait::run(input))?)
        }
        Command::Delete(arguments) => delete(invocation, &arguments).await,
        Command::Prune(arguments) => prune(invocation, arguments).await,
    }
}

async fn start(invocation: &Invocation<'_>, arguments: StartArgs) -> Result<()> {
    let input = start::Input {
        room: Some(arguments.room),
        session_id: None,
        backend: arguments.at.backend,
        properties: properties(&arguments.properties)?,
    };
    if arguments.dry_run {
        let plan = perform!(invocation, recording::start::plan(input))?;
        invocation.output.one(&plan, plan.backend.as_str())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let recording = perform!(invocation, recording::start::run(input))?;
    invocation.output.one(&recording, &recording.id)
}

async fn download(invocation: &Invocation<'_>, arguments: DownloadArgs) -> Result<()> {
    invocation.stop_on_signal()?;
    let (id, backend) = (arguments.id, arguments.at.backend);
    let recording = ByVendorId { id, backend };
    let to = match arguments.to {
        Some(to) if to.as_os_str() == "-" => {
            let taker = |mut bytes: &[u8]| invocation.output.pass_on(&mut bytes);
            return perform!(invocation, recording::download::pipe(recording, &taker));
        }
        Some(to) if to.is_dir() || to.as_os_str().as_encoded_bytes().ends_with(b"/") => {
            DownloadPlace::Directory(to)
        }
        Some(to) => DownloadPlace::File(to),
        None => DownloadPlace::Directory(PathBuf::new()),
    };
    let input = download::Input { recording, to };
    let done = perform!(invocation, recording::download::run(input))?;
    invocation
        .output
        .one(&done, &done.path.display().to_string())
}

async fn delete(invocation: &Invocation<'_>, arguments: &DeleteArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    let backend = arguments.at.backend;
    let named = |id: &str| ByVendorId {
        id: id.to_owned(),
        backend,
    };
    let question =
        |them: &[Recording]| format!("Delete {} for good?", the_named("recording", them));
    let plan = async |id: &str| perform!(invocation, recording::delete::plan(named(id)));
    let apply = async |id: &str| perform!(invocation, recording::delete::run(named(id)));
    remove_each(invocation, &ids, &arguments.consent, question, plan, apply).await
}

async fn prune(invocation: &Invocation<'_>, arguments: PruneArgs) -> Result<()> {
    let input = prune::Input {
        backend: arguments.at.backend,
        room: arguments.room,
        older_than: arguments.older_than,
        max_delete: arguments.max_delete,
    };
    let plan = perform!(invocation, recording::prune::plan(input))?;
    if arguments.consent.dry_run {
        invocation.output.plan(&plan, &plan.recordings)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    if !plan.recordings.is_empty() {
        let size = bytesize::ByteSize(plan.size);
        let count = plan.recordings.len();
        let question = format!("Delete {} ({size}) for good?", counted(count, "recording"));
        invocation.confirm(arguments.consent.yes, question).await?;
        invocation.stop_on_signal()?;
    }
    let report = perform!(invocation, recording::prune::apply(plan))?;
    let verdict = report.verdict();
    if invocation.output.is_machine() {
        invocation.output.one(&report, "")?;
    } else if verdict.is_some() || !invocation.output.is_silent() {
        invocation.output.items(&report.items)?;
    }
    verdict.map_or(Ok(()), Err)
}

impl Row for Recording {
    const COLUMNS: &'static [&'static str] = &[
        "id", "room", "backend", "status", "began", "seconds", "bytes",
    ];

    fn cells(&self) -> Vec<String> {
        let number = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        vec![
            self.id.clone(),
            number(self.room.clone()),
            self.backend.to_string(),
            self.status.as_str().to_owned(),
            maybe_time(self.started_at),
            number(self.duration_ms.map(|ms| (ms / 1000).to_string())),
            number(self.size.map(|size| size.to_string())),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for prune::Pruned {
    const COLUMNS: &'static [&'static str] = &["id", "outcome", "error"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.outcome.as_str().to_owned(),
            self.error.clone().unwrap_or_default(),
        ]
    }

    fn name(&self) -> &str {
        if self.outcome.is_gone() { &self.id } else { "" }
    }
}
