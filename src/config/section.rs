//! How a section is written down: each setting once, with its meaning, type and default.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use bytesize::ByteSize;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use super::schema::Type;
use crate::error::{Error, Result};
use crate::model::{BackendName, Rate, Ratio, Span};

/// What a field of this type must look like when it is written down.
pub(super) trait Typed {
    const TYPE: Type;
}

/// A secret that is in a file, which the setting names.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct FiledSecret(pub SecretString);

/// Declares a section `[name]`: the struct of its settings, and the key of each.
///
/// The comment of a field is what users read. The literal behind it is the default as TOML; without
/// one the field is an `Option`. `#[also("NAME")]` is the environment variable that operators of the
/// original backend know.
macro_rules! section {
    (
        [$name:ident]
        $(#[$about:meta])*
        pub struct $Section:ident {
            $(
                $(#[doc = $meaning:literal])+
                $(#[also($variable:literal)])?
                $field:ident: $type:ty $(= $default:literal)?,
            )+
        }
    ) => {
        $(#[$about])*
        #[allow(clippy::doc_markdown, rustdoc::bare_urls, reason = "users read it as plain text")]
        #[derive(Debug, Clone, serde::Deserialize)]
        pub struct $Section {
            $($(#[doc = $meaning])+ pub $field: $type,)+
        }

        impl $Section {
            /// Its keys, in the order they are shown.
            pub(super) const KEYS: &'static [$crate::config::schema::Key] = &[$(
                $crate::config::schema::Key {
                    path: concat!(stringify!($name), ".", stringify!($field)),
                    kind: <$type as $crate::config::section::Typed>::TYPE,
                    default: concat!($($default)?),
                    meaning: concat!($($meaning),+).trim_ascii(),
                    legacy: concat!($($variable)?),
                },
            )+];
        }
    };
}

/// Declares a setting that is one of several words.
macro_rules! choice {
    (
        $(#[$about:meta])*
        pub enum $Choice:ident {
            $($(#[$meaning:meta])* $Variant:ident = $word:literal,)+
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
        pub enum $Choice {
            $($(#[$meaning])* #[serde(rename = $word)] $Variant,)+
        }

        impl $crate::config::section::Typed for $Choice {
            const TYPE: $crate::config::schema::Type =
                $crate::config::schema::Type::OneOf(&[$($word),+]);
        }
    };
}

pub(super) use {choice, section};

/// A rate that can be switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Limit(pub Option<Rate>);

impl TryFrom<String> for Limit {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        match text.as_str() {
            "off" => Ok(Self(None)),
            text => text.parse().map(Some).map(Self),
        }
    }
}

macro_rules! typed {
    ($($type:ty => $kind:expr;)+) => {
        $(impl Typed for $type {
            const TYPE: Type = $kind;
        })+
    };
}

typed! {
    String => Type::Text;
    SecretString => Type::Secret;
    FiledSecret => Type::SecretFile;
    PathBuf => Type::Path;
    Url => Type::Url;
    SocketAddr => Type::Address;
    usize => Type::Integer;
    NonZeroUsize => Type::Integer;
    u32 => Type::Integer;
    u64 => Type::Integer;
    Span => Type::Span;
    ByteSize => Type::Size;
    Limit => Type::Rate;
    Ratio => Type::Ratio;
    Vec<String> => Type::List;
    BackendName => Type::OneOf(&[
        BackendName::Local.as_str(),
        BackendName::Daily.as_str(),
        BackendName::HundredMs.as_str(),
        BackendName::Opentok.as_str(),
        BackendName::Bandwidth.as_str(),
    ]);
}

/// Without a default it need not be set.
impl<T: Typed> Typed for Option<T> {
    const TYPE: Type = T::TYPE;
}
