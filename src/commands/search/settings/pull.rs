//! Shows the settings of an index.

use serde_json::Value;

use crate::context::Context;
use crate::error::{Error, Result};

/// Which index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name.
    pub index: String,
}

/// The settings of an index.
///
/// # Errors
/// [`Kind::NotFound`](crate::Kind::NotFound) when there is no such index.
pub async fn run(context: &Context, input: Input) -> Result<Value> {
    let spec = context.mirrors.get(&input.index)?;
    let settings = context.indexes.settings(&spec.name).await?;
    settings.ok_or_else(|| {
        let index = &spec.name;
        Error::not_found(format!(
            "the index `{index}` was not made yet; reindex it first"
        ))
    })
}
