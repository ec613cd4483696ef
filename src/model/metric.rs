//! Every metric: what Prometheus is told of it, and what `docs/metrics.md` lists.

/// How a metric changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetricType {
    /// It only grows, and begins at 0 with the process.
    Counter,
    /// It goes up and down.
    Gauge,
    /// How often something was how large.
    Histogram,
}

impl MetricType {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// What is known of a metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// How it changes.
    pub kind: MetricType,
    /// What its labels are called.
    pub labels: &'static [&'static str],
    /// Of what it is a number.
    pub unit: &'static str,
    /// What it says.
    pub meaning: &'static str,
}

macro_rules! metrics {
    ($($name:literal $kind:ident [$($label:literal)*] $unit:literal $meaning:literal;)*) => {
        /// All of them, by name.
        pub const METRICS: &[Metric] = &[$(Metric {
            name: $name,
            kind: MetricType::$kind,
            labels: &[$($label),*],
            unit: $unit,
            meaning: $meaning,
        }),*];
    };
}

metrics! {
    "process_open_fds" Gauge [] "files" "Files and connections that this process has open.";
    "process_resident_memory_bytes" Gauge [] "bytes" "Memory that this process takes of the machine.";
    "tok_auth_keys_age_seconds" Gauge ["issuer"] "seconds" "How old the keys are by which people of an issuer sign in; after 24 hours they count no more.";
    "tok_build_info" Gauge ["version"] "1" "Always 1; the label tells the release.";
    "tok_callbacks_total" Counter ["vendor" "state"] "callbacks" "Callbacks of vendors that were kept, by what became of them.";
    "tok_calls_total" Counter ["state"] "calls" "Changes of calls, by the state that they came into.";
    "tok_connections" Gauge [] "connections" "Connections to the API.";
    "tok_connections_refused_total" Counter ["reason"] "connections" "Connections for which there was no place.";
    "tok_event_streams" Gauge [] "streams" "Streams of events that are followed.";
    "tok_event_streams_ended_total" Counter ["reason"] "streams" "Streams of events that ended: gone, what was followed; stopping, this server; too_slow, the follower; refused, a key that is not good any more; failed; left, whoever followed.";
    "tok_forwarded_disregarded_total" Counter [] "requests" "Requests whose Forwarded or X-Forwarded-For came from nobody in server.trusted_proxies.";
    "tok_housekeeping_removed_total" Counter ["collection"] "documents" "Documents that had been kept for long enough.";
    "tok_http_request_seconds" Histogram ["route"] "seconds" "How long requests took.";
    "tok_http_requests_total" Counter ["method" "route" "status"] "requests" "Requests that were answered.";
    "tok_log_lines_dropped_total" Counter [] "lines" "Lines of the log that its reader was too slow for.";
    "tok_log_refusals_untold_total" Counter [] "requests" "Refused requests that the log does not tell of, as there were too many.";
    "tok_media_bytes_total" Counter ["dir"] "bytes" "Bytes of media that came in and went out.";
    "tok_media_dropped_total" Counter ["reason"] "packets" "Packets of media that were dropped: of strangers, or because the socket took no more.";
    "tok_media_ice_failed_total" Counter [] "connections" "Browsers that were answered and never reached the port for media.";
    "tok_media_join_seconds" Histogram [] "seconds" "How long it took from an offer of media to the connection.";
    "tok_media_legs" Gauge [] "connections" "Browsers that send and receive media through this server.";
    "tok_media_packets_total" Counter ["dir"] "packets" "Packets of media that came in and went out.";
    "tok_media_plis_total" Counter ["dir"] "requests" "Pictures that stand for themselves that senders were asked for.";
    "tok_media_rendition_switches_total" Counter [] "switches" "Times that a receiver was sent a picture in another size, or another picture.";
    "tok_metric_pushes_total" Counter ["outcome"] "requests" "Requests by which a collector was sent the metrics, by what became of them: sent; failed, which it did not take.";
    "tok_not_sealed_total" Counter ["collection"] "documents" "Keys and secrets that were read and did not carry our seal.";
    "tok_notifications_in_hand" Gauge ["shard"] "notifications" "Being sent now.";
    "tok_notifications_oldest_seconds" Gauge ["shard"] "seconds" "How long the oldest in the queue has been there.";
    "tok_notifications_parked" Gauge [] "notifications" "Set aside until somebody helps.";
    "tok_notifications_pending" Gauge [] "notifications" "In the queue, those included that wait for another try.";
    "tok_notifications_total" Counter ["outcome"] "notifications" "What became of notifications.";
    "tok_notifications_waiting" Gauge ["shard"] "notifications" "Waiting for another try or a free stream.";
    "tok_ops_connections" Gauge [] "connections" "Connections to health and metrics.";
    "tok_presence_changes_total" Counter ["state"] "users" "Users who came or went, by what they are then.";
    "tok_presence_stream_opened_timestamp_seconds" Gauge [] "Unix seconds" "When the stream of presence was opened last.";
    "tok_presence_streams_total" Counter [] "streams" "How often the stream of presence was opened.";
    "tok_queue_oldest_seconds" Gauge ["queue"] "seconds" "How long the oldest work of a loop has waited.";
    "tok_queue_pending" Gauge ["queue"] "items" "Work that a loop has in hand or to do, but for notifications that wait for another try.";
    "tok_redis_up" Gauge [] "0 or 1" "Whether Redis connects this node with the others; absent without redis.url.";
    "tok_search_lag_seconds" Gauge ["index"] "seconds" "How far an index is behind the store.";
    "tok_search_operations_total" Counter ["index" "action"] "records" "Records that were sent to an index.";
    "tok_search_parked" Gauge ["index"] "records" "Records that an index does not take.";
    "tok_search_pending" Gauge ["index"] "records" "Changes that are still to be sent to an index.";
    "tok_signals_dropped_total" Counter [] "signals" "Signals between people that did not arrive.";
    "tok_slots_taken_away_total" Counter ["of"] "connections" "Connections of strangers that gave way to others.";
    "tok_socket_events_received_total" Counter [] "events" "Events that came over sockets.";
    "tok_socket_events_refused_total" Counter ["code"] "events" "Those that were refused.";
    "tok_socket_events_sent_total" Counter [] "events" "Events that were sent over sockets.";
    "tok_socket_notifications_total" Counter [] "notifications" "Notifications that people were told over their sockets.";
    "tok_sockets" Gauge [] "sockets" "Sockets of people.";
    "tok_sockets_asked" Gauge [] "sockets" "Sockets that are being opened.";
    "tok_sockets_dropped_total" Counter ["reason"] "sockets" "Sockets that were closed from here.";
    "tok_spans_total" Counter ["outcome"] "spans" "Spans of traces by what became of them: sent; failed, which the collector did not take; dropped, for which there was no room.";
    "tok_stored_unreadable" Gauge ["collection"] "documents" "Stored documents that cannot be read; tok store check names them.";
    "tok_upstream_request_seconds" Histogram ["vendor"] "seconds" "How long calls to vendors took.";
    "tok_upstream_requests_total" Counter ["vendor" "outcome"] "calls" "Calls to vendors: `ok`, or what kind of error the answer amounts to.";
    "tok_watch_restarts_total" Counter ["reason"] "streams" "Streams of changes that had to be opened again.";
    "tok_worker_failures_total" Counter ["loop" "code"] "failures" "How often a loop of this worker failed, by the kind of error.";
    "tok_worker_items_total" Counter ["loop"] "rooms" "Rooms that the loop rooms removed.";
    "tok_worker_lease_held" Gauge ["loop"] "0 or 1" "Whether this worker has the lease of a loop.";
    "tok_worker_loop" Gauge ["loop" "condition"] "0 or 1" "What a loop is doing, by whichever worker: 1 at one of working, waiting, failing, paused, stopped, missing.";
    "tok_worker_paused" Gauge ["loop"] "0 or 1" "Whether a loop of this worker waits for a person.";
    "tok_worker_seen_timestamp_seconds" Gauge ["loop"] "Unix seconds" "When a worker with that loop gave its last sign of life, wherever it runs; absent if none ever did.";
}
