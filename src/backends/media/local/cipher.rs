//! How media is encrypted: by what every browser has.

use std::sync::Once;

use dimpl::crypto::aws_lc_rs::default_provider;
use dimpl::crypto::{CryptoProvider, Dtls12CipherSuite, NamedGroup};

/// Leaves out of the library's cryptography what no browser needs, for this process. The library tries all
/// that it has with each connection, and most of that time went into P-384. P-256 and
/// AES-128 are what everybody must have (RFC 8827, 6.5).
pub(super) fn choose() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if CryptoProvider::get_default().is_none() {
            CryptoProvider::install_default(chosen());
        }
    });
}

fn chosen() -> CryptoProvider {
    let all = default_provider();
    let groups = all.kx_groups.iter().copied();
    let groups: Vec<_> = groups
        .filter(|group| group.name() != NamedGroup::Secp384r1)
        .collect();
    let suites = all.cipher_suites.iter().copied();
    let suites: Vec<_> = suites
        .filter(|of| of.suite() == Dtls12CipherSuite::ECDHE_ECDSA_AES128_GCM_SHA256)
        .collect();
    CryptoProvider {
        // Once in a process: it stays.
        kx_groups: groups.leak(),
        cipher_suites: suites.leak(),
        ..all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_must_have_is_left() {
        let left = chosen();
        assert_eq!(left.kx_groups.len(), 2);
        assert_eq!(left.cipher_suites.len(), 1);
        left.validate().expect("it works");
    }
}
