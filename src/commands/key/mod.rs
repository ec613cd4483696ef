//! Operations on API keys.

pub mod create;
pub mod list;
pub mod revoke;
pub mod ring;
mod verify;

use sha2::{Digest, Sha256};

/// Every key begins with this, so that leaked ones are found by scanners.
const PREFIX: &str = "tok_";

/// A secret of 256 random bits needs no slow hash.
fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
