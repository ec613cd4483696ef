//! The connections behind outgoing calls, made ready when the first call needs them.

use std::sync::OnceLock;

use reqwest::ClientBuilder;

use crate::error::{Error, Result};

/// An HTTP client that costs nothing until somebody calls.
///
/// Making one ready seeds a random source and reads every certificate that the machine trusts:
/// many times what a command costs that calls nobody.
pub struct HttpClient {
    settings: Box<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>,
    ready: OnceLock<reqwest::Client>,
}

impl HttpClient {
    /// A client with these settings beside those that all have.
    pub fn new(settings: impl Fn(ClientBuilder) -> ClientBuilder + Send + Sync + 'static) -> Self {
        Self {
            settings: Box::new(settings),
            ready: OnceLock::new(),
        }
    }

    /// The client itself.
    ///
    /// # Errors
    /// [`Kind::Config`](crate::Kind::Config) when no certificates are found; the next
    /// call tries again.
    pub fn ready(&self) -> Result<&reqwest::Client> {
        if let Some(ready) = self.ready.get() {
            return Ok(ready);
        }
        let common = ClientBuilder::new().user_agent(concat!("tok/", env!("CARGO_PKG_VERSION")));
        let made = (self.settings)(common).build().map_err(no_https)?;
        // Of two who were first at once, one's is kept.
        Ok(self.ready.get_or_init(|| made))
    }
}

/// All that can fail is finding out whom to trust.
fn no_https(error: reqwest::Error) -> Error {
    Error::config(
        "HTTPS cannot be used, as no certificate of an authority was found; install the package \
         ca-certificates, or name a file of them in SSL_CERT_FILE",
    )
    .because(error)
}
