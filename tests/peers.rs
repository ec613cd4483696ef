//! The stand-ins of the tests as a program, for peers in other languages.
//!
//! `cargo test --test peers -- --serve` starts a Firestore emulator and stand-ins for FCM, Algolia
//! and the Realtime Database, tells their addresses as one line of JSON, and then answers each
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
#[path = "it/support/emulator.rs"]
mod emulator;
#[path = "it/support/fcm.rs"]
mod fcm;
#[path = "it/support/rtdb.rs"]
mod rtdb;

#[tokio::main]
async fn main() {
    if !std::env::args().any(|argument| argument == "--serve") {
        return;
    }
    let firestore = emulator::Emulator::start().await;
    let fcm = fcm::FakeFcm::start().await;
    let algolia = algolia::FakeAlgolia::start().await;
    let database = rtdb::FakeDatabase::start().await;
    let addresses = json!({
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
            println!(
                "{}",
                json!({
                    "taken": bodies.len(), "distinct": distinct.len(),
                    "records": algolia.records("users").len(),
                })
            );
            fcm.verify();
            algolia.verify();
        }
    });
    lines.await.expect("no panic");
}
