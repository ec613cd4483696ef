//! Whether what is stored and `auth.secret_file` fit together.

use std::time::Duration;

use futures_util::TryStreamExt;

use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::records::documents::Scan;
use crate::records::{self, Declaration, SealState, sealed};

/// Documents of one collection that are looked at.
const MOST: usize = 1000;
/// How long a start waits for the store to tell.
const PATIENCE: Duration = Duration::from_secs(5);

/// The collections whose documents are sealed for good.
pub fn lasting() -> impl Iterator<Item = &'static Declaration> {
    let all = records::ALL
        .iter()
        .filter_map(|declared| records::declared(declared.name));
    all.filter(|declared| declared.sealing.is_some_and(|sealing| sealing.lasting))
}

/// The keys and secrets that are stored, each with what its seal says.
///
/// # Errors
/// Those of the store.
pub async fn look(context: &Context) -> Result<Vec<(String, SealState)>> {
    let mut out = Vec::new();
    for declared in lasting() {
        let scan = Scan::all(declared.name).limit(MOST);
        let mut found = context.documents.scan(scan);
        while let Some(document) = found.try_next().await? {
            let place = format!("{}/{}", declared.name, document.id);
            out.push((place, sealed::state_of(&context.seal, declared, &document)));
        }
    }
    Ok(out)
}

/// Insists that what is stored is not sealed with a secret that is not known here.
///
/// # Errors
/// [`Kind::Config`] when it is; those of the store.
pub async fn insist(context: &Context) -> Result<()> {
    let found = look(context).await?;
    let is = |state: SealState| found.iter().any(|(_, found)| *found == state);
    let what = if !context.seal.is_set()
        && found.iter().any(|(_, state)| *state != SealState::Clear)
    {
        "keys and secrets in this store are sealed; set auth.secret_file to the file with the secret that they are sealed with"
    } else if is(SealState::Other) && !is(SealState::Good) {
        "keys and secrets in this store are sealed with another secret than that in auth.secret_file"
    } else {
        return Ok(());
    };
    Err(Error::config(what).reason(Reason::NotSealed))
}

/// The same for who begins to serve, and who goes on where the store cannot tell now.
///
/// # Errors
/// [`Kind::Config`].
pub async fn begin(context: &Context) -> Result<()> {
    let looked = tokio::time::timeout(PATIENCE, insist(context)).await;
    let late = |_| Err(Error::unavailable("the store does not answer"));
    match looked.unwrap_or_else(late) {
        Err(error) if error.kind() == Kind::Config => Err(error),
        Err(error) => {
            tracing::warn!(%error, "whether keys and secrets are sealed is not known");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
