//! `tok session …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::room::At;
use super::table::{maybe_time, time};
use super::workplace::{perform, stream};
use crate::commands::session::{attendance, list, show};
use crate::error::Result;
use crate::model::session::{Attendance, PersonAttendance, Session};

/// See what took place in rooms and who was there
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List sessions, the newest first
    List(ListArgs),
    /// Show a session
    Show(ShowArgs),
    /// Say who was in a room, when and for how long
    Attendance(AttendanceArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Only those of this room
    #[arg(value_name = "ROOM")]
    room: Option<String>,
    #[command(flatten)]
    at: At,
    /// Stop after so many sessions
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The vendor's id of the session
    #[arg(value_name = "ID")]
    id: String,
    #[command(flatten)]
    at: At,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Of a person who came several times the stays are merged where they overlap. With -o csv there\n\
    is one line per person and session, which spreadsheets can add up.\n\n\
    Example:\n  tok session attendance standup --every -o csv > attendance.csv"
)]
pub(super) struct AttendanceArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    #[command(flatten)]
    at: At,
    /// Only this session, by the vendor's id
    #[arg(long, value_name = "ID", conflicts_with = "every")]
    session: Option<String>,
    /// Every session instead of the latest
    #[arg(long)]
    every: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::List(arguments) => {
            let input = list::Input {
                backend: arguments.at.backend,
                room: arguments.room,
                ..list::Input::default()
            };
            let pages = stream!(invocation, session::list::all(input));
            invocation.output.list(pages, arguments.limit).await
        }
        Command::Show(arguments) => {
            let (id, backend) = (arguments.id, arguments.at.backend);
            let session = perform!(invocation, session::show::run(show::Input { id, backend }))?;
            invocation.output.one(&session, &session.id)
        }
        Command::Attendance(arguments) => {
            let input = attendance::Input {
                room: arguments.room,
                backend: arguments.at.backend,
                session: arguments.session,
                every: arguments.every,
            };
            let found = perform!(invocation, session::attendance::run(input))?;
            if invocation.output.is_machine() {
                return invocation.output.items(&found);
            }
            let lines: Vec<AttendanceRow> = found.iter().flat_map(AttendanceRow::of).collect();
            invocation.output.items(&lines)
        }
    }
}

impl Row for Session {
    const COLUMNS: &'static [&'static str] = &["id", "room", "backend", "began", "ended", "legs"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.room.clone(),
            self.backend.to_string(),
            time(self.started_at),
            maybe_time(self.ended_at),
            self.legs.len().to_string(),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for Attendance {
    const COLUMNS: &'static [&'static str] = &["session", "room", "began", "ended", "people"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.session_id.clone(),
            self.room.clone(),
            time(self.started_at),
            maybe_time(self.ended_at),
            self.people.len().to_string(),
        ]
    }

    fn name(&self) -> &str {
        &self.session_id
    }
}

/// One person in one session.
#[derive(serde::Serialize)]
struct AttendanceRow {
    session: String,
    #[serde(flatten)]
    person: PersonAttendance,
}

impl AttendanceRow {
    fn of(attendance: &Attendance) -> Vec<Self> {
        let people = attendance.people.iter();
        people
            .map(|person| Self {
                session: attendance.session_id.clone(),
                person: person.clone(),
            })
            .collect()
    }
}

impl Row for AttendanceRow {
    const COLUMNS: &'static [&'static str] = &[
        "session", "user", "name", "first_in", "last_out", "ms", "open",
    ];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        let (first, last) = (self.person.intervals.first(), self.person.intervals.last());
        vec![
            self.session.clone(),
            text(&self.person.user_id),
            text(&self.person.user_name),
            maybe_time(first.map(|interval| interval.from)),
            maybe_time(last.and_then(|interval| interval.to)),
            self.person.duration_ms.to_string(),
            self.person.open.to_string(),
        ]
    }

    fn name(&self) -> &str {
        self.person.user_id.as_deref().unwrap_or_default()
    }
}
