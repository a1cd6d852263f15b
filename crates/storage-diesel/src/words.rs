//! The words under which the domain's enums are stored.

use selfsame_domain::{AttemptKind, Factors, IdentifierKind, Purpose, SecondFactorPolicy, SignInMethod, TicketKind};
use selfsame_ports::StorageError;

/// An enum that is stored as one word.
pub(crate) trait Word: Sized {
    /// The stored word.
    fn word(&self) -> &'static str;
    /// The reverse; an error if no build has ever written it.
    fn read(word: &str) -> Result<Self, StorageError>;
}

macro_rules! words {
    ($($enum:ident { $($variant:ident = $word:literal),+ $(,)? })+) => {$(
        impl Word for $enum {
            fn word(&self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            fn read(word: &str) -> Result<Self, StorageError> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    other => Err(StorageError::Internal(format!("{other:?} is no {}", stringify!($enum)))),
                }
            }
        }
    )+};
}

words! {
    IdentifierKind { Email = "email", Phone = "phone" }
    SecondFactorPolicy { None = "none", Enforced = "enforced" }
    AttemptKind { SignUp = "sign_up", SignIn = "sign_in" }
    SignInMethod { EmailPassword = "email_password", UsernamePassword = "username_password" }
    Purpose { VerifyEmail = "verify_email", ResetPassword = "reset_password", ChangeEmail = "change_email" }
}

impl Word for TicketKind {
    fn word(&self) -> &'static str {
        self.as_str()
    }

    fn read(word: &str) -> Result<Self, StorageError> {
        Self::from_word(word).ok_or_else(|| StorageError::Internal(format!("{word:?} is no TicketKind")))
    }
}

/// Reads a set of factors.
pub(crate) fn read_factors(text: &str) -> Result<Factors, StorageError> {
    Factors::from_text(text).ok_or_else(|| StorageError::Internal(format!("{text:?} are no factors")))
}

/// Reads an optional word.
pub(crate) fn read_optional<W: Word>(word: Option<&str>) -> Result<Option<W>, StorageError> {
    word.map(W::read).transpose()
}

/// A fault of ours, in the words of whoever found it.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn internal(error: impl ToString) -> StorageError {
    StorageError::Internal(error.to_string())
}

/// Bytes of a fixed number, which a CHECK holds them to.
pub(crate) fn fixed(bytes: Vec<u8>) -> Result<[u8; 32], StorageError> {
    bytes.try_into().map_err(|_| StorageError::Internal("a stored hash has not 32 bytes".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_that_the_domain_uses_elsewhere() {
        for purpose in [Purpose::VerifyEmail, Purpose::ResetPassword, Purpose::ChangeEmail] {
            assert_eq!(purpose.word(), purpose.as_str());
        }
        for policy in [SecondFactorPolicy::None, SecondFactorPolicy::Enforced] {
            assert_eq!(policy.word(), policy.as_str());
        }
    }

    #[test]
    fn an_unknown_word_is_an_error() {
        assert_eq!(AttemptKind::read("sign_up"), Ok(AttemptKind::SignUp));
        assert!(matches!(AttemptKind::read("dance"), Err(StorageError::Internal(_))));
        assert!(matches!(TicketKind::read("dance"), Err(StorageError::Internal(_))));
        assert!(matches!(read_factors("pwd dance"), Err(StorageError::Internal(_))));
    }
}
