//! Saving the store, bringing it back, sealing it, and seeing whether it is whole.

pub mod backup;
pub mod check;
pub mod discard;
pub mod restore;
pub mod seal;
pub mod sealed;

use std::path::Path;

pub use crate::backends::documents::SCHEMA_VERSION;

use crate::backends::documents;

/// Whether there is an embedded store in `data_dir`.
pub fn is_in(data_dir: &Path) -> bool {
    documents::has_store(data_dir)
}
