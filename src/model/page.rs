//! Paging by cursor.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{Error, Result};

/// Which page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The cursor of the page before; absent for the first page.
    pub after: Option<String>,
    /// At most so many items; a backend may give fewer.
    pub limit: usize,
}

/// The most items on one page.
pub const LARGEST_PAGE: usize = 1000;
/// The items on a page when nobody says.
const USUAL_PAGE: usize = 100;

impl PageRequest {
    /// A page that somebody asks for.
    ///
    /// # Errors
    /// [`Kind::InvalidInput`](crate::Kind::InvalidInput) when `limit` is out of range.
    pub fn checked(limit: Option<usize>, after: Option<String>) -> Result<Self> {
        let limit = limit.unwrap_or(USUAL_PAGE);
        if (1..=LARGEST_PAGE).contains(&limit) {
            return Ok(Self { after, limit });
        }
        Err(Error::invalid(format!(
            "limit is {limit}; use 1 to {LARGEST_PAGE}"
        )))
    }
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page, or null behind the last one.
    pub next: Option<String>,
    /// How many stored documents belong here and cannot be read; absent for none.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unreadable: u64,
}

/// Whether there is nothing to tell.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
pub(crate) fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl<T> Page<T> {
    /// A page, and where the next one begins.
    pub fn new(items: Vec<T>, next: Option<String>) -> Self {
        Self {
            items,
            next,
            unreadable: 0,
        }
    }

    /// A list of one page.
    pub fn all(items: Vec<T>) -> Self {
        Self::new(items, None)
    }
}
