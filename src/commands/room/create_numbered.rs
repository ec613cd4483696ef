//! Makes a room for as long as people are in it, whose name is a number that can be read out unless the
//! operator wants one that nobody guesses.

use serde_json::Map;

use super::create;
use crate::commands::participant::check_name;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::{BackendName, Random, Room, random};

/// The digits of the number.
const DIGITS: u32 = 9;
/// Numbers tried until one is free.
const TRIES: usize = 16;
/// What a room is called to which nobody gave a name.
const UNTITLED: &str = "Untitled Room";

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    title: String,
}

impl Input {
    /// A room with this title, if there is anything in it.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`] for a title that no room can have.
    pub fn checked(context: &Context, title: Option<String>) -> Result<Self> {
        let title = match title.filter(|title| !title.trim().is_empty()) {
            Some(title) => check_name(context, &title)?,
            None => UNTITLED.to_owned(),
        };
        Ok(Self { title })
    }
}

/// Makes the room, with the first number drawn that is free.
///
/// # Errors
/// [`Kind::Conflict`] when none was; as [`create::run`].
pub async fn run(context: &Context, input: Input) -> Result<Room> {
    let numbered = context.live.numbered;
    for _ in 0..TRIES {
        let properties = Map::from_iter([
            ("title".to_owned(), input.title.clone().into()),
            ("temporary".to_owned(), true.into()),
        ]);
        let room = create::Input {
            // One of letters is drawn where none is given.
            name: numbered.then(|| number(context.random.as_ref())),
            backend: Some(BackendName::Local),
            properties,
            ..create::Input::default()
        };
        match create::run(context, room).await {
            Err(error) if error.kind() == Kind::Conflict => {}
            made => return made,
        }
    }
    Err(Error::conflict("no room number was free; try again"))
}

/// A number without a leading zero.
fn number(random: &dyn Random) -> String {
    let smallest = 10_u64.pow(DIGITS - 1);
    let drawn = u64::from_le_bytes(random::bytes(random));
    (smallest + drawn % (9 * smallest)).to_string()
}
