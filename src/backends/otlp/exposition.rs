//! What `/metrics` shows, as the OpenTelemetry protocol has it.
//!
//! <https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/>

use std::collections::HashMap;

use indexmap::IndexMap;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Gauge, Histogram, HistogramDataPoint, Metric, NumberDataPoint, Sum,
    metric, number_data_point,
};

use crate::model::metric::METRICS;

/// When the process began to count, and when that was read, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Period {
    pub(super) began: u64,
    pub(super) now: u64,
}

/// Names of labels with their values.
type Labels = Vec<(String, String)>;

/// One line of the text.
#[derive(Debug, PartialEq)]
struct Sample<'a> {
    name: &'a str,
    labels: Labels,
    value: f64,
}

/// All samples of one metric.
struct Family<'a> {
    name: &'a str,
    kind: &'a str,
    samples: Vec<Sample<'a>>,
}

/// The metrics of a text; lines that are none, and kinds that `tok` has not, are left out.
pub(super) fn metrics(text: &str, period: Period) -> Vec<Metric> {
    let mut meanings = HashMap::new();
    let mut families: Vec<Family<'_>> = Vec::new();
    for line in text.lines() {
        if let Some(help) = line.strip_prefix("# HELP ") {
            meanings.extend(help.split_once(' '));
        } else if let Some(kind) = line.strip_prefix("# TYPE ") {
            families.extend(kind.split_once(' ').map(|(name, kind)| Family {
                name,
                kind,
                samples: Vec::new(),
            }));
        } else if let (Some(family), Some(sample)) = (families.last_mut(), sample(line)) {
            family.samples.push(sample);
        }
    }
    let named = families.into_iter().filter_map(|family| {
        let known = METRICS.iter().find(|metric| metric.name == family.name);
        let meaning = meanings.get(family.name).copied().unwrap_or_default();
        Some(Metric {
            name: family.name.to_owned(),
            description: unescaped(meaning),
            unit: known.map(|metric| metric.unit).unwrap_or_default().into(),
            data: Some(data(family, period)?),
            ..Metric::default()
        })
    });
    named.collect()
}

fn data(family: Family<'_>, period: Period) -> Option<metric::Data> {
    let numbers = |samples: Vec<Sample<'_>>| {
        let points = samples.into_iter();
        points.map(|sample| number(sample, period)).collect()
    };
    let cumulative = AggregationTemporality::Cumulative.into();
    Some(match family.kind {
        "counter" => metric::Data::Sum(Sum {
            data_points: numbers(family.samples),
            aggregation_temporality: cumulative,
            is_monotonic: true,
        }),
        "gauge" => metric::Data::Gauge(Gauge {
            data_points: numbers(family.samples),
        }),
        "histogram" => metric::Data::Histogram(Histogram {
            data_points: histograms(&family, period),
            aggregation_temporality: cumulative,
        }),
        _ => return None,
    })
}

fn number(sample: Sample<'_>, period: Period) -> NumberDataPoint {
    NumberDataPoint {
        attributes: attributes(sample.labels),
        start_time_unix_nano: period.began,
        time_unix_nano: period.now,
        value: Some(number_data_point::Value::AsDouble(sample.value)),
        ..NumberDataPoint::default()
    }
}

/// The histograms of a family, one for each set of labels. Prometheus counts in each bucket what is in the
/// smaller ones as well, OTLP does not.
fn histograms(family: &Family<'_>, period: Period) -> Vec<HistogramDataPoint> {
    let mut points: IndexMap<Labels, HistogramDataPoint> = IndexMap::new();
    for sample in &family.samples {
        let mut labels = sample.labels.clone();
        let bound = labels.iter().position(|(name, _)| name == "le");
        let bound = bound.map(|at| labels.remove(at).1.parse().unwrap_or(f64::INFINITY));
        let point = points.entry(labels).or_default();
        match (sample.name.strip_prefix(family.name), bound) {
            (Some("_bucket"), Some(bound)) => {
                let smaller: u64 = point.bucket_counts.iter().sum();
                point
                    .bucket_counts
                    .push(whole(sample.value).saturating_sub(smaller));
                // The last one has no end.
                point
                    .explicit_bounds
                    .extend(Some(bound).filter(|bound| bound.is_finite()));
            }
            (Some("_sum"), _) => point.sum = Some(sample.value),
            (Some("_count"), _) => point.count = whole(sample.value),
            _ => {}
        }
    }
    let dated = points
        .into_iter()
        .map(|(labels, point)| HistogramDataPoint {
            attributes: attributes(labels),
            start_time_unix_nano: period.began,
            time_unix_nano: period.now,
            ..point
        });
    dated.collect()
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what was counted; the cast keeps it within bounds"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

pub(super) fn attributes<N: Into<String>, V: Into<String>>(
    pairs: impl IntoIterator<Item = (N, V)>,
) -> Vec<KeyValue> {
    let attribute = |(name, value): (N, V)| KeyValue {
        key: name.into(),
        value: Some(AnyValue {
            value: Some(Value::StringValue(value.into())),
        }),
        ..KeyValue::default()
    };
    pairs.into_iter().map(attribute).collect()
}

/// `name{label="value",…} 1`, the labels if there are some.
fn sample(line: &str) -> Option<Sample<'_>> {
    let end = line.find(['{', ' '])?;
    let (name, mut rest) = line.split_at(end);
    let mut labels = Labels::new();
    if let Some(listed) = rest.strip_prefix('{') {
        rest = listed;
        while let Some((label, after)) = rest.split_once("=\"") {
            // A value of an unfinished label.
            if rest.starts_with('}') {
                break;
            }
            let length = closing_quote(after)?;
            labels.push((label.to_owned(), unescaped(&after[..length])));
            rest = after[length + 1..].trim_start_matches(',');
        }
        rest = rest.strip_prefix('}')?;
    }
    let value = rest.split_whitespace().next()?.parse().ok()?;
    Some(Sample {
        name,
        labels,
        value,
    })
}

