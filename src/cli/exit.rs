//! Exit codes and hints: what a kind of error means on a command line.

use std::process::ExitCode;

use crate::error::{Error, Kind, Reason};

/// The exit code for an error of this kind.
pub const fn code(kind: Kind) -> u8 {
    match kind {
        Kind::Internal => 1,
        Kind::InvalidInput => 2,
        Kind::NotFound => 3,
        Kind::Conflict => 4,
        Kind::Unauthenticated | Kind::Forbidden | Kind::Refused => 5,
        Kind::RateLimited | Kind::Unavailable | Kind::BadGateway | Kind::Timeout => 6,
        Kind::Unsupported => 7,
        Kind::Partial => 8,
        Kind::NeedsConfirmation => 9,
        Kind::Config => 10,
        Kind::Locked => 11,
        Kind::Drift => 12,
        Kind::Guard => 13,
        Kind::Interrupted => 130,
    }
}

/// Every exit code with what it means, for the README and the manual.
pub const fn table() -> [(u8, &'static str); 16] {
    [
        (0, "success"),
        (1, "a defect, or a machine that fails"),
        (2, "wrong input or usage"),
        (3, "not found"),
        (4, "conflict: it exists already, or changed meanwhile"),
        (5, "a credential was refused"),
        (6, "rate limited or unavailable; try again"),
        (7, "this backend cannot do it"),
        (
            8,
            "some items failed, or time ran out; the report names them",
        ),
        (9, "not confirmed; nothing was done"),
        (10, "wrong configuration"),
        (11, "another run holds the lease"),
        (12, "verification found differences"),
        (13, "a safety limit was hit; nothing was done"),
        (130, "interrupted (Ctrl-C) after finishing the item in hand"),
        (143, "the same, by SIGTERM"),
    ]
}

/// What to do next, where that is a command or a flag.
pub(super) fn hint(error: &Error) -> Option<&'static str> {
    if error.why() == Some(Reason::StoredUnreadable) {
        return Some("restore a backup, or remove it: `tok store discard COLLECTION ID`");
    }
    match error.kind() {
        Kind::NotFound => Some("see what exists with the command `list`, e.g. `tok room list`"),
        Kind::NeedsConfirmation => Some("look first with --dry-run, then repeat with --yes"),
        Kind::Guard => Some("look with --dry-run, then raise --max-delete or --max-delete-percent"),
        Kind::Config => Some("every setting with its meaning: `tok config init -`"),
        Kind::Refused => Some("check every backend with `tok doctor`"),
        Kind::Interrupted => Some("run the same command again"),
        _ => None,
    }
}

/// Prints what clap has to say, help and version included.
pub(super) fn usage(refused: &clap::Error) -> ExitCode {
    let code = u8::try_from(refused.exit_code()).unwrap_or(2);
    // A closed pipe is no reason to fail.
    drop(refused.print());
    ExitCode::from(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_table() {
        for kind in Kind::ALL {
            let known = table().iter().any(|(number, _)| *number == code(kind));
            assert!(known, "{kind:?}");
        }
    }
}
