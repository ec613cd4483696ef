//! Devices: installations of the app that can be rung.

use super::{Collection, Record};
use crate::model::device::StoredDevice;

/// Devices, by an id that follows from their push token.
pub const DEVICES: Collection<StoredDevice> = Collection::new(
    "tok_devices",
    "when they are deleted, or their token is gone",
)
.lookups(&["user_id", "token"]);

impl Record for StoredDevice {}
