//! Names on the command line or on stdin.

use std::io::BufRead;

use super::io_error;
use crate::error::{Error, Result};

/// More names than anybody means.
const MOST: usize = 1_000_000;

/// The names given; `-` stands for those on stdin, one per line.
pub(super) fn read(names: &[String]) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for name in names {
        if name == "-" {
            for line in std::io::stdin().lock().lines() {
                let line = line.map_err(|error| io_error("stdin", error))?;
                let name = line.trim();
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
