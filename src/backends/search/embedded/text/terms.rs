//! What a stored text is found by.

use std::collections::{BTreeMap, BTreeSet};

use super::cut::{Piece, cut};

/// A term of a run is a letter and those after it, so many in all: any part of a run is found by the
/// terms that begin with it.
pub(super) const GRAM: usize = 3;
/// Longer runs are found by their parts only, not with a slip.
const LONGEST_RUN: usize = 16;
/// Words that are joined go on for so many words and letters at least, phone numbers in pairs too.
const JOINED_WORDS: usize = 3;
const JOINED_LETTERS: usize = 16;
/// Joined words are cut here.
pub(super) const LONGEST_JOINED: usize = 24;
/// Shorter ones are words: nobody has to look for what begins with them.
pub(super) const SHORTEST_JOINED: usize = 4;

/// The place of a term in its text; the higher, the more it stands out.
pub(in super::super) const WHOLE: u32 = 4;
pub(super) const FIRST: u32 = 3;
pub(in super::super) const SECOND: u32 = 2;
pub(super) const LATER: u32 = 1;

/// What one field of a record is found by.
#[derive(Debug, Default)]
pub(in super::super) struct Terms {
    /// Words, parts of words, parts of runs and signs, each with its place.
    pub(in super::super) words: BTreeMap<String, u32>,
    /// Neighbouring words without the room between them.
    pub(in super::super) joined: BTreeSet<String>,
}

impl Terms {
    /// Adds those of a text.
    pub(in super::super) fn add(&mut self, text: &str) {
        let pieces = cut(text).pieces;
        let is_sign = |piece: &&Piece| matches!(piece, Piece::Sign(_));
        let spoken = pieces.iter().filter(|piece| !is_sign(piece)).count();
        let mut number = 0;
        let mut run = Run::default();
        let mut words = Vec::new();
        for piece in &pieces {
            let place = place(number, spoken);
            match piece {
                Piece::Sign(c) => {
                    self.word(&c.to_string(), LATER);
                    continue;
                }
                Piece::Word { text, joints } => {
                    self.run(&std::mem::take(&mut run));
                    self.parted(text, joints, place, &mut words);
                }
                Piece::Run { text, letters } => {
                    self.joined(&std::mem::take(&mut words));
                    if letters.len() <= LONGEST_RUN {
                        self.word(text, place);
                    }
                    run.extend(text, letters, place);
                }
            }
            number += 1;
        }
        self.run(&run);
        self.joined(&words);
    }

    fn word(&mut self, text: &str, place: u32) {
        match self.words.get_mut(text) {
            Some(before) => *before = place.max(*before),
            None => drop(self.words.insert(text.to_owned(), place)),
        }
    }

    /// A word and its parts.
    fn parted(&mut self, text: &str, joints: &[usize], place: u32, parts: &mut Vec<Joinable>) {
        self.word(text, place);
        let ends = joints.iter().copied().chain([text.len()]);
        let mut start = 0;
        for end in ends {
            let part = &text[start..end];
            let place = match start {
                0 => place.min(FIRST),
                _ => LATER,
            };
            if !joints.is_empty() {
                self.word(part, place);
            }
            parts.push(Joinable {
                text: part.to_owned(),
                place,
                begins: start == 0,
            });
            start = end;
        }
    }

    /// Runs beside each other, as if there were no room between them.
    fn run(&mut self, run: &Run) {
        for (start, (_, place)) in run.letters.iter().enumerate() {
            let end = run.letters.len().min(start + GRAM);
            let gram: String = run.letters[start..end]
                .iter()
                .map(|(letter, _)| letter.as_str())
                .collect();
            self.word(&gram, *place);
        }
    }

    fn joined(&mut self, parts: &[Joinable]) {
        for (start, first) in parts.iter().enumerate() {
            let mut joined = first.text.clone();
            let mut letters = joined.chars().count();
            let mut beyond = false;
            for (words, part) in (1..).zip(&parts[start + 1..]) {
                if words >= JOINED_WORDS && letters >= JOINED_LETTERS {
                    break;
                }
                joined.push_str(&part.text);
                letters += part.text.chars().count();
                beyond |= part.begins || !first.begins;
                if beyond && letters <= SHORTEST_JOINED {
                    self.word(&joined, first.place.min(FIRST));
                }
            }
            if beyond && letters >= SHORTEST_JOINED {
                self.joined
                    .insert(joined.chars().take(LONGEST_JOINED).collect());
            }
        }
    }
}

/// A word or a part of one.
struct Joinable {
    text: String,
    place: u32,
    /// It is the first part of its word, or all of it.
    begins: bool,
}

/// Letters, each with the place of what begins there.
#[derive(Default)]
struct Run {
    letters: Vec<(String, u32)>,
}

impl Run {
    fn extend(&mut self, text: &str, letters: &[usize], place: u32) {
        let ends = letters.iter().skip(1).copied().chain([text.len()]);
        for (start, end) in letters.iter().zip(ends) {
            let place = match start {
                0 => place.min(FIRST),
                _ => LATER,
            };
            self.letters.push((text[*start..end].to_owned(), place));
        }
    }
}

fn place(number: usize, of: usize) -> u32 {
    match number {
        0 if of == 1 => WHOLE,
        0 => FIRST,
        1 => SECOND,
        _ => LATER,
    }
}
