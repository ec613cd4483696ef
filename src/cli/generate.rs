//! What is made from the code itself: completions, manual pages, the API's description.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use clap::Args;
use clap_complete::Shell;
use serde::Serialize;

use super::output::Output;
use super::terminal::is_terminal;
use super::{complete, io_error, manual, tree, values};
use crate::error::{Error, Result};
use crate::server;

/// The shells whose completions are kept in the repository.
const SHELLS: [Shell; 4] = [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell];

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  source <(tok completions bash)")]
pub(super) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, required_unless_present = "dir")]
    shell: Option<Shell>,
    /// Write the scripts of bash, zsh, fish and powershell into this directory instead
    #[arg(long, value_name = "DIR", value_parser = values::path())]
    dir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// The command to tell of, as `room create` [default: tok itself]
    #[arg(value_name = "COMMAND", conflicts_with = "dir")]
    command: Vec<String>,
    /// Write one page per command into this directory instead of printing tok(1)
    #[arg(long, value_name = "DIR", value_parser = values::path())]
    dir: Option<PathBuf>,
}

pub(super) fn completions(arguments: &CompletionsArgs, output: &Output) -> Result<()> {
    output.only_text("a completion script")?;
    if let Some(dir) = &arguments.dir {
        for shell in SHELLS {
            let name = clap_complete::Generator::file_name(&shell, "tok");
            write(dir, &name, &complete::script(shell)?)?;
        }
        return Ok(());
    }
    match arguments.shell {
        Some(shell) => output.text(&String::from_utf8_lossy(&complete::script(shell)?)),
        None => Ok(()),
    }
}

pub(super) fn man(arguments: &ManArgs, output: &Output) -> Result<()> {
    let mut root = tree();
    root.build();
    if let Some(dir) = &arguments.dir {
        let files = pages(dir, &root)?;
        let written = WrittenPages {
            dir: dir.display().to_string(),
            files,
        };
        return output.one_but_for_people(&written, &written.dir);
    }
    output.only_text("a manual page")?;
    let mut command = &root;
    for word in &arguments.command {
        command = command.find_subcommand(word).ok_or_else(|| {
            let words = arguments.command.join(" ");
            Error::not_found(format!("there is no command `tok {words}`"))
        })?;
    }
    let page = page(command)?;
    if is_terminal() && was_shown(&page) {
        return Ok(());
    }
    output.text(&String::from_utf8_lossy(&page))
}

/// Shows people a page by `man`; whether that could be done. Without it they get the page as it is.
fn was_shown(page: &[u8]) -> bool {
    let man = Command::new("man")
        .args(["-l", "-"])
        .stdin(Stdio::piped())
        .spawn();
    let Ok(mut man) = man else { return false };
    let written = man.stdin.take().map(|mut pipe| pipe.write_all(page));
    // Who leaves before the end has seen enough.
    drop(written);
    man.wait().is_ok_and(|ended| ended.success())
}

/// What was written.
#[derive(Serialize)]
struct WrittenPages {
    dir: String,
    files: usize,
}

/// The page of a command and those of its subcommands; says how many there are.
fn pages(dir: &Path, command: &clap::Command) -> Result<usize> {
    let name = manual::page_name(command);
    write(dir, &format!("{name}.1"), &page(command)?)?;
    let mut files = 1;
    for sub in manual::described(command) {
        files += pages(dir, sub)?;
    }
    Ok(files)
}

fn page(command: &clap::Command) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    manual::render(command, &mut out)
        .map_err(|error| Error::internal("the page cannot be written").because(error))?;
    Ok(out)
}

fn write(dir: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let path = dir.join(name);
    let failed = |error: io::Error| io_error(path.display(), error);
    let opened = fs::create_dir_all(dir).and_then(|()| File::create(&path));
    let written = opened.map_err(failed)?.write_all(bytes);
    written.map_err(|error| {
        // Half a page would be taken for a whole one.
        if path.is_file() {
            drop(fs::remove_file(&path));
        }
        failed(error)
    })
}

pub(super) fn openapi(output: &Output) -> Result<()> {
    output.only_json("the description")?;
    let text = server::openapi()
        .to_pretty_json()
        .map_err(|error| Error::internal("the description cannot be printed").because(error))?;
    output.text(&(text + "\n"))
}
