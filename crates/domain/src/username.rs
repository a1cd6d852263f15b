//! Usernames: public names, compared regardless of case and of characters that look alike (R6).

use std::collections::BTreeSet;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};
use unicode_security::{GeneralSecurityProfile, MixedScript, confusable_detection::skeleton};

use crate::{Rule, text};

/// Least length of a username, in characters.
pub const USERNAME_MIN: usize = 3;
/// Greatest length of a username, in characters.
pub const USERNAME_MAX: usize = 30;

/// A username. It starts with a letter, so it is never an e-mail address or a phone number (R6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Parses [`USERNAME_MIN`] to [`USERNAME_MAX`] letters and digits of one script with their marks, `_`, `.` and `-`, a
    /// letter first.
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        let name: String = typed.trim().nfkc().collect();
        let count = name.chars().count();
        if count < USERNAME_MIN {
            return Err(Rule::TooShort { min: USERNAME_MIN });
        }
        if count > USERNAME_MAX {
            return Err(Rule::TooLong { max: USERNAME_MAX });
        }
        let is_separator = |c: char| matches!(c, '_' | '.' | '-');
        let is_allowed = |c: char| is_separator(c) || is_joiner(c) || c.identifier_allowed();
        let starts_well = name.starts_with(|c: char| c.is_alphabetic() && !is_combining_mark(c));
        let is_identifier = name.split(is_separator).all(|part| text::is_identifier(part, |_| false));
        if !starts_well || !is_identifier || !name.chars().all(is_allowed) {
            return Err(Rule::ForbiddenCharacter);
        }
        if !name.as_str().is_single_script() {
            return Err(Rule::MixedScripts);
        }
        Ok(Self(name))
    }

    /// Wraps a stored username, which was parsed when it was set.
    pub fn from_stored(name: String) -> Self {
        Self(name)
    }

    /// The username in the user's own spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The canonical form, in lower case, by which sign-in looks it up.
    pub fn canonical(&self) -> String {
        self.0.to_lowercase().nfkc().collect()
    }

    /// The skeletons (UTS 39) of this name as it is shown and in lower case: one or two distinct strings. Two usernames
    /// clash if they have a skeleton in common (R6).
    ///
    /// The skeleton of the canonical form alone is not enough: in lower case, `paypaI` (capital i) no longer looks like
    /// `paypal`. Skeletons are in lower case too, so that `PaypaI` clashes with `paypal`.
    pub fn skeletons(&self) -> BTreeSet<String> {
        [&self.0, &self.canonical()].map(|form| look(form)).into()
    }
}

