//! `tok room update`

use clap::Args;
use serde_json::Value;

use super::{At, Settings, properties};
use crate::cli::invocation::Invocation;
use crate::cli::workplace::perform;
use crate::commands::room::update;
use crate::error::{Error, Result};

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok room update standup --expires 24h\n  \
    tok room update standup --unset expires --privacy private")]
pub(crate) struct UpdateArgs {
    /// The room
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    at: At,
    #[command(flatten)]
    settings: Settings,
    /// Bring back to the default: expires, not-before, max-participants, or a property
    #[arg(long, value_name = "SETTING")]
    unset: Vec<String>,
    /// Only check what would be changed
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) async fn run(invocation: &Invocation<'_>, arguments: UpdateArgs) -> Result<()> {
    let settings = arguments.settings;
    let mut changes = update::RoomChanges {
        privacy: settings.privacy,
        not_before: settings.not_before.map(Some),
        expires: settings.expires.map(Some),
        max_participants: settings.max_participants.map(Some),
        properties: properties(&settings.properties)?,
    };
    for setting in &arguments.unset {
        let said_twice = match setting.as_str() {
            "expires" => changes.expires.replace(None).is_some(),
            "not-before" => changes.not_before.replace(None).is_some(),
            "max-participants" => changes.max_participants.replace(None).is_some(),
            property => {
                let property = property.to_owned();
                changes.properties.insert(property, Value::Null).is_some()
            }
        };
        if said_twice {
            return Err(Error::invalid(format!(
                "`{setting}` cannot be set and unset at once"
            )));
        }
    }
    let input = update::Input {
        name: arguments.name.parse()?,
        backend: arguments.at.backend,
        changes,
    };
    if arguments.dry_run {
        let room = perform!(invocation, room::update::plan(input))?;
        invocation.output.one(&room, room.name.as_str())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let room = perform!(invocation, room::update::run(input))?;
    invocation.output.one(&room, room.name.as_str())
}
