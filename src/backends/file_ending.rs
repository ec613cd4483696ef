//! What kind of file it is that somebody sends, as the ending of a name.

use reqwest::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap};
use url::Url;

/// The longest ending that is taken for one.
const LONGEST: usize = 5;

/// The ending by the name that the host gives the file, by the link, or by what the host says it is; in
/// this order.
pub(super) fn told(headers: &HeaderMap, link: &str) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let named = text(CONTENT_DISPOSITION).and_then(of_disposition);
    named
        .or_else(|| of_link(link))
        .or_else(|| text(CONTENT_TYPE).and_then(of_type).map(str::to_owned))
}

/// The ending of the file that a link leads to.
pub fn of_link(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    of_name(url.path_segments()?.next_back()?)
}

/// The ending of a name, if it is one: whatever else stands in a name of somebody else's goes nowhere.
fn of_name(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next()?;
    let (stem, ending) = name.trim().rsplit_once('.')?;
    let plain = ending.len() <= LONGEST && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let says = ending.bytes().any(|byte| byte.is_ascii_alphabetic());
    (!stem.is_empty() && plain && says).then(|| ending.to_ascii_lowercase())
}

/// `attachment; filename="talk.m4a"`; what is told in the extended form counts more (RFC 6266).
fn of_disposition(text: &str) -> Option<String> {
    let parameter = |wanted: &str| {
        let found = text.split(';').skip(1).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim().eq_ignore_ascii_case(wanted).then_some(value)
        });
        found.map(|value| value.trim().trim_matches('"'))
    };
    let extended = parameter("filename*").and_then(|value| value.rsplit('\'').next());
    let named = extended.and_then(of_name);
    named.or_else(|| parameter("filename").and_then(of_name))
}

fn of_type(text: &str) -> Option<&'static str> {
    let media = text.split(';').next()?.trim().to_ascii_lowercase();
    Some(match media.as_str() {
        "video/mp4" => "mp4",
        "audio/mp4" | "audio/m4a" | "audio/x-m4a" => "m4a",
        "audio/mpeg" => "mp3",
        "audio/aac" => "aac",
        "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
        "audio/ogg" | "video/ogg" | "application/ogg" => "ogg",
        "audio/webm" | "video/webm" => "webm",
        "video/quicktime" => "mov",
        "video/x-matroska" => "mkv",
        "application/zip" | "application/x-zip-compressed" => "zip",
        "application/gzip" | "application/x-gzip" => "gz",
        "application/x-tar" => "tar",
        "application/json" => "json",
        "text/plain" => "txt",
        "text/vtt" => "vtt",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(named: &str, media: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [(CONTENT_DISPOSITION, named), (CONTENT_TYPE, media)] {
            if !value.is_empty() {
                headers.insert(name, value.parse().expect("a value"));
            }
        }
        headers
    }

    #[test]
    fn the_name_counts_more_than_the_link_and_the_link_more_than_the_type() {
        for (named, link, media, ending) in [
            (
                "attachment; filename=\"talk.M4A\"",
                "https://h/a.mp4",
                "video/mp4",
                Some("m4a"),
            ),
            (
                "attachment; filename=x.bin1; filename*=UTF-8''t%C3%A4.zip",
                "https://h/a",
                "",
                Some("zip"),
            ),
            (
                "attachment; filename=\"../../etc/cron.d/x\"",
                "https://h/a.webm?b=c.exe",
                "",
                Some("webm"),
            ),
            (
                "attachment; filename=\"..\\..\\a.zip\"",
                "https://h/a",
                "",
                Some("zip"),
            ),
            (
                "inline",
                "https://h/x/archive.zip?sig=1",
                "video/mp4",
                Some("zip"),
            ),
            (
                "",
                "https://h.example/1548268093000",
                "audio/mp4; codecs=x",
                Some("m4a"),
            ),
            ("", "https://h/v1.2/file", "application/zip", Some("zip")),
            ("", "https://h/2026.11.28", "application/octet-stream", None),
            ("", "https://h/.mp4", "", None),
            ("", "https://h/a.longest", "", None),
            ("", "https://h/a.m%2Fp", "", None),
        ] {
            let found = told(&headers(named, media), link);
            assert_eq!(found.as_deref(), ending, "{named} {link} {media}");
        }
    }
}
