//! Finding in one part of the index: for each part of the query how well each record has it.
//!
//! A byte for each record says how well it has the part that is looked at, two how well it has all
//! parts so far. That is little beside the index itself, and the same for whatever is searched.

use std::io;
use std::sync::Arc;

use tantivy::index::{InvertedIndexReader, SegmentReader};
use tantivy::postings::TermInfo;
use tantivy::query::FuzzyTermQuery;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Term};

use super::schema::{IndexFields, MOST_FIELDS, RANK};
use super::text::{SECOND, Spelling, WHOLE, Wanted, WantedPart};

/// How well a word was met, before the place and the field count.
const EXACTLY: u8 = 200;
const BEGINNING: u8 = 150;
const JOINED: u8 = 130;
const ONE_SLIP: u8 = 60;
const TWO_SLIPS: u8 = 20;
/// What each step of a place is worth: more than all fields.
const STEP: u8 = 6;
/// What no slip is worth: more than everything else in a query of many words.
const NO_SLIP: u16 = 1000;
/// What signs are worth beside words: less than a place.
const SIGN: u16 = 1;

/// Tells everything in a segment that is wanted: the document, how well it was met, and its rank.
pub(super) fn find(
    fields: &IndexFields,
    segment: &SegmentReader,
    wanted: &Wanted,
    mut found: impl FnMut(DocId, u16, &dyn Fn() -> u64),
) -> tantivy::Result<()> {
    let ranks = segment.fast_fields().u64(RANK).ok();
    let alive = segment.alive_bitset();
    let mut tell = |doc: DocId, score: u16| {
        if alive.is_none_or(|alive| alive.is_alive(doc)) {
            let rank = || ranks.as_ref().and_then(|ranks| ranks.first(doc));
            found(doc, score, &|| rank().unwrap_or(0));
        }
    };
    let (parts, signs) = match wanted {
        Wanted::All => {
            (0..segment.max_doc()).for_each(|doc| tell(doc, 0));
            return Ok(());
        }
        Wanted::Parts { parts, signs } => (parts, signs),
    };
    let finder = Finder::new(fields, segment)?;
    let scores = finder.scores(parts, signs)?;
    for (doc, score) in (0..).zip(scores) {
        if score > 0 {
            tell(doc, score);
        }
    }
    Ok(())
}

struct Finder {
    texts: Vec<(Field, Arc<InvertedIndexReader>)>,
    joined: Option<Arc<InvertedIndexReader>>,
    documents: usize,
}

/// How a term of a query is looked for.
#[derive(Clone, Copy)]
struct Manner<'a> {
    text: &'a str,
    unfinished: bool,
    slips: u8,
    /// The highest place that counts.
    place: u32,
}

impl Finder {
    fn new(fields: &IndexFields, segment: &SegmentReader) -> tantivy::Result<Self> {
        let open = |field: &Field| Ok((*field, segment.inverted_index(*field)?));
        let joined = fields.joined.map(|field| segment.inverted_index(field));
        Ok(Self {
            texts: fields
                .texts
                .iter()
                .map(open)
                .collect::<tantivy::Result<_>>()?,
            joined: joined.transpose()?,
            documents: segment.max_doc() as usize,
        })
    }

    /// For each document the sum over all parts; zero if it lacks one.
    fn scores(&self, parts: &[WantedPart], signs: &[char]) -> tantivy::Result<Vec<u16>> {
        let mut scores = vec![0; self.documents];
        let mut marks = vec![0; self.documents];
        for (number, part) in parts.iter().enumerate() {
            marks.fill(0);
            // Words in the order of the query: what begins with its first word.
            let place = if number == 0 { WHOLE } else { SECOND };
            self.part(part, place, &mut marks)?;
            for (score, mark) in scores.iter_mut().zip(&marks) {
                let had = number == 0 || *score > 0;
                *score = if had && *mark > 0 {
                    *score + weight(*mark)
                } else {
                    0
                };
            }
        }
        for sign in signs {
            marks.fill(0);
            let sign = sign.to_string();
            self.word(Manner::plainly(&sign), &mut marks)?;
            for (score, mark) in scores.iter_mut().zip(&marks) {
                *score += SIGN * u16::from(*score > 0 && *mark > 0);
            }
        }
        Ok(scores)
    }

    fn part(&self, part: &WantedPart, place: u32, marks: &mut [u8]) -> tantivy::Result<()> {
        for spelling in &part.spellings {
            match spelling {
                Spelling::Word {
                    text,
                    unfinished,
                    slips,
                } => {
                    let manner = Manner {
                        text,
                        unfinished: *unfinished,
                        slips: *slips,
                        place,
                    };
                    self.word(manner, marks)?;
                }
                Spelling::Joined(text) => self.joined(text, marks)?,
                Spelling::Run(grams) => self.run(grams, place, marks)?,
            }
        }
        Ok(())
    }

