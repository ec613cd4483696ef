//! Door 1: the command line. Flags become inputs of operations, outputs become words.

mod call;
mod chat;
mod complete;
mod config;
mod confirm;
mod context;
mod contexts;
mod device;
mod doctor;
mod exit;
mod generate;
mod help;
mod hints;
mod invocation;
mod key;
mod keyring;
mod list;
mod log;
mod log_writer;
mod manual;
mod needed;
mod notify;
mod origins;
mod output;
mod output_csv;
mod output_live;
mod participant;
mod presence;
mod progress;
mod push;
mod recording;
mod remove;
mod report;
mod room;
mod run_args;
mod search;
mod serve;
mod service_manager;
mod session;
mod signals;
mod status;
mod stdin_names;
mod store;
mod table;
mod terminal;
mod token;
mod usage;
mod user;
mod values;
mod version;
mod webhook;
mod workplace;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use self::hints::AskedCommand;
use self::invocation::Within;
use self::output::{Format, Output};
use crate::config::Environment;
use crate::error::{Error, Kind, Result};

pub use exit::{code, table};

/// The backend of a video-calling app: rooms, join tokens, HTTP API.
#[derive(Debug, Parser)]
#[command(name = "tok", version)]
#[command(
    after_help = "Without any configuration tok keeps its rooms in your data directory.\n\
    Start with: tok room create, tok room list, tok serve"
)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Flags that every command takes.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Configuration file [default: ./tok.toml, then the user's, then /etc/tok/tok.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Profile of the configuration file to lay over it
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// Directory of the embedded store
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Work at the `tok serve` with this address, through its API, instead of on the store
    #[arg(
        long,
        global = true,
        value_name = "URL",
        conflicts_with_all = ["config", "profile", "data_dir", "context"]
    )]
    server: Option<String>,
    /// File with the API key for that server; - reads it from stdin
    #[arg(long, global = true, value_name = "FILE", value_parser = values::path_or_stdin())]
    key_file: Option<String>,
    /// Work at the server of this name, see tok context; - is the store of this machine
    #[arg(
        long,
        global = true,
        value_name = "NAME",
        allow_hyphen_values = true,
        conflicts_with_all = ["config", "profile", "data_dir"]
    )]
    context: Option<String>,
    /// How to print the result: table, json, jsonl, csv or name [default: table]
    #[arg(
        short,
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        hide_possible_values = true
    )]
    output: Option<Format>,
    /// Short for --output json
    #[arg(long, global = true, conflicts_with = "output")]
    json: bool,
    /// Print nothing but the result and errors
    #[arg(short, long, global = true)]
    quiet: bool,
    /// How to show progress: auto (a bar on a terminal), plain (a line every few seconds) or none
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "HOW",
        hide_possible_values = true
    )]
    progress: ProgressChoice,
    /// When to use colour: auto (on a terminal, unless NO_COLOR is set), always or never
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        hide_possible_values = true
    )]
    color: ColorChoice,
}

/// How progress is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ProgressChoice {
    /// A bar on a terminal, nothing elsewhere
    #[default]
    Auto,
    /// A line every few seconds
    Plain,
    /// Nothing
    None,
}

/// When colour is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Manage rooms
    #[command(subcommand)]
    Room(room::Command),
    /// Manage join tokens
    #[command(subcommand)]
    Token(token::Command),
    /// See what took place in rooms and who was there
    #[command(subcommand)]
    Session(session::Command),
    /// Manage recordings
    #[command(subcommand)]
    Recording(recording::Command),
    /// Ring people and see calls
    #[command(subcommand)]
    Call(call::Command),
    /// Manage people in local rooms
    #[command(subcommand)]
    Participant(participant::Command),
    /// Read and write messages in local rooms
    #[command(subcommand)]
    Chat(chat::Command),
    /// Manage devices that can be rung
    #[command(subcommand)]
    Device(device::Command),
    /// Manage users
    #[command(subcommand)]
    User(user::Command),
    /// Send notifications and see what became of them
    #[command(subcommand)]
    Notify(notify::Command),
    /// Manage what browsers are rung with
    #[command(subcommand)]
    Push(push::Command),
    /// See who is there
    #[command(subcommand)]
    Presence(presence::Command),
    /// Search users and rooms, and keep the indexes true
    #[command(subcommand)]
    Search(search::Command),
    /// See what vendors told by web callback
    #[command(subcommand)]
    Webhook(webhook::Command),
    /// Show what the worker has done and has to do
    Status,
    /// Save the store, bring it back, seal it, check it
    #[command(subcommand)]
    Store(store::Command),
    /// Manage API keys of `tok serve`
    #[command(subcommand)]
    Key(key::Command),
    /// Name servers that commands are sent to
    #[command(subcommand)]
    Context(context::Command),
    /// Write, show and check the configuration
    #[command(subcommand)]
    Config(config::Command),
    /// Check every configured backend and say what to do
    Doctor,
    /// Serve the HTTP API
    Serve(serve::ServeArgs),
    /// Run the background worker
    Work(serve::WorkArgs),
    /// Print a shell's completion script
    Completions(generate::CompletionsArgs),
    /// Print or write the manual pages
    Man(generate::ManArgs),
    /// Print the description of the HTTP API
    Openapi,
    /// Print the version, in every format
    Version,
}

