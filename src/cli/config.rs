//! `tok config …`

use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::{Output, Row};
use super::{Global, invocation, io_error, serve, values};
use crate::config::{self, Environment, Setting};
use crate::context::Context;
use crate::error::{Error, Result};
use crate::model::private_file::write_private;

/// Write, show and check the configuration
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write a commented tok.toml with every setting at its default
    Init(InitArgs),
    /// Show every setting with where its value came from; secrets are hidden
    Show,
    /// Check the configuration and open what it names, without changing anything upstream
    Check,
}

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Where to write it; - prints it
    #[arg(value_name = "FILE", default_value = "tok.toml", value_parser = values::path())]
    file: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
    /// Only say what would be written
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(super) fn run(
    command: Command,
    global: &Global,
    environment: &Environment,
    output: &Output,
) -> Result<()> {
    match command {
        Command::Init(arguments) => init(&arguments, output),
        Command::Show => output.items(&invocation::load(global, environment, &[])?.settings),
        Command::Check => check(global, environment, output),
    }
}

fn init(arguments: &InitArgs, output: &Output) -> Result<()> {
    let path = &arguments.file;
    if path.as_os_str() == "-" {
        output.only_text("the template")?;
        return output.text(&config::template());
    }
    if path.exists() && !arguments.force {
        return Err(Error::conflict(format!(
            "{} exists already; say --force to replace it",
            path.display()
        )));
    }
    let written = WrittenFile {
        file: path.display().to_string(),
    };
    if arguments.dry_run {
        output.one_but_for_people(&written, &written.file)?;
        output.nothing_done();
        return Ok(());
    }
    // It may come to hold secrets.
    write_private(path, &config::template()).map_err(|error| io_error(path.display(), error))?;
    output.one_but_for_people(&written, &written.file)?;
    output.inform(&format!("wrote {}", written.file));
    Ok(())
}

/// What was written.
#[derive(Serialize)]
struct WrittenFile {
    file: String,
}

/// A configuration that is fine.
#[derive(Serialize)]
struct FineConfiguration {
    file: Option<String>,
    data_dir: String,
}

fn check(global: &Global, environment: &Environment, output: &Output) -> Result<()> {
    let loaded = invocation::load_and_warn(global, environment, output, (&[], None))?;
    serve::check(&loaded.config)?;
    // Some backends need a runtime to be opened.
    invocation::block_on(async { Context::open(&loaded.config, &loaded.data_dir)?.prepare() })?;
    let fine = FineConfiguration {
        file: loaded.file.map(|path| path.display().to_string()),
        data_dir: loaded.data_dir.display().to_string(),
    };
    output.one_but_for_people(&fine, fine.file.as_deref().unwrap_or_default())?;
    let file = fine.file.as_deref().unwrap_or("no file, built-in defaults");
    output.inform(&format!(
        "the configuration is fine ({file}; data in {}); check the backends with `tok doctor`",
        fine.data_dir
    ));
    Ok(())
}

impl Row for Setting {
    const COLUMNS: &'static [&'static str] = &["key", "origin", "value"];

    fn cells(&self) -> Vec<String> {
        vec![self.key.clone(), self.origin.clone(), self.value.clone()]
    }

    fn name(&self) -> &str {
        &self.key
    }
}
