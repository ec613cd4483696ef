//! What a mirror did.

/// What was done so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    /// Documents heard of.
    pub(super) heard: u64,
    /// Records written.
    pub(super) puts: u64,
    /// Records removed.
    pub(super) deletes: u64,
    /// Records that stood in the index already.
    pub(super) unchanged: u64,
    /// Documents that cannot be searched as they are.
    pub(super) parked: u64,
}

/// Who works with a mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whom {
    /// A reindexing, which is the only one.
    Reindexing,
    /// Whoever keeps the index true for ever, maybe beside a reindexing.
    Follower,
}

/// What the last step of a mirror was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    /// It heard or sent something.
    Worked,
    /// A collection told all there is: everything before is heard.
    Current,
}

/// Counts what was sent to an index, for metrics.
pub(super) fn counted(index: &str, action: &'static str, count: u64) {
    metrics::counter!("tok_search_operations_total", "index" => index.to_owned(), "action" => action)
        .increment(count);
}
