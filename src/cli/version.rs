//! `tok --version`, in every format.

use std::ffi::OsString;

use serde::Serialize;

use super::output::{Format, Output};
use crate::commands::store;
use crate::error::Result;

/// What this program is.
#[derive(Serialize)]
struct ThisProgram {
    version: &'static str,
    /// What it was built from, where the build was told.
    commit: Option<&'static str>,
    /// The day of that.
    date: Option<&'static str>,
    /// The newest shape of the embedded store that it reads and writes.
    schema: i64,
}

const THIS: ThisProgram = ThisProgram {
    version: env!("CARGO_PKG_VERSION"),
    commit: option_env!("TOK_COMMIT"),
    date: option_env!("TOK_DATE"),
    schema: store::SCHEMA_VERSION,
};

/// Puts the command in the place of the flag, so that it is asked for with all other flags; whether
/// there was one.
pub(super) fn name_command(arguments: &mut [OsString]) -> bool {
    let flag = arguments
        .iter_mut()
        .find(|one| *one == "--version" || *one == "-V");
    flag.map(|flag| *flag = "version".into()).is_some()
}

pub(super) fn run(output: &Output) -> Result<()> {
    match output.format {
        Format::Table => output.line(&format!("tok {}", THIS.version)),
        _ => output.one(&THIS, THIS.version),
    }
}
