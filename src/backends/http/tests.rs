//! What is sent stays where it belongs.

use super::*;
use crate::backends::rate_limit::Limiter;

/// Where the call of these parts goes.
fn path_of(parts: &[&str]) -> Result<String> {
    let base = Url::parse("https://api.example.com/v2/").expect("a URL");
    let credential = UpstreamCredential::Headers(Vec::new());
    let timeout = Duration::from_secs(1);
    let upstream = Upstream::new("Example", "example.key", base, credential, timeout);
    let limiter = Limiter::default();
    let url = upstream.url(&UpstreamCall::get(parts, &[], &limiter))?;
    assert_eq!(url.host_str(), Some("api.example.com"), "{url}");
    assert_eq!((url.query(), url.fragment()), (None, None), "{url}");
    Ok(url.path().to_owned())
}

#[test]
fn a_part_of_a_path_is_one_whatever_is_in_it() {
    for (part, spelt) in [
        ("standup", "standup"),
        ("a/b", "a%2Fb"),
        ("a?b=c", "a%3Fb=c"),
        ("a#b", "a%23b"),
        ("50%", "50%25"),
        ("%2e%2e", "%252e%252e"),
        ("%2F", "%252F"),
        ("a b", "a%20b"),
        ("Zoë", "Zo%C3%AB"),
        ("..a", "..a"),
        ("//evil.example", "%2F%2Fevil.example"),
        ("\u{202e}", "%E2%80%AE"),
    ] {
        let path = path_of(&["rooms", part]).expect("a part");
        assert_eq!(path, format!("/v2/rooms/{spelt}"), "{part}");
    }
}

#[test]
fn a_part_that_addresses_resolve_or_drop_names_nothing() {
    for part in ["", ".", "..", "a\nb", "\0", "a\tb", "\u{85}"] {
        for parts in [[part, "rooms"], ["rooms", part]] {
            let refused = path_of(&parts).expect_err(part);
            assert_eq!(refused.kind(), Kind::NotFound, "{part:?}");
        }
    }
}
