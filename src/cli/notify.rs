//! `tok notify …`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::room::Consent;
use super::run_args::RunArgs;
use super::table::{counted, maybe_time, time};
use super::workplace::{perform, stream};
use super::{stdin_names, values};
use crate::commands::notify::inbox::InboxItem;
use crate::commands::notify::{flush, history, send, take};
use crate::commands::user;
use crate::error::{Error, Kind, Result};
use crate::model::notification::{NotificationKind, NotificationStatus, Target};
use crate::model::{Since, Span};

/// Send notifications and see what became of them
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Put a notification into the queue
    Send(SendArgs),
    /// Send what is in the queue now, once
    Flush(FlushArgs),
    /// List the queue, what was parked, or what became of notifications
    List(ListArgs),
    /// Say where notifications are in their life, and why
    Show(IdsArgs),
    /// Put parked notifications back into the queue
    Retry(RetryArgs),
    /// Throw notifications away, parked or in the queue
    Discard(DiscardArgs),
    /// List what was delivered in the app to a user and not taken yet, the newest first
    Inbox(InboxArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok notify send --user ada --title 'Ada is here'\n  \
    tok notify send --user ada --title 'Bob is calling' --call --ttl 30s --data room=standup")]
pub(super) struct SendArgs {
    #[command(flatten)]
    to: To,
    /// The heading
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// The text
    #[arg(long, value_name = "TEXT", default_value = "")]
    body: String,
    /// A picture
    #[arg(long, value_name = "URL")]
    image: Option<String>,
    /// What else the app wants to know; repeat for more
    #[arg(long, value_name = "NAME=VALUE")]
    data: Vec<String>,
    /// A phone that rings: worth nothing once the caller has given up
    #[arg(long)]
    call: bool,
    /// How long it is worth delivering
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Span>,
    /// An id of your choice: however often it is sent, it is delivered once
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Only ask the push service whether it would take it
    #[arg(long)]
    validate: bool,
    /// Only say what would be done, without asking anybody
    #[arg(short = 'n', long, conflicts_with = "validate")]
    dry_run: bool,
}

/// Whom it is for.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct To {
    /// A user
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// A registered device
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// Everybody who follows a topic
    #[arg(long, value_name = "NAME")]
    topic: Option<String>,
    /// The installation whose push token stands in this file; - reads it from stdin
    #[arg(long, value_name = "FILE", value_parser = values::path_or_stdin())]
    token_file: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example for cron:\n  tok notify flush --max-runtime 50s --quiet")]
pub(super) struct FlushArgs {
    /// Only say how many there are
    #[arg(short = 'n', long)]
    dry_run: bool,
    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok notify list --user ada --since 1h")]
pub(super) struct ListArgs {
    /// Those that cannot be sent as they are, with the reason
    #[arg(long)]
    parked: bool,
    /// Those for this user or their devices, the delivered and the dead included
    #[arg(long, value_name = "ID", conflicts_with = "parked")]
    user: Option<String>,
    /// Those since then, the delivered and the dead included: 1h (ago), 14:00 (the last, in UTC)
    #[arg(long, value_name = "WHEN", conflicts_with = "parked")]
    since: Option<Since>,
    /// Only those that nobody could receive, with the reason
    #[arg(long, conflicts_with = "parked")]
    dead: bool,
    /// Stop after so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct IdsArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct RetryArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required_unless_present = "all")]
    ids: Vec<String>,
    /// Everything that is parked
    #[arg(long, conflicts_with = "ids")]
    all: bool,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct DiscardArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required_unless_present = "parked")]
    ids: Vec<String>,
    /// Everything that is parked
    #[arg(long, conflicts_with = "ids")]
    parked: bool,
    #[command(flatten)]
    consent: Consent,
}

#[derive(Debug, Args)]
pub(super) struct InboxArgs {
    /// The user
    #[arg(value_name = "USER")]
    user: String,
    /// Take this one out, as the app does when it has shown it
    #[arg(long, value_name = "ID")]
    take: Option<String>,
    /// Stop after so many
    #[arg(long, value_name = "N", conflicts_with = "take")]
    limit: Option<usize>,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Send(arguments) => send(invocation, arguments).await,
        Command::Flush(arguments) => flush(invocation, &arguments).await,
        Command::List(arguments) => {
            let filter = history::HistoryFilter {
                user: arguments.user,
                since: arguments.since.map(|since| since.from(invocation.now())),
                dead: arguments.dead,
            };
            let pages = if filter.is_set() {
                stream!(invocation, notify::history::all(filter))
            } else {
                stream!(invocation, notify::list::all(arguments.parked))
            };
            invocation.output.list(pages, arguments.limit).await
        }
        Command::Show(arguments) => show(invocation, &arguments).await,
        Command::Retry(arguments) => retry(invocation, &arguments).await,
        Command::Discard(arguments) => discard(invocation, &arguments).await,
        Command::Inbox(arguments) => inbox(invocation, &arguments).await,
    }
}

impl To {
    fn target(self) -> Result<Target> {
        let Self {
            user,
            device,
            topic,
            token_file,
        } = self;
        let named = user
            .map(Target::User)
            .or(device.map(Target::Device))
            .or(topic.map(Target::Topic));
        match (named, token_file) {
            (Some(target), _) => Ok(target),
            (None, Some(file)) => stdin_names::secret(&file).map(Target::Token),
            (None, None) => Err(Error::invalid("nobody is named to send it to")),
        }
    }
}

