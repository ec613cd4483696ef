//! The data that all layers share.

pub mod backend;
pub mod backoff;
pub mod call;
pub mod callback;
pub mod chat;
pub mod clock;
pub mod device;
pub mod digest;
pub mod file_name;
pub mod happening;
pub mod health;
pub mod key;
pub mod meeting;
pub mod moment;
pub mod notification;
pub mod page;
pub mod participant;
pub mod presence;
pub mod random;
pub mod rate;
pub mod recording;
pub mod report;
pub mod room;
pub mod search;
pub mod session;
pub mod settings;
pub mod span;
pub mod token;
pub mod user;

mod patch;

pub use backend::BackendName;
pub use clock::Clock;
pub use moment::Moment;
pub use page::{Page, PageRequest};
pub use participant::Participant;
pub use patch::given;
pub use random::Random;
pub use rate::Rate;
pub use room::{Privacy, Room, RoomName, RoomPatch, RoomSpec};
pub use span::Span;
pub use token::{Grant, JoinToken, Role, TokenFacts};
