//! What errors say, read off the sources: a message is for whoever asked, over whichever door, and names no
//! command. An advice, a finding and a hint may, since an operator reads them.

use crate::layers::{code, root, sources};

/// What the text of a message stands behind.
const STARTS: [&str; 12] = [
    "Error::new(",
    "Error::internal(",
    "Error::invalid(",
    "Error::not_found(",
    "Error::conflict(",
    "Error::unavailable(",
    "Error::bad_gateway(",
    "Error::unsupported(",
    "Error::config(",
    ".saying(",
    "let message = ",
    "let what = ",
];

/// What is below the doors.
const BELOW: [&str; 9] = [
    "error.rs", "model", "records", "backends", "meeting", "commands", "client", "context",
    "config",
];

/// The texts in quotes from here to where the call, or the statement, ends.
fn texts(code: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut depth, mut chars) = (0_i32, code.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                let mut text = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    text.push(c);
                    if c == '\\' {
                        text.extend(chars.next());
                    }
                }
                out.push(text);
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ';' if depth <= 0 => return out,
            _ => {}
        }
        if depth < 0 {
            return out;
        }
    }
    out
}

/// The command that a text names, if it does.
fn named(text: &str, nouns: &[String]) -> Option<String> {
    let goes_on = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let found = nouns.iter().map(|noun| format!("tok {noun}"));
    let mut found = found.filter(|command| {
        text.match_indices(command.as_str()).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + command.len()..]);
            !before.ends_with(goes_on) && !after.starts_with(goes_on)
        })
    });
    found.next()
}

/// The commands that messages in this code name.
fn breaches(code: &str, nouns: &[String]) -> Vec<String> {
    let starts = STARTS.iter().flat_map(|start| {
        let found = code.match_indices(start);
        found.map(|(at, start)| at + start.len())
    });
    // A message to somebody's device is another thing.
    let is_text = |rest: &str| !rest.starts_with("PushMessage");
    let rests = starts.map(|at| code[at..].trim_start());
    let all = rests.filter(|rest| is_text(rest)).flat_map(texts);
    all.filter_map(|text| Some(format!("{} in {text:?}", named(&text, nouns)?)))
        .collect()
}

fn nouns() -> Vec<String> {
    let tree = tok::cli::tree();
    let nouns = tree.get_subcommands().map(|of| of.get_name().to_owned());
    nouns.collect()
}

#[test]
fn no_message_names_a_command() {
    let nouns = nouns();
    assert!(nouns.len() > 20, "{nouns:?}");
    let (mut found, mut seen) = (Vec::new(), 0);
    for place in BELOW.map(|below| root().join(below)) {
        let files = if place.is_dir() {
            sources(&place)
        } else {
            vec![place]
        };
        for path in files {
            let code = code(&path);
            seen += STARTS
                .map(|start| code.matches(start).count())
                .iter()
                .sum::<usize>();
            let told = breaches(&code, &nouns).into_iter();
            found.extend(told.map(|what| format!("{}: {what}", path.display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
    assert!(seen > 500, "{seen} messages are too few to be true");
}

/// A look that finds nothing anywhere proves nothing.
#[test]
fn a_message_that_names_a_command_is_found() {
    let nouns = nouns();
    for wrong in [
        r#"Err(Error::new(Kind::Guard, format!("too much; run tok search reindex {index} ({})", 1)))"#,
        r#"Error::internal("it is damaged; see `tok store check`").because(error)"#,
        r#"error.saying("start tok work")"#,
        r#"let message = "a \"word\"; see tok doctor"; Error::new(kind, message)"#,
    ] {
        assert_eq!(breaches(wrong, &nouns).len(), 1, "{wrong}");
    }
    for fine in [
        r#"Error::internal("it is damaged").advise("see `tok store check`")"#,
        r#"let what = format!("{index} is not there"); let advice = "tok search reindex";"#,
        r#"Error::conflict("this is not the API of tok")"#,
        r#"Error::conflict("tok works-elsewhere")"#,
        r#"Finding::bad(CHECK, Health::Fail, text, "see tok store check")"#,
        r#"let message = PushMessage { title: "tok doctor" };"#,
    ] {
        assert_eq!(breaches(fine, &nouns), [""; 0], "{fine}");
    }
}