async fn send(invocation: &Invocation<'_>, arguments: SendArgs) -> Result<()> {
    let input = send::Input {
        id: arguments.id,
        to: arguments.to.target()?,
        kind: if arguments.call {
            NotificationKind::Call
        } else {
            NotificationKind::Message
        },
        ttl: arguments.ttl.map(|ttl| ttl.0.as_secs()),
        title: arguments.title,
        body: arguments.body,
        image: arguments.image,
        data: pairs(&arguments.data)?,
    };
    if arguments.validate {
        let validated = perform!(invocation, notify::send::validate(input))?;
        return invocation.output.one(&validated, &validated.to);
    }
    if arguments.dry_run {
        let plan = perform!(invocation, notify::send::plan(input))?;
        invocation.output.one(&plan, &plan.to)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let user = match &input.to {
        Target::User(id) => Some(id.clone()),
        _ => None,
    };
    let status = perform!(invocation, notify::send::run(input))?;
    if let Some(id) = user {
        warn_of_stranger(invocation, id).await;
    }
    invocation.output.one(&status, &status.id)
}

/// Says that nobody is known by an id, which may be a slip. Who may not look is told nothing.
async fn warn_of_stranger(invocation: &Invocation<'_>, id: String) {
    let Ok(known) = id.parse() else { return };
    let input = user::show::Input { id: known };
    let found = perform!(invocation, user::show::run(input));
    if found.is_err_and(|error| error.kind() == Kind::NotFound) {
        let what = format!("there is no user `{id}`; it waits for whoever comes by that id");
        invocation.output.warn(&what);
    }
}

fn pairs(texts: &[String]) -> Result<BTreeMap<String, String>> {
    let split = |text: &String| match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(Error::invalid(format!("`{text}` is not NAME=VALUE"))),
    };
    texts.iter().map(split).collect()
}

async fn flush(invocation: &Invocation<'_>, arguments: &FlushArgs) -> Result<()> {
    let output = invocation.output;
    let run = &arguments.run;
    run.report(invocation, &(), async |kept| {
        if arguments.dry_run {
            let plan = perform!(invocation, notify::flush::plan())?;
            kept.keep(&plan)?;
            output.one(&plan, "")?;
            output.nothing_done();
            return Ok(());
        }
        invocation.stop_on_signal()?;
        let until = run.until(invocation);
        let input = flush::Input { until };
        let report = perform!(invocation, notify::flush::run(input))?;
        kept.keep(&report)?;
        let verdict = report.verdict();
        if verdict.is_some() || !output.is_silent() {
            output.one(&report, "")?;
        }
        verdict.map_or(Ok(()), Err)
    })
    .await
}

async fn show(invocation: &Invocation<'_>, arguments: &IdsArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    if let [id] = ids.as_slice() {
        let status = perform!(invocation, notify::show::run(id.as_str().into()))?;
        return invocation.output.one(&status, &status.id);
    }
    let found = invocation.each(&ids, async |id| {
        perform!(invocation, notify::show::run(id.into()))
    });
    invocation.output.items(&found.await?)
}

async fn retry(invocation: &Invocation<'_>, arguments: &RetryArgs) -> Result<()> {
    let ids = if arguments.all {
        perform!(invocation, notify::retry::retriable())?
    } else {
        stdin_names::read(&arguments.ids)?
    };
    if arguments.dry_run {
        let found = invocation.each(&ids, async |id| {
            perform!(invocation, notify::show::run(id.into()))
        });
        invocation.output.items(&found.await?)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let done = invocation
        .each(&ids, async |id| {
            perform!(invocation, notify::retry::run(id.into()))
        })
        .await?;
    invocation.output.items(&done)
}

async fn discard(invocation: &Invocation<'_>, arguments: &DiscardArgs) -> Result<()> {
    let ids = if arguments.parked {
        perform!(invocation, notify::retry::all_parked())?
    } else {
        stdin_names::read(&arguments.ids)?
    };
    let mut planned = Vec::new();
    for id in &ids {
        planned.push(perform!(
            invocation,
            notify::discard::plan(id.as_str().into())
        )?);
    }
    if arguments.consent.dry_run {
        invocation.output.items(&planned)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    if !ids.is_empty() {
        let question = format!("Throw {} away?", counted(ids.len(), "notification"));
        invocation.confirm(arguments.consent.yes, question).await?;
    }
    let done = invocation
        .each(&ids, async |id| {
            perform!(invocation, notify::discard::run(id.into()))
        })
        .await?;
    invocation.output.items(&done)
}

async fn inbox(invocation: &Invocation<'_>, arguments: &InboxArgs) -> Result<()> {
    let user = arguments.user.parse()?;
    if let Some(id) = &arguments.take {
        let id = id.clone();
        let input = take::Input { user, id };
        return perform!(invocation, notify::take::run(input));
    }
    let pages = stream!(invocation, notify::inbox::all(user));
    invocation.output.list(pages, arguments.limit).await
}

impl Row for NotificationStatus {
    const COLUMNS: &'static [&'static str] =
        &["id", "state", "reason", "to", "attempts", "queued", "next"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            match (self.via.as_deref(), self.taken) {
                (Some(via), Some(true)) => format!("{} by {via}, taken", self.state.as_str()),
                (Some(via), Some(false)) => format!("{} by {via}, not taken", self.state.as_str()),
                (Some(via), None) => format!("{} by {via}", self.state.as_str()),
                (None, _) => self.state.as_str().to_owned(),
            },
            self.reason.clone().unwrap_or_default(),
            self.to.clone().unwrap_or_default(),
            self.attempts.to_string(),
            time(self.queued_at),
            maybe_time(self.next_at),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for InboxItem {
    const COLUMNS: &'static [&'static str] = &["id", "title", "body", "at"];

    fn cells(&self) -> Vec<String> {
        let text = |name: &str| self.data.get(name).cloned().unwrap_or_default();
        vec![self.id.clone(), text("title"), text("body"), time(self.at)]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