/// Joiners shape the letters of some scripts. [`text::is_identifier`] knows where they may stand.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// The skeleton of a text regardless of case: the skeleton of its skeleton in lower case. Texts with the same skeleton
/// look alike.
pub(crate) fn look(text: &str) -> String {
    let folded = skeleton(text).collect::<String>().to_lowercase();
    skeleton(&folded).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn clash(one: &str, other: &str) -> bool {
        let skeletons = |typed| Username::parse(typed).unwrap().skeletons();
        !skeletons(one).is_disjoint(&skeletons(other))
    }

    #[test]
    fn r6_a_name_that_is_shown_like_another_clashes_with_it() {
        for (one, other) in [
            ("paypaI", "paypal"),
            ("PaypaI", "paypal"),
            ("PAYPAL", "paypaI"),
            ("paypa1", "PAYPAL"),
            ("IiIiI", "lilil"),
            ("barnes", "bames"),
            ("BARNES", "bames"),
            ("J0HN", "JOHN"),
            ("j0hn", "john"),
            ("JohnDoe", "johndoe"),
            ("goog1e", "google"),
            ("GOOGIE", "GOOGLE"),
            ("GooGIe", "google"),
            ("micr0soft", "microsoft"),
            ("rnicrosoft", "microsoft"),
            ("BiII", "bill"),
            ("аррӏе", "apple"), // the first is Cyrillic
            ("раура", "paypa"), // the first is Cyrillic
        ] {
            assert!(clash(one, other) && clash(other, one), "{one} and {other}");
        }
    }

    #[test]
    fn r6_marks_belong_to_letters_and_composed_and_decomposed_are_one() {
        for typed in [
            "हिन्दी",
            "தமிழ்",
            "ภาษาไทย",
            "বাংলা",
            "ភាសាខ្មែរ",
            "ක්‍රීඩා",
            "ગુજરાતી",
            "മലയാളം",
            "မြန်မာ",
            "ਪੰਜਾਬੀ",
            "ತೆಲುಗು",
            "ພາສາລາວ",
            "مُحَمَّد",
            "nguyễn",
        ] {
            let name = Username::parse(typed).unwrap_or_else(|rule| panic!("{typed}: {rule:?}"));
            assert_eq!(name.as_str(), typed.nfkc().collect::<String>());
        }
        for (one, other) in [("zoe\u{308}", "zoë"), ("ZOË", "zoe\u{308}"), ("\u{1112}\u{1161}\u{11ab}국어", "한국어")]
        {
            let [one, other] = [one, other].map(|typed| Username::parse(typed).unwrap().canonical());
            assert_eq!(one, other);
        }
        for typed in
            ["\u{301}abc", "\u{93f}नदी", "ab-\u{301}c", "ab\u{200d}c", "ab\u{200b}c", "abc\u{fe0f}", "abc\u{20dd}"]
        {
            assert_eq!(Username::parse(typed), Err(Rule::ForbiddenCharacter), "{}", typed.escape_unicode());
        }
    }

    #[test]
    fn r6_names_that_look_different_do_not_clash() {
        for (one, other) in [("paypal", "paypai"), ("ada", "eda"), ("john.doe", "john-doe"), ("ada1", "ada2")] {
            assert!(!clash(one, other), "{one} and {other}");
        }
    }

    proptest! {
        #[test]
        fn r6_a_name_has_one_or_two_skeletons_and_clashes_with_itself_in_every_case(name in "[a-zA-Z][a-zA-Z0-9._-]{2,29}") {
            let count = Username::parse(&name).unwrap().skeletons().len();
            prop_assert!((1..=2).contains(&count));
            prop_assert!(clash(&name, &name.to_lowercase()));
            prop_assert!(clash(&name, &name.to_uppercase()));
        }

        #[test]
        fn r6_swapping_letters_and_digits_that_look_alike_is_a_clash(name in "[a-z][a-z0-9]{2,13}", swapped: u32) {
            let swap = |(place, c): (usize, char)| match c {
                _ if place == 0 || swapped >> place & 1 == 0 => c.to_string(),
                'l' => "I".to_owned(),
                '1' => "l".to_owned(),
                'o' => "0".to_owned(),
                'm' => "rn".to_owned(),
                other => other.to_string(),
            };
            let imitation: String = name.chars().enumerate().map(swap).collect();
            prop_assert!(clash(&name, &imitation), "{name} and {imitation}");
        }

        #[test]
        fn r6_any_two_forms_with_one_skeleton_clash(one in "[IilLoO][IilLoO01]{2}", other in "[IilLoO][IilLoO01]{2}") {
            let forms = |name: &str| [name.to_owned(), name.to_lowercase()].map(|form| skeleton(&form).collect::<String>());
            let alike = forms(&one).iter().any(|form| forms(&other).contains(form));
            prop_assert!(!alike || clash(&one, &other), "{one} and {other}");
        }
    }

    #[test]
    fn r6_mixed_scripts_are_refused() {
        assert_eq!(Username::parse("pаypal"), Err(Rule::MixedScripts), "the second letter is Cyrillic");
    }

    #[test]
    fn r6_a_username_is_never_an_address_or_a_number() {
        for typed in ["john@doe.example", "31612345678", "+31612345678", "jo hn", "_john"] {
            assert_eq!(Username::parse(typed), Err(Rule::ForbiddenCharacter), "{typed}");
        }
    }

    #[test]
    fn a_username_has_3_to_30_characters() {
        assert_eq!(Username::parse("jo"), Err(Rule::TooShort { min: 3 }));
        assert_eq!(Username::parse(&"j".repeat(31)), Err(Rule::TooLong { max: 30 }));
    }
}
