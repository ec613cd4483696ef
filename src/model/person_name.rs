//! Names of people as others see them: what shows nothing is left out, and two that look the same are
//! one name.

use std::borrow::Cow;
use std::collections::HashSet;

use icu_normalizer::ComposingNormalizerBorrowed;

/// Whether a character shows nothing, or turns the direction of others.
pub fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0e}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character only joins or shapes its neighbours: emoji and some scripts need it, and by
/// itself it shows nothing.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0f}')
}

/// The name without what cannot be seen; nothing if nothing is left.
pub fn visible(name: &str) -> Option<String> {
    let visible: String = name.chars().filter(|c| !is_unseen(*c)).collect();
    let visible = visible.trim();
    let shows = visible.chars().any(|c| !is_joiner(c) && !c.is_whitespace());
    shows.then(|| visible.to_owned())
}

/// As much of the visible part of a name as `most` characters hold; nothing if nothing is left.
pub fn shortened(name: &str, most: usize) -> Option<String> {
    let visible = visible(name)?;
    match visible.char_indices().nth(most) {
        // Whatever the cut made the end.
        Some((end, _)) => self::visible(&visible[..end]),
        None => Some(visible),
    }
}

/// What a name looks like: names that are equal in one of the two are one name to a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looks {
    /// Whatever the case.
    plain: String,
    /// As it is written, where I, l and 1 are one.
    drawn: String,
}

impl Looks {
    /// What `name` looks like.
    pub fn of(name: &str) -> Self {
        let seen: String = name.chars().filter(|c| !is_unseen(*c)).collect();
        let normal = ComposingNormalizerBorrowed::new_nfkc();
        let seen = normal.normalize(&seen);
        let shown = |c: &char| !is_unseen(*c) && !is_joiner(*c) && !c.is_whitespace();
        let latin = || seen.chars().filter(shown).map(latin);
        let plain: String = latin().flat_map(char::to_lowercase).collect();
        let drawn: String = latin()
            .map(one_stroke)
            .flat_map(char::to_lowercase)
            .collect();
        // A capital of another script may look like a Latin one only when it is small.
        let small = |text: String| text.chars().map(self::latin).collect::<String>();
        Self {
            plain: normal.normalize(&small(plain)).into_owned(),
            drawn: small(drawn).replace("rn", "m").replace("vv", "w"),
        }
    }

    /// Whether a reader would take the two for one.
    pub fn like(&self, other: &Self) -> bool {
        self.plain == other.plain || self.drawn == other.drawn
    }
}

/// `name`, or the first of `name (2)`, `name (3)` and so on that looks like none of `taken`.
pub fn distinct<'a>(name: &'a str, taken: &[Looks]) -> Cow<'a, str> {
    let looks = Looks::of(name);
    if !taken.iter().any(|other| other.like(&looks)) {
        return Cow::Borrowed(name);
    }
    let plain: HashSet<_> = taken.iter().map(|of| of.plain.as_str()).collect();
    let drawn: HashSet<_> = taken.iter().map(|of| of.drawn.as_str()).collect();
    let numbered = (2..).map(|number: usize| format!("{name} ({number})"));
    // Of so many numbers one is free: each of the taken is like one or two of them.
    let mut numbered = numbered.take(2 * taken.len() + 1);
    let free = numbered.find(|name| {
        let looks = Looks::of(name);
        !plain.contains(looks.plain.as_str()) && !drawn.contains(looks.drawn.as_str())
    });
    free.map_or(Cow::Borrowed(name), Cow::Owned)
}

/// Strokes that look the same in most fonts.
fn one_stroke(c: char) -> char {
    match c {
        'I' | '1' | '|' => 'l',
        '0' => 'o',
        c => c,
    }
}

