//! One test binary: each file is about one noun or one promise.

#![allow(unreachable_pub, reason = "one binary: nothing is public")]
#![allow(
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "tests are read from top to bottom"
)]

mod support;
#[path = "support/vendor.rs"]
mod vendor;

mod auth;
mod bandwidth;
mod calls;
mod circles;
mod cli_config;
mod cli_room;
mod cli_token;
mod conformance;
mod crash;
mod daily;
mod deploy;
mod doctor;
mod earlier_runs;
mod firestore;
mod floods;
mod generated;
mod guides;
mod help;
mod hundred_ms;
mod idempotency;
mod layers;
mod meetings;
mod newer;
mod notify;
mod opentok;
mod ops;
mod presence;
mod prune;
mod readme;
mod recordings;
mod releases;
mod rooms;
mod search;
mod sockets;
mod startup;
mod store;
mod store_care;
mod store_weather;
mod stored;
mod tokapp;
mod transcripts;
mod unreadable;
mod users;
mod webhooks;
mod worker;
