//! What is known of the terminal, if there is one.

use std::io::{IsTerminal, stderr, stdin, stdout};

use crate::config::Environment;

/// Whether what is printed goes to a terminal.
pub(super) fn is_terminal() -> bool {
    stdout().is_terminal()
}

/// How many letters fit beside each other; a terminal that says that none do does not know.
pub(super) fn terminal_width() -> Option<usize> {
    let (width, _) = terminal_size::terminal_size()?;
    Some(usize::from(width.0)).filter(|width| *width > 0)
}

/// How wide sentences are: as the terminal, but not so wide that the eye loses the line.
pub(super) fn prose_width(environment: &Environment) -> usize {
    let said = environment.get("COLUMNS");
    let said = said.and_then(|columns| columns.parse().ok());
    let width = said.or_else(terminal_width).filter(|width| *width > 0);
    width.map_or(80, |width| width.min(100))
}

/// Whether somebody sits at both ends and may be asked.
pub(super) fn is_interactive() -> bool {
    stdin().is_terminal() && stderr().is_terminal()
}
