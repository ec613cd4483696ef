//! What is generated from the code is committed, and equal to what the code generates now.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::support::Binary;

fn files(dir: &Path) -> BTreeMap<String, String> {
    fs::read_dir(dir)
        .unwrap_or_else(|error| panic!("{}: {error}", dir.display()))
        .map(|entry| entry.expect("an entry").path())
        .map(|path| {
            let name = path
                .file_name()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            (name, fs::read_to_string(path).expect("text"))
        })
        .collect()
}

#[track_caller]
fn same(committed: &BTreeMap<String, String>, generated: &BTreeMap<String, String>, mend: &str) {
    let names = |of: &BTreeMap<String, String>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(committed), names(generated), "run: {mend}");
    for (name, text) in generated {
        assert!(committed[name] == *text, "{name} is stale; run: {mend}");
    }
}

#[test]
fn completions_are_current() {
    let binary = Binary::new();
    binary.run(&["completions", "--dir", "out"]).ok();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    same(
        &files(&root.join("completions")),
        &files(&binary.dir().join("out")),
        "tok completions --dir completions",
    );
    let printed = binary.run(&["completions", "bash"]).ok().stdout;
    assert_eq!(printed, files(&root.join("completions"))["tok.bash"]);
}

#[test]
fn manual_pages_are_current() {
    let binary = Binary::new();
    binary.run(&["man", "--dir", "out"]).ok();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    same(
        &files(&root.join("man")),
        &files(&binary.dir().join("out")),
        "tok man --dir man",
    );
    assert!(files(&root.join("man")).contains_key("tok-room-delete.1"));
}

#[test]
fn the_description_of_the_api_is_current() {
    let printed = Binary::new().run(&["openapi"]).ok().stdout;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/openapi.json");
    let committed = fs::read_to_string(path).expect("text");
    assert!(
        committed == printed,
        "docs/openapi.json is stale; run: tok openapi > docs/openapi.json"
    );
}

/// A parameter that is said to stand in the path must stand there.
#[test]
fn the_description_places_its_parameters_right() {
    let printed = Binary::new().run(&["openapi"]).ok().json();
    for (path, methods) in printed["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let parameters = operation["parameters"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            for parameter in parameters {
                let name = parameter["name"].as_str().expect("a name");
                let in_path = parameter["in"] == "path";
                assert_eq!(
                    in_path,
                    path.contains(&format!("{{{name}}}")),
                    "{method} {path}: {parameter}"
                );
            }
        }
    }
}

/// Generators of clients call functions by these ids.
#[test]
fn the_description_tells_its_operations_apart() {
    let printed = Binary::new().run(&["openapi"]).ok().json();
    let mut ids = BTreeMap::new();
    for (path, methods) in printed["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            let id = operation["operationId"].as_str().expect("an id");
            let place = format!("{method} {path}");
            let former = ids.insert(id.to_owned(), place.clone());
            assert_eq!(former, None, "{id} is also {place}");
        }
    }
    assert_eq!(ids["rooms_tokens_create"], "post /v1/rooms/{name}/tokens");
    assert_eq!(ids["rooms_prune"], "post /v1/rooms:prune");
}

/// An empty page of one kind is an empty page of another: of documents that stand elsewhere in the
/// description, an answer may be like more than one.
#[test]
fn the_description_does_not_insist_on_one_of_several_documents() {
    let printed = Binary::new().run(&["openapi"]).ok().json();
    let schemas = printed["components"]["schemas"].as_object();
    let schemas = schemas.expect("schemas");
    for (name, schema) in schemas {
        let Some(kinds) = schema["oneOf"].as_array() else {
            continue;
        };
        let elsewhere = kinds.iter().all(|kind| kind["$ref"].is_string());
        assert!(!elsewhere, "{name}");
    }
    let either = schemas["Participants"]["anyOf"].as_array();
    assert_eq!(either.map(Vec::len), Some(2));
}

/// Whoever reads the description knows what may be sent twice.
#[test]
fn the_description_says_what_takes_an_idempotency_key() {
    let printed = Binary::new().run(&["openapi"]).ok().json();
    let takes = |method: &str, path: &str| {
        let operation = &printed["paths"][path][method];
        let parameters = operation["parameters"].as_array();
        let mut names = parameters.into_iter().flatten().map(|of| &of["name"]);
        names.any(|name| name == "Idempotency-Key")
    };
    for path in ["/v1/rooms", "/v1/users", "/v1/calls/{id}/end"] {
        assert!(takes("post", path), "{path}");
    }
    assert!(!takes("get", "/v1/rooms"));
    assert!(!takes("post", "/v1/tokens:inspect"));
}

/// Types of the same name in different modules must not stand for each other.
#[test]
fn the_description_tells_its_types_apart() {
    let printed = Binary::new().run(&["openapi"]).ok().json();
    let schemas = printed["components"]["schemas"]
        .as_object()
        .expect("schemas");
    for vague in ["Input", "Output", "Plan"] {
        assert!(
            !schemas.contains_key(vague),
            "{vague} may be any of several types"
        );
    }
    for (path, field) in [
        ("/v1/rooms", "exist_ok"),
        ("/v1/rooms:prune", "older_than"),
        ("/v1/rooms/{name}/tokens", "ttl"),
        ("/v1/users", "photo_url"),
    ] {
        let body = &printed["paths"][path]["post"]["requestBody"]["content"]["application/json"];
        let name = body["schema"]["$ref"]
            .as_str()
            .expect("a reference")
            .rsplit('/')
            .next();
        let fields = &schemas[name.expect("a name")]["properties"];
        assert!(fields[field].is_object(), "{path} has no {field}: {fields}");
    }
}
