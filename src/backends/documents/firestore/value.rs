//! Between Firestore's values and JSON.
//!
//! What JSON has no type for is read as text or an object: a moment as RFC 3339, bytes as
//! base64, a reference as its path, a place as `{latitude, longitude}`, numbers that are none and
//! moments that no calendar has as null. So a document must never be written back whole; writes name the fields they change.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::value::ValueType;
use googleapis_tonic_google_firestore_v1::google::firestore::v1::{ArrayValue, MapValue, Value};
use jiff::{SignedDuration, Timestamp, civil};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;

use crate::error::{Error, Result};

/// A document's fields, serialised in the order of their names.
pub(super) struct SortedFields<'a>(pub(super) &'a HashMap<String, Value>);

impl Serialize for SortedFields<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields: Vec<_> = self.0.iter().collect();
        fields.sort_unstable_by_key(|(name, _)| name.as_str());
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (name, value) in fields {
            map.serialize_entry(name, &Field(value))?;
        }
        map.end()
    }
}

struct Field<'a>(&'a Value);

impl Serialize for Field<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0.value_type {
            Some(ValueType::BooleanValue(value)) => serializer.serialize_bool(*value),
            Some(ValueType::IntegerValue(value)) => serializer.serialize_i64(*value),
            Some(ValueType::DoubleValue(value)) => serializer.serialize_f64(*value),
            Some(ValueType::StringValue(text) | ValueType::ReferenceValue(text)) => {
                serializer.serialize_str(text)
            }
            Some(ValueType::TimestampValue(moment)) => match text_of(moment) {
                Some(text) => serializer.serialize_str(&text),
                None => serializer.serialize_none(),
            },
            Some(ValueType::BytesValue(bytes)) => serializer.serialize_str(&BASE64.encode(bytes)),
            Some(ValueType::GeoPointValue(place)) => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry("latitude", &place.latitude)?;
                map.serialize_entry("longitude", &place.longitude)?;
                map.end()
            }
            Some(ValueType::ArrayValue(array)) => {
                serializer.collect_seq(array.values.iter().map(Field))
            }
            Some(ValueType::MapValue(map)) => SortedFields(&map.fields).serialize(serializer),
            // The others only occur in pipelines, never in a stored document.
            _ => serializer.serialize_none(),
        }
    }
}

/// A moment as RFC 3339. Firestore holds moments up to the last second of the year 9999, which is
/// later than our own type does ("never expires"); what is later still is nothing.
fn text_of(moment: &prost_types::Timestamp) -> Option<String> {
    if let Ok(moment) = Timestamp::new(moment.seconds, moment.nanos) {
        return Some(moment.to_string());
    }
    let since = SignedDuration::new(moment.seconds, moment.nanos);
    let late = civil::date(1970, 1, 1).at(0, 0, 0, 0).checked_add(since);
    late.ok().map(|late| format!("{late}Z"))
}

/// The fields of a JSON object; of those named in `moments`, texts become moments.
pub(super) fn fields(
    json: impl IntoIterator<Item = (String, Json)>,
    moments: &[&str],
) -> Result<HashMap<String, Value>> {
    json.into_iter()
        .map(|(name, json)| {
            let value = match &json {
                Json::String(text) if moments.contains(&name.as_str()) => moment(&name, text)?,
                _ => value(json),
            };
            Ok((name, value))
        })
        .collect()
}

fn moment(name: &str, text: &str) -> Result<Value> {
    let moment: Timestamp = text
        .parse()
        .map_err(|error| Error::invalid(format!("{name} is not a moment")).because(error))?;
    Ok(of(ValueType::TimestampValue(prost_types::Timestamp {
        seconds: moment.as_second(),
        nanos: moment.subsec_nanosecond(),
    })))
}

fn of(value: ValueType) -> Value {
    Value {
        value_type: Some(value),
    }
}

