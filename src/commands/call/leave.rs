//! A device hangs up, whichever calls it is in.

use super::end;
use super::stored::of_device;
use crate::context::Context;
use crate::error::Result;

/// Which device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its id, whether or not it is still registered.
    pub device: String,
}

/// Ends the device's part in every call that it is in; returns in how many it was.
///
/// # Errors
/// Those of the vendor and the store.
pub async fn run(context: &Context, input: Input) -> Result<usize> {
    let mut left = 0;
    for live in of_device(context, &input.device).await? {
        if let Some(side) = live.stored.side_of(&input.device) {
            let input = end::Input {
                call: live.stored.call.id.clone(),
                by: Some(side),
            };
            end::run(context, input).await?;
            left += 1;
        }
    }
    Ok(left)
}
