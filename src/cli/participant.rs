//! `tok participant …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::room::Consent;
use super::table::{counted, time};
use super::{confirm, stdin_names};
use crate::commands::participant::{admit, bans, kick, list, mute, promote, unban};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::RoomName;
use crate::model::meeting::{Actor, BannedPerson, Person, Place};

/// Manage people in local rooms
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List who is, was or waits in a room, in the order they came
    List(ListArgs),
    /// Send people out of a room
    #[command(
        after_help = "Example:\n  tok participant kick standup 2f6a… --ban\n  tok participant list standup -o name | tok participant kick standup - --yes"
    )]
    Kick(KickArgs),
    /// List who was sent out of a room for good
    Bans(BansArgs),
    /// Let people into a room again who were sent out for good
    #[command(
        after_help = "Example:\n  tok participant bans standup -o name | tok participant unban standup -"
    )]
    Unban(ManyArgs),
    /// Ask people to turn off their microphones
    Mute(ManyArgs),
    /// Let people in who wait
    Admit(ManyArgs),
    /// Send people away who wait
    Refuse(ManyArgs),
    /// Make somebody a host
    Promote(OneArgs),
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// Also those who went
    #[arg(long)]
    all: bool,
}

#[derive(Debug, Args)]
pub(super) struct BansArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
}

#[derive(Debug, Args)]
pub(super) struct OneArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// The participant
    #[arg(value_name = "ID")]
    id: String,
}

#[derive(Debug, Args)]
pub(super) struct ManyArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// Participants; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct KickArgs {
    #[command(flatten)]
    whom: ManyArgs,
    /// For good: neither their key nor their token nor another one of the same user opens the room
    /// again
    #[arg(long)]
    ban: bool,
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let context = &invocation.context;
    match command {
        Command::List(ListArgs { room, all }) => {
            let room = room.parse()?;
            let mut people = list::run(context, list::Input { room }).await?;
            people.retain(|person| all || person.place != Place::Gone);
            invocation.output.items(&people)
        }
        Command::Kick(arguments) => kick(invocation, &arguments).await,
        Command::Bans(BansArgs { room }) => {
            let (room, by) = (room.parse()?, Actor::Operator);
            let bans = bans::run(context, bans::Input { room, by }).await?;
            invocation.output.items(&bans)
        }
        Command::Unban(whom) => {
            let act = async |room, target| {
                let by = Actor::Operator;
                unban::run(context, unban::Input { room, by, target }).await
            };
            each(invocation, &whom, act).await
        }
        Command::Mute(whom) => {
            let act = async |room, target| {
                let by = Actor::Operator;
                mute::run(context, mute::Input { room, by, target }).await
            };
            each(invocation, &whom, act).await
        }
        Command::Admit(whom) => decide(invocation, &whom, true).await,
        Command::Refuse(whom) => decide(invocation, &whom, false).await,
        Command::Promote(OneArgs { room, id }) => {
            let input = promote::Input {
                room: room.parse()?,
                by: Actor::Operator,
                target: id,
            };
            promote::run(context, input).await
        }
    }
}

async fn decide(invocation: &Invocation<'_>, whom: &ManyArgs, accept: bool) -> Result<()> {
    let context = &invocation.context;
    let act = async |room, target| {
        let input = admit::Input {
            room,
            by: Actor::Operator,
            target,
            accept,
        };
        admit::run(context, input).await
    };
    each(invocation, whom, act).await
}

async fn kick(invocation: &Invocation<'_>, arguments: &KickArgs) -> Result<()> {
    let KickArgs { whom, ban, consent } = arguments;
    let ids = stdin_names::read(&whom.ids)?;
    if consent.dry_run {
        let people = known(&invocation.context, &whom.room, &ids).await?;
        invocation.output.nothing_done();
        return invocation.output.items(&people);
    }
    let people = counted(ids.len(), "participant");
    let question = format!("Send {people} out of {}?", whom.room);
    confirm::confirm(consent.yes, question).await?;
    let context = &invocation.context;
    invocation
        .each(&ids, async |id| {
            let input = kick::Input {
                room: whom.room.parse()?,
                by: Actor::Operator,
                target: id.to_owned(),
                ban: *ban,
            };
            kick::run(context, input).await
        })
        .await
        .map(|_| ())
}

/// The people with these ids.
async fn known(context: &Context, room: &str, ids: &[String]) -> Result<Vec<Person>> {
    let input = list::Input {
        room: room.parse()?,
    };
    let people = list::run(context, input).await?;
    let find = |id: &String| {
        let found = people.iter().find(|person| person.id == *id).cloned();
        found.ok_or_else(|| Error::not_found(format!("there is no participant `{id}` in {room}")))
    };
    ids.iter().map(find).collect()
}

async fn each(
    invocation: &Invocation<'_>,
    whom: &ManyArgs,
    act: impl AsyncFn(RoomName, String) -> Result<()>,
) -> Result<()> {
    let ids = stdin_names::read(&whom.ids)?;
    let done = invocation.each(&ids, async |id| {
        act(whom.room.parse()?, id.to_owned()).await
    });
    done.await.map(|_| ())
}

impl Row for Person {
    const COLUMNS: &'static [&'static str] = &["id", "name", "user", "role", "place", "since"];

    fn cells(&self) -> Vec<String> {
        let place = match self.place {
            Place::Waiting => "waiting",
            Place::Inside => "inside",
            Place::Gone => "gone",
        };
        vec![
            self.id.clone(),
            self.name.clone(),
            self.user_id.clone().unwrap_or_default(),
            self.role.as_str().to_owned(),
            place.to_owned(),
            time(self.joined_at),
        ]
    }

    #[allow(
        clippy::misnamed_getters,
        reason = "rows are named by what commands take, which is the id"
    )]
    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for BannedPerson {
    const COLUMNS: &'static [&'static str] = &["id", "name", "user", "by", "since"];

    fn cells(&self) -> Vec<String> {
        let by = if self.by_operator { "operator" } else { "host" };
        vec![
            self.id.clone(),
            self.name.clone().unwrap_or_default(),
            self.user_id.clone().unwrap_or_default(),
            by.to_owned(),
            self.at.map_or_else(|| "-".to_owned(), time),
        ]
    }

    #[allow(
        clippy::misnamed_getters,
        reason = "rows are named by what commands take, which is the id"
    )]
    fn name(&self) -> &str {
        &self.id
    }
}
