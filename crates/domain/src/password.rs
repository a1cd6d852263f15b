//! Passwords: the secret, its stored form, and the policy for a new one (R17, R18).

use std::{collections::BTreeSet, fmt};

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use crate::{Factor, Rule, SecondFactorPolicy, User, guessable};

/// A password as typed, in NFC, never truncated (R17). `Debug` is masked, the memory is wiped.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Normalises a typed password.
    pub fn new(typed: &str) -> Self {
        Self(Zeroizing::new(typed.nfc().collect()))
    }

    /// The secret itself, for the hasher.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(***)")
    }
}

/// A hash in PHC string format, parameters and salt included.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a PHC string.
    pub fn from_phc(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string, for storage and the hasher.
    pub fn as_phc(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(***)")
    }
}

/// Greatest size of a password, in bytes, so that the work for one request is bounded.
pub const PASSWORD_MAX_BYTES: usize = 1024;

/// The rules of a new password: length and strength, no composition rules (SP 800-63B section 3.1.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordPolicy {
    /// Least number of code points.
    pub min_length: usize,
    /// The same for an account that is never signed in to without a second factor.
    pub min_length_with_second_factor: usize,
    /// Greatest number of code points.
    pub max_length: usize,
    /// Least zxcvbn score, 0 (any) to 4. Its dictionaries contain the most common passwords, names and words; 3 means more
    /// than 10^8 guesses. With 0 nothing but the length counts.
    pub min_score: u8,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self { min_length: 15, min_length_with_second_factor: 8, max_length: 256, min_score: 3 }
    }
}

impl PasswordPolicy {
    /// The least number of code points for an account (R17). Shorter ones need a one-time password at every sign-in: one
    /// that is enrolled, and a policy of the account that demands it.
    pub fn min_length_of(&self, user: &User) -> usize {
        let is_enforced = user.second_factor_policy == SecondFactorPolicy::Enforced;
        if is_enforced && user.enrolled.contains(Factor::Totp) {
            self.min_length_with_second_factor.min(self.min_length)
        } else {
            self.min_length
        }
    }

    /// Checks a new password of at least `min_length` code points. `context` lists words that add nothing to its strength:
    /// the user's names and addresses, the name of the service (R18).
    pub fn check(&self, password: &Password, min_length: usize, context: &[&str]) -> Result<(), Rule> {
        let secret = password.expose();
        let count = secret.chars().count();
        if count < min_length {
            return Err(Rule::TooShort { min: min_length });
        }
        if count > self.max_length {
            return Err(Rule::TooLong { max: self.max_length });
        }
        if secret.len() > PASSWORD_MAX_BYTES {
            return Err(Rule::TooLarge { max: PASSWORD_MAX_BYTES });
        }
        if self.min_score == 0 {
            return Ok(());
        }
        if let Some(reason) = guessable::reason(secret, context, (min_length / 2).min(8)) {
            return Err(Rule::TooWeak { reason: reason.to_owned() });
        }
        let estimate = zxcvbn::zxcvbn(&bounded(secret), context);
        if u8::from(estimate.score()) >= self.min_score {
            return Ok(());
        }
        let reason = estimate
            .feedback()
            .and_then(zxcvbn::feedback::Feedback::warning)
            .map_or_else(|| "This password is easy to guess.".to_owned(), |warning| warning.to_string());
        Err(Rule::TooWeak { reason })
    }
}

/// How hard a password is to guess.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strength {
    /// The zxcvbn score, 0 (at once) to 4 (not in the life of an offline attacker).
    pub score: u8,
    /// What makes it stronger, in sentences. Empty for a strong one.
    pub suggestions: Vec<String>,
}

impl Strength {
    /// Estimates a password. `context` is that of [`PasswordPolicy::check`].
    pub fn of(password: &Password, context: &[&str]) -> Self {
        let estimate = zxcvbn::zxcvbn(&bounded(password.expose()), context);
        let suggestions = estimate.feedback().map(zxcvbn::feedback::Feedback::suggestions).unwrap_or_default();
        Self { score: estimate.score().into(), suggestions: suggestions.iter().map(ToString::to_string).collect() }
    }
}

/// What is estimated of a password, in characters: what follows could only add to its strength.
const ESTIMATED: usize = 48;

