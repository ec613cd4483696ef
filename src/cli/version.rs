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

impl ThisProgram {
    fn new() -> Self {
        // A recipe that knows neither passes empty ones on.
        let told = |what: Option<&'static str>| what.filter(|what| !what.is_empty());
        Self {
            version: env!("CARGO_PKG_VERSION"),
            commit: told(option_env!("TOK_COMMIT")),
            date: told(option_env!("TOK_DATE")),
            schema: store::SCHEMA_VERSION,
        }
    }
}

/// Puts the command in the place of the flag, so that it is asked for with all other flags; whether
/// there was one.
pub(super) fn name_command(arguments: &mut [OsString]) -> bool {
    let flag = arguments
        .iter_mut()
        // Behind that everything is what somebody wrote.
        .take_while(|one| *one != "--")
        .find(|one| *one == "--version" || *one == "-V");
    flag.map(|flag| *flag = "version".into()).is_some()
}

pub(super) fn run(output: &Output) -> Result<()> {
    let this = ThisProgram::new();
    match output.format {
        Format::Table => output.line(&format!("tok {}", this.version)),
        _ => output.one(&this, this.version),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_a_command_and_what_somebody_wrote_is_not() {
        for (line, is, named) in [
            ("tok --version", true, "tok version"),
            ("tok -o json -V", true, "tok -o json version"),
            (
                "tok chat send tea -- --version",
                false,
                "tok chat send tea -- --version",
            ),
            ("tok room list", false, "tok room list"),
        ] {
            let mut arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            assert_eq!(name_command(&mut arguments), is, "{line}");
            assert_eq!(arguments.join(" ".as_ref()), named);
        }
    }
}
