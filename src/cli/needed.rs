//! What of the configuration a command needs: whoever may not read a secret can still do what goes
//! without it.

use super::{Command, store};

const SEARCH: &[&str] = &["search", "algolia"];

/// The sections that a command needs beside those of the store; `None` is all of them.
pub(super) const fn sections(command: &Command) -> Option<&'static [&'static str]> {
    match command {
        Command::Store(store::Command::Backup(_) | store::Command::Restore(_)) => Some(&[]),
        Command::Store(_) => Some(&["search", "algolia", "auth"]),
        Command::Search(_) | Command::Status => Some(SEARCH),
        Command::Presence(_) => Some(&["presence", "realtime_database", "google"]),
        _ => None,
    }
}
