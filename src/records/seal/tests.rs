//! Whatever is changed of a sealed document, it is not believed.

use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::*;
use crate::records::{IDEMPOTENCY, KEYS, SECRETS};

/// Chance that never says the same twice.
struct Counting(Mutex<u64>);

impl Random for Counting {
    fn fill(&self, bytes: &mut [u8]) {
        let mut count = self.0.lock().expect("not poisoned");
        for byte in bytes {
            *count = count
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            *byte = u8::try_from(*count >> 56).expect("a byte");
        }
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text.repeat(32))
}

fn seal(text: &str) -> Seal {
    Seal::new(&secret(text), Arc::new(Counting(Mutex::new(7)))).expect("seals")
}

fn at() -> Timestamp {
    Timestamp::from_millisecond(1_800_000_000_000).expect("a moment")
}

fn declarations() -> [Declaration; 3] {
    [
        KEYS.declaration(),
        SECRETS.declaration(),
        IDEMPOTENCY.declaration(),
    ]
}

fn content() -> Value {
    json!({
        "hash": "00ff", "until": "2026-01-01T00:00:00Z", "empty": null, "list": [1, "b"],
        "key": { "id": "k", "scopes": ["tokens"], "max_role": "viewer", "name": "ä \"x\"" },
    })
}

/// The document as it lies in the store a moment after it was sealed.
fn sealed(seal: &Seal, of: &Declaration, id: &str, content: &Value) -> Document {
    let write = Write::put(of.name, id, content).expect("JSON");
    let write = seal.close(of, write, at()).expect("seals");
    let Mutation::Put(value) = write.change else {
        panic!("it is put");
    };
    Document {
        id: id.to_owned(),
        version: 1,
        written: at().as_millisecond() + 500,
        json: value.to_string(),
    }
}

fn fields(document: &Document) -> Map<String, Value> {
    serde_json::from_str(&document.json).expect("fields")
}

fn changed(document: &Document, fields: Map<String, Value>) -> Document {
    Document {
        json: Value::Object(fields).to_string(),
        ..document.clone()
    }
}

#[test]
fn what_was_sealed_is_read_again_and_what_is_hidden_cannot_be_seen() {
    let seal = seal("a");
    for of in declarations() {
        let document = sealed(&seal, &of, "one", &content());
        let (state, seen) = seal.open(&of, &document);
        assert_eq!(state, SealState::Good, "{}", of.name);
        assert_eq!(seen.map(Value::Object), Some(content()), "{}", of.name);
        let hidden = of.sealing.expect("is sealed").hidden;
        assert_eq!(document.json.contains("viewer"), !hidden, "{}", of.name);
        // A store need not keep the order of fields.
        let backwards = fields(&document).into_iter().rev().collect();
        let state = seal.open(&of, &changed(&document, backwards)).0;
        assert_eq!(state, SealState::Good, "{}", of.name);
    }
}

#[test]
fn a_seal_holds_for_its_collection_its_id_its_secret_and_its_time() {
    let own = seal("a");
    for of in declarations() {
        let document = sealed(&own, &of, "one", &content());
        let moved = Document {
            id: "two".to_owned(),
            ..document.clone()
        };
        assert_eq!(own.open(&of, &moved).0, SealState::Altered);
        let other = Declaration {
            name: "tok_other",
            ..of
        };
        assert_eq!(own.open(&other, &document).0, SealState::Altered);
        assert_eq!(seal("b").open(&of, &document).0, SealState::Other);
        let next = seal("b").after(&secret("a")).expect("seals");
        assert_eq!(next.open(&of, &document).0, SealState::Former);
        let late = Document {
            written: at().as_millisecond() + COMMIT_MILLIS + 1,
            ..document.clone()
        };
        let expected = if of.sealing.expect("is sealed").lasting {
            SealState::BroughtBack
        } else {
            SealState::Good
        };
        assert_eq!(own.open(&of, &late).0, expected, "{}", of.name);
    }
}

#[test]
fn without_a_secret_nothing_is_sealed_and_what_is_hidden_stays_so() {
    let none = Seal::default();
    for of in declarations() {
        let document = sealed(&none, &of, "one", &content());
        assert_eq!(document.json, content().to_string());
        let (state, seen) = seal("a").open(&of, &document);
        assert_eq!((state, seen.is_some()), (SealState::Clear, true));
        let (state, seen) = none.open(&of, &sealed(&seal("a"), &of, "one", &content()));
        let hidden = of.sealing.expect("is sealed").hidden;
        assert_eq!((state, seen.is_none()), (SealState::Other, hidden));
    }
}

#[test]
fn no_field_can_be_changed_added_or_left_out() {
    let seal = seal("a");
    for of in declarations() {
        let document = sealed(&seal, &of, "one", &content());
        let whole = fields(&document);
        for name in whole.keys() {
            let mut less = whole.clone();
            less.shift_remove(name);
            let state = seal.open(&of, &changed(&document, less)).0;
            assert!(!seal.trusts(state), "{} without {name}", of.name);
            for value in [json!(null), json!("x"), json!(2), json!({}), json!([])] {
                let mut other = whole.clone();
                let before = other.insert(name.clone(), value.clone());
                if before.as_ref() == Some(&value) {
                    continue;
                }
                let state = seal.open(&of, &changed(&document, other)).0;
                assert!(!seal.trusts(state), "{} with {name}: {value}", of.name);
            }
        }
        let mut more = whole.clone();
        more.insert("more".to_owned(), json!(null));
        let state = seal.open(&of, &changed(&document, more)).0;
        assert!(!seal.trusts(state), "{} with more", of.name);
    }
}

#[test]
fn no_two_documents_are_hidden_the_same_way() {
    let (seal, of) = (seal("a"), SECRETS.declaration());
    let one = sealed(&seal, &of, "one", &content());
    let again = sealed(&seal, &of, "one", &content());
    assert_ne!(one.json, again.json);
}

proptest! {
    /// Any byte of the text of a document, also of its seal: it says the same as before, or is not
    /// believed.
    #[test]
    fn any_changed_byte_is_noticed(which in 0..3_usize, at in any::<prop::sample::Index>(), to in 0_u8..128) {
        let (seal, of) = (seal("a"), declarations()[which]);
        let document = sealed(&seal, &of, "one", &content());
        let mut bytes = document.json.clone().into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = to;
        if let Ok(json) = String::from_utf8(bytes) {
            let changed = Document { json, ..document.clone() };
            let (state, seen) = seal.open(&of, &changed);
            prop_assert!(!seal.trusts(state) || seen.map(Value::Object) == Some(content()));
        }
    }

    /// Whatever stands in the place of a seal.
    #[test]
    fn no_text_passes_for_a_seal(which in 0..3_usize, text in "(1\\.)?([0-9a-f]{0,8}\\.)?(-?[0-9]{0,20}\\.)?[-_A-Za-z0-9=+/.]{0,90}") {
        let (seal, of) = (seal("a"), declarations()[which]);
        let document = sealed(&seal, &of, "one", &content());
        let own = seal.name().expect("a name");
        for text in [text.clone(), format!("1.{own}.{text}"), format!("1.{own}.1800000000000.{text}")] {
            let mut forged = fields(&document);
            forged.insert(SEAL_FIELD.to_owned(), text.into());
            let state = seal.open(&of, &changed(&document, forged)).0;
            prop_assert!(!seal.trusts(state));
        }
    }
}
