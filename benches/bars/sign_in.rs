//! What it costs to tell who signed in.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tok::backends::issuers::{IssuerSettings, Issuers, KeysFrom, SigningAlgorithm};
use tok::context::SystemClock;
use tok::model::key::Scope;

use crate::Bar;
use crate::http::runtime;
use crate::issuer::FakeIssuer;
use crate::signer::Signer;

/// Tokens that are verified in one round.
const ROUND: u32 = 2_000;

/// The time of one RS256 token whose key is known.
pub fn rs256() -> Bar {
    let runtime = runtime();
    let signer = Signer::rsa();
    let issuer = runtime.block_on(FakeIssuer::start(&signer));
    let settings = IssuerSettings {
        alias: "app".to_owned(),
        issuer: issuer.url(),
        audience: vec!["us".to_owned()],
        authorized_party: Vec::new(),
        keys: KeysFrom::Discovery,
        algorithms: vec![SigningAlgorithm::Rs256],
        user: "sub".to_owned(),
        name: "name".to_owned(),
        role_claim: "tok_role".to_owned(),
        scopes: [Scope::Tokens].into(),
        plain_ids: false,
        firebase: false,
        makes_users: false,
    };
    let issuers = Issuers::new(vec![settings], Arc::new(SystemClock));
    let token = signer.token("one", &issuer.claims("ada"));
    let verify = || runtime.block_on(issuers.verify(&token)).expect("is good");
    verify();
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        for _ in 0..ROUND {
            black_box(verify());
        }
        best = best.min(began.elapsed());
    }
    let micros = best.as_secs_f64() * 1e6 / f64::from(ROUND);
    Bar {
        name: "microseconds for an RS256 token whose key is known",
        measured: micros,
        bar: 60.0,
        at_least: false,
        note: format!("{:.0} a second", 1e6 / micros),
    }
}
