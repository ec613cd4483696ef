//! Indexes over fields of documents: one for each field that a collection declares to be found, or to
//! expire, by.

use crate::records::{self, Declaration};

/// The text in a field, or nothing. Also of what is no JSON at all: a damaged document must not keep
/// the others from being found, or the file from being opened.
fn text_of(field: &str) -> String {
    format!(
        "CASE WHEN json_valid(json) AND json_type(json, '$.\"{field}\"') = 'text' THEN json_extract(json, '$.\"{field}\"') END"
    )
}

/// The query for documents of a collection whose field is so, with two parameters: the value, and how
/// many at most. Names are declared in the code or come from it; they are quoted all the same.
///
/// The index is named: SQLite, which has no statistics, would go over the collection instead.
pub(super) fn query(collection: &str, field: &str, is: &str) -> String {
    let declared = records::declared(collection);
    let index = declared.filter(|declared| fields(declared).any(|indexed| indexed == field));
    let index = index.map_or_else(String::new, |_| {
        format!("INDEXED BY \"by {collection} {field}\"")
    });
    let collection = collection.replace('\'', "''");
    let field = field.replace(['\'', '"'], "");
    format!(
        "SELECT id, version, json, written FROM documents {index}
         WHERE collection = '{collection}' AND {} {is} LIMIT ?2",
        text_of(&field)
    )
}

/// The fields of a collection that have an index.
fn fields(declared: &Declaration) -> impl Iterator<Item = &'static str> {
    let expiry = declared.expiry.map(|expiry| expiry.field);
    declared.lookups.iter().copied().chain(expiry)
}

/// The statements that make every index.
pub(super) fn create() -> String {
    let indexed = records::ALL
        .iter()
        .flat_map(|declared| fields(declared).map(|field| (declared.name, field)));
    let statements = indexed.map(|(name, field)| {
        format!(
            "CREATE INDEX IF NOT EXISTS \"by {name} {field}\" ON documents ({})
             WHERE collection = '{name}';\n",
            text_of(field)
        )
    });
    statements.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::StatementStatus;
    use sha2::{Digest, Sha256};

    /// A query that went over the documents would get slower with all that is kept.
    #[test]
    fn every_declared_field_is_found_by_its_index() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let path = dir.path().join("x.db");
        let connection = super::super::schema::open_writer(&path, 0).expect("opens");
        for declared in &records::ALL {
            for field in fields(declared) {
                for is in ["= ?1", "< ?1"] {
                    let query = query(declared.name, field, is);
                    let plan: String = connection
                        .query_row(&format!("EXPLAIN QUERY PLAN {query}"), ["x", "9"], |row| {
                            row.get(3)
                        })
                        .expect("a plan");
                    let index = format!("USING INDEX by {} {field} ", declared.name);
                    assert!(plan.contains(&index), "{query}: {plan}");
                }
            }
        }
    }

    /// How much SQLite does to find ten outcomes that are due beside so many that are not.
    fn steps_beside(kept: u32) -> i32 {
        let dir = tempfile::TempDir::new().expect("a directory");
        let path = dir.path().join("x.db");
        let connection = super::super::schema::open_writer(&path, 0).expect("opens");
        for n in 0..kept + 10 {
            let year = if n < kept { 2999 } else { 2020 };
            let json = format!(r#"{{"expires":"{year}-01-01T00:00:00Z"}}"#);
            connection
                .execute(
                    "INSERT INTO documents (collection, id, version, json) VALUES ('tok_outcomes', ?1, ?1, ?2)",
                    (n, json),
                )
                .expect("inserts");
        }
        let due = query("tok_outcomes", "expires", "< ?1");
        let mut due = connection.prepare(&due).expect("a query");
        let mut rows = due.query(("2026-01-01T00:00:00Z", 1000)).expect("runs");
        let mut found = 0;
        while rows.next().expect("a row").is_some() {
            found += 1;
        }
        assert_eq!(found, 10);
        drop(rows);
        due.get_status(StatementStatus::VmStep)
    }

    #[test]
    fn nothing_is_read_but_what_is_due() {
        assert_eq!(steps_beside(5000), steps_beside(1));
    }

    /// Stores are brought to the shape of a version once. Whoever declares another field raises the
    /// version of the schema with it.
    #[test]
    fn the_indexes_are_those_of_this_version_of_the_schema() {
        let digest = hex::encode(&Sha256::digest(create())[..8]);
        let expected = (5, "01e93952f514690e".to_owned());
        assert_eq!((super::super::schema::SCHEMA_VERSION, digest), expected);
    }
}
