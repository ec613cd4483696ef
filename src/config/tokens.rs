//! `[tokens]`: the lives of join tokens.

use super::mistake::{Checked, Wrong};
use super::section::section;
use crate::model::Span;
use crate::model::settings::TokenLife;

section! {
    [tokens]
    /// The lives of join tokens.
    pub struct TokensSection {
        /// life of a join token that asks for none
        ttl: Span = "'1h'",
        /// longest life of a join token
        max_ttl: Span = "'24h'",
    }
}

impl TokensSection {
    /// What operations go by.
    pub fn life(&self) -> TokenLife {
        TokenLife {
            usual: self.ttl,
            longest: self.max_ttl,
        }
    }

    /// The usual life is not longer than the longest.
    pub(super) fn check(&self) -> Checked {
        if self.ttl > self.max_ttl {
            return Err(Wrong::new(
                &["tokens.ttl", "tokens.max_ttl"],
                "tokens.ttl is longer than tokens.max_ttl",
            ));
        }
        Ok(())
    }
}
