//! What is said of arguments that cannot be understood.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::error::{ContextKind, ErrorKind};
use serde_json::json;

use super::{output, tree};
use crate::error::Kind;

/// Prints what clap has to say, help and version included; of what is wrong a program that reads our
/// output is told in its own form.
pub(super) fn tell(refused: &clap::Error, arguments: &[OsString]) -> ExitCode {
    let code = u8::try_from(refused.exit_code()).unwrap_or(2);
    let hint = hint_of_dash(refused, arguments);
    if code != 0 && wants_json(arguments) {
        let text = refused.render().to_string();
        let message = text.split("\n\nUsage:").next().unwrap_or_default().trim();
        let mut error = json!({
            "code": Kind::InvalidInput.code(),
            "message": message.strip_prefix("error: ").unwrap_or(message),
            "exit_code": code,
        });
        if let Some(hint) = hint {
            error["hint"] = hint.into();
        }
        output::print_line(&json!({ "error": error }).to_string());
        return ExitCode::from(code);
    }
    // A closed pipe is no reason to fail.
    drop(refused.print());
    if let Some(hint) = hint {
        output::print_line(&format!("hint: {hint}"));
    }
    ExitCode::from(code)
}

/// Whether the output is asked for as JSON, by arguments that could not be understood.
fn wants_json(arguments: &[OsString]) -> bool {
    let words = arguments.iter().skip(1).map_while(|word| {
        let word = word.to_str().unwrap_or_default();
        (word != "--").then_some(word)
    });
    let words: Vec<&str> = words.collect();
    words
        .iter()
        .any(|word| ["--json", "-ojson", "-o=json", "--output=json"].contains(word))
        || words
            .windows(2)
            .any(|pair| ["-o", "--output"].contains(&pair[0]) && pair[1] == "json")
}

/// What to write instead of a word that begins with - and was taken for flags.
fn hint_of_dash(refused: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let word = taken_for_flags(refused, arguments)?;
    let at = arguments.iter().position(|one| one == word)?;
    let before = arguments
        .get(at.checked_sub(1)?)
        .and_then(|one| one.to_str());
    let flag = before.and_then(|before| before.strip_prefix("--"));
    if let Some(flag) = flag.filter(|flag| takes_value(&tree(), flag)) {
        return Some(format!(
            "a value that begins with - is joined to its flag: `--{flag}={word}`"
        ));
    }
    Some(format!(
        "an id that begins with - comes last, after --: `-- {word}`"
    ))
}

/// Whether there is a flag of this name that a value belongs to, of whichever command.
fn takes_value(command: &clap::Command, flag: &str) -> bool {
    let own = command
        .get_arguments()
        .any(|argument| argument.get_long() == Some(flag) && argument.get_action().takes_values());
    own || command
        .get_subcommands()
        .any(|command| takes_value(command, flag))
}

/// The argument that was read as several flags of one letter, the first of which there is not.
fn taken_for_flags<'a>(refused: &clap::Error, arguments: &'a [OsString]) -> Option<&'a str> {
    if refused.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    let flag = refused.get(ContextKind::InvalidArg)?.to_string();
    let mut words = arguments.iter().skip(1).filter_map(|word| word.to_str());
    words.find(|word| {
        let id = !word.starts_with("--") && word.len() > 2;
        id && word.starts_with('-') && flag.starts_with('-') && word.contains(&flag[1..])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_asked_for_before_the_names_begin() {
        let asks =
            |line: &str| wants_json(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        for line in [
            "tok --json nope",
            "tok room -o json",
            "tok x --output json",
            "tok -ojson",
        ] {
            assert!(asks(line), "{line}");
        }
        for line in [
            "tok nope",
            "tok room -o table",
            "tok room show -- --json",
            "--json",
        ] {
            assert!(!asks(line), "{line}");
        }
    }
}
