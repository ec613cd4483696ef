//! Paging by cursor.

use serde::Serialize;
use utoipa::ToSchema;

/// Which page is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// The cursor of the page before; absent for the first page.
    pub after: Option<String>,
    /// At most so many items; a backend may give fewer.
    pub limit: usize,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page, or null behind the last one.
    pub next: Option<String>,
}
