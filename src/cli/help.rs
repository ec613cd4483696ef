//! What `--help` shows: of a command what is its own; what all of them take, `tok --help` shows once.

use clap::{Arg, Command};

/// clap's own, with a line for the flags that are not listed.
const TEMPLATE: &str = "{before-help}{about-with-newline}\n{usage-heading} {usage}\n\n{all-args}\n\n\
    Global options: see `tok --help`{after-help}\n";

/// A tree whose subcommands take the global flags as ever and list them no more. Only for whoever asks for
/// help: to write them into every command takes longer than to parse a line.
pub(super) fn of_its_own(root: Command) -> Command {
    let flags = root.get_arguments().filter(|flag| flag.is_global_set());
    let flags: Vec<Arg> = flags.map(|flag| flag.clone().hide(true)).collect();
    below(root, &flags)
}

fn below(command: Command, flags: &[Arg]) -> Command {
    command.mut_subcommands(|sub| below(sub.args(flags).help_template(TEMPLATE), flags))
}
