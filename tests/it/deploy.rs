//! The example configurations are ones.

use std::fs;
use std::path::Path;

use serde_json::json;

use crate::support::Binary;
use crate::support::opentok::KEYS;

#[test]
fn every_example_configuration_is_accepted() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy");
    let mut checked = 0;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|kind| kind != "toml") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("text");
        let binary = Binary::new();
        fs::write(binary.dir().join("tok.toml"), &text).expect("written");
        // The secrets that it names.
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, file)) = line.split_once(" = ")
                && name.ends_with("_file")
            {
                let file = binary.dir().join(file.trim_matches('"'));
                // Base64 as well, for those who want that.
                let secret = match name {
                    "credentials_file" => json!({
                        "type": "service_account", "project_id": "example", "private_key_id": "1",
                        "private_key": KEYS.0, "client_email": "tok@example.iam.gserviceaccount.com",
                        "token_uri": "https://oauth2.googleapis.com/token",
                    })
                    .to_string(),
                    "url_file" => "redis://127.0.0.1:6379\n".to_owned(),
                    _ => "c2VjcmV0\n".to_owned(),
                };
                fs::write(file, secret).expect("written");
            }
        }
        let run = binary.run(&["config", "check"]);
        assert_eq!(run.code, Some(0), "{}: {run:#?}", path.display());
        checked += 1;
    }
    assert!(checked >= 5, "{checked}");
}
