//! `tok device …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::remove::{remove_each, the_named};
use super::room::Consent;
use super::stdin_names;
use super::table::time;
use super::values;
use super::workplace::{perform, stream};
use crate::commands::device::register;
use crate::error::{Error, Result};
use crate::model::device::{Device, Platform};
use crate::model::subscription::BrowserSubscription;

/// Manage devices that can be rung
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Register a device, or refresh what is known of it
    Register(RegisterArgs),
    /// List devices, by id
    List(ListArgs),
    /// Delete devices; calls that they are in end first
    Delete(DeleteArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "A push token is a secret and would be seen in the list of processes, so it is read from a file.\n\n\
    Example:\n  tok device register --platform gcm --user ada --token-file - < token.txt\n  \
    tok device register --platform web --user ada --subscription - < subscription.json"
)]
pub(super) struct RegisterArgs {
    /// File with the push token; - reads it from stdin
    #[arg(
        long,
        value_name = "FILE",
        value_parser = values::path_or_stdin(),
        required_unless_present = "subscription",
        conflicts_with = "subscription"
    )]
    token_file: Option<String>,
    /// File with a browser's subscription as JSON, for web; - reads it from stdin
    #[arg(long, value_name = "FILE", value_parser = values::path_or_stdin())]
    subscription: Option<String>,
    /// Whose push service the token is of: gcm, apns or web
    #[arg(long, value_name = "PLATFORM", value_parser = values::platform(), hide_possible_values = true)]
    platform: Platform,
    /// Whose device it is
    #[arg(long, value_name = "ID")]
    user: Option<String>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct ListArgs {
    /// Stop after so many devices
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
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
        Command::Register(arguments) => register(invocation, arguments).await,
        Command::List(arguments) => {
            let pages = stream!(invocation, device::list::all());
            invocation.output.list(pages, arguments.limit).await
        }
        Command::Delete(arguments) => delete(invocation, &arguments).await,
    }
}

async fn register(invocation: &Invocation<'_>, arguments: RegisterArgs) -> Result<()> {
    let input = register::Input {
        token: arguments
            .token_file
            .as_deref()
            .map(stdin_names::secret)
            .transpose()?,
        platform: arguments.platform,
        subscription: arguments
            .subscription
            .as_deref()
            .map(subscription)
            .transpose()?,
        user_id: arguments.user,
    };
    if arguments.dry_run {
        let plan = perform!(invocation, device::register::plan(input))?;
        invocation.output.one(&plan, &plan.device_id)?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let device = perform!(invocation, device::register::run(input))?;
    invocation.output.one(&device, &device.id)
}

/// A browser's subscription in a file, which is a secret.
fn subscription(file: &str) -> Result<BrowserSubscription> {
    serde_json::from_str(&stdin_names::secret(file)?).map_err(|_| {
        Error::invalid("the subscription is no JSON like {\"endpoint\": …, \"keys\": {\"p256dh\": …, \"auth\": …}}")
    })
}

async fn delete(invocation: &Invocation<'_>, arguments: &DeleteArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    let question = |devices: &[Device]| format!("Delete {}?", the_named("device", devices));
    let plan = async |id: &str| perform!(invocation, device::delete::plan(id.into()));
    let apply = async |id: &str| perform!(invocation, device::delete::run(id.into()));
    remove_each(invocation, &ids, &arguments.consent, question, plan, apply).await
}

impl Row for Device {
    const COLUMNS: &'static [&'static str] = &["id", "platform", "user", "token", "updated"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.id.clone(),
            self.platform.as_str().to_owned(),
            self.user_id.clone().unwrap_or_else(|| "-".to_owned()),
            self.token.clone(),
            time(self.updated_at),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}
