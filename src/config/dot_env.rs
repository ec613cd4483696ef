//! `.env` by the rules of Node's dotenv, which the original backends read it with: nothing in a value
//! stands for anything else, and what is no assignment is nobody's business.

/// What may enclose a value.
const QUOTES: [char; 3] = ['"', '\'', '`'];
/// White space within a line.
const BLANK: [char; 2] = [' ', '\t'];

/// `NAME=value`.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assignment {
    pub(super) name: String,
    pub(super) value: String,
    /// The line it begins in, counted from 1.
    pub(super) line: usize,
    /// Whether the value begins with a quote that encloses nothing; it is taken as it stands.
    pub(super) is_open: bool,
}

/// The assignments of a text, in their order.
pub(super) fn assignments(text: &str) -> Vec<Assignment> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut rest, mut line) = (text.as_str(), 1);
    let mut out = Vec::new();
    while !rest.is_empty() {
        let after = match assigned(rest) {
            Some((name, text)) => {
                let (value, is_open, after) = value(text);
                out.push(Assignment {
                    name: name.to_owned(),
                    value,
                    line,
                    is_open,
                });
                after
            }
            None => line_of(rest).1,
        };
        line += rest[..rest.len() - after.len()].matches('\n').count();
        rest = after;
    }
    out
}

/// Lines that name a variable and assign nothing to it, as other shells write it: the line and the name.
pub(super) fn strays(text: &str) -> Vec<(usize, String)> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let (mut rest, mut line) = (text.as_str(), 1);
    let mut out = Vec::new();
    while !rest.is_empty() {
        let after = if let Some((_, text)) = assigned(rest) {
            value(text).2
        } else {
            let (first, after) = line_of(rest);
            let mut words = first.split([' ', '\t', '=', ':']);
            let name = words.find(|word| !["", "set", "setx", "export", "$env"].contains(word));
            out.extend(name.map(|name| (line, name.to_owned())));
            after
        };
        line += rest[..rest.len() - after.len()].matches('\n').count();
        rest = after;
    }
    out
}

/// The name that the first line assigns to, and all that follows the sign behind it.
fn assigned(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(BLANK);
    let exported = text.strip_prefix("export");
    let exported = exported.filter(|rest| rest.starts_with(BLANK));
    let text = exported.map_or(text, |rest| rest.trim_start_matches(BLANK));
    let named = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    let end = text.find(|c| !named(c)).filter(|end| *end > 0)?;
    let (name, rest) = text.split_at(end);
    let equals = rest.trim_start_matches(BLANK).strip_prefix('=');
    let colon = || {
        rest.strip_prefix(':')
            .filter(|rest| rest.starts_with(BLANK))
    };
    Some((name, equals.or_else(colon)?))
}

/// The value at the start of a text, whether it has a quote that encloses nothing, and the lines behind
/// it.
fn value(text: &str) -> (String, bool, &str) {
    let inner = text.trim_start_matches(BLANK);
    if let Some((value, rest)) = quoted(inner).or_else(|| armoured(inner)) {
        return (value, false, rest);
    }
    let (line, rest) = line_of(text);
    let comment = line
        .match_indices('#')
        .find(|(at, _)| line[..*at].ends_with(BLANK));
    let value = comment.map_or(line, |(at, _)| &line[..at]).trim();
    (value.to_owned(), value.starts_with(QUOTES), rest)
}

/// What quotes enclose, over several lines if need be. Only in double ones a backslash means something.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    let (_, quote) = characters.next().filter(|(_, c)| QUOTES.contains(c))?;
    while let Some((at, c)) = characters.next() {
        match c {
            c if c == quote => {
                let (behind, rest) = line_of(&text[at + 1..]);
                let behind = behind.trim_start();
                let clean = behind.is_empty() || behind.starts_with('#');
                return clean.then_some((value, rest));
            }
            '\\' if quote == '"' => match characters.next()?.1 {
                'n' => value.push('\n'),
                'r' => value.push('\r'),
                escaped @ ('"' | '\\' | '$') => value.push(escaped),
                other => value.extend(['\\', other]),
            },
            c => value.push(c),
        }
    }
    None
}

/// A key with its first and last line, as its tool printed it.
fn armoured(text: &str) -> Option<(String, &str)> {
    let first = text.strip_prefix("-----BEGIN ")?;
    let last = text.len() - first.len() + first.find("\n-----END ")? + 1;
    let (end, rest) = line_of(&text[last..]);
    let value = text[..last + end.len()].trim_end();
    Some((value.to_owned(), rest))
}

