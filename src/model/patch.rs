//! Patches: a field that is absent stays, null goes back to the default.

use serde::{Deserialize, Deserializer};

/// Reads a field that is there, null or not; with `#[serde(default)]` an absent one is `None`.
///
/// # Errors
/// Those of the field's own type.
pub fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
