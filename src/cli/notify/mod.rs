//! `tok notify …`

mod rows;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use clap::{Args, Subcommand};
use futures_util::TryStreamExt;

use crate::cli::invocation::Invocation;
use crate::cli::output::{Format, Output};
use crate::cli::remove::remove_each;
use crate::cli::room::Consent;
use crate::cli::run_args::RunArgs;
use crate::cli::table::counted;
use crate::cli::workplace::{perform, stream};
use crate::cli::{stdin_names, values};
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
            let told = WaitsTold::default();
            let pages = pages.inspect_ok(|items| told.tell(invocation.output, items));
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
            print_report(output, report)?;
        }
        verdict.map_or(Ok(()), Err)
    })
    .await
}

/// Prints the counts, and below the error, which names the first, what else was not sent.
fn print_report(output: &Output, mut report: flush::Report) -> Result<()> {
    if output.is_machine() {
        return output.one(&report, "");
    }
    let unnamed = report.unnamed();
    let unsent = std::mem::take(&mut report.unsent);
    output.one(&report, "")?;
    for one in unsent.iter().skip(1) {
        let reason = one.reason.as_deref().unwrap_or_default();
        output.warn_early(&format!("{}, {}: {reason}", one.id, one.state.as_str()));
    }
    if unnamed > 0 {
        output.warn_early(&format!("and {unnamed} more"));
    }
    Ok(())
}

async fn show(invocation: &Invocation<'_>, arguments: &IdsArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    if let [id] = ids.as_slice() {
        let mut status = perform!(invocation, notify::show::run(id.as_str().into()))?;
        let output = invocation.output;
        WaitsTold::default().tell(output, std::slice::from_ref(&status));
        if output.format == Format::Table {
            status.waits_for = None;
        }
        return output.one(&status, &status.id);
    }
    let found = invocation.each(&ids, async |id| {
        perform!(invocation, notify::show::run(id.into()))
    });
    let found = found.await?;
    WaitsTold::default().tell(invocation.output, &found);
    invocation.output.items(&found)
}

/// What notifications wait for, as far as it was told: it is the same for most.
#[derive(Default)]
struct WaitsTold(RefCell<BTreeSet<String>>);

impl WaitsTold {
    /// Tells people once what keeps these from being sent; programs find it with each.
    fn tell(&self, output: &Output, items: &[NotificationStatus]) {
        if output.is_machine() {
            return;
        }
        for why in items.iter().filter_map(|item| item.waits_for.as_ref()) {
            if self.0.borrow_mut().insert(why.clone()) {
                output.warn(&output.origins.tell(why));
            }
        }
    }
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
    let question = |them: &[NotificationStatus]| {
        format!("Throw {} away?", counted(them.len(), "notification"))
    };
    let plan = async |id: &str| perform!(invocation, notify::discard::plan(id.into()));
    let apply = async |id: &str| perform!(invocation, notify::discard::run(id.into()));
    remove_each(invocation, &ids, &arguments.consent, question, plan, apply).await
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