/// Where a quoted text ends.
fn closing_quote(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, true) => match letters.next() {
                Some('n') => out.push('\n'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            (letter, false) => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

    use super::*;

    const PERIOD: Period = Period { began: 1, now: 2 };

    fn text(attribute: &KeyValue) -> (&str, &str) {
        let value = attribute.value.as_ref().and_then(|any| any.value.as_ref());
        let Some(Value::StringValue(text)) = value else {
            panic!("no text: {attribute:?}");
        };
        (&attribute.key, text)
    }

    /// By what shows them, so that nothing that it writes is left out.
    #[test]
    fn each_metric_is_told_as_it_is_shown() {
        let recorder = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &[0.1, 1.0])
            .expect("buckets")
            .build_recorder();
        let odd = "a \"quoted\" \\ one, {with} le=\"1\"\nand more";
        metrics::with_local_recorder(&recorder, || {
            metrics::describe_counter!("tok_calls_total", "Changes of calls.");
            metrics::counter!("tok_calls_total", "state" => "ended").increment(7);
            metrics::counter!("tok_calls_total", "state" => odd).increment(1);
            metrics::gauge!("tok_connections").set(2.5);
            for (route, seconds) in [("/a", 0.05), ("/a", 0.5), ("/a", 0.6), ("/b", 30.0)] {
                metrics::histogram!("tok_http_request_seconds", "route" => route).record(seconds);
            }
        });
        let all = metrics(&recorder.handle().render(), PERIOD);
        let named = |name: &str| all.iter().find(|metric| metric.name == name).expect("told");
        let calls = named("tok_calls_total");
        assert_eq!(
            (calls.description.as_str(), calls.unit.as_str()),
            ("Changes of calls.", "calls")
        );
        let Some(metric::Data::Sum(sum)) = &calls.data else {
            panic!("{calls:?}");
        };
        assert!(sum.is_monotonic);
        assert_eq!(sum.aggregation_temporality, 2, "cumulative");
        let mut counted: Vec<_> = sum
            .data_points
            .iter()
            .map(|point| {
                (
                    text(&point.attributes[0]),
                    point.value,
                    point.start_time_unix_nano,
                )
            })
            .collect();
        counted.sort_by_key(|(label, ..)| *label);
        let number = |value| Some(number_data_point::Value::AsDouble(value));
        assert_eq!(
            counted,
            [
                (("state", odd), number(1.0), 1),
                (("state", "ended"), number(7.0), 1)
            ]
        );
        let Some(metric::Data::Gauge(gauge)) = &named("tok_connections").data else {
            panic!("no gauge");
        };
        assert_eq!(gauge.data_points[0].value, number(2.5));
        let Some(metric::Data::Histogram(histogram)) = &named("tok_http_request_seconds").data
        else {
            panic!("no histogram");
        };
        assert_eq!(histogram.data_points.len(), 2);
        for point in &histogram.data_points {
            let (_, route) = text(&point.attributes[0]);
            let (counts, sum): (&[u64], f64) = match route {
                "/a" => (&[1, 2, 0], 1.15),
                _ => (&[0, 0, 1], 30.0),
            };
            assert_eq!(point.bucket_counts, counts, "{route}");
            assert_eq!(point.explicit_bounds, [0.1, 1.0]);
            assert_eq!(point.count, counts.iter().sum::<u64>());
            assert!((point.sum.expect("a sum") - sum).abs() < 1e-9);
            assert_eq!(point.attributes.len(), 1, "{point:?}");
        }
    }

    #[test]
    fn lines_that_are_none_are_left_out() {
        for line in [
            "",
            "x",
            "x{",
            "x{a=\"b",
            "x{a=\"b\"",
            "x{a=\"b\"} y",
            "x{a} 1",
            "# x",
        ] {
            assert_eq!(sample(line), None, "{line}");
        }
        assert_eq!(
            sample("x +Inf").map(|sample| sample.value),
            Some(f64::INFINITY)
        );
        let all = metrics("# TYPE x unheard\nx 1\n# TYPE y\ny 1\n", PERIOD);
        assert_eq!(all, []);
    }
}