/// Runs one command line and says how it ended.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    // Before anything is written, be it help. Where no signal can be heard, what writes little works as well.
    drop(invocation::block_on(async {
        signals::survive_file_limits()
    }));
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(code) = complete::answered(&arguments) {
        return code;
    }
    let environment = Environment::capture();
    let width = terminal::prose_width(&environment);
    let parsed = parse(&arguments, width).or_else(|refused| match refused.kind() {
        ErrorKind::DisplayVersion if version::name_command(&mut arguments) => {
            parse(&arguments, width).map_err(|other| match other.kind() {
                ErrorKind::InvalidValue => other,
                _ => refused,
            })
        }
        _ => Err(refused),
    });
    let (cli, asked) = match parsed {
        Ok(parsed) => parsed,
        Err(refused) => return usage::tell(&refused, &arguments),
    };
    let may_begin = may_begin(&asked);
    let report = asked.report();
    let output = Output::new(&cli.global, &environment, asked);
    let outcome = report::with_report(report, |report| {
        let within = Within {
            global: &cli.global,
            environment: &environment,
            output: &output,
            may_begin,
            report,
            needed: needed::sections(&cli.command),
        };
        dispatch(cli.command, &within)
    });
    match outcome.and_then(|()| output.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // That somebody else is at it is no news for cron to send; the exit code tells it.
            if error.kind() != Kind::Locked || !output.is_silent() {
                output.error(&error);
            }
            ExitCode::from(exit::own(error.kind()))
        }
    }
}

/// Narrower than this, help is told below each flag.
const NARROW: usize = 40;

fn parse(arguments: &[OsString], width: usize) -> Result<(Cli, AskedCommand), clap::Error> {
    // Beside the longest flag there is no room for words.
    let tree = || {
        Cli::command()
            .term_width(width)
            .next_line_help(width < NARROW)
    };
    let parsed = tree().try_get_matches_from(arguments);
    let matches = parsed.or_else(|refused| match refused.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            help::of_its_own(tree()).try_get_matches_from(arguments)
        }
        _ => Err(refused),
    })?;
    Ok((Cli::from_arg_matches(&matches)?, AskedCommand::of(&matches)))
}

/// Whether the command may be the first one on a store, by its last word. For every other one a store
/// that was not there is a wrong directory.
fn may_begin(asked: &AskedCommand) -> bool {
    ["create", "register", "send", "set", "start"].contains(&asked.verb())
}

fn dispatch(command: Command, within: &Within<'_>) -> Result<()> {
    let (global, environment, output) = (within.global, within.environment, within.output);
    if is_of_this_machine(&command) {
        within.insist_on_store()?;
    }
    match command {
        Command::Room(command) => {
            within.run(async |invocation| room::run(invocation, command).await)
        }
        Command::Token(command) => {
            within.run(async |invocation| token::run(invocation, command).await)
        }
        Command::Session(command) => {
            within.run(async |invocation| session::run(invocation, command).await)
        }
        Command::Recording(command) => {
            within.run(async |invocation| recording::run(invocation, command).await)
        }
        Command::Call(command) => {
            within.run(async |invocation| call::run(invocation, command).await)
        }
        Command::Participant(command) => {
            within.run(async |invocation| participant::run(invocation, command).await)
        }
        Command::Chat(command) => {
            within.run(async |invocation| chat::run(invocation, command).await)
        }
        Command::Device(command) => {
            within.run(async |invocation| device::run(invocation, command).await)
        }
        Command::Webhook(command) => {
            within.run(async |invocation| webhook::run(invocation, command).await)
        }
        Command::User(command) => {
            within.run(async |invocation| user::run(invocation, command).await)
        }
        Command::Notify(command) => {
            within.run(async |invocation| notify::run(invocation, command).await)
        }
        Command::Push(command) => {
            within.run(async |invocation| push::run(invocation, command).await)
        }
        Command::Presence(command) => {
            within.run(async |invocation| presence::run(invocation, command).await)
        }
        Command::Status => within.run(async |invocation| status::run(invocation).await),
        Command::Search(command) => {
            within.run(async |invocation| search::run(invocation, command).await)
        }
        Command::Store(command) => store::run(command, within),
        Command::Key(command) => within.run(async |invocation| key::run(invocation, command).await),
        Command::Context(command) => context::run(command, within),
        Command::Config(command) => config::run(command, global, environment, output),
        Command::Doctor => within.run(async |invocation| doctor::run(invocation).await),
        Command::Serve(arguments) => serve::serve(&arguments, global, environment, output),
        Command::Work(arguments) => serve::work(&arguments, global, environment, output),
        Command::Completions(arguments) => generate::completions(&arguments, output),
        Command::Man(arguments) => generate::man(&arguments, output),
        Command::Openapi => generate::openapi(output),
        Command::Version => version::run(output),
    }
}

/// Whether a command is about the store or the configuration itself, which no server gives away.
fn is_of_this_machine(command: &Command) -> bool {
    matches!(
        command,
        Command::Store(_)
            | Command::Key(_)
            | Command::Config(_)
            | Command::Doctor
            | Command::Serve(_)
            | Command::Work(_)
    )
}

/// The whole command tree, for help, completions and manual pages.
pub fn tree() -> clap::Command {
    Cli::command()
}

/// An I/O failure of the terminal or of a file named on the command line.
fn io_error(what: impl std::fmt::Display, error: std::io::Error) -> Error {
    Error::of_file(what, error)
}
