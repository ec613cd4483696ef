//! Text in pieces: words, runs of scripts that do not part words, signs.

use super::letters::{Class, Folding, class, decomposed};

/// Longer words are cut here; the rest of them are words as well.
const LONGEST_WORD: usize = 48;
/// Bytes of a letter of a run with its marks; what comes after is left out.
const LONGEST_LETTER: usize = 48;

/// A piece of a text, in the form in which texts are compared.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Piece {
    /// A word, and where its further parts begin: after `Mc` in `McDonald`, after `Room` in `Room101`.
    Word { text: String, joints: Vec<usize> },
    /// Letters of a script that does not part words, and where each begins.
    Run { text: String, letters: Vec<usize> },
    /// What is no word: a symbol, an emoji, a dot.
    Sign(char),
}

/// A text in pieces.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Cut {
    pub(in super::super) pieces: Vec<Piece>,
    /// A reader sees nothing of it.
    pub(in super::super) blank: bool,
    /// It ends with something that may go on.
    pub(in super::super) open: bool,
}

/// Cuts a text.
pub(in super::super) fn cut(text: &str) -> Cut {
    let mut cutter = Cutter {
        folding: Folding::new(),
        done: Cut {
            blank: true,
            ..Cut::default()
        },
        at: None,
    };
    for c in decomposed(text) {
        cutter.take(c);
    }
    cutter.end();
    cutter.done
}

struct Cutter {
    folding: Folding,
    done: Cut,
    at: Option<Growing>,
}

/// A word or a run to which more may come.
struct Growing {
    text: String,
    /// Joints of a word, or the beginnings of the letters of a run.
    marks: Vec<usize>,
    is_run: bool,
    /// Where the last letter begins, and what it and the one before it are.
    last: usize,
    before: [Option<Class>; 2],
    joint: bool,
}

impl Growing {
    /// Whether there is room in the last letter of a run: nobody sees its twentieth mark.
    fn takes_more(&self) -> bool {
        let begun = self.marks.last().copied().unwrap_or(0);
        !self.is_run || self.text.len() - begun < LONGEST_LETTER
    }
}

impl Cutter {
    fn take(&mut self, c: char) {
        let class = class(c);
        match class {
            Class::Nothing => return,
            Class::Joint => {
                if let Some(growing) = &mut self.at {
                    growing.joint = true;
                }
                return;
            }
            Class::Gap => {
                self.end();
                self.done.open = false;
                return;
            }
            Class::Bare => {}
            Class::Mark => {
                if let Some(growing) = self.at.as_mut().filter(|at| at.takes_more()) {
                    growing.text.push(c);
                }
            }
            Class::Sign => {
                self.end();
                self.done.pieces.push(Piece::Sign(c));
            }
            Class::Letter | Class::Capital | Class::Digit => self.word(c, class),
            Class::Unparted | Class::Rest => self.run(c, class),
        }
        self.done.blank = false;
        self.done.open = true;
    }

    /// What grows, if it is of this kind, or another one.
    fn growing(&mut self, is_run: bool) -> (&mut Growing, &mut Folding) {
        if self.at.as_ref().is_some_and(|at| at.is_run != is_run) {
            self.end();
        }
        let growing = self.at.get_or_insert_with(|| Growing {
            text: String::new(),
            marks: Vec::new(),
            is_run,
            last: 0,
            before: [None; 2],
            joint: false,
        });
        (growing, &mut self.folding)
    }

    fn word(&mut self, c: char, class: Class) {
        let (word, folding) = self.growing(false);
        let [before, last] = word.before;
        let ends = word.text.len();
        let is_digit = |class: Option<Class>| class == Some(Class::Digit);
        let parts = std::mem::take(&mut word.joint)
            || is_digit(last) != (class == Class::Digit)
            || (last == Some(Class::Letter) && class == Class::Capital);
        if parts && last.is_some() {
            word.marks.push(ends);
        }
        // XMLParser: the last of several capitals begins the next part.
        let capitals = [Some(Class::Capital); 2] == [before, last];
        if capitals && class == Class::Letter && word.marks.last() != Some(&word.last) {
            word.marks.push(word.last);
        }
        word.last = ends;
        word.before = [last, Some(class)];
        folding.add(c, class, &mut word.text);
    }

    fn run(&mut self, c: char, class: Class) {
        let (run, folding) = self.growing(true);
        if class == Class::Unparted || run.text.is_empty() {
            run.marks.push(run.text.len());
        } else if !run.takes_more() {
            return;
        }
        folding.add(c, class, &mut run.text);
    }

    fn end(&mut self) {
        let Some(ended) = self.at.take() else { return };
        let piece = if ended.is_run {
            Piece::Run {
                text: in_order(&ended.text, &ended.marks),
                letters: ended.marks,
            }
        } else if ended.text.chars().nth(LONGEST_WORD).is_none() {
            Piece::Word {
                text: ended.text,
                joints: ended.marks,
            }
        } else {
            return self.done.pieces.extend(chopped(&ended.text));
        };
        self.done.pieces.push(piece);
    }
}

/// The marks of each letter in one order: vowel and tone look alike whichever was typed first.
fn in_order(text: &str, letters: &[usize]) -> String {
    let mut out = String::with_capacity(text.len());
    let ends = letters.iter().skip(1).copied().chain([text.len()]);
    for (start, end) in letters.iter().zip(ends) {
        let mut chars = text[*start..end].chars();
        out.extend(chars.next());
        let mut marks: Vec<char> = chars.collect();
        // The sounds of a Korean syllable stand in order by themselves.
        marks.sort_unstable();
        out.extend(marks);
    }
    out
}

/// A long word in words.
fn chopped(text: &str) -> Vec<Piece> {
    let letters: Vec<char> = text.chars().collect();
    let words = letters.chunks(LONGEST_WORD).map(|chunk| Piece::Word {
        text: chunk.iter().collect(),
        joints: Vec::new(),
    });
    words.collect()
}
