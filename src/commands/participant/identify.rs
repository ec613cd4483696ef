//! Tells whose a join token is, wherever its room is.

use crate::context::Context;
use crate::error::{Error, Kind, Reason, Result};
use crate::meeting::fallen;
use crate::model::meeting::{JoinGrant, forbidden};
use crate::model::sign_in::SignedIn;
use crate::model::{BackendName, Minter, Role, TokenFacts};
use crate::records::KEYS;

/// Which token.
#[derive(Clone, PartialEq, Eq)]
pub struct Input {
    /// The token.
    pub token: String,
}

/// Somebody whose token says who they are, by the word of somebody who may say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The app's id of the person.
    pub user: String,
    word: Word,
}

/// On what it stands who somebody is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// What their join token gives.
    Grant(JoinGrant),
    /// They signed in elsewhere, and may have tokens of this role at the most.
    SignedIn(Role),
}

impl Identity {
    /// Somebody who signed in. Whoever holds their connection ends it with the token that says so.
    pub fn of_signed_in(person: &SignedIn) -> Self {
        Self {
            user: person.user.to_string(),
            word: Word::SignedIn(person.role),
        }
    }
}

/// The user that a token was made for; nothing if it names none, or if whoever minted it may not say
/// who somebody is.
///
/// # Errors
/// [`Kind::Forbidden`] when it is no good.
pub async fn run(context: &Context, input: Input) -> Result<Option<Identity>> {
    let facts = good(context, &input.token).await?;
    let vouched = is_set(&facts, "identity");
    let (user, grant) = (facts.user_id.clone(), grant(&facts));
    Ok(user
        .filter(|_| vouched)
        .zip(grant)
        .map(|(user, grant)| Identity {
            user,
            word: Word::Grant(grant),
        }))
}

/// Whether somebody is still known by the token that said who they are.
///
/// # Errors
/// Those of the store.
pub async fn holds(context: &Context, identity: &Identity) -> Result<bool> {
    let Word::Grant(grant) = &identity.word else {
        return Ok(true);
    };
    let now = context.clock.now();
    if grant.is_over(now) {
        return Ok(false);
    }
    let (key, user) = (grant.key.as_deref(), grant.user.as_deref());
    let store = (context.documents.as_ref(), &context.seal);
    let fallen = fallen(store, now, key, user).await?;
    Ok(fallen.is_none())
}

/// Who stands behind what a known person is given: whoever minted their token, as far as they may now.
///
/// # Errors
/// [`Kind::Forbidden`] when the key is gone, or may not let people take part or say who they are.
pub async fn minter(context: &Context, identity: &Identity) -> Result<Minter> {
    if !holds(context, identity).await? {
        return Err(no_good("it has ended, or what it stands on is gone"));
    }
    let key = match &identity.word {
        Word::Grant(grant) => grant.key.as_ref(),
        Word::SignedIn(role) => {
            return Ok(Minter {
                key: None,
                until: None,
                strongest: *role,
                vouches: true,
            });
        }
    };
    let Some(key) = key else {
        return Ok(Minter::OPERATOR);
    };
    let found = KEYS.document(context.documents.as_ref(), key).await?;
    let found = found.and_then(|found| KEYS.readable(&context.seal, &found));
    let minter = found.map(|found| found.key.minter());
    let may = |of: &Minter| of.vouches && of.strongest >= Role::Participant;
    minter.filter(may).ok_or_else(|| {
        no_good("the API key that minted it may not let somebody take part in a call")
    })
}

/// What a token says that opens something now.
///
/// # Errors
/// [`Kind::Forbidden`] when it is no good.
pub(super) async fn good(context: &Context, token: &str) -> Result<TokenFacts> {
    let backend = context.backends.get(Some(BackendName::Local))?;
    let facts = match backend.tokens.inspect(token).await {
        Err(error) if error.kind() == Kind::InvalidInput => return Err(no_good(error.message())),
        other => other?,
    };
    if !facts.valid {
        let why = facts.reason.as_deref();
        return Err(no_good(why.unwrap_or("it opens nothing")));
    }
    Ok(facts)
}

/// What a good token gives its holder.
pub(super) fn grant(facts: &TokenFacts) -> Option<JoinGrant> {
    let text = |name| facts.claims.get(name).and_then(|value| value.as_str());
    let known = is_set(facts, "known");
    Some(JoinGrant {
        id: text("jti").map(str::to_owned),
        role: facts.role?,
        until: facts.expires_at?,
        key: text("key").map(str::to_owned),
        key_until: text("key_until").and_then(|at| at.parse().ok()),
        user: facts.user_id.clone().filter(|_| known),
        name: facts.user_name.clone(),
        shared: is_set(facts, "shared"),
    })
}

fn is_set(facts: &TokenFacts, claim: &str) -> bool {
    facts.claims.get(claim) == Some(&true.into())
}

/// What is said of a token that does not open what was asked for.
pub(super) fn no_good(why: &str) -> Error {
    forbidden(
        Reason::TokenRefused,
        format!("the join token is no good: {why}"),
    )
}
