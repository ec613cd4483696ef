//! The settings of an index: pulled, pushed, compared.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::context::Context;
use crate::error::{Error, Kind, Result};

/// One setting that is not as it was given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct SettingDiff {
    /// Its name.
    pub name: String,
    /// What the index has.
    pub is: Value,
    /// What was given.
    pub wanted: Value,
}

/// The settings of an index.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such index.
pub async fn pull(context: &Context, index: &str) -> Result<Value> {
    let spec = context.mirrors.get(index)?;
    let settings = context.indexes.settings(&spec.name).await?;
    settings.ok_or_else(|| {
        Error::not_found(format!(
            "the index `{index}` was not made yet; reindex it first"
        ))
    })
}

/// What of the wanted settings is not so; settings that are not given are left alone.
///
/// # Errors
/// As [`pull`].
pub async fn diff(
    context: &Context,
    index: &str,
    wanted: &Map<String, Value>,
) -> Result<Vec<SettingDiff>> {
    let is = match pull(context, index).await {
        Err(error) if error.kind() == Kind::NotFound => {
            context.mirrors.get(index)?;
            Value::Null
        }
        settings => settings?,
    };
    let differing = wanted.iter().filter(|(name, value)| is[*name] != **value);
    Ok(differing
        .map(|(name, value)| SettingDiff {
            name: name.clone(),
            is: is[name].clone(),
            wanted: value.clone(),
        })
        .collect())
}

/// Changes what differs and returns it.
///
/// # Errors
/// [`Kind::Unsupported`] by the embedded search, which takes its settings from the configuration.
pub async fn push(
    context: &Context,
    index: &str,
    wanted: &Map<String, Value>,
) -> Result<Vec<SettingDiff>> {
    let differing = diff(context, index, wanted).await?;
    if !differing.is_empty() {
        let change: Map<_, _> = differing
            .iter()
            .map(|diff| (diff.name.clone(), diff.wanted.clone()))
            .collect();
        let change = Value::Object(change);
        context.indexes.change_settings(index, &change).await?;
    }
    Ok(differing)
}