/// The first line of a text, and those behind it.
fn line_of(text: &str) -> (&str, &str) {
    text.split_once('\n').unwrap_or((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Vec<(String, String)> {
        let all = assignments(text).into_iter();
        all.map(|one| (one.name, one.value)).collect()
    }

    #[track_caller]
    fn is_read(line: &str, value: &str) {
        assert_eq!(pairs(line), [("K".to_owned(), value.to_owned())], "{line}");
    }

    #[test]
    fn what_is_inside_a_value_stays_as_it_is() {
        for value in [
            "ab$defgh@jk",
            "12$HOME",
            "abc$",
            "pa$$word",
            "${X}",
            "12$ab34",
            "My Video App",
            r#"{"a": 1}"#,
            "it's",
            r"C:\path\new",
            "a=b==",
            "a#b",
        ] {
            is_read(&format!("K={value}"), value);
            is_read(&format!("  export\tK =\t{value}  \r\n"), value);
            is_read(&format!("K={value} # why"), value);
        }
        for (line, value) in [
            ("K=", ""),
            ("K=#fff", "#fff"),
            ("K= # nothing", ""),
            ("K: a b", "a b"),
            ("K=\" a $b \"  # why", " a $b "),
            ("K='a\\n\"$b'", "a\\n\"$b"),
            ("K=`it's \"so\"`", "it's \"so\""),
            (r#"K="a\nb\"c\\d\$e\tf""#, "a\nb\"c\\d$e\\tf"),
            ("K='one\ntwo'\n", "one\ntwo"),
            (
                "K=-----BEGIN A KEY-----\nMIIB=\nab+/\n-----END A KEY-----\n",
                "-----BEGIN A KEY-----\nMIIB=\nab+/\n-----END A KEY-----",
            ),
        ] {
            is_read(line, value);
        }
    }

    #[test]
    fn lines_of_no_meaning_stop_nothing() {
        let text = "FOO\n=x\n{\"a\": 1}\nmy-var=1\n# K=0\n\u{e9}=1\nQ='open\nK=2\nP=\"a\"b\nK=3";
        let all = assignments(text);
        let seen: Vec<_> = all
            .iter()
            .map(|one| (one.name.as_str(), one.line))
            .collect();
        assert_eq!(
            seen,
            [("my-var", 4), ("Q", 7), ("K", 8), ("P", 9), ("K", 10)]
        );
        let open: Vec<_> = all.iter().map(|one| one.is_open).collect();
        assert_eq!(open, [false, true, false, true, false]);
        assert_eq!(all[1].value, "'open");
    }

    #[test]
    fn lines_that_assign_nothing_are_found() {
        let text =
            "A='1\n2'\nset TOK_A=1\nTOK_B\n$env:TOK_C = 1\n# TOK_D\n\nexport TOK_E\nTOK_F=1\n";
        let found = strays(text);
        let named: Vec<_> = found
            .iter()
            .map(|(line, name)| (*line, name.as_str()))
            .collect();
        assert_eq!(
            named,
            [
                (3, "TOK_A"),
                (4, "TOK_B"),
                (5, "TOK_C"),
                (6, "#"),
                (8, "TOK_E")
            ]
        );
    }

    #[test]
    fn lines_are_counted_over_values_of_several() {
        let all = assignments("A='1\n2\n3'\n\nB=x\n");
        assert_eq!((all[0].line, all[1].line), (1, 5));
    }
}

#[cfg(test)]
mod hostile {
    use super::*;
    use crate::hostile::hostile;
    use crate::model::plain_text;

    fn lines(bytes: &[u8]) {
        let text = plain_text::decoded(bytes)
            .unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned());
        let most = text.matches('\n').count() + text.matches('\r').count() + 1;
        let kept: usize = assignments(&text)
            .into_iter()
            .map(
                |Assignment {
                     name, value, line, ..
                 }| {
                    let named = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
                    assert!(!name.is_empty() && name.bytes().all(named), "{name:?}");
                    assert!((1..=most).contains(&line), "line {line} of {most}");
                    name.len() + value.len()
                },
            )
            .sum();
        assert!(kept <= text.len(), "{kept} bytes of {}", text.len());
    }

    /// A file of lines is read, and no more is kept than came.
    #[test]
    fn dot_env_is_read() {
        hostile!("dot_env", lines);
    }
}
