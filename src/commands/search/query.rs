//! Searches.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::TryStreamExt;

use super::{follow, renew};
use crate::commands::lease::Lease;
use crate::context::Context;
use crate::error::{Error, Kind, Result};
use crate::model::page::LARGEST_PAGE;
use crate::model::search::{IndexSpec, SearchHits, SearchQuery};
use crate::records::documents::{Cursor, Event};

/// Hits on a page when nobody says.
const USUAL_PAGE: usize = 20;
/// The longest text.
const LONGEST_TEXT: usize = 512;
/// Nobody reads on so far.
const MOST_HITS: usize = 10_000;

/// What is searched.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// The index.
    pub index: String,
    /// What somebody typed; the last word may be unfinished.
    pub text: String,
    /// At most so many hits, 1 to [`LARGEST_PAGE`].
    pub limit: Option<usize>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// Searches an index.
///
/// # Errors
/// [`Kind::NotFound`] when there is no such index, [`Kind::InvalidInput`] when the text is too
/// long or the page out of range.
pub async fn run(context: &Context, input: Input) -> Result<SearchHits> {
    let spec = context.mirrors.get(&input.index)?;
    let query = check(input)?;
    if context.search.limits().indexes_text {
        freshen(context, spec).await?;
    }
    let mut found = context.search.query(&spec.name, &query).await?;
    for hit in &mut found.hits {
        // A field of that name would take the place of the document's own id.
        hit.fields.remove("id");
    }
    let end = query.offset + found.hits.len();
    let more = !found.hits.is_empty() && (end as u64) < found.total && end < MOST_HITS;
    Ok(SearchHits {
        items: found.hits,
        total: found.total,
        next: more.then(|| end.to_string()),
    })
}

fn check(input: Input) -> Result<SearchQuery> {
    let limit = input.limit.unwrap_or(USUAL_PAGE);
    if !(1..=LARGEST_PAGE).contains(&limit) {
        return Err(Error::invalid(format!(
            "limit is {limit}; use 1 to {LARGEST_PAGE}"
        )));
    }
    if input.text.len() > LONGEST_TEXT {
        return Err(Error::invalid(format!(
            "the text has more than {LONGEST_TEXT} bytes"
        )));
    }
    let offset = match input.after.as_deref().map(str::parse::<usize>) {
        None => 0,
        Some(Ok(offset)) if offset < MOST_HITS => offset,
        Some(_) => return Err(Error::invalid("after is no `next` of a page before")),
    };
    Ok(SearchQuery {
        text: input.text,
        limit,
        offset,
    })
}

/// Without a worker the embedded index would grow old: whoever searches catches up first.
async fn freshen(context: &Context, spec: &Arc<IndexSpec>) -> Result<()> {
    if is_fresh(context, spec).await? {
        return Ok(());
    }
    let lease = match Lease::take(context, &follow::lease_of(spec)).await {
        // A worker is at it.
        Err(error) if error.kind() == Kind::Locked => return Ok(()),
        lease => lease?,
    };
    let work = async {
        renew::if_outdated(context, spec).await?;
        follow::run_once(context, spec).await
    };
    let outcome = Box::pin(lease.hold_while(work)).await;
    lease.release().await;
    outcome
}

/// Whether the index has heard of everything that was written before this call; also when the
/// store cannot tell, as then only a worker can keep up.
async fn is_fresh(context: &Context, spec: &Arc<IndexSpec>) -> Result<bool> {
    let Some(place) = context.search.checkpoint(&spec.name).await? else {
        return Ok(false);
    };
    let cursors: BTreeMap<String, Cursor> = serde_json::from_str(&place).unwrap_or_default();
    if !context.documents.resumes() {
        return Ok(true);
    }
    for source in &spec.sources {
        let Some(cursor) = cursors.get(&source.collection) else {
            return Ok(false);
        };
        let mut events = context
            .documents
            .watch(&source.collection, Some(cursor.clone()));
        if !matches!(events.try_next().await?, Some(Event::Current(_))) {
            return Ok(false);
        }
    }
    Ok(true)
}
