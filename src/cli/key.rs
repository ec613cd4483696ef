//! `tok key …`

use clap::{Args, Subcommand};

use super::invocation::Invocation;
use super::output::Row;
use super::remove::remove_each;
use super::room::Consent;
use super::stdin_names;
use super::table::{maybe_time, time};
use super::values;
use crate::commands::key::list::ListedKey;
use crate::commands::key::{create, list, revoke};
use crate::error::Result;
use crate::model::key::{ApiKey, Scope};
use crate::model::{Moment, Role};

/// Manage API keys of `tok serve`
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key; its secret is shown this once
    Create(CreateArgs),
    /// List the keys, without their secrets
    List,
    /// Revoke keys; running servers refuse them within 100 ms
    Revoke(RevokeArgs),
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tok key create app --scope rooms:read --scope tokens --expires 90d -o name > app.key"
)]
pub(super) struct CreateArgs {
    /// What to call it
    #[arg(value_name = "NAME")]
    name: String,
    /// What it may do; repeat for more [default: everything]
    #[arg(long = "scope", value_name = "SCOPE", value_parser = values::scope())]
    scopes: Vec<Scope>,
    /// The strongest role of join tokens it may mint: viewer, participant or host
    #[arg(long, value_name = "ROLE", default_value = "participant", value_parser = values::role(), hide_possible_values = true)]
    max_role: Role,
    /// No good from then on: a time, or how long from now
    #[arg(long, value_name = "WHEN")]
    expires: Option<Moment>,
    /// Only say what would be done
    #[arg(short = 'n', long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct RevokeArgs {
    /// Ids as listed; - reads them from stdin
    #[arg(value_name = "ID", required = true)]
    ids: Vec<String>,
    #[command(flatten)]
    consent: Consent,
}

pub(super) async fn run(invocation: &Invocation<'_>, command: Command) -> Result<()> {
    match command {
        Command::Create(arguments) => create(invocation, arguments).await,
        Command::List => invocation
            .output
            .items(&list::run(&invocation.store()?.context).await?),
        Command::Revoke(arguments) => revoke(invocation, &arguments).await,
    }
}

async fn create(invocation: &Invocation<'_>, arguments: CreateArgs) -> Result<()> {
    let input = create::Input {
        name: arguments.name,
        scopes: arguments.scopes.into_iter().collect(),
        max_role: arguments.max_role,
        expires: arguments.expires,
    };
    if arguments.dry_run {
        let plan = create::plan(&invocation.store()?.context, input).await?;
        invocation.output.one(&plan, "")?;
        invocation.output.nothing_done();
        return Ok(());
    }
    let key = create::run(&invocation.store()?.context, input).await?;
    let printed = invocation.output.one(&key, &key.secret);
    if let Err(error) = printed.and_then(|()| invocation.output.flush()) {
        // A key whose secret nobody saw must not stay behind.
        revoke::run(&invocation.store()?.context, key.key.id.into()).await?;
        return Err(
            error.saying("the key is revoked again, as its secret cannot be written to stdout")
        );
    }
    invocation
        .output
        .inform("Keep the secret now: it is not stored and cannot be shown again.");
    Ok(())
}

async fn revoke(invocation: &Invocation<'_>, arguments: &RevokeArgs) -> Result<()> {
    let ids = stdin_names::read(&arguments.ids)?;
    let context = &invocation.store()?.context;
    let question = |keys: &[ApiKey]| {
        let names: Vec<_> = keys.iter().map(|key| key.name.as_str()).collect();
        format!("Revoke {}?", names.join(", "))
    };
    let plan = async |id: &str| revoke::plan(context, id.into()).await;
    let apply = async |id: &str| revoke::run(context, id.into()).await;
    remove_each(invocation, &ids, &arguments.consent, question, plan, apply).await
}

impl Row for ListedKey {
    const COLUMNS: &'static [&'static str] = ApiKey::COLUMNS;

    fn cells(&self) -> Vec<String> {
        let mut cells = self.key.cells();
        if let (Some(why), Some(name)) = (self.not_sealed, cells.get_mut(1)) {
            *name = format!("{name} ({why}: opens nothing)");
        }
        cells
    }

    fn name(&self) -> &str {
        self.key.name()
    }
}

impl Row for ApiKey {
    const COLUMNS: &'static [&'static str] =
        &["id", "name", "scopes", "max role", "created", "expires"];

    fn cells(&self) -> Vec<String> {
        let scopes: Vec<_> = self.scopes.iter().map(|scope| scope.as_str()).collect();
        let scopes = if scopes.len() == Scope::ALL.len() {
            "everything".to_owned()
        } else {
            scopes.join(" ")
        };
        vec![
            self.id.clone(),
            self.name.clone(),
            scopes,
            self.max_role.as_str().to_owned(),
            time(self.created_at),
            maybe_time(self.expires_at),
        ]
    }

    #[expect(
        clippy::misnamed_getters,
        reason = "the id is what other commands take"
    )]
    fn name(&self) -> &str {
        &self.id
    }
}
