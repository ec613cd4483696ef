//! Names on the command line or on stdin.

use std::io::{BufRead, Read};
use std::path::Path;

use super::io_error;
use crate::error::{Error, Result};
use crate::model::{file_name, plain_text};

/// More names than anybody means.
const MOST: usize = 1_000_000;

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

/// The names given; `-` stands for those on stdin, one per line.
pub(super) fn read(names: &[String]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for name in names {
        if name == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.map_err(|error| io_error("stdin", error))?;
                let name = plain_text::bare(&line);
                if !name.is_empty() {
                    out.push(name.to_owned());
                }
                if out.len() > MOST {
                    return Err(Error::invalid(format!("more than {MOST} names on stdin")));
                }
            }
        } else {
            out.push(name.clone());
        }
    }
    Ok(out)
}
