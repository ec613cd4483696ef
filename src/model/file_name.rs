//! Names of files as they may be shown.
//!
//! People put the content of a file where its name belongs: `GOOGLE_APPLICATION_CREDENTIALS="$(cat
//! key.json)"`. What may be a secret is described, never shown.

use std::path::Path;

/// The longest name of one file, as file systems have it.
const LONGEST_PART: usize = 255;
/// The longest ending that is taken for one, as in `key.json`.
const LONGEST_ENDING: usize = 5;
/// The longest plain name that is shown although there is no such file.
const LONGEST_SHOWN: usize = 48;

/// How `name` may be shown; `at` is where it leads.
pub fn shown(name: &Path, at: &Path) -> String {
    let text = name.to_string_lossy();
    if !is_content(&text) && (at.exists() || is_plainly_a_name(name)) {
        return at.display().to_string();
    }
    format!("(a text of {} characters)", text.chars().count())
}

/// What is wrong with a name that leads nowhere, and what to do.
pub fn advice(name: &Path) -> &'static str {
    if is_content(&name.to_string_lossy()) {
        "this is the content, where the name of a file belongs; put it into a file and name that"
    } else {
        "name a file that can be read; if this is the content itself, put it into a file and name that"
    }
}

/// What no file can be called.
fn is_content(text: &str) -> bool {
    let text = text.trim();
    let opens = text.starts_with(['{', '[', '<', '"']) || text.starts_with("-----");
    let long = text.split('/').any(|part| part.len() > LONGEST_PART);
    opens || long || text.contains(char::is_control)
}

/// Whether this can hardly be anything but a name: it lies in a directory that there is, or ends
/// as files do.
fn is_plainly_a_name(name: &Path) -> bool {
    let parent = name.parent().filter(|parent| {
        !parent.as_os_str().is_empty() && parent.parent().is_some() && parent.is_dir()
    });
    let ending = name.extension().map(|ending| ending.to_string_lossy());
    let ending = ending.is_some_and(|ending| {
        ending.len() <= LONGEST_ENDING && ending.bytes().all(|byte| byte.is_ascii_lowercase())
    });
    parent.is_some() || (ending && name.as_os_str().len() <= LONGEST_SHOWN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_are_shown() {
        let show = |text: &str| shown(Path::new(text), Path::new(text));
        for name in ["daily.key", "secrets/key.json", "/etc/nothing", "./a.pem"] {
            assert_eq!(show(name), name);
        }
        for secret in [
            "{\"type\":\"service_account\",\"private_key\":\"x\"}",
            "  {\"a\": 1}.json",
            "-----BEGIN PRIVATE KEY-----",
            "one\ntwo.txt",
            "0123456789abcdef0123456789abcdef",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "/kJ8fjQ2aa",
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1rwW1gFWFOEjXk",
            &"x".repeat(5000),
        ] {
            let shown = show(secret);
            assert!(shown.starts_with("(a text of"), "{shown}");
        }
    }
}
