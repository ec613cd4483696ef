//! Exit codes and hints: what a kind of error means on a command line.

use std::borrow::Cow;
use std::process::ExitCode;

use crate::config::{Faulty, Mistake, Origin};
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

/// What to do next, where that is a command, a flag or a setting.
pub(super) fn hint(error: &Error) -> Option<Cow<'static, str>> {
    if let Some(mistake) = Mistake::of(error) {
        return Some(put_right(mistake).into());
    }
    if error.why() == Some(Reason::StoredUnreadable) {
        return Some("restore a backup, or remove it: `tok store discard COLLECTION ID`".into());
    }
    if error.why() == Some(Reason::NotSealed) {
        return Some("see what is sealed, and how: `tok store seal --dry-run`, with --old-secret-file if the secret changed; seal what is yours, and revoke or discard the rest".into());
    }
    if let Some(advice) = error.advice() {
        return Some(advice.to_owned().into());
    }
    let hint = match error.kind() {
        Kind::NotFound => Some("see what exists with the command `list`, e.g. `tok room list`"),
        Kind::NeedsConfirmation => Some("look first with --dry-run, then repeat with --yes"),
        Kind::Guard => Some("look with --dry-run, then raise --max-delete or --max-delete-percent"),
        Kind::Config => Some("where each setting comes from: `tok config show`"),
        Kind::Refused => Some("check every backend with `tok doctor`"),
        Kind::Interrupted => Some("run the same command again"),
        _ => None,
    };
    hint.map(Cow::from)
}

/// What to change, and where. No command that reads the configuration helps here: each would stop
/// at the same mistake.
fn put_right(mistake: &Mistake) -> String {
    match mistake {
        Mistake::Settings(faulty) => {
            let each: Vec<_> = faulty.iter().map(|one| to("change", one)).collect();
            each.join(", or ")
        }
        Mistake::NoSuchSetting(faulty) => format!(
            "{}; every setting with its meaning: `tok config init -`",
            to("rename", faulty)
        ),
        Mistake::NoSuchFile(faulty) => format!(
            "{}, or write that file: `tok config init FILE`",
            to("change", faulty)
        ),
        Mistake::File(path) => format!("mend {}", path.display()),
    }
}

/// Doing so to a setting, there where it is set.
fn to(act: &str, faulty: &Faulty) -> String {
    let setting = &faulty.setting;
    match &faulty.origin {
        Origin::Default => format!("set {setting} ({})", faulty.variable()),
        Origin::File(path) => format!("{act} or remove {setting} in {}", path.display()),
        Origin::Profile(name, path) => {
            let path = path.display();
            format!("{act} or remove {setting} in the profile {name} in {path}")
        }
        Origin::DotEnv(variable) => format!("{act} or remove {variable} in .env"),
        Origin::Environment(variable) => format!("{act} or unset {variable}"),
        Origin::Flag(flag) => format!("{act} {flag}"),
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
