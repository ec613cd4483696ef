//! Names on the command line or on stdin.

use std::io::{BufRead, Read};
use std::path::Path;

use indexmap::IndexSet;

use super::io_error;
use crate::error::{Error, Result};
use crate::model::{file_name, plain_text};

/// More lines than anybody means.
const MOST: usize = 1_000_000;

/// The longest line with a name, in bytes: an id of a user may have 1500.
const LONGEST_LINE: u64 = 4096;

/// The most that is read of a file with a secret.
const LARGEST_SECRET: u64 = 16 * 1024;
/// The most that is read of another file.
const LARGEST_TEXT: u64 = 4 * 1024 * 1024;

/// The one line of a file, which is a secret and so must not stand on the command line; `-` is
/// stdin.
pub(super) fn secret(file: &str) -> Result<String> {
    let text = limited(file, LARGEST_SECRET)?;
    match plain_text::bare(&text) {
        "" => Err(Error::invalid(format!("{} is empty", shown(file)))),
        secret => Ok(secret.to_owned()),
    }
}

/// The text of a file; `-` is stdin.
pub(super) fn text(file: &str) -> Result<String> {
    limited(file, LARGEST_TEXT)
}

fn limited(file: &str, most: u64) -> Result<String> {
    let mut bytes = Vec::new();
    let read = if file == "-" {
        std::io::stdin().take(most + 1).read_to_end(&mut bytes)
    } else {
        let opened = std::fs::File::open(file).map_err(|error| io_error(shown(file), error))?;
        opened.take(most + 1).read_to_end(&mut bytes)
    };
    read.map_err(|error| io_error(shown(file), error))?;
    if bytes.len() as u64 > most {
        let what = format!("{} has more than {most} bytes", shown(file));
        return Err(Error::invalid(what));
    }
    plain_text::decoded(&bytes)
        .ok_or_else(|| Error::invalid(format!("{} is not UTF-8", shown(file))))
}

/// Somebody may give the secret itself.
fn shown(file: &str) -> String {
    if file == "-" {
        return "stdin".to_owned();
    }
    file_name::shown(Path::new(file), Path::new(file))
}

/// The names given, each once: whoever names one twice wants it done, not done and then missed.
pub(super) fn read(names: &[String]) -> Result<Vec<String>> {
    let each: IndexSet<String> = read_all(names)?.into_iter().collect();
    Ok(each.into_iter().collect())
}

/// The names given, also those that are given again; `-` stands for those on stdin, one per line.
pub(super) fn read_all(names: &[String]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for name in names {
        if name == "-" {
            out.extend(named_in(std::io::stdin().lock())?);
        } else {
            out.push(name.clone());
        }
    }
    Ok(out)
}

/// The names in these lines; a blank line is none.
fn named_in(mut lines: impl BufRead) -> Result<Vec<String>> {
    let mut out = Vec::new();
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        // No further than a name can go: what is no list of names may have no end.
        let mut bounded = lines.by_ref().take(LONGEST_LINE + 1);
        let read = bounded.read_until(b'\n', &mut line);
        let read = read.map_err(|error| io_error("stdin", error))?;
        if read == 0 {
            break;
        }
        if number > MOST {
            return Err(Error::invalid(format!("more than {MOST} lines on stdin")));
        }
        if read as u64 > LONGEST_LINE && line.last() != Some(&b'\n') {
            return Err(Error::invalid(format!(
                "line {number} of stdin has more than {LONGEST_LINE} bytes, as no name has"
            )));
        }
        let text = std::str::from_utf8(&line).map_err(|error| {
            Error::invalid(format!("line {number} of stdin is not UTF-8")).because(error)
        })?;
        let name = plain_text::bare(text);
        if !name.is_empty() {
            out.push(name.to_owned());
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_no_further_than_a_name_goes() {
        let longest = "x".repeat(usize::try_from(LONGEST_LINE).expect("small"));
        let lines = format!("\u{feff}a\r\n\n{longest}\nb");
        let names = named_in(lines.as_bytes()).expect("names");
        assert_eq!(names, ["a", &longest, "b"]);
        let endless = std::io::BufReader::new(b"a\n".chain(std::io::repeat(0)));
        let refused = named_in(endless).expect_err("no name");
        let told = "line 2 of stdin has more than 4096 bytes, as no name has";
        assert_eq!(refused.message(), told);
        let refused = named_in(&b"a\nb\nk\xe4se\n"[..]).expect_err("no text");
        assert_eq!(refused.message(), "line 3 of stdin is not UTF-8");
    }
}
