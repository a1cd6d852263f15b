//! Rules of short texts: names, language tags, time zones. Each function takes the typed text and returns the stored
//! one.

use std::str::FromStr;

use unicode_normalization::{
    UnicodeNormalization,
    char::{canonical_combining_class, is_combining_mark},
};

use crate::Rule;

/// Greatest length of a given, family or display name, in characters.
pub const NAME_MAX: usize = 100;
/// Greatest length of a label, in characters.
pub const LABEL_MAX: usize = 64;
/// Greatest length of a language tag, in characters (RFC 5646 section 4.4.1 advises room for 35).
pub const LOCALE_MAX: usize = 35;

/// A name as stored: NFC, trimmed, at most [`NAME_MAX`] characters, at least one of them visible, no control characters
/// and none that reorder text. Other invisible characters are accepted beside visible ones: Persian and emoji need
/// joiners.
pub fn name(typed: &str) -> Result<String, Rule> {
    visible(typed, NAME_MAX)
}

/// A label by which a user knows one of several things apart: like a name, and at most [`LABEL_MAX`] characters.
pub fn label(typed: &str) -> Result<String, Rule> {
    visible(typed, LABEL_MAX)
}

fn visible(typed: &str, max: usize) -> Result<String, Rule> {
    let name: String = typed.trim().nfc().collect();
    match name.chars().count() {
        count if count > max => Err(Rule::TooLong { max }),
        _ if name.chars().any(is_forbidden) => Err(Rule::ForbiddenCharacter),
        _ if name.chars().all(is_invisible) => Err(Rule::TooShort { min: 1 }),
        _ => Ok(name),
    }
}

/// Blanks, the code points of the Unicode property `Default_Ignorable_Code_Point` (joiners, fillers, variation selectors,
/// tags), and format characters that are not shown either.
pub(crate) fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFF8}'
            | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}'
            // The Braille blank; interlinear annotation; joiners of hieroglyphs.
            | '\u{2800}' | '\u{FFF9}'..='\u{FFFB}' | '\u{13430}'..='\u{1343F}')
}

/// Whether a text beyond ASCII is letters, digits and the marks on them, as identifiers have them (UAX 31): a mark follows
/// something, and a joiner follows a virama (RFC 5892, appendix A). `is_other` says which characters are allowed besides.
pub(crate) fn is_identifier(text: &str, is_other: impl Fn(char) -> bool) -> bool {
    let mut before = None;
    text.chars().all(|c| {
        let last = before.replace(c);
        match c {
            '\u{200C}' | '\u{200D}' => last.is_some_and(|last| canonical_combining_class(last) == VIRAMA),
            _ if is_invisible(c) => false,
            _ if is_combining_mark(c) => last.is_some(),
            _ => c.is_alphanumeric() || is_other(c),
        }
    })
}

/// The canonical combining class of viramas.
const VIRAMA: u8 = 9;

/// Control characters, and the invisible ones that reorder or hide text around a name (bidi overrides, line separators).
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// A BCP 47 language tag in its canonical case (`pt-BR`). Underscores and another case are accepted.
pub fn locale(typed: &str) -> Result<String, Rule> {
    let tag = typed.trim().replace('_', "-");
    if tag.chars().count() > LOCALE_MAX {
        return Err(Rule::TooLong { max: LOCALE_MAX });
    }
    oxilangtag::LanguageTag::parse_and_normalize(&tag)
        .map(oxilangtag::LanguageTag::into_inner)
        .map_err(|_| Rule::Malformed)
}

/// An IANA time zone, in the spelling of the time zone database.
pub fn zoneinfo(typed: &str) -> Result<String, Rule> {
    let zone = chrono_tz::Tz::from_str(typed.trim()).map_err(|_| Rule::Malformed)?;
    Ok(zone.name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_counted_in_characters_not_bytes() {
        assert!(name(&"é".repeat(NAME_MAX)).is_ok());
        assert_eq!(name(&"é".repeat(NAME_MAX + 1)), Err(Rule::TooLong { max: NAME_MAX }));
    }

    #[test]
    fn a_name_is_trimmed_composed_and_free_of_control_characters() {
        assert_eq!(name("  Zoe\u{308} "), Ok("Zoë".into()));
        assert_eq!(name("a\u{0}b"), Err(Rule::ForbiddenCharacter));
        assert_eq!(name("a\u{202E}b"), Err(Rule::ForbiddenCharacter));
        assert_eq!(name("   "), Err(Rule::TooShort { min: 1 }));
    }

    #[test]
    fn a_name_of_characters_that_nobody_sees_is_no_name() {
        for c in [
            '\u{200B}',
            '\u{200C}',
            '\u{200D}',
            '\u{200E}',
            '\u{2060}',
            '\u{2064}',
            '\u{AD}',
            '\u{34F}',
            '\u{61C}',
            '\u{115F}',
            '\u{180E}',
            '\u{2800}',
            '\u{3164}',
            '\u{FE0F}',
            '\u{FFA0}',
            '\u{FFF9}',
            '\u{E0020}',
            '\u{E0100}',
            '\u{A0}',
            '\u{3000}',
        ] {
            for typed in [c.to_string(), format!(" {c}  {c} "), format!("\u{200D}{c}\u{200C}")] {
                assert_eq!(name(&typed), Err(Rule::TooShort { min: 1 }), "{}", typed.escape_unicode());
            }
        }
        for typed in ["\u{FEFF}", "\u{202E}", "\u{2066} "] {
            assert_eq!(name(typed), Err(Rule::ForbiddenCharacter), "{}", typed.escape_unicode());
        }
        assert_eq!(name(""), Err(Rule::TooShort { min: 1 }));
    }

    #[test]
    fn a_name_may_hold_joiners_beside_what_is_seen() {
        for typed in [
            "می\u{200C}خواهم",
            "👩\u{200D}🚀",
            "❤\u{FE0F}",
            "न\u{94D}\u{200D}",
            "x\u{200B}",
            "ക\u{D4D}\u{200D}",
            "👨\u{200D}👩\u{200D}👧",
            "🏳\u{FE0F}\u{200D}🌈",
            "ශ\u{DCA}\u{200D}රී",
        ] {
            assert_eq!(name(typed), Ok(typed.nfc().collect()), "{}", typed.escape_unicode());
        }
    }

    #[test]
    fn a_locale_is_a_language_tag() {
        assert_eq!(locale("pt_br"), Ok("pt-BR".into()));
        assert_eq!(locale("zh-Hant-TW"), Ok("zh-Hant-TW".into()));
        assert_eq!(locale("not a locale"), Err(Rule::Malformed));
    }

    #[test]
    fn a_time_zone_is_in_the_iana_database() {
        assert_eq!(zoneinfo("Europe/Amsterdam"), Ok("Europe/Amsterdam".into()));
        assert_eq!(zoneinfo("Mars/Olympus_Mons"), Err(Rule::Malformed));
    }
}
