//! Tells who somebody is by the token that they signed in with.

use crate::context::Context;
use crate::error::Result;
use crate::model::sign_in::SignedIn;

/// Which token.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The token.
    pub token: String,
}

/// Verifies it.
///
/// # Errors
/// [`Kind::Unauthenticated`](crate::Kind::Unauthenticated) with a reason; of a forged token never which
/// check it failed.
pub async fn run(context: &Context, input: Input) -> Result<SignedIn> {
    context.issuers.verify(input.token.trim()).await
}

/// Whether a token is to be verified here: it says that it is of an issuer whom we believe. Nothing in
/// it is believed by that.
pub fn is_ours(context: &Context, token: &str) -> bool {
    context.issuers.know(token)
}
