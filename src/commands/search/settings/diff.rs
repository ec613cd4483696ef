//! Compares the settings of an index with those that are wanted.

use serde_json::{Map, Value};

use super::SettingDiff;
use super::pull;
use crate::context::Context;
use crate::error::{Kind, Result};

/// Which index, and how it is to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// Its name.
    pub index: String,
    /// The wanted settings; others are left alone.
    pub wanted: Map<String, Value>,
}

/// What of the wanted settings is not so; settings that are not given are left alone.
///
/// # Errors
/// As [`pull::run`].
pub async fn run(context: &Context, input: Input) -> Result<Vec<SettingDiff>> {
    let Input { index, wanted } = input;
    let is = match pull::run(
        context,
        pull::Input {
            index: index.clone(),
        },
    )
    .await
    {
        Err(error) if error.kind() == Kind::NotFound => {
            context.mirrors.get(&index)?;
            Value::Null
        }
        settings => settings?,
    };
    let differing = wanted
        .into_iter()
        .filter(|(name, value)| is[name] != *value);
    Ok(differing
        .map(|(name, wanted)| SettingDiff {
            is: is[&name].clone(),
            name,
            wanted,
        })
        .collect())
}
