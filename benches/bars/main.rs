//! How fast and how small: ratios measured inside one run, each beside the bar it has to meet.
//!
//! `cargo bench` runs all; `cargo bench -- list` those whose name contains `list`; a number is how
//! many seconds `soak` lasts. The exit code is 1 when a bar is missed.

#![allow(clippy::print_stdout, reason = "a report for people")]
#![allow(
    missing_docs,
    unreachable_pub,
    reason = "one binary: nothing is public"
)]
#![allow(clippy::needless_pass_by_value, reason = "shared with the tests")]

mod cli;
mod health;
mod http;
#[path = "../../tests/it/support/issuer.rs"]
mod issuer;
mod load;
mod media;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/it/support/media_client.rs"]
mod media_client;
#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/it/support/media_line.rs"]
mod media_line;
mod media_rooms;
mod media_server;
mod media_soak;
mod peers;
mod process;
mod receivers;
mod served;
mod sign_in;
#[path = "../../tests/it/support/signer.rs"]
mod signer;
mod store;
#[path = "../../tests/it/support/vendor.rs"]
mod vendor;
mod vendors;
mod worker;

use std::process::ExitCode;

/// One measured number and its bar.
pub struct Bar {
    pub name: &'static str,
    pub measured: f64,
    pub bar: f64,
    pub at_least: bool,
    pub note: String,
}

impl Bar {
    fn is_met(&self) -> bool {
        if self.at_least {
            self.measured >= self.bar
        } else {
            self.measured <= self.bar
        }
    }
}

type Measure = fn() -> Bar;

const ALL: [(&str, Measure); 41] = [
    ("create-room", http::create_room),
    ("durable", http::durable),
    ("list-memory", cli::list_memory),
    ("prune-writes", http::prune_writes),
    ("version-cpu", cli::version_cpu),
    ("list-cpu", cli::list_cpu),
    ("idle-memory", cli::idle_memory),
    ("vendors-hang", health::vendors_hang),
    ("watch-latency", http::watch_latency),
    ("push-firestore", worker::push_latency_firestore),
    ("push-sqlite", worker::push_latency_sqlite),
    ("flush-rate", worker::flush_rate),
    ("flush-failing", receivers::flush_failing),
    ("flush-memory", worker::flush_memory),
    ("waiting-retries", receivers::waiting_retries),
    ("waiting-memory", receivers::waiting_memory),
    ("web-push", receivers::web_push),
    ("reindex-speed", worker::reindex_speed),
    ("reindex-memory", worker::reindex_memory),
    ("typo", worker::typo),
    ("presence-writes", worker::presence_writes),
    ("idle-worker", worker::idle_worker),
    ("backup-writes", store::backup_slowdown),
    ("housekeeping", store::housekeeping),
    ("restore", store::restore),
    ("store-memory", store::store_memory),
    ("typed-get", store::typed_get),
    ("typed-scan", store::typed_scan),
    ("known-room", served::known_room),
    ("room-with-key", served::room_with_key),
    ("auth-token", served::auth_token),
    ("behind-proxies", served::behind_proxies),
    ("sign-in", sign_in::rs256),
    ("forwarding", media::forwarding),
    ("media-idle", media_rooms::idle_participant),
    ("media-video", media_rooms::received_video),
    ("media-join", media_rooms::join),
    ("soak", media_soak::soak),
    ("token-t1", vendors::token_t1),
    ("token-unified", vendors::token_unified),
    ("token-100ms", vendors::token_hundred_ms),
];

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    match arguments.next().as_deref() {
        Some(process::BARE) => {
            process::be_bare(arguments.next().unwrap_or_default());
            return ExitCode::SUCCESS;
        }
        Some(media_server::MEDIA) => {
            media_server::be_media();
            return ExitCode::SUCCESS;
        }
        _ => {}
    }
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with('-'))
        .collect();
    let mut missed = 0;
    println!("{:<16} {:>12} {:>14}", "what", "measured", "bar");
    for (name, measure) in ALL {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let bar = measure();
        let sign = if bar.at_least { "at least" } else { "at most" };
        let verdict = if bar.is_met() { "met" } else { "MISSED" };
        missed += u32::from(!bar.is_met());
        println!(
            "{name:<16} {:>12.2} {sign:>8} {:>5.2}  {verdict}  {} ({})",
            bar.measured, bar.bar, bar.name, bar.note
        );
    }
    ExitCode::from(u8::from(missed > 0))
}
