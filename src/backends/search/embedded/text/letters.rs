//! The form in which texts are compared: what a reader takes for the same letter is the same here.
//!
//! Letters, marks and what cannot be seen are told apart by Unicode's own tables. Accents, points
//! and vowel signs above and below letters that are written without them as well do not count
//! (é, ё, harakat, niqqud); vowel signs, viramas and tones that make another word do (Devanagari,
//! Thai), and so do the voicing marks of kana. Unicode tells these apart by the combining class.

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;
use icu_properties::props::{
    DefaultIgnorableCodePoint, Diacritic, GeneralCategory, JoiningType, LineBreak,
};
use icu_properties::{
    CodePointMapData, CodePointMapDataBorrowed, CodePointSetData, CodePointSetDataBorrowed,
};
use tantivy::tokenizer::{AsciiFoldingFilter, RawTokenizer, TextAnalyzer, TokenStream};

/// What a character is to the search.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A small letter, or one without case, of a script that parts words by spaces.
    Letter,
    /// A capital of such a script.
    Capital,
    /// A digit.
    Digit,
    /// A letter of a script that does not part words.
    Unparted,
    /// The rest of such a letter: of a Korean syllable what comes after its first sound.
    Rest,
    /// A mark that belongs to the letter before it.
    Mark,
    /// Seen, but part of no word.
    Sign,
    /// Nothing but room.
    Gap,
    /// Not seen, or not taken for a part of the word; the parts of a word may meet there.
    Joint,
    /// Not seen, or not taken for a part of the word.
    Nothing,
    /// A mark that does not count.
    Bare,
}

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
/// A dot below consonants of other languages, which most people leave out in Hindi.
const DEVANAGARI_NUKTA: char = '\u{93c}';

static CATEGORY: CodePointMapDataBorrowed<'static, GeneralCategory> = CodePointMapData::new();
static LINE_BREAK: CodePointMapDataBorrowed<'static, LineBreak> = CodePointMapData::new();
static JOINING: CodePointMapDataBorrowed<'static, JoiningType> = CodePointMapData::new();
static COMBINING: CanonicalCombiningClassMapBorrowed<'static> =
    CanonicalCombiningClassMapBorrowed::new();
static UNSEEN: CodePointSetDataBorrowed<'static> =
    CodePointSetData::new::<DefaultIgnorableCodePoint>();
static DIACRITIC: CodePointSetDataBorrowed<'static> = CodePointSetData::new::<Diacritic>();

/// The characters of a text, taken apart: compatibility forms are one, marks stand by themselves.
pub(super) fn decomposed(text: &str) -> impl Iterator<Item = char> {
    DecomposingNormalizerBorrowed::new_nfkd().normalize_iter(text.chars())
}

/// What a character is, of a text that was taken apart.
pub(super) fn class(c: char) -> Class {
    match c {
        'a'..='z' => return Class::Letter,
        'A'..='Z' => return Class::Capital,
        '0'..='9' => return Class::Digit,
        ' ' => return Class::Gap,
        ZERO_WIDTH_NON_JOINER => return Class::Joint,
        _ => {}
    }
    // The second are strokes that only make a word longer, as the Arabic tatweel.
    if UNSEEN.contains(c) || JOINING.get(c) == JoiningType::JoinCausing {
        return Class::Nothing;
    }
    match CATEGORY.get(c) {
        GeneralCategory::NonspacingMark | GeneralCategory::SpacingMark => mark(c),
        GeneralCategory::EnclosingMark => Class::Bare,
        GeneralCategory::DecimalNumber => Class::Digit,
        GeneralCategory::UppercaseLetter | GeneralCategory::TitlecaseLetter => Class::Capital,
        GeneralCategory::LowercaseLetter
        | GeneralCategory::LetterNumber
        | GeneralCategory::OtherNumber => Class::Letter,
        GeneralCategory::OtherLetter => letter(c),
        GeneralCategory::ModifierLetter => match letter(c) {
            // Apostrophes that are letters to Unicode: Oʻzbek is also written Ozbek.
            Class::Letter if DIACRITIC.contains(c) => Class::Joint,
            class => class,
        },
        GeneralCategory::Control
        | GeneralCategory::SpaceSeparator
        | GeneralCategory::LineSeparator
        | GeneralCategory::ParagraphSeparator => Class::Gap,
        GeneralCategory::Format => Class::Nothing,
        _ => Class::Sign,
    }
}

