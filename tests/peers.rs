//! The stand-ins of the tests as a program, for peers in other languages.
//!
//! `cargo test --test peers -- --serve` starts a Firestore emulator and stand-ins for FCM, Algolia,
//! the Realtime Database and the vendors of calls, tells their addresses as one line of JSON, and then answers each
//! line on stdin with what arrived so far. It ends with its stdin. Without `--serve` it does
//! nothing.

#![allow(clippy::print_stdout, reason = "a program")]
#![allow(unreachable_pub, reason = "one binary: nothing is public")]
#![allow(dead_code, reason = "the other tests need more of the stand-ins")]
#![allow(
    clippy::needless_pass_by_value,
    clippy::similar_names,
    reason = "shared with the other tests"
)]

use std::collections::BTreeSet;

use serde_json::json;

#[path = "it/support/algolia.rs"]
mod algolia;
#[path = "it/support/bandwidth.rs"]
mod bandwidth;
#[path = "it/support/emulator.rs"]
mod emulator;
#[path = "it/support/fcm.rs"]
mod fcm;
#[path = "it/support/hundred_ms.rs"]
mod hundred_ms;
#[path = "it/support/opentok.rs"]
mod opentok;
#[path = "it/support/pinpoint.rs"]
mod pinpoint;
#[path = "it/support/rtdb.rs"]
mod rtdb;
#[path = "it/support/vendor.rs"]
mod vendor;

#[tokio::main]
async fn main() {
    if !std::env::args().any(|argument| argument == "--serve") {
        return;
    }
    let firestore = emulator::Emulator::start().await;
    let fcm = fcm::FakeFcm::start().await;
    let algolia = algolia::FakeAlgolia::start().await;
    let database = rtdb::FakeDatabase::start().await;
    let (hundred_ms, bandwidth) = (hundred_ms::start().await, bandwidth::start().await);
    let (opentok, vonage) = (opentok::start().await, opentok::start().await);
    vonage.with(|vendor| vendor.unified = true);
    let pinpoint = pinpoint::start().await;
    let addresses = json!({
        "hundred_ms": hundred_ms.url(), "hundred_ms_key": hundred_ms::ACCESS_KEY,
        "hundred_ms_secret": hundred_ms::SECRET,
        "opentok": opentok.url(), "opentok_key": opentok::KEY, "opentok_secret": opentok::SECRET,
        "vonage": vonage.url(), "vonage_application": opentok::APPLICATION,
        "vonage_private_key": opentok::KEYS.0, "vonage_public_key": opentok::KEYS.1,
        "bandwidth": bandwidth.url(), "bandwidth_account": bandwidth::ACCOUNT,
        "bandwidth_user": bandwidth::USER, "bandwidth_password": bandwidth::PASSWORD,
        "pinpoint": pinpoint.url(), "pinpoint_app": pinpoint::APP, "aws_region": pinpoint::REGION,
        "aws_key": pinpoint::ACCESS_KEY, "aws_secret": pinpoint::SECRET,
        "firestore": firestore.address.to_string(),
        "fcm": format!("http://{}", fcm.address),
        "algolia": format!("http://{}", algolia.address),
        "database": database.address.to_string(),
        "algolia_app": algolia::APP,
        "algolia_key": algolia::KEY,
        "project": fcm::PROJECT,
    });
    println!("{addresses}");
    let lines = tokio::task::spawn_blocking(move || {
        for line in std::io::stdin().lines() {
            let Ok(_) = line else { return };
            let bodies = fcm.texts("body");
            let distinct: BTreeSet<_> = bodies.iter().collect();
            // First, so that whoever asks hears of nothing if anything was wrong.
            hundred_ms.verify();
            opentok.verify();
            vonage.verify();
            bandwidth.verify();
            pinpoint.verify();
            fcm.verify();
            algolia.verify();
            println!(
                "{}",
                json!({
                    "taken": bodies.len(), "distinct": distinct.len(),
                    "records": algolia.records("users").len(),
                })
            );
        }
    });
    lines.await.expect("no panic");
}
