//! What operations take that are about one thing.

use crate::model::BackendName;

/// Which one, by the id that `tok` or the app gave it. What can be no id is nobody's: whoever looks
/// it up answers that there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ById {
    /// Its id.
    pub id: String,
}

impl From<&str> for ById {
    fn from(id: &str) -> Self {
        Self { id: id.to_owned() }
    }
}

impl From<String> for ById {
    fn from(id: String) -> Self {
        Self { id }
    }
}

/// Which one, by the id that a vendor gave it. What can be none of its ids is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByVendorId {
    /// Its id.
    pub id: String,
    /// The vendor; the configured backend if absent.
    pub backend: Option<BackendName>,
}

/// Whether a text can be an id that stores and addresses take. What cannot is nobody's.
pub(crate) fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:@+-".contains(c);
    let reserved = text == "." || text == ".." || (text.starts_with("__") && !is_numeric(text));
    !text.is_empty() && text.len() <= 128 && text.chars().all(plain) && !reserved
}

/// `__id7__`, as imports name documents; other names that begin so are the stores' own.
fn is_numeric(text: &str) -> bool {
    let number = text
        .strip_prefix("__id")
        .and_then(|id| id.strip_suffix("__"));
    number.is_some_and(|n| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}
