//! A token explained claim by claim, for whoever has it in hand. The token itself is never shown.

use serde_json::Value;

use super::claims;
use super::token::TokenParts;
use super::{Issuer, Issuers, TrustedKeys};
use crate::error::{Error, Result};
use crate::model::sign_in::{ClaimFact, SignInFacts};

/// What is shown of a claim at most, in characters.
const LONGEST_SHOWN: usize = 200;
/// Whom tokens are for that a Firebase backend makes for its apps to trade in.
const CUSTOM_TOKENS: &str =
    "https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit";

fn fact(claim: &str, found: Option<String>, outcome: Result<&str, String>) -> ClaimFact {
    let (good, says) = match outcome {
        Ok(says) => (true, says.to_owned()),
        Err(says) => (false, says),
    };
    ClaimFact {
        claim: claim.to_owned(),
        found,
        good,
        says,
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() <= LONGEST_SHOWN {
        return text;
    }
    let start: String = text.chars().take(LONGEST_SHOWN).collect();
    format!("{start}…")
}

impl Issuers {
    /// Explains a token.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when it is none.
    pub async fn explain(&self, token: &str) -> Result<SignInFacts> {
        let parts = TokenParts::of(token)
            .ok_or_else(|| Error::invalid("this is not a sign-in token that can be read"))?;
        let mut facts = SignInFacts {
            valid: false,
            reason: None,
            issuer: None,
            user_id: None,
            role: None,
            scopes: [].into(),
            expires_at: claims::ends_at(&parts.claims.0),
            claims: Vec::new(),
        };
        let iss = parts.claims.0.get("iss").map(shown);
        match self.of(&parts) {
            None => facts
                .claims
                .push(fact("iss", iss, Err(self.nobody(&parts)))),
            Some(issuer) => {
                let says = format!("the issuer `{}`", issuer.alias);
                facts.claims.push(fact("iss", iss, Ok(&says)));
                issuer.explain(&parts, self.clock.now(), &mut facts).await;
            }
        }
        let wrong: Vec<_> = facts.claims.iter().filter(|fact| !fact.good).collect();
        facts.reason = wrong
            .first()
            .map(|first| format!("{}: {}", first.claim, first.says));
        facts.valid = wrong.is_empty();
        Ok(facts)
    }

    /// Why a token is of nobody whom we know.
    fn nobody(&self, token: &TokenParts<'_>) -> String {
        let aud = token.claims.0.get("aud").and_then(Value::as_str);
        if aud == Some(CUSTOM_TOKENS) {
            return "this is a custom token; the app trades it for an ID token at Firebase"
                .to_owned();
        }
        let name = token.issuer().unwrap_or_default();
        let bare = |name: &str| name.trim_end_matches('/').to_ascii_lowercase();
        let near = self
            .all
            .iter()
            .find(|issuer| bare(&issuer.settings.issuer) == bare(name));
        match near {
            Some(near) => format!(
                "no issuer of auth.issuers is called so, letter by letter; `{}` is set to {}",
                near.alias, near.settings.issuer
            ),
            None => "no issuer of auth.issuers is called so".to_owned(),
        }
    }
}

impl Issuer {
    async fn explain(&self, token: &TokenParts<'_>, now: jiff::Timestamp, facts: &mut SignInFacts) {
        let alg = &token.header.alg;
        let allowed = self.settings.algorithms.iter().map(|one| one.as_str());
        let allowed: Vec<_> = allowed.collect();
        let outcome = match self.algorithm(token) {
            Some(_) => Ok("as set in auth.issuers"),
            None if matches!(self.trust, TrustedKeys::Unsigned) => Ok("an emulator signs nothing"),
            None => Err(format!("it must be one of {}", allowed.join(", "))),
        };
        facts.claims.push(fact("alg", Some(alg.clone()), outcome));
        let kid = token.header.kid.clone();
        let outcome = match self.signed(token).await {
            Ok(true) => Ok("the issuer signed it"),
            Ok(false) => Err("no key of the issuer signed it so".to_owned()),
            Err(error) => Err(error.causes().into_iter().next().unwrap_or_default()),
        };
        facts.claims.push(fact("signature", kid, outcome));
        let claims = &token.claims.0;
        claims::each(&self.settings, token, now, |claim, outcome| {
            let name = if claim == "user" {
                self.settings.user.as_str()
            } else {
                claim
            };
            let outcome = outcome.map_err(|fault| fault.says).map(|()| "good");
            facts
                .claims
                .push(fact(claim, claims.get(name).map(shown), outcome));
        });
        facts.issuer = Some(self.alias.to_string());
        facts.user_id = claims::user(&self.settings, claims).ok().map(String::from);
        facts.role = Some(claims::role(&self.settings, claims));
        facts.scopes.clone_from(&self.settings.scopes);
    }
}
