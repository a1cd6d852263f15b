//! Identifiers of an account: e-mail addresses and phone numbers.

use crate::{Claim, EmailAddress, IdentifierId, Instant, PhoneNumber};

/// The two kinds. Their canonical forms are never equal: one contains an `@`, the other starts with `+` (R6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentifierKind {
    /// An e-mail address.
    Email,
    /// A phone number.
    Phone,
}

impl IdentifierKind {
    /// The claim that an identifier of this kind is.
    pub fn claim(self) -> Claim {
        match self {
            Self::Email => Claim::Email,
            Self::Phone => Claim::PhoneNumber,
        }
    }
}

/// An address or number of an account.
///
/// A canonical form is unique among *verified* identifiers: an address belongs to the account that proves it, and
/// accounts that only claimed it lose the claim (R2, R3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identifier {
    /// Id of its row.
    pub id: IdentifierId,
    /// Which kind.
    pub kind: IdentifierKind,
    /// The value as it is shown, and to which mail is sent.
    pub value: String,
    /// The canonical form, which is compared.
    pub canonical: String,
    /// Whether it is the account's primary one of its kind; at most one of each kind is.
    pub is_primary: bool,
    /// When it was proven. Set only by a consumed challenge or by the operator (R7).
    pub verified_at: Option<Instant>,
    /// Whether it is the phone number of the enrolled [`Factor::Sms`](crate::Factor::Sms); at most one is, and it is proven.
    pub is_second_factor: bool,
    /// When it was added.
    pub created_at: Instant,
}

impl Identifier {
    /// An unproven e-mail address.
    pub fn email(id: IdentifierId, email: &EmailAddress, is_primary: bool, now: Instant) -> Self {
        Self {
            id,
            kind: IdentifierKind::Email,
            value: email.address().to_owned(),
            canonical: email.canonical().to_owned(),
            is_primary,
            verified_at: None,
            is_second_factor: false,
            created_at: now,
        }
    }

    /// An unproven phone number.
    pub fn phone(id: IdentifierId, phone: &PhoneNumber, is_primary: bool, now: Instant) -> Self {
        Self {
            id,
            kind: IdentifierKind::Phone,
            value: phone.as_str().to_owned(),
            canonical: phone.as_str().to_owned(),
            is_primary,
            verified_at: None,
            is_second_factor: false,
            created_at: now,
        }
    }

    /// Whether it was proven.
    pub fn is_verified(&self) -> bool {
        self.verified_at.is_some()
    }
}
