//! `[redis]`: what several nodes tell each other over.

use secrecy::SecretString;

use super::section::section;

section! {
    [redis]
    /// What several nodes tell each other over.
    pub struct RedisSection {
        /// lets several nodes over one store act as one, e.g. redis://host:6379
        url: Option<SecretString>,
    }
}
