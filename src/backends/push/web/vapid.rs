//! Who we are to push services (VAPID, RFC 8292): a key pair of our own, which needs no account with
//! anybody. Each subscription is made for the public half, so a new pair silences all of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_lc_rs::agreement::{ECDH_P256, PrivateKey};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use jiff::SignedDuration;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::origins::{OriginPass, PushOrigin};
use crate::error::{Error, Kind, Result};
use crate::model::{Random, random};
use crate::records::documents::{Documents, Precondition};
use crate::records::{SECRETS, Seal, StoredSecret};

/// The id of our key among the secrets.
const DOCUMENT: &str = "vapid";
/// How long what the store says is believed: a key that was replaced elsewhere is used no longer.
const FRESH: Duration = Duration::from_secs(30);
/// How long what says who we are is good; push services refuse more than a day.
const LIFE: SignedDuration = SignedDuration::from_hours(12);
/// It is made anew so long before its end.
const SPARE: SignedDuration = SignedDuration::from_hours(1);

/// Our key pair.
pub(super) struct VapidKey {
    /// What apps subscribe with: the public half as base64url.
    pub(super) public: String,
    /// What tells it from others.
    pub(super) id: String,
    signing: EncodingKey,
}

#[derive(Serialize)]
struct VapidClaims<'a> {
    aud: &'a str,
    exp: i64,
    sub: &'a str,
}

impl VapidKey {
    /// The pair of a private half of 32 bytes.
    fn of_private(private: &[u8]) -> Result<Self> {
        let no_key = || Error::config("the private key of Web Push is no key of P-256");
        let key = PrivateKey::from_private_key(&ECDH_P256, private).map_err(|_| no_key())?;
        let public = key.compute_public_key().map_err(|_| no_key())?;
        let pair = EcdsaKeyPair::from_private_key_and_public_key(
            &ECDSA_P256_SHA256_FIXED_SIGNING,
            private,
            public.as_ref(),
        );
        let pair = pair.map_err(|_| no_key())?;
        let document = pair.to_pkcs8v1().map_err(|_| no_key())?;
        Ok(Self {
            public: BASE64.encode(public.as_ref()),
            id: BASE64.encode(&Sha256::digest(public.as_ref())[..9]),
            signing: EncodingKey::from_ec_der(document.as_ref()),
        })
    }

    /// The pair of a private half as base64url, which is how tools for Web Push write it.
    ///
    /// # Errors
    /// [`Kind::Config`] when it is none.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let plain = text.trim().trim_end_matches('=');
        let private = BASE64.decode(plain).ok().filter(|key| key.len() == 32);
        let private = private
            .ok_or_else(|| Error::config("push.vapid_private_key is not 32 bytes as base64url"))?;
        Self::of_private(&private)
    }

    /// The header that says who we are to the push service at `origin`.
    ///
    /// # Errors
    /// [`Kind::Internal`] when nothing can be signed.
    pub(super) fn pass(
        &self,
        origin: &str,
        service: &PushOrigin,
        contact: &str,
        now: jiff::Timestamp,
    ) -> Result<String> {
        service.pass(&self.id, now.as_second(), || {
            let end = now.saturating_add(LIFE).unwrap_or(now);
            let claims = VapidClaims {
                aud: origin,
                exp: end.as_second(),
                sub: contact,
            };
            let signed =
                jsonwebtoken::encode(&Header::new(Algorithm::ES256), &claims, &self.signing)
                    .map_err(|error| {
                        Error::internal("a message cannot be signed").because(error)
                    })?;
            let until = end.saturating_sub(SPARE).unwrap_or(now);
            Ok(OriginPass {
                key: self.id.clone(),
                header: format!("vapid t={signed}, k={}", self.public),
                until: until.as_second(),
            })
        })
    }
}

/// Where our key pair is: in the configuration, or in the store, made when it is first needed.
pub(super) struct VapidKeys {
    documents: Arc<dyn Documents>,
    seal: Seal,
    random: Arc<dyn Random>,
    configured: Option<Arc<VapidKey>>,
    known: Mutex<Option<(Instant, Arc<VapidKey>)>>,
}

impl VapidKeys {
    /// # Errors
    /// [`Kind::Config`] when the configured key is none.
    pub(super) fn new(
        (documents, seal): (Arc<dyn Documents>, Seal),
        random: Arc<dyn Random>,
        configured: Option<&SecretString>,
    ) -> Result<Self> {
        let read = |key: &SecretString| VapidKey::parse(key.expose_secret()).map(Arc::new);
        Ok(Self {
            documents,
            seal,
            random,
            configured: configured.map(read).transpose()?,
            known: Mutex::default(),
        })
    }

    /// Whether the configuration names it.
    pub(super) fn is_configured(&self) -> bool {
        self.configured.is_some()
    }

    fn know(&self, key: &Arc<VapidKey>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some((Instant::now(), key.clone()));
    }

    /// Our pair, if there is one already.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn find(&self) -> Result<Option<Arc<VapidKey>>> {
        if let Some(key) = &self.configured {
            return Ok(Some(key.clone()));
        }
        let found = SECRETS.get(&self.seal, self.documents.as_ref(), DOCUMENT);
        found.await?.map(|found| of_stored(&found)).transpose()
    }

    /// Our pair, made if there is none. Of two nodes that are the first one's is kept.
    ///
    /// # Errors
    /// Those of the store.
    pub(super) async fn current(&self) -> Result<Arc<VapidKey>> {
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, key)) = known.as_ref()
                && since.elapsed() < FRESH
            {
                return Ok(key.clone());
            }
        }
        let key = match self.find().await? {
            Some(key) => key,
            None => match self.put(Precondition::Missing).await {
                Err(error) if error.kind() == Kind::Conflict => self.find().await?.ok_or(error)?,
                made => made?,
            },
        };
        self.know(&key);
        Ok(key)
    }

    /// Makes another pair in the place of ours.
    ///
    /// # Errors
    /// [`Kind::Unsupported`] when the configuration names it; those of the store.
    pub(super) async fn replace(&self) -> Result<Arc<VapidKey>> {
        if self.is_configured() {
            return Err(Error::new(
                Kind::Unsupported,
                "the key pair is the one of push.vapid_private_key; change it there",
            ));
        }
        let key = self.put(Precondition::None).await?;
        self.know(&key);
        Ok(key)
    }

    async fn put(&self, precondition: Precondition) -> Result<Arc<VapidKey>> {
        // Hardly any 32 bytes are no key.
        let (fresh, key) = loop {
            let private = random::bytes::<32>(self.random.as_ref());
            if let Ok(key) = VapidKey::of_private(&private) {
                let key = Arc::new(key);
                break (hex::encode(private), key);
            }
        };
        let fresh = StoredSecret { key: fresh };
        let at = self.seal.moment(self.documents.as_ref()).await?;
        let write = SECRETS.put(&self.seal, at, DOCUMENT, &fresh)?;
        let write = write.only_if(precondition);
        self.documents.commit(vec![write]).await?;
        Ok(key)
    }
}

fn of_stored(stored: &StoredSecret) -> Result<Arc<VapidKey>> {
    let damaged = || {
        Error::internal("the key pair of Web Push is damaged")
            .advise("make another one: `tok push key rotate`")
    };
    let private = hex::decode(&stored.key).map_err(|error| damaged().because(error))?;
    let key = VapidKey::of_private(&private).map_err(|error| damaged().because(error))?;
    Ok(Arc::new(key))
}
