//! `tok room …`

mod create;
mod delete;
mod lock;
mod prune;
mod show;
mod update;

use clap::{Args, Subcommand};
use serde_json::{Map, Value};

use super::invocation::Invocation;
use super::output::Row;
use super::table::{maybe_time, time};
use super::values;
use crate::error::{Error, Result};
use crate::model::{BackendName, Moment, Participant, Privacy, Room};

/// Manage rooms
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create rooms
    Create(create::CreateArgs),
    /// List rooms
    List(show::ListArgs),
    /// Show rooms
    Show(show::ShowArgs),
    /// Change a room's settings
    Update(update::UpdateArgs),
    /// Delete rooms, sending everyone out
    Delete(delete::DeleteArgs),
    /// Send everyone out of rooms; the rooms stay
    End(delete::EndArgs),
    /// Lock rooms: who is inside stays, and nobody new comes in
    Lock(lock::LockArgs),
    /// List who is in a room now
    Participants(show::ParticipantsArgs),
    /// Tell who came, who went and why, when it was locked, and which calls took place
    History(show::HistoryArgs),
    /// Delete the rooms that match every given filter
    Prune(Box<prune::PruneArgs>),
}

/// Where the rooms live.
#[derive(Debug, Clone, Args)]
pub(super) struct At {
    /// Where the rooms live [default: rooms.backend of the configuration]
    #[arg(long, value_name = "NAME", value_parser = values::backend())]
    pub(super) backend: Option<BackendName>,
}

/// Whether to act, and whether to ask before.
#[derive(Debug, Clone, Args)]
pub(super) struct Consent {
    /// Only say what would be done
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    pub(super) yes: bool,
}

/// What a room can be set to.
#[derive(Debug, Args)]
pub(super) struct Settings {
    /// Who may come in: public (everybody with the link) or private (holders of a token)
    #[arg(long, value_name = "PRIVACY", value_parser = values::privacy(), hide_possible_values = true)]
    pub(super) privacy: Option<Privacy>,
    /// Close at this time, or so long from now: 2026-12-24T18:00:00Z, 24h, 30d
    #[arg(long, value_name = "WHEN")]
    pub(super) expires: Option<Moment>,
    /// Open at this time, or so long from now
    #[arg(long, value_name = "WHEN")]
    pub(super) not_before: Option<Moment>,
    /// How many people fit in
    #[arg(long, value_name = "N")]
    pub(super) max_participants: Option<u32>,
    /// A further setting by the backend's own name; the value is JSON or a plain text
    #[arg(long = "property", value_name = "KEY=VALUE")]
    properties: Vec<String>,
}

/// `key=value` pairs, the values as JSON where they are JSON.
pub(super) fn properties(pairs: &[String]) -> Result<Map<String, Value>> {
    pairs
        .iter()
        .map(|pair| {
            let (key, text) = pair.split_once('=').ok_or_else(|| {
                Error::invalid(format!("`{pair}` is not a property; write it as key=value"))
            })?;
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
            Ok((key.to_owned(), value))
        })
        .collect()
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Create(arguments) => create::run(invocation, arguments).await,
        Command::List(arguments) => show::list(invocation, arguments).await,
        Command::Show(arguments) => show::show(invocation, arguments).await,
        Command::Update(arguments) => update::run(invocation, arguments).await,
        Command::Delete(arguments) => delete::run(invocation, arguments).await,
        Command::End(arguments) => delete::end(invocation, arguments).await,
        Command::Lock(arguments) => lock::run(invocation, arguments).await,
        Command::Participants(arguments) => show::participants(invocation, arguments).await,
        Command::History(arguments) => show::history(invocation, arguments).await,
        Command::Prune(arguments) => prune::run(invocation, *arguments).await,
    }
}

impl Row for Room {
    const COLUMNS: &'static [&'static str] =
        &["name", "backend", "privacy", "created", "expires", "url"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.name.to_string(),
            self.backend.to_string(),
            self.privacy.as_str().to_owned(),
            time(self.created_at),
            maybe_time(self.expires_at),
            self.url.clone(),
        ]
    }

    fn name(&self) -> &str {
        self.name.as_str()
    }
}

impl Row for Participant {
    const COLUMNS: &'static [&'static str] = &["id", "user", "name", "joined"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.id.clone(),
            text(&self.user_id),
            text(&self.user_name),
            maybe_time(self.joined_at),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
