//! `tok participant …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::{Format, Row};
use super::stdin_names;
use super::table::{counted, time};
use super::workplace::perform;
use crate::commands::participant::{admit, bans, kick, list, mute, promote, unban};
use crate::error::{Error, Reason, Result};
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
    #[command(
        after_help = "Where media goes through the server they are not heard from then on, until --lift.\n\nExample:\n  tok participant mute standup 2f6a…\n  tok participant mute standup 2f6a… --lift"
    )]
    Mute(MuteArgs),
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
    /// Only say who they are
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct ManyArgs {
    /// The room
    #[arg(value_name = "ROOM")]
    room: String,
    /// Participants; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    /// Only say who they are
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct MuteArgs {
    #[command(flatten)]
    whom: ManyArgs,
    /// Let them speak again
    #[arg(long)]
    lift: bool,
}

impl OneArgs {
    fn alone(self) -> ManyArgs {
        ManyArgs {
            room: self.room,
            ids: vec![self.id],
            dry_run: self.dry_run,
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct KickArgs {
    #[command(flatten)]
    whom: ManyArgs,
    /// For good: neither their key nor their token nor another one of the same user opens the room
    /// again
    #[arg(long)]
    ban: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::List(ListArgs { room, all }) => {
            let room = room.parse()?;
            let mut people = perform!(invocation, participant::list::run(list::Input { room }))?;
            people.retain(|person| all || person.place != Place::Gone);
            invocation.output.items(&people)
        }
        Command::Kick(arguments) => kick(invocation, &arguments).await,
        Command::Bans(BansArgs { room }) => {
            let (room, by) = (room.parse()?, Actor::Operator);
            let bans = perform!(invocation, participant::bans::run(bans::Input { room, by }))?;
            invocation.output.items(&bans)
        }
        Command::Unban(whom) => unban(invocation, &whom).await,
        Command::Mute(MuteArgs { whom, lift }) => {
            let act = async |room, target| {
                let input = mute::Input {
                    room,
                    by: Actor::Operator,
                    target,
                    lift,
                };
                perform!(invocation, participant::mute::run(input))
            };
            let done = if lift {
                "may speak again"
            } else {
                "asked to turn off the microphone"
            };
            each(invocation, &whom, done, act).await
        }
        Command::Admit(whom) => decide(invocation, &whom, true).await,
        Command::Refuse(whom) => decide(invocation, &whom, false).await,
        Command::Promote(one) => {
            let act = async |room, target| {
                let by = Actor::Operator;
                perform!(
                    invocation,
                    participant::promote::run(promote::Input { room, by, target })
                )
            };
            each(invocation, &one.alone(), "made a host", act).await
        }
    }
}

async fn decide(invocation: &Invocation<'_>, whom: &ManyArgs, accept: bool) -> Result<()> {
    let act = async |room, target| {
        let input = admit::Input {
            room,
            by: Actor::Operator,
            target,
            accept,
        };
        perform!(invocation, participant::admit::run(input))
    };
    let what = if accept { "let in" } else { "sent away" };
    each(invocation, whom, what, act).await
}

async fn unban(invocation: &Invocation<'_>, whom: &ManyArgs) -> Result<()> {
    let ids = ids(whom)?;
    let by = Actor::Operator;
    let room: RoomName = whom.room.parse()?;
    let input = bans::Input {
        room: room.clone(),
        by,
    };
    let mut banned = perform!(invocation, participant::bans::run(input))?;
    banned.retain(|person| ids.contains(&person.id));
    if whom.dry_run {
        return planned(invocation, &banned);
    }
    let done = invocation
        .each(&ids, async |id| {
            let (room, by, target) = (room.clone(), Actor::Operator, id.to_owned());
            perform!(
                invocation,
                participant::unban::run(unban::Input { room, by, target })
            )?;
            Ok(id.to_owned())
        })
        .await?;
    banned.retain(|person| done.contains(&person.id));
    told(invocation, &banned, done.len(), "may come in again")
}

async fn kick(invocation: &Invocation<'_>, arguments: &KickArgs) -> Result<()> {
    let KickArgs { whom, ban, yes } = arguments;
    let ids = ids(whom)?;
    if whom.dry_run {
        let people = known(invocation, &whom.room, &ids).await?;
        return planned(invocation, &people);
    }
    let people = counted(ids.len(), "participant");
    let question = format!("Send {people} out of {}?", whom.room);
    invocation.confirm(*yes, question).await?;
    let act = async |room, target| {
        let (by, ban) = (Actor::Operator, *ban);
        let input = kick::Input {
            room,
            by,
            target,
            ban,
        };
        perform!(invocation, participant::kick::run(input))
    };
    act_on(invocation, whom, &ids, "sent out", act).await
}

/// The participants who are named; nobody on stdin is nobody.
fn ids(whom: &ManyArgs) -> Result<Vec<String>> {
    stdin_names::read(&whom.ids)
}

/// The people with these ids.
async fn known(invocation: &Invocation<'_>, room: &str, ids: &[String]) -> Result<Vec<Person>> {
    let input = list::Input {
        room: room.parse()?,
    };
    let people = perform!(invocation, participant::list::run(input))?;
    let find = |id: &String| {
        let found = people.iter().find(|person| person.id == *id).cloned();
        found.ok_or_else(|| {
            Error::not_found(format!("there is no participant `{id}` in {room}"))
                .reason(Reason::NoParticipant)
        })
    };
    ids.iter().map(find).collect()
}

async fn each(
    invocation: &Invocation<'_>,
    whom: &ManyArgs,
    what: &str,
    act: impl AsyncFn(RoomName, String) -> Result<()>,
) -> Result<()> {
    let ids = ids(whom)?;
    if whom.dry_run {
        let people = known(invocation, &whom.room, &ids).await?;
        return planned(invocation, &people);
    }
    act_on(invocation, whom, &ids, what, act).await
}

async fn act_on(
    invocation: &Invocation<'_>,
    whom: &ManyArgs,
    ids: &[String],
    what: &str,
    act: impl AsyncFn(RoomName, String) -> Result<()>,
) -> Result<()> {
    let room: RoomName = whom.room.parse()?;
    let mut before = in_room(invocation, &room).await?;
    let done = invocation
        .each(ids, async |id| {
            act(room.clone(), id.to_owned()).await?;
            Ok(id.to_owned())
        })
        .await?;
    let mut people = in_room(invocation, &room).await?;
    // Whoever was sent away while they waited is not known any more.
    before.retain(|person| people.iter().all(|now| now.id != person.id));
    people.append(&mut before);
    people.retain(|person| done.contains(&person.id));
    told(invocation, &people, done.len(), what)
}

/// Who is known in a room, where somebody wants to read it.
async fn in_room(invocation: &Invocation<'_>, room: &RoomName) -> Result<Vec<Person>> {
    if invocation.output.format == Format::Table {
        return Ok(Vec::new());
    }
    let room = room.clone();
    perform!(invocation, participant::list::run(list::Input { room }))
}

/// Shows programs whom it was done to, as they are now, and tells people how many.
fn told<T: Row>(invocation: &Invocation<'_>, them: &[T], done: usize, what: &str) -> Result<()> {
    if invocation.output.format != Format::Table {
        return invocation.output.items(them);
    }
    let many = counted(done, "participant");
    invocation.output.inform(&format!("{many}: {what}"));
    Ok(())
}

fn planned<T: Row>(invocation: &Invocation<'_>, them: &[T]) -> Result<()> {
    invocation.output.items(them)?;
    invocation.output.nothing_done();
    Ok(())
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
