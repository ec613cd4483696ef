//! What is made from the code itself: completions, manual pages, the API's description.

use std::path::{Path, PathBuf};

use clap::Args;
use clap_complete::Shell;
use clap_mangen::Man;

use super::output::Output;
use super::{exit, io_error, tree};
use crate::error::{Error, Result};
use crate::server;

/// The shells whose completions are kept in the repository.
const SHELLS: [Shell; 4] = [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell];

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  tok completions bash > /etc/bash_completion.d/tok")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, required_unless_present = "dir")]
    shell: Option<Shell>,
    /// Write the scripts of bash, zsh, fish and powershell into this directory instead
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write one page per command into this directory instead of printing tok(1)
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionsArgs, output: &Output) -> Result<()> {
    if let Some(dir) = &arguments.dir {
        for shell in SHELLS {
            let name = clap_complete::Generator::file_name(&shell, "tok");
            write(dir, &name, &script(shell))?;
        }
        return Ok(());
    }
    match arguments.shell {
        Some(shell) => output.text(&String::from_utf8_lossy(&script(shell))),
        None => Ok(()),
    }
}

fn script(shell: Shell) -> Vec<u8> {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut tree(), "tok", &mut out);
    out
}

pub(super) fn man(arguments: &ManArgs, output: &Output) -> Result<()> {
    let mut root = tree();
    root.build();
    match &arguments.dir {
        None => output.text(&String::from_utf8_lossy(&page(&root)?)),
        Some(dir) => pages(dir, &root),
    }
}

/// The page of a command and those of its subcommands.
fn pages(dir: &Path, command: &clap::Command) -> Result<()> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name());
    write(dir, &format!("{name}.1"), &page(command)?)?;
    command
        .get_subcommands()
        .filter(|sub| sub.get_name() != "help")
        .try_for_each(|sub| pages(dir, sub))
}

fn page(command: &clap::Command) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    Man::new(command.clone())
        .date("")
        .render(&mut out)
        .and_then(|()| exit_status(&mut out))
        .map_err(|error| Error::internal("the page cannot be written").because(error))?;
    Ok(out)
}

fn exit_status(out: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Write;
    writeln!(out, ".SH \"EXIT STATUS\"")?;
    for (code, meaning) in exit::table() {
        writeln!(out, ".TP\n{code}\n{meaning}")?;
    }
    Ok(())
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = dir.join(name);
    std::fs::create_dir_all(dir)
        .and_then(|()| std::fs::write(&path, bytes))
        .map_err(|error| io_error(path.display(), error))
}

pub(super) fn openapi(output: &Output) -> Result<()> {
    let text = server::openapi()
        .to_pretty_json()
        .map_err(|error| Error::internal("the description cannot be printed").because(error))?;
    output.text(&(text + "\n"))
}
