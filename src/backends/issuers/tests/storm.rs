//! Damaged tokens: none is accepted, none breaks anything.

use proptest::test_runner::Config;

use super::*;

/// Damaged tokens; `PROPTEST_CASES` says otherwise.
const DAMAGED: u32 = 20_000;
const LETTERS: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0\xff{}\"";

/// Chance that is the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).expect("small")
    }
}

fn damaged(token: &str, other: &str, chance: &mut Chance) -> String {
    let mut bytes = token.as_bytes().to_vec();
    for _ in 0..=chance.below(3) {
        if bytes.is_empty() {
            break;
        }
        let at = chance.below(bytes.len());
        let letter = LETTERS[chance.below(LETTERS.len())];
        match chance.below(6) {
            0 | 1 => bytes[at] = letter,
            2 => bytes.insert(at, letter),
            3 => drop(bytes.remove(at)),
            4 => bytes.truncate(at.max(1)),
            // A part of another token in place of what stands there.
            _ => {
                let end = (at + chance.below(200)).min(bytes.len()).min(other.len());
                if at < end {
                    bytes[at..end].copy_from_slice(&other.as_bytes()[at..end]);
                }
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn of_many_damaged_tokens_none_is_accepted() {
    let (ec, ed) = (Signer::ec(), Signer::ed());
    let answers = Answers::with(&[RSA.jwk("rsa"), ec.jwk("ec"), ed.jwk("ed")]);
    let all = IssuerSettings {
        algorithms: SigningAlgorithm::ALL[..3].to_vec(),
        ..settings()
    };
    let issuers = believing(all, &answers, &HeldClock::new());
    let other = but(json!({ "sub": "eve", "exp": NOW + 7200 }));
    let tokens: Vec<_> = [(&*RSA, "rsa"), (&ec, "ec"), (&ed, "ed")]
        .iter()
        .flat_map(|(signer, kid)| [signer.token(kid, &good()), signer.token(kid, &other)])
        .collect();
    for token in &tokens {
        assert_eq!(reason(&issuers, token).await, None);
    }
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let cases = Config::default().cases.max(DAMAGED);
    let mut refused = 0;
    for _ in 0..cases {
        let [one, other] = [chance.below(tokens.len()), chance.below(tokens.len())];
        let token = damaged(&tokens[one], &tokens[other], &mut chance);
        if tokens.contains(&token) {
            continue;
        }
        assert!(reason(&issuers, &token).await.is_some(), "{token}");
        refused += 1;
    }
    assert!(refused > cases / 2, "{refused}");
}
