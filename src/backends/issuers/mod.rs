//! Others who say who somebody is: Firebase, Auth0, Keycloak and the like. They sign tokens; whoever
//! has their public keys can tell a good one by itself.
//!
//! The header of a token never chooses how it is checked, and no address in it is ever asked. What is
//! checked, and in which order, stands in one place: the signature first, so that a forged token
//! learns nothing of the rest. Whoever signs in with a known key waits for nobody, and a broken answer of an
//! issuer takes no good keys' place.

mod claims;
mod explain;
mod fetch;
mod kept;
mod keys;
#[cfg(test)]
mod tests;
mod token;

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::future::join_all;
use jsonwebtoken::DecodingKey;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use self::fetch::{HttpKeys, KeySource};
use self::kept::{KeptKeys, KeysState};
pub use self::keys::SigningAlgorithm;
use self::token::TokenParts;
use crate::error::{Error, Kind, Reason, Result};
use crate::model::Clock;
use crate::model::health::{Depth, Finding, Health, Probe};
use crate::model::key::Scope;
use crate::model::sign_in::SignedIn;

/// This machine's clock and an issuer's may be so far apart, in seconds.
const TOLERATED_SKEW: i64 = 60;

/// One who says who somebody is, and what is believed.
pub struct IssuerSettings {
    /// The short name, a part of stored user ids.
    pub alias: String,
    /// What `iss` says, letter by letter.
    pub issuer: String,
    /// One of these must be in `aud`, if there are any.
    pub audience: Vec<String>,
    /// One of these must be `azp`, if there are any.
    pub authorized_party: Vec<String>,
    /// Where the keys are.
    pub keys: KeysFrom,
    /// How tokens may be signed.
    pub algorithms: Vec<SigningAlgorithm>,
    /// The claim that is the person's id.
    pub user: String,
    /// The claim that is their name.
    pub name: String,
    /// The claim that is their strongest role.
    pub role_claim: String,
    /// What they may do.
    pub scopes: BTreeSet<Scope>,
    /// Whether their ids are those of users as they are, without the short name.
    pub plain_ids: bool,
    /// Whether Firebase's own rules hold.
    pub firebase: bool,
    /// Whether users of ours are made of them.
    pub makes_users: bool,
}

/// Where the keys of an issuer are.
pub enum KeysFrom {
    /// At this address.
    Url(Url),
    /// Where its discovery document says.
    Discovery,
    /// Both sides have this secret.
    Secret(SecretString),
    /// Nowhere: an emulator on this machine signs nothing.
    Emulator,
}

/// What a signature is checked with.
enum TrustedKeys {
    Kept(Arc<KeptKeys>),
    Secret(Arc<DecodingKey>),
    Unsigned,
}

struct Issuer {
    settings: IssuerSettings,
    alias: Arc<str>,
    scopes: Arc<BTreeSet<Scope>>,
    trust: TrustedKeys,
}

/// All who are believed.
pub struct Issuers {
    all: Vec<Issuer>,
    clock: Arc<dyn Clock>,
}

/// What is said of a token that is not good: the same whatever is wrong.
fn invalid() -> Error {
    Error::new(Kind::Unauthenticated, "the sign-in token is not valid").reason(Reason::TokenInvalid)
}

impl Issuers {
    /// These, none of whom is asked anything yet.
    pub fn new(all: Vec<IssuerSettings>, clock: Arc<dyn Clock>) -> Self {
        let open = |settings: IssuerSettings| {
            let source = |url: Option<&Url>| -> Box<dyn KeySource> {
                let (alias, issuer) = (&settings.alias, &settings.issuer);
                Box::new(HttpKeys::new(alias, issuer, url.cloned()))
            };
            let kept = |source| {
                let (alias, algorithms) = (&settings.alias, &settings.algorithms);
                let kept = KeptKeys::new(alias, algorithms, source, clock.clone());
                TrustedKeys::Kept(Arc::new(kept))
            };
            let trust = match &settings.keys {
                KeysFrom::Url(url) => kept(source(Some(url))),
                KeysFrom::Discovery => kept(source(None)),
                KeysFrom::Secret(secret) => {
                    let secret = secret.expose_secret().as_bytes();
                    TrustedKeys::Secret(Arc::new(DecodingKey::from_secret(secret)))
                }
                KeysFrom::Emulator => TrustedKeys::Unsigned,
            };
            Issuer::new(settings, trust)
        };
        Self {
            all: all.into_iter().map(open).collect(),
            clock,
        }
    }

