//! Chance, handed in so that tests can fix it.

/// Where chance comes from.
pub trait Random: Send + Sync {
    /// Fills `bytes` from a cryptographically secure source.
    fn fill(&self, bytes: &mut [u8]);
}

/// `N` random bytes.
pub fn bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut out = [0; N];
    random.fill(&mut out);
    out
}

/// A random version 4 UUID in its usual form.
pub fn uuid(random: &dyn Random) -> String {
    uuid::Builder::from_random_bytes(bytes(random))
        .into_uuid()
        .to_string()
}
