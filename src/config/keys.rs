//! The one table of all keys. `config init`, `config show`, the table in docs/settings.md and the checks of
//! files and environment all come from it.

use super::SECTIONS;
use super::schema::Key;

/// All keys, in the order they are shown.
pub(super) fn all() -> impl Iterator<Item = &'static Key> {
    SECTIONS.iter().copied().flatten()
}

/// The key called `path`.
pub(super) fn find(path: &str) -> Option<&'static Key> {
    all().find(|key| key.path == path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::schema::nearest;

    #[test]
    fn every_default_passes_its_own_check() {
        for key in all().filter(|key| !key.default.is_empty()) {
            let value = key.default_value().expect(key.path);
            assert_eq!(key.check(&value), Ok(()), "{}", key.path);
        }
    }

    #[test]
    fn a_slip_finds_its_key() {
        let paths = || all().map(|key| key.path);
        assert_eq!(nearest("daily.api_kye", paths()), Some("daily.api_key"));
        assert_eq!(nearest("server.binds", paths()), Some("server.bind"));
        assert_eq!(nearest("completely.different", paths()), None);
    }
}