    /// Whether nobody is believed.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a token says that it is of one of these. Nothing is believed by that.
    pub fn know(&self, token: &str) -> bool {
        let parts = TokenParts::of(token.trim());
        parts.is_some_and(|parts| self.of(&parts).is_some())
    }

    /// Whether a token says that it is of somebody whose name is an address, as all issuers' names are.
    pub fn is_of_an_address(&self, token: &str) -> bool {
        let parts = TokenParts::of(token);
        parts.is_some_and(|parts| {
            let name = parts.issuer().unwrap_or_default();
            name.starts_with("http") || self.of(&parts).is_some()
        })
    }

    fn of(&self, token: &TokenParts<'_>) -> Option<&Issuer> {
        let name = token.issuer()?;
        self.all
            .iter()
            .find(|issuer| issuer.settings.issuer == name)
    }

    /// Tells who somebody is by their token.
    ///
    /// # Errors
    /// [`Kind::Unauthenticated`] with the reason [`Reason::IssuerUnknown`], [`Reason::KeysUnavailable`],
    /// [`Reason::TokenExpired`] or, for everything else, [`Reason::TokenInvalid`].
    pub async fn verify(&self, token: &str) -> Result<SignedIn> {
        let parts = TokenParts::of(token).ok_or_else(invalid)?;
        let issuer = self.of(&parts).ok_or_else(|| {
            let what = "the issuer of the sign-in token is not one of auth.issuers";
            Error::new(Kind::Unauthenticated, what).reason(Reason::IssuerUnknown)
        })?;
        if !issuer.signed(&parts).await? {
            tracing::debug!(issuer = &*issuer.alias, "a token has no good signature");
            return Err(invalid());
        }
        claims::check(&issuer.settings, &parts, self.clock.now()).map_err(|fault| {
            tracing::debug!(
                issuer = &*issuer.alias,
                why = fault.says,
                "a token is refused"
            );
            if !fault.expired {
                return invalid();
            }
            let what = "the time of the sign-in token has run out; get a fresh one";
            Error::new(Kind::Unauthenticated, what).reason(Reason::TokenExpired)
        })?;
        issuer.person(&parts).ok_or_else(invalid)
    }

    /// Keeps the keys of all fresh for as long as this runs.
    pub async fn follow(&self) {
        join_all(self.all.iter().map(async |issuer| {
            if let TrustedKeys::Kept(keys) = &issuer.trust {
                keys.follow().await;
            }
        }))
        .await;
    }
}

impl Issuer {
    fn new(settings: IssuerSettings, trust: TrustedKeys) -> Self {
        Self {
            alias: settings.alias.as_str().into(),
            scopes: Arc::new(settings.scopes.clone()),
            settings,
            trust,
        }
    }

    /// How the token is signed, if it may be signed so. The header is only compared with what is set.
    fn algorithm(&self, token: &TokenParts<'_>) -> Option<SigningAlgorithm> {
        let mut all = self.settings.algorithms.iter();
        all.find(|one| one.as_str() == token.header.alg).copied()
    }

