//! What an answer that should be a file says of itself beside the bytes.

use reqwest::Version;
use reqwest::header::{
    CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderValue, TRANSFER_ENCODING,
};

/// The longest name of a type that is told to people.
const LONGEST: usize = 60;

/// What it means that no more bytes come, where nobody tells how long the file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileEnd {
    /// The file is whole.
    Whole,
    /// The part is over; the file may go on behind it.
    Part,
    /// Nothing: a connection that broke looks the same.
    Unclear,
}

impl FileEnd {
    /// The end of an answer that was read without an error.
    pub(super) fn of(version: Version, headers: &HeaderMap) -> Self {
        if headers.contains_key(CONTENT_RANGE) {
            return Self::Part;
        }
        // These say themselves when a body is over, and reading one fails where that does not come; but
        // for a stream of HTTP/2 that is reset without an error, which the library takes for an end.
        let tells = match headers.get_all(TRANSFER_ENCODING).iter().next_back() {
            _ if version >= Version::HTTP_2 => true,
            Some(last) => is_chunked(last),
            None => headers.contains_key(CONTENT_LENGTH),
        };
        if tells { Self::Whole } else { Self::Unclear }
    }
}

/// What comes in chunks does so last, whatever was done to it before.
fn is_chunked(encodings: &HeaderValue) -> bool {
    let last = encodings
        .to_str()
        .ok()
        .and_then(|all| all.rsplit(',').next());
    last.is_some_and(|last| last.trim().eq_ignore_ascii_case("chunked"))
}

/// What a host says that it sends, if that is for people or programs to read: a page that asks to sign
/// in, or an error, and no sound or picture.
pub(super) fn readable(headers: &HeaderMap) -> Option<String> {
    headers.get_all(CONTENT_TYPE).iter().find_map(|value| {
        let media = value.to_str().ok()?.split(';').next()?.trim();
        let media = media.to_ascii_lowercase();
        is_readable(&media).then(|| media.chars().take(LONGEST).collect())
    })
}

fn is_readable(media: &str) -> bool {
    let suffixed = ["+json", "+xml"].iter().any(|end| media.ends_with(end));
    suffixed
        || media.starts_with("text/")
        || matches!(media, "application/json" | "application/xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for &(name, value) in all {
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn the_end_of_a_file_is_told_from_a_connection_that_broke() {
        use Version as V;
        for (version, all, end) in [
            (V::HTTP_11, &[("connection", "close")][..], FileEnd::Unclear),
            (V::HTTP_11, &[], FileEnd::Unclear),
            (V::HTTP_10, &[], FileEnd::Unclear),
            (V::HTTP_2, &[], FileEnd::Whole),
            (V::HTTP_11, &[("content-length", "7, 7")], FileEnd::Whole),
            (
                V::HTTP_11,
                &[("transfer-encoding", "Chunked")],
                FileEnd::Whole,
            ),
            (
                V::HTTP_11,
                &[("transfer-encoding", "gzip, chunked")],
                FileEnd::Whole,
            ),
            (
                V::HTTP_11,
                &[("transfer-encoding", "gzip"), ("content-length", "7, 7")],
                FileEnd::Unclear,
            ),
            (
                V::HTTP_11,
                &[
                    ("transfer-encoding", "chunked"),
                    ("transfer-encoding", "gzip"),
                ],
                FileEnd::Unclear,
            ),
            (
                V::HTTP_2,
                &[("content-range", "bytes 0-6/*")],
                FileEnd::Part,
            ),
        ] {
            assert_eq!(
                FileEnd::of(version, &headers(all)),
                end,
                "{version:?} {all:?}"
            );
        }
    }

    #[test]
    fn what_is_to_be_read_is_no_recording() {
        for (media, told) in [
            ("text/html; charset=utf-8", Some("text/html")),
            (" Text/Plain", Some("text/plain")),
            ("application/JSON", Some("application/json")),
            ("application/problem+json", Some("application/problem+json")),
            ("application/xml;a=b", Some("application/xml")),
            ("application/xhtml+xml", Some("application/xhtml+xml")),
            ("video/mp4", None),
            ("audio/mp4; codecs=\"text/html\"", None),
            ("application/octet-stream", None),
            ("application/zip", None),
            ("binary/octet-stream", None),
            ("", None),
        ] {
            let found = readable(&headers(&[("content-type", media)]));
            assert_eq!(found.as_deref(), told, "{media}");
        }
        assert_eq!(readable(&headers(&[])), None);
        let twice = [("content-type", "video/mp4"), ("content-type", "text/html")];
        assert_eq!(readable(&headers(&twice)).as_deref(), Some("text/html"));
    }
}
