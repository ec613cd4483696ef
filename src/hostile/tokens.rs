//! Changed tokens: what becomes of a good one in the hands of somebody who wants another.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use proptest::test_runner::Config;

/// Changed tokens that are tried; `PROPTEST_CASES` says otherwise.
const CASES: u32 = 5_000;
const LETTERS: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0\xff{}\"";
/// What parts of tokens end with.
const SEPARATORS: [char; 3] = ['.', '_', ':'];
/// Claims, and fields of older tokens, of which there may be two then.
const CLAIMS: [&str; 8] = [
    r#""role":"host","#,
    r#""sub":"eve","#,
    r#""exp":99999999999,"#,
    r#""aud":["us","them"],"#,
    r#""alg":"none","#,
    "&role=moderator",
    "&expire_time=99999999999",
    "partner_id=1&",
];

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) % end.max(1) as u64).expect("small")
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}

/// Hands out so many changed versions of these tokens as are to be tried, none of which is one of them.
/// Returns how many there were.
pub(crate) async fn each_changed(tokens: &[String], mut refused: impl AsyncFnMut(&str)) -> u32 {
    let mut chance = Chance(0);
    let mut tried = 0;
    for _ in 0..Config::default().cases.max(CASES) {
        let one = &tokens[chance.below(tokens.len())];
        let other = &tokens[chance.below(tokens.len())];
        let mut changed = one.clone();
        for _ in 0..=chance.below(3) {
            changed = change(&changed, other, &mut chance);
        }
        if !tokens.contains(&changed) {
            refused(&changed).await;
            tried += 1;
        }
    }
    tried
}

/// The token with one thing done to it.
fn change(token: &str, other: &str, chance: &mut Chance) -> String {
    match chance.below(10) {
        0..5 => change_bytes(token, other, chance),
        5 => swap_parts(token, other, chance),
        6 => spell_otherwise(token, chance),
        7 => format!(
            "{token}{}",
            chance.one_of(&["=", "==", " ", "\n", ".", "A", "\0"])
        ),
        8 => with_part(token, chance, |text, chance| {
            // Where a claim would stand, or anywhere.
            let at = [1.min(text.len()), chance.below(text.len() + 1)][chance.below(2)];
            let claim = chance.one_of(&CLAIMS);
            text.splice(at..at, claim.bytes());
        }),
        _ => with_part(token, chance, |text, chance| {
            if !text.is_empty() {
                let at = chance.below(text.len());
                text[at] ^= 1 << chance.below(8);
            }
        }),
    }
}

/// Bytes of it: flipped, set, more, less, cut off, or of another.
fn change_bytes(token: &str, other: &str, chance: &mut Chance) -> String {
    let mut bytes = token.as_bytes().to_vec();
    if bytes.is_empty() {
        return other.to_owned();
    }
    let at = chance.below(bytes.len());
    let letter = chance.one_of(LETTERS);
    match chance.below(7) {
        0 => bytes[at] ^= 1 << chance.below(8),
        1 | 2 => bytes[at] = letter,
        3 => bytes.insert(at, letter),
        4 => drop(bytes.remove(at)),
        5 => bytes.truncate(at.max(1)),
        _ => {
            let end = (at + chance.below(200)).min(bytes.len()).min(other.len());
            if at < end {
                bytes[at..end].copy_from_slice(&other.as_bytes()[at..end]);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Its parts in another order, one less or twice, or one of another.
fn swap_parts(token: &str, other: &str, chance: &mut Chance) -> String {
    let separator = chance.one_of(&SEPARATORS);
    let mut parts: Vec<&str> = token.split(separator).collect();
    let theirs: Vec<&str> = other.split(separator).collect();
    let (one, two) = (chance.below(parts.len()), chance.below(parts.len()));
    match chance.below(4) {
        0 => parts.swap(one, two),
        1 => drop(parts.remove(one)),
        2 => parts.insert(one, parts[two]),
        _ => parts[one] = theirs[chance.below(theirs.len())],
    }
    parts.join(&separator.to_string())
}

/// The same by other letters: the other alphabet, the other case, escapes.
fn spell_otherwise(token: &str, chance: &mut Chance) -> String {
    let letter = token.chars().nth(chance.below(token.len()));
    match chance.below(6) {
        0 => token.replace('-', "+").replace('_', "/"),
        1 => token.replace('+', "-").replace('/', "_"),
        2 => token.to_ascii_lowercase(),
        3 => token.to_ascii_uppercase(),
        4 => token.trim_end_matches('=').to_owned(),
        _ => letter.map_or_else(String::new, |letter| {
            token.replacen(letter, &format!("%{:02X}", u32::from(letter)), 1)
        }),
    }
}

/// What one of its parts means is changed, and the part spelt as it was.
fn with_part(
    token: &str,
    chance: &mut Chance,
    edit: impl FnOnce(&mut Vec<u8>, &mut Chance),
) -> String {
    const T1: &str = "T1==";
    if let Some(body) = token.strip_prefix(T1) {
        let Ok(mut text) = STANDARD.decode(body) else {
            return token.to_owned();
        };
        edit(&mut text, chance);
        return format!("{T1}{}", STANDARD.encode(text));
    }
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let which = chance.below(parts.len());
    let Ok(mut text) = URL_SAFE_NO_PAD.decode(&parts[which]) else {
        return token.to_owned();
    };
    edit(&mut text, chance);
    parts[which] = match chance.below(8) {
        0 => STANDARD.encode(text),
        1 => STANDARD_NO_PAD.encode(text),
        _ => URL_SAFE_NO_PAD.encode(text),
    };
    parts.join(".")
}

/// Each change does something, or the tests that use them would try nothing.
#[tokio::test]
async fn every_change_is_made() {
    let tokens = [
        format!(
            "{}.{}.{}",
            "eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiJhZGEifQ", "c2lnbmVk"
        ),
        format!(
            "T1=={}",
            STANDARD.encode("partner_id=1&sig=00:role=publisher")
        ),
        "tok_0123456789ab_AbCdEf".to_owned(),
    ];
    let mut seen = std::collections::BTreeSet::new();
    let mut doubled = 0;
    let tried = each_changed(&tokens, async |token| {
        let body = token.split('.').nth(1).unwrap_or_default();
        let body = URL_SAFE_NO_PAD.decode(body).unwrap_or_default();
        doubled += u32::from(String::from_utf8_lossy(&body).matches("\"sub\"").count() > 1);
        seen.insert(token.to_owned());
    })
    .await;
    assert!(tried > CASES * 9 / 10, "{tried}");
    assert!(seen.len() > CASES as usize / 2, "{}", seen.len());
    assert!(doubled > 0, "no claim is there twice");
    for (what, is_so) in [
        (
            "padded",
            seen.iter().any(|token| token.ends_with("c2lnbmVk==")),
        ),
        ("cut", seen.contains("tok_0123456789ab")),
        ("T1", seen.iter().any(|token| token.starts_with("T1==cGF"))),
        ("upper case", seen.contains("TOK_0123456789AB_ABCDEF")),
    ] {
        assert!(is_so, "{what}");
    }
}