    /// Whether the issuer signed this.
    ///
    /// # Errors
    /// [`Reason::KeysUnavailable`] when that cannot be known.
    async fn signed(&self, token: &TokenParts<'_>) -> Result<bool> {
        let (message, signature) = (token.message, token.signature);
        if let TrustedKeys::Unsigned = &self.trust {
            let unsigned = token.header.alg == "none" && signature.is_empty();
            return Ok(unsigned && token.header.kid.is_none());
        }
        let Some(algorithm) = self.algorithm(token) else {
            return Ok(false);
        };
        let kid = token.header.kid.as_deref();
        if self.settings.firebase && kid.is_none() {
            return Ok(false);
        }
        let keys = match &self.trust {
            TrustedKeys::Kept(keys) => keys.candidates(kid, algorithm).await.map_err(|error| {
                let what = "the keys of the sign-in token's issuer cannot be had now; try again";
                Error::new(Kind::Unauthenticated, what)
                    .reason(Reason::KeysUnavailable)
                    .because(error)
            })?,
            TrustedKeys::Secret(key) => vec![key.clone()],
            TrustedKeys::Unsigned => Vec::new(),
        };
        Ok(keys
            .iter()
            .any(|key| algorithm.verify(key, message, signature)))
    }

    /// Whom a token is about that was found to be good.
    fn person(&self, token: &TokenParts<'_>) -> Option<SignedIn> {
        let claims = &token.claims.0;
        Some(SignedIn {
            user: claims::user(&self.settings, claims).ok()?,
            issuer: self.alias.clone(),
            name: claims::name(&self.settings, claims),
            role: claims::role(&self.settings, claims),
            scopes: self.scopes.clone(),
            expires_at: claims::ends_at(claims)?,
            makes_user: self.settings.makes_users,
        })
    }

    fn check(&self) -> String {
        format!("sign-in ({})", self.alias)
    }

    /// What is known without asking; whether anybody can sign in by it.
    async fn standing(&self) -> (Finding, bool) {
        let TrustedKeys::Kept(keys) = &self.trust else {
            return (Finding::ok(self.check(), "needs no keys of others"), true);
        };
        let why = |failure: Option<Error>| {
            failure.map_or_else(|| "nobody asked yet".to_owned(), |error| error.to_string())
        };
        let bad = |health, what| Finding::bad(self.check(), health, what, ADVICE);
        match keys.state().await {
            (KeysState::Fresh(count), _) => {
                (Finding::ok(self.check(), format!("{count} keys")), true)
            }
            (KeysState::Stale(age), failure) => {
                let what = format!("its keys are {age} s old: {}", why(failure));
                (bad(Health::Warn, what), true)
            }
            (KeysState::Missing, failure) => {
                let what = format!("nobody can sign in by it: {}", why(failure));
                (bad(Health::Fail, what), false)
            }
        }
    }

    /// Asks the issuer.
    async fn look(&self) -> Vec<Finding> {
        let TrustedKeys::Kept(keys) = &self.trust else {
            return vec![self.standing().await.0];
        };
        let (count, skew) = match keys.look().await {
            Ok(found) => found,
            Err(error) => {
                return vec![Finding::failed(self.check(), &error, ADVICE)];
            }
        };
        let mut findings = vec![Finding::ok(self.check(), format!("{count} keys"))];
        let skew = skew.map(|skew| skew.as_secs());
        let clock = format!("sign-in clock ({})", self.alias);
        findings.extend(skew.map(|skew| {
            if skew.abs() <= TOLERATED_SKEW {
                return Finding::ok(clock, format!("{skew} s apart"));
            }
            Finding::bad(
                clock,
                Health::Warn,
                format!("this machine's clock is {skew} s ahead of the issuer's"),
                "set the clock by NTP; good tokens are refused",
            )
        }));
        findings
    }
}

/// What to do when keys are missing.
const ADVICE: &str = "check the network, and issuer and jwks_url of auth.issuers";

#[async_trait]
impl Probe for Issuers {
    /// An issuer that is away is no reason to serve nobody, as long as people can sign in by another.
    async fn probe(&self, depth: Depth) -> Vec<Finding> {
        if depth == Depth::Full {
            let looks = join_all(self.all.iter().map(Issuer::look)).await;
            return looks.into_iter().flatten().collect();
        }
        let seen = join_all(self.all.iter().map(Issuer::standing)).await;
        let anybody = seen.iter().any(|(_, works)| *works);
        let findings = seen.into_iter().map(|(mut finding, _)| {
            if anybody && finding.health == Health::Fail {
                finding.health = Health::Warn;
            }
            finding
        });
        findings.collect()
    }
}
