//! A part of a whole.

use serde::Deserialize;

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Ratio(pub f64);