/// The Latin letter that a letter of another script looks like.
fn latin(c: char) -> char {
    match c {
        'А' | 'Α' | 'Ꭺ' => 'A',
        'В' | 'Β' | 'Ᏼ' => 'B',
        'С' | 'Ϲ' | 'Ꮯ' => 'C',
        'Ꭰ' => 'D',
        'Е' | 'Ε' | 'Ꭼ' => 'E',
        'Ϝ' => 'F',
        'Ԍ' | 'Ꮐ' => 'G',
        'Н' | 'Η' | 'Ꮋ' => 'H',
        'І' | 'Ι' | 'Ӏ' => 'I',
        'Ј' | 'Ꭻ' => 'J',
        'К' | 'Κ' | 'Ꮶ' => 'K',
        'Ꮮ' => 'L',
        'М' | 'Μ' | 'Ꮇ' => 'M',
        'Ν' => 'N',
        'О' | 'Ο' | 'Օ' => 'O',
        'Р' | 'Ρ' | 'Ꮲ' => 'P',
        'Ѕ' | 'Ꮪ' => 'S',
        'Т' | 'Τ' | 'Ꭲ' => 'T',
        'Ѵ' | 'Ꮩ' => 'V',
        'Ԝ' | 'Ꮃ' => 'W',
        'Х' | 'Χ' => 'X',
        'Υ' | 'Ү' => 'Y',
        'Ζ' | 'Ꮓ' => 'Z',
        'а' | 'α' | 'ɑ' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ҽ' => 'e',
        'ɡ' => 'g',
        'һ' => 'h',
        'і' | 'ι' | 'ı' => 'i',
        'ј' | 'ϳ' => 'j',
        'ӏ' | 'ǀ' => 'l',
        'о' | 'ο' | 'օ' | 'σ' => 'o',
        'р' | 'ρ' => 'p',
        'ԛ' => 'q',
        'ѕ' => 's',
        'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' | 'ү' => 'y',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alike(a: &str, b: &str) -> bool {
        Looks::of(a).like(&Looks::of(b))
    }

    #[test]
    fn names_that_look_the_same_are_one_name() {
        for (a, b) in [
            ("Ada", "ada"),
            ("Ada", "ADA"),
            ("Ada", " A d a"),
            ("Ada", "A\u{200b}d\u{200d}a"),
            ("Ada", "\u{202e}Ada\u{202c}"),
            ("Ada", "Аda"),
            ("Ada", "Аԁа"),
            ("Ada", "Ａｄａ"),
            ("Ada", "𝐀𝐝𝐚"),
            ("Ada", "Ⓐⓓⓐ"),
            ("José", "Jose\u{301}"),
            ("Alice", "AIice"),
            ("Bill", "Bi11"),
            ("Otto", "0tto"),
            ("Emma", "Ernrna"),
            ("Eve", "ΕvΕ"),
            ("Straße", "STRAẞE"),
            ("\u{3164}Ada", "Ada"),
        ] {
            assert!(alike(a, b), "{a:?} and {b:?}");
            assert!(alike(b, a), "{b:?} and {a:?}");
        }
    }

    #[test]
    fn names_that_differ_to_a_reader_are_two() {
        for (a, b) in [
            ("Ada", "Eda"),
            ("Ada", "Ada (2)"),
            ("José", "Jose"),
            ("Иван", "Нван"),
            ("李", "季"),
            ("Bob", "Rob"),
            ("🙂", "🙃"),
        ] {
            assert!(!alike(a, b), "{a:?} and {b:?}");
        }
    }

    #[test]
    fn what_shows_nothing_is_no_name() {
        for name in [
            "",
            " \t",
            "\u{200b}\u{202e}",
            "\u{200d}",
            "\u{3164}",
            "\u{2800}",
            "\u{fe0f}",
        ] {
            assert_eq!(visible(name), None, "{name:?}");
        }
        assert_eq!(visible("\u{202e}adA ").as_deref(), Some("adA"));
        assert_eq!(
            shortened("Ada L\u{200b}ovelace", 5).as_deref(),
            Some("Ada L")
        );
        assert_eq!(shortened(" Ada Lovelace", 4).as_deref(), Some("Ada"));
        assert_eq!(
            shortened("\u{e4}\u{f6}\u{fc}", 3).as_deref(),
            Some("\u{e4}\u{f6}\u{fc}")
        );
        assert_eq!(shortened("\u{200d}Ada", 1), None);
        // A family is one picture of several people, joined.
        assert_eq!(visible("👩\u{200d}👧").as_deref(), Some("👩\u{200d}👧"));
    }

    proptest! {
        #[test]
        fn a_numbered_name_is_like_no_other(names in prop::collection::vec(".{0,12}|[Aa][dԁ][aа]", 0..12)) {
            let mut taken: Vec<Looks> = Vec::new();
            for name in &names {
                let free = distinct(name, &taken).into_owned();
                let looks = Looks::of(&free);
                prop_assert!(!taken.iter().any(|other| other.like(&looks)), "{free:?}");
                taken.push(looks);
            }
        }

        #[test]
        fn what_cannot_be_seen_makes_no_other_name(name in ".{0,12}", unseen in "[\u{200b}\u{202e}\u{2066}\u{feff}\u{61c}]{1,3}", at in 0_usize..12) {
            let mut with: Vec<char> = name.chars().collect();
            let at = at.min(with.len());
            with.splice(at..at, unseen.chars());
            let with: String = with.into_iter().collect();
            prop_assert!(alike(&name, &with));
        }
    }
}
