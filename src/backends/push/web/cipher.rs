//! What `ece` encrypts with: the cryptography that everything else here uses too.

use std::any::Any;

use aws_lc_rs::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::agreement::{ECDH_P256, ParsedPublicKey, PrivateKey, UnparsedPublicKey, agree};
use aws_lc_rs::encoding::{AsBigEndian, EcPrivateKeyBin};
use aws_lc_rs::hkdf::{HKDF_SHA256, KeyType, Salt};
use ece::crypto::{
    Cryptographer, EcKeyComponents, LocalKeyPair, RemotePublicKey, set_cryptographer,
};

/// The most that fits into one record, which is all that push services take.
pub(super) const LARGEST: usize = 3967;
/// The most that a push service must take.
const LARGEST_BODY: usize = 4096;

/// Why something could not be encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotEncrypted {
    /// It does not fit.
    TooLarge,
    /// The receiver's key is none.
    NoKey,
}

/// One message for a receiver, with a key of its own (RFC 8291).
pub(super) fn encrypt(
    public_key: &[u8],
    auth: &[u8],
    plain: &[u8],
) -> Result<Vec<u8>, NotEncrypted> {
    if plain.len() > LARGEST {
        return Err(NotEncrypted::TooLarge);
    }
    // It is the same one whoever was first.
    drop(set_cryptographer(&AwsLc));
    // An empty message is none.
    let plain = if plain.is_empty() { b"{}" } else { plain };
    let body = ece::encrypt(public_key, auth, plain).map_err(|_| NotEncrypted::NoKey)?;
    if body.len() > LARGEST_BODY {
        return Err(NotEncrypted::TooLarge);
    }
    Ok(body)
}

/// Whether these bytes are a point of P-256.
pub(super) fn is_point(key: &[u8]) -> bool {
    ParsedPublicKey::try_from(&UnparsedPublicKey::new(&ECDH_P256, key)).is_ok()
}

struct AwsLc;

/// A key that can be used more than once, as `ece` does.
struct OwnKey(PrivateKey);

struct TheirKey(Vec<u8>);

fn failed<E>(_: E) -> ece::Error {
    ece::Error::CryptoError
}

impl LocalKeyPair for OwnKey {
    fn pub_as_raw(&self) -> ece::Result<Vec<u8>> {
        let public = self.0.compute_public_key().map_err(failed)?;
        Ok(public.as_ref().to_vec())
    }

