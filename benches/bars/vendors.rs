//! The making of vendors' tokens by itself.

use std::hint::black_box;
use std::time::{Duration, Instant};

use aws_lc_rs::hmac;
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::Map;
use tok::model::{BackendName, Grant, Role};

use crate::Bar;
use crate::http::{runtime, tok};
use crate::peers::{hundred_ms, opentok};

/// Variables as a command takes them.
pub fn borrowed<'a>(variables: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    let lend = |(name, value): &'a (&'static str, String)| (*name, value.as_str());
    variables.iter().map(lend).collect()
}

/// The time of one run in microseconds, the best of some rounds.
fn micros(rounds: u32, mut once: impl FnMut()) -> f64 {
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        for _ in 0..rounds {
            once();
        }
        best = best.min(began.elapsed());
    }
    best.as_secs_f64() * 1e6 / f64::from(rounds)
}

fn minting(
    name: &'static str,
    variables: &[(&'static str, String)],
    backend: BackendName,
    room: &str,
    bar: f64,
    alone: f64,
    rounds: u32,
) -> Bar {
    let runtime = runtime();
    let tok = runtime.block_on(tok(&borrowed(variables)));
    let tokens = tok
        .context
        .backends
        .get(Some(backend))
        .expect("there")
        .tokens
        .clone();
    if backend == BackendName::Opentok {
        let input = tok::commands::room::create::Input {
            name: Some(room.to_owned()),
            backend: Some(backend),
            ..Default::default()
        };
        let made = runtime.block_on(tok::commands::room::create::run(&tok.context, input));
        made.expect("a room");
    }
    let grant = Grant {
        room_id: None,
        room: room.parse().expect("a name"),
        role: Role::Participant,
        user_id: Some("ada".to_owned()),
        user_name: None,
        issued_at: jiff::Timestamp::now(),
        not_before: None,
        expires_at: jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1),
        minter: tok::model::Minter::OPERATOR,
        shared: false,
        properties: Map::new(),
    };
    let ours = micros(rounds, || {
        black_box(runtime.block_on(tokens.mint(&grant)).expect("mints"));
    });
    Bar {
        name,
        measured: ours / alone,
        bar,
        at_least: false,
        note: format!("{ours:.1} and {alone:.1} microseconds"),
    }
}

/// A `T1` token beside its one HMAC.
pub fn token_t1() -> Bar {
    let fake = runtime_with(opentok::start());
    let key = hmac::Key::new(
        hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        opentok::SECRET.as_bytes(),
    );
    let data = vec![b'x'; 300];
    let alone = micros(20_000, || {
        black_box(hmac::sign(&key, &data));
    });
    let name = "OpenTok T1 token with its look into the store / its HMAC-SHA1";
    let all = opentok::variables(&fake.1);
    minting(
        name,
        &all,
        BackendName::Opentok,
        "standup",
        100.0,
        alone,
        5_000,
    )
}

/// A token of the unified account beside its one signature.
pub fn token_unified() -> Bar {
    let fake = runtime_with(opentok::start());
    let key = EncodingKey::from_rsa_pem(opentok::KEYS.0.as_bytes()).expect("a key");
    let data = vec![b'x'; 300];
    let alone = micros(200, || {
        black_box(jsonwebtoken::crypto::sign(&data, &key, Algorithm::RS256).expect("signs"));
    });
    let name = "Vonage token with its look into the store / its RS256 signature";
    let all = opentok::unified(&fake.1);
    minting(name, &all, BackendName::Opentok, "standup", 1.5, alone, 200)
}

/// A token of 100ms beside its one HMAC.
pub fn token_hundred_ms() -> Bar {
    let fake = runtime_with(hundred_ms::start());
    let key = hmac::Key::new(hmac::HMAC_SHA256, hundred_ms::SECRET.as_bytes());
    let data = vec![b'x'; 300];
    let alone = micros(20_000, || {
        black_box(hmac::sign(&key, &data));
    });
    let name = "100ms token / its HMAC-SHA256";
    let all = hundred_ms::variables(&fake.1);
    let room = "65f000000000000000000001";
    minting(
        name,
        &all,
        BackendName::HundredMs,
        room,
        20.0,
        alone,
        20_000,
    )
}

/// A stand-in with the runtime that keeps it going.
fn runtime_with<T>(start: impl Future<Output = T>) -> (tokio::runtime::Runtime, T) {
    let runtime = runtime();
    let fake = runtime.block_on(start);
    (runtime, fake)
}