/// Lines may be broken within a word where words are not parted by spaces.
fn letter(c: char) -> Class {
    match LINE_BREAK.get(c) {
        LineBreak::JV | LineBreak::JT => Class::Rest,
        LineBreak::Ideographic
        | LineBreak::ConditionalJapaneseStarter
        | LineBreak::Nonstarter
        | LineBreak::ComplexContext
        | LineBreak::Aksara
        | LineBreak::AksaraPrebase
        | LineBreak::AksaraStart
        | LineBreak::H2
        | LineBreak::H3
        | LineBreak::JL => Class::Unparted,
        _ => Class::Letter,
    }
}

fn mark(c: char) -> Class {
    match COMBINING.get_u8(c) {
        // Overlays and readings; the points of Hebrew, Arabic and Syriac; accents in their places.
        1 | 6 | 10..=36 | 200..=240 => Class::Bare,
        _ if c == DEVANAGARI_NUKTA => Class::Bare,
        _ => Class::Mark,
    }
}

/// Writes characters in the form in which they are compared.
pub(super) struct Folding {
    /// Made when it is needed: most texts have none of its letters.
    latin: Option<TextAnalyzer>,
}

impl Folding {
    pub(super) fn new() -> Self {
        Self { latin: None }
    }

    /// Adds a character of this class to `out`.
    pub(super) fn add(&mut self, c: char, class: Class, out: &mut String) {
        match class {
            Class::Digit => out.push(digit(c)),
            Class::Letter | Class::Capital => {
                if c.is_ascii() {
                    out.push(c.to_ascii_lowercase());
                    return;
                }
                // Through the capital, so that ς is σ and ß is ss.
                for small in c.to_uppercase().flat_map(char::to_lowercase) {
                    self.letter(small, out);
                }
            }
            Class::Unparted => out.push(hiragana(c)),
            _ => out.push(c),
        }
    }

    fn letter(&mut self, c: char, out: &mut String) {
        if is_latin_beyond_ascii(c) {
            self.latin(c, out);
        } else {
            variant(c, out);
        }
    }

    /// Letters with strokes and ligatures, which Unicode does not take apart: ø, ł, đ, æ.
    fn latin(&mut self, c: char, out: &mut String) {
        let analyzer = self.latin.get_or_insert_with(|| {
            TextAnalyzer::builder(RawTokenizer::default())
                .filter(AsciiFoldingFilter)
                .build()
        });
        let mut text = [0; 4];
        let mut tokens = analyzer.token_stream(c.encode_utf8(&mut text));
        if tokens.advance() {
            out.push_str(&tokens.token().text);
        }
    }
}

fn is_latin_beyond_ascii(c: char) -> bool {
    matches!(c, '\u{80}'..='\u{2af}' | '\u{1d00}'..='\u{1dbf}' | '\u{1e00}'..='\u{1eff}'
        | '\u{2c60}'..='\u{2c7f}' | '\u{a720}'..='\u{a7ff}')
}

/// Digits of a script stand in order, ten by ten.
fn digit(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let is_digit = |code: &u32| {
        let c = char::from_u32(*code);
        c.is_some_and(|c| CATEGORY.get(c) == GeneralCategory::DecimalNumber)
    };
    let before = (0..u32::from(c)).rev().take_while(is_digit).count() % 10;
    char::from_digit(u32::try_from(before).unwrap_or(0), 10).unwrap_or(c)
}

/// Katakana as hiragana: the two blocks stand side by side.
fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ヶ' | 'ヽ'..='ヾ' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// What Unicode keeps apart and readers do not: letters that neighbours' keyboards have in place of
/// one's own, and letters that an older version wrote in two.
fn variant(c: char, out: &mut String) {
    let one = match c {
        // Yeh, kaf and heh of Arabic, Persian and Urdu keyboards; teh marbuta is often left bare.
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ہ' | 'ە' | 'ة' | 'ۃ' => 'ه',
        'ٱ' => 'ا',
        // Malayalam chillus and the Bengali khanda ta are also written with a virama.
        'ൺ' => 'ണ',
        'ൻ' => 'ന',
        'ർ' => 'ര',
        'ൽ' => 'ല',
        'ൾ' => 'ള',
        'ൿ' => 'ക',
        'ৎ' => 'ত',
        _ => return out.push(c),
    };
    out.push(one);
    match c {
        'ৎ' => out.push('\u{9cd}'),
        '\u{d00}'..='\u{d7f}' => out.push('\u{d4d}'),
        _ => {}
    }
}
