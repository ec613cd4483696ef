//! Hostile input for tests: real inputs, damage done to them, and noise.
//!
//! The real inputs of a target lie in `tests/hostile/<target>/`. With `just fuzz` the same promises
//! are tried with inputs that go where no other has been in the code.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestCaseError, TestRunner};

use crate::error::Error;

pub(crate) mod tokens;

/// Inputs of noise, at most; `BOLERO_RANDOM_ITERATIONS` says otherwise.
pub(crate) const NOISE: usize = 1_000;
/// The longest noise, in bytes.
pub(crate) const LONGEST_NOISE: usize = 512;
/// Damaged inputs; `PROPTEST_CASES` says otherwise.
const DAMAGED: u32 = 1_000;
/// What repeating must not make longer, in bytes.
const LONGEST: usize = 64 * 1024;
/// What parsers trip over.
const WORDS: [&[u8]; 24] = [
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b",",
    b"=",
    b"/",
    b"$",
    b"${",
    b"\n\n",
    b"\r",
    b"\0",
    b"null",
    b"-1",
    b"1e999",
    b"18446744073709551616",
    b"-9223372036854775808",
    b"\\ud800",
    b"\xff",
    b"\xef\xbb\xbf",
    b"data: ",
    "\u{202e}ü".as_bytes(),
];

/// Keeps a promise under the inputs in `tests/hostile/$target/`, damaged ones and noise.
macro_rules! hostile {
    ($target:literal, $promise:expr) => {{
        let promise: fn(&[u8]) = $promise;
        bolero::check!(name = $target)
            .with_iterations(crate::hostile::NOISE)
            .with_max_len(crate::hostile::LONGEST_NOISE)
            .for_each(promise);
        crate::hostile::damage($target, promise);
    }};
}
pub(crate) use hostile;

/// One thing that is done to an input.
#[derive(Debug, Clone)]
enum Damage {
    Set(Index, u8),
    Insert(Index, &'static [u8]),
    Cut(Index, Index),
    Repeat(Index, Index, usize),
    /// A part of another input takes the place of what stands there.
    Splice(Index, Index, Index, Index),
}

fn one_damage() -> impl Strategy<Value = Damage> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        (at(), select(&WORDS)).prop_map(|(at, word)| Damage::Insert(at, word)),
        (at(), at()).prop_map(|(one, other)| Damage::Cut(one, other)),
        (at(), at(), 1..200_usize)
            .prop_map(|(one, other, times)| Damage::Repeat(one, other, times)),
        (at(), at(), at(), at())
            .prop_map(|(seed, from, to, at)| Damage::Splice(seed, from, to, at)),
    ]
}

impl Damage {
    fn apply(self, bytes: &mut Vec<u8>, seeds: &[Vec<u8>]) {
        match self {
            Self::Set(at, byte) => {
                if !bytes.is_empty() {
                    let at = at.index(bytes.len());
                    bytes[at] = byte;
                }
            }
            Self::Insert(at, word) => {
                let at = at.index(bytes.len() + 1);
                bytes.splice(at..at, word.iter().copied());
            }
            Self::Cut(one, other) => drop(bytes.drain(part(bytes, one, other))),
            Self::Repeat(one, other, times) => {
                let part = part(bytes, one, other);
                let times = times.min(LONGEST / part.len().max(1));
                let more = bytes[part.clone()].repeat(times);
                if bytes.len() + more.len() <= LONGEST {
                    bytes.splice(part.end..part.end, more);
                }
            }
            Self::Splice(seed, from, to, at) => {
                let seed = seed.get(seeds);
                let taken = seed[part(seed, from, to)].to_vec();
                let at = at.index(bytes.len() + 1);
                let end = (at + taken.len()).min(bytes.len());
                bytes.splice(at..end, taken);
            }
        }
    }
}

fn part(bytes: &[u8], one: Index, other: Index) -> std::ops::Range<usize> {
    let (one, other) = (one.index(bytes.len() + 1), other.index(bytes.len() + 1));
    one.min(other)..one.max(other)
}

/// Tries the inputs of a target as they are and damaged; a damaged one that breaks the promise is
/// shown with as little damage as does it.
pub(crate) fn damage(target: &str, promise: fn(&[u8])) {
    let seeds = seeds(target);
    for seed in &seeds {
        promise(seed);
    }
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let cases = config.cases.max(DAMAGED);
    let mut runner = TestRunner::new(Config { cases, ..config });
    let damage = (any::<Index>(), vec(one_damage(), 1..12));
    let outcome = runner.run(&damage, |(seed, damages)| {
        let mut bytes = seed.get(&seeds).clone();
        for damage in damages {
            damage.apply(&mut bytes, &seeds);
        }
        let broken = std::panic::catch_unwind(|| promise(&bytes)).is_err();
        let shown = || String::from_utf8_lossy(&bytes).into_owned();
        let told = || TestCaseError::fail(format!("breaks its promise: {:?}", shown()));
        if broken { Err(told()) } else { Ok(()) }
    });
    if let Err(error) = outcome {
        panic!("{target}: {error}");
    }
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/hostile")
        .join(target);
    let files = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    let mut paths: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{} has no input", dir.display());
    let read = |path: &std::path::PathBuf| fs::read(path).expect("readable");
    paths.iter().map(read).collect()
}

/// What is refused says why: in one short sentence, on one line.
pub(crate) fn refused(error: &Error) {
    sentence(error.message());
}

/// The same, of what becomes a part of a message.
pub(crate) fn sentence(text: &str) {
    assert!(!text.trim().is_empty(), "nothing is said");
    assert!(text.len() < 1_000, "too much is said: {text}");
    assert!(!text.ends_with('.'), "{text}");
    assert!(!text.chars().any(char::is_control), "{text:?}");
}
