//! Which file, variable or flag a setting came from, where advice names the setting.

use std::sync::OnceLock;

use crate::config::{Origin, Setting};

/// The settings that are not as they are built in, with what set them; known once they are read.
#[derive(Default)]
pub(super) struct SettingOrigins(OnceLock<Vec<(String, String)>>);

impl SettingOrigins {
    /// From now on these are told.
    pub(super) fn learn(&self, settings: &[Setting]) {
        let usual = Origin::Default.to_string();
        let set = settings.iter().filter(|setting| setting.origin != usual);
        let pairs = set.map(|setting| (setting.key.clone(), setting.origin.clone()));
        // A second command in the same process keeps the first one's.
        drop(self.0.set(pairs.collect()));
    }

    /// The text with the origin behind the first mention of each setting.
    pub(super) fn tell(&self, text: &str) -> String {
        self.tell_as(text, str::to_owned)
    }

    /// The same within a text of JSON.
    pub(super) fn tell_in_json(&self, text: &str) -> String {
        let escaped = |origin: &str| {
            let quoted = serde_json::Value::from(origin).to_string();
            quoted.trim_matches('"').to_owned()
        };
        self.tell_as(text, escaped)
    }

    fn tell_as(&self, text: &str, shown: impl Fn(&str) -> String) -> String {
        let mut out = text.to_owned();
        for (key, origin) in self.0.get().into_iter().flatten() {
            if out.contains(&format!("{key} (from ")) {
                continue;
            }
            let place = out.match_indices(key.as_str()).find(|(at, _)| {
                let part_of_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
                let (before, after) = (&out[..*at], &out[at + key.len()..]);
                !before.ends_with(|c: char| part_of_name(c) || c == '.')
                    && !after.starts_with(part_of_name)
            });
            if let Some((at, _)) = place {
                let origin = shown(origin);
                let end = at + key.len();
                // In parentheses already.
                let stands_alone = out[..at].ends_with('(') && out[end..].starts_with(')');
                let told = if stands_alone {
                    format!(", from {origin}")
                } else {
                    format!(" (from {origin})")
                };
                out.insert_str(end, &told);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_with_what_set_them() {
        let setting = |key: &str, origin: &str| Setting {
            key: key.to_owned(),
            value: String::new(),
            origin: origin.to_owned(),
            meaning: String::new(),
        };
        let origins = SettingOrigins::default();
        assert_eq!(origins.tell("check daily.base_url"), "check daily.base_url");
        origins.learn(&[
            setting("daily.base_url", "environment TOK_DAILY__BASE_URL"),
            setting("daily.api_key", "default"),
            setting("push.keep", "/etc/tok/tok.toml"),
        ]);
        for (text, expected) in [
            (
                "check daily.base_url, and daily.base_url again",
                "check daily.base_url (from environment TOK_DAILY__BASE_URL), and daily.base_url again",
            ),
            ("check daily.api_key", "check daily.api_key"),
            (
                "another one (push.keep)",
                "another one (push.keep, from /etc/tok/tok.toml)",
            ),
            (
                "check push.keep (from /etc/tok/tok.toml)",
                "check push.keep (from /etc/tok/tok.toml)",
            ),
            (
                "push.keeper, x.push.keep and push.keep",
                "push.keeper, x.push.keep and push.keep (from /etc/tok/tok.toml)",
            ),
        ] {
            assert_eq!(origins.tell(text), expected);
        }
        let odd = SettingOrigins::default();
        odd.learn(&[setting("daily.api_key", r#"/a"b/tok.toml"#)]);
        let line = odd.tell_in_json(r#"{"message":"check daily.api_key"}"#);
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(
            line["message"],
            r#"check daily.api_key (from /a"b/tok.toml)"#
        );
    }
}
