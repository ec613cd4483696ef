//! One test binary: each file is about one noun or one promise.

#![allow(unreachable_pub, reason = "one binary: nothing is public")]
#![allow(
    clippy::format_collect,
    clippy::needless_pass_by_value,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "tests are read from top to bottom"
)]

#[path = "support/silent.rs"]
mod silent;
mod support;
#[path = "support/vendor.rs"]
mod vendor;

mod app_values;
mod auth;
mod bandwidth;
mod calls;
mod causes;
mod circles;
mod cli_config;
mod cli_room;
mod cli_token;
mod complete;
mod conformance;
mod consents;
mod crash;
mod crowded;
mod cut_off;
mod daily;
mod damaged;
mod deploy;
mod doctor;
mod doors;
mod downloads;
mod earlier_runs;
mod edge;
mod embedding;
mod file_limit;
mod firebase;
mod firestore;
mod firestore_rules;
mod floods;
mod followed;
mod generated;
mod google;
mod guides;
mod help;
mod history;
mod hostile;
mod hundred_ms;
mod idempotency;
mod keyring;
mod layers;
mod leases;
mod locks;
mod log_lines;
mod looks;
mod manners;
mod manuals;
mod meanwhile;
mod media;
mod media_codecs;
mod media_lines;
mod media_moderation;
mod media_weather;
mod meetings;
mod messages;
mod metrics;
mod newcomer;
mod newer;
mod notify;
mod notify_once;
mod notify_receivers;
mod open_surfaces;
mod opentok;
mod ops;
mod over_http;
mod passed_on;
mod paths;
mod presence;
mod privacy;
mod prompts;
mod prune;
mod public_door;
mod readme;
mod recordings;
mod releases;
mod remote;
mod rights;
mod room_records;
mod rooms;
mod sealed;
mod search;
mod search_table;
mod sign_in;
mod sign_in_config;
mod sockets;
mod staged;
mod startup;
mod stopped_bulk;
mod store;
mod store_care;
mod store_weather;
mod stored;
mod surfaces;
mod sweeps;
mod tokapp;
mod tokens;
mod traces;
mod transcripts;
mod unified_push;
mod unknown_proxies;
mod unread;
mod unreadable;
mod upkeep;
mod users;
mod watched;
mod web_push;
mod webhooks;
mod words;
mod worker;
mod worker_lines;
