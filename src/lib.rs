//! tmp
pub mod backends; pub mod commands; pub mod context; pub mod config; pub mod error; pub mod model;
pub use error::{Error, Kind, Result};
