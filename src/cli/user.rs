//! `tok user …`

use clap::{Args, Subcommand};

use super::output::Row;
use super::remove::remove_each;
use super::room::Consent;
use super::session::Session;
use super::targets;
use crate::commands::user::{create, delete, list, show, update};
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
    #[arg(long, value_name = "URL")]
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
    #[arg(long, value_name = "FIELD")]
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

pub(super) async fn run(session: &Session<'_>, command: Command) -> Result<()> {
    match command {
        Command::Create(arguments) => make(session, arguments).await,
        Command::List(arguments) => all(session, &arguments).await,
        Command::Show(arguments) => look(session, &arguments).await,
        Command::Update(arguments) => change(session, arguments).await,
        Command::Delete(arguments) => remove(session, &arguments).await,
    }
}

async fn make(session: &Session<'_>, arguments: CreateArgs) -> Result<()> {
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
        let plan = create::plan(&session.context, input).await?;
        session.output.one(&plan, plan.id.as_str())?;
        session.output.nothing_done();
        return Ok(());
    }
    let user = create::run(&session.context, input).await?;
    session.output.one(&user, &user.id)
}

async fn all(session: &Session<'_>, arguments: &ListArgs) -> Result<()> {
    let pages = list::all(&session.context);
    session.output.list(pages, arguments.limit).await
}

async fn look(session: &Session<'_>, arguments: &ShowArgs) -> Result<()> {
    if let [id] = arguments.ids.as_slice()
        && id != "-"
    {
        let user = show::run(&session.context, one(id)?).await?;
        return session.output.one(&user, &user.id);
    }
    let ids = targets::read(&arguments.ids)?;
    let users = session.each(&ids, async |id| show::run(&session.context, one(id)?).await);
    session.output.items(&users.await?)
}

async fn change(session: &Session<'_>, arguments: UpdateArgs) -> Result<()> {
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
        let user = update::plan(&session.context, input).await?;
        session.output.one(&user, &user.id)?;
        session.output.nothing_done();
        return Ok(());
    }
    let user = update::run(&session.context, input).await?;
    session.output.one(&user, &user.id)
}

async fn remove(session: &Session<'_>, arguments: &DeleteArgs) -> Result<()> {
    let ids = targets::read(&arguments.ids)?;
    let context = &session.context;
    let question = |users: &[User]| {
        let ids: Vec<_> = users.iter().map(|user| user.id.as_str()).collect();
        format!("Delete the users {}?", ids.join(", "))
    };
    let plan = async |id: &str| delete::plan(context, one(id)?).await;
    let apply = async |id: &str| delete::run(context, one(id)?).await;
    remove_each(session, &ids, &arguments.consent, question, plan, apply).await
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
