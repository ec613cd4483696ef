//! A file that is handed on as it comes.

use sha2::{Digest, Sha256};

use super::destination::Destination;
use crate::backends::files::{FileVersion, Resume};
use crate::error::{Error, Result};

/// Who takes the bytes, in order.
pub type Taker<'a> = &'a (dyn Fn(&[u8]) -> Result<()> + Sync);

/// What was handed on of a file. It can be gone on with, but never taken back.
pub(super) struct Piped<'a> {
    taker: Taker<'a>,
    length: u64,
    hash: Sha256,
    version: Option<FileVersion>,
}

impl<'a> Piped<'a> {
    pub(super) fn new(taker: Taker<'a>) -> Self {
        Self {
            taker,
            length: 0,
            hash: Sha256::new(),
            version: None,
        }
    }

    /// The hash of all of it.
    pub(super) fn sha256(self) -> [u8; 32] {
        self.hash.finalize().into()
    }
}

impl Destination for Piped<'_> {
    fn length(&self) -> u64 {
        self.length
    }

    fn resume(&self) -> Resume {
        Resume {
            at: self.length,
            version: self.version.clone(),
        }
    }

    fn keep(&mut self, length: u64, version: Option<&FileVersion>) -> Result<()> {
        if length < self.length {
            let length = self.length;
            return Err(Error::bad_gateway(format!(
                "the file broke off after {length} bytes, which have been handed on, and its host does not \
                 go on from there; fetch it into a file"
            )));
        }
        self.version = version.cloned();
        Ok(())
    }

    fn append(&mut self, bytes: &[u8]) -> Result<()> {
        (self.taker)(bytes)?;
        self.hash.update(bytes);
        self.length += bytes.len() as u64;
        Ok(())
    }
}
