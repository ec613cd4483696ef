//! `[auth]`: who may use the API.

use super::section::{choice, section};

section! {
    [auth]
    /// Who may use the API.
    pub struct AuthSection {
        /// who may use the API: anybody on this machine, or holders of a key
        mode: AuthMode = "'none'",
    }
}

choice! {
    /// How callers are told apart.
    pub enum AuthMode {
        /// Not at all.
        None = "none",
        /// By API keys.
        Keys = "keys",
    }
}
