//! Leases: who may do a piece of work now.
//!
//! A lease is a document with an end; its holder renews it, anybody may take it once the end has
//! passed, and every step is fenced by the document's version.

use std::future::Future;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::backends::documents::{Precondition, Version, Write};
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::ambient;

const COLLECTION: &str = "tok_leases";
/// How long the work of a holder that died stays untouched.
const LIFE: Duration = Duration::from_secs(30);

#[derive(Serialize, Deserialize)]
struct Stored {
    holder: String,
    until: Timestamp,
}

/// A lease that is held.
pub struct Lease {
    context: Context,
    name: String,
    holder: String,
    life: Duration,
    version: Mutex<Version>,
}

impl Lease {
    /// Takes the lease called `name` for [`LIFE`].
    ///
    /// # Errors
    /// [`Kind::Locked`] when somebody else holds it.
    pub async fn take(context: &Context, name: &str) -> Result<Self> {
        Self::take_for(context, name, LIFE).await
    }

    /// Takes the lease called `name` for `life`.
    ///
    /// # Errors
    /// [`Kind::Locked`] when somebody else holds it.
    pub async fn take_for(context: &Context, name: &str, life: Duration) -> Result<Self> {
        let found = context.documents.get(COLLECTION, name).await?;
        let precondition = match &found {
            None => Precondition::Missing,
            Some(document) => {
                let stored: Stored = document.decode()?;
                if stored.until > context.clock.now() {
                    return Err(locked(name, stored.until));
                }
                Precondition::Version(document.version)
            }
        };
        let lease = Self {
            context: context.clone(),
            name: name.to_owned(),
            holder: ambient::uuid(context.random.as_ref()),
            life,
            version: Mutex::new(0),
        };
        match lease.write(precondition).await {
            Err(error) if error.kind() == Kind::Conflict => Err(locked(name, lease.end())),
            other => other.map(|()| lease),
        }
    }

    /// Runs `work`, renewing the lease all the while; stops it when the lease is lost.
    ///
    /// # Errors
    /// Those of `work`, or [`Kind::Locked`] when somebody took the lease over.
    pub async fn hold_while<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        let renewing = async {
            loop {
                tokio::time::sleep(self.life / 3).await;
                let version = self.version();
                match self.write(Precondition::Version(version)).await {
                    Ok(()) => {}
                    Err(error) if error.kind() == Kind::Conflict => {
                        return Error::new(Kind::Locked, "another run took this work over");
                    }
                    // Until the lease ends there is time to try again.
                    Err(error) => tracing::warn!(error = %error, "a lease could not be renewed"),
                }
            }
        };
        tokio::select! {
            outcome = work => outcome,
            lost = renewing => Err(lost),
        }
    }

    /// Gives the lease back.
    ///
    /// # Errors
    /// As a commit; a lease that was lost meanwhile is none.
    pub async fn release(self) -> Result<()> {
        let version = self.version();
        let write = Write::delete(COLLECTION, &self.name).only_if(Precondition::Version(version));
        match self.context.documents.commit(vec![write]).await {
            Err(error) if error.kind() != Kind::Conflict => Err(error),
            _ => Ok(()),
        }
    }

    async fn write(&self, precondition: Precondition) -> Result<()> {
        let stored = Stored {
            holder: self.holder.clone(),
            until: self.end(),
        };
        let write = Write::put(COLLECTION, &self.name, &stored)?.only_if(precondition);
        let versions = self.context.documents.commit(vec![write]).await?;
        if let Some(version) = versions.first() {
            *self.version.lock().unwrap_or_else(PoisonError::into_inner) = *version;
        }
        Ok(())
    }

    fn version(&self) -> Version {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn end(&self) -> Timestamp {
        let life = SignedDuration::try_from(self.life).unwrap_or(SignedDuration::ZERO);
        let now = self.context.clock.now();
        now.saturating_add(life).unwrap_or(now)
    }
}

fn locked(name: &str, until: Timestamp) -> Error {
    Error::new(
        Kind::Locked,
        format!("another run holds `{name}` until {until} at the latest"),
    )
}
