//! `tok push …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::room::Consent;
use super::workplace::{Workplace, perform};
use crate::commands::store::sealed;
use crate::error::Result;

/// Manage what browsers are rung with
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The key pair that browsers subscribe with
    #[command(subcommand)]
    Key(PushKeyCommand),
}

/// The key pair that browsers subscribe with
#[derive(Debug, Subcommand)]
pub(super) enum PushKeyCommand {
    /// Show the public key; the pair is made if there is none yet
    Show,
    /// Replace the key pair; every browser must subscribe anew
    Rotate(RotateArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "The key is part of each subscription, so that a new one silences them all. Only do it \
    when the private key got into wrong hands. Pages that people open subscribe anew by themselves."
)]
pub(super) struct RotateArgs {
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    let Command::Key(command) = command;
    if let Workplace::Store(store) = &invocation.workplace {
        // Either may make a pair, which must not lie open in a store that is sealed.
        sealed::insist(&store.context).await?;
    }
    match command {
        PushKeyCommand::Show => {
            let key = perform!(invocation, push::key::run())?;
            invocation.output.one(&key, &key.key)
        }
        PushKeyCommand::Rotate(arguments) => replace(invocation, &arguments.consent).await,
    }
}

async fn replace(invocation: &Invocation<'_>, consent: &Consent) -> Result<()> {
    let plan = perform!(invocation, push::rotate::plan())?;
    if consent.dry_run {
        invocation.output.one(&plan, &plan.silenced.to_string())?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let question = format!(
        "Replace the key pair? That silences {} until they subscribe anew.",
        devices(plan.silenced)
    );
    invocation.confirm(consent.yes, question).await?;
    let done = perform!(invocation, push::rotate::run())?;
    invocation.output.one(&done, &done.key)?;
    invocation.output.inform(&format!(
        "{} cannot be rung until they subscribe anew.",
        devices(done.silenced)
    ));
    Ok(())
}

fn devices(count: u64) -> String {
    match count {
        1 => "1 device".to_owned(),
        count => format!("{count} devices"),
    }
}
