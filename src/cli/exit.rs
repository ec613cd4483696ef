//! Exit codes: what a kind of error means on a command line.

use super::signals;
use crate::error::Kind;

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

/// The exit code of this process for an error of this kind: of work that was interrupted, by what.
pub(super) fn own(kind: Kind) -> u8 {
    match kind {
        Kind::Interrupted => signals::exit_code(),
        kind => code(kind),
    }
}

/// Every exit code with what it means, for docs/errors.md and the manual.
pub const fn table() -> [(u8, &'static str); 17] {
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
        (129, "the same as 130, by SIGHUP"),
        (130, "interrupted (Ctrl-C) after finishing the item in hand"),
        (143, "the same, by SIGTERM"),
    ]
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
