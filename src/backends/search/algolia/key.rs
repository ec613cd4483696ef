//! Secured keys: made here from a search-only key, without asking Algolia.
//! <https://www.algolia.com/doc/guides/security/api-keys/#secured-api-keys>

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::backends::search::Restrictions;

/// The key that `restrictions` make of a search-only key.
pub(super) fn derive(parent: &str, restrictions: &Restrictions) -> String {
    let query = query(restrictions);
    let key = hmac::Key::new(hmac::HMAC_SHA256, parent.as_bytes());
    let tag = hmac::sign(&key, query.as_bytes());
    BASE64.encode(format!("{}{query}", hex::encode(tag)))
}

/// The restrictions as parameters, sorted by name.
fn query(restrictions: &Restrictions) -> String {
    let parameters = [
        ("filters", restrictions.filters.clone()),
        (
            "restrictIndices",
            Some(restrictions.indexes.join(",")).filter(|names| !names.is_empty()),
        ),
        ("userToken", restrictions.user.clone()),
        (
            "validUntil",
            restrictions.valid_until.map(|until| until.to_string()),
        ),
    ];
    let given = parameters
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", encode(&value?))));
    given.collect::<Vec<_>>().join("&")
}

/// As `encodeURIComponent` of browsers.
fn encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by the official client 5.64.0.
    #[test]
    fn the_official_client_makes_the_same_key() {
        let restrictions = Restrictions {
            filters: Some("visible_by:group/1 OR public:true".to_owned()),
            valid_until: Some(1_800_000_000),
            indexes: vec!["users".to_owned(), "rooms".to_owned()],
            user: Some("u 1".to_owned()),
        };
        let expected = "NDZlZDU3ZDQ1ZWYxYzE0NGRlYjUzMTYzYzRkYWFjM2JkZTg2NjM0MDU3NDZlMjFlZWY1MmE1NzlkZjBmZjM4MGZpbHRlcnM9dmlzaWJsZV9ieSUzQWdyb3VwJTJGMSUyME9SJTIwcHVibGljJTNBdHJ1ZSZyZXN0cmljdEluZGljZXM9dXNlcnMlMkNyb29tcyZ1c2VyVG9rZW49dSUyMDEmdmFsaWRVbnRpbD0xODAwMDAwMDAw";
        assert_eq!(derive("parentkey", &restrictions), expected);
    }
}
