//! Identities of other issuers of tokens, which stand for an account here.

use crate::{ExternalIdentityId, Instant, SignIn, SignInId, UserId};

/// Most characters of a subject (OpenID Connect Core section 2).
pub const SUBJECT_MAX: usize = 255;

/// A subject of an issuer. Of each pair there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExternalIdentity {
    /// Its row.
    pub id: ExternalIdentityId,
    /// `iss`.
    pub issuer: String,
    /// `sub`.
    pub subject: String,
    /// The account. None once it was unlinked or the account was removed: its tokens are refused from then on.
    pub user_id: Option<UserId>,
    /// The sign-in of its tokens, live or not; none before the first one.
    pub sign_in_id: Option<SignInId>,
    /// Tokens that were issued at this instant or before are refused.
    pub tokens_not_before: Option<Instant>,
    /// When it was linked.
    pub created_at: Instant,
}

impl ExternalIdentity {
    /// Whether a token of this instant is good. `iat` has whole seconds, so a token that was issued within the second in which
    /// its sign-in ended is refused.
    pub fn accepts(&self, issued_at: Instant) -> bool {
        self.tokens_not_before.is_none_or(|not_before| issued_at > not_before)
    }

    /// Refuses tokens that were issued at this instant or before.
    pub fn refuse_until(&mut self, end: Instant) {
        self.tokens_not_before = self.tokens_not_before.max(Some(end));
    }
}

/// Whether a text can be a subject: 1 to [`SUBJECT_MAX`] characters without control characters.
pub fn is_subject(text: &str) -> bool {
    !text.is_empty() && text.chars().count() <= SUBJECT_MAX && !text.chars().any(char::is_control)
}

impl SignIn {
    /// When a sign-in that is not live any more at `now` ended, by whatever came first.
    pub fn end(&self, now: Instant, idle: chrono::Duration) -> Instant {
        let ends = [self.ended_at, Some(self.expires_at), Some(self.last_active_at + idle), Some(now)];
        ends.into_iter().flatten().min().unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Id as _;

    fn at(milliseconds: i64) -> Instant {
        Instant::from_timestamp_millis(1_800_000_000_000 + milliseconds).unwrap()
    }

    #[test]
    fn r43_a_token_of_the_time_before_an_end_is_refused_and_no_earlier_end_lets_it_in_again() {
        let mut identity = ExternalIdentity {
            id: ExternalIdentityId::from_number(1),
            issuer: "https://id.example.com".to_owned(),
            subject: "ada".to_owned(),
            user_id: None,
            sign_in_id: None,
            tokens_not_before: None,
            created_at: at(0),
        };
        assert!(identity.accepts(at(0)));
        identity.refuse_until(at(1500));
        identity.refuse_until(at(500));
        assert_eq!([0, 1000, 1500, 2000].map(|issued| identity.accepts(at(issued))), [false, false, false, true]);
    }

    #[test]
    fn a_subject_has_1_to_255_characters_and_no_control_characters() {
        assert!(is_subject("auth0|ada") && is_subject(&"ä".repeat(255)));
        for text in ["", "a\n", "a\0b", &"a".repeat(256)] {
            assert!(!is_subject(text), "{text:?}");
        }
    }
}
