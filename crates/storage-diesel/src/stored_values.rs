//! The stored values of the domain's enums.

use selfsame_domain::{
    AttemptKind, ExportState, Factors, IdentifierKind, Purpose, SecondFactorPolicy, SignInMethod, TicketKind,
};
use selfsame_ports::StorageError;

/// An enum that is stored as text.
pub(crate) trait StoredValue: Sized {
    /// The stored value.
    fn stored(&self) -> &'static str;
    /// The reverse; an error if no build has ever written it.
    fn read(stored: &str) -> Result<Self, StorageError>;
}

macro_rules! stored_values {
    ($($enum:ident { $($variant:ident = $value:literal),+ $(,)? })+) => {$(
        impl StoredValue for $enum {
            fn stored(&self) -> &'static str {
                match self { $(Self::$variant => $value,)+ }
            }

            fn read(stored: &str) -> Result<Self, StorageError> {
                match stored {
                    $($value => Ok(Self::$variant),)+
                    other => Err(StorageError::Internal(format!("{other:?} is no {}", stringify!($enum)))),
                }
            }
        }
    )+};
}

stored_values! {
    IdentifierKind { Email = "email", Phone = "phone" }
    SecondFactorPolicy { None = "none", Enforced = "enforced" }
    AttemptKind { SignUp = "sign_up", SignIn = "sign_in" }
    SignInMethod {
        EmailPassword = "email_password", UsernamePassword = "username_password", Passkey = "passkey",
        PhoneCode = "phone_code",
    }
    Purpose {
        VerifyEmail = "verify_email", ResetPassword = "reset_password", ChangeEmail = "change_email",
        VerifyPhone = "verify_phone", SignIn = "sign_in", SecondFactor = "second_factor",
        EnrolSecondFactor = "enrol_second_factor",
    }
}

impl StoredValue for TicketKind {
    fn stored(&self) -> &'static str {
        self.as_str()
    }

    fn read(stored: &str) -> Result<Self, StorageError> {
        Self::from_stored(stored).ok_or_else(|| StorageError::Internal(format!("{stored:?} is no TicketKind")))
    }
}

impl StoredValue for ExportState {
    fn stored(&self) -> &'static str {
        self.as_str()
    }

    fn read(stored: &str) -> Result<Self, StorageError> {
        Self::from_stored(stored).ok_or_else(|| StorageError::Internal(format!("{stored:?} is no ExportState")))
    }
}

/// Reads a set of factors.
pub(crate) fn read_factors(text: &str) -> Result<Factors, StorageError> {
    Factors::from_text(text).ok_or_else(|| StorageError::Internal(format!("{text:?} are no factors")))
}

/// Reads an optional value.
pub(crate) fn read_optional<V: StoredValue>(stored: Option<&str>) -> Result<Option<V>, StorageError> {
    stored.map(V::read).transpose()
}

/// An internal fault, with the message of an error.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn internal(error: impl ToString) -> StorageError {
    StorageError::Internal(error.to_string())
}

/// So many bytes; a CHECK constraint ensures the length.
pub(crate) fn fixed<const N: usize>(bytes: Vec<u8>) -> Result<[u8; N], StorageError> {
    bytes.try_into().map_err(|_| StorageError::Internal(format!("a stored value has not {N} bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_values_are_those_of_the_domain() {
        for purpose in Purpose::ALL {
            assert_eq!(purpose.stored(), purpose.as_str());
        }
        for policy in [SecondFactorPolicy::None, SecondFactorPolicy::Enforced] {
            assert_eq!(policy.stored(), policy.as_str());
        }
    }

    #[test]
    fn an_unknown_value_is_an_error() {
        assert_eq!(AttemptKind::read("sign_up"), Ok(AttemptKind::SignUp));
        assert!(matches!(AttemptKind::read("dance"), Err(StorageError::Internal(_))));
        assert!(matches!(TicketKind::read("dance"), Err(StorageError::Internal(_))));
        assert!(matches!(read_factors("pwd dance"), Err(StorageError::Internal(_))));
    }
}
