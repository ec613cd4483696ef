//! Where a file goes that is fetched.

use crate::backends::files::{FileVersion, Resume};
use crate::error::Result;

/// Where the bytes of a file go.
pub(super) trait Destination {
    /// How many there are.
    fn length(&self) -> u64;

    /// Where to go on.
    fn resume(&self) -> Resume;

    /// Keeps the first `length` bytes, of this version.
    fn keep(&mut self, length: u64, version: Option<&FileVersion>) -> Result<()>;

    /// Puts more at the end.
    fn append(&mut self, bytes: &[u8]) -> Result<()>;

    /// Whether what is there is what was put there.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}