    fn raw_components(&self) -> ece::Result<EcKeyComponents> {
        let private: EcPrivateKeyBin<'_> = self.0.as_be_bytes().map_err(failed)?;
        let public = self.pub_as_raw()?;
        Ok(EcKeyComponents::new(private.as_ref(), &public))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl RemotePublicKey for TheirKey {
    fn as_raw(&self) -> ece::Result<Vec<u8>> {
        Ok(self.0.clone())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A length of what is derived.
struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

fn cipher(key: &[u8], iv: &[u8]) -> ece::Result<(LessSafeKey, Nonce)> {
    let key = UnboundKey::new(&AES_128_GCM, key).map_err(failed)?;
    let nonce = Nonce::try_assume_unique_for_key(iv).map_err(failed)?;
    Ok((LessSafeKey::new(key), nonce))
}

impl Cryptographer for AwsLc {
    fn generate_ephemeral_keypair(&self) -> ece::Result<Box<dyn LocalKeyPair>> {
        let key = PrivateKey::generate(&ECDH_P256).map_err(failed)?;
        Ok(Box::new(OwnKey(key)))
    }

    fn import_key_pair(&self, components: &EcKeyComponents) -> ece::Result<Box<dyn LocalKeyPair>> {
        let key = PrivateKey::from_private_key(&ECDH_P256, components.private_key());
        Ok(Box::new(OwnKey(key.map_err(failed)?)))
    }

    fn import_public_key(&self, raw: &[u8]) -> ece::Result<Box<dyn RemotePublicKey>> {
        Ok(Box::new(TheirKey(raw.to_vec())))
    }

    fn compute_ecdh_secret(
        &self,
        remote: &dyn RemotePublicKey,
        local: &dyn LocalKeyPair,
    ) -> ece::Result<Vec<u8>> {
        let local = local.as_any().downcast_ref::<OwnKey>();
        let local = local.ok_or(ece::Error::CryptoError)?;
        let remote = UnparsedPublicKey::new(&ECDH_P256, remote.as_raw()?);
        agree(&local.0, &remote, ece::Error::CryptoError, |secret| {
            Ok(secret.to_vec())
        })
    }

    fn hkdf_sha256(
        &self,
        salt: &[u8],
        secret: &[u8],
        info: &[u8],
        len: usize,
    ) -> ece::Result<Vec<u8>> {
        let key = Salt::new(HKDF_SHA256, salt).extract(secret);
        let info = [info];
        let derived = key.expand(&info, Length(len)).map_err(failed)?;
        let mut out = vec![0; len];
        derived.fill(&mut out).map_err(failed)?;
        Ok(out)
    }

    fn aes_gcm_128_encrypt(&self, key: &[u8], iv: &[u8], data: &[u8]) -> ece::Result<Vec<u8>> {
        let (key, nonce) = cipher(key, iv)?;
        let mut out = data.to_vec();
        key.seal_in_place_append_tag(nonce, Aad::empty(), &mut out)
            .map_err(failed)?;
        Ok(out)
    }

    fn aes_gcm_128_decrypt(
        &self,
        key: &[u8],
        iv: &[u8],
        ciphertext_and_tag: &[u8],
    ) -> ece::Result<Vec<u8>> {
        let (key, nonce) = cipher(key, iv)?;
        let mut out = ciphertext_and_tag.to_vec();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut out);
        Ok(plain.map_err(failed)?.to_vec())
    }

    fn random_bytes(&self, dest: &mut [u8]) -> ece::Result<()> {
        aws_lc_rs::rand::fill(dest).map_err(failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A receiver.
    fn receiver() -> (EcKeyComponents, [u8; 16]) {
        drop(set_cryptographer(&AwsLc));
        let (pair, auth) = ece::generate_keypair_and_auth_secret().expect("a receiver");
        (pair.raw_components().expect("can be told"), auth)
    }

    /// RFC 8291, appendix A, byte for byte, both ways.
    #[test]
    fn it_encrypts_as_the_standard_does() {
        drop(set_cryptographer(&AwsLc));
        ece::crypto::test_cryptographer(AwsLc);
    }

    #[test]
    fn what_fits_can_be_read_again_and_no_two_messages_look_alike() {
        let (keys, auth) = receiver();
        for length in [1, 2, 100, 127, 128, 129, 1000, 3966, LARGEST] {
            let plain: Vec<u8> = (0..length)
                .map(|at: usize| (at * 7 + length).to_le_bytes()[0])
                .collect();
            let body = encrypt(keys.public_key(), &auth, &plain).expect("encrypts");
            assert!(body.len() <= LARGEST_BODY, "{length}: {}", body.len());
            assert_eq!(body[16..21], [0, 0, 16, 0, 65], "the header of {length}");
            assert_eq!(ece::decrypt(&keys, &auth, &body).expect("opens"), plain);
            let again = encrypt(keys.public_key(), &auth, &plain).expect("encrypts");
            assert_ne!(body[..16], again[..16]);
            assert_ne!(body[21..86], again[21..86]);
        }
    }

    #[test]
    fn a_thousand_messages_of_all_lengths_can_be_read_again() {
        let (keys, auth) = receiver();
        for turn in 0..1000_usize {
            let mut plain = vec![0; 1 + turn * 3966 / 999];
            aws_lc_rs::rand::fill(&mut plain).expect("chance");
            let body = encrypt(keys.public_key(), &auth, &plain).expect("encrypts");
            assert!(body.len() <= LARGEST_BODY);
            assert_eq!(ece::decrypt(&keys, &auth, &body).expect("opens"), plain);
        }
    }

    #[test]
    fn what_does_not_fit_and_what_is_no_key_is_refused() {
        let (keys, auth) = receiver();
        let refused = |key: &[u8], plain: &[u8]| encrypt(key, &auth, plain).err();
        let large = vec![b'a'; LARGEST + 1];
        assert_eq!(
            refused(keys.public_key(), &large),
            Some(NotEncrypted::TooLarge)
        );
        let off_the_curve = [&[4][..], &[1; 64]].concat();
        for key in [&off_the_curve[..], &[4; 64], &[]] {
            assert_eq!(refused(key, b"a"), Some(NotEncrypted::NoKey));
            assert!(!is_point(key));
        }
        assert!(is_point(keys.public_key()));
        let empty = encrypt(keys.public_key(), &auth, b"").expect("encrypts");
        assert_eq!(ece::decrypt(&keys, &auth, &empty).expect("opens"), b"{}");
    }
}
