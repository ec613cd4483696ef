//! Operations on people: the app's own `users` documents. Fields that are not known here are
//! never touched.

pub mod create;
pub mod delete;
pub mod list;
pub mod show;
pub mod update;

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::model::user::{LONGEST_NAME, User, UserId};
use crate::records::{Fields, Stored};

/// The longest link to a picture, in characters.
const LONGEST_LINK: usize = 2048;

fn shown(stored: Stored<Fields>) -> User {
    User {
        id: stored.id,
        profile: stored.record.0.into(),
    }
}

fn missing(id: &UserId) -> Error {
    Error::not_found(format!("there is no user `{id}`"))
}

/// The fields as the app's documents name them; only those that are given.
fn fields<'a>(
    given: impl IntoIterator<Item = (&'a str, Option<Option<String>>)>,
) -> Result<Map<String, Value>> {
    let mut out = Map::new();
    for (name, value) in given {
        let Some(value) = value else { continue };
        let longest = if name == "photoURL" {
            LONGEST_LINK
        } else {
            LONGEST_NAME
        };
        let length = value.as_ref().map_or(0, |text| text.chars().count());
        if length > longest {
            return Err(Error::invalid(format!(
                "{name} is {length} characters long; the most is {longest}"
            )));
        }
        out.insert(name.to_owned(), Value::from(value));
    }
    Ok(out)
}