    fn word(&self, manner: Manner, marks: &mut [u8]) -> tantivy::Result<()> {
        for (number, (field, terms)) in self.texts.iter().enumerate() {
            let less = u8::try_from(MOST_FIELDS - 1 - number).unwrap_or(0);
            let mut note = |term: &[u8], info: &TermInfo| {
                let met = manner.meets(term);
                postings(terms, info, |doc, often| {
                    let place = u8::try_from(often.min(manner.place)).unwrap_or(0);
                    let mark = &mut marks[doc as usize];
                    *mark = (met + place * STEP + less).max(*mark);
                })
            };
            if manner.slips > 0 {
                let term = Term::from_field_text(*field, manner.text);
                let slips = manner.slips;
                let query = if manner.unfinished {
                    FuzzyTermQuery::new_prefix(term, slips, true)
                } else {
                    FuzzyTermQuery::new(term, slips, true)
                };
                let mut stream = terms.terms().search(query.automaton()?).into_stream()?;
                while let Some((term, info)) = stream.next() {
                    note(term, info)?;
                }
            } else if manner.unfinished {
                beginning_with(terms, manner.text, note)?;
            } else if let Some(info) = terms.terms().get(manner.text)? {
                note(manner.text.as_bytes(), &info)?;
            }
        }
        Ok(())
    }

    fn joined(&self, text: &str, marks: &mut [u8]) -> tantivy::Result<()> {
        let Some(terms) = &self.joined else {
            return Ok(());
        };
        Ok(beginning_with(terms, text, |_, info| {
            postings(terms, info, |doc, _| {
                let mark = &mut marks[doc as usize];
                *mark = JOINED.max(*mark);
            })
        })?)
    }

    fn run(&self, grams: &[String], place: u32, marks: &mut [u8]) -> tantivy::Result<()> {
        let mut all = vec![0; marks.len()];
        let mut one = vec![0; marks.len()];
        for (number, gram) in grams.iter().enumerate() {
            one.fill(0);
            let manner = Manner {
                text: gram,
                unfinished: true,
                slips: 0,
                place,
            };
            self.word(manner, &mut one)?;
            for (all, one) in all.iter_mut().zip(&one) {
                let begun = if number == 0 { *one } else { *all };
                *all = begun * u8::from(*one > 0);
            }
        }
        for (mark, all) in marks.iter_mut().zip(all) {
            // A part of a run is a beginning at best.
            *mark = all.min(EXACTLY - 1).max(*mark);
        }
        Ok(())
    }
}

impl<'a> Manner<'a> {
    fn plainly(text: &'a str) -> Self {
        Self {
            text,
            unfinished: false,
            slips: 0,
            place: WHOLE,
        }
    }

    /// How well a term that was found is what was looked for.
    fn meets(&self, term: &[u8]) -> u8 {
        if term == self.text.as_bytes() {
            EXACTLY
        } else if self.unfinished && term.starts_with(self.text.as_bytes()) {
            BEGINNING
        } else if self.slips == 1 || self.is_one_slip(term) {
            ONE_SLIP
        } else {
            TWO_SLIPS
        }
    }

    /// Whether one letter more, less, other or exchanged with the next makes one of the other.
    fn is_one_slip(&self, term: &[u8]) -> bool {
        let term = String::from_utf8_lossy(term);
        let (typed, term): (Vec<_>, Vec<_>) = (self.text.chars().collect(), term.chars().collect());
        let letters = typed.iter().zip(&term);
        let same = letters.take_while(|(typed, term)| typed == term).count();
        let (typed, term) = (&typed[same..], &term[same..]);
        let fits = |typed: &[char], term: &[char]| {
            if self.unfinished {
                term.starts_with(typed)
            } else {
                term == typed
            }
        };
        let exchanged = matches!((typed, term), ([a, b, ..], [c, d, ..]) if (a, b) == (d, c));
        fits(after(typed, 1), after(term, 1))
            || fits(after(typed, 1), term)
            || fits(typed, after(term, 1))
            || (exchanged && fits(after(typed, 2), after(term, 2)))
    }
}

fn after(letters: &[char], skipped: usize) -> &[char] {
    letters.get(skipped..).unwrap_or_default()
}

/// The terms that begin with a text.
fn beginning_with(
    terms: &InvertedIndexReader,
    text: &str,
    mut note: impl FnMut(&[u8], &TermInfo) -> io::Result<()>,
) -> io::Result<()> {
    let mut after = text.as_bytes().to_vec();
    // No byte of UTF-8 is the highest.
    if let Some(last) = after.last_mut() {
        *last += 1;
    }
    let range = terms.terms().range().ge(text.as_bytes()).lt(after);
    let mut stream = range.into_stream()?;
    while let Some((term, info)) = stream.next() {
        note(term, info)?;
    }
    Ok(())
}

/// The documents of a term, and how often each has it.
fn postings(
    terms: &InvertedIndexReader,
    info: &TermInfo,
    mut note: impl FnMut(DocId, u32),
) -> io::Result<()> {
    let option = IndexRecordOption::WithFreqs;
    let mut block = terms.read_block_postings_from_terminfo(info, option)?;
    loop {
        let docs = block.docs();
        if docs.is_empty() {
            return Ok(());
        }
        for (number, doc) in docs.iter().enumerate() {
            note(*doc, block.freq(number));
        }
        block.advance();
    }
}

/// What a mark counts among the parts of a query.
fn weight(mark: u8) -> u16 {
    let slipped = mark < JOINED;
    u16::from(mark) + NO_SLIP * u16::from(!slipped)
}
