//! What somebody typed, as what has to be found.

use super::cut::{Cut, Piece, cut};
use super::terms::{GRAM, LONGEST_JOINED, SHORTEST_JOINED};

/// The most words of a query that count.
const MOST_WORDS: usize = 10;
/// The most parts by which a run is looked for.
const MOST_GRAMS: usize = 24;
/// The most signs of a query that count.
const MOST_SIGNS: usize = 4;

/// What a query asks for.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Wanted {
    /// Everything: a reader sees nothing of the text.
    All,
    /// What has every part; what has the signs as well stands before what is found as well.
    Parts {
        parts: Vec<WantedPart>,
        signs: Vec<char>,
    },
}

/// One word, in any of the ways in which it may have been written.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) struct WantedPart {
    pub(in super::super) spellings: Vec<Spelling>,
}

/// One way to find a part.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Spelling {
    /// A word or, if it is unfinished, what begins so; with so many slips.
    Word {
        text: String,
        unfinished: bool,
        slips: u8,
    },
    /// Joined words that begin so.
    Joined(String),
    /// All parts of a run.
    Run(Vec<String>),
}

/// Reads a query.
pub(in super::super) fn wanted(text: &str) -> Wanted {
    let Cut {
        pieces,
        blank,
        open,
    } = cut(text);
    if blank {
        return Wanted::All;
    }
    let mut signs = Vec::new();
    let mut spoken = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Sign(c) if signs.contains(&c) || signs.len() == MOST_SIGNS => {}
            Piece::Sign(c) => signs.push(c),
            other => spoken.push(other),
        }
    }
    if spoken.is_empty() {
        let parts = signs.iter().map(|sign| WantedPart {
            spellings: vec![word(&sign.to_string(), false, 0)],
        });
        return Wanted::Parts {
            parts: parts.collect(),
            signs: Vec::new(),
        };
    }
    // What is cut off here is not the end of what was typed.
    let open = open && spoken.len() <= MOST_WORDS;
    spoken.truncate(MOST_WORDS);
    let parts = (0..spoken.len()).map(|number| WantedPart {
        spellings: spellings(&spoken, number, open),
    });
    Wanted::Parts {
        parts: parts.collect(),
        signs,
    }
}

fn spellings(spoken: &[Piece], number: usize, open: bool) -> Vec<Spelling> {
    let last = spoken.len() - 1;
    match &spoken[number] {
        Piece::Word { text, .. } => {
            let mut spellings = vec![word(
                text,
                open && number == last,
                slips(text.chars().count()),
            )];
            spellings.extend(joined(text));
            for (first, after) in neighbours(spoken, number) {
                // `ada l` is on its way to somebody else than Adaline.
                let begun = open && after == spoken.len();
                if begun && is_one_letter(&spoken[last]) {
                    continue;
                }
                let text: String = spoken[first..after].iter().map(written).collect();
                spellings.extend(joined(&text));
                spellings.push(word(&text, begun, 0));
            }
            spellings
        }
        Piece::Run { text, letters } if letters.len() <= GRAM => vec![word(text, true, 0)],
        Piece::Run { text, letters } => {
            vec![
                Spelling::Run(grams(text, letters)),
                word(text, true, slips(letters.len().saturating_sub(1))),
            ]
        }
        Piece::Sign(_) => Vec::new(),
    }
}

/// The neighbours with which a word may be written as one: one or two, and all of a number.
fn neighbours(spoken: &[Piece], number: usize) -> Vec<(usize, usize)> {
    let joinable = |of: &Piece| matches!(of, Piece::Word { .. });
    let numeric = |of: &Piece| joinable(of) && written(of).bytes().all(|b| b.is_ascii_digit());
    let reach = |joins: &dyn Fn(&Piece) -> bool| {
        let before = spoken[..number].iter().rev().take_while(|of| joins(of));
        let after = spoken[number..].iter().take_while(|of| joins(of));
        (number - before.count(), number + after.count())
    };
    let (from, to) = reach(&joinable);
    let mut found = Vec::new();
    for length in [2, 3] {
        let first = (number + 1).saturating_sub(length).max(from);
        let starts = (first..=number).filter(|start| start + length <= to);
        found.extend(starts.map(|start| (start, start + length)));
    }
    if numeric(&spoken[number]) {
        let all = reach(&numeric);
        if all.1 - all.0 > 3 {
            found.push(all);
        }
    }
    found
}

fn written(piece: &Piece) -> &str {
    match piece {
        Piece::Word { text, .. } | Piece::Run { text, .. } => text,
        Piece::Sign(_) => "",
    }
}

fn is_one_letter(piece: &Piece) -> bool {
    let mut letters = written(piece).chars();
    letters.next().is_some_and(char::is_alphabetic) && letters.next().is_none()
}

fn word(text: &str, unfinished: bool, slips: u8) -> Spelling {
    Spelling::Word {
        text: text.to_owned(),
        unfinished,
        slips,
    }
}

fn joined(text: &str) -> Option<Spelling> {
    let long = text.chars().nth(SHORTEST_JOINED - 1).is_some();
    long.then(|| Spelling::Joined(text.chars().take(LONGEST_JOINED).collect()))
}

/// How many slips are forgiven in a word of so many letters.
fn slips(letters: usize) -> u8 {
    match letters {
        0..4 => 0,
        4..8 => 1,
        _ => 2,
    }
}

/// The parts of a run, each as long as a term, that together cover it.
fn grams(text: &str, letters: &[usize]) -> Vec<String> {
    let last = letters.len() - GRAM;
    let step = last.div_ceil(MOST_GRAMS).max(1);
    let starts = (0..last).step_by(step).chain([last]);
    let gram = |start: usize| {
        let end = letters.get(start + GRAM).copied().unwrap_or(text.len());
        text[letters[start]..end].to_owned()
    };
    starts.map(gram).collect()
}
