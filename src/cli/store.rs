//! `tok store …`

use std::fs::File;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::confirm::confirm;
use super::invocation::{self, Invocation, Within};
use super::output::{Output, Row};
use super::terminal::is_terminal;
use super::{io_error, values};
use crate::commands::store::{backup, check, discard, restore, seal};
use crate::config::{Store, read_secret};
use crate::error::{Error, Kind, Result};
use crate::model::counted::agreed;

/// Save the store, bring it back, seal it, check it
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Copy the store into a file, at one moment, while servers go on writing
    Backup(BackupArgs),
    /// Replace the store by a backup; nobody may be at work on the data directory
    Restore(RestoreArgs),
    /// Check the file, every document, rooms and indexes; exits 12 when something is wrong
    Check,
    /// Remove a document that cannot be read
    Discard(DiscardArgs),
    /// Seal the keys and secrets in the store with a secret outside of it, after a look at them
    Seal(SealArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok store backup /backups/tok.db\n  \
    tok store backup - | gzip > tok.db.gz\n\n\
    The file appears when it is whole and checked; a former backup of that name is replaced then. It\n\
    holds keys: keep it as safe as the store. The search index is not in it, tok work makes it again.")]
pub(super) struct BackupArgs {
    /// The file; - writes to stdout
    #[arg(value_name = "FILE", value_parser = values::path())]
    file: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    tok store restore /backups/tok.db --dry-run\n  \
    gunzip -c tok.db.gz | tok store restore - --yes\n\n\
    The former store is kept beside it as tok.db.before until the next restore.")]
pub(super) struct RestoreArgs {
    /// The backup; - reads it from stdin
    #[arg(value_name = "FILE", value_parser = values::path())]
    file: PathBuf,
    /// Say what would happen, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  tok store discard tok_rooms local:standup --yes\n\n\
    tok doctor and tok store check name the documents that cannot be read."
)]
pub(super) struct DiscardArgs {
    /// Its collection
    #[arg(value_name = "COLLECTION")]
    collection: String,
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
    /// Say what would happen, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    head -c 32 /dev/urandom | base64 > tok.secret\n  \
    tok store seal --dry-run\n  \
    tok store seal --old-secret-file old.secret --yes\n\n\
    From then on a key or a secret that somebody else wrote into the database counts for nothing.\n\
    What is sealed is listed first: whoever could write there may have put something among it.\n\
    It may be run again, and beside servers; restart those with auth.secret_file, then run it\n\
    once more.")]
pub(super) struct SealArgs {
    /// A file with the secret before this one, whose seals are good as well
    #[arg(long, value_name = "FILE", value_parser = values::path())]
    old_secret_file: Option<PathBuf>,
    /// Say what would be sealed, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) fn run(command: Command, within: &Within<'_>) -> Result<()> {
    match command {
        // It opens no store: that is what it replaces.
        Command::Restore(arguments) => invocation::block_on(restore(within, &arguments)),
        Command::Backup(arguments) => {
            within.run_on_store(async |invocation| backup(invocation, &arguments.file).await)
        }
        Command::Check => within.run_on_store(async |invocation| check(invocation).await),
        Command::Discard(arguments) => {
            within.run_on_store(async |invocation| discard(invocation, &arguments).await)
        }
        Command::Seal(arguments) => {
            within.run_on_store(async |invocation| seal(invocation, &arguments).await)
        }
    }
}

async fn backup(invocation: &Invocation<'_>, file: &Path) -> Result<()> {
    invocation.stop_on_signal()?;
    if file.as_os_str() != "-" {
        let to = file.to_owned();
        let report = backup::run(&invocation.store()?.context, backup::Input { to }).await?;
        if invocation.output.is_silent() {
            return Ok(());
        }
        return invocation
            .output
            .one(&report, &report.file.to_string_lossy());
    }
    if is_terminal() {
        return Err(Error::invalid(
            "a backup is no text for a terminal; name a file, or send it on with |",
        ));
    }
    // The copy needs a file of which any part can be written.
    let path = invocation.store()?.data_dir.join("tok.db.backup");
    let to = path.clone();
    backup::run(&invocation.store()?.context, backup::Input { to }).await?;
    let opened = File::open(&path);
    // However this ends, nothing is left: where an open file keeps its name it goes at the end.
    let removed = std::fs::remove_file(&path);
    let mut file = opened.map_err(|error| io_error(path.display(), error))?;
    invocation.output.pass_on(&mut file)?;
    if removed.is_err() {
        drop(file);
        std::fs::remove_file(&path).map_err(|error| io_error(path.display(), error))?;
    }
    Ok(())
}

async fn restore(within: &Within<'_>, arguments: &RestoreArgs) -> Result<()> {
    let flags = (&[][..], within.needed);
    let loaded =
        invocation::load_and_warn(within.global, within.environment, within.output, flags)?;
    if loaded.config.documents.backend != Store::Sqlite {
        return Err(Error::new(
            Kind::Unsupported,
            "only the embedded store is restored by tok; see gcloud firestore import",
        ));
    }
    let (dir, file) = (&loaded.data_dir, &arguments.file);
    let input = restore::Input {
        data_dir: dir.clone(),
        file: file.clone(),
    };
    if arguments.dry_run {
        let report = restore::plan(input).await?;
        let named = report.data_dir.to_string_lossy().into_owned();
        return within.output.one(&report, &named);
    }
    let question = format!(
        "Replace the store in {} by {}?",
        dir.display(),
        file.display()
    );
    confirm(arguments.yes, question).await?;
    let report = restore::run(input).await?;
    within
        .output
        .one(&report, &report.data_dir.to_string_lossy())?;
    within
        .output
        .inform("the search index is made again by tok work, or now by tok search reindex");
    Ok(())
}

async fn check(invocation: &Invocation<'_>) -> Result<()> {
    let report = check::run(&invocation.store()?.context).await?;
    if invocation.output.is_machine() {
        invocation.output.one(&report, "")?;
        return report.verdict().map_or(Ok(()), Err);
    }
    for skipped in &report.unchecked {
        let (subject, reason) = (&skipped.subject, &skipped.reason);
        invocation
            .output
            .warn(&format!("{subject} could not be checked: {reason}"));
    }
    if report.wrong > 0 {
        invocation.output.items(&report.differences)?;
    } else {
        let (documents, rooms) = (report.documents, report.rooms);
        let text = format!(
            "{} and {} are as they should be",
            agreed(documents, "document", "documents"),
            agreed(rooms, "room", "rooms")
        );
        invocation.output.inform(&text);
    }
    report.verdict().map_or(Ok(()), Err)
}

async fn discard(invocation: &Invocation<'_>, arguments: &DiscardArgs) -> Result<()> {
    let (collection, id) = (&arguments.collection, &arguments.id);
    discard::declared(collection)?;
    let input = discard::Input {
        collection: collection.clone(),
        id: id.clone(),
    };
    let planned = discard::plan(&invocation.store()?.context, input.clone()).await?;
    if arguments.dry_run {
        return invocation.output.one(&planned, &planned.id);
    }
    confirm(arguments.yes, format!("Remove {collection}/{id} for ever?")).await?;
    let removed = discard::run(&invocation.store()?.context, input).await?;
    invocation.output.one(&removed, &removed.id)
}

async fn seal(invocation: &Invocation<'_>, arguments: &SealArgs) -> Result<()> {
    let (context, output) = (&invocation.store()?.context, invocation.output);
    let former = arguments.old_secret_file.as_deref();
    let input = seal::Input {
        former: former.map(read_secret).transpose()?,
    };
    let plan = seal::plan(context, input).await?;
    if arguments.dry_run {
        tell_left(output, &plan.left);
        output.plan(&plan, &plan.sealed)?;
        output.nothing_done();
        return Ok(());
    }
    if !plan.sealed.is_empty() && !arguments.yes {
        for item in &plan.sealed {
            let (collection, id) = (item.collection, &item.id);
            output.inform(&format!("{collection}/{id}: {}, {}", item.what, item.was));
        }
        let many = plan.sealed.len();
        let question = format!("Seal these {many}, so that they count from now on?");
        confirm(arguments.yes, question).await?;
    }
    invocation.stop_on_signal()?;
    let report = seal::apply(context, plan).await?;
    tell_left(output, &report.left);
    output.plan(&report, &report.sealed)?;
    let (sealed, already) = (report.sealed.len(), report.already);
    output.inform(&format!("sealed now: {sealed}, before: {already}"));
    if report.forgotten > 0 {
        let many = report.forgotten;
        output.inform(&format!(
            "answers to requests with an Idempotency-Key that were kept and are forgotten: {many}"
        ));
    }
    report.verdict().map_or(Ok(()), Err)
}

fn tell_left(output: &Output, left: &[seal::SealedItem]) {
    for item in left {
        let (collection, id) = (item.collection, &item.id);
        output.warn(&format!(
            "{collection}/{id} cannot be sealed: {}, {}",
            item.what, item.was
        ));
    }
}

impl Row for seal::SealedItem {
    const COLUMNS: &'static [&'static str] = &["collection", "id", "what", "was"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.collection.to_owned(),
            self.id.clone(),
            self.what.clone(),
            self.was.to_owned(),
        ]
    }

    fn name(&self) -> &str {
        &self.id
    }
}

impl Row for check::Difference {
    const COLUMNS: &'static [&'static str] = &["check", "subject", "problem", "what to do"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.check.as_str().to_owned(),
            self.subject.clone(),
            self.problem.clone(),
            self.advice.clone(),
        ]
    }

    fn name(&self) -> &str {
        &self.subject
    }
}