fn value(json: Json) -> Value {
    of(match json {
        Json::Null => ValueType::NullValue(0),
        Json::Bool(value) => ValueType::BooleanValue(value),
        Json::Number(number) => match number.as_i64() {
            Some(value) => ValueType::IntegerValue(value),
            None => ValueType::DoubleValue(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => ValueType::StringValue(text),
        Json::Array(items) => ValueType::ArrayValue(ArrayValue {
            values: items.into_iter().map(value).collect(),
        }),
        Json::Object(fields) => ValueType::MapValue(MapValue {
            fields: fields
                .into_iter()
                .map(|(name, json)| (name, value(json)))
                .collect(),
        }),
    })
}

#[cfg(test)]
mod tests {
    use googleapis_tonic_google_firestore_v1::google::r#type::LatLng;
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_comes_back_as_it_went() {
        let json = json!({ "a": [1, 1.5, -3, { "ü": null }], "b": true, "c": "x", "d": {} });
        let object = json.as_object().cloned().expect("an object");
        let fields = fields(object, &[]).expect("fields");
        let text = serde_json::to_string(&SortedFields(&fields)).expect("JSON");
        assert_eq!(
            text,
            r#"{"a":[1,1.5,-3,{"ü":null}],"b":true,"c":"x","d":{}}"#
        );
    }

    #[test]
    fn what_json_lacks_is_readable() {
        let moment = prost_types::Timestamp {
            seconds: 1,
            nanos: 5_000_000,
        };
        let place = LatLng {
            latitude: 1.0,
            longitude: 2.5,
        };
        let fields = HashMap::from([
            ("t".to_owned(), of(ValueType::TimestampValue(moment))),
            ("p".to_owned(), of(ValueType::GeoPointValue(place))),
            ("b".to_owned(), of(ValueType::BytesValue(vec![1, 2]))),
            ("n".to_owned(), of(ValueType::DoubleValue(f64::NAN))),
        ]);
        assert_eq!(
            serde_json::to_value(SortedFields(&fields)).expect("JSON"),
            json!({
                "b": "AQI=", "n": null, "p": { "latitude": 1.0, "longitude": 2.5 },
                "t": "1970-01-01T00:00:01.005Z",
            })
        );
    }

    proptest! {
        /// Whatever stands in a moment's place, the document can be read.
        #[test]
        fn every_moment_is_readable(seconds in any::<i64>(), nanos in any::<i32>()) {
            let moment = prost_types::Timestamp { seconds, nanos };
            let fields = HashMap::from([("t".to_owned(), of(ValueType::TimestampValue(moment)))]);
            prop_assert!(serde_json::to_string(&SortedFields(&fields)).is_ok());
        }
    }

    #[test]
    fn moments_up_to_the_last_of_firestore_keep_their_text() {
        let text = |seconds, nanos| text_of(&prost_types::Timestamp { seconds, nanos });
        let last = text(253_402_300_799, 999_999_999);
        assert_eq!(last.as_deref(), Some("9999-12-31T23:59:59.999999999Z"));
        let first = text(-62_135_596_800, 0);
        assert_eq!(first.as_deref(), Some("0001-01-01T00:00:00Z"));
        assert_eq!(text(i64::MAX, 0), None);
    }

    #[test]
    fn named_texts_become_moments() {
        let json = json!({ "at": "2026-01-01T00:00:00.5Z", "text": "2026-01-01T00:00:00Z" });
        let object = json.as_object().cloned().expect("an object");
        let made = fields(object.clone(), &["at"]).expect("fields");
        assert!(matches!(
            made["at"].value_type,
            Some(ValueType::TimestampValue(prost_types::Timestamp {
                seconds: 1_767_225_600,
                nanos: 500_000_000
            }))
        ));
        assert!(matches!(
            made["text"].value_type,
            Some(ValueType::StringValue(_))
        ));
        assert!(fields([("at".to_owned(), json!("soon"))], &["at"]).is_err());
    }
}
