//! Usernames: public handles, compared without regard to case and to look-alikes (R6).

use unicode_normalization::UnicodeNormalization;
use unicode_security::{GeneralSecurityProfile, MixedScript, confusable_detection::skeleton};

use crate::Rule;

/// Least length of a username, in characters.
pub const USERNAME_MIN: usize = 3;
/// Greatest length of a username, in characters.
pub const USERNAME_MAX: usize = 30;

/// A handle that starts with a letter, so that it is never an e-mail address or a phone number (R6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Username(String);

impl Username {
    /// Reads [`USERNAME_MIN`] to [`USERNAME_MAX`] letters and digits of one script, `_`, `.` and `-`, a letter first.
    pub fn parse(typed: &str) -> Result<Self, Rule> {
        let name: String = typed.trim().nfkc().collect();
        let count = name.chars().count();
        if count < USERNAME_MIN {
            return Err(Rule::TooShort { min: USERNAME_MIN });
        }
        if count > USERNAME_MAX {
            return Err(Rule::TooLong { max: USERNAME_MAX });
        }
        let is_allowed = |c: char| matches!(c, '_' | '.' | '-') || (c.is_alphanumeric() && c.identifier_allowed());
        if !name.starts_with(char::is_alphabetic) || !name.chars().all(is_allowed) {
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

    /// As the user writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Lower case; what sign-in looks up.
    pub fn canonical(&self) -> String {
        self.0.to_lowercase()
    }

    /// The UTS 39 skeletons of the name as it is shown, without regard to case, and of its canonical form, each once. No two
    /// accounts share one.
    pub fn skeletons(&self) -> Vec<String> {
        let shown: String = skeleton(&self.0).collect();
        let mut skeletons = vec![skeleton(&shown.to_lowercase()).collect(), skeleton(&self.canonical()).collect()];
        skeletons.dedup();
        skeletons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r6_case_and_confusables_do_not_make_another_name() {
        let skeletons = |typed| Username::parse(typed).unwrap().skeletons();
        let clash = |one, other| skeletons(one).iter().any(|skeleton| skeletons(other).contains(skeleton));
        let pairs = [
            ("JohnDoe", "johndoe"),
            ("paypa1", "paypal"),
            ("paypaI", "paypal"),
            ("paypaI", "paypai"),
            ("PaypaI", "paypal"),
            ("PAYPAI", "paypa1"),
        ];
        for (one, other) in pairs {
            assert!(clash(one, other), "{one} {other}");
        }
        assert!(!clash("paypal", "paypai"));
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
