//! Values of closed sets, which shells complete and help lists, both from the code that reads them.

use std::error::Error as StdError;
use std::ffi::OsStr;
use std::marker::PhantomData;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{PathBufValueParser, PossibleValue, TypedValueParser};
use clap::{Arg, Command};
use url::Url;

use crate::config::{Environment, LOOPS};
use crate::model::call::Side;
use crate::model::device::Platform;
use crate::model::key::Scope;
use crate::model::{BackendName, Privacy, Role};

/// Reads a `T`, and says what there is.
#[derive(Clone)]
pub(super) struct OneOf<T> {
    names: Vec<&'static str>,
    read: PhantomData<fn() -> T>,
}

impl<T> TypedValueParser for OneOf<T>
where
    T: FromStr + Clone + Send + Sync + 'static,
    T::Err: Into<Box<dyn StdError + Send + Sync>>,
{
    type Value = T;

    /// A mistake is told in the words of the type.
    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<T, clap::Error> {
        let read: fn(&str) -> Result<T, T::Err> = str::parse;
        read.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(
            self.names.iter().map(|name| PossibleValue::new(*name)),
        ))
    }
}

fn one_of<T>(names: impl IntoIterator<Item = &'static str>) -> OneOf<T> {
    let names = names.into_iter().collect();
    let read = PhantomData;
    OneOf { names, read }
}

/// A file. `~/` is the home directory also in `--report=~/x`, where no shell has put it there.
pub(super) fn path() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.to_str() {
        Some(text) => Environment::capture().at_home(text),
        None => Ok(path),
    })
}

/// The same, for what is read also from stdin.
pub(super) fn path_or_stdin() -> impl TypedValueParser<Value = String> {
    path().map(|path| path.to_string_lossy().into_owned())
}

/// The address of a picture.
pub(super) fn picture(text: &str) -> Result<String, &'static str> {
    let url = Url::parse(text).ok();
    let shown = url.filter(|url| matches!(url.scheme(), "http" | "https"));
    let wrong = "a picture has an address like https://example.com/ada.png";
    shown.map(|_| text.to_owned()).ok_or(wrong)
}

/// Where rooms may live.
pub(super) fn backend() -> OneOf<BackendName> {
    one_of(BackendName::ALL.map(BackendName::as_str))
}

/// What a holder of a token may do.
pub(super) fn role() -> OneOf<Role> {
    one_of(Role::ALL.map(Role::as_str))
}

/// Who may come into a room.
pub(super) fn privacy() -> OneOf<Privacy> {
    one_of([Privacy::Public, Privacy::Private].map(Privacy::as_str))
}

/// What a key may do.
pub(super) fn scope() -> OneOf<Scope> {
    one_of(Scope::ALL.map(Scope::as_str))
}

/// Whose part in a call.
pub(super) fn side() -> OneOf<Side> {
    one_of(["caller", "callee"])
}

/// Whose push service a device has.
pub(super) fn platform() -> OneOf<Platform> {
    one_of([Platform::Gcm, Platform::Apns, Platform::Web].map(Platform::as_str))
}

/// The loops of a worker.
pub(super) fn worker_loop() -> OneOf<String> {
    one_of(LOOPS)
}

/// What of a user can be cleared.
pub(super) fn cleared() -> OneOf<String> {
    one_of(["photo-url", "first-name", "last-name", "client-id"])
}
