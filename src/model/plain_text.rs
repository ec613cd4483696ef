//! Text as it was meant, wherever it comes from: no mark at its start, no white space around it.

/// What some editors and shells put before a text.
const MARK: char = '\u{feff}';

/// The text in these bytes without the mark before it; `None` for what is no text. What Windows'
/// shells write is UTF-16 and says so by its mark.
pub fn decoded(bytes: &[u8]) -> Option<String> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| odd.is_empty())
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        bytes => {
            let text = std::str::from_utf8(bytes).ok()?;
            Some(text.strip_prefix(MARK).unwrap_or(text).to_owned())
        }
    }
}

/// The text without the mark before it and the white space around it.
pub fn bare(text: &str) -> &str {
    text.trim_matches(|c: char| c == MARK || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_and_the_space_around_a_text_mean_nothing() {
        for text in [
            "key",
            " key\t",
            "key\r\n",
            "\u{feff}key",
            "\u{feff} \n key \n",
        ] {
            assert_eq!(bare(text), "key", "{text:?}");
        }
        assert_eq!(bare(" a key "), "a key");
        assert_eq!(decoded("\u{feff}käse".as_bytes()).as_deref(), Some("käse"));
        let wide: Vec<u8> = "\u{feff}käse"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert_eq!(decoded(&wide).as_deref(), Some("käse"));
        let wide: Vec<u8> = "\u{feff}käse"
            .encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect();
        assert_eq!(decoded(&wide).as_deref(), Some("käse"));
        assert_eq!(decoded(&wide[..3]), None);
        assert_eq!(decoded(b"k\xe4se"), None);
    }
}
