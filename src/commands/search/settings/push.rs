//! Changes the settings of an index.

use serde_json::{Map, Value};

use super::SettingDiff;
use super::diff;
pub use super::diff::Input;
use crate::context::Context;
use crate::error::Result;

/// Changes what differs and returns it.
///
/// # Errors
/// [`Kind::Unsupported`](crate::Kind::Unsupported) by the embedded search, which takes its settings from the
/// configuration.
pub async fn run(context: &Context, input: Input) -> Result<Vec<SettingDiff>> {
    let index = input.index.clone();
    let differing = diff::run(context, input).await?;
    if !differing.is_empty() {
        let change: Map<_, _> = differing
            .iter()
            .map(|diff| (diff.name.clone(), diff.wanted.clone()))
            .collect();
        let change = Value::Object(change);
        context.indexes.change_settings(&index, &change).await?;
    }
    Ok(differing)
}
