//! Scans: several streams over parts of the collection where the server can cut it, one where it
//! cannot; all of them at one moment of the database.

use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt, TryStreamExt};
use googleapis_tonic_google_firestore_v1::google::firestore::v1 as pb;
use pb::run_query_request::{ConsistencySelector, QueryType};
use pb::value::ValueType;
use prost_types::Timestamp;
use tokio::sync::mpsc;
use tonic::{Code, Status, Streaming};

use super::client::{BACKOFF, StoreClient};
use super::fault::{fault, read_again, without_credential};
use super::wire::{self, id_of};
use crate::backends::documents::{Document, DocumentStream, Scan};
use crate::error::{Error, Kind, Result};
use crate::model::backoff::Delays;

/// A collection with fewer documents is read in one stream.
const WORTH_CUTTING: u64 = 20_000;
/// Into how many parts a large collection is cut.
const PARTS: i64 = 4;
/// Documents read ahead of each part.
const AHEAD: usize = 1_000;
/// How often a broken stream is opened again without having brought anything.
const RETRIES: u32 = 5;

/// How many documents a collection holds, and at which moment.
pub(super) async fn count(
    client: &StoreClient,
    collection: &str,
) -> Result<(u64, Option<Timestamp>)> {
    let (parent, query) = wire::query(&client.database, &Scan::all(collection), None);
    let aggregation = pb::structured_aggregation_query::Aggregation {
        alias: "n".to_owned(),
        operator: Some(
            pb::structured_aggregation_query::aggregation::Operator::Count(
                pb::structured_aggregation_query::aggregation::Count::default(),
            ),
        ),
    };
    let query = pb::StructuredAggregationQuery {
        aggregations: vec![aggregation],
        query_type: Some(pb::structured_aggregation_query::QueryType::StructuredQuery(query)),
    };
    let message = pb::RunAggregationQueryRequest {
        parent,
        query_type: Some(
            pb::run_aggregation_query_request::QueryType::StructuredAggregationQuery(query),
        ),
        ..pb::RunAggregationQueryRequest::default()
    };
    let mut answers = client
        .read(
            "RunAggregationQuery",
            async |mut api, message| api.run_aggregation_query(message).await,
            message,
        )
        .await
        .map_err(|failure| failure.error)?;
    while let Some(answer) = answers.message().await.map_err(fault)? {
        let Some(result) = answer.result else {
            continue;
        };
        if let Some(ValueType::IntegerValue(count)) = result
            .aggregate_fields
            .get("n")
            .and_then(|value| value.value_type.as_ref())
        {
            return Ok((u64::try_from(*count).unwrap_or(0), answer.read_time));
        }
    }
    Err(Error::bad_gateway("Firestore answered without a count"))
}

/// What [`Documents::find`](crate::backends::documents::Documents::find) answers.
pub(super) async fn find(
    client: StoreClient,
    collection: &str,
    (field, value): (&str, &str),
    limit: usize,
) -> Result<Vec<Document>> {
    let mut reader = Reader::new(client, Scan::all(collection).limit(limit));
    reader.only = Some(wire::field_is(field, value));
    reader.stream().try_collect().await
}

