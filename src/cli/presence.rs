//! `tok presence …`

use std::collections::BTreeMap;

use clap::{Args, Subcommand, ValueEnum};
use futures_util::TryStreamExt;
use serde::Serialize;
use serde_json::json;

use super::invocation::Invocation;
use super::output::{Output, Row};
use super::output_live::LiveTable;
use super::stdin_names;
use super::table::maybe_time;
use super::workplace::{perform, stream};
use crate::commands::presence::audit::PresenceDrift;
use crate::commands::presence::list::PresenceChange;
use crate::commands::presence::{announce, follow, list, show};
use crate::error::Result;
use crate::model::Span;
use crate::model::presence::{ConnectionSign, PersonPresence, PresenceState, UserPresence};

/// See who is there
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show everybody and then every change; a live table on a terminal, JSON lines elsewhere
    Watch(WatchArgs),
    /// List everybody of whom anything is known, by id
    List(WatchArgs),
    /// Say whether somebody is there
    Show(ShowArgs),
    /// Note what a connection says of itself, where presence is kept by tok
    Set(SetArgs),
    /// Write into the user documents what they do not say truly, once
    Sync(SyncArgs),
    /// Compare the user documents with the source; exits 12 when they differ
    Audit,
    /// Remove connections that gave no sign of life in time
    Sweep(SweepArgs),
}

#[derive(Debug, Args)]
pub(super) struct WatchArgs {
    /// Only those who are there
    #[arg(long)]
    online: bool,
}