/// Signs and digits that stand for a letter, and the one of them that is estimated for all.
const VARIANTS: [(char, &str); 6] = [('4', "@"), ('(', "{[<"), ('6', "9"), ('1', "!|"), ('$', "5"), ('7', "+")];

/// A password as it is estimated. The estimate tries every combination of the letters that signs and digits may stand for:
/// 576 for a password that holds all of them, at the price of 13 hashes (R83). So where there are many, variants are one.
fn bounded(secret: &str) -> Zeroizing<String> {
    let cut = Zeroizing::new(secret.chars().take(ESTIMATED).collect::<String>());
    let combinations: usize = VARIANTS
        .iter()
        .map(|(sign, others)| {
            cut.chars().filter(|c| c == sign || others.contains(*c)).collect::<BTreeSet<_>>().len().max(1)
        })
        .product();
    if combinations <= 4 {
        return cut;
    }
    let estimated = |c| VARIANTS.iter().find(|(_, others)| others.contains(c)).map_or(c, |(sign, _)| *sign);
    Zeroizing::new(cut.chars().map(estimated).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(secret: &str) -> Result<(), Rule> {
        PasswordPolicy::default().check(&Password::new(secret), 15, &["ada.lovelace", "Lovelace", "selfsame"])
    }

    #[test]
    fn r17_length_is_counted_in_code_points() {
        assert_eq!(check("fourteen chars"), Err(Rule::TooShort { min: 15 }));
        assert_eq!(check(&"é".repeat(14)), Err(Rule::TooShort { min: 15 }));
        assert_eq!(check(&"x".repeat(257)), Err(Rule::TooLong { max: 256 }));
    }

    #[test]
    fn r17_a_shorter_password_needs_an_enrolled_one_time_password_and_a_policy_that_demands_it() {
        let mut user = User::new(crate::id::Id::from_number(1), crate::Instant::default());
        let policy = PasswordPolicy::default();
        let min_length = |user: &User| policy.min_length_of(user);
        user.enrolled = crate::Factors::of([Factor::Totp]);
        assert_eq!(min_length(&user), 15, "not demanded");
        user.second_factor_policy = SecondFactorPolicy::Enforced;
        assert_eq!(min_length(&user), 8);
        user.enrolled = crate::Factors::of([Factor::Passkey]);
        assert_eq!(min_length(&user), 15, "a passkey takes the place of the password");
        user.enrolled = crate::Factors::default();
        assert_eq!(min_length(&user), 15);
        let short = PasswordPolicy::default().check(&Password::new("kQ7#vM2xW"), 8, &[]);
        assert_eq!(short, Ok(()));
    }

    #[test]
    fn a_strong_password_scores_high_and_a_weak_one_gets_suggestions() {
        let strong = Strength::of(&Password::new("seven gentle otters juggle pebbles"), &[]);
        assert_eq!(strong, Strength { score: 4, suggestions: Vec::new() });
        let weak = Strength::of(&Password::new("ada1234"), &["ada"]);
        assert!(weak.score < 2 && !weak.suggestions.is_empty(), "{weak:?}");
    }

    #[test]
    fn r17_sixty_four_characters_and_no_composition_rule() {
        assert_eq!(check("correct horse battery staple and then some more words to be sure"), Ok(()));
    }

    #[test]
    fn r17_two_spellings_of_one_text_are_one_password() {
        assert_eq!(Password::new("cafe\u{301}").expose(), Password::new("café").expose());
    }

    #[test]
    fn r83_what_is_estimated_is_bounded_in_length_and_in_combinations() {
        let crafted = "<@4@8({[<369!1|07$5+%2".repeat(5);
        let bounded = bounded(&crafted);
        assert_eq!(bounded.chars().count(), ESTIMATED);
        for (_, others) in VARIANTS {
            assert!(!bounded.contains(|c| others.contains(c)), "{others}");
        }
        assert_eq!(super::bounded("correct horse battery staple 9").as_str(), "correct horse battery staple 9");
    }

    #[test]
    fn r18_common_repeated_and_contextual_passwords_are_refused_with_a_reason() {
        for secret in [
            "passwordpassword",
            "123456789012345",
            "aaaaaaaaaaaaaaaa",
            "qwertyuiopasdfgh",
            "ada.lovelace1234",
            "selfsameselfsame",
        ] {
            match check(secret) {
                Err(Rule::TooWeak { reason }) => assert!(!reason.is_empty()),
                other => panic!("{secret}: {other:?}"),
            }
        }
    }
}