/// What [`Documents::due`](crate::backends::documents::Documents::due) answers. Moments are of
/// Firestore's own type, or texts where an earlier release wrote them; the filters of the two never
/// match the same document.
pub(super) async fn due(
    client: StoreClient,
    collection: &str,
    field: &str,
    before: jiff::Timestamp,
    limit: usize,
) -> Result<Vec<Document>> {
    let mut found = Vec::new();
    for filter in wire::field_before(field, before) {
        let mut reader = Reader::new(
            client.clone(),
            Scan::all(collection).limit(limit - found.len()),
        );
        reader.only = Some(filter);
        reader.by_field = true;
        let part: Vec<_> = reader.stream().try_collect().await?;
        found.extend(part);
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

/// The stream behind [`Documents::scan`](crate::backends::documents::Documents::scan).
pub(super) fn scan(client: StoreClient, scan: Scan) -> DocumentStream {
    let whole = scan.limit == 0 && scan.after.is_none() && scan.prefix.is_empty();
    // Only a collection group can be cut, and that of a sub-collection is another one.
    if !whole || scan.collection.contains('/') {
        return Reader::new(client, scan).stream();
    }
    stream::once(parts(client, scan)).try_flatten().boxed()
}

/// Reads the parts of a whole collection at once, and gives them out one after another.
async fn parts(client: StoreClient, scan: Scan) -> Result<BoxStream<'static, Result<Document>>> {
    let (count, moment) = count(&client, &scan.collection).await?;
    let cuts = match count {
        WORTH_CUTTING.. => cuts(&client, &scan.collection, moment).await?,
        _ => Vec::new(),
    };
    let mut readers = Vec::with_capacity(cuts.len() + 1);
    let mut after = None;
    for cut in cuts.into_iter().map(Some).chain([None]) {
        let mut reader = Reader::new(client.clone(), scan.clone());
        reader.from = after;
        reader.until.clone_from(&cut);
        reader.moment = moment;
        readers.push(reader);
        after = cut;
    }
    if readers.len() == 1 {
        return Ok(readers.remove(0).stream());
    }
    let ahead: Vec<_> = readers.into_iter().map(Reader::ahead).collect();
    Ok(stream::iter(ahead).flatten().boxed())
}

/// The ids at which the server would cut the collection, in order; none if it cannot.
async fn cuts(
    client: &StoreClient,
    collection: &str,
    moment: Option<Timestamp>,
) -> Result<Vec<String>> {
    let (parent, mut query) = wire::query(&client.database, &Scan::all(collection), None);
    for from in &mut query.from {
        from.all_descendants = true;
    }
    let message = pb::PartitionQueryRequest {
        parent,
        partition_count: PARTS - 1,
        query_type: Some(pb::partition_query_request::QueryType::StructuredQuery(
            query,
        )),
        consistency_selector: moment
            .map(pb::partition_query_request::ConsistencySelector::ReadTime),
        ..pb::PartitionQueryRequest::default()
    };
    let cut = client
        .read(
            "PartitionQuery",
            async |mut api, message| api.partition_query(message).await,
            message,
        )
        .await;
    let partitions = match cut {
        Ok(answer) => answer.partitions,
        Err(failure) if failure.error.kind() == Kind::Unsupported => return Ok(Vec::new()),
        Err(failure) => return Err(failure.error),
    };
    let inside = format!("{}/{collection}/", client.database.root());
    let mut ids: Vec<String> = partitions
        .into_iter()
        .filter_map(|cursor| cursor.values.into_iter().next()?.value_type)
        .filter_map(|value| match value {
            // The group holds collections of the same name elsewhere.
            ValueType::ReferenceValue(name)
                if name
                    .strip_prefix(&inside)
                    .is_some_and(|rest| !rest.contains('/')) =>
            {
                Some(id_of(&name))
            }
            _ => None,
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// Reads one range; a broken stream goes on behind the last document.
struct Reader {
    client: StoreClient,
    scan: Scan,
    /// The first id, if the range is a part.
    from: Option<String>,
    /// The id behind the last one.
    until: Option<String>,
    /// Only documents that match.
    only: Option<pb::structured_query::Filter>,
    /// In the order of the field that the filter compares: the server has an index of that alone.
    by_field: bool,
    /// All of it is read as it was then.
    moment: Option<Timestamp>,
    rows: Option<Streaming<pb::RunQueryResponse>>,
    delays: Delays,
    ended: bool,
}

impl Reader {
    fn new(client: StoreClient, scan: Scan) -> Self {
        Self {
            client,
            scan,
            from: None,
            until: None,
            only: None,
            by_field: false,
            moment: None,
            rows: None,
            delays: BACKOFF.delays(),
            ended: false,
        }
    }

    fn stream(self) -> DocumentStream {
        stream::try_unfold(self, |mut reader| async move {
            Ok(reader.next().await?.map(|document| (document, reader)))
        })
        .boxed()
    }

    /// The same, read ahead on a task of its own.
    fn ahead(self) -> DocumentStream {
        let (sender, receiver) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let mut documents = self.stream();
            while let Some(document) = documents.next().await {
                if sender.send(document).await.is_err() {
                    return;
                }
            }
        });
        stream::unfold(receiver, |mut receiver| async move {
            Some((receiver.recv().await?, receiver))
        })
        .boxed()
    }

    async fn next(&mut self) -> Result<Option<Document>> {
        while !self.ended {
            match self.step().await {
                Ok(Some(document)) => {
                    self.delays.reset();
                    self.scan.after = Some(document.id.clone());
                    self.from = None;
                    if self.scan.limit > 0 {
                        self.scan.limit -= 1;
                        self.ended = self.scan.limit == 0;
                    }
                    return Ok(Some(document));
                }
                Ok(None) => self.ended = true,
                Err(broken) => {
                    self.rows = None;
                    self.wait_to_go_on(broken).await?;
                }
            }
        }
        Ok(None)
    }

    /// Delays before the stream is opened again, or gives up.
    async fn wait_to_go_on(&mut self, broken: Status) -> Result<()> {
        let too_old = matches!(
            broken.code(),
            Code::FailedPrecondition | Code::InvalidArgument | Code::OutOfRange
        );
        if too_old && self.scan.after.is_some() && self.moment.take().is_some() {
            tracing::warn!("a scan took so long that its end is read as it is now");
            return Ok(());
        }
        // What is in no order of ids cannot go on behind the last one.
        let again = read_again(&broken) && !(self.by_field && self.scan.after.is_some());
        if !again || self.delays.failures() >= RETRIES {
            return Err(fault(broken));
        }
        let delay = self.delays.next(None);
        tracing::debug!(error = %broken, rest = ?delay, "a scan goes on after a break");
        tokio::time::sleep(delay).await;
        Ok(())
    }

    async fn step(&mut self) -> Result<Option<Document>, Status> {
        if self.rows.is_none() {
            self.rows = Some(self.open().await?);
        }
        let Some(rows) = &mut self.rows else {
            return Ok(None);
        };
        loop {
            let answer = tokio::time::timeout(self.client.timeout, rows.message())
                .await
                .map_err(|_| Status::deadline_exceeded("a scan stood still"))??;
            let Some(answer) = answer else {
                return Ok(None);
            };
            if self.moment.is_none() {
                self.moment = answer.read_time;
            }
            if let Some(found) = answer.document {
                return wire::document(&found)
                    .map(Some)
                    .map_err(|error| Status::data_loss(error.message()));
            }
        }
    }

    async fn open(&self) -> Result<Streaming<pb::RunQueryResponse>, Status> {
        let (parent, mut query) =
            wire::query(&self.client.database, &self.scan, self.until.as_deref());
        query.r#where.clone_from(&self.only);
        if self.by_field {
            query.order_by.clear();
        }
        if let Some(from) = &self.from {
            query.start_at = Some(wire::bound(&self.client.database, &self.scan, from, true));
        }
        let message = pb::RunQueryRequest {
            parent,
            query_type: Some(QueryType::StructuredQuery(query)),
            consistency_selector: self.moment.map(ConsistencySelector::ReadTime),
            ..pb::RunQueryRequest::default()
        };
        let (request, token) = self
            .client
            .request(message)
            .await
            .map_err(|error| without_credential(&error))?;
        let opened = self.client.query(request).await;
        if let Err(status) = &opened {
            self.client.heard(status, &token).await;
        }
        Ok(opened?.into_inner())
    }
}
