//! The stand-ins of the tests.

#![allow(dead_code, reason = "the tests need more of them")]

#[path = "../../tests/it/support/algolia.rs"]
pub mod algolia;
#[path = "../../tests/it/support/emulator.rs"]
pub mod emulator;
#[path = "../../tests/it/support/fcm.rs"]
pub mod fcm;
#[path = "../../tests/it/support/hundred_ms.rs"]
pub mod hundred_ms;
#[path = "../../tests/it/support/opentok.rs"]
pub mod opentok;
#[path = "../../tests/it/support/rtdb.rs"]
pub mod rtdb;
#[path = "../../tests/it/support/web_push.rs"]
pub mod web_push;