#[derive(Debug, Args)]
pub(super) struct SyncArgs {
    /// Believe the source also when it knows nobody of those who are noted as online
    #[arg(long)]
    trust_source: bool,
    /// Only say what would be written
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct SweepArgs {
    /// Only say how many there are
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Users; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

/// Whether somebody is there.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum State {
    /// At least one connection
    Online,
    /// None
    Offline,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok presence set ada online --connection phone --ttl 60s")]
pub(super) struct SetArgs {
    /// The user
    #[arg(value_name = "ID")]
    id: String,
    /// online or offline
    #[arg(value_name = "STATE", hide_possible_values = true)]
    state: State,
    /// Which of the user's connections
    #[arg(long, value_name = "NAME", default_value = "cli")]
    connection: String,
    /// How long this counts unless it is said again [default: for ever]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<Span>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let output = invocation.output;
    match command {
        Command::Watch(arguments) => watch(invocation, arguments.online).await,
        Command::List(WatchArgs { online }) => output.items(&perform!(
            invocation,
            presence::list::run(list::Input { online })
        )?),
        Command::Show(arguments) => show(invocation, &arguments).await,
        Command::Set(arguments) => {
            let dry_run = arguments.dry_run;
            let says = announce::Announcement {
                state: match arguments.state {
                    State::Online => PresenceState::Online,
                    State::Offline => PresenceState::Offline,
                },
                ttl: arguments.ttl,
            };
            let input = announce::Input {
                user: arguments.id.parse()?,
                connection: arguments.connection,
                says,
                said_by: "command line".to_owned(),
            };
            if dry_run {
                announce::check(&input)?;
                let (id, connection) = (input.user.as_str(), &input.connection);
                let state = says.state.as_str();
                let plan = json!({ "id": id, "connection": connection, "state": state });
                output.one(&plan, id)?;
                output.nothing_done();
                return Ok(());
            }
            let person = perform!(invocation, presence::announce::run(input))?;
            output.one(&person, &person.id)
        }
        Command::Sync(arguments) => {
            if arguments.dry_run {
                let report = perform!(invocation, presence::audit::run())?;
                output.plan(&report, &report.drift)?;
                output.nothing_done();
                return Ok(());
            }
            invocation.stop_on_signal()?;
            let trust = follow::Trust::full_if(arguments.trust_source);
            done(
                output,
                &perform!(invocation, presence::follow::run_once(trust))?,
            )
        }
        Command::Audit => {
            let report = perform!(invocation, presence::audit::run())?;
            if output.is_machine() {
                output.one(&report, "")?;
            } else {
                output.items(&report.drift)?;
            }
            report.verdict().map_or(Ok(()), Err)
        }
        Command::Sweep(SweepArgs { dry_run: true }) => {
            output.one(&perform!(invocation, presence::sweep::plan())?, "")?;
            output.nothing_done();
            Ok(())
        }
        Command::Sweep(_) => done(output, &perform!(invocation, presence::sweep::run())?),
    }
}

/// Tells what a run did, which nobody waits for who asked for quiet.
fn done(output: &Output, report: &impl Serialize) -> Result<()> {
    if output.is_silent() {
        return Ok(());
    }
    output.one(report, "")
}

async fn show(invocation: &Invocation<'_>, arguments: &ShowArgs) -> Result<()> {
    let output = invocation.output;
    let ids = stdin_names::read(&arguments.ids)?;
    let one = async |id: &str| {
        let user = id.to_owned();
        perform!(invocation, presence::show::run(show::Input { user }))
    };
    let people = invocation.each(&ids, one).await?;
    let ([person], [_]) = (people.as_slice(), ids.as_slice()) else {
        return output.items(&people);
    };
    if output.is_machine() {
        return output.one(person, &person.presence.id);
    }
    output.one(&person.presence, &person.presence.id)?;
    if person.connections.is_empty() {
        return Ok(());
    }
    output.items(&person.connections)
}

/// Until a signal comes, or nobody reads any more.
async fn watch(invocation: &Invocation<'_>, online: bool) -> Result<()> {
    invocation.stop_on_signal()?;
    let output = invocation.output;
    let mut news = stream!(invocation, presence::list::watch());
    let mut people: BTreeMap<String, UserPresence> = BTreeMap::new();
    let mut live = LiveTable::default();
    let mut current = false;
    loop {
        let event = tokio::select! {
            () = invocation.stop().cancelled() => return Ok(()),
            event = news.try_next() => event?,
        };
        let row = match event {
            None => return Ok(()),
            Some(PresenceChange::Current) => {
                current = true;
                None
            }
            Some(PresenceChange::Person(person)) => {
                let there = person.state == PresenceState::Online;
                let was_there = people.contains_key(&person.id);
                if online && !there {
                    people.remove(&person.id);
                } else {
                    people.insert(person.id.clone(), person.clone());
                }
                // Whoever is not shown and was not is not told.
                Some(person).filter(|_| there || was_there || !online)
            }
        };
        let rows: Vec<UserPresence> = if current {
            people.values().cloned().collect()
        } else {
            Vec::new()
        };
        output.live(row.as_ref(), &mut live, &rows)?;
        if output.is_closed() {
            return Ok(());
        }
    }
}

impl Row for UserPresence {
    const COLUMNS: &'static [&'static str] = &["id", "state", "last changed"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.state.as_str().to_owned(),
            maybe_time(self.last_changed),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for PersonPresence {
    const COLUMNS: &'static [&'static str] = &["id", "state", "last changed", "connections"];

    fn cells(&self) -> Vec<String> {
        let mut cells = self.presence.cells();
        cells.push(self.connections.len().to_string());
        cells
    }

    fn name(&self) -> &str {
        &self.presence.id
    }
}

impl Row for ConnectionSign {
    const COLUMNS: &'static [&'static str] =
        &["connection", "state", "last sign", "expires", "said by"];

    fn cells(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            text(&self.connection),
            self.state.as_str().to_owned(),
            maybe_time(self.last_sign),
            maybe_time(self.expires_at),
            text(&self.said_by),
        ]
    }

    fn name(&self) -> &str {
        self.connection.as_deref().unwrap_or_default()
    }
}

impl Row for PresenceDrift {
    const COLUMNS: &'static [&'static str] = &["id", "source", "document"];

    fn cells(&self) -> Vec<String> {
        let state = |state: Option<PresenceState>| {
            state.map_or_else(|| "-".to_owned(), |state| state.as_str().to_owned())
        };
        let mut source = state(self.source);
        if let Some(since) = self.since {
            source = format!("{source} since {since}");
        }
        vec![self.id.clone(), source, state(self.document)]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
