//! `tok user …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::remove::{remove_each, the_named};
use super::room::Consent;
use super::workplace::{perform, stream};
use super::{stdin_names, values};
use crate::commands::user::{create, show, update};
use crate::error::{Error, Result};
use crate::model::user::User;

/// Manage users
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user
    Create(CreateArgs),
    /// List users, by id
    List(ListArgs),
    /// Show users
    Show(ShowArgs),
    /// Change what is known of a user
    Update(UpdateArgs),
    /// Delete users
    Delete(DeleteArgs),
}

/// What is known of a person beside their name.
#[derive(Debug, Args)]
struct ProfileArgs {
    /// A picture
    #[arg(long, value_name = "URL", value_parser = values::picture)]
    photo_url: Option<String>,
    /// The given name, where the app keeps it apart
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The family name, where the app keeps it apart
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The device that calls to this person go to
    #[arg(long, value_name = "ID")]
    client_id: Option<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok user create --name Ada --id ada")]
pub(super) struct CreateArgs {
    /// The name others see
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The app's id of the person; a random one if absent
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    #[command(flatten)]
    profile: ProfileArgs,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Stop after so many users
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok user update ada --name 'Ada Lovelace' --clear photo-url")]
pub(super) struct UpdateArgs {
    /// The user
    #[arg(value_name = "ID")]
    id: String,
    /// The name others see
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    profile: ProfileArgs,
    /// Clear photo-url, first-name, last-name or client-id
    #[arg(long, value_name = "FIELD", value_parser = values::cleared(), hide_possible_values = true)]
    clear: Vec<String>,
}

#[derive(Debug, Args)]
pub(super) struct DeleteArgs {
    /// Ids; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Create(arguments) => create(invocation, arguments).await,
        Command::List(arguments) => list(invocation, &arguments).await,
        Command::Show(arguments) => show(invocation, &arguments).await,
        Command::Update(arguments) => update(invocation, arguments).await,
        Command::Delete(arguments) => delete(invocation, &arguments).await,
    }
}

async fn create(invocation: &Invocation<'_>, arguments: CreateArgs) -> Result<()> {
    let profile = arguments.profile;
    let input = create::Input {
        id: arguments.id,
        name: arguments.name,
        photo_url: profile.photo_url,
        first_name: profile.first_name,
        last_name: profile.last_name,
        client_id: profile.client_id,
    };
    if profile.dry_run {
        let plan = perform!(invocation, user::create::plan(input))?;
        invocation.output.one(&plan, plan.id.as_str())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let user = perform!(invocation, user::create::run(input))?;
    invocation.output.one(&user, &user.id)
}

async fn list(invocation: &Invocation<'_>, arguments: &ListArgs) -> Result<()> {
    let pages = stream!(invocation, user::list::all());
    invocation.output.list(pages, arguments.limit).await
}

async fn show(invocation: &Invocation<'_>, arguments: &ShowArgs) -> Result<()> {
    if let [id] = arguments.ids.as_slice()
        && id != "-"
    {
        let user = perform!(invocation, user::show::run(one(id)?))?;
        return invocation.output.one(&user, &user.id);
    }
    let ids = stdin_names::read(&arguments.ids)?;
    let users = invocation.each(&ids, async |id| {
        perform!(invocation, user::show::run(one(id)?))
    });
    invocation.output.items(&users.await?)
}

async fn update(invocation: &Invocation<'_>, arguments: UpdateArgs) -> Result<()> {
    let profile = arguments.profile;
    let mut changes = update::UserChanges {
        name: arguments.name,
        photo_url: profile.photo_url.map(Some),
        first_name: profile.first_name.map(Some),
        last_name: profile.last_name.map(Some),
        client_id: profile.client_id.map(Some),
    };
    for field in &arguments.clear {
        let said_twice = match field.as_str() {
            "photo-url" => changes.photo_url.replace(None),
            "first-name" => changes.first_name.replace(None),
            "last-name" => changes.last_name.replace(None),
            "client-id" => changes.client_id.replace(None),
            _ => {
                return Err(Error::invalid(format!(
                    "`{field}` cannot be cleared; use photo-url, first-name, last-name or client-id"
                )));
            }
        };
        if said_twice.is_some() {
            return Err(Error::invalid(format!(
                "`{field}` cannot be set and cleared at once"
            )));
        }
    }
    let id = arguments.id.parse()?;
    let input = update::Input { id, changes };
    if profile.dry_run {
        let user = perform!(invocation, user::update::plan(input))?;
        invocation.output.one(&user, &user.id)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let user = perform!(invocation, user::update::run(input))?;
    invocation.output.one(&user, &user.id)
}

async fn delete(invocation: &Invocation<'_>, arguments: &DeleteArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    let question = |users: &[User]| format!("Delete {}?", the_named("user", users));
    let plan = async |id: &str| perform!(invocation, user::delete::plan(one(id)?));
    let apply = async |id: &str| perform!(invocation, user::delete::run(one(id)?));
    remove_each(invocation, &ids, &arguments.consent, question, plan, apply).await
}

fn one(id: &str) -> Result<show::Input> {
    Ok(show::Input { id: id.parse()? })
}

impl Row for User {
    const COLUMNS: &'static [&'static str] = &["id", "name", "state", "client"];

    fn cells(&self) -> Vec<String> {
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.id.clone(),
            text(&self.profile.name),
            text(&self.profile.state),
            text(&self.profile.client_id),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
